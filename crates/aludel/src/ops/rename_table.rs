//! Renames a table.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, Object, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Renames a table within its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameTable {
    /// The table.
    pub table: QualifiedName,
    /// Its new name.
    pub to: Ident,
}

impl Op for RenameTable {
    fn summary(&self) -> String {
        format!("rename table {} to {}", self.table, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let to = self.table.renamed(self.to.clone());
        table_mut(self, schema, &self.table)?;
        if schema.tables.contains_key(&to) {
            return Err(misfit(self, format!("there is a table `{to}` already")));
        }
        schema.rename(&Object::table(&self.table), &self.to);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let to = spell.quote(&self.to)?;
        Ok(vec![format!("ALTER TABLE {table} RENAME TO {to}").into()])
    }

    fn rust(&self) -> String {
        let to = code::string(&self.to);
        format!("op.rename_table({}, {to});", code::name(&self.table))
    }
}

impl Operations {
    /// Renames a table. Foreign keys that point to it follow; constraints and indexes keep their names.
    #[doc = include_str!("sql/rename_table.md")]
    #[track_caller]
    pub fn rename_table(&mut self, table: impl Into<QualifiedName>, to: impl Into<Ident>) {
        self.record(RenameTable {
            table: table.into(),
            to: to.into(),
        });
    }
}
