//! What a statement means for the transaction around it: the words for it, and the reading of a statement's first words. Which
//! statements these are is each dialect's own.

use super::split::{Flavor, tokens};

/// What a statement means for the transaction that is open when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bearing {
    /// It is part of the transaction, like most.
    Within,
    /// It cannot be part of one: the database refuses it there, takes no notice of it there, or commits before it by itself.
    Outside,
    /// It opens a transaction, as `BEGIN` does.
    Begins,
    /// It ends the transaction and keeps what ran in it, as `COMMIT` does.
    Commits,
    /// It ends the transaction and undoes what ran in it, as `ROLLBACK` does; one to a savepoint does not.
    RollsBack,
}

impl Bearing {
    /// Whether it opens or ends a transaction.
    pub fn is_control(self) -> bool {
        matches!(self, Self::Begins | Self::Commits | Self::RollsBack)
    }
}

/// The words and marks of a statement in lower case, without comments, if its first word is one of these; none otherwise, and
/// for a text that does not even read as tokens. Names in quotes and strings keep their quotes, so that they are no keywords.
///
/// ```
/// use aludel::sql::{split::Flavor, words_after};
///
/// let sql = "/* at night */ Vacuum (full) \"Vacuum\";";
/// assert_eq!(words_after(sql, Flavor::Postgres, &["vacuum"]), ["vacuum", "(", "full", ")", "\"vacuum\""]);
/// assert!(words_after("INSERT INTO vacuum VALUES (1)", Flavor::Postgres, &["vacuum"]).is_empty());
/// ```
pub fn words_after(sql: &str, flavor: Flavor, first: &[&str]) -> Vec<String> {
    let is_first = |word: &str| first.iter().any(|it| word.eq_ignore_ascii_case(it));
    // Most statements are told by their first letters, and long ones need not be read to their end.
    let start = sql.trim_start();
    let end = start.find(|c: char| !c.is_ascii_alphabetic());
    let word = &start[..end.unwrap_or(start.len())];
    if !word.is_empty() && !is_first(word) {
        return Vec::new();
    }
    let Ok(tokens) = tokens(sql, flavor) else {
        return Vec::new();
    };
    let said = tokens.iter().filter(|it| !it.kind.is_silent());
    let mut words: Vec<String> = said.map(|it| it.text(sql).to_lowercase()).collect();
    while words.last().is_some_and(|it| it == ";") {
        words.pop();
    }
    match words.first() {
        Some(word) if is_first(word) => words,
        _ => Vec::new(),
    }
}
