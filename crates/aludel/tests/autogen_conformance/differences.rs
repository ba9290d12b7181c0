//! The deliberate differences: the rows of `docs/differences-from-alembic.md`, each with a test that tells what belongs to it.

use crate::run::Outcome;
use crate::vector::{Found, Vector};

/// A row of the page.
pub(crate) struct Difference {
    /// What the page calls it.
    pub(crate) name: &'static str,
    /// How many vectors it is in: of SQLite, PostgreSQL.
    pub(crate) vectors: [usize; 2],
    /// Whether something that one of the two found belongs to it.
    pub(crate) applies: fn(&Vector, &Outcome, &Found) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[];

/// The rows that a vector is in, and what is wrong with it.
pub(crate) fn sorted(vector: &Vector, outcome: &Outcome) -> (Vec<&'static str>, Vec<String>) {
    let mut wrong = outcome.wrong.clone();
    let mut rows = Vec::new();
    for found in outcome.missing.iter().chain(&outcome.beside) {
        let applies = DIFFERENCES
            .iter()
            .filter(|it| (it.applies)(vector, outcome, found));
        let names: Vec<&str> = applies.map(|it| it.name).collect();
        match names[..] {
            [row] => rows.push(row),
            _ => wrong.push(format!("{found:?} belongs to {names:?}")),
        }
    }
    let found = !outcome.both.is_empty() || !outcome.beside.is_empty();
    let differs = !outcome.gone.is_empty() || !outcome.come.is_empty();
    if found != differs {
        wrong.push(format!(
            "found something: {found}, the database differs: {differs}"
        ));
    }
    rows.sort_unstable();
    rows.dedup();
    (rows, wrong)
}
