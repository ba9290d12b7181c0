//! Creates a domain.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Domain, Schema};
use crate::sql::{self, Spell, Statement};

/// Creates a domain.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateDomain {
    /// The domain.
    pub domain: Domain,
}

impl Op for CreateDomain {
    fn summary(&self) -> String {
        format!("create domain {}", self.domain.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let (domains, it) = (&mut schema.objects.domains, &self.domain);
        if domains.contains_key(&it.name) {
            return Err(misfit(self, "it is there already"));
        }
        domains.insert(it.name.clone(), it.clone());
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.domain;
        let (name, ty) = (spell.qualified(&it.name)?, spell.spell_type(&it.ty.written)?);
        let mut text = format!("CREATE DOMAIN {name} AS {ty}");
        if let Some(collation) = &it.collation {
            text += &format!(" COLLATE {}", spell.quote(collation)?);
        }
        if let Some(default) = &it.default {
            text += &format!(" DEFAULT {}", sql::expression(&default.written));
        }
        if it.not_null {
            text += " NOT NULL";
        }
        for check in &it.checks {
            text += &format!(" {}", sql::constraint(spell, &check.clone().into())?);
        }
        Ok(vec![text.into()])
    }

    fn rust(&self) -> String {
        format!("op.create_domain({});", code::domain(&self.domain))
    }
}

impl Operations {
    /// Creates a domain: a type with a default and checks of its own (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_domain(
    ///     Domain::new("email", Type::Text).check(Check::new("VALUE LIKE '%@%'").named("ck_email")),
    /// );
    /// op.add_column("patients", Column::new("email", Type::custom("email")));
    /// ```
    #[doc = include_str!("sql/create_domain.md")]
    #[track_caller]
    pub fn create_domain(&mut self, domain: Domain) {
        self.record(CreateDomain { domain });
    }
}
