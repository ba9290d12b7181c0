//! Puts an object into another schema.

use super::{Op, Operations, code};
use crate::error::{Error, Result};
use crate::schema::{Ident, Object, Schema};
use crate::sql::{self, Spell, Statement};

/// Puts an object into another schema.
#[derive(Debug, Clone, PartialEq)]
pub struct SetSchema {
    /// The object.
    pub object: Object,
    /// The schema.
    pub schema: Ident,
}

impl SetSchema {
    /// What to do for an object that is in no schema by itself.
    pub(crate) fn moves_with(&self) -> Option<&'static str> {
        match &self.object {
            Object::Schema(_) => Some("a schema is in no other: `rename_schema` it"),
            Object::Column(..)
            | Object::Index(_)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..) => Some("move its table"),
            Object::DomainConstraint(..) => Some("move its domain"),
            _ => None,
        }
    }
}

impl Op for SetSchema {
    fn summary(&self) -> String {
        format!("move {} to schema {}", self.object, self.schema)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        schema.set_schema(&self.object, &self.schema);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        if let Some(instead) = self.moves_with() {
            return Err(Error::Unsupported {
                operation: self.summary(),
                dialect: spell.name(),
                instead: instead.into(),
            });
        }
        let kind = self.object.kind().to_uppercase();
        let name = sql::object_name(spell, &self.object)?;
        let schema = spell.quote(&self.schema)?;
        Ok(vec![format!("ALTER {kind} {name} SET SCHEMA {schema}").into()])
    }

    fn rust(&self) -> String {
        let (object, schema) = (code::object(&self.object), code::string(&self.schema));
        format!("op.set_schema({object}, {schema});")
    }
}

impl Operations {
    /// Puts an object into another schema: a table, a view, an enum type, a function, an extension (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.set_schema(Object::ty("visit_status"), "clinic");
    /// op.set_schema(Object::table(("public", "visits")), "clinic");
    /// ```
    #[doc = include_str!("sql/set_schema.md")]
    #[track_caller]
    pub fn set_schema(&mut self, object: Object, schema: impl Into<Ident>) {
        self.record(SetSchema {
            object,
            schema: schema.into(),
        });
    }
}
