//! Creates a view, or a materialized one.

use super::{IfThere, Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Schema, View};
use crate::sql::{self, Spell, Statement};

/// Creates a view.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    /// The view.
    pub view: View,
    /// What becomes of one that is there.
    pub if_there: IfThere,
}

impl Op for CreateView {
    fn summary(&self) -> String {
        let kind = match self.view.materialized {
            true => "materialized view",
            false => "view",
        };
        format!("create {kind} {}", self.view.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let (views, it) = (&mut schema.objects.views, &self.view);
        if self.if_there.makes(self, views.contains_key(&it.name))? {
            views.insert(it.name.clone(), it.clone());
        }
        Ok(())
    }

    /// A view can be replaced and not left, a materialized one left and not replaced: so PostgreSQL has it.
    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.view;
        let (kind, has) = match it.materialized {
            true => ("MATERIALIZED VIEW", IfThere::Keep),
            false => ("VIEW", IfThere::Replace),
        };
        let create = self.if_there.create(self, spell, kind, &[has])?;
        let mut text = format!("{create} {}", spell.qualified(&it.name)?);
        if !it.columns.is_empty() {
            text += &format!(" {}", sql::column_list(spell, &it.columns)?);
        }
        text += &sql::parameters(spell, &it.options)?;
        if let Some(tablespace) = &it.tablespace {
            text += &format!(" TABLESPACE {}", spell.quote(tablespace)?);
        }
        text += &format!(" AS\n{}", sql::query(&it.query.written));
        let check = it.check.map(|it| format!("\nWITH {} CHECK OPTION", it.sql()));
        let no_data = it.no_data.then(|| "\nWITH NO DATA".to_string());
        for clause in [check, no_data].into_iter().flatten() {
            text = format!("{}{clause}", text.trim_end());
        }
        Ok(vec![text.into()])
    }

    fn rust(&self) -> String {
        let call = match self.view.materialized {
            true => "create_materialized_view",
            false => "create_view",
        };
        let view = code::view(&self.view);
        format!("op.{call}({view}){};", self.if_there.call())
    }
}

impl Operations {
    /// Creates a view. On SQLite, one that replaces another is refused while the other has triggers, which would go with it.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_view(View::new("open_visits", "SELECT id FROM visits WHERE status = 'planned'"));
    /// op.create_view(View::new("names", "SELECT id, name FROM patients").columns(["id", "called"]))
    ///     .or_replace();
    /// ```
    #[doc = include_str!("sql/create_view.md")]
    #[track_caller]
    pub fn create_view(&mut self, view: View) -> Pending<'_, CreateView> {
        self.pending(CreateView {
            view,
            if_there: IfThere::Fail,
        })
    }

    /// Creates a view whose rows are kept, as they are now and whenever it is refreshed (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_materialized_view(View::new("counts", "SELECT count(*) AS n FROM visits"))
    ///     .if_not_exists();
    /// op.refresh_materialized_view("counts");
    /// ```
    #[doc = include_str!("sql/create_materialized_view.md")]
    #[track_caller]
    pub fn create_materialized_view(&mut self, view: View) -> Pending<'_, CreateView> {
        self.create_view(View {
            materialized: true,
            ..view
        })
    }
}
