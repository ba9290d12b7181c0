//! Renames a constraint.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Renames a constraint of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The constraint.
    pub name: Ident,
    /// Its new name.
    pub to: Ident,
}

impl Op for RenameConstraint {
    fn summary(&self) -> String {
        let Self { table, name, to } = self;
        format!("rename constraint {name} on {table} to {to}")
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        if table.has_constraint(&self.to) {
            let reason = format!("`{}` has a constraint `{}` already", self.table, self.to);
            return Err(misfit(self, reason));
        }
        let mut constraints = table.constraints.iter_mut();
        match constraints.find(|it| it.name() == Some(&self.name)) {
            Some(constraint) => constraint.set_name(Some(self.to.clone())),
            None => {
                let reason = format!("`{}` has no constraint `{}`", self.table, self.name);
                return Err(misfit(self, reason));
            }
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let (name, to) = (spell.quote(&self.name)?, spell.quote(&self.to)?);
        let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {name} TO {to}");
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let (name, to) = (code::string(&self.name), code::string(&self.to));
        let table = code::name(&self.table);
        format!("op.rename_constraint({name}, {table}, {to});")
    }
}

impl Operations {
    /// Renames a constraint of a table. SQLite has no statement for it: the table is rebuilt.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.rename_constraint("visits_cost_check", "visits", "ck_visits_cost");
    /// ```
    #[doc = include_str!("sql/rename_constraint.md")]
    #[track_caller]
    pub fn rename_constraint(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        to: impl Into<Ident>,
    ) {
        self.record(RenameConstraint {
            table: table.into(),
            name: name.into(),
            to: to.into(),
        });
    }
}
