//! Creates a policy.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Policy, PolicyCommand, Schema};
use crate::sql::{self, Spell, Statement};

/// Creates a policy of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePolicy {
    /// The policy.
    pub policy: Policy,
}

impl Op for CreatePolicy {
    fn summary(&self) -> String {
        format!("create policy {} on {}", self.policy.name, self.policy.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let it = &self.policy;
        let key = (it.table.clone(), it.name.clone());
        if schema.objects.policies.contains_key(&key) {
            return Err(misfit(self, "it is there already"));
        }
        schema.objects.policies.insert(key, it.clone());
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.policy;
        let (name, table) = (spell.quote(&it.name)?, spell.qualified(&it.table)?);
        let mut text = format!("CREATE POLICY {name} ON {table}");
        if !it.permissive {
            text += " AS RESTRICTIVE";
        }
        if it.command != PolicyCommand::All {
            text += &format!(" FOR {}", it.command.sql());
        }
        if !it.roles.is_empty() {
            text += &format!(" TO {}", sql::roles(spell, &it.roles)?);
        }
        text += &sql::policy_conditions(it.using.as_ref(), it.with_check.as_ref());
        Ok(vec![text.into()])
    }

    fn rust(&self) -> String {
        format!("op.create_policy({});", code::policy(&self.policy))
    }
}

impl Operations {
    /// Creates a policy, which holds once row level security is on (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_policy(Policy::new("own", "visits").using("doctor = current_user"));
    /// op.enable_row_level_security("visits");
    /// ```
    #[doc = include_str!("sql/create_policy.md")]
    #[track_caller]
    pub fn create_policy(&mut self, policy: Policy) {
        self.record(CreatePolicy { policy });
    }
}
