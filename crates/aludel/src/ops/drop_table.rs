//! Drops a table, with its rows.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Object, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Drops a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropTable {
    /// The table.
    pub table: QualifiedName,
}

impl Op for DropTable {
    fn summary(&self) -> String {
        format!("drop table {}", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        table_mut(self, schema, &self.table)?;
        let referencing = schema.tables.values().find(|it| {
            it.name != self.table && it.foreign_keys().any(|key| key.references == self.table)
        });
        if let Some(other) = referencing {
            return Err(misfit(self, format!("`{}` references it", other.name)));
        }
        schema.forget(&Object::table(&self.table));
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        Ok(vec![
            format!("DROP TABLE {}", spell.qualified(&self.table)?).into(),
        ])
    }

    fn rust(&self) -> String {
        format!("op.drop_table({});", code::name(&self.table))
    }
}

impl Operations {
    /// Drops a table, with its rows, indexes and constraints. A table that another one references is refused.
    #[doc = include_str!("sql/drop_table.md")]
    #[track_caller]
    pub fn drop_table(&mut self, table: impl Into<QualifiedName>) {
        self.record(DropTable {
            table: table.into(),
        });
    }
}
