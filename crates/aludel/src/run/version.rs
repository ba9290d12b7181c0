//! The version table: the heads of what is applied, one row each, as Alembic keeps them.

use crate::db::Connection;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::revision::{RevisionId, VersionOp};
use crate::schema::QualifiedName;

/// The statements about the version table of one database.
#[derive(Debug)]
pub(super) struct VersionTable {
    create: String,
    exists: String,
    table: String,
}

impl VersionTable {
    pub(super) fn new(dialect: &dyn Dialect, name: &QualifiedName) -> Result<Self> {
        let table = dialect.qualified(name)?;
        let key = dialect.quote(&format!("{}_pkc", name.name))?;
        Ok(Self {
            create: format!(
                "CREATE TABLE {table} (\n    version_num VARCHAR(32) NOT NULL,\n    CONSTRAINT {key} PRIMARY KEY (version_num)\n)"
            ),
            exists: dialect.exists(name)?,
            table,
        })
    }

    /// The statement that creates it.
    pub(super) fn create_statement(&self) -> &str {
        &self.create
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

    /// Creates the table, unless it is there.
    pub(super) async fn create(&self, connection: &mut Connection) -> Result<()> {
        if !self.is_there(connection).await? {
            connection.execute(&self.create).await?;
        }
        Ok(())
    }

    /// The rows, sorted; none if there is no table.
    pub(super) async fn read(&self, connection: &mut Connection) -> Result<Vec<RevisionId>> {
        if !self.is_there(connection).await? {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT version_num FROM {}", self.table);
        let mut rows = Vec::new();
        for row in connection.fetch(&sql).await? {
            let text: String = row.at(0)?;
            rows.push(RevisionId::new(text).map_err(|error| error.to_string())?);
        }
        rows.sort();
        Ok(rows)
    }

    /// Writes one change, and makes sure that it met the row it was made for.
    pub(super) async fn write(
        &self,
        dialect: &dyn Dialect,
        connection: &mut Connection,
        op: &VersionOp,
    ) -> Result<()> {
        let sql = self.statement(dialect, op)?;
        let touched = connection.execute(&sql).await?;
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
