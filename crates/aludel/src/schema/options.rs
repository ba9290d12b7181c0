//! What only some databases know of a table.

use super::{Ident, QualifiedName, Spelled, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What only some databases know of a table.
///
/// ```
/// use aludel::schema::{Column, Table, Type};
///
/// let log = Table::new("log")
///     .column(Column::new("id", Type::Integer).primary_key())
///     .engine("InnoDB")
///     .parameter("fillfactor", "70");
/// assert_eq!(log.options.parameters["fillfactor"], "70");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableOptions {
    /// SQLite: `STRICT`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub strict: bool,
    /// SQLite: `WITHOUT ROWID`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub without_rowid: bool,
    /// SQLite: `AUTOINCREMENT` on the integer primary key, so that no id is ever used twice.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub autoincrement: bool,
    /// `CREATE TEMPORARY TABLE`: gone when the session ends.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub temporary: bool,
    /// PostgreSQL: `UNLOGGED`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub unlogged: bool,
    /// `PARTITION BY …`, as SQL text: `RANGE (visit_date)`, `HASH (id) PARTITIONS 4`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub partition_by: Option<Spelled<String>>,
    /// PostgreSQL: the partitioned table of which it is a part, whose columns it has.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub partition_of: Option<PartitionOf>,
    /// PostgreSQL: the tables that it inherits from.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub inherits: Vec<QualifiedName>,
    /// PostgreSQL: the access method of its rows, if not the database's default.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub method: Option<String>,
    /// PostgreSQL: what becomes of a temporary table at the end of a transaction, as SQL text: `DROP`, `DELETE ROWS`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub on_commit: Option<String>,
    /// PostgreSQL: storage parameters, `WITH (fillfactor = 70)`, each with its value as SQL text.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub parameters: BTreeMap<String, String>,
    /// Where it is stored.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub tablespace: Option<Ident>,
    /// MySQL: the storage engine.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub engine: Option<String>,
    /// MySQL: the default character set of its columns.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub charset: Option<String>,
    /// MySQL: the default collation of its columns.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub collation: Option<String>,
    /// MySQL: any other option, by its name as SQL text: `ROW_FORMAT`, `KEY_BLOCK_SIZE`, `AUTO_INCREMENT`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub others: BTreeMap<String, String>,
}

/// The place of a partition in its parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// Which rows it holds, as SQL text: `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: Spelled<String>,
}

/// Where a column stands in its table (MySQL, SQLite).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Before all others.
    First,
    /// Behind this one.
    After(Ident),
}

impl Table {
    /// SQLite: `STRICT`.
    pub fn strict(mut self) -> Self {
        self.options.strict = true;
        self
    }

    /// SQLite: `WITHOUT ROWID`.
    pub fn without_rowid(mut self) -> Self {
        self.options.without_rowid = true;
        self
    }

    /// SQLite: `AUTOINCREMENT`, so that no id is ever used twice.
    pub fn autoincrement(mut self) -> Self {
        self.options.autoincrement = true;
        self
    }

    /// `CREATE TEMPORARY TABLE`: gone when the session ends.
    pub fn temporary(mut self) -> Self {
        self.options.temporary = true;
        self
    }

    /// PostgreSQL: not written to the log, and empty after a crash.
    pub fn unlogged(mut self) -> Self {
        self.options.unlogged = true;
        self
    }

    /// `PARTITION BY …`, as SQL text: `RANGE (visit_date)`, `HASH (id) PARTITIONS 4`.
    pub fn partition_by(mut self, sql: impl Into<String>) -> Self {
        self.options.partition_by = Some(Spelled::new(sql.into()));
        self
    }

    /// PostgreSQL: a partition of another table, with the rows for which the SQL text says it, as in
    /// `partition_of("visits", "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")`. Its columns are the parent's.
    pub fn partition_of(
        mut self,
        parent: impl Into<QualifiedName>,
        bound: impl Into<String>,
    ) -> Self {
        self.options.partition_of = Some(PartitionOf {
            parent: parent.into(),
            bound: Spelled::new(bound.into()),
        });
        self
    }

    /// PostgreSQL: inherits from another table; call it again for more.
    pub fn inherits(mut self, parent: impl Into<QualifiedName>) -> Self {
        self.options.inherits.push(parent.into());
        self
    }

    /// PostgreSQL: the access method of its rows, such as one that an extension brings.
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.options.method = Some(name.into());
        self
    }

    /// PostgreSQL: what becomes of a temporary table when a transaction ends, as SQL text: `DROP`, `DELETE ROWS`. A revision's
    /// own transaction is one.
    pub fn on_commit(mut self, sql: impl Into<String>) -> Self {
        self.options.on_commit = Some(sql.into());
        self
    }

    /// PostgreSQL: a storage parameter, its value as SQL text: `parameter("fillfactor", "70")`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.parameters.insert(name.into(), value.into());
        self
    }

    /// PostgreSQL: where it is stored.
    pub fn tablespace(mut self, name: impl Into<Ident>) -> Self {
        self.options.tablespace = Some(name.into());
        self
    }

    /// MySQL: the storage engine.
    pub fn engine(mut self, name: impl Into<String>) -> Self {
        self.options.engine = Some(name.into());
        self
    }

    /// MySQL: the default character set of its columns.
    pub fn charset(mut self, name: impl Into<String>) -> Self {
        self.options.charset = Some(name.into());
        self
    }

    /// MySQL: the default collation of its columns.
    pub fn collation(mut self, name: impl Into<String>) -> Self {
        self.options.collation = Some(name.into());
        self
    }

    /// MySQL: any other option, its value as SQL text: `option("ROW_FORMAT", "COMPRESSED")`.
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.others.insert(name.into(), value.into());
        self
    }
}
