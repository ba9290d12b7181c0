//! Changes a domain.

use super::{Op, Operations, Pending, code, misfit};
use crate::error::Result;
use crate::schema::{Check, Expr, Ident, QualifiedName, Schema, Spelled};
use crate::sql::{self, Spell, Statement};

/// Changes a domain, one thing after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterDomain {
    /// The domain.
    pub name: QualifiedName,
    /// The changes, in their order.
    pub changes: Vec<DomainChange>,
}

/// One change of a domain.
#[derive(Debug, Clone, PartialEq)]
pub enum DomainChange {
    /// Another default.
    SetDefault(Spelled<Expr>),
    /// No default.
    DropDefault,
    /// Refuses NULL.
    SetNotNull,
    /// Takes NULL.
    DropNotNull,
    /// One more check.
    AddCheck(Check),
    /// One check less.
    DropConstraint(Ident),
    /// Looks at the values that were there when a check was added `NOT VALID`.
    ValidateConstraint(Ident),
}

impl Op for AlterDomain {
    fn summary(&self) -> String {
        format!("alter domain {}", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let Some(it) = schema.objects.domains.get_mut(&self.name) else {
            return Ok(());
        };
        for change in &self.changes {
            match change {
                DomainChange::SetDefault(expr) => it.default = Some(expr.clone()),
                DomainChange::DropDefault => it.default = None,
                DomainChange::SetNotNull => it.not_null = true,
                DomainChange::DropNotNull => it.not_null = false,
                DomainChange::AddCheck(check) => {
                    let taken = check.name.is_some() && it.checks.iter().any(|it| it.name == check.name);
                    if taken {
                        return Err(misfit(self, "it has a constraint of that name"));
                    }
                    it.checks.push(check.clone());
                }
                DomainChange::DropConstraint(name) => {
                    it.checks.retain(|it| it.name.as_ref() != Some(name));
                }
                DomainChange::ValidateConstraint(name) => {
                    let mut checks = it.checks.iter_mut();
                    if let Some(it) = checks.find(|it| it.name.as_ref() == Some(name)) {
                        it.not_valid = false;
                    }
                }
            }
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let name = spell.qualified(&self.name)?;
        let changes = self.changes.iter();
        changes
            .map(|change| Ok(format!("ALTER DOMAIN {name} {}", clause(spell, change)?).into()))
            .collect()
    }

    fn rust(&self) -> String {
        let calls: Vec<String> = self.changes.iter().map(call).collect();
        let name = code::name(&self.name);
        format!("op.alter_domain({name}){};", calls.concat())
    }
}

fn clause(spell: &dyn Spell, change: &DomainChange) -> Result<String> {
    Ok(match change {
        DomainChange::SetDefault(expr) => format!("SET DEFAULT {}", sql::expression(&expr.written)),
        DomainChange::DropDefault => "DROP DEFAULT".into(),
        DomainChange::SetNotNull => "SET NOT NULL".into(),
        DomainChange::DropNotNull => "DROP NOT NULL".into(),
        DomainChange::AddCheck(check) => {
            let not_valid = if check.not_valid { " NOT VALID" } else { "" };
            let check = sql::constraint(spell, &check.clone().into())?;
            format!("ADD {check}{not_valid}")
        }
        DomainChange::DropConstraint(name) => format!("DROP CONSTRAINT {}", spell.quote(name)?),
        DomainChange::ValidateConstraint(name) => {
            format!("VALIDATE CONSTRAINT {}", spell.quote(name)?)
        }
    })
}

fn call(change: &DomainChange) -> String {
    match change {
        DomainChange::SetDefault(it) => format!(".set_default({})", code::expr(it)),
        DomainChange::DropDefault => ".drop_default()".into(),
        DomainChange::SetNotNull => ".set_not_null()".into(),
        DomainChange::DropNotNull => ".drop_not_null()".into(),
        DomainChange::AddCheck(it) => {
            format!(".add_check({})", code::constraint(&it.clone().into()))
        }
        DomainChange::DropConstraint(it) => format!(".drop_constraint({})", code::string(it)),
        DomainChange::ValidateConstraint(it) => {
            format!(".validate_constraint({})", code::string(it))
        }
    }
}

impl Operations {
    /// Changes a domain: say what, one call after the other (PostgreSQL). [`Self::rename_domain`] gives it another name.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.alter_domain("email")
    ///     .drop_constraint("ck_email")
    ///     .add_check(Check::new("VALUE ~ '@'").named("ck_email_at").not_valid());
    /// op.alter_domain("email").validate_constraint("ck_email_at");
    /// ```
    #[doc = include_str!("sql/alter_domain.md")]
    #[track_caller]
    pub fn alter_domain(&mut self, name: impl Into<QualifiedName>) -> Pending<'_, AlterDomain> {
        self.pending(AlterDomain {
            name: name.into(),
            changes: Vec::new(),
        })
    }
}

impl Pending<'_, AlterDomain> {
    /// Another default, as SQL text.
    pub fn set_default(self, sql: impl Into<Expr>) -> Self {
        self.change(DomainChange::SetDefault(Spelled::new(sql.into())))
    }

    /// No default.
    pub fn drop_default(self) -> Self {
        self.change(DomainChange::DropDefault)
    }

    /// Refuses NULL.
    pub fn set_not_null(self) -> Self {
        self.change(DomainChange::SetNotNull)
    }

    /// Takes NULL.
    pub fn drop_not_null(self) -> Self {
        self.change(DomainChange::DropNotNull)
    }

    /// One more check, of `VALUE`.
    pub fn add_check(self, check: Check) -> Self {
        self.change(DomainChange::AddCheck(check))
    }

    /// Drops a check.
    pub fn drop_constraint(self, name: impl Into<Ident>) -> Self {
        self.change(DomainChange::DropConstraint(name.into()))
    }

    /// Looks at the values that were there when the check was added `not_valid`.
    pub fn validate_constraint(self, name: impl Into<Ident>) -> Self {
        self.change(DomainChange::ValidateConstraint(name.into()))
    }

    fn change(mut self, change: DomainChange) -> Self {
        self.operation.changes.push(change);
        self
    }
}
