//! Domains: each is made under another name.

use super::super::super::{Postgres, loose, types};
use super::super::probes::{Answer, Kind, Plan};
use super::Verdicts;
use crate::dialect::Dialect as _;
use crate::ops::{CreateDomain, Operation};
use crate::schema::{Check, Domain, QualifiedName, Schema};
use std::collections::BTreeMap;

/// The probes of the domains that are there.
pub(in super::super) fn ask(
    dialect: &Postgres,
    plan: &mut Plan,
    model: &Schema,
    live: &Schema,
) -> BTreeMap<QualifiedName, String> {
    let mut asked = BTreeMap::new();
    for domain in model.objects.domains.values() {
        if !live.objects.domains.contains_key(&domain.name) {
            continue;
        }
        let probe = plan.add(Kind::Domain, false, |name| {
            let mut domain = domain.clone();
            domain.name = ("pg_temp", name).into();
            domain.checks.iter_mut().for_each(|it| it.not_valid = false);
            one(dialect, &CreateDomain { domain }.into())
        });
        asked.insert(domain.name.clone(), probe);
    }
    asked
}

/// The one statement that makes something; none if it cannot be said, or not in one.
pub(super) fn one(dialect: &Postgres, create: &Operation) -> Option<String> {
    let statements = dialect.statements(create, &Schema::default()).ok()?;
    match statements.as_slice() {
        [statement] => Some(statement.sql.clone()),
        _ => None,
    }
}

pub(in super::super) fn take_over(
    verdicts: &mut Verdicts<'_>,
    model: &mut Schema,
    live: &Schema,
    asked: &BTreeMap<QualifiedName, String>,
) {
    for (name, probe) in asked {
        let domain = model.objects.domains.get_mut(name);
        let (Some(domain), Some(live)) = (domain, live.objects.domains.get(name)) else {
            continue;
        };
        let same = match verdicts.echo.answer(&verdicts.echo.domains, probe) {
            Answer::Echo(echo) => {
                let same = same(domain, &echo.domain, live);
                in_its_words(domain, &echo.domain);
                same
            }
            Answer::Refused => false,
            Answer::Unasked => {
                let same = same(domain, &as_text(domain), &as_text(live));
                verdicts.as_text(same)
            }
        };
        if same {
            *domain = live.clone();
        }
    }
}

/// Gives the leaves of a domain the spelling of its echo, so that it can be told which of them have changed.
fn in_its_words(domain: &mut Domain, echo: &Domain) {
    domain.ty.canonical = echo.ty.canonical.clone();
    domain.collation = echo.collation.clone();
    if let (Some(default), Some(echo)) = (&mut domain.default, &echo.default) {
        default.canonical = echo.canonical.clone();
    }
    for check in domain.checks.iter_mut().filter(|it| it.name.is_some()) {
        if let Some(echo) = echo.checks.iter().find(|it| it.name == check.name) {
            check.expr.canonical = echo.expr.canonical.clone();
        }
    }
}

/// Whether the echo of a declared domain is the live one. Where the model names no check, its name is the database's choice.
fn same(model: &Domain, echo: &Domain, live: &Domain) -> bool {
    let alike = echo.ty.canonical == live.ty.canonical
        && echo.collation == live.collation
        && echo.default == live.default
        && echo.not_null == live.not_null
        && model.checks.len() == live.checks.len();
    let mut left: Vec<&Check> = live.checks.iter().collect();
    let mut take = |check: &Check, name: bool| {
        let not_valid = model
            .checks
            .iter()
            .any(|it| it.not_valid && it.name == check.name);
        let found = left.iter().position(|it| {
            it.expr == check.expr && it.not_valid == not_valid && (!name || it.name == check.name)
        });
        found.map(|at| left.remove(at)).is_some()
    };
    let said = |check: &&Check| {
        let named = model.checks.iter().filter(|it| it.name.is_some());
        named.clone().any(|it| it.name == check.name)
    };
    let (named, unnamed): (Vec<&Check>, Vec<&Check>) = echo.checks.iter().partition(said);
    alike
        && named.into_iter().all(|it| take(it, true))
        && unnamed.into_iter().all(|it| take(it, false))
}

/// The domain with its leaves as text alone can compare them.
fn as_text(domain: &Domain) -> Domain {
    let mut domain = domain.clone();
    let ty = types::canonical(&domain.ty.written);
    if let Some(default) = &mut domain.default {
        default.canonical = Some(loose::default(default.written.as_str(), &ty));
    }
    for check in &mut domain.checks {
        check.expr.canonical = Some(loose::condition(check.expr.written.as_str()));
    }
    domain.ty.canonical = Some(ty);
    domain
}
