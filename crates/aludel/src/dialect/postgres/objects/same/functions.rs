//! Functions and procedures: each is made under another name, and once more with its arguments alone, which tell which function it
//! is, whatever else has changed.

use super::super::super::{Postgres, expression, pieces};
use super::super::probes::{Answer, Kind, Plan};
use super::domains::one;
use super::{Verdicts, text};
use crate::ops::{CreateFunction, IfThere};
use crate::schema::{Function, QualifiedName, Schema};
use std::collections::BTreeMap;

/// A name and the arguments.
pub(in super::super) type Key = (QualifiedName, String);

/// The probes of a function.
#[derive(Debug)]
pub(in super::super) struct Asked {
    whole: String,
    arguments: String,
}

/// The probes of the functions of whose names there is any.
pub(in super::super) fn ask(
    dialect: &Postgres,
    plan: &mut Plan,
    model: &Schema,
    live: &Schema,
) -> BTreeMap<Key, Asked> {
    let mut asked = BTreeMap::new();
    for (key, function) in &model.objects.functions {
        if named(live, &key.0).next().is_none() {
            continue;
        }
        plan.identify(&key.0);
        let mut probe = |second: bool, function: Function| {
            plan.add(Kind::Function, second, |name| {
                let create = CreateFunction {
                    function: Function {
                        name: ("pg_temp", name).into(),
                        ..function
                    },
                    if_there: IfThere::Fail,
                };
                one(dialect, &create.into())
            })
        };
        let whole = probe(false, function.clone());
        let arguments = probe(!whole.is_empty(), arguments_alone(function));
        asked.insert(key.clone(), Asked { whole, arguments });
    }
    asked
}

/// The live functions of a name.
fn named<'s>(
    live: &'s Schema,
    name: &QualifiedName,
) -> impl Iterator<Item = (&'s Key, &'s Function)> {
    let name = name.clone();
    let all = live.objects.functions.iter();
    all.filter(move |((it, _), _)| *it == name)
}

/// A function of these arguments that does nothing. What it returns is said by the arguments that go out, if there are any.
fn arguments_alone(function: &Function) -> Function {
    let bare = Function::new(function.name.clone(), function.arguments.clone());
    let pieces = pieces::read(&function.arguments).unwrap_or_default();
    let goes_out = |it: &pieces::Piece| matches!(it.text.as_str(), "out" | "inout");
    match pieces.iter().any(goes_out) {
        true => bare,
        false => bare.returns("void"),
    }
}

pub(in super::super) fn take_over(
    verdicts: &mut Verdicts<'_>,
    model: &mut Schema,
    live: &Schema,
    asked: &BTreeMap<Key, Asked>,
) {
    let mut taken: BTreeMap<Key, Function> = BTreeMap::new();
    let mut left = Vec::new();
    for (key, function) in std::mem::take(&mut model.objects.functions) {
        let Some(asked) = asked.get(&key) else {
            left.push((key, function));
            continue;
        };
        match identity(verdicts, live, &key, asked) {
            Some(of_live) if !taken.contains_key(of_live) => {
                let inspected = &live.objects.functions[of_live];
                let kept = match is_same(verdicts, asked, &function, inspected) {
                    true => inspected.clone(),
                    false => in_its_words(verdicts, asked, function),
                };
                taken.insert(of_live.clone(), kept);
            }
            _ => left.push((key, function)),
        }
    }
    // One that another was taken for keeps its own key, if that is free.
    for (key, function) in left {
        taken.entry(key).or_insert(function);
    }
    model.objects.functions = taken;
}

/// A function that is not as it is there, with its call as the database spells it, so that it can be told whether that has changed.
fn in_its_words(verdicts: &Verdicts<'_>, asked: &Asked, model: Function) -> Function {
    let echo = verdicts.echo;
    match echo.answer(&echo.functions, &asked.whole) {
        Answer::Echo(found) => Function {
            arguments: found.function.arguments.clone(),
            returns: found.function.returns.clone(),
            ..model
        },
        _ => model,
    }
}

/// The live function that has the same arguments.
fn identity<'s>(
    verdicts: &mut Verdicts<'_>,
    live: &'s Schema,
    key: &Key,
    asked: &Asked,
) -> Option<&'s Key> {
    let echo = verdicts.echo;
    for probe in [&asked.whole, &asked.arguments] {
        if let Answer::Echo(found) = echo.answer(&echo.functions, probe) {
            let mut same = named(live, &key.0).map(|(it, _)| it);
            return same.find(|it| echo.types.get(*it) == Some(&found.types));
        }
    }
    let unasked = matches!(
        echo.answer(&echo.functions, &asked.arguments),
        Answer::Unasked
    );
    if unasked {
        verdicts.as_text(false);
    }
    let mut same = named(live, &key.0).map(|(it, _)| it);
    same.find(|it| text::same_arguments(&it.1, &key.1))
}

fn is_same(verdicts: &mut Verdicts<'_>, asked: &Asked, model: &Function, live: &Function) -> bool {
    let echo = verdicts.echo;
    match echo.answer(&echo.functions, &asked.whole) {
        Answer::Echo(found) => {
            let found = &found.function;
            let spelled = |it: &str| expression::canonical(it);
            found.procedure == live.procedure
                && found.returns == live.returns
                && found.language == live.language
                && found.attributes == live.attributes
                && found.sql_body == live.sql_body
                && spelled(&found.arguments) == spelled(&live.arguments)
                && match found.sql_body {
                    true => spelled(&found.body) == spelled(&live.body),
                    false => found.body == live.body,
                }
        }
        Answer::Refused => false,
        Answer::Unasked => verdicts.as_text(text::same_function(model, live)),
    }
}
