//! Whether two texts say the same, as far as their tokens tell: the database keeps the bodies of triggers and routines as they
//! were written. White space, comments, the case of keywords, and quotes say nothing; the case of a name does, since on most
//! servers that of a table does, and a query's columns are called by it.

use super::{text, words};
use crate::sql::split::{Token, TokenKind};
use std::collections::BTreeSet;

/// Whether two texts have the same tokens. A text that cannot be read is the same as itself alone.
pub(super) fn same(a: &str, b: &str) -> bool {
    match (units(a), units(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.trim() == b.trim(),
    }
}

/// The tokens of a text, each in one spelling, without the semicolons that close it.
fn units(sql: &str) -> Option<Vec<String>> {
    let tokens = text::significant(sql)?;
    let mut units = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        units.push(unit(sql, before, token, tokens.get(at + 1)));
    }
    while units.last().is_some_and(|it| it == ";") {
        units.pop();
    }
    Some(units)
}

fn unit(sql: &str, before: Option<&Token>, token: &Token, next: Option<&Token>) -> String {
    let source = token.text(sql);
    let near = |it: Option<&Token>| it.map_or("", |it| it.text(sql));
    match token.kind {
        TokenKind::Word => {
            let lower = source.to_ascii_lowercase();
            let called = near(next) == "(" || (near(next) == "." && is_row(&lower));
            let set =
                ["charset", "set", "collate"].contains(&near(before).to_ascii_lowercase().as_str());
            match called || set || is_keyword(&lower) {
                true => lower,
                false => source.to_string(),
            }
        }
        TokenKind::QuotedIdent => name(&words::unquoted(source)),
        TokenKind::String => match text::value(source) {
            Some(value) => text::literal(&value, true),
            None => source.to_ascii_lowercase(),
        },
        TokenKind::Number => source.to_ascii_lowercase(),
        _ => source.to_string(),
    }
}

/// A name without quotes, unless it would be something else.
fn name(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let lower = name.to_ascii_lowercase();
    let is_plain = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    match is_plain && !is_keyword(&lower) {
        true => name.to_string(),
        false => format!("`{name}`"),
    }
}

fn is_row(word: &str) -> bool {
    ["new", "old"].contains(&word)
}

fn is_keyword(word: &str) -> bool {
    words::is_reserved(word) || UNRESERVED.binary_search(&word).is_ok()
}

/// The names in a query whose columns are all of those that something has: `SELECT *`, `SELECT t.*`. None in one that says its
/// columns.
pub(super) fn names_with_star(sql: &str) -> Option<BTreeSet<String>> {
    let tokens = text::significant(sql)?;
    let before = |at: usize| at.checked_sub(1).and_then(|at| tokens.get(at));
    let is_star = |at: usize| {
        let word = before(at)
            .map_or("", |it| it.text(sql))
            .to_ascii_lowercase();
        ["select", "distinct", "all", ",", "."].contains(&word.as_str())
    };
    let mut places = tokens.iter().enumerate();
    places.find(|(at, it)| it.text(sql) == "*" && is_star(*at))?;
    let named = tokens
        .iter()
        .filter(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent));
    Some(named.map(|it| words::unquoted(it.text(sql))).collect())
}

/// Words that are keywords where they stand, and may be names elsewhere
/// (<https://dev.mysql.com/doc/refman/8.4/en/keywords.html>): those of bodies, queries and types. Sorted, in lower case.
const UNRESERVED: &[&str] = &[
    "action",
    "any",
    "ascii",
    "at",
    "atomic",
    "begin",
    "bit",
    "bool",
    "boolean",
    "cascaded",
    "charset",
    "close",
    "commit",
    "completion",
    "current",
    "data",
    "date",
    "datetime",
    "day",
    "deallocate",
    "definer",
    "do",
    "duplicate",
    "end",
    "engine",
    "enum",
    "errors",
    "escape",
    "execute",
    "first",
    "following",
    "found",
    "get",
    "global",
    "handler",
    "hour",
    "immediate",
    "invoker",
    "isolation",
    "json",
    "language",
    "last",
    "level",
    "local",
    "message_text",
    "microsecond",
    "minute",
    "mode",
    "month",
    "mysql_errno",
    "names",
    "national",
    "next",
    "no",
    "nowait",
    "offset",
    "oj",
    "only",
    "open",
    "partial",
    "preceding",
    "prepare",
    "prev",
    "quarter",
    "repeatable",
    "returned_sqlstate",
    "rollback",
    "rollup",
    "row_count",
    "savepoint",
    "second",
    "security",
    "serializable",
    "session",
    "share",
    "signed",
    "skip",
    "some",
    "sounds",
    "start",
    "temporary",
    "temptable",
    "text",
    "time",
    "timestamp",
    "transaction",
    "truncate",
    "unbounded",
    "uncommitted",
    "unicode",
    "unknown",
    "value",
    "view",
    "wait",
    "warnings",
    "week",
    "work",
    "year",
];

