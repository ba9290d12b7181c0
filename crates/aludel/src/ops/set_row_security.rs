//! Switches the row level security of a table.

use super::{Op, Operations, code};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Switches the row level security of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct SetRowSecurity {
    /// The table.
    pub table: QualifiedName,
    /// What is switched.
    pub switch: RowSecuritySwitch,
}

/// What is switched (<https://www.postgresql.org/docs/current/ddl-rowsecurity.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowSecuritySwitch {
    /// Policies hold.
    Enable,
    /// No policy holds.
    Disable,
    /// Policies hold for the owner of the table, too.
    Force,
    /// The owner sees everything.
    NoForce,
}

impl Op for SetRowSecurity {
    fn summary(&self) -> String {
        let verb = match self.switch {
            RowSecuritySwitch::Enable => "enable",
            RowSecuritySwitch::Disable => "disable",
            RowSecuritySwitch::Force => "force",
            RowSecuritySwitch::NoForce => "stop forcing",
        };
        format!("{verb} row level security on {}", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let known = &mut schema.objects.row_security;
        let it = known.entry(self.table.clone()).or_default();
        match self.switch {
            RowSecuritySwitch::Enable => it.enabled = true,
            RowSecuritySwitch::Disable => it.enabled = false,
            RowSecuritySwitch::Force => it.forced = true,
            RowSecuritySwitch::NoForce => it.forced = false,
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let verb = match self.switch {
            RowSecuritySwitch::Enable => "ENABLE",
            RowSecuritySwitch::Disable => "DISABLE",
            RowSecuritySwitch::Force => "FORCE",
            RowSecuritySwitch::NoForce => "NO FORCE",
        };
        Ok(vec![
            format!("ALTER TABLE {table} {verb} ROW LEVEL SECURITY").into(),
        ])
    }

    fn rust(&self) -> String {
        let verb = match self.switch {
            RowSecuritySwitch::Enable => "enable",
            RowSecuritySwitch::Disable => "disable",
            RowSecuritySwitch::Force => "force",
            RowSecuritySwitch::NoForce => "no_force",
        };
        format!("op.{verb}_row_level_security({});", code::name(&self.table))
    }
}

impl Operations {
    /// Lets the policies of a table hold; without any, nobody but its owner sees a row (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.enable_row_level_security("visits");
    /// ```
    #[doc = include_str!("sql/enable_row_level_security.md")]
    #[track_caller]
    pub fn enable_row_level_security(&mut self, table: impl Into<QualifiedName>) {
        self.record(SetRowSecurity {
            table: table.into(),
            switch: RowSecuritySwitch::Enable,
        });
    }

    /// Lets no policy of a table hold any more; the policies stay (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.disable_row_level_security("visits");
    /// ```
    #[doc = include_str!("sql/disable_row_level_security.md")]
    #[track_caller]
    pub fn disable_row_level_security(&mut self, table: impl Into<QualifiedName>) {
        self.record(SetRowSecurity {
            table: table.into(),
            switch: RowSecuritySwitch::Disable,
        });
    }

    /// Lets the policies of a table hold for its owner, too, once they hold at all (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.force_row_level_security("visits");
    /// ```
    #[doc = include_str!("sql/force_row_level_security.md")]
    #[track_caller]
    pub fn force_row_level_security(&mut self, table: impl Into<QualifiedName>) {
        self.record(SetRowSecurity {
            table: table.into(),
            switch: RowSecuritySwitch::Force,
        });
    }

    /// Lets the owner of a table see everything again (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.no_force_row_level_security("visits");
    /// ```
    #[doc = include_str!("sql/no_force_row_level_security.md")]
    #[track_caller]
    pub fn no_force_row_level_security(&mut self, table: impl Into<QualifiedName>) {
        self.record(SetRowSecurity {
            table: table.into(),
            switch: RowSecuritySwitch::NoForce,
        });
    }
}
