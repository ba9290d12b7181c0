//! Gives a table its primary key.

use super::{Op, Operations, add_constraint, add_constraint_sql, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, PrimaryKey, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Gives a table its primary key.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePrimaryKey {
    /// The table.
    pub table: QualifiedName,
    /// The key.
    pub key: PrimaryKey,
}

impl Op for CreatePrimaryKey {
    fn summary(&self) -> String {
        let columns: Vec<&str> = self.key.columns.iter().map(Ident::as_str).collect();
        format!("create primary key on {}({})", self.table, columns.join(", "))
    }

    /// The columns of a primary key refuse NULL.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        if table.find_primary_key().is_some() {
            let reason = format!("`{}` has a primary key already", self.table);
            return Err(misfit(self, reason));
        }
        add_constraint(self, schema, &self.table, self.key.clone().into())?;
        let table = table_mut(self, schema, &self.table)?;
        for name in &self.key.columns {
            if let Some(column) = table.find_column_mut(name) {
                column.nullable = false;
            }
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        add_constraint_sql(spell, &self.table, &self.key.clone().into())
    }

    fn rust(&self) -> String {
        match &self.key.name {
            Some(name) => format!(
                "op.create_primary_key({}, {}, {});",
                code::string(name),
                code::name(&self.table),
                code::idents(&self.key.columns)
            ),
            None => format!(
                "op.create_constraint({}, {});",
                code::name(&self.table),
                code::constraint(&self.key.clone().into())
            ),
        }
    }
}

impl Operations {
    /// Gives a table its primary key; its columns refuse NULL from then on.
    #[doc = include_str!("sql/create_primary_key.md")]
    #[track_caller]
    pub fn create_primary_key(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = impl Into<Ident>>,
    ) {
        self.record(CreatePrimaryKey {
            table: table.into(),
            key: PrimaryKey::new(columns).named(name),
        });
    }
}
