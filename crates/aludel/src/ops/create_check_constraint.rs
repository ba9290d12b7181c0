//! Adds a check constraint.

use super::{Op, Operations, add_constraint, add_constraint_sql, code};
use crate::error::Result;
use crate::schema::{Check, Constraint, Expr, Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Adds a check constraint to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCheckConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The check.
    pub check: Check,
}

impl Op for CreateCheckConstraint {
    fn summary(&self) -> String {
        match &self.check.name {
            Some(name) => format!("create check constraint {name} on {}", self.table),
            None => format!("create check constraint on {}", self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        add_constraint(self, schema, &self.table, self.check.clone().into())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        add_constraint_sql(spell, &self.table, &self.check.clone().into())
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.check.name {
            Some(name) => format!(
                "op.create_check_constraint({}, {table}, {});",
                code::string(name),
                code::expr(&self.check.expr)
            ),
            None => {
                let constraint = code::constraint(&self.check.clone().into());
                format!("op.create_constraint({table}, {constraint});")
            }
        }
    }
}

impl Operations {
    /// Adds a check constraint.
    #[doc = include_str!("sql/create_check_constraint.md")]
    #[track_caller]
    pub fn create_check_constraint(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        condition: impl Into<Expr>,
    ) {
        self.record(CreateCheckConstraint {
            table: table.into(),
            check: Check::new(condition).named(name),
        });
    }

    /// Adds a constraint of any kind, as a noun; the naming convention names it if it has no name.
    #[doc = include_str!("sql/create_constraint.md")]
    #[track_caller]
    pub fn create_constraint(
        &mut self,
        table: impl Into<QualifiedName>,
        constraint: impl Into<Constraint>,
    ) {
        let table = table.into();
        let mut said = crate::schema::Table::new(table.clone()).constraint(constraint);
        said.apply_naming(&self.naming());
        for constraint in said.constraints {
            self.record(super::add_column::create_constraint(
                table.clone(),
                constraint,
            ));
        }
    }
}
