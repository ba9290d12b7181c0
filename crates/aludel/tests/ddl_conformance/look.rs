//! What is in a database, as lines of text that can be compared. Nothing of the library but its connection is used here: the
//! databases tell it themselves.

use aludel::db::Connection;
use std::collections::BTreeSet;

/// Sorted lines, one for each thing that there is.
pub(crate) type Facts = Vec<String>;

/// The names that were given. Whatever else constraints and indexes are called is the choice of a database or a convention.
pub(crate) struct Names<'n>(pub(crate) &'n BTreeSet<String>);

impl Names<'_> {
    pub(crate) fn known<'t>(&self, name: &'t str) -> &'t str {
        if self.0.contains(name) { name } else { "?" }
    }
}

/// The rows of a query as text: so many columns.
pub(crate) async fn cells(connection: &mut Connection, sql: &str, columns: usize) -> Vec<Vec<String>> {
    let rows = connection.fetch(sql).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    rows.iter()
        .map(|row| {
            (0..columns)
                .map(|at| {
                    let text: Result<Option<String>, _> = row.at(at);
                    match text {
                        Ok(text) => text.unwrap_or_default(),
                        Err(_) => row.at::<Option<i64>>(at).unwrap_or_default().map(|it| it.to_string()).unwrap_or_default(),
                    }
                })
                .collect()
        })
        .collect()
}

/// A row in which moments of this day, and identifiers drawn at random, are left out: they differ from run to run.
pub(crate) fn lasting(row: &str, today: &str) -> String {
    let mut out = String::new();
    let mut rest = row;
    while let Some(at) = rest.find(today) {
        out += &rest[..at];
        out += "today";
        rest = rest[at + today.len()..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | 'T' | ':' | '.' | '+'));
    }
    out += rest;
    let words = out.split_inclusive(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words.map(|word| if is_random(word) { "random" } else { word }).collect()
}

/// A UUID of the fourth version.
fn is_random(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_end_matches(|c: char| !c.is_ascii_hexdigit()).split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|it| it.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts[2].starts_with('4') && parts[0] != "67e55044"
}

/// The day, as the database has it.
pub(crate) async fn today(connection: &mut Connection, sql: &str) -> String {
    cells(connection, sql, 1).await.remove(0).remove(0)
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
