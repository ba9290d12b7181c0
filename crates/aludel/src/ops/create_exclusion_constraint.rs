//! Adds an exclusion constraint.

use super::{Op, Operations, Pending, add_constraint, add_constraint_sql, code};
use crate::error::Result;
use crate::schema::{Deferrable, Exclude, Expr, Ident, IndexPart, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Adds an exclusion constraint to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateExclusionConstraint {
    /// The table.
    pub table: QualifiedName,
    /// The constraint.
    pub exclude: Exclude,
}

impl Op for CreateExclusionConstraint {
    fn summary(&self) -> String {
        match &self.exclude.name {
            Some(name) => format!("create exclusion constraint {name} on {}", self.table),
            None => format!("create exclusion constraint on {}", self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = super::table_mut(self, schema, &self.table)?;
        let keys = self.exclude.elements.iter();
        let columns = keys.filter_map(|it| it.part.as_column());
        super::need_columns(self, table, columns)?;
        add_constraint(self, schema, &self.table, self.exclude.clone().into())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        add_constraint_sql(spell, &self.table, &self.exclude.clone().into())
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.exclude.name {
            Some(name) => format!(
                "op.create_exclusion_constraint({}, {table}, {}){};",
                code::string(name),
                code::exclude_elements(&self.exclude),
                code::exclude_calls(&self.exclude)
            ),
            None => {
                let constraint = code::constraint(&self.exclude.clone().into());
                format!("op.create_constraint({table}, {constraint});")
            }
        }
    }
}

impl Operations {
    /// Adds an exclusion constraint: no two rows may answer true to all of its operators.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_exclusion_constraint("ex_visits_room", "visits", [("room", "="), ("during", "&&")])
    ///     .method("gist");
    /// ```
    #[doc = include_str!("sql/create_exclusion_constraint.md")]
    #[track_caller]
    pub fn create_exclusion_constraint(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        elements: impl IntoIterator<Item = (impl Into<IndexPart>, impl Into<String>)>,
    ) -> Pending<'_, CreateExclusionConstraint> {
        self.pending(CreateExclusionConstraint {
            table: table.into(),
            exclude: Exclude::new(elements).named(name),
        })
    }
}

impl Pending<'_, CreateExclusionConstraint> {
    /// By this access method: `gist`.
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.operation.exclude.method = Some(name.into());
        self
    }

    /// Only the rows for which this holds.
    pub fn predicate(mut self, sql: impl Into<Expr>) -> Self {
        let exclude = self.operation.exclude.clone();
        self.operation.exclude = exclude.predicate(sql);
        self
    }

    /// When it is checked.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.operation.exclude.deferrable = deferrable;
        self
    }
}
