//! The version table: the heads of what is applied, one row each, as Alembic keeps them.

use crate::db::{Connection, Row};
use crate::dialect::{Dialect, Width};
use crate::error::{Error, Result};
use crate::revision::{RevisionId, RevisionMap, VersionOp};
use crate::schema::QualifiedName;

/// The statements about the version table of one database.
#[derive(Debug)]
pub(super) struct VersionTable {
    create: String,
    exists: String,
    hold: Option<String>,
    table: String,
    name: QualifiedName,
    /// How many characters the column holds where this run creates it.
    width: usize,
}

/// How wide Alembic makes the column.
const USUAL_WIDTH: usize = 32;

impl VersionTable {
    /// The table as it is created for a history: as wide as Alembic's, or wider if an identifier is longer.
    pub(super) fn new(
        dialect: &dyn Dialect,
        name: &QualifiedName,
        map: &RevisionMap,
    ) -> Result<Self> {
        let longest = map.iter().map(|it| length(&it.id)).max().unwrap_or(0);
        let width = width_for(longest);
        let table = dialect.qualified(name)?;
        let key = dialect.quote(&format!("{}_pkc", name.name))?;
        Ok(Self {
            create: format!(
                "CREATE TABLE {table} (\n    version_num VARCHAR({width}) NOT NULL,\n    CONSTRAINT {key} PRIMARY KEY (version_num)\n)"
            ),
            exists: dialect.exists(name)?,
            hold: dialect.hold(name)?,
            table,
            name: name.clone(),
            width,
        })
    }

    /// The statement that creates it.
    pub(super) fn create_statement(&self) -> &str {
        &self.create
    }

    /// The query that answers a row if it is there.
    pub(super) fn exists_query(&self) -> &str {
        &self.exists
    }

    /// The statement, if there is one, that keeps its rows as they are until the transaction ends.
    pub(super) fn hold(&self) -> Option<&str> {
        self.hold.as_deref()
    }

    /// The statement that empties it.
    pub(super) fn purge_statement(&self) -> String {
        format!("DELETE FROM {}", self.table)
    }

    /// The statement of one change.
    pub(super) fn statement(&self, dialect: &dyn Dialect, op: &VersionOp) -> Result<String> {
        let table = &self.table;
        let text = |id: &RevisionId| dialect.string(id.as_str());
        Ok(match op {
            VersionOp::Insert(id) => {
                format!("INSERT INTO {table} (version_num) VALUES ({})", text(id)?)
            }
            VersionOp::Update { from, to } => format!(
                "UPDATE {table} SET version_num = {} WHERE version_num = {}",
                text(to)?,
                text(from)?
            ),
            VersionOp::Delete(id) => {
                format!("DELETE FROM {table} WHERE version_num = {}", text(id)?)
            }
        })
    }

    /// Whether the table is there.
    pub(super) async fn is_there(&self, connection: &mut Connection) -> Result<bool> {
        Ok(!connection.fetch(&self.exists).await?.is_empty())
    }

    /// Refuses identifiers for which the table that is there has no room: found out at its own step, one would stop a run
    /// half-way.
    pub(super) async fn refuse_long_ids(
        &self,
        dialect: &dyn Dialect,
        connection: &mut Connection,
        ids: impl IntoIterator<Item = &RevisionId>,
    ) -> Result<()> {
        let Some(id) = ids.into_iter().max_by_key(|id| length(id)) else {
            return Ok(());
        };
        let wider = width_for(length(id)).max(self.width);
        let Some(Width { query, widen }) = dialect.width(&self.name, "version_num", wider)? else {
            return Ok(());
        };
        let Some(row) = connection.fetch(&query).await?.into_iter().next() else {
            return Ok(());
        };
        let room: i64 = row.at(0)?;
        let room = usize::try_from(room).unwrap_or(0);
        if length(id) <= room {
            return Ok(());
        }
        Err(Error::LongId {
            id: id.clone(),
            length: length(id),
            room,
            table: self.name.clone(),
            widen,
        })
    }

    /// The rows, sorted; none if there is no table.
    pub(super) async fn rows_if_there(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<Vec<RevisionId>>> {
        match self.is_there(connection).await? {
            true => Ok(Some(self.rows(connection).await?)),
            false => Ok(None),
        }
    }

    /// The query of [`Self::rows`].
    pub(super) fn query(&self) -> String {
        format!("SELECT version_num FROM {}", self.table)
    }

    /// The rows of the table, which is there, sorted.
    pub(super) async fn rows(&self, connection: &mut Connection) -> Result<Vec<RevisionId>> {
        let rows = connection.fetch(&self.query()).await?;
        read(&rows)
    }

    /// Writes one change, and makes sure that it met the row it was made for.
    pub(super) async fn write(
        &self,
        dialect: &dyn Dialect,
        connection: &mut Connection,
        op: &VersionOp,
    ) -> Result<()> {
        let sql = self.statement(dialect, op)?;
        let touched = match connection.execute(&sql).await {
            Ok(touched) => touched,
            Err(source) => return Err(Error::Statement { sql, source }),
        };
        let expected = match op {
            VersionOp::Insert(_) => return Ok(()),
            VersionOp::Update { from, .. } => from,
            VersionOp::Delete(id) => id,
        };
        if touched == 1 {
            return Ok(());
        }
        Err(Error::VersionTable {
            expected: expected.to_string(),
        })
    }
}

/// The identifiers in the answer to [`VersionTable::query`], sorted.
pub(super) fn read(rows: &[Row]) -> Result<Vec<RevisionId>> {
    let mut ids = Vec::new();
    for row in rows {
        let text: String = row.at(0)?;
        ids.push(RevisionId::new(text).map_err(|error| error.to_string())?);
    }
    ids.sort();
    Ok(ids)
}

/// Databases count characters.
fn length(id: &RevisionId) -> usize {
    id.as_str().chars().count()
}

/// The width of a column that holds identifiers of this length, with some room, so that the next one does not need another.
fn width_for(length: usize) -> usize {
    length.max(1).next_multiple_of(USUAL_WIDTH)
}
