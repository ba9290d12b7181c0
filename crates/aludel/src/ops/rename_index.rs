//! Renames an index.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Renames an index.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameIndex {
    /// The table.
    pub table: QualifiedName,
    /// The index.
    pub name: Ident,
    /// Its new name.
    pub to: Ident,
}

impl Op for RenameIndex {
    fn summary(&self) -> String {
        format!("rename index {} on {} to {}", self.name, self.table, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        if table.has_index(&self.to) {
            let reason = format!("`{}` has an index `{}` already", self.table, self.to);
            return Err(misfit(self, reason));
        }
        let mut indexes = table.indexes.iter_mut();
        match indexes.find(|it| it.name == self.name) {
            Some(index) => index.name = self.to.clone(),
            None => {
                let reason = format!("`{}` has no index `{}`", self.table, self.name);
                return Err(misfit(self, reason));
            }
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.index_name(&self.table, &self.name)?;
        let to = spell.quote(&self.to)?;
        Ok(vec![format!("ALTER INDEX {name} RENAME TO {to}").into()])
    }

    fn rust(&self) -> String {
        let (name, to) = (code::string(&self.name), code::string(&self.to));
        format!("op.rename_index({name}, {}, {to});", code::name(&self.table))
    }
}

impl Operations {
    /// Renames an index of a table. SQLite has no statement for it: the index is made anew.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.rename_index("ix_visits", "visits", "ix_visits_patient_id");
    /// ```
    #[doc = include_str!("sql/rename_index.md")]
    #[track_caller]
    pub fn rename_index(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        to: impl Into<Ident>,
    ) {
        self.record(RenameIndex {
            table: table.into(),
            name: name.into(),
            to: to.into(),
        });
    }
}
