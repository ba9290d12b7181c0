//! Changes a column: type, collation, nullability, default, how it is computed or numbered, name, comment.

use super::{Op, code, misfit, need_columns, table_mut};
use crate::error::Result;
use crate::schema::{
    Column, Constraint, Expr, Ident, Identity, IndexKey, OnConflict, Position, QualifiedName, Schema, Spelled, Table,
    Type,
};
use crate::sql::{Spell, Statement};

mod recorder;

/// Changes a column; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterColumn {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
    /// Another type.
    pub ty: Option<Type>,
    /// How values of the old type become values of the new one, where the database must be told (`USING`).
    pub using: Option<Expr>,
    /// Takes NULL, or refuses it.
    pub nullable: Option<bool>,
    /// Keeps what was computed, and is computed no more.
    pub drop_expression: bool,
    /// Another default, or `Some(None)` for none.
    pub default: Option<Option<Expr>>,
    /// Numbered by the database, or `Some(None)` for no longer.
    pub identity: Option<Option<Identity>>,
    /// Another collation, or `Some(None)` for the one that it would have by itself.
    pub collation: Option<Option<String>>,
    /// Another character set, or `Some(None)` for the table's (MySQL).
    pub charset: Option<Option<String>>,
    /// What the database sets it to whenever its row changes, or `Some(None)` for nothing (MySQL).
    pub on_update: Option<Option<Expr>>,
    /// Left out of `SELECT *`, or no longer (MySQL 8, MariaDB 10.3).
    pub invisible: Option<bool>,
    /// The conflict clause of its `NOT NULL`, or `Some(None)` for none (SQLite).
    pub not_null_on_conflict: Option<Option<OnConflict>>,
    /// Another comment, or `Some(None)` for none.
    pub comment: Option<Option<String>>,
    /// Another place (MySQL, SQLite).
    pub position: Option<Position>,
    /// How its values are stored, and how closely they are looked at (PostgreSQL).
    pub tuning: Tuning,
    /// Another name. It is given last: the other changes name the column as it was.
    pub rename: Option<Ident>,
}

/// What PostgreSQL lets be said of a column beside its definition
/// (<https://www.postgresql.org/docs/current/sql-altertable.html>).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuning {
    /// `SET STORAGE`: `PLAIN`, `EXTERNAL`, `EXTENDED`, `MAIN`, `DEFAULT`.
    pub storage: Option<String>,
    /// `SET COMPRESSION`: `pglz`, `lz4`, `default`.
    pub compression: Option<String>,
    /// `SET STATISTICS`: how many values are kept for the planner; -1 for the default.
    pub statistics: Option<i32>,
}

impl AlterColumn {
    /// No change yet.
    pub fn new(table: impl Into<QualifiedName>, column: impl Into<Ident>) -> Self {
        Self {
            table: table.into(),
            column: column.into(),
            ty: None,
            using: None,
            nullable: None,
            drop_expression: false,
            default: None,
            identity: None,
            collation: None,
            charset: None,
            on_update: None,
            invisible: None,
            not_null_on_conflict: None,
            comment: None,
            position: None,
            tuning: Tuning::default(),
            rename: None,
        }
    }

    /// Refuses another place, which the standard does not know.
    pub(crate) fn refuse_position(&self, spell: &dyn Spell) -> Result<()> {
        super::no_position(self, spell, self.position.as_ref())
    }

    /// The column as it is afterwards, but for its name.
    fn change(&self, column: &mut Column) {
        if let Some(ty) = &self.ty {
            column.ty = Spelled::new(ty.clone());
        }
        if let Some(nullable) = self.nullable {
            column.nullable = nullable;
            column.not_null_on_conflict = column.not_null_on_conflict.filter(|_| !nullable);
        }
        if self.drop_expression {
            column.generated = None;
        }
        if let Some(default) = &self.default {
            column.default = default.clone().map(Spelled::new);
        }
        if let Some(identity) = &self.identity {
            column.identity = identity.clone();
        }
        if let Some(charset) = &self.charset {
            column.charset = charset.clone();
            // A collation belongs to one character set.
            column.collation = None;
        }
        if let Some(collation) = &self.collation {
            column.collation = collation.clone();
        }
        if let Some(on_update) = &self.on_update {
            column.on_update = on_update.clone().map(Spelled::new);
        }
        if let Some(invisible) = self.invisible {
            column.invisible = invisible;
        }
        if let Some(resolution) = self.not_null_on_conflict {
            column.not_null_on_conflict = resolution;
        }
        if let Some(comment) = &self.comment {
            column.comment = comment.clone();
        }
    }
}

