//! Creates an enum type.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Enum, Schema};
use crate::sql::{Spell, Statement};

/// Creates an enum type.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateEnum {
    /// The type.
    pub ty: Enum,
}

impl Op for CreateEnum {
    fn summary(&self) -> String {
        format!("create enum type {}", self.ty.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if schema.enums.contains_key(&self.ty.name) {
            let reason = format!("there is an enum type `{}` already", self.ty.name);
            return Err(misfit(self, reason));
        }
        schema.add_enum(self.ty.clone());
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.qualified(&self.ty.name)?;
        let values: Result<Vec<String>> = self.ty.values.iter().map(|it| spell.string(it)).collect();
        let values = values?.join(", ");
        Ok(vec![format!("CREATE TYPE {name} AS ENUM ({values})").into()])
    }

    fn rust(&self) -> String {
        format!("op.create_enum({});", code::enumeration(&self.ty))
    }
}

impl Operations {
    /// Creates an enum type, before the columns that have it. On SQLite, where a column checks its own values, nothing
    /// happens.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_enum(Enum::new("visit_status", ["planned", "completed", "cancelled"]));
    /// ```
    #[doc = include_str!("sql/create_enum.md")]
    #[track_caller]
    pub fn create_enum(&mut self, ty: Enum) {
        self.record(CreateEnum { ty });
    }
}
