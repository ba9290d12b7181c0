//! How a database spells the table of what was done, `aludel_log`.

/// Words for the table of what was done.
#[derive(Debug, Clone, Copy)]
pub struct LogWords {
    /// The definition of the column of numbers, behind its name: the key, numbered by the database.
    pub id: &'static str,
    /// The type of short texts.
    pub short: &'static str,
    /// The type of texts of any length.
    pub text: &'static str,
    /// The type of moments.
    pub moment: &'static str,
    /// What is said behind the columns, if anything.
    pub tail: &'static str,
    /// The moment at which the statement runs, by the database's clock, in UTC. In a transaction, too, it is not that of its begin.
    pub now: &'static str,
    /// The user of the session, or null where there are none.
    pub user: &'static str,
    /// What is put behind an `INSERT` so that it answers the number that it gave.
    pub numbered: &'static str,
    /// What is put around hexadecimal digits to make text of UTF-8. None where text in quotes means the same in every session.
    pub hex: Option<(&'static str, &'static str)>,
    /// Whether text holds more than ASCII.
    pub unicode: bool,
    /// The moment that so many microseconds lie behind.
    pub ago: fn(u128) -> String,
    /// A column of moments as text, `2025-11-08T14:30:00.000000Z`.
    pub iso: fn(&str) -> String,
}
