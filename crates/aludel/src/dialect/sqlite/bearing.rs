//! Which statements SQLite refuses inside a transaction, or takes no notice of there, and which open and end one.

use crate::sql::split::Flavor;
use crate::sql::{Bearing, words_after};

/// The first words of all of them.
const FIRST: &[&str] = &[
    "attach", "begin", "commit", "detach", "end", "pragma", "rollback", "vacuum",
];

/// Settings that a transaction keeps from changing (<https://www.sqlite.org/pragma.html>): the first is left as it was
/// without a word, the others are errors.
const PRAGMAS: &[&str] = &["foreign_keys", "journal_mode", "synchronous", "temp_store"];

pub(super) fn bearing(sql: &str) -> Bearing {
    let words = words_after(sql, Flavor::Sqlite, FIRST);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["begin", ..] => Bearing::Begins,
        ["commit" | "end", ..] => Bearing::Commits,
        ["rollback", rest @ ..] if rest.contains(&"to") => Bearing::Within,
        ["rollback", ..] => Bearing::RollsBack,
        ["vacuum" | "attach" | "detach", ..] => Bearing::Outside,
        ["pragma", _, ".", rest @ ..] | ["pragma", rest @ ..] if sets(rest) => Bearing::Outside,
        _ => Bearing::Within,
    }
}

/// Whether a pragma sets what a transaction keeps from changing; asking for it is free.
fn sets(words: &[&str]) -> bool {
    match words {
        ["wal_checkpoint", ..] => true,
        [name, "=" | "(", ..] => PRAGMAS.contains(name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_known_by_their_words() {
        for sql in [
            "VACUUM",
            "vacuum main into 'x'",
            "ATTACH 'x' AS y",
            "/* x */ DETACH y;",
            "PRAGMA foreign_keys = OFF",
            "pragma main.foreign_keys(0)",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous = OFF",
            "PRAGMA wal_checkpoint",
        ] {
            assert_eq!(bearing(sql), Bearing::Outside, "{sql}");
        }
        for sql in [
            "PRAGMA foreign_keys",
            "PRAGMA user_version = 3",
            "PRAGMA foreign_key_check(t)",
            "CREATE TABLE \"vacuum\" (a)",
            "ROLLBACK TO a",
            "ROLLBACK TRANSACTION TO SAVEPOINT a",
            "SAVEPOINT a",
            "RELEASE a",
            "INSERT INTO t VALUES ('COMMIT')",
        ] {
            assert_eq!(bearing(sql), Bearing::Within, "{sql}");
        }
        assert_eq!(bearing("BEGIN IMMEDIATE"), Bearing::Begins);
        assert_eq!(bearing("END TRANSACTION"), Bearing::Commits);
        assert_eq!(bearing("commit"), Bearing::Commits);
        assert_eq!(bearing("ROLLBACK"), Bearing::RollsBack);
    }
}
