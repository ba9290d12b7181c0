//! Policies: what they say is compared as it is, but for their conditions.

use super::super::super::Postgres;
use super::super::super::session::Session;
use super::super::probes::{Plan, relation};
use super::Verdicts;
use super::conditions::{self, Asked};
use crate::schema::{Ident, Policy, QualifiedName, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// A table and a name.
pub(in super::super) type Key = (QualifiedName, Ident);

/// The probes of the conditions of policies that are there: what is seen, and what may be written.
pub(in super::super) fn ask(
    dialect: &Postgres,
    session: &Session,
    plan: &mut Plan,
    model: &Schema,
    live: &Schema,
) -> BTreeMap<Key, [Asked; 2]> {
    let mut asked = BTreeMap::new();
    for (key, policy) in &model.objects.policies {
        let Some(live) = live.objects.policies.get(key) else {
            continue;
        };
        let from = relation(dialect, session, &policy.table);
        let pairs = conditions_of(policy).into_iter().zip(conditions_of(live));
        let both: Vec<Asked> = pairs
            .map(|(model, live)| conditions::ask(plan, &from, model, live))
            .collect();
        if let Ok(both) = both.try_into() {
            asked.insert(key.clone(), both);
        }
    }
    asked
}

fn conditions_of(policy: &Policy) -> [Option<&crate::schema::Spelled<crate::schema::Expr>>; 2] {
    [policy.using.as_ref(), policy.with_check.as_ref()]
}

pub(in super::super) fn take_over(
    verdicts: &mut Verdicts<'_>,
    session: &Session,
    model: &mut Schema,
    live: &Schema,
    asked: &BTreeMap<Key, [Asked; 2]>,
) {
    for (key, asked) in asked {
        let policies = (
            model.objects.policies.get_mut(key),
            live.objects.policies.get(key),
        );
        let (Some(model), Some(live)) = policies else {
            continue;
        };
        let mut same = [false; 2];
        let pairs = conditions_of(model).into_iter().zip(conditions_of(live));
        for (at, (model, live)) in pairs.enumerate() {
            same[at] = conditions::same(verdicts, &asked[at], model, live);
        }
        // What is the same is so in a policy that has changed, too.
        if same[0] {
            model.using = conditions::in_own_words(model.using.take(), live.using.as_ref());
        }
        if same[1] {
            let check = live.with_check.as_ref();
            model.with_check = conditions::in_own_words(model.with_check.take(), check);
        }
        if roles(session, model) == roles(session, live) {
            model.roles = live.roles.clone();
        }
        model.holds = live.holds.clone();
    }
}

/// The roles by name. `public` is everybody, even beside others.
fn roles<'p>(session: &'p Session, policy: &'p Policy) -> BTreeSet<&'p str> {
    let name = |it: &'p Ident| match it.as_str() {
        "CURRENT_USER" | "CURRENT_ROLE" => session.roles.0.as_str(),
        "SESSION_USER" => session.roles.1.as_str(),
        name => name,
    };
    let names: BTreeSet<&str> = policy.roles.iter().map(name).collect();
    match names.contains("public") {
        true => BTreeSet::new(),
        false => names,
    }
}
