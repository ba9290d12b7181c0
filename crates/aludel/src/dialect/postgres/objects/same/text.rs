//! Where the database cannot be asked: what certainly means the same as text.

use super::super::super::pieces::{Kind, Piece, join, read};
use super::super::super::{expression, loose, types};
use crate::schema::{Expr, Function, Spelled};
use std::collections::BTreeSet;

/// Whether two queries are the same. The database says of each column from which table it is; where there is only one, this is no
/// difference.
pub(super) fn same_query(one: &Spelled<Expr>, other: &Spelled<Expr>) -> bool {
    let spelled = |it: &Spelled<Expr>| {
        let text = it.written.as_str().trim().trim_end_matches(';').trim_end();
        match read(text).and_then(|it| unqualified(&it)) {
            Some(pieces) => loose::condition(&join(&pieces)),
            None => loose::condition(text),
        }
    };
    spelled(one) == spelled(other)
}

/// The pieces of a query of one table without that table's name in front of its columns.
fn unqualified(pieces: &[Piece]) -> Option<Vec<Piece>> {
    let is = |at: usize, text: &str| pieces.get(at).is_some_and(|it| it.text == text);
    let mut froms = (0..pieces.len()).filter(|at| is(*at, "from"));
    let from = froms.next()?;
    let several = froms.next().is_some() || pieces.iter().any(|it| it.text == "join");
    // `FROM other.t`, `FROM t AS x`, `FROM t x`: what the columns may be called after is the last of these names.
    let mut at = from + 1;
    while is(at + 1, ".") {
        at += 2;
    }
    if is(at + 1, "as") {
        at += 2;
    }
    let name = pieces.get(at).filter(|it| it.kind == Kind::Word)?;
    if several || is(at + 1, ",") {
        return None;
    }
    let mut out = Vec::new();
    let mut skipped = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let qualifier = (at < from || at > from + 1) && piece == name && is(at + 1, ".");
        if qualifier && !(at > 0 && is(at - 1, ".")) {
            skipped = 2;
        }
        match skipped {
            0 => out.push(piece.clone()),
            _ => skipped -= 1,
        }
    }
    Some(out)
}

/// Whether two functions of the same name have arguments of the same types.
pub(super) fn same_arguments(one: &str, other: &str) -> bool {
    let (one, other) = (incoming(one), incoming(other));
    one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(one, other)| !one.is_disjoint(other))
}

/// The arguments that a caller gives, each as the types that it may be: the first word of one may be its name.
fn incoming(arguments: &str) -> Vec<BTreeSet<String>> {
    let mut types = Vec::new();
    for argument in split(&read(arguments).unwrap_or_default()) {
        let end = argument
            .iter()
            .position(|it| matches!(it.text.as_str(), "default" | "=" | ":="));
        let mut argument = &argument[..end.unwrap_or(argument.len())];
        match argument.first().map(|it| it.text.as_str()) {
            Some("out") => continue,
            Some("in" | "inout" | "variadic") => argument = &argument[1..],
            _ => {}
        }
        let spelled = |pieces: &[Piece]| types::canonical_text(&join(pieces));
        let mut may_be = BTreeSet::from([spelled(argument)]);
        if let [_, ty @ ..] = argument
            && !ty.is_empty()
        {
            may_be.insert(spelled(ty));
        }
        types.push(may_be);
    }
    types
}

/// A list at its commas.
fn split(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    let mut depth = 0;
    for piece in pieces {
        match piece.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        match piece.text.as_str() {
            "," if depth == 0 => items.push(std::mem::take(&mut item)),
            _ => item.push(piece.clone()),
        }
    }
    if !item.is_empty() {
        items.push(item);
    }
    items
}

/// Whether two functions whose arguments are of the same types are the same.
pub(super) fn same_function(one: &Function, other: &Function) -> bool {
    let list = |it: &Function| {
        let items = split(&read(&it.arguments).unwrap_or_default()).into_iter();
        let spelled = items.map(|it| types::canonical_text(&join(&it)));
        spelled.collect::<Vec<_>>()
    };
    let returns = |it: &Function| it.returns.as_deref().map(types::canonical_text);
    let language = |it: &Function| {
        let language = it.language.as_deref().unwrap_or("sql");
        language.to_lowercase()
    };
    let body = |it: &Function| match it.sql_body {
        true => expression::canonical(&it.body),
        false => it.body.clone(),
    };
    one.procedure == other.procedure
        && one.sql_body == other.sql_body
        && list(one) == list(other)
        && returns(one) == returns(other)
        && language(one) == language(other)
        && attributes(one) == attributes(other)
        && body(one) == body(other)
}

/// The attributes without those that say what is so by itself.
fn attributes(function: &Function) -> BTreeSet<String> {
    let all = function.attributes.iter().map(|it| {
        let text = read(it).map_or_else(|| it.clone(), |it| join(&it));
        match text.as_str() {
            "returns null on null input" => "strict".into(),
            "external security definer" => "security definer".into(),
            _ => match text
                .strip_prefix("set ")
                .and_then(|it| it.split_once(" = "))
            {
                Some((name, value)) => format!("set {name} to {value}"),
                None => text,
            },
        }
    });
    let usual = [
        "volatile",
        "called on null input",
        "security invoker",
        "external security invoker",
        "not leakproof",
        "parallel unsafe",
        "cost 100",
        "rows 1000",
    ];
    all.filter(|it| !usual.contains(&it.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_of_one_table() {
        let same = |one: &str, other: &str| same_query(&one.into(), &other.into());
        assert!(same(
            "SELECT id, name FROM visits WHERE name = 'a';",
            " SELECT visits.id,\n    visits.name\n   FROM visits\n  WHERE (visits.name = 'a'::text)"
        ));
        assert!(same(
            "SELECT v.id FROM other.visits AS v",
            "SELECT id FROM other.visits v"
        ));
        assert!(!same("SELECT a.id FROM a, b", "SELECT b.id FROM a, b"));
        assert!(!same(
            "SELECT id FROM visits",
            "SELECT visits.id2 FROM visits"
        ));
    }

    #[test]
    fn arguments_of_functions() {
        for (one, other) in [
            ("int", "integer"),
            (
                "a int, b varchar(3) = ')'",
                "a integer, b character varying DEFAULT ')'::character varying",
            ),
            (
                "IN a timestamptz, OUT b int",
                "a timestamp with time zone, OUT c integer",
            ),
        ] {
            let sized = one.replace("(3)", "");
            assert!(same_arguments(&sized, other), "{one}");
        }
        assert!(!same_arguments("int", "bigint"));
        assert!(!same_arguments("int", "integer, integer"));
    }

    #[test]
    fn attributes_of_functions() {
        let one = Function::new("f", "")
            .attribute("Immutable")
            .attribute("set search_path = a");
        let other = Function::new("f", "")
            .attribute("SET search_path TO a")
            .attribute("IMMUTABLE")
            .attribute("PARALLEL UNSAFE");
        assert!(same_function(&one, &other));
        assert!(!same_function(&one, &Function::new("f", "")));
    }
}
