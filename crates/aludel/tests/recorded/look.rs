//! What is in a database, as lines of text that can be compared. Nothing of the library but its connection is used here: the
//! databases tell it themselves.

use aludel::db::Connection;
use std::collections::BTreeSet;

/// Sorted lines, one for each thing that there is.
pub(crate) type Facts = Vec<String>;

/// Which names are looked at, and whether the order of columns is.
pub(crate) struct Names<'n> {
    /// The names that were given. Whatever else constraints and indexes are called is the choice of a database or a convention.
    pub(crate) given: &'n BTreeSet<String>,
    /// Whether columns are told with their places.
    pub(crate) places: bool,
}

impl<'n> Names<'n> {
    pub(crate) fn new(given: &'n BTreeSet<String>) -> Self {
        Self {
            given,
            places: true,
        }
    }

    pub(crate) fn known<'t>(&self, name: &'t str) -> &'t str {
        if self.given.contains(name) { name } else { "?" }
    }
}

/// The rows of a query as text: so many columns.
pub(crate) async fn cells(
    connection: &mut Connection,
    sql: &str,
    columns: usize,
) -> Vec<Vec<String>> {
    let rows = connection.fetch(sql).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    rows.iter()
        .map(|row| {
            (0..columns)
                .map(|at| {
                    let text: Result<Option<String>, _> = row.at(at);
                    match text {
                        Ok(text) => text.unwrap_or_default(),
                        Err(_) => row
                            .at::<Option<i64>>(at)
                            .unwrap_or_default()
                            .map(|it| it.to_string())
                            .unwrap_or_default(),
                    }
                })
                .collect()
        })
        .collect()
}

/// A row in which moments of this day, times of this hour, and identifiers drawn at random are left out: they differ from run to
/// run.
pub(crate) fn lasting(row: &str, now: &Now) -> String {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, ' ' | 'T' | ':' | '.' | '+');
    let mut out = row.to_owned();
    for start in [&now.day, &now.hour] {
        let mut rest = std::mem::take(&mut out);
        while let Some(at) = rest.find(start.as_str()) {
            out += &rest[..at];
            out += "now";
            rest = rest[at + start.len()..]
                .trim_start_matches(digits)
                .to_owned();
        }
        out += &rest;
    }
    let words = out.split_inclusive(|c: char| !c.is_ascii_hexdigit() && c != '-');
    let lasting = words.map(|word| if is_random(word) { "random" } else { word });
    lasting.collect()
}

/// A UUID of the fourth version.
fn is_random(word: &str) -> bool {
    let parts: Vec<&str> = word
        .trim_end_matches(|c: char| !c.is_ascii_hexdigit())
        .split('-')
        .collect();
    let lengths: Vec<usize> = parts.iter().map(|it| it.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts[2].starts_with('4') && parts[0] != "67e55044"
}

/// The day and the hour, as the database has them and as it writes them into a row.
pub(crate) struct Now {
    day: String,
    hour: String,
}

impl Now {
    /// Asks by a query for both, the hour with its colon.
    pub(crate) async fn of(connection: &mut Connection, sql: &str) -> Self {
        let mut row = cells(connection, sql, 2).await.remove(0);
        Self {
            hour: row.remove(1),
            day: row.remove(0),
        }
    }
}

/// What one has and the other has not.
pub(crate) fn difference(theirs: &Facts, ours: &Facts) -> (Facts, Facts) {
    let mut left = ours.clone();
    let mut missing = Vec::new();
    for fact in theirs {
        match left.iter().position(|it| it == fact) {
            Some(at) => drop(left.remove(at)),
            None => missing.push(fact.clone()),
        }
    }
    (missing, left)
}
