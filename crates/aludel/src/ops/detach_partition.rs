//! Makes a partition a table of its own.

use super::{Op, Operations, Pending, code, table_mut};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Makes a partition a table of its own, which keeps its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct DetachPartition {
    /// The partitioned table.
    pub table: QualifiedName,
    /// The partition.
    pub partition: QualifiedName,
    /// How.
    pub mode: Detach,
}

/// How a partition is detached (<https://www.postgresql.org/docs/current/sql-altertable.html>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detach {
    /// At once, keeping everybody from both tables.
    #[default]
    AtOnce,
    /// Waiting for others, outside a transaction.
    Concurrently,
    /// The end of a concurrent one that was cut off.
    Finalize,
}

impl Op for DetachPartition {
    fn summary(&self) -> String {
        format!("detach partition {} from {}", self.partition, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        table_mut(self, schema, &self.table)?;
        table_mut(self, schema, &self.partition)?.options.partition_of = None;
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let partition = spell.qualified(&self.partition)?;
        let detach = format!("ALTER TABLE {table} DETACH PARTITION {partition}");
        Ok(vec![match self.mode {
            Detach::AtOnce => detach.into(),
            Detach::Concurrently => Statement::outside(format!("{detach} CONCURRENTLY")),
            Detach::Finalize => format!("{detach} FINALIZE").into(),
        }])
    }

    fn rust(&self) -> String {
        let mode = match self.mode {
            Detach::AtOnce => "",
            Detach::Concurrently => ".concurrently()",
            Detach::Finalize => ".finalize()",
        };
        let (table, partition) = (code::name(&self.table), code::name(&self.partition));
        format!("op.detach_partition({table}, {partition}){mode};")
    }
}

impl Operations {
    /// Makes a partition a table of its own, which keeps its rows (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.detach_partition("visits", "visits_2019").concurrently();
    /// ```
    #[doc = include_str!("sql/detach_partition.md")]
    #[track_caller]
    pub fn detach_partition(
        &mut self,
        table: impl Into<QualifiedName>,
        partition: impl Into<QualifiedName>,
    ) -> Pending<'_, DetachPartition> {
        self.pending(DetachPartition {
            table: table.into(),
            partition: partition.into(),
            mode: Detach::default(),
        })
    }
}

impl Pending<'_, DetachPartition> {
    /// Waits for others instead of keeping them from the tables (PostgreSQL 14); the statement runs outside the transaction.
    pub fn concurrently(mut self) -> Self {
        self.operation.mode = Detach::Concurrently;
        self
    }

    /// Brings a concurrent one to its end that was cut off.
    pub fn finalize(mut self) -> Self {
        self.operation.mode = Detach::Finalize;
        self
    }
}
