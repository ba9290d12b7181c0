//! Changes the values of an enum type.

use super::{Op, Operations, Pending, code, misfit};
use crate::error::Result;
use crate::schema::{Enum, Schema, Spelled};
use crate::sql::{Spell, Statement};

/// Gives an enum type another list of values.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterEnum {
    /// The type with its values as they are.
    pub from: Enum,
    /// The values as they are to be.
    pub values: Vec<String>,
    /// Makes the type anew even if values are only added. PostgreSQL lets nobody use a value that was added to a type before
    /// the transaction ends (<https://www.postgresql.org/docs/current/sql-altertype.html>, Notes).
    pub replace: bool,
}

impl AlterEnum {
    /// The type as it is to be.
    pub fn to(&self) -> Enum {
        Enum::new(self.from.name.clone(), self.values.clone())
    }

    /// Whether the type can stay and only has values added to it.
    pub fn adds_in_place(&self) -> bool {
        !self.replace && self.additions().is_some()
    }

    /// If values are only added: each with the value that it stands before, or none at the end.
    pub fn additions(&self) -> Option<Vec<(&str, Option<&str>)>> {
        let kept: Vec<&String> = self
            .values
            .iter()
            .filter(|it| self.from.values.contains(it))
            .collect();
        if kept.len() != self.from.values.len() || kept.iter().zip(&self.from.values).any(|(a, b)| *a != b) {
            return None;
        }
        let added = self.values.iter().enumerate().rev();
        let added = added.filter(|(_, it)| !self.from.values.contains(it));
        Some(
            added
                .map(|(at, it)| (it.as_str(), self.values.get(at + 1).map(String::as_str)))
                .collect(),
        )
    }
}

impl Op for AlterEnum {
    fn summary(&self) -> String {
        format!("alter enum type {}", self.from.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let to = self.to();
        if !schema.enums.contains_key(&to.name) {
            return Err(misfit(self, format!("there is no enum type `{}`", to.name)));
        }
        for column in schema.tables.values_mut().flat_map(|it| &mut it.columns) {
            if column.ty.written.as_enum().is_some_and(|it| it.name == to.name) {
                column.ty = Spelled::new(column.ty.written.with_enum(&to));
            }
        }
        schema.add_enum(to);
        Ok(())
    }

    /// Added values alone have a spelling that needs to know nothing else; the rest is the dialect's.
    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let Some(additions) = self.additions() else {
            return Err(crate::Error::Unsupported {
                operation: self.summary(),
                dialect: spell.name(),
                instead: "create another type and change the columns to it".into(),
            });
        };
        let name = spell.qualified(&self.from.name)?;
        let mut statements = Vec::new();
        for (value, before) in additions {
            let mut sql = format!("ALTER TYPE {name} ADD VALUE {}", spell.string(value)?);
            if let Some(before) = before {
                sql += &format!(" BEFORE {}", spell.string(before)?);
            }
            statements.push(sql.into());
        }
        Ok(statements)
    }

    fn rust(&self) -> String {
        let values = code::list(self.values.iter().map(String::as_str));
        let replace = if self.replace { ".replace()" } else { "" };
        let from = code::enumeration(&self.from);
        format!("op.alter_enum({from}, {values}){replace};")
    }
}

impl Operations {
    /// Gives an enum type another list of values: adds some, drops some that no row holds any more, orders them anew.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.alter_enum(Enum::new("visit_status", ["planned", "done"]), ["planned", "done", "cancelled"]);
    /// ```
    #[doc = include_str!("sql/alter_enum.md")]
    #[track_caller]
    pub fn alter_enum(
        &mut self,
        from: Enum,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Pending<'_, AlterEnum> {
        self.pending(AlterEnum {
            from,
            values: values.into_iter().map(Into::into).collect(),
            replace: false,
        })
    }
}

impl Pending<'_, AlterEnum> {
    /// Makes the type anew instead of adding values to it, so that the new values can be used in the same revision, at the
    /// price of rewriting the tables that have such columns (PostgreSQL).
    pub fn replace(mut self) -> Self {
        self.operation.replace = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alter(from: &[&str], to: &[&str]) -> AlterEnum {
        AlterEnum {
            from: Enum::new("e", from.iter().copied()),
            values: to.iter().map(|it| it.to_string()).collect(),
            replace: false,
        }
    }

    #[test]
    fn additions_name_the_value_behind_them() {
        let it = alter(&["a", "c"], &["a", "b", "c", "d", "e"]);
        let expected = vec![("e", None), ("d", Some("e")), ("b", Some("c"))];
        assert_eq!(it.additions(), Some(expected));
        assert_eq!(alter(&["a", "b"], &["b", "a"]).additions(), None);
        assert_eq!(alter(&["a", "b"], &["a"]).additions(), None);
    }
}