impl Op for AlterColumn {
    fn summary(&self) -> String {
        match &self.rename {
            Some(name) => format!("rename column {}.{} to {name}", self.table, self.column),
            None => format!("alter column {}.{}", self.table, self.column),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        need_columns(self, table, [&self.column])?;
        if let Some(name) = &self.rename
            && *name != self.column
            && table.has_column(name)
        {
            let reason = format!("`{}` has a column `{name}` already", self.table);
            return Err(misfit(self, reason));
        }
        if let Some(column) = table.find_column_mut(&self.column) {
            self.change(column);
        }
        if let Some(position) = &self.position {
            if let Position::After(other) = position {
                need_columns(self, table, [other])?;
            }
            table.move_column(&self.column, position);
        }
        if let Some(to) = &self.rename {
            rename_in_table(table, &self.column, to);
            rename_references(schema, &self.table, &self.column, to);
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        self.refuse_position(spell)?;
        let table = spell.qualified(&self.table)?;
        let column = spell.quote(&self.column)?;
        let alter = format!("ALTER TABLE {table} ALTER COLUMN {column}");
        let mut sql: Vec<String> = Vec::new();
        if self.drop_expression {
            sql.push(format!("{alter} DROP EXPRESSION"));
        }
        if let Some(ty) = &self.ty {
            let using = self.using.as_ref();
            let using = using.map_or_else(String::new, |it| format!(" USING {it}"));
            sql.push(format!("{alter} TYPE {}{using}", spell.spell_type(ty)?));
        }
        match &self.default {
            Some(Some(default)) => sql.push(format!("{alter} SET DEFAULT {default}")),
            Some(None) => sql.push(format!("{alter} DROP DEFAULT")),
            None => {}
        }
        match self.nullable {
            Some(true) => sql.push(format!("{alter} DROP NOT NULL")),
            Some(false) => sql.push(format!("{alter} SET NOT NULL")),
            None => {}
        }
        match &self.identity {
            Some(Some(identity)) => sql.push(format!("{alter} ADD {}", spell.identity(identity))),
            Some(None) => sql.push(format!("{alter} DROP IDENTITY")),
            None => {}
        }
        sql.extend(self.tuning.sql(&alter));
        if let Some(comment) = &self.comment {
            let text = comment.as_ref();
            let text = text.map_or_else(|| Ok("NULL".into()), |it| spell.string(it))?;
            sql.push(format!("COMMENT ON COLUMN {table}.{column} IS {text}"));
        }
        if let Some(name) = &self.rename {
            let name = spell.quote(name)?;
            sql.push(format!("ALTER TABLE {table} RENAME COLUMN {column} TO {name}"));
        }
        Ok(sql.into_iter().map(Statement::from).collect())
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        let column = code::string(&self.column);
        let mut code = format!("op.alter_column({table}, {column})");
        if let Some(ty) = &self.ty {
            code += &format!(".set_type({})", code::ty(ty));
        }
        if let Some(using) = &self.using {
            code += &format!(".using({})", code::string(using.as_str()));
        }
        if self.drop_expression {
            code += ".drop_expression()";
        }
        match self.nullable {
            Some(true) => code += ".drop_not_null()",
            Some(false) => code += ".set_not_null()",
            None => {}
        }
        match &self.default {
            Some(Some(it)) => code += &format!(".set_default({})", code::string(it.as_str())),
            Some(None) => code += ".drop_default()",
            None => {}
        }
        match &self.identity {
            Some(Some(it)) => code += &format!(".set_identity({})", code::identity_value(it)),
            Some(None) => code += ".drop_identity()",
            None => {}
        }
        for (said, name) in [(&self.charset, "charset"), (&self.collation, "collation")] {
            match said {
                Some(Some(text)) => code += &format!(".set_{name}({})", code::string(text)),
                Some(None) => code += &format!(".drop_{name}()"),
                None => {}
            }
        }
        match &self.on_update {
            Some(Some(it)) => code += &format!(".set_server_onupdate({})", code::string(it.as_str())),
            Some(None) => code += ".drop_server_onupdate()",
            None => {}
        }
        match self.invisible {
            Some(true) => code += ".set_invisible()",
            Some(false) => code += ".set_visible()",
            None => {}
        }
        match self.not_null_on_conflict {
            Some(Some(it)) => code += &format!(".set_not_null_on_conflict(OnConflict::{it:?})"),
            Some(None) => code += ".drop_not_null_on_conflict()",
            None => {}
        }
        match &self.comment {
            Some(Some(text)) => code += &format!(".set_comment({})", code::string(text)),
            Some(None) => code += ".drop_comment()",
            None => {}
        }
        code += &code::position(self.position.as_ref());
        for (said, call) in [
            (&self.tuning.storage, "set_storage"),
            (&self.tuning.compression, "set_compression"),
        ] {
            if let Some(word) = said {
                code += &format!(".{call}({})", code::string(word));
            }
        }
        if let Some(statistics) = self.tuning.statistics {
            code += &format!(".set_statistics({statistics})");
        }
        if let Some(name) = &self.rename {
            code += &format!(".rename({})", code::string(name));
        }
        code + ";"
    }
}

impl Tuning {
    /// The statements; `alter` is `ALTER TABLE … ALTER COLUMN …`.
    pub(crate) fn sql(&self, alter: &str) -> Vec<String> {
        let storage = self.storage.iter().map(|it| format!("{alter} SET STORAGE {it}"));
        let compression = self.compression.iter();
        let compression = compression.map(|it| format!("{alter} SET COMPRESSION {it}"));
        let statistics = self.statistics.iter();
        let statistics = statistics.map(|it| format!("{alter} SET STATISTICS {it}"));
        storage.chain(compression).chain(statistics).collect()
    }
}

/// The new name, everywhere in the column's own table where a name stands as such. Expressions are text, and are left to
/// the database, which knows what in them is a column.
fn rename_in_table(table: &mut Table, from: &Ident, to: &Ident) {
    if let Some(column) = table.find_column_mut(from) {
        column.name = to.clone();
    }
    for constraint in &mut table.constraints {
        rename_all(constraint.columns_mut(), from, to);
    }
    for index in &mut table.indexes {
        for part in &mut index.parts {
            if let IndexKey::Column(name) = &mut part.key
                && name == from
            {
                *name = to.clone();
            }
        }
        rename_all(&mut index.include, from, to);
    }
}

fn rename_references(schema: &mut Schema, table: &QualifiedName, from: &Ident, to: &Ident) {
    for other in schema.tables.values_mut() {
        for constraint in &mut other.constraints {
            if let Constraint::ForeignKey(key) = constraint
                && key.references == *table
            {
                rename_all(&mut key.referred, from, to);
            }
        }
    }
}

fn rename_all(names: &mut [Ident], from: &Ident, to: &Ident) {
    for name in names.iter_mut().filter(|name| *name == from) {
        *name = to.clone();
    }
}
