//! The deliberate differences: the rows of `docs/differences-from-alembic.md`, each with a test that tells what belongs to it.
//!
//! Which of the two is right is for the database to say. What Alembic alone finds must not be there in the database made from the
//! models; what this library alone finds must be.

use crate::run::Outcome;
use crate::vector::{Found, Vector};

/// A row of the page.
pub(crate) struct Difference {
    /// What the page calls it.
    pub(crate) name: &'static str,
    /// How many vectors it is in: of SQLite, PostgreSQL.
    pub(crate) vectors: [usize; 2],
    /// Whether something that one of the two found belongs to it, if it is on the right side.
    pub(crate) applies: fn(&Outcome, &Found) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "Differences that are none",
        vectors: [6, 1],
        applies: |outcome, found| outcome.missing.contains(found),
    },
    Difference {
        name: "Types that differ in their arguments",
        vectors: [3, 4],
        applies: |outcome, found| beside(outcome, found) && found.kind == "modify_type",
    },
    Difference {
        name: "Defaults that differ in their text",
        vectors: [1, 1],
        applies: |outcome, found| {
            beside(outcome, found) && found.kind == "modify_default" && !is_of_key(outcome, found)
        },
    },
    Difference {
        name: "Collations",
        vectors: [0, 1],
        applies: |outcome, found| beside(outcome, found) && found.kind == "modify_collation",
    },
    Difference {
        name: "Computed columns",
        vectors: [2, 1],
        applies: |outcome, found| beside(outcome, found) && found.kind == "modify_generated",
    },
    Difference {
        name: "Enum types and their values",
        vectors: [0, 3],
        applies: |outcome, found| beside(outcome, found) && found.kind.ends_with("_enum"),
    },
    Difference {
        name: "Checks",
        vectors: [3, 3],
        applies: |outcome, found| beside(outcome, found) && is_constraint(found, "check"),
    },
    Difference {
        name: "Exclusion constraints",
        vectors: [0, 0],
        applies: |outcome, found| beside(outcome, found) && is_constraint(found, "exclude"),
    },
    Difference {
        name: "Primary keys, and the numbers that come with them",
        vectors: [1, 1],
        applies: |outcome, found| {
            beside(outcome, found)
                && (is_constraint(found, "primary_key") || is_of_key(outcome, found))
        },
    },
    Difference {
        name: "What unique constraints say",
        vectors: [0, 1],
        applies: |outcome, found| beside(outcome, found) && is_constraint(found, "unique"),
    },
    Difference {
        name: "Names and matches of foreign keys",
        vectors: [1, 1],
        applies: |outcome, found| beside(outcome, found) && is_constraint(found, "foreign_key"),
    },
    Difference {
        name: "What indexes say",
        vectors: [2, 2],
        applies: |outcome, found| beside(outcome, found) && found.kind.ends_with("_index"),
    },
    Difference {
        name: "Options of tables",
        vectors: [0, 0],
        applies: |outcome, found| beside(outcome, found) && found.kind.ends_with("_option"),
    },
];

fn beside(outcome: &Outcome, found: &Found) -> bool {
    outcome.beside.contains(found)
}

fn is_part(found: &Found) -> bool {
    ["modify_type", "modify_default"].contains(&found.kind.as_str())
}

fn is_constraint(found: &Found, sort: &str) -> bool {
    found.constraint.as_deref() == Some(sort)
}

/// Whether it is how a column is numbered that is no key on one of the two sides.
fn is_of_key(outcome: &Outcome, found: &Found) -> bool {
    let numbers = ["modify_identity", "modify_default"].contains(&found.kind.as_str());
    let key = |it: &Found| {
        let columns = found.name.iter().eq(&it.columns);
        is_constraint(it, "primary_key") && it.table == found.table && columns
    };
    numbers && outcome.beside.iter().any(key)
}

/// The rows that a vector is in, and what is wrong with it.
pub(crate) fn sorted(vector: &Vector, outcome: &Outcome) -> (Vec<&'static str>, Vec<String>) {
    let mut wrong = outcome.wrong.clone();
    let mut rows = Vec::new();
    for found in outcome.missing.iter().chain(&outcome.beside) {
        let applies = DIFFERENCES.iter().filter(|it| (it.applies)(outcome, found));
        let names: Vec<&str> = applies.map(|it| it.name).collect();
        match names[..] {
            // There is no answer of Alembic's to differ from.
            _ if vector.is_crash() => {}
            [row] => rows.push(row),
            _ => wrong.push(format!("{found:?} belongs to {names:?}")),
        }
        let is_true = match found.constraint {
            Some(_) if !beside(outcome, found) => outcome.bears_out_constraint(found),
            None if !beside(outcome, found) && is_part(found) => {
                outcome.bears_out_part(vector, found)
            }
            _ => outcome.bears_out(found),
        };
        if is_true != beside(outcome, found) {
            wrong.push(format!(
                "{found:?}, which is there in the database: {is_true}"
            ));
        }
    }
    let found = !outcome.both.is_empty() || !outcome.beside.is_empty();
    if found != outcome.differs() {
        wrong.push(format!(
            "found something: {found}, the database differs: {}",
            outcome.differs()
        ));
    }
    if vector.is_idempotent() && (found || outcome.differs()) {
        wrong.push("the models are those of the database, and differ".into());
    }
    rows.sort_unstable();
    rows.dedup();
    (rows, wrong)
}
