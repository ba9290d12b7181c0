//! Drops a constraint.

use super::condition::{clause, is_idle};
use super::{Condition, Subject, Op, Operations, Pending, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Constraint, Ident, QualifiedName, Schema};
use crate::sql::{Clause, Spell, Statement};

/// Drops a constraint of a table, by name; or, on a database that lets constraints go unnamed, the one that is like this.
#[derive(Debug, Clone, PartialEq)]
pub struct DropConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The constraint.
    pub constraint: Dropped,
    /// Only if there is such a constraint.
    pub if_exists: bool,
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
    /// Drops this constraint.
    pub fn new(table: impl Into<QualifiedName>, constraint: Dropped) -> Self {
        Self {
            table: table.into(),
            constraint,
            if_exists: false,
        }
    }

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
        if is_idle(self, schema) {
            return Ok(());
        }
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
        let clause = clause(self, spell);
        let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {clause}{name}");
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        let if_exists = if self.if_exists { ".if_exists()" } else { "" };
        match &self.constraint {
            Dropped::Named(name) => {
                let name = code::string(name);
                format!("op.drop_constraint({name}, {table}){if_exists};")
            }
            Dropped::Unnamed(it) => {
                let it = code::constraint(it);
                format!("op.drop_unnamed_constraint({table}, {it}){if_exists};")
            }
        }
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_exists.then(|| Condition {
            clause: Clause::DropConstraint,
            table: &self.table,
            subject: match &self.constraint {
                Dropped::Named(name) => Subject::Constraint(name),
                Dropped::Unnamed(it) => Subject::Unnamed((**it).clone()),
            },
        })
    }
}

impl Operations {
    /// Drops a constraint of any kind, by name.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.drop_constraint("ck_visits_cost", "visits");
    /// op.drop_constraint("uq_visits_code", "visits").if_exists();
    /// ```
    #[doc = include_str!("sql/drop_constraint.md")]
    #[track_caller]
    pub fn drop_constraint(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, DropConstraint> {
        self.pending(DropConstraint::new(table, Dropped::Named(name.into())))
    }

    /// Drops the constraint that has no name and is equal to this one: SQLite lets constraints go unnamed.
    #[doc = include_str!("sql/drop_unnamed_constraint.md")]
    #[track_caller]
    pub fn drop_unnamed_constraint(
        &mut self,
        table: impl Into<QualifiedName>,
        constraint: impl Into<Constraint>,
    ) -> Pending<'_, DropConstraint> {
        let constraint = Dropped::Unnamed(Box::new(constraint.into()));
        self.pending(DropConstraint::new(table, constraint))
    }
}
