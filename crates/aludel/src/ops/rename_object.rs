//! Renames an object that is no table and no part of one: a schema, a view, a function, …

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Ident, Object, QualifiedName, Schema};
use crate::sql::{self, Spell, Statement};

/// Renames an object within its schema, or its table.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameObject {
    /// The object.
    pub object: Object,
    /// Its new name.
    pub to: Ident,
}

impl Op for RenameObject {
    fn summary(&self) -> String {
        format!("rename {} to {}", self.object, self.to)
    }

    /// Follows the object to whatever names it, but for SQL text. An object that is not known is not missed.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if schema.knows(&self.object.renamed(self.to.clone())) {
            let reason = format!("there is a {} of that name", self.object.kind());
            return Err(misfit(self, reason));
        }
        schema.rename(&self.object, &self.to);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let kind = self.object.kind().to_uppercase();
        let name = sql::object_name(spell, &self.object)?;
        let to = spell.quote(&self.to)?;
        Ok(vec![format!("ALTER {kind} {name} RENAME TO {to}").into()])
    }

    fn rust(&self) -> String {
        let call = match &self.object {
            Object::Type(_) => "enum".into(),
            other => other.kind().replace(' ', "_"),
        };
        let arguments = code::object_arguments(&self.object);
        format!("op.rename_{call}({arguments}, {});", code::string(&self.to))
    }
}

impl Operations {
    #[track_caller]
    fn rename_object(&mut self, object: Object, to: impl Into<Ident>) {
        self.record(RenameObject {
            object,
            to: to.into(),
        });
    }

    /// Renames a schema (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_schema("billing", "accounting");
    /// ```
    #[doc = include_str!("sql/rename_schema.md")]
    #[track_caller]
    pub fn rename_schema(&mut self, name: impl Into<Ident>, to: impl Into<Ident>) {
        self.rename_object(Object::schema(name), to);
    }

    /// Renames a sequence (PostgreSQL, MariaDB).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_sequence(("billing", "numbers"), "invoice_numbers");
    /// ```
    #[doc = include_str!("sql/rename_sequence.md")]
    #[track_caller]
    pub fn rename_sequence(&mut self, name: impl Into<QualifiedName>, to: impl Into<Ident>) {
        self.rename_object(Object::sequence(name), to);
    }

    /// Renames a view (PostgreSQL, MySQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_view("open_visits", "planned_visits");
    /// ```
    #[doc = include_str!("sql/rename_view.md")]
    #[track_caller]
    pub fn rename_view(&mut self, name: impl Into<QualifiedName>, to: impl Into<Ident>) {
        self.rename_object(Object::view(name), to);
    }

    /// Renames a materialized view (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_materialized_view("counts", "visit_counts");
    /// ```
    #[doc = include_str!("sql/rename_materialized_view.md")]
    #[track_caller]
    pub fn rename_materialized_view(
        &mut self,
        name: impl Into<QualifiedName>,
        to: impl Into<Ident>,
    ) {
        self.rename_object(Object::materialized_view(name), to);
    }

    /// Renames a function, named with its argument types as SQL text (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_function("add", "integer, integer", "plus");
    /// ```
    #[doc = include_str!("sql/rename_function.md")]
    #[track_caller]
    pub fn rename_function(
        &mut self,
        name: impl Into<QualifiedName>,
        arguments: impl Into<String>,
        to: impl Into<Ident>,
    ) {
        self.rename_object(Object::function(name, arguments), to);
    }

    /// Renames a procedure, named with its argument types as SQL text (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_procedure("forget", "date", "forget_before");
    /// ```
    #[doc = include_str!("sql/rename_procedure.md")]
    #[track_caller]
    pub fn rename_procedure(
        &mut self,
        name: impl Into<QualifiedName>,
        arguments: impl Into<String>,
        to: impl Into<Ident>,
    ) {
        self.rename_object(Object::procedure(name, arguments), to);
    }

    /// Renames a trigger (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_trigger("log", "visits", "log_visit");
    /// ```
    #[doc = include_str!("sql/rename_trigger.md")]
    #[track_caller]
    pub fn rename_trigger(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        to: impl Into<Ident>,
    ) {
        self.rename_object(Object::trigger(name, table), to);
    }

    /// Renames a policy (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_policy("own", "visits", "own_visits");
    /// ```
    #[doc = include_str!("sql/rename_policy.md")]
    #[track_caller]
    pub fn rename_policy(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        to: impl Into<Ident>,
    ) {
        self.rename_object(Object::policy(name, table), to);
    }

    /// Renames a domain (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_domain("email", "mail_address");
    /// ```
    #[doc = include_str!("sql/rename_domain.md")]
    #[track_caller]
    pub fn rename_domain(&mut self, name: impl Into<QualifiedName>, to: impl Into<Ident>) {
        self.rename_object(Object::domain(name), to);
    }

    /// Renames an enum type; the columns that have it follow.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_enum("status", "visit_status");
    /// ```
    #[doc = include_str!("sql/rename_enum.md")]
    #[track_caller]
    pub fn rename_enum(&mut self, name: impl Into<QualifiedName>, to: impl Into<Ident>) {
        self.rename_object(Object::ty(name), to);
    }
}
