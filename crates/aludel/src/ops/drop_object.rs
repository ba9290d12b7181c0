//! Drops an object that is no table and no part of one: a schema, a view, a function, …

use super::{Op, Operations, Pending, code, misfit};
use crate::error::{Error, Result};
use crate::schema::{Ident, Object, QualifiedName, Schema};
use crate::sql::{self, Spell, Statement};

/// Drops an object. Tables, columns, indexes, constraints and enum types have operations of their own for that.
#[derive(Debug, Clone, PartialEq)]
pub struct DropObject {
    /// The object.
    pub object: Object,
    /// Whether it may be gone already.
    pub if_exists: bool,
    /// Whether what depends on it goes, too.
    pub cascade: bool,
}

impl Op for DropObject {
    fn summary(&self) -> String {
        format!("drop {}", self.object)
    }

    /// An object that is not known is not missed.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if let Object::Schema(name) = &self.object {
            let inside = schema.inside(name);
            match inside.first() {
                Some(it) if !self.cascade => {
                    return Err(misfit(self, format!("the {it} is in it")));
                }
                _ => inside.iter().for_each(|it| schema.forget(it)),
            }
        }
        schema.objects.remove(&self.object);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let own = match &self.object {
            Object::Table(_) => Some("drop_table"),
            Object::Column(..) => Some("drop_column"),
            Object::Index(_) => Some("drop_index"),
            Object::Constraint(..) => Some("drop_constraint"),
            Object::DomainConstraint(..) => Some("alter_domain"),
            Object::Type(_) => Some("drop_enum"),
            _ => None,
        };
        if let Some(own) = own {
            return Err(Error::Unsupported {
                operation: self.summary(),
                dialect: spell.name(),
                instead: format!("say `{own}`"),
            });
        }
        let kind = self.object.kind().to_uppercase();
        let if_exists = if self.if_exists { " IF EXISTS" } else { "" };
        let name = sql::object_name(spell, &self.object)?;
        let cascade = if self.cascade { " CASCADE" } else { "" };
        Ok(vec![format!("DROP {kind}{if_exists} {name}{cascade}").into()])
    }

    fn rust(&self) -> String {
        let call = self.object.kind().replace(' ', "_");
        let mut code = format!("op.drop_{call}({})", code::object_arguments(&self.object));
        if self.if_exists {
            code += ".if_exists()";
        }
        if self.cascade {
            code += ".cascade()";
        }
        code + ";"
    }
}

impl Pending<'_, DropObject> {
    /// Is content if it is gone already.
    pub fn if_exists(mut self) -> Self {
        self.operation.if_exists = true;
        self
    }

    /// Drops what depends on it, too (PostgreSQL).
    pub fn cascade(mut self) -> Self {
        self.operation.cascade = true;
        self
    }
}

impl Operations {
    #[track_caller]
    fn drop_object(&mut self, object: Object) -> Pending<'_, DropObject> {
        self.pending(DropObject {
            object,
            if_exists: false,
            cascade: false,
        })
    }

    /// Drops a schema, which must be empty unless `cascade` is said.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_schema("billing").if_exists().cascade();
    /// ```
    #[doc = include_str!("sql/drop_schema.md")]
    #[track_caller]
    pub fn drop_schema(&mut self, name: impl Into<Ident>) -> Pending<'_, DropObject> {
        self.drop_object(Object::schema(name))
    }

    /// Drops a sequence (PostgreSQL, MariaDB).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_sequence("ticket_number");
    /// ```
    #[doc = include_str!("sql/drop_sequence.md")]
    #[track_caller]
    pub fn drop_sequence(&mut self, name: impl Into<QualifiedName>) -> Pending<'_, DropObject> {
        self.drop_object(Object::sequence(name))
    }

    /// Drops a view, with its triggers.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.drop_view("open_visits").if_exists();
    /// ```
    #[doc = include_str!("sql/drop_view.md")]
    #[track_caller]
    pub fn drop_view(&mut self, name: impl Into<QualifiedName>) -> Pending<'_, DropObject> {
        self.drop_object(Object::view(name))
    }

    /// Drops a materialized view, with its rows and indexes (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_materialized_view("visit_counts");
    /// ```
    #[doc = include_str!("sql/drop_materialized_view.md")]
    #[track_caller]
    pub fn drop_materialized_view(
        &mut self,
        name: impl Into<QualifiedName>,
    ) -> Pending<'_, DropObject> {
        self.drop_object(Object::materialized_view(name))
    }

    /// Drops a function, named with its argument types as SQL text (PostgreSQL, MySQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_function("add", "integer, integer");
    /// op.drop_function("touch", "").cascade();
    /// ```
    #[doc = include_str!("sql/drop_function.md")]
    #[track_caller]
    pub fn drop_function(
        &mut self,
        name: impl Into<QualifiedName>,
        arguments: impl Into<String>,
    ) -> Pending<'_, DropObject> {
        self.drop_object(Object::function(name, arguments))
    }

    /// Drops a procedure, named with its argument types as SQL text (PostgreSQL, MySQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_procedure("forget", "date");
    /// ```
    #[doc = include_str!("sql/drop_procedure.md")]
    #[track_caller]
    pub fn drop_procedure(
        &mut self,
        name: impl Into<QualifiedName>,
        arguments: impl Into<String>,
    ) -> Pending<'_, DropObject> {
        self.drop_object(Object::procedure(name, arguments))
    }

    /// Drops a trigger.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.drop_trigger("log_visit", "visits").if_exists();
    /// ```
    #[doc = include_str!("sql/drop_trigger.md")]
    #[track_caller]
    pub fn drop_trigger(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, DropObject> {
        self.drop_object(Object::trigger(name, table))
    }

    /// Drops an extension (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_extension("hstore");
    /// ```
    #[doc = include_str!("sql/drop_extension.md")]
    #[track_caller]
    pub fn drop_extension(&mut self, name: impl Into<Ident>) -> Pending<'_, DropObject> {
        self.drop_object(Object::extension(name))
    }

    /// Drops a domain (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_domain("email");
    /// ```
    #[doc = include_str!("sql/drop_domain.md")]
    #[track_caller]
    pub fn drop_domain(&mut self, name: impl Into<QualifiedName>) -> Pending<'_, DropObject> {
        self.drop_object(Object::domain(name))
    }

    /// Drops a policy (PostgreSQL). Where row level security is on, fewer rows are seen without it.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.drop_policy("own", "visits");
    /// ```
    #[doc = include_str!("sql/drop_policy.md")]
    #[track_caller]
    pub fn drop_policy(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, DropObject> {
        self.drop_object(Object::policy(name, table))
    }
}
