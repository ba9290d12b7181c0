//! Which statements commit before they run, so that no transaction holds them, and which open and end one
//! (<https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>).

use crate::sql::split::Flavor;
use crate::sql::{Bearing, words_after};

/// The first words of all of them.
const FIRST: &[&str] = &[
    "alter",
    "analyze",
    "begin",
    "cache",
    "change",
    "check",
    "commit",
    "create",
    "drop",
    "flush",
    "grant",
    "install",
    "load",
    "lock",
    "optimize",
    "rename",
    "repair",
    "reset",
    "revoke",
    "rollback",
    "set",
    "start",
    "stop",
    "truncate",
    "uninstall",
    "unlock",
    "xa",
];

pub(super) fn bearing(sql: &str) -> Bearing {
    let sql = apart_from_marks(sql);
    let words = words_after(&sql, Flavor::Mysql, FIRST);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Bearing::Within,
        ["begin"] | ["begin", "work"] | ["start", "transaction", ..] => Bearing::Begins,
        // These end the transaction that is open, and what follows is in none.
        ["commit" | "xa" | "lock" | "unlock", ..] => Bearing::Commits,
        ["set", rest @ ..] => settings(rest),
        ["rollback", rest @ ..] if rest.contains(&"to") => Bearing::Within,
        ["rollback", ..] => Bearing::RollsBack,
        ["create" | "drop", rest @ ..] if is_temporary(rest) => Bearing::Within,
        ["load", next, ..] if *next != "index" => Bearing::Within,
        _ => Bearing::Outside,
    }
}

/// Whether a statement makes another database the one that names are looked for in.
pub(super) fn moves(sql: &str) -> bool {
    let sql = apart_from_marks(sql);
    !words_after(&sql, Flavor::Mysql, &["use"]).is_empty()
}

/// Switching autocommit on ends a transaction, and switching it off leaves one open for ever; a password is a definition.
fn settings(words: &[&str]) -> Bearing {
    match words {
        ["password", ..] => Bearing::Outside,
        words if words.contains(&"autocommit") => Bearing::Commits,
        _ => Bearing::Within,
    }
}

/// Temporary tables come and go within a transaction.
fn is_temporary(words: &[&str]) -> bool {
    matches!(
        words,
        ["temporary", ..] | ["or", "replace", "temporary", ..]
    )
}

/// A statement without the marks of comments that are executed, as a dump wraps its triggers in them.
fn apart_from_marks(sql: &str) -> std::borrow::Cow<'_, str> {
    let start = sql.trim_start();
    let marked = start
        .strip_prefix("/*!")
        .or_else(|| start.strip_prefix("/*M!"));
    match marked {
        Some(inside) => {
            let inside = inside.trim_start_matches(|c: char| c.is_ascii_digit());
            inside.replace("*/", " ").replace("/*!", " ").into()
        }
        None => sql.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_commit_by_themselves() {
        for sql in [
            "CREATE TABLE t (a int)",
            "alter table t add b int",
            "# x\nDROP TABLE t;",
            "RENAME TABLE t TO u",
            "TRUNCATE t",
            "GRANT SELECT ON t TO u",
            "/*!50003 CREATE*/ /*!50003 TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1 */",
            "OPTIMIZE TABLE t",
            "SET PASSWORD FOR u = 'x'",
            "BEGIN NOT ATOMIC SELECT 1; END",
        ] {
            assert_eq!(bearing(sql), Bearing::Outside, "{sql}");
        }
        for sql in [
            "INSERT INTO t VALUES (1)",
            "CREATE TEMPORARY TABLE t (a int)",
            "CREATE OR REPLACE TEMPORARY TABLE t (a int)",
            "DROP TEMPORARY TABLE t",
            "SET FOREIGN_KEY_CHECKS = 0",
            "/*!40101 SET NAMES utf8mb4 */",
            "LOAD DATA INFILE 'x' INTO TABLE t",
            "ROLLBACK TO SAVEPOINT a",
            "SAVEPOINT a",
        ] {
            assert_eq!(bearing(sql), Bearing::Within, "{sql}");
        }
    }

    #[test]
    fn what_opens_and_ends_a_transaction() {
        assert_eq!(bearing("BEGIN"), Bearing::Begins);
        assert_eq!(bearing("START TRANSACTION READ WRITE"), Bearing::Begins);
        assert_eq!(bearing("commit;"), Bearing::Commits);
        assert_eq!(bearing("LOCK TABLES t WRITE"), Bearing::Commits);
        assert_eq!(bearing("SET @@autocommit = 0"), Bearing::Commits);
        assert_eq!(bearing("ROLLBACK"), Bearing::RollsBack);
    }
}
