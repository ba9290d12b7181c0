//! How a revision says the change of a column.

use super::AlterColumn;
use crate::ops::{Operations, Pending};
use crate::schema::{Expr, Ident, Identity, OnConflict, Position, QualifiedName, Type};

impl Operations {
    /// Changes a column: complete it with what is to change.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.alter_column("visits", "status").set_not_null().set_default("'planned'");
    /// op.alter_column("visits", "cost").set_type(Type::Decimal(10, 2)).using("cost::numeric");
    /// op.alter_column("patients", "phone").rename("phone_number");
    /// ```
    #[doc = include_str!("../sql/alter_column.md")]
    #[track_caller]
    pub fn alter_column(
        &mut self,
        table: impl Into<QualifiedName>,
        column: impl Into<Ident>,
    ) -> Pending<'_, AlterColumn> {
        self.pending(AlterColumn::new(table, column))
    }
}

impl Pending<'_, AlterColumn> {
    /// Another type.
    pub fn set_type(mut self, ty: impl Into<Type>) -> Self {
        self.operation.ty = Some(ty.into());
        self
    }

    /// How values of the old type become values of the new one. SQLite uses the expression too, when it copies the rows.
    pub fn using(mut self, sql: impl Into<Expr>) -> Self {
        self.operation.using = Some(sql.into());
        self
    }

    /// Refuses NULL from now on; fails where the column holds one.
    pub fn set_not_null(mut self) -> Self {
        self.operation.nullable = Some(false);
        self
    }

    /// Takes NULL from now on.
    pub fn drop_not_null(mut self) -> Self {
        self.operation.nullable = Some(true);
        self
    }

    /// No longer computed: the column keeps the values that it has, and is written like any other from now on. PostgreSQL does this from
    /// version 13, for a column that is stored, and so do MySQL and MariaDB.
    pub fn drop_expression(mut self) -> Self {
        self.operation.drop_expression = true;
        self
    }

    /// Another default, as an SQL expression; rows that are there keep what they hold.
    pub fn set_default(mut self, sql: impl Into<Expr>) -> Self {
        self.operation.default = Some(Some(sql.into()));
        self
    }

    /// No default any more.
    pub fn drop_default(mut self) -> Self {
        self.operation.default = Some(None);
        self
    }

    /// Numbered by the database from now on.
    pub fn set_identity(mut self, identity: Identity) -> Self {
        self.operation.identity = Some(Some(identity));
        self
    }

    /// No longer numbered by the database.
    pub fn drop_identity(mut self) -> Self {
        self.operation.identity = Some(None);
        self
    }

    /// Another collation, by the name that the database knows. On PostgreSQL the column's indexes are built anew.
    pub fn set_collation(mut self, name: impl Into<String>) -> Self {
        self.operation.collation = Some(Some(name.into()));
        self
    }

    /// The collation that the column would have if none were said.
    pub fn drop_collation(mut self) -> Self {
        self.operation.collation = Some(None);
        self
    }

    /// Another character set, to which the text is converted (MySQL); with its own collation, unless one is said too.
    pub fn set_charset(mut self, name: impl Into<String>) -> Self {
        self.operation.charset = Some(Some(name.into()));
        self
    }

    /// The table's character set and collation (MySQL).
    pub fn drop_charset(mut self) -> Self {
        self.operation.charset = Some(None);
        self
    }

    /// What the database sets the column to whenever its row changes: `"CURRENT_TIMESTAMP"` (MySQL).
    pub fn set_server_onupdate(mut self, sql: impl Into<Expr>) -> Self {
        self.operation.on_update = Some(Some(sql.into()));
        self
    }

    /// No longer set when its row changes (MySQL).
    pub fn drop_server_onupdate(mut self) -> Self {
        self.operation.on_update = Some(None);
        self
    }

    /// Left out of `SELECT *` (MySQL 8, MariaDB 10.3).
    pub fn set_invisible(mut self) -> Self {
        self.operation.invisible = Some(true);
        self
    }

    /// Part of `SELECT *` again (MySQL 8, MariaDB 10.3).
    pub fn set_visible(mut self) -> Self {
        self.operation.invisible = Some(false);
        self
    }

    /// SQLite's conflict clause of the `NOT NULL`.
    pub fn set_not_null_on_conflict(mut self, resolution: OnConflict) -> Self {
        self.operation.not_null_on_conflict = Some(Some(resolution));
        self
    }

    /// No conflict clause of the `NOT NULL` any more (SQLite).
    pub fn drop_not_null_on_conflict(mut self) -> Self {
        self.operation.not_null_on_conflict = Some(None);
        self
    }

    /// Another comment.
    pub fn set_comment(mut self, text: impl Into<String>) -> Self {
        self.operation.comment = Some(Some(text.into()));
        self
    }

    /// No comment any more.
    pub fn drop_comment(mut self) -> Self {
        self.operation.comment = Some(None);
        self
    }

    /// Before all other columns (MySQL; SQLite rebuilds the table).
    pub fn first(mut self) -> Self {
        self.operation.position = Some(Position::First);
        self
    }

    /// Behind this column (MySQL; SQLite rebuilds the table).
    pub fn after(mut self, column: impl Into<Ident>) -> Self {
        self.operation.position = Some(Position::After(column.into()));
        self
    }

    /// How values too long for a page are stored from now on (PostgreSQL): `PLAIN`, `EXTERNAL`, `EXTENDED`, `MAIN`.
    pub fn set_storage(mut self, word: impl Into<String>) -> Self {
        self.operation.tuning.storage = Some(word.into());
        self
    }

    /// How values are compressed from now on (PostgreSQL 14): `pglz`, `lz4`, `default`.
    pub fn set_compression(mut self, method: impl Into<String>) -> Self {
        self.operation.tuning.compression = Some(method.into());
        self
    }

    /// How many values are kept for the planner (PostgreSQL); -1 for the default.
    pub fn set_statistics(mut self, target: i32) -> Self {
        self.operation.tuning.statistics = Some(target);
        self
    }

    /// Another name, given after the other changes.
    pub fn rename(mut self, to: impl Into<Ident>) -> Self {
        self.operation.rename = Some(to.into());
        self
    }
}
