//! Creates an extension.

use super::{IfThere, Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Extension, Schema};
use crate::sql::{Spell, Statement};

/// Loads an extension into the database.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateExtension {
    /// The extension.
    pub extension: Extension,
    /// What becomes of one that is there.
    pub if_there: IfThere,
}

impl Op for CreateExtension {
    fn summary(&self) -> String {
        format!("create extension {}", self.extension.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let (extensions, it) = (&mut schema.objects.extensions, &self.extension);
        if self.if_there.makes(self, extensions.contains_key(&it.name))? {
            extensions.insert(it.name.clone(), it.clone());
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.extension;
        let has = [IfThere::Keep];
        let create = self.if_there.create(self, spell, "EXTENSION", &has)?;
        let mut sql = format!("{create} {}", spell.quote(&it.name)?);
        if let Some(schema) = &it.schema {
            sql += &format!(" SCHEMA {}", spell.quote(schema)?);
        }
        if let Some(version) = &it.version {
            sql += &format!(" VERSION {}", spell.string(version)?);
        }
        if it.cascade {
            sql += " CASCADE";
        }
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let extension = code::extension(&self.extension);
        format!("op.create_extension({extension}){};", self.if_there.call())
    }
}

impl Operations {
    /// Loads an extension, given by name or as an [`Extension`] (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_extension("citext").if_not_exists();
    /// op.create_extension(Extension::new("hstore").schema("extensions"));
    /// ```
    #[doc = include_str!("sql/create_extension.md")]
    #[track_caller]
    pub fn create_extension(
        &mut self,
        extension: impl Into<Extension>,
    ) -> Pending<'_, CreateExtension> {
        self.pending(CreateExtension {
            extension: extension.into(),
            if_there: IfThere::Fail,
        })
    }
}
