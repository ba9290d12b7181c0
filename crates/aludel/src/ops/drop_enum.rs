//! Drops an enum type.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Drops an enum type.
#[derive(Debug, Clone, PartialEq)]
pub struct DropEnum {
    /// The type.
    pub name: QualifiedName,
}

impl Op for DropEnum {
    fn summary(&self) -> String {
        format!("drop enum type {}", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if !schema.enums.contains_key(&self.name) {
            return Err(misfit(self, format!("there is no enum type `{}`", self.name)));
        }
        for table in schema.tables.values() {
            let mut columns = table.columns.iter();
            let user = columns.find(|it| {
                let ty = it.ty.written.as_enum();
                ty.is_some_and(|it| it.name == self.name)
            });
            if let Some(column) = user {
                let reason = format!("`{}.{}` has that type", table.name, column.name);
                return Err(misfit(self, reason));
            }
        }
        schema.enums.remove(&self.name);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        Ok(vec![format!("DROP TYPE {}", spell.qualified(&self.name)?).into()])
    }

    fn rust(&self) -> String {
        format!("op.drop_enum({});", code::name(&self.name))
    }
}

impl Operations {
    /// Drops an enum type that no column has any more. On SQLite nothing happens.
    #[doc = include_str!("sql/drop_enum.md")]
    #[track_caller]
    pub fn drop_enum(&mut self, name: impl Into<QualifiedName>) {
        self.record(DropEnum { name: name.into() });
    }
}
