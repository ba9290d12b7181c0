//! Adds a foreign key.

use super::{Op, Operations, Pending, add_constraint, add_constraint_sql, code, misfit};
use crate::error::Result;
use crate::schema::{Action, Deferrable, ForeignKey, Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Adds a foreign key to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateForeignKey {
    /// The referencing table.
    pub table: QualifiedName,
    /// The key.
    pub key: ForeignKey,
}

impl Op for CreateForeignKey {
    fn summary(&self) -> String {
        let to = &self.key.references;
        match &self.key.name {
            Some(name) => format!("create foreign key {name} from {} to {to}", self.table),
            None => format!("create foreign key from {} to {to}", self.table),
        }
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let Some(target) = schema.tables.get(&self.key.references) else {
            let reason = format!("there is no table `{}`", self.key.references);
            return Err(misfit(self, reason));
        };
        super::need_columns(self, target, &self.key.referred)?;
        add_constraint(self, schema, &self.table, self.key.clone().into())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        add_constraint_sql(spell, &self.table, &self.key.clone().into())
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.key.name {
            Some(name) => format!(
                "op.create_foreign_key({}, {table}, {}, {}, {}){};",
                code::string(name),
                code::name(&self.key.references),
                code::idents(&self.key.columns),
                code::idents(&self.key.referred),
                code::foreign_key_calls(&self.key)
            ),
            None => {
                let constraint = code::constraint(&self.key.clone().into());
                format!("op.create_constraint({table}, {constraint});")
            }
        }
    }
}

impl Operations {
    /// Adds a foreign key from columns of a table to columns of a referenced one.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_foreign_key("fk_visits_patient", "visits", "patients", ["patient_id"], ["id"])
    ///     .on_delete(Action::Cascade);
    /// ```
    #[doc = include_str!("sql/create_foreign_key.md")]
    #[track_caller]
    pub fn create_foreign_key(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        referenced: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = impl Into<Ident>>,
        referred: impl IntoIterator<Item = impl Into<Ident>>,
    ) -> Pending<'_, CreateForeignKey> {
        self.pending(CreateForeignKey {
            table: table.into(),
            key: ForeignKey::new(columns, referenced, referred).named(name),
        })
    }
}

impl Pending<'_, CreateForeignKey> {
    /// On delete of the referenced row.
    pub fn on_delete(mut self, action: Action) -> Self {
        self.operation.key.on_delete = action;
        self
    }

    /// On change of the referenced key.
    pub fn on_update(mut self, action: Action) -> Self {
        self.operation.key.on_update = action;
        self
    }

    /// When it is checked.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.operation.key.deferrable = deferrable;
        self
    }

    /// `MATCH FULL`.
    pub fn match_full(mut self) -> Self {
        self.operation.key.match_full = true;
        self
    }
}
