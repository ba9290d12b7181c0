//! How SQLite spells the table of what was done.

use crate::dialect::LogWords;

/// Moments are text. The key without `AUTOINCREMENT` needs no table of the database's own; rows are never deleted, so that the next
/// number is the largest all the same.
pub(super) const WORDS: LogWords = LogWords {
    id: "INTEGER NOT NULL PRIMARY KEY",
    short: "TEXT",
    text: "TEXT",
    moment: "TEXT",
    tail: "",
    now: "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
    user: "NULL",
    numbered: " RETURNING id",
    hex: None,
    unicode: true,
    ago: |micros| {
        let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
        format!("strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-{seconds}.{rest:06} seconds')")
    },
    iso: str::to_string,
};
