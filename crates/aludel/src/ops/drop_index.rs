//! Drops an index.

use super::condition::{clause, is_idle};
use super::{Condition, Subject, Op, Operations, Pending, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{Clause, Spell, Statement};

/// Drops an index.
#[derive(Debug, Clone, PartialEq)]
pub struct DropIndex {
    /// The table.
    pub table: QualifiedName,
    /// The index.
    pub name: Ident,
    /// Only if there is such an index.
    pub if_exists: bool,
    /// Without keeping others from the table meanwhile, and outside a transaction (PostgreSQL).
    pub concurrently: bool,
}

impl DropIndex {
    /// Drops this index.
    pub fn new(table: impl Into<QualifiedName>, name: impl Into<Ident>) -> Self {
        Self {
            table: table.into(),
            name: name.into(),
            if_exists: false,
            concurrently: false,
        }
    }
}

impl Op for DropIndex {
    fn summary(&self) -> String {
        format!("drop index {} on {}", self.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if is_idle(self, schema) {
            return Ok(());
        }
        let table = table_mut(self, schema, &self.table)?;
        if !table.has_index(&self.name) {
            let reason = format!("`{}` has no index `{}`", self.table, self.name);
            return Err(misfit(self, reason));
        }
        table.indexes.retain(|it| it.name != self.name);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.index_name(&self.table, &self.name)?;
        let clause = clause(self, spell);
        Ok(vec![match self.concurrently && spell.has_concurrently() {
            true => Statement::outside(format!("DROP INDEX CONCURRENTLY {clause}{name}")),
            false => format!("DROP INDEX {clause}{name}").into(),
        }])
    }

    fn rust(&self) -> String {
        let name = code::string(&self.name);
        let mut code = format!("op.drop_index({name}, {})", code::name(&self.table));
        if self.if_exists {
            code += ".if_exists()";
        }
        if self.concurrently {
            code += ".concurrently()";
        }
        code + ";"
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_exists.then_some(Condition {
            clause: Clause::DropIndex,
            table: &self.table,
            subject: Subject::Index(&self.name),
        })
    }
}

impl Operations {
    /// Drops an index of a table.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.drop_index("ix_visits_patient", "visits");
    /// op.drop_index("ix_visits_date", "visits").if_exists();
    /// ```
    #[doc = include_str!("sql/drop_index.md")]
    #[track_caller]
    pub fn drop_index(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, DropIndex> {
        self.pending(DropIndex::new(table, name))
    }
}

impl Pending<'_, DropIndex> {
    /// Waits for others instead of keeping them from the table (PostgreSQL); the statement runs outside the transaction. What
    /// is done is the same, so that a database which has no such way does it in its own.
    pub fn concurrently(mut self) -> Self {
        self.operation.concurrently = true;
        self
    }
}
