//! Drops a table, with its rows.

use super::condition::{clause, is_idle};
use super::{Condition, Subject, Op, Operations, Pending, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Object, QualifiedName, Schema};
use crate::sql::{Clause, Spell, Statement};

/// Drops a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropTable {
    /// The table.
    pub table: QualifiedName,
    /// Only if there is such a table.
    pub if_exists: bool,
}

impl DropTable {
    /// Drops this table.
    pub fn new(table: impl Into<QualifiedName>) -> Self {
        Self {
            table: table.into(),
            if_exists: false,
        }
    }
}

impl Op for DropTable {
    fn summary(&self) -> String {
        format!("drop table {}", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if is_idle(self, schema) {
            return Ok(());
        }
        table_mut(self, schema, &self.table)?;
        let referencing = schema.tables.values().find(|it| {
            it.name != self.table && it.foreign_keys().any(|key| key.references == self.table)
        });
        if let Some(other) = referencing {
            return Err(misfit(self, format!("`{}` references it", other.name)));
        }
        // The parts of a table go with it.
        let mut gone = vec![self.table.clone()];
        while let Some(table) = gone.pop() {
            schema.forget(&Object::table(&table));
            let parts = schema.tables.values().filter(|it| {
                let of = it.options.partition_of.as_ref();
                of.is_some_and(|it| it.parent == table)
            });
            gone.extend(parts.map(|it| it.name.clone()));
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let clause = clause(self, spell);
        Ok(vec![format!("DROP TABLE {clause}{table}").into()])
    }

    fn rust(&self) -> String {
        let if_exists = if self.if_exists { ".if_exists()" } else { "" };
        format!("op.drop_table({}){if_exists};", code::name(&self.table))
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_exists.then_some(Condition {
            clause: Clause::DropTable,
            table: &self.table,
            subject: Subject::Table,
        })
    }
}

impl Operations {
    /// Drops a table, with its rows, indexes and constraints. A table that another one references is refused.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.drop_table("drafts");
    /// op.drop_table(("billing", "invoices")).if_exists();
    /// ```
    #[doc = include_str!("sql/drop_table.md")]
    #[track_caller]
    pub fn drop_table(&mut self, table: impl Into<QualifiedName>) -> Pending<'_, DropTable> {
        self.pending(DropTable::new(table))
    }
}
