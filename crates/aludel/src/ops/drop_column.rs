//! Drops a column, with what it holds.

use super::condition::{clause, is_idle};
use super::{Condition, Subject, Op, Operations, Pending, code, misfit, need_columns, table_mut};
use crate::error::Result;
use crate::schema::{Constraint, Ident, QualifiedName, Schema, Table};
use crate::sql::{Clause, Spell, Statement};

/// Drops a column.
#[derive(Debug, Clone, PartialEq)]
pub struct DropColumn {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
    /// Only if the table has such a column.
    pub if_exists: bool,
}

impl DropColumn {
    /// Drops this column.
    pub fn new(table: impl Into<QualifiedName>, column: impl Into<Ident>) -> Self {
        Self {
            table: table.into(),
            column: column.into(),
            if_exists: false,
        }
    }

    fn covers(&self, constraint: &Constraint) -> bool {
        match constraint {
            Constraint::Check(check) => mentions(check.expr.written.as_str(), &self.column),
            other => other.columns().contains(&self.column),
        }
    }

    fn referenced_by<'s>(&self, schema: &'s Schema) -> Option<&'s Table> {
        schema.tables.values().find(|table| {
            table.foreign_keys().any(|key| {
                key.references == self.table
                    && key.referred.contains(&self.column)
                    && !(table.name == self.table && key.columns.contains(&self.column))
            })
        })
    }
}

/// Whether SQL text has this name as a word of its own, quoted or not; a quote within the name is doubled in its quotes.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let (sql, name) = (sql.to_lowercase(), name.to_lowercase());
    let spellings = [
        name.replace('"', "\"\""),
        name.replace('`', "``"),
        name,
    ];
    spellings.iter().any(|name| {
        sql.match_indices(name).any(|(at, _)| {
            !sql[..at].ends_with(is_word) && !sql[at + name.len()..].starts_with(is_word)
        })
    })
}

impl Op for DropColumn {
    fn summary(&self) -> String {
        format!("drop column {}.{}", self.table, self.column)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if is_idle(self, schema) {
            return Ok(());
        }
        let table = table_mut(self, schema, &self.table)?;
        need_columns(self, table, [&self.column])?;
        if let Some(other) = self.referenced_by(schema) {
            return Err(misfit(self, format!("`{}` references it", other.name)));
        }
        let table = table_mut(self, schema, &self.table)?;
        table.columns.retain(|it| it.name != self.column);
        table.constraints.retain(|it| !self.covers(it));
        table.indexes.retain(|index| {
            let mut keys = index.parts.iter();
            let on_it = keys.any(|part| match part.as_column() {
                Some(column) => *column == self.column,
                None => match &part.key {
                    crate::schema::IndexKey::Expr(expr) => mentions(expr.written.as_str(), &self.column),
                    crate::schema::IndexKey::Column(_) => false,
                },
            });
            let in_predicate = index
                .predicate
                .as_ref()
                .is_some_and(|it| mentions(it.written.as_str(), &self.column));
            !(on_it || in_predicate || index.include.contains(&self.column))
        });
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let column = spell.quote(&self.column)?;
        let clause = clause(self, spell);
        let sql = format!("ALTER TABLE {table} DROP COLUMN {clause}{column}");
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let column = code::string(&self.column);
        let if_exists = if self.if_exists { ".if_exists()" } else { "" };
        let table = code::name(&self.table);
        format!("op.drop_column({table}, {column}){if_exists};")
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_exists.then_some(Condition {
            clause: Clause::DropColumn,
            table: &self.table,
            subject: Subject::Column(&self.column),
        })
    }
}

impl Operations {
    /// Drops a column with what it holds, and, as PostgreSQL does it, with the table's own indexes and constraints that
    /// involve it. A column that another table references is refused.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.drop_column("visits", "notes");
    /// op.drop_column("visits", "draft").if_exists();
    /// ```
    #[doc = include_str!("sql/drop_column.md")]
    #[track_caller]
    pub fn drop_column(
        &mut self,
        table: impl Into<QualifiedName>,
        column: impl Into<Ident>,
    ) -> Pending<'_, DropColumn> {
        self.pending(DropColumn::new(table, column))
    }
}
