//! The deliberate differences, each with a test that tells its cases: the rows of `docs/differences-from-alembic.md`.

use crate::answers::{Answer, target};
use crate::{Case, strings};
use aludel::revision::{GraphError, VersionOp};
use serde_json::Value;
use std::collections::BTreeSet;

/// A row of the page.
pub(crate) struct Difference {
    /// What the page calls it.
    pub(crate) name: &'static str,
    /// How many cases belong to it.
    pub(crate) cases: usize,
    /// Whether a case that does not pass belongs to it.
    pub(crate) applies: fn(&Case<'_>, &Answer) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "Half-read symbols",
        cases: 35,
        applies: |_, answer| half_read(answer),
    },
    Difference {
        name: "Stamp to targets above one another",
        cases: 164,
        applies: |case, answer| {
            stamp(case, answer) && overlapping_targets(case) && leaves_the_maximal(case, answer)
        },
    },
    Difference {
        name: "Stamp forgets a row that is a target",
        cases: 12,
        applies: |case, answer| {
            stamp(case, answer) && !overlapping_targets(case) && loses_a_target(case)
        },
    },
    Difference {
        name: "Stamp to what is not there",
        cases: 8,
        applies: |case, answer| {
            stamp(case, answer) && answer.error().is_some() && !wants_error(case)
        },
    },
    Difference {
        name: "Rows above one another",
        cases: 14,
        applies: |case, answer| {
            case.kind == "downgrade"
                && makes_overlap(case)
                && same_applied_at_each_step(case, answer)
        },
    },
    Difference {
        name: "Rows that come back in another order",
        cases: 1,
        applies: |case, answer| {
            case.kind == "downgrade" && !makes_overlap(case) && same_rows_at_each_step(case, answer)
        },
    },
    Difference {
        name: "`current` in a range",
        cases: 9,
        applies: |case, answer| case.kind == "history" && current_in_range(case, answer),
    },
    Difference {
        name: "`current` as a name",
        cases: 1,
        applies: |case, _| case.kind == "resolve" && case.json["symbol"] == "current",
    },
    Difference {
        name: "Rows in the words of an error",
        cases: 25,
        applies: |case, answer| case.kind == "history" && names_rows(case, answer),
    },
    Difference {
        name: "Steps in a range",
        cases: 6,
        applies: |case, _| case.kind == "history" && steps_in_a_range(case),
    },
    Difference {
        name: "One of several errors",
        cases: 1,
        applies: |case, answer| {
            stamp(case, answer) && answer.error().is_some() && wants_error(case)
        },
    },
    Difference {
        name: "One identifier twice",
        cases: 8,
        applies: |_, answer| matches!(answer, Answer::Error(GraphError::Duplicate { .. })),
    },
    Difference {
        name: "The members of a cycle",
        cases: 4,
        applies: |_, answer| matches!(answer, Answer::Error(GraphError::Cycle { .. })),
    },
];

fn half_read(answer: &Answer) -> bool {
    let error = answer.error().unwrap_or_default();
    error.contains("makes sense only up to") || error.contains("needs a revision after")
}

fn stamp(case: &Case<'_>, answer: &Answer) -> bool {
    case.kind == "stamp" && !half_read(answer)
}

/// What the targets of a stamp name; those that name nothing aside.
fn destinations(case: &Case<'_>) -> Vec<String> {
    let (Ok(map), rows) = (case.map, case.rows()) else {
        return Vec::new();
    };
    let targets = case.json["targets"].as_array().unwrap().iter();
    targets
        .filter_map(|it| map.resolve(&target(it).ok()?, &rows).ok())
        .flatten()
        .map(|id| id.to_string())
        .collect()
}

fn overlapping_targets(case: &Case<'_>) -> bool {
    overlap(case, &destinations(case))
}

/// Whether one of the revisions stands upon another, or is there twice.
fn overlap(case: &Case<'_>, ids: &[String]) -> bool {
    let map = case.map.as_ref().unwrap();
    map.maximal(ids).len() != ids.len()
}

fn loses_a_target(case: &Case<'_>) -> bool {
    let targets: BTreeSet<String> = destinations(case).into_iter().collect();
    let mut rows = case.rows();
    rows.retain(|row| targets.contains(row));
    case.expected().iter().any(|expect| {
        let heads = strings(&expect["heads"]);
        rows.iter().any(|row| !heads.contains(row))
    })
}

fn wants_error(case: &Case<'_>) -> bool {
    case.expected().iter().any(|it| it.get("error").is_some())
}

