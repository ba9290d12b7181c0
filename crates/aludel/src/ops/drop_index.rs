//! Drops an index.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Drops an index.
#[derive(Debug, Clone, PartialEq)]
pub struct DropIndex {
    /// The table.
    pub table: QualifiedName,
    /// The index.
    pub name: Ident,
}

impl Op for DropIndex {
    fn summary(&self) -> String {
        format!("drop index {} on {}", self.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        if !table.has_index(&self.name) {
            let reason = format!("`{}` has no index `{}`", self.table, self.name);
            return Err(misfit(self, reason));
        }
        table.indexes.retain(|it| it.name != self.name);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.index_name(&self.table, &self.name)?;
        Ok(vec![format!("DROP INDEX {name}").into()])
    }

    fn rust(&self) -> String {
        let name = code::string(&self.name);
        format!("op.drop_index({name}, {});", code::name(&self.table))
    }
}

impl Operations {
    /// Drops an index of a table.
    #[doc = include_str!("sql/drop_index.md")]
    #[track_caller]
    pub fn drop_index(&mut self, name: impl Into<Ident>, table: impl Into<QualifiedName>) {
        self.record(DropIndex {
            table: table.into(),
            name: name.into(),
        });
    }
}
