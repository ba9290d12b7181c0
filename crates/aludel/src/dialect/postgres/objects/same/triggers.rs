//! Triggers: what they say is compared as it is, but for their conditions and for the functions that they call, which the database
//! may know under more than one name.

use super::super::super::session::Session;
use super::super::super::{Postgres, pieces};
use super::super::probes::{Plan, literals, relation};
use super::Verdicts;
use super::conditions::{self, Asked};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Ident, Objects, QualifiedName, Schema, Trigger, TriggerEvent};
use std::collections::{BTreeMap, BTreeSet};

/// A table and a name.
pub(in super::super) type Key = (QualifiedName, Ident);

/// What the database calls the functions that triggers call.
#[derive(Debug, Default)]
pub(in super::super) struct Calls(BTreeMap<String, String>);

impl Calls {
    /// Asks about the functions of triggers that say it in other words than the live ones.
    pub(in super::super) async fn ask(
        connection: &mut Connection,
        model: &Objects,
        live: &Objects,
    ) -> Result<Self> {
        let mut wanted = BTreeSet::new();
        for (key, trigger) in &model.triggers {
            let live = live.triggers.get(key).map(|it| &it.execute);
            if live.is_some_and(|it| *it != trigger.execute) {
                let both = [trigger.execute.as_ref(), live.and_then(Option::as_ref)];
                let calls = both.into_iter().flatten();
                wanted.extend(calls.filter_map(|it| Some(call(it)?.0)));
            }
        }
        let mut calls = Self::default();
        if wanted.is_empty() {
            return Ok(calls);
        }
        let sql = format!(
            "SELECT f.name, pg_catalog.to_regprocedure(f.name)::pg_catalog.int8 AS found \
             FROM pg_catalog.unnest(ARRAY[{}]) f(name)",
            literals(wanted.iter().map(String::as_str))
        );
        for row in connection.fetch(&sql).await? {
            if let Some(found) = row.get::<Option<i64>>("found")? {
                calls.0.insert(row.get("name")?, found.to_string());
            }
        }
        Ok(calls)
    }

    /// Whether two calls are the same.
    fn same(&self, one: Option<&String>, other: Option<&String>) -> bool {
        if one == other {
            return true;
        }
        let read = |it: Option<&String>| {
            let (function, arguments) = call(it?)?;
            Some((self.0.get(&function)?, arguments))
        };
        let one = read(one);
        one.is_some() && one == read(other)
    }
}

/// A function without arguments, and the texts that a trigger gives it: a number and a name are texts, too.
fn call(text: &str) -> Option<(String, Vec<String>)> {
    let pieces = pieces::read(text)?;
    let open = pieces.iter().position(|it| it.text == "(")?;
    let (close, inside) = pieces[open + 1..].split_last()?;
    if close.text != ")" || !matches!(open, 1 | 3) {
        return None;
    }
    let mut arguments = Vec::new();
    for (at, piece) in inside.iter().enumerate() {
        match (at % 2, piece.kind) {
            (1, _) if piece.text == "," => {}
            (0, pieces::Kind::String) => arguments.push(piece.text.clone()),
            (0, pieces::Kind::Number) => {
                let number = piece.text.parse::<i32>().map(|it| it.to_string());
                arguments.push(pieces::string_literal(
                    &number.unwrap_or(piece.text.clone()),
                ));
            }
            (0, pieces::Kind::Word) => {
                let name = piece.text.trim_matches('"').replace("\"\"", "\"");
                arguments.push(pieces::string_literal(&name));
            }
            _ => return None,
        }
    }
    Some((format!("{}()", pieces::join(&pieces[..open])), arguments))
}

/// The probes of the conditions of triggers that are there.
pub(in super::super) fn ask(
    dialect: &Postgres,
    session: &Session,
    plan: &mut Plan,
    model: &Schema,
    live: &Schema,
) -> BTreeMap<Key, Asked> {
    let mut asked = BTreeMap::new();
    for (key, trigger) in &model.objects.triggers {
        let Some(live) = live.objects.triggers.get(key) else {
            continue;
        };
        let table = relation(dialect, session, &trigger.table);
        let from = table.map(|it| format!("{it} AS old, {it} AS new"));
        let conditions = (trigger.when.as_ref(), live.when.as_ref());
        let condition = conditions::ask(plan, &from, conditions.0, conditions.1);
        asked.insert(key.clone(), condition);
    }
    asked
}

pub(in super::super) fn take_over(
    verdicts: &mut Verdicts<'_>,
    model: &mut Schema,
    live: &Schema,
    asked: &BTreeMap<Key, Asked>,
    calls: &Calls,
) {
    for (key, condition) in asked {
        let triggers = (
            model.objects.triggers.get_mut(key),
            live.objects.triggers.get(key),
        );
        let (Some(model), Some(live)) = triggers else {
            continue;
        };
        let conditions = (model.when.as_ref(), live.when.as_ref());
        if alike(model, live)
            && calls.same(model.execute.as_ref(), live.execute.as_ref())
            && conditions::same(verdicts, condition, conditions.0, conditions.1)
        {
            let when = conditions::in_own_words(model.when.take(), live.when.as_ref());
            *model = Trigger {
                when,
                fires: model.fires,
                ..live.clone()
            };
        }
    }
}

/// Whether two triggers say the same apart from the condition and the call.
fn alike(model: &Trigger, live: &Trigger) -> bool {
    model.timing == live.timing
        && events(model) == events(live)
        && model.for_each_statement == live.for_each_statement
        && model.constraint == live.constraint
        && model.deferrable == live.deferrable
        && model.refers_to == live.refers_to
        && model.old_table == live.old_table
        && model.new_table == live.new_table
}

/// The events, whose order does not matter, and the columns that an update must set.
fn events(trigger: &Trigger) -> BTreeSet<(u8, BTreeSet<&Ident>)> {
    let all = trigger.events.iter().map(|it| match it {
        TriggerEvent::Insert => (0, BTreeSet::new()),
        TriggerEvent::Update(columns) => (1, columns.iter().collect()),
        TriggerEvent::Delete => (2, BTreeSet::new()),
        TriggerEvent::Truncate => (3, BTreeSet::new()),
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_functions() {
        let read = |text| call(text).map(|(name, arguments)| format!("{name} {arguments:?}"));
        for (text, found) in [
            ("touch()", "touch() []"),
            (
                "Audit.\"Touch\" ( 'it''s', 010, A, \"B\" )",
                "audit.\"Touch\"() [\"'it''s'\", \"'10'\", \"'a'\", \"'B'\"]",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Some(found));
        }
        for text in ["touch", "a.b.c()", "f('a' || 'b')", "f() WHEN"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
