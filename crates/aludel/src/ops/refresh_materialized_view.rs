//! Refreshes a materialized view.

use super::{Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Computes the rows of a materialized view anew.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshMaterializedView {
    /// The view.
    pub name: QualifiedName,
    /// Whether it can be read meanwhile.
    pub concurrently: bool,
    /// Whether it is left empty instead.
    pub no_data: bool,
}

impl Op for RefreshMaterializedView {
    fn summary(&self) -> String {
        format!("refresh materialized view {}", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if let Some(view) = schema.objects.views.get_mut(&self.name) {
            view.no_data = self.no_data;
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.qualified(&self.name)?;
        let concurrently = if self.concurrently {
            "CONCURRENTLY "
        } else {
            ""
        };
        let data = if self.no_data { " WITH NO DATA" } else { "" };
        Ok(vec![
            format!("REFRESH MATERIALIZED VIEW {concurrently}{name}{data}").into(),
        ])
    }

    fn rust(&self) -> String {
        let name = code::name(&self.name);
        let mut code = format!("op.refresh_materialized_view({name})");
        if self.concurrently {
            code += ".concurrently()";
        }
        if self.no_data {
            code += ".with_no_data()";
        }
        code + ";"
    }
}

impl Operations {
    /// Computes the rows of a materialized view anew (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.refresh_materialized_view("visit_counts").concurrently();
    /// ```
    #[doc = include_str!("sql/refresh_materialized_view.md")]
    #[track_caller]
    pub fn refresh_materialized_view(
        &mut self,
        name: impl Into<QualifiedName>,
    ) -> Pending<'_, RefreshMaterializedView> {
        self.pending(RefreshMaterializedView {
            name: name.into(),
            concurrently: false,
            no_data: false,
        })
    }
}

impl Pending<'_, RefreshMaterializedView> {
    /// Lets others read it meanwhile; it needs a unique index on plain columns for that, and must not be empty.
    pub fn concurrently(mut self) -> Self {
        self.operation.concurrently = true;
        self
    }

    /// Empties it instead, until it is refreshed again.
    pub fn with_no_data(mut self) -> Self {
        self.operation.no_data = true;
        self
    }
}
