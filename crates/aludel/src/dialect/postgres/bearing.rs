//! Which statements PostgreSQL refuses inside a transaction, and which open and end one. Each page of the manual's reference
//! says so of its own command (<https://www.postgresql.org/docs/current/sql-commands.html>).

use crate::sql::split::Flavor;
use crate::sql::{Bearing, words_after};

/// The first words of all of them.
const FIRST: &[&str] = &[
    "abort", "alter", "begin", "cluster", "commit", "create", "discard", "drop", "end", "prepare",
    "reindex", "rollback", "start", "vacuum",
];

pub(super) fn bearing(sql: &str) -> Bearing {
    let words = words_after(sql, Flavor::Postgres, FIRST);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["begin", ..] | ["start", "transaction", ..] => Bearing::Begins,
        // A prepared transaction is another one than that which is open.
        ["commit" | "rollback", "prepared", ..] => Bearing::Outside,
        ["commit" | "end", ..] | ["prepare", "transaction", ..] => Bearing::Commits,
        ["rollback", rest @ ..] if rest.contains(&"to") => Bearing::Within,
        ["rollback" | "abort", ..] => Bearing::RollsBack,
        words if is_outside(words) => Bearing::Outside,
        _ => Bearing::Within,
    }
}

/// What remembers the search path in a setting of our own, and what brings it back, unless the setting is gone: with a transaction that
/// was rolled back, or by `DISCARD ALL`, which brings the path back itself.
pub(super) const AROUND_MOVE: (&str, &str) = (
    "SELECT set_config('aludel.search_path', current_setting('search_path'), false)",
    "SELECT set_config('search_path', current_setting('aludel.search_path'), false) WHERE current_setting('aludel.search_path', true) <> ''",
);

/// Whether a statement changes the search path. A dump of `pg_dump` empties it by `set_config`.
pub(super) fn moves(sql: &str) -> bool {
    const FIRST: &[&str] = &["do", "reset", "select", "set", "with"];
    let words = words_after(sql, Flavor::Postgres, FIRST);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["set", "schema", ..] | ["set", "session" | "local", "schema", ..] => true,
        words => words.iter().any(|word| word.contains("search_path")),
    }
}

fn is_outside(words: &[&str]) -> bool {
    match words {
        ["create", "unique", "index", "concurrently", ..]
        | ["create" | "drop", "index", "concurrently", ..]
        | [
            "create" | "drop",
            "database" | "tablespace" | "subscription",
            ..,
        ]
        | ["alter", "system", ..]
        | ["discard", "all"]
        | ["vacuum", ..] => true,
        ["alter", "database", .., "set", "tablespace", _] => true,
        ["alter", "subscription", _, rest @ ..] => refreshes(rest),
        ["alter", "table", rest @ .., "concurrently"] => rest.contains(&"detach"),
        ["reindex", rest @ ..] => reindexes_outside(rest),
        ["cluster", rest @ ..] => behind_options(rest).1.iter().all(|word| *word == "verbose"),
        _ => false,
    }
}

/// Another list of publications is read from the other server at once, unless `refresh` is switched off.
fn refreshes(words: &[&str]) -> bool {
    match words {
        ["refresh", ..] => true,
        ["set" | "add" | "drop", "publication", rest @ ..] => !rest.contains(&"refresh"),
        _ => false,
    }
}

/// `REINDEX [(options)] INDEX | TABLE | SCHEMA | DATABASE | SYSTEM [CONCURRENTLY] name`: the last three work through many
/// transactions of their own.
fn reindexes_outside(words: &[&str]) -> bool {
    let (options, rest) = behind_options(words);
    let concurrently = options
        .iter()
        .position(|word| *word == "concurrently")
        .is_some_and(|at| {
            let value = options.get(at + 1);
            !value.is_some_and(|it| ["false", "off", "0"].contains(it))
        });
    concurrently
        || matches!(
            rest,
            ["schema" | "database" | "system", ..] | [_, "concurrently", ..]
        )
}

/// What stands in parentheses at the beginning, and what stands behind.
fn behind_options<'w, 's>(words: &'w [&'s str]) -> (&'w [&'s str], &'w [&'s str]) {
    let end = words.iter().position(|word| *word == ")");
    match (words.first(), end) {
        (Some(&"("), Some(end)) => (&words[1..end], &words[end + 1..]),
        _ => (&[], words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_run_inside_is_known_by_its_words() {
        for sql in [
            "CREATE INDEX CONCURRENTLY ix ON t (a)",
            "create /* x */ unique -- y\nindex Concurrently if not exists ix on t (a);",
            "DROP INDEX CONCURRENTLY IF EXISTS ix",
            "REINDEX INDEX CONCURRENTLY ix",
            "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
            "REINDEX DATABASE d",
            "REINDEX (VERBOSE) SYSTEM d",
            "REINDEX SCHEMA s",
            "VACUUM",
            "-- at night\nVACUUM (FULL, ANALYZE) t",
            "CREATE DATABASE d",
            "DROP DATABASE IF EXISTS d WITH (FORCE)",
            "ALTER DATABASE d SET TABLESPACE fast",
            "CREATE TABLESPACE fast LOCATION '/x'",
            "DROP TABLESPACE fast",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
            "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
            "ALTER SUBSCRIPTION s SET PUBLICATION p",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "CLUSTER",
            "CLUSTER (VERBOSE)",
            "DISCARD ALL",
            "COMMIT PREPARED 'x'",
        ] {
            assert_eq!(bearing(sql), Bearing::Outside, "{sql}");
        }
    }

    #[test]
    fn everything_else_runs_inside() {
        for sql in [
            "CREATE INDEX ix ON t (a)",
            "CREATE INDEX \"concurrently\" ON t (a)",
            "REINDEX TABLE t",
            "REINDEX (CONCURRENTLY false) TABLE t",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "ALTER TYPE mood ADD VALUE 'calm'",
            "ALTER DATABASE d SET work_mem = '1GB'",
            "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
            "ALTER TABLE t DETACH PARTITION p",
            "ALTER TABLE t RENAME TO \"concurrently\"",
            "CLUSTER t USING ix",
            "ANALYZE",
            "INSERT INTO t VALUES ('VACUUM')",
            "CREATE TABLE vacuum (a int)",
            "DO $$ BEGIN COMMIT; END $$",
            "SAVEPOINT a",
            "RELEASE SAVEPOINT a",
            "ROLLBACK TO SAVEPOINT a",
            "ROLLBACK WORK TO a",
            "PREPARE q AS SELECT 1",
            "'never closed",
            "",
        ] {
            assert_eq!(bearing(sql), Bearing::Within, "{sql}");
        }
    }

    #[test]
    fn what_opens_and_ends_a_transaction() {
        assert_eq!(
            bearing("begin isolation level serializable"),
            Bearing::Begins
        );
        assert_eq!(bearing("START TRANSACTION"), Bearing::Begins);
        assert_eq!(bearing("/* x */ COMMIT AND CHAIN"), Bearing::Commits);
        assert_eq!(bearing("END;"), Bearing::Commits);
        assert_eq!(bearing("PREPARE TRANSACTION 'x'"), Bearing::Commits);
        assert_eq!(bearing("ROLLBACK"), Bearing::RollsBack);
        assert_eq!(bearing("ABORT WORK"), Bearing::RollsBack);
    }
}