/// The rows after each step, as Alembic changes them; the same for all statements that lead there.
fn rows_by_step(case: &Case<'_>, expect: &Value) -> Vec<BTreeSet<String>> {
    let mut rows: BTreeSet<String> = case.rows().into_iter().collect();
    let mut all = Vec::new();
    for step in expect["steps"].as_array().into_iter().flatten() {
        let ops = match step.get("version_ops_any_of") {
            Some(any) => &any[0],
            None => &step["version_ops"],
        };
        for op in ops.as_array().unwrap() {
            let op = strings(op);
            match op[0].as_str() {
                "insert" => rows.insert(op[1].clone()),
                "delete" => rows.remove(&op[1]),
                _ => rows.remove(&op[1]) && rows.insert(op[2].clone()),
            };
        }
        all.push(rows.clone());
    }
    all
}

/// Whether Alembic leaves a row on the way above which another one stands, where there was none before.
fn makes_overlap(case: &Case<'_>) -> bool {
    let overlaps = |rows: &BTreeSet<String>| {
        let rows: Vec<String> = rows.iter().cloned().collect();
        overlap(case, &rows)
    };
    let mut expected = case.expected().into_iter();
    expected.any(|it| rows_by_step(case, it).iter().any(overlaps))
}

/// The rows after each step, as this library changes them.
fn our_rows_by_step(case: &Case<'_>, answer: &Answer) -> Vec<BTreeSet<String>> {
    let Answer::Plan(plan) = answer else {
        return Vec::new();
    };
    let purge = case.json["purge"] == true;
    let rows = if purge { Vec::new() } else { case.rows() };
    let mut rows: BTreeSet<String> = rows.into_iter().collect();
    let mut all = Vec::new();
    for step in &plan.steps {
        for op in &step.version_ops {
            match op {
                VersionOp::Insert(id) => rows.insert(id.to_string()),
                VersionOp::Delete(id) => rows.remove(id.as_str()),
                VersionOp::Update { from, to } => {
                    rows.remove(from.as_str()) && rows.insert(to.to_string())
                }
            };
        }
        all.push(rows.clone());
    }
    all
}

fn same_rows_at_each_step(case: &Case<'_>, answer: &Answer) -> bool {
    let ours = our_rows_by_step(case, answer);
    let mut expected = case.expected().into_iter();
    matches!(answer, Answer::Plan(_)) && expected.any(|it| ours == rows_by_step(case, it))
}

/// Whether the rows stand for the same applied revisions after each step, and each of ours for some of its own, but for those
/// that were there before.
fn same_applied_at_each_step(case: &Case<'_>, answer: &Answer) -> bool {
    let map = case.map.as_ref().unwrap();
    let applied = |rows: &BTreeSet<String>| {
        let rows: Vec<&String> = rows.iter().collect();
        map.ancestors(&rows)
    };
    let ours = our_rows_by_step(case, answer);
    case.expected().into_iter().any(|expect| {
        let theirs = rows_by_step(case, expect);
        let mut pairs = ours.iter().zip(&theirs);
        ours.len() == theirs.len()
            && pairs
                .all(|(ours, theirs)| applied(ours) == applied(theirs) && ours.is_subset(theirs))
    })
}

/// Whether the rows after a stamp hold the targets above which no other stands, and none of the others but those that were
/// there before.
fn leaves_the_maximal(case: &Case<'_>, answer: &Answer) -> bool {
    let map = case.map.as_ref().unwrap();
    let targets = destinations(case);
    let maximal: BTreeSet<String> = map
        .maximal(&targets)
        .iter()
        .map(ToString::to_string)
        .collect();
    let before: BTreeSet<String> = case.rows().into_iter().collect();
    let steps = our_rows_by_step(case, answer);
    let rows = steps.last().unwrap_or(&before);
    matches!(answer, Answer::Plan(_))
        && maximal.is_subset(rows)
        && targets
            .iter()
            .all(|it| maximal.contains(it) || !rows.contains(it) || before.contains(it))
}

fn ends<'v>(case: &Case<'v>) -> (&'v str, &'v str) {
    let range = case.json["range"].as_str().unwrap_or(":");
    range.split_once(':').unwrap_or((range, ""))
}

/// `current:current`, and a range up to `current` where nothing is applied.
fn current_in_range(case: &Case<'_>, answer: &Answer) -> bool {
    let (from, to) = ends(case);
    to == "current" && (from == "current" || case.rows().is_empty()) && !names_rows(case, answer)
}

/// Alembic shows the rows as Python writes a tuple, where ours shows the word that was given.
fn names_rows(case: &Case<'_>, answer: &Answer) -> bool {
    let python = |expect: &&Value| {
        expect["message"]
            .as_str()
            .is_some_and(|it| it.contains("('"))
    };
    case.expected().iter().any(python)
        && answer
            .error()
            .is_some_and(|it| it.starts_with("Requested range") && it.contains("current"))
}

fn steps_in_a_range(case: &Case<'_>) -> bool {
    let steps = |end: &str| end.contains('+') || end.contains('-');
    let (from, to) = ends(case);
    (steps(from) || steps(to)) && !from.contains("current") && !to.contains("current")
}
