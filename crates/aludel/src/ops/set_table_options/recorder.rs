//! How a revision says the change of a table's options.

use super::SetTableOptions;
use crate::ops::{Operations, Pending};
use crate::schema::{Ident, QualifiedName};

impl Operations {
    /// Changes options of a table: complete it with what is to change.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.set_table_options("log").parameter("fillfactor", "70").reset("autovacuum_enabled").unlogged();
    /// # let op = &mut Operations::new(aludel::db::Kind::Mysql);
    /// op.set_table_options("log").engine("InnoDB").charset("utf8mb4").convert();
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.set_table_options("log").strict();
    /// ```
    #[doc = include_str!("../sql/set_table_options.md")]
    #[track_caller]
    pub fn set_table_options(
        &mut self,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, SetTableOptions> {
        self.pending(SetTableOptions::new(table))
    }
}

impl Pending<'_, SetTableOptions> {
    /// SQLite: types are held to; the table is rebuilt, and refused where a value has another type.
    pub fn strict(mut self) -> Self {
        self.operation.strict = Some(true);
        self
    }

    /// SQLite: types are affinities; the table is rebuilt.
    pub fn not_strict(mut self) -> Self {
        self.operation.strict = Some(false);
        self
    }

    /// SQLite: rows are kept by the primary key alone; the table is rebuilt.
    pub fn without_rowid(mut self) -> Self {
        self.operation.without_rowid = Some(true);
        self
    }

    /// SQLite: rows are kept by their rowid; the table is rebuilt.
    pub fn with_rowid(mut self) -> Self {
        self.operation.without_rowid = Some(false);
        self
    }

    /// SQLite: no number is ever given twice; the table is rebuilt.
    pub fn autoincrement(mut self) -> Self {
        self.operation.autoincrement = Some(true);
        self
    }

    /// SQLite: the number of a row that is gone may be given again; the table is rebuilt.
    pub fn no_autoincrement(mut self) -> Self {
        self.operation.autoincrement = Some(false);
        self
    }

    /// PostgreSQL: a storage parameter, its value as SQL text.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let parameters = &mut self.operation.parameters;
        parameters.insert(name.into(), Some(value.into()));
        self
    }

    /// PostgreSQL: a storage parameter, which gets its default.
    pub fn reset(mut self, name: impl Into<String>) -> Self {
        self.operation.parameters.insert(name.into(), None);
        self
    }

    /// Where it is stored; the table is copied (PostgreSQL, MySQL).
    pub fn tablespace(mut self, name: impl Into<Ident>) -> Self {
        self.operation.tablespace = Some(Some(name.into()));
        self
    }

    /// Stored where tables are that say nothing; the table is copied (PostgreSQL, MySQL).
    pub fn default_tablespace(mut self) -> Self {
        self.operation.tablespace = Some(None);
        self
    }

    /// PostgreSQL: written to the log; the table is copied.
    pub fn logged(mut self) -> Self {
        self.operation.logged = Some(true);
        self
    }

    /// PostgreSQL: not written to the log, and empty after a crash; the table is copied.
    pub fn unlogged(mut self) -> Self {
        self.operation.logged = Some(false);
        self
    }

    /// PostgreSQL 15: the access method of its rows; the table is copied.
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.operation.method = Some(Some(name.into()));
        self
    }

    /// PostgreSQL 15: the usual access method of rows, `heap`; the table is copied.
    pub fn default_method(mut self) -> Self {
        self.operation.method = Some(None);
        self
    }

    /// PostgreSQL: inherits from another table from now on, all of whose columns it must have; call it again for more.
    pub fn inherit(mut self, parent: impl Into<QualifiedName>) -> Self {
        self.operation.inherit.push(parent.into());
        self
    }

    /// PostgreSQL: inherits from another table no longer, and keeps its columns and its rows; call it again for more.
    pub fn no_inherit(mut self, parent: impl Into<QualifiedName>) -> Self {
        self.operation.no_inherit.push(parent.into());
        self
    }

    /// MySQL: the storage engine.
    pub fn engine(mut self, name: impl Into<String>) -> Self {
        self.operation.engine = Some(Some(name.into()));
        self
    }

    /// MySQL: the storage engine of tables that do not say one.
    pub fn default_engine(mut self) -> Self {
        self.operation.engine = Some(None);
        self
    }

    /// MySQL: the character set of columns that do not say one.
    pub fn charset(mut self, name: impl Into<String>) -> Self {
        self.operation.charset = Some(Some(name.into()));
        self
    }

    /// MySQL: the character set and the collation of the database, for columns that do not say one.
    pub fn default_charset(mut self) -> Self {
        self.operation.charset = Some(None);
        self
    }

    /// MySQL: the collation of columns that do not say one.
    pub fn collation(mut self, name: impl Into<String>) -> Self {
        self.operation.collation = Some(Some(name.into()));
        self
    }

    /// MySQL: the collation of the database, with its character set, unless one is said too: then that one's own.
    pub fn default_collation(mut self) -> Self {
        self.operation.collation = Some(None);
        self
    }

    /// MySQL: converts the columns that are there, and the text that they hold, to the character set and the collation.
    pub fn convert(mut self) -> Self {
        self.operation.convert = true;
        self
    }

    /// MySQL: any other option, its value as SQL text: `option("ROW_FORMAT", "COMPRESSED")`.
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let others = &mut self.operation.others;
        others.insert(name.into(), Some(value.into()));
        self
    }

    /// MySQL: any other option, which gets its default.
    pub fn reset_option(mut self, name: impl Into<String>) -> Self {
        self.operation.others.insert(name.into(), None);
        self
    }

    /// MySQL: parts the rows anew, as SQL text: `HASH (id) PARTITIONS 4`. A row that fits no part is refused.
    pub fn partition_by(mut self, sql: impl Into<String>) -> Self {
        self.operation.partition_by = Some(Some(sql.into()));
        self
    }

    /// MySQL: the rows are in parts no longer.
    pub fn no_partitions(mut self) -> Self {
        self.operation.partition_by = Some(None);
        self
    }
}
