//! Where the database cannot be asked: what certainly means the same as text.

use super::super::super::pieces::{Kind, Piece, join, read};
use super::super::super::{expression, loose, types};
use crate::schema::{Expr, Function, Spelled};
use std::collections::BTreeSet;

/// Whether a declared query is the live one. The database says of each column from which table it is; where there is only one, this
/// is no difference.
pub(super) fn same_query(model: &Spelled<Expr>, live: &Spelled<Expr>) -> bool {
    let echo = live.canonical.as_deref();
    spelled_query(model.written.as_str()) == spelled_query(echo.unwrap_or(live.written.as_str()))
}

/// A query in one spelling: what stands before its condition, and from there on.
fn spelled_query(text: &str) -> [String; 2] {
    let text = text.trim().trim_end_matches(';').trim_end();
    let Some(pieces) = read(text) else {
        return [text.to_string(), String::new()];
    };
    let pieces = unqualified(&pieces).unwrap_or(pieces);
    let mut depth = 0;
    let condition = pieces.iter().position(|it| {
        match it.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        depth == 0 && it.text == "where"
    });
    let (head, tail) = pieces.split_at(condition.map_or(pieces.len(), |it| it + 1));
    [head, tail].map(|it| loose::condition(&join(it)))
}

/// The pieces of a query of one table without that table's name in front of its columns.
fn unqualified(pieces: &[Piece]) -> Option<Vec<Piece>> {
    let is = |at: usize, text: &str| pieces.get(at).is_some_and(|it| it.text == text);
    let mut froms = (0..pieces.len()).filter(|at| is(*at, "from"));
    let from = froms.next()?;
    let several = froms.next().is_some() || pieces.iter().any(|it| it.text == "join");
    // `FROM other.t`, `FROM t AS x`, `FROM t x`: what the columns may be called after is the last of these names.
    let mut last = from + 1;
    while is(last + 1, ".") {
        last += 2;
    }
    let mut alias = last;
    if is(last + 1, "as") {
        alias += 2;
    } else if pieces
        .get(last + 1)
        .is_some_and(|it| it.kind == Kind::Word && !BEHIND_A_TABLE.contains(&it.text.as_str()))
    {
        alias += 1;
    }
    let name = pieces.get(alias).filter(|it| it.kind == Kind::Word)?;
    if several || is(alias + 1, ",") {
        return None;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let of_table = at > from && at <= last;
        let bare = !(at > 0 && is(at - 1, "."));
        if !of_table && piece == name && bare && is(at + 1, ".") {
            at += 1;
        } else if at <= last || at > alias {
            out.push(piece.clone());
        }
        at += 1;
    }
    Some(out)
}

/// What may follow a table and is no name for it.
const BEHIND_A_TABLE: &[&str] = &[
    "except",
    "fetch",
    "for",
    "group",
    "having",
    "intersect",
    "limit",
    "offset",
    "order",
    "tablesample",
    "union",
    "where",
    "window",
];

/// An argument of a function.
#[derive(Debug, Default)]
struct Argument {
    /// `in`, `out`, `inout`, `variadic`.
    mode: String,
    /// The name and the type that it may have: its first word may be a name.
    may_be: BTreeSet<(String, String)>,
    default: Option<String>,
}

/// Whether two functions of the same name have arguments of the same types.
pub(super) fn same_arguments(one: &str, other: &str) -> bool {
    let incoming = |text: &str| -> Vec<BTreeSet<String>> {
        let all = arguments(text).into_iter().filter(|it| it.mode != "out");
        let types = all.map(|it| it.may_be.into_iter().map(|(_, ty)| ty).collect());
        types.collect()
    };
    let (one, other) = (incoming(one), incoming(other));
    let mut pairs = one.iter().zip(&other);
    one.len() == other.len() && pairs.all(|(one, other)| !one.is_disjoint(other))
}

fn arguments(text: &str) -> Vec<Argument> {
    let items = split(&read(text).unwrap_or_default());
    items.iter().map(|it| argument(it)).collect()
}

fn argument(pieces: &[Piece]) -> Argument {
    let starts_default = |it: &Piece| matches!(it.text.as_str(), "default" | "=" | ":=");
    let end = pieces.iter().position(starts_default);
    let (mut said, default) = match end {
        Some(at) => (&pieces[..at], Some(join(&pieces[at + 1..]))),
        None => (pieces, None),
    };
    let mut mode = "in".to_string();
    if let Some((first, rest)) = said.split_first()
        && matches!(first.text.as_str(), "in" | "out" | "inout" | "variadic")
    {
        mode.clone_from(&first.text);
        said = rest;
    }
    let spelled = |pieces: &[Piece]| types::canonical_text(&join(pieces));
    let mut may_be = BTreeSet::from([(String::new(), spelled(said))]);
    if let Some((name, ty)) = said.split_first()
        && !ty.is_empty()
    {
        may_be.insert((name.text.clone(), spelled(ty)));
    }
    let default = default.map(|it| {
        let types: Vec<String> = may_be.iter().map(|(_, ty)| ty.clone()).collect();
        loose::default(&it, types.last().map_or("", String::as_str))
    });
    Argument {
        mode,
        may_be,
        default,
    }
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
    let (ours, theirs) = (arguments(&one.arguments), arguments(&other.arguments));
    let mut pairs = ours.iter().zip(&theirs);
    let same_arguments = ours.len() == theirs.len()
        && pairs.all(|(one, other)| {
            one.mode == other.mode
                && one.default == other.default
                && !one.may_be.is_disjoint(&other.may_be)
        });
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
        && same_arguments
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
        let same = |one: &str, other: &str| spelled_query(one) == spelled_query(other);
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
