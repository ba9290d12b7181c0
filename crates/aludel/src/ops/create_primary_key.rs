//! Gives a table its primary key.

use super::{Condition, Subject, Op, Operations, Pending, add_constraint, add_constraint_sql, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Deferrable, Ident, PrimaryKey, QualifiedName, Schema};
use crate::sql::{Clause, Spell, Statement};

/// Gives a table its primary key.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePrimaryKey {
    /// The table.
    pub table: QualifiedName,
    /// The key.
    pub key: PrimaryKey,
    /// Only if there is none.
    pub if_not_exists: bool,
}

impl CreatePrimaryKey {
    /// Adds this key.
    pub fn new(table: impl Into<QualifiedName>, key: PrimaryKey) -> Self {
        Self {
            table: table.into(),
            key,
            if_not_exists: false,
        }
    }
}

impl Op for CreatePrimaryKey {
    fn summary(&self) -> String {
        let columns: Vec<&str> = self.key.columns.iter().map(Ident::as_str).collect();
        format!("create primary key on {}({})", self.table, columns.join(", "))
    }

    /// The columns of a primary key refuse NULL.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if super::condition::is_idle(self, schema) {
            return Ok(());
        }
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
            Some(name) if self.key.on_conflict.is_none() => format!(
                "op.create_primary_key({}, {}, {}){}{};",
                code::string(name),
                code::name(&self.table),
                code::idents(&self.key.columns),
                code::primary_key_calls(&self.key),
                code::if_not_exists(self.if_not_exists)
            ),
            _ => format!(
                "op.create_constraint({}, {});",
                code::name(&self.table),
                code::constraint(&self.key.clone().into())
            ),
        }
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_not_exists.then_some(Condition {
            clause: Clause::CreateConstraint,
            table: &self.table,
            subject: Subject::PrimaryKey,
        })
    }
}

impl Operations {
    /// Gives a table its primary key; its columns refuse NULL from then on.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_primary_key("pk_visits", "visits", ["id"]);
    /// op.create_primary_key("pk_rooms", "rooms", ["id"]).include(["name"]).deferrable(Deferrable::Deferred);
    /// ```
    #[doc = include_str!("sql/create_primary_key.md")]
    #[track_caller]
    pub fn create_primary_key(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = impl Into<Ident>>,
    ) -> Pending<'_, CreatePrimaryKey> {
        self.pending(CreatePrimaryKey::new(table, PrimaryKey::new(columns).named(name)))
    }
}

impl Pending<'_, CreatePrimaryKey> {
    /// When it is checked (PostgreSQL).
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.operation.key.deferrable = deferrable;
        self
    }

    /// Its index carries these columns too (PostgreSQL).
    pub fn include(mut self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.operation.key.include = columns.into_iter().map(Into::into).collect();
        self
    }
}
