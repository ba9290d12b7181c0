//! Changes a policy.

use super::{Op, Operations, Pending, code};
use crate::error::{Error, Result};
use crate::schema::{Expr, Ident, QualifiedName, Schema, Spelled};
use crate::sql::{self, Spell, Statement};

/// Changes what is said of a policy; what is not said stays.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterPolicy {
    /// The policy.
    pub name: Ident,
    /// Its table.
    pub table: QualifiedName,
    /// Whom it concerns.
    pub roles: Option<Vec<Ident>>,
    /// Which rows are there for them.
    pub using: Option<Spelled<Expr>>,
    /// Which rows they may write.
    pub with_check: Option<Spelled<Expr>>,
}

impl Op for AlterPolicy {
    fn summary(&self) -> String {
        format!("alter policy {} on {}", self.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let key = (self.table.clone(), self.name.clone());
        if let Some(it) = schema.objects.policies.get_mut(&key) {
            it.roles = self.roles.clone().unwrap_or_else(|| it.roles.clone());
            it.using = self.using.clone().or(it.using.take());
            it.with_check = self.with_check.clone().or(it.with_check.take());
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let (name, table) = (spell.quote(&self.name)?, spell.qualified(&self.table)?);
        let mut clauses = String::new();
        if let Some(roles) = &self.roles {
            clauses += &format!(" TO {}", sql::roles(spell, roles)?);
        }
        clauses += &sql::policy_conditions(self.using.as_ref(), self.with_check.as_ref());
        match clauses.is_empty() {
            true => Err(Error::Schema {
                operation: self.summary(),
                reason: "nothing is said of it".into(),
            }),
            false => Ok(vec![
                format!("ALTER POLICY {name} ON {table}{clauses}").into(),
            ]),
        }
    }

    fn rust(&self) -> String {
        let (name, table) = (code::string(&self.name), code::name(&self.table));
        let mut code = format!("op.alter_policy({name}, {table})");
        if let Some(roles) = &self.roles {
            code += &format!(".to({})", code::idents(roles));
        }
        code += &code::policy_conditions(self.using.as_ref(), self.with_check.as_ref());
        code + ";"
    }
}

impl Operations {
    /// Changes a policy: say what, one call after the other (PostgreSQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.alter_policy("own", "visits").to(["doctors"]).using("doctor = session_user");
    /// ```
    #[doc = include_str!("sql/alter_policy.md")]
    #[track_caller]
    pub fn alter_policy(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, AlterPolicy> {
        self.pending(AlterPolicy {
            name: name.into(),
            table: table.into(),
            roles: None,
            using: None,
            with_check: None,
        })
    }
}

impl Pending<'_, AlterPolicy> {
    /// Whom it concerns; nobody named is everybody.
    pub fn to(mut self, roles: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.operation.roles = Some(roles.into_iter().map(Into::into).collect());
        self
    }

    /// Which rows are there for them.
    pub fn using(mut self, sql: impl Into<Expr>) -> Self {
        self.operation.using = Some(Spelled::new(sql.into()));
        self
    }

    /// Which rows they may write.
    pub fn with_check(mut self, sql: impl Into<Expr>) -> Self {
        self.operation.with_check = Some(Spelled::new(sql.into()));
        self
    }
}
