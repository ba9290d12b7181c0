//! How MySQL and MariaDB spell the table of what was done.

use crate::dialect::LogWords;

/// The database's own character set may not have what a revision holds, and the server's own engine may know no transaction.
/// `NO_BACKSLASH_ESCAPES` and the character set of the session, which a revision may have set, change what text in quotes means;
/// digits mean the same with all of them.
pub(super) const WORDS: LogWords = LogWords {
    id: "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY",
    short: "varchar(700)",
    text: "longtext",
    moment: "datetime(6)",
    tail: " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    now: "UTC_TIMESTAMP(6)",
    user: "CURRENT_USER()",
    numbered: "; SELECT LAST_INSERT_ID()",
    hex: Some(("CONVERT(X'", "' USING utf8mb4)")),
    unicode: true,
    ago: |micros| format!("UTC_TIMESTAMP(6) - INTERVAL {micros} MICROSECOND"),
    iso: |column| format!("DATE_FORMAT({column}, '%Y-%m-%dT%H:%i:%s.%fZ')"),
};
