//! Drops a constraint.

use super::{Op, Operations, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Constraint, Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Drops a constraint of a table, by name; or, on a database that lets constraints go unnamed, the one that is like this.
#[derive(Debug, Clone, PartialEq)]
pub struct DropConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The constraint.
    pub constraint: Dropped,
}

/// Which constraint is meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Dropped {
    /// The one of this name.
    Named(Ident),
    /// The one that has no name, and is equal to this.
    Unnamed(Box<Constraint>),
}

impl DropConstraint {
    fn is_meant(&self, constraint: &Constraint) -> bool {
        match &self.constraint {
            Dropped::Named(name) => constraint.name() == Some(name),
            Dropped::Unnamed(it) => constraint == &**it,
        }
    }
}

impl Op for DropConstraint {
    fn summary(&self) -> String {
        match &self.constraint {
            Dropped::Named(name) => format!("drop constraint {name} on {}", self.table),
            Dropped::Unnamed(_) => format!("drop an unnamed constraint on {}", self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        let Some(at) = table.constraints.iter().position(|it| self.is_meant(it)) else {
            let reason = format!("`{}` has no such constraint", self.table);
            return Err(misfit(self, reason));
        };
        table.constraints.remove(at);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let Dropped::Named(name) = &self.constraint else {
            return Err(crate::Error::Unsupported {
                operation: self.summary(),
                dialect: spell.name(),
                instead: "every constraint has a name here: drop it by that".into(),
            });
        };
        let table = spell.qualified(&self.table)?;
        let name = spell.quote(name)?;
        Ok(vec![
            format!("ALTER TABLE {table} DROP CONSTRAINT {name}").into(),
        ])
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.constraint {
            Dropped::Named(name) => format!("op.drop_constraint({}, {table});", code::string(name)),
            Dropped::Unnamed(it) => {
                format!("op.drop_unnamed_constraint({table}, {});", code::constraint(it))
            }
        }
    }
}

impl Operations {
    /// Drops a constraint of any kind, by name.
    #[doc = include_str!("sql/drop_constraint.md")]
    #[track_caller]
    pub fn drop_constraint(&mut self, name: impl Into<Ident>, table: impl Into<QualifiedName>) {
        self.record(DropConstraint {
            table: table.into(),
            constraint: Dropped::Named(name.into()),
        });
    }

    /// Drops the constraint that has no name and is equal to this one: SQLite lets constraints go unnamed.
    #[doc = include_str!("sql/drop_unnamed_constraint.md")]
    #[track_caller]
    pub fn drop_unnamed_constraint(
        &mut self,
        table: impl Into<QualifiedName>,
        constraint: impl Into<Constraint>,
    ) {
        self.record(DropConstraint {
            table: table.into(),
            constraint: Dropped::Unnamed(Box::new(constraint.into())),
        });
    }
}