/// Whether two queries say the same, as far as text can tell where the database spells one of them: without the names of the
/// `database`, without the table before a column where there is but one such name, and without the `AS` of what is called so anyway.
pub(super) fn loosely_same(mine: &str, echo: &str, database: Option<&str>) -> bool {
    let read = |sql| units(sql).map(|it| without_database(it, database));
    let (Some(mine), Some(echo)) = (read(mine), read(echo)) else {
        return false;
    };
    let mut tables: Vec<&str> = qualifiers(&mine).chain(qualifiers(&echo)).collect();
    tables.sort_unstable();
    tables.dedup();
    let alone = match tables.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    plain(&mine, alone) == plain(&echo, alone)
}

/// The tables before columns. What stands nowhere by itself is a database before its tables.
fn qualifiers(units: &[String]) -> impl Iterator<Item = &str> {
    let next = |at: usize| units.get(at + 1).map_or("", String::as_str);
    let is_named = move |name: &str| {
        let mut places = units.iter().enumerate();
        places.any(|(at, it)| it == name && next(at) != ".")
    };
    let before = units.iter().enumerate().filter(move |it| next(it.0) == ".");
    before
        .map(|it| it.1.as_str())
        .filter(move |it| is_named(it))
}

fn without_database(units: Vec<String>, database: Option<&str>) -> Vec<String> {
    let Some(database) = database.map(name) else {
        return units;
    };
    let mut found = Vec::new();
    let mut rest = units.into_iter().peekable();
    while let Some(unit) = rest.next() {
        if unit == database && rest.peek().is_some_and(|it| it == ".") {
            rest.next();
        } else {
            found.push(unit);
        }
    }
    found
}

/// Units as they are compared loosely; without the one table before columns, if there is but one.
fn plain(units: &[String], alone: Option<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let next = |by: usize| units.get(at + by).map_or("", String::as_str);
        let (step, kept) = match unit.as_str() {
            unit if alone == Some(unit) && next(1) == "." => (2, None),
            // The character set of a string.
            unit if unit.starts_with('_') && next(1).starts_with('\'') => (1, None),
            // The database calls every column by its name.
            "as" if found.last().is_some_and(|it| it == next(1)) => (2, None),
            "as" | "inner" => (1, None),
            "count" if next(1) == "(" && next(2) == "*" => {
                found.extend(["count", "("].map(String::from));
                (3, Some("0"))
            }
            other => (1, Some(other)),
        };
        found.extend(kept.map(str::to_string));
        at += step;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(UNRESERVED.is_sorted());
    }

    #[test]
    fn what_is_the_same() {
        for (a, b) in [
            (
                "INSERT INTO t VALUES (NEW.a);",
                "insert into `t` values(new.`a`) /* x */ -- y",
            ),
            ("SET @a = 'it''s'", "set @a = \"it's\" # z"),
            (
                "DECLARE x DATETIME DEFAULT NOW()",
                "declare x datetime default now ( )",
            ),
            (
                "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'",
                "signal sqlstate '45000' set message_text = 'no'",
            ),
            ("SELECT X'aB', 0xAB", "select x'Ab', 0xab"),
            ("SELECT `order` FROM `a b`", "select `order` from `a b`;;"),
        ] {
            assert!(same(a, b), "{a} | {b}");
        }
        assert!(same("SELECT 'open", " SELECT 'open "));
    }

    #[test]
    fn what_is_not() {
        for (a, b) in [
            ("SELECT 'A'", "SELECT 'a'"),
            ("SELECT a FROM T", "SELECT a FROM t"),
            ("SELECT 'a'", "SELECT a"),
            ("SELECT `order`", "SELECT order"),
            ("SELECT `a b`", "SELECT a b"),
            ("SELECT '1'", "SELECT 1"),
            ("SELECT 'open", "SELECT 'open '"),
        ] {
            assert!(!same(a, b), "{a} | {b}");
        }
    }

    #[test]
    fn stars() {
        for sql in [
            "SELECT * FROM t",
            "select distinct * from `t`",
            "SELECT 1, t.* FROM t",
        ] {
            assert!(
                names_with_star(sql).is_some_and(|it| it.contains("t")),
                "{sql}"
            );
        }
        for sql in [
            "SELECT count(*), a * b, 2*3 FROM t",
            "SELECT '*' FROM t",
            "SELECT `*` FROM t",
        ] {
            assert_eq!(names_with_star(sql), None, "{sql}");
        }
    }

    #[test]
    fn what_an_echo_may_be_of() {
        let of = |mine, echo| loosely_same(mine, echo, Some("a db"));
        assert!(of(
            "SELECT id, v.name n, COUNT(*) AS total FROM visits AS v WHERE id > 1",
            "select `v`.`id` AS `id`,`v`.`name` AS `n`,count(0) AS `total` from `a db`.`visits` `v` where `v`.`id` > 1"
        ));
        assert!(of(
            "SELECT a.id FROM a INNER JOIN b",
            "select `a`.`id` AS `id` from `a db`.`a` join `a db`.`b`"
        ));
        for (mine, echo) in [
            (
                "SELECT a.id FROM a JOIN b",
                "select `b`.`id` AS `id` from `a` join `b`",
            ),
            ("SELECT id FROM a", "select `a`.`id` AS `other` from `a`"),
            ("SELECT id FROM a", "select `id` AS `id` from `db`.`a`"),
            ("SELECT 'open", "SELECT 'open"),
        ] {
            assert!(!of(mine, echo), "{mine} | {echo}");
        }
    }
}
