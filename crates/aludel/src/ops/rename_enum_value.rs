//! Renames a value of an enum type.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Enum, Expr, QualifiedName, Schema, Spelled};
use crate::sql::{Spell, Statement};

/// Gives a value of an enum type another name; the rows that hold it follow.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameEnumValue {
    /// The type.
    pub name: QualifiedName,
    /// The value as it is.
    pub from: String,
    /// The value as it is to be.
    pub to: String,
}

impl RenameEnumValue {
    /// The default that follows the value, if it is the value and nothing else, with or without a cast.
    pub(crate) fn renamed_default(&self, written: &Expr) -> Option<Expr> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let cast = written.as_str().trim().strip_prefix(&quoted(&self.from))?;
        let alone = cast.is_empty() || cast.starts_with("::");
        alone.then(|| format!("{}{cast}", quoted(&self.to)).into())
    }
}

impl Op for RenameEnumValue {
    fn summary(&self) -> String {
        format!(
            "rename value `{}` of enum type {} to `{}`",
            self.from, self.name, self.to
        )
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let Some(ty) = schema.enums.get(&self.name) else {
            return Err(misfit(self, format!("there is no enum type `{}`", self.name)));
        };
        if ty.values.contains(&self.to) {
            return Err(misfit(self, format!("it has a value `{}` already", self.to)));
        }
        if !ty.values.contains(&self.from) {
            return Err(misfit(self, format!("it has no value `{}`", self.from)));
        }
        let values = ty.values.iter().map(|it| match *it == self.from {
            true => self.to.clone(),
            false => it.clone(),
        });
        let ty = Enum::new(self.name.clone(), values);
        for column in schema.tables.values_mut().flat_map(|it| &mut it.columns) {
            if column.ty.written.as_enum().is_some_and(|it| it.name == ty.name) {
                column.ty = Spelled::new(column.ty.written.with_enum(&ty));
                let default = column.default.as_ref();
                if let Some(new) = default.and_then(|it| self.renamed_default(&it.written)) {
                    column.default = Some(Spelled::new(new));
                }
            }
        }
        schema.add_enum(ty);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.qualified(&self.name)?;
        let (from, to) = (spell.string(&self.from)?, spell.string(&self.to)?);
        Ok(vec![
            format!("ALTER TYPE {name} RENAME VALUE {from} TO {to}").into(),
        ])
    }

    fn rust(&self) -> String {
        let (from, to) = (code::string(&self.from), code::string(&self.to));
        let name = code::name(&self.name);
        format!("op.rename_enum_value({name}, {from}, {to});")
    }
}

impl Operations {
    /// Gives a value of an enum type another name; rows and defaults that hold it follow.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.rename_enum_value("visit_status", "planned", "scheduled");
    /// ```
    #[doc = include_str!("sql/rename_enum_value.md")]
    #[track_caller]
    pub fn rename_enum_value(
        &mut self,
        name: impl Into<QualifiedName>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) {
        self.record(RenameEnumValue {
            name: name.into(),
            from: from.into(),
            to: to.into(),
        });
    }
}
