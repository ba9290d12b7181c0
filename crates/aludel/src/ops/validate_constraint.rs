//! Holds a constraint to the rows that were there before it.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Constraint, Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Holds a constraint that was created `not_valid` to all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidateConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The constraint.
    pub name: Ident,
}

impl Op for ValidateConstraint {
    fn summary(&self) -> String {
        format!("validate constraint {} on {}", self.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        let mut constraints = table.constraints.iter_mut();
        match constraints.find(|it| it.name() == Some(&self.name)) {
            Some(Constraint::ForeignKey(key)) => key.not_valid = false,
            Some(Constraint::Check(check)) => check.not_valid = false,
            Some(_) => {}
            None => {
                let reason = format!("`{}` has no constraint `{}`", self.table, self.name);
                return Err(misfit(self, reason));
            }
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let name = spell.quote(&self.name)?;
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let (name, table) = (code::string(&self.name), code::name(&self.table));
        format!("op.validate_constraint({name}, {table});")
    }
}

impl Operations {
    /// Holds a constraint that was created with `not_valid()` to the rows that were there before it (PostgreSQL). It reads the
    /// whole table and keeps nobody from writing to it, where creating the constraint at once does both: put it into a
    /// revision of its own.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.validate_constraint("fk_visits_patient", "visits");
    /// ```
    #[doc = include_str!("sql/validate_constraint.md")]
    #[track_caller]
    pub fn validate_constraint(&mut self, name: impl Into<Ident>, table: impl Into<QualifiedName>) {
        self.record(ValidateConstraint {
            table: table.into(),
            name: name.into(),
        });
    }
}
