//! Switches a trigger off and on.

use super::{Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Switches a trigger off or on.
#[derive(Debug, Clone, PartialEq)]
pub struct ToggleTrigger {
    /// The trigger.
    pub name: Ident,
    /// Its table.
    pub table: QualifiedName,
    /// When it is to fire.
    pub fires: Fires,
}

/// When a trigger fires
/// (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fires {
    /// Never.
    Never,
    /// Unless rows are replicated.
    AtOrigin,
    /// Only where rows are replicated.
    OnReplica,
    /// In either case.
    Always,
}

impl Op for ToggleTrigger {
    fn summary(&self) -> String {
        let verb = match self.fires {
            Fires::Never => "disable",
            _ => "enable",
        };
        format!("{verb} trigger {} on {}", self.name, self.table)
    }

    /// Whether a trigger fires is no part of its definition.
    fn apply(&self, _: &mut Schema) -> Result<()> {
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let (table, name) = (spell.qualified(&self.table)?, spell.quote(&self.name)?);
        let verb = match self.fires {
            Fires::Never => "DISABLE",
            Fires::AtOrigin => "ENABLE",
            Fires::OnReplica => "ENABLE REPLICA",
            Fires::Always => "ENABLE ALWAYS",
        };
        Ok(vec![
            format!("ALTER TABLE {table} {verb} TRIGGER {name}").into(),
        ])
    }

    fn rust(&self) -> String {
        let (name, table) = (code::string(&self.name), code::name(&self.table));
        let (verb, calls) = match self.fires {
            Fires::Never => ("disable", ""),
            Fires::AtOrigin => ("enable", ""),
            Fires::OnReplica => ("enable", ".on_replica()"),
            Fires::Always => ("enable", ".always()"),
        };
        format!("op.{verb}_trigger({name}, {table}){calls};")
    }
}

impl Operations {
    /// Lets a trigger fire again (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.disable_trigger("touch", "visits");
    /// op.execute("UPDATE visits SET status = 'done' WHERE status = 'completed'");
    /// op.enable_trigger("touch", "visits");
    /// ```
    #[doc = include_str!("sql/enable_trigger.md")]
    #[track_caller]
    pub fn enable_trigger(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, ToggleTrigger> {
        self.pending(ToggleTrigger {
            name: name.into(),
            table: table.into(),
            fires: Fires::AtOrigin,
        })
    }

    /// Keeps a trigger from firing, until [`Self::enable_trigger`] (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.disable_trigger("touch", ("billing", "invoices"));
    /// ```
    #[doc = include_str!("sql/disable_trigger.md")]
    #[track_caller]
    pub fn disable_trigger(&mut self, name: impl Into<Ident>, table: impl Into<QualifiedName>) {
        self.record(ToggleTrigger {
            name: name.into(),
            table: table.into(),
            fires: Fires::Never,
        });
    }
}

impl Pending<'_, ToggleTrigger> {
    /// Fires only where rows are replicated.
    pub fn on_replica(mut self) -> Self {
        self.operation.fires = Fires::OnReplica;
        self
    }

    /// Fires where rows are replicated, too.
    pub fn always(mut self) -> Self {
        self.operation.fires = Fires::Always;
        self
    }
}
