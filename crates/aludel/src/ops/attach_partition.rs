//! Makes a table a partition of another.

use super::{Op, Operations, code, table_mut};
use crate::error::Result;
use crate::schema::{PartitionOf, QualifiedName, Schema, Spelled};
use crate::sql::{Spell, Statement};

/// Makes a table a partition of another.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachPartition {
    /// The partitioned table.
    pub table: QualifiedName,
    /// The table that becomes a part of it.
    pub partition: QualifiedName,
    /// Which rows it holds, as SQL text: `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: String,
}

impl Op for AttachPartition {
    fn summary(&self) -> String {
        format!("attach partition {} to {}", self.partition, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        table_mut(self, schema, &self.table)?;
        table_mut(self, schema, &self.partition)?.options.partition_of = Some(PartitionOf {
            parent: self.table.clone(),
            bound: Spelled::new(self.bound.clone()),
        });
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let partition = spell.qualified(&self.partition)?;
        let bound = &self.bound;
        Ok(vec![
            format!("ALTER TABLE {table} ATTACH PARTITION {partition} {bound}").into(),
        ])
    }

    fn rust(&self) -> String {
        format!(
            "op.attach_partition({}, {}, {});",
            code::name(&self.table),
            code::name(&self.partition),
            code::string(&self.bound)
        )
    }
}

impl Operations {
    /// Makes a table, with the rows that it holds, a partition of a partitioned one (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_table(
    ///     Table::new("visits_2026").partition_of("visits", "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"),
    /// );
    /// op.attach_partition("visits", "old_visits", "DEFAULT");
    /// ```
    #[doc = include_str!("sql/attach_partition.md")]
    #[track_caller]
    pub fn attach_partition(
        &mut self,
        table: impl Into<QualifiedName>,
        partition: impl Into<QualifiedName>,
        bound: impl Into<String>,
    ) {
        self.record(AttachPartition {
            table: table.into(),
            partition: partition.into(),
            bound: bound.into(),
        });
    }
}
