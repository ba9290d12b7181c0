//! Switches a trigger off and on.

use super::{Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Fires, Ident, QualifiedName, Schema};
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

/// The statement that switches a trigger.
pub(super) fn switch(
    spell: &dyn Spell,
    table: &QualifiedName,
    name: &Ident,
    fires: Fires,
) -> Result<Statement> {
    let (table, name) = (spell.qualified(table)?, spell.quote(name)?);
    let verb = match fires {
        Fires::Never => "DISABLE",
        Fires::AtOrigin => "ENABLE",
        Fires::OnReplica => "ENABLE REPLICA",
        Fires::Always => "ENABLE ALWAYS",
    };
    Ok(format!("ALTER TABLE {table} {verb} TRIGGER {name}").into())
}

impl Op for ToggleTrigger {
    fn summary(&self) -> String {
        let verb = match self.fires {
            Fires::Never => "disable",
            _ => "enable",
        };
        format!("{verb} trigger {} on {}", self.name, self.table)
    }

    /// A trigger that is not known may be there all the same.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let key = (self.table.clone(), self.name.clone());
        if let Some(it) = schema.objects.triggers.get_mut(&key) {
            it.fires = self.fires;
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        Ok(vec![switch(spell, &self.table, &self.name, self.fires)?])
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
