//! Adds a check constraint.

use super::{Condition, Subject, Op, Operations, Pending, add_constraint, add_constraint_sql, code};
use crate::error::Result;
use crate::schema::{Check, Constraint, Expr, Ident, QualifiedName, Schema};
use crate::sql::{Clause, Spell, Statement};

/// Adds a check constraint to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCheckConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The check.
    pub check: Check,
    /// Only if there is none of that name.
    pub if_not_exists: bool,
}

impl CreateCheckConstraint {
    /// Adds this check.
    pub fn new(table: impl Into<QualifiedName>, check: Check) -> Self {
        Self {
            table: table.into(),
            check,
            if_not_exists: false,
        }
    }
}

impl Op for CreateCheckConstraint {
    fn summary(&self) -> String {
        match &self.check.name {
            Some(name) => format!("create check constraint {name} on {}", self.table),
            None => format!("create check constraint on {}", self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if super::condition::is_idle(self, schema) {
            return Ok(());
        }
        add_constraint(self, schema, &self.table, self.check.clone().into())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        add_constraint_sql(spell, &self.table, &self.check.clone().into())
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.check.name {
            Some(name) => format!(
                "op.create_check_constraint({}, {table}, {}){}{};",
                code::string(name),
                code::expr(&self.check.expr),
                code::check_calls(&self.check),
                code::if_not_exists(self.if_not_exists)
            ),
            None => {
                let constraint = code::constraint(&self.check.clone().into());
                format!("op.create_constraint({table}, {constraint});")
            }
        }
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_not_exists.then(|| Condition {
            clause: Clause::CreateConstraint,
            table: &self.table,
            subject: Subject::constraint(self.check.name.as_ref(), || self.check.clone().into()),
        })
    }
}

impl Operations {
    /// Adds a check constraint.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0").not_valid();
    /// op.validate_constraint("ck_visits_cost", "visits");
    /// ```
    #[doc = include_str!("sql/create_check_constraint.md")]
    #[track_caller]
    pub fn create_check_constraint(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        condition: impl Into<Expr>,
    ) -> Pending<'_, CreateCheckConstraint> {
        self.pending(CreateCheckConstraint::new(table, Check::new(condition).named(name)))
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

impl Pending<'_, CreateCheckConstraint> {
    /// The rows that are there already are not looked at, until [`Operations::validate_constraint`] (PostgreSQL: `NOT VALID`).
    pub fn not_valid(mut self) -> Self {
        self.operation.check.not_valid = true;
        self
    }

    /// Kept, and not held to (MySQL 8.0.16, PostgreSQL 18: `NOT ENFORCED`).
    pub fn not_enforced(mut self) -> Self {
        self.operation.check.not_enforced = true;
        self
    }

    /// Children that inherit from the table do not get it (PostgreSQL: `NO INHERIT`).
    pub fn no_inherit(mut self) -> Self {
        self.operation.check.no_inherit = true;
        self
    }
}
