//! Updates an extension.

use super::{Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Ident, Schema};
use crate::sql::{Spell, Statement};

/// Brings an extension to another version.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateExtension {
    /// The extension.
    pub name: Ident,
    /// The version, or the one that the server has ready.
    pub version: Option<String>,
}

impl Op for UpdateExtension {
    fn summary(&self) -> String {
        format!("update extension {}", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if let Some(extension) = schema.objects.extensions.get_mut(&self.name) {
            extension.version = self.version.clone();
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let mut sql = format!("ALTER EXTENSION {} UPDATE", spell.quote(&self.name)?);
        if let Some(version) = &self.version {
            sql += &format!(" TO {}", spell.string(version)?);
        }
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let name = code::string(&self.name);
        let to = self.version.as_ref();
        let to = to.map_or_else(String::new, |it| format!(".to({})", code::string(it)));
        format!("op.update_extension({name}){to};")
    }
}

impl Operations {
    /// Brings an extension to the version that the server has ready, or to another (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.update_extension("hstore").to("1.8");
    /// op.set_schema(Object::extension("hstore"), "extensions");
    /// ```
    #[doc = include_str!("sql/update_extension.md")]
    #[track_caller]
    pub fn update_extension(&mut self, name: impl Into<Ident>) -> Pending<'_, UpdateExtension> {
        self.pending(UpdateExtension {
            name: name.into(),
            version: None,
        })
    }
}

impl Pending<'_, UpdateExtension> {
    /// The version.
    pub fn to(mut self, version: impl Into<String>) -> Self {
        self.operation.version = Some(version.into());
        self
    }
}
