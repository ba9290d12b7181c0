//! Creates a schema.

use super::{IfThere, Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Ident, Schema};
use crate::sql::{Spell, Statement};

/// Creates a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSchema {
    /// Its name.
    pub name: Ident,
    /// What becomes of one that is there.
    pub if_there: IfThere,
}

impl Op for CreateSchema {
    fn summary(&self) -> String {
        format!("create schema {}", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let there = schema.objects.schemas.contains(&self.name);
        if self.if_there.makes(self, there)? {
            schema.objects.schemas.insert(self.name.clone());
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let has = [IfThere::Keep];
        let create = self.if_there.create(self, spell, "SCHEMA", &has)?;
        Ok(vec![
            format!("{create} {}", spell.quote(&self.name)?).into(),
        ])
    }

    fn rust(&self) -> String {
        let name = code::string(&self.name);
        format!("op.create_schema({name}){};", self.if_there.call())
    }
}

impl Operations {
    /// Creates a schema: a place for tables and other objects; on MySQL, a database.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_schema("billing").if_not_exists();
    /// op.create_table(Table::new(("billing", "invoices")).column(Column::new("id", Type::Integer)));
    /// ```
    #[doc = include_str!("sql/create_schema.md")]
    #[track_caller]
    pub fn create_schema(&mut self, name: impl Into<Ident>) -> Pending<'_, CreateSchema> {
        self.pending(CreateSchema {
            name: name.into(),
            if_there: IfThere::Fail,
        })
    }
}
