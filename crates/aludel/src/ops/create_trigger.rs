//! Creates a trigger.

use super::toggle_trigger::switch;
use super::{IfThere, Op, Operations, Pending, code};
use crate::error::{Error, Result};
use crate::schema::{Deferrable, Fires, Schema, Trigger};
use crate::sql::{self, Spell, Statement};

/// Creates a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTrigger {
    /// The trigger.
    pub trigger: Trigger,
    /// What becomes of one that is there.
    pub if_there: IfThere,
}

impl CreateTrigger {
    /// Refuses what a dialect cannot do, beside a way in which it can be done.
    pub(crate) fn refused(&self, spell: &dyn Spell, what: &str, instead: &str) -> Error {
        Error::Unsupported {
            operation: format!("{} {what}", self.summary()),
            dialect: spell.name(),
            instead: instead.into(),
        }
    }

    /// What the trigger asks for that a database cannot give which fires triggers for each row, at once; and what to do instead.
    pub fn beyond_rows(&self) -> Option<(&'static str, &'static str)> {
        let it = &self.trigger;
        if it.for_each_statement {
            Some(("that fires for each statement", "let it fire for each row"))
        } else if it.constraint || it.deferrable != Deferrable::No || it.refers_to.is_some() {
            Some(("that is deferred", "let it fire at once"))
        } else if it.old_table.is_some() || it.new_table.is_some() {
            let instead = "let it look at OLD and NEW, row by row";
            Some(("that sees all rows at once", instead))
        } else if it.fires != Fires::AtOrigin {
            let instead = "leave it out while it is not to fire";
            Some(("that does not fire like any other", instead))
        } else {
            None
        }
    }
}

impl Op for CreateTrigger {
    fn summary(&self) -> String {
        format!("create trigger {} on {}", self.trigger.name, self.trigger.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let it = &self.trigger;
        let key = (it.table.clone(), it.name.clone());
        let there = schema.objects.triggers.contains_key(&key);
        if self.if_there.makes(self, there)? {
            schema.objects.triggers.insert(key, it.clone());
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.trigger;
        let Some(call) = &it.execute else {
            return Err(self.refused(
                spell,
                "with statements of its own",
                "put them into a function (`create_function`), and `execute` that",
            ));
        };
        let (kind, has): (_, &[IfThere]) = match it.constraint {
            true => ("CONSTRAINT TRIGGER", &[]),
            false => ("TRIGGER", &[IfThere::Replace]),
        };
        let create = self.if_there.create(self, spell, kind, has)?;
        let name = spell.quote(&it.name)?;
        let events = sql::trigger_events(spell, it)?;
        let table = spell.qualified(&it.table)?;
        let mut text = format!("{create} {name}\n{events} ON {table}");
        if let Some(table) = &it.refers_to {
            text += &format!("\nFROM {}", spell.qualified(table)?);
        }
        text += match it.deferrable {
            Deferrable::No => "",
            Deferrable::Immediate => "\nDEFERRABLE",
            Deferrable::Deferred => "\nDEFERRABLE INITIALLY DEFERRED",
        };
        let mut rows = Vec::new();
        for (word, name) in [("OLD", &it.old_table), ("NEW", &it.new_table)] {
            if let Some(name) = name {
                rows.push(format!(" {word} TABLE AS {}", spell.quote(name)?));
            }
        }
        if !rows.is_empty() {
            text += &format!("\nREFERENCING{}", rows.concat());
        }
        text += match it.for_each_statement {
            true => "\nFOR EACH STATEMENT",
            false => "\nFOR EACH ROW",
        };
        if let Some(when) = &it.when {
            text += &format!("\nWHEN ({})", sql::expression(&when.written));
        }
        text += &format!("\nEXECUTE FUNCTION {call}");
        let mut statements = vec![text.into()];
        if it.fires != Fires::AtOrigin {
            statements.push(switch(spell, &it.table, &it.name, it.fires)?);
        }
        Ok(statements)
    }

    fn rust(&self) -> String {
        let trigger = code::trigger(&self.trigger);
        format!("op.create_trigger({trigger}){};", self.if_there.call())
    }
}

impl Operations {
    /// Creates a trigger. PostgreSQL calls a function, SQLite and MySQL run statements of the trigger's own; one that says both
    /// serves all of them.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_trigger(
    ///     Trigger::new("log_visit", "visits")
    ///         .after()
    ///         .insert()
    ///         .execute("log_visit()")
    ///         .body("INSERT INTO log (visit_id) VALUES (NEW.id)"),
    /// );
    /// ```
    #[doc = include_str!("sql/create_trigger.md")]
    #[track_caller]
    pub fn create_trigger(&mut self, trigger: Trigger) -> Pending<'_, CreateTrigger> {
        self.pending(CreateTrigger {
            trigger,
            if_there: IfThere::Fail,
        })
    }
}
