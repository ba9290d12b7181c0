//! What definitions leave in the catalog of MySQL and MariaDB, where each counts at once: the way in which the server shows the table
//! afterwards, or that there is such a thing.

use super::super::trace::{Trace, Words};
use super::super::turns::has_code;
use crate::db::Connection;
use crate::error::Result;
use crate::sql::split::Flavor;

/// Things that have a definition to be shown, by the words of [`shown`].
const KINDS: &[&str] = &[
    "table",
    "index",
    "view",
    "trigger",
    "procedure",
    "function",
    "event",
    "sequence",
    "database",
    "schema",
    "user",
    "role",
    "server",
    "tablespace",
];

/// What may stand before a name.
const BEFORE_NAME: &[&str] = &["if", "not", "exists", "temporary"];

pub(super) fn trace(sql: &str) -> Trace {
    let mut words = Words::of(sql, Flavor::Mysql);
    let verb = words.take().to_string();
    match verb.as_str() {
        "create" | "alter" | "drop" => definition(&verb, words),
        "rename" => {
            words.skip(&["table", "tables"]);
            all(names(&mut words, &["to", ","]), "table")
        }
        "truncate" | "analyze" | "optimize" | "repair" | "check" | "flush" | "grant" | "revoke"
        | "set" | "cache" | "reset" => Trace::Harmless,
        _ => Trace::None,
    }
}

fn definition(verb: &str, mut words: Words) -> Trace {
    if words.is("or") {
        return Trace::Harmless;
    }
    let Some(kind) = words.until(KINDS) else {
        return Trace::None;
    };
    match (verb, kind.as_str()) {
        (_, "index") => match words.until(&["on"]) {
            Some(_) => all(words.name().into_iter().collect(), "table"),
            None => Trace::None,
        },
        (_, "user" | "role" | "server" | "tablespace") => Trace::None,
        // What is said of these beside their names can be said again.
        ("alter", "procedure" | "function" | "event" | "database" | "schema" | "view") => {
            Trace::Harmless
        }
        ("drop", kind) => {
            words.skip(BEFORE_NAME);
            all(names(&mut words, &[","]), kind)
        }
        (_, kind) => {
            words.skip(BEFORE_NAME);
            all(words.name().into_iter().collect(), kind)
        }
    }
}

/// Names with one of these words between them.
fn names(words: &mut Words, between: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(name) = words.name() {
        names.push(name);
        if !between.contains(&words.peek()) {
            break;
        }
        words.take();
    }
    names
}

fn all(names: Vec<String>, kind: &str) -> Trace {
    let kind = match kind {
        "view" | "sequence" => "TABLE".to_string(),
        "schema" => "DATABASE".to_string(),
        kind => kind.to_uppercase(),
    };
    match names.is_empty() {
        true => Trace::None,
        false => Trace::Catalog(
            names
                .iter()
                .map(|name| format!("SHOW CREATE {kind} {name}"))
                .collect(),
        ),
    }
}

/// The errors that say that there is no such thing: database, table, routine, trigger, event
/// (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>).
const ABSENT: &[&str] = &["1049", "1146", "1305", "1360", "1539", "4091"];

/// What the server shows, but for the number that it gives to the next row; nothing if it is not there.
pub(super) async fn look(connection: &mut Connection, query: &str) -> Result<String> {
    let rows = match connection.fetch(query).await {
        Ok(rows) => rows,
        Err(error) if has_code(&error, ABSENT) => return Ok(String::new()),
        Err(error) => return Err(error.into()),
    };
    // A default may be of bytes that are no text.
    let shown: Option<Option<Vec<u8>>> = rows.first().map(|row| row.at(1)).transpose()?;
    let shown = match String::from_utf8(shown.flatten().unwrap_or_default()) {
        Ok(text) => text,
        Err(error) => error.as_bytes().escape_ascii().to_string(),
    };
    let Some((before, rest)) = shown.split_once(" AUTO_INCREMENT=") else {
        return Ok(shown);
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    Ok(format!("{before}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_looked_for_where_they_are_kept() {
        let shows = |sql: &str| match trace(sql) {
            Trace::Catalog(queries) => queries.join("; "),
            other => format!("{other:?}"),
        };
        for (sql, expected) in [
            (
                "CREATE TABLE IF NOT EXISTS `a b`.`t``x` (id int)",
                "SHOW CREATE TABLE `a b`.`t``x`",
            ),
            (
                "alter online table t add column a int, drop b",
                "SHOW CREATE TABLE t",
            ),
            ("CREATE UNIQUE INDEX `on` ON t (a)", "SHOW CREATE TABLE t"),
            (
                "/* x */ DROP INDEX ix ON other.t",
                "SHOW CREATE TABLE other.t",
            ),
            (
                "DROP TABLE IF EXISTS a, b.c",
                "SHOW CREATE TABLE a; SHOW CREATE TABLE b.c",
            ),
            (
                "RENAME TABLE a TO b, c TO d",
                "SHOW CREATE TABLE a; SHOW CREATE TABLE b; SHOW CREATE TABLE c; SHOW CREATE TABLE d",
            ),
            (
                "CREATE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1",
                "SHOW CREATE TABLE v",
            ),
            (
                "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
                "SHOW CREATE TRIGGER tr",
            ),
            ("DROP PROCEDURE p", "SHOW CREATE PROCEDURE p"),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", "Harmless"),
            ("TRUNCATE t", "Harmless"),
            ("CALL p()", "None"),
            ("CREATE USER a", "None"),
        ] {
            assert_eq!(shows(sql), expected, "{sql}");
        }
    }
}
