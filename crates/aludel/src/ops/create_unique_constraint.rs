//! Adds a unique constraint.

use super::{Op, Operations, Pending, add_constraint, add_constraint_sql, code};
use crate::error::Result;
use crate::schema::{Deferrable, Ident, QualifiedName, Schema, Unique};
use crate::sql::{Spell, Statement};

/// Adds a unique constraint to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateUniqueConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The constraint.
    pub unique: Unique,
}

impl Op for CreateUniqueConstraint {
    fn summary(&self) -> String {
        match &self.unique.name {
            Some(name) => format!("create unique constraint {name} on {}", self.table),
            None => format!("create unique constraint on {}", self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        add_constraint(self, schema, &self.table, self.unique.clone().into())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        add_constraint_sql(spell, &self.table, &self.unique.clone().into())
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.unique.name {
            Some(name) if self.unique.on_conflict.is_none() => format!(
                "op.create_unique_constraint({}, {table}, {}){};",
                code::string(name),
                code::idents(&self.unique.columns),
                code::unique_calls(&self.unique)
            ),
            _ => {
                let constraint = code::constraint(&self.unique.clone().into());
                format!("op.create_constraint({table}, {constraint});")
            }
        }
    }
}

impl Operations {
    /// Adds a unique constraint.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_unique_constraint("uq_patients_email", "patients", ["email"]);
    /// ```
    #[doc = include_str!("sql/create_unique_constraint.md")]
    #[track_caller]
    pub fn create_unique_constraint(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = impl Into<Ident>>,
    ) -> Pending<'_, CreateUniqueConstraint> {
        self.pending(CreateUniqueConstraint {
            table: table.into(),
            unique: Unique::new(columns).named(name),
        })
    }
}

impl Pending<'_, CreateUniqueConstraint> {
    /// When it is checked.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.operation.unique.deferrable = deferrable;
        self
    }

    /// Two NULLs count as equal (PostgreSQL 15).
    pub fn nulls_not_distinct(mut self) -> Self {
        self.operation.unique.nulls_not_distinct = true;
        self
    }
}
