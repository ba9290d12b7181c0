//! Autogenerate against what Alembic finds between the same databases and models: `autogen_conformance/autogen.jsonl`.
//!
//! Every pair is made in a real database, compared, taken to the models and back. What is found is what Alembic finds, or what
//! differs belongs to exactly one deliberate difference of `docs/differences-from-alembic.md`, whose numbers are held here; and
//! whatever Alembic says, something is found if and only if the database itself holds something else for the models.
//! `ALUDEL_AUTOGEN_VECTORS` names another file of the same shape: then numbers are printed and not held.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::collections::BTreeMap;

#[path = "autogen_conformance/differences.rs"]
mod differences;
#[path = "recorded/look.rs"]
#[allow(dead_code, reason = "rows are looked at elsewhere")]
mod look;
#[path = "recorded/look_postgres.rs"]
mod look_postgres;
#[path = "recorded/look_sqlite.rs"]
mod look_sqlite;
#[path = "recorded/naming.rs"]
mod naming;
#[path = "recorded/nouns.rs"]
#[allow(dead_code, reason = "calls of operations are read elsewhere")]
mod nouns;
#[path = "autogen_conformance/place.rs"]
mod place;
#[path = "recorded/reader.rs"]
#[allow(dead_code, reason = "calls of operations are read elsewhere")]
mod reader;
#[path = "autogen_conformance/run.rs"]
mod run;
#[path = "recorded/tables.rs"]
mod tables;
#[path = "recorded/text.rs"]
#[allow(dead_code, reason = "statements are compared elsewhere")]
mod text;
#[path = "recorded/types.rs"]
#[allow(dead_code, reason = "operations create enum types elsewhere")]
mod types;
#[path = "autogen_conformance/vector.rs"]
mod vector;

use differences::DIFFERENCES;
use run::Outcome;
use vector::Vector;

/// Names another file.
const FILE: &str = "ALUDEL_AUTOGEN_VECTORS";

/// Runs only the vectors whose id has this in it, and prints what came of each.
const ONLY: &str = "ALUDEL_AUTOGEN_ONLY";

fn vectors(database: &str) -> Vec<Vector> {
    let own = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/autogen_conformance/autogen.jsonl"
    );
    let file = std::env::var(FILE).unwrap_or_else(|_| own.to_owned());
    let only = std::env::var(ONLY).unwrap_or_default();
    let text = std::fs::read_to_string(file).unwrap();
    let vectors = text.lines().map(|line| Vector {
        json: serde_json::from_str(line).unwrap(),
    });
    vectors
        .filter(|it| it.database() == database && it.id().contains(&only))
        .collect()
}

/// Runs all vectors of a database; `at` is its place among the numbers of a difference.
async fn conforms(database: &str, at: usize) {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut same, mut failures) = (0, Vec::new());
    let vectors = vectors(database);
    for vector in &vectors {
        let outcome = run::judge(vector).await;
        let Some(outcome) = outcome else {
            return;
        };
        if std::env::var(ONLY).is_ok() {
            println!("{} {outcome:#?}", vector.id());
        }
        let (rows, wrong) = differences::sorted(vector, &outcome);
        if rows.is_empty() && wrong.is_empty() {
            same += 1;
        }
        for row in rows {
            *counted.entry(row).or_default() += 1;
        }
        if !wrong.is_empty() {
            failures.push(told(vector, &outcome, &wrong));
        }
    }
    println!(
        "{database}: {} vectors, {same} as Alembic, {} fail",
        vectors.len(),
        failures.len()
    );
    for (row, number) in &counted {
        println!("  {number} × {row}");
    }
    assert!(
        failures.is_empty(),
        "{} of {database}:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    if std::env::var(FILE).is_err() && std::env::var(ONLY).is_err() {
        let expected = DIFFERENCES
            .iter()
            .map(|it| (it.name, it.vectors[at]))
            .filter(|(_, number)| *number > 0);
        assert_eq!(counted, expected.collect());
    }
}

fn told(vector: &Vector, outcome: &Outcome, wrong: &[String]) -> String {
    format!(
        "{} {}\n  from: {}\n  to:   {}\n  diffs: {}\n  {}\n{outcome:#?}",
        vector.database(),
        vector.id(),
        vector.json["from"],
        vector.json["to"],
        vector.json["diffs"],
        wrong.join("\n  "),
    )
}

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    conforms("sqlite", 0).await;
}

#[tokio::test(flavor = "current_thread")]
async fn postgresql() {
    conforms("postgresql", 1).await;
}

/// The page holds the same rows with the same numbers.
#[test]
fn the_page_of_differences_is_up_to_date() {
    let page = include_str!("../../../docs/differences-from-alembic.md");
    for row in DIFFERENCES {
        let line = page
            .lines()
            .find(|line| line.starts_with(&format!("| {} |", row.name)));
        let line = line.unwrap_or_else(|| panic!("no row `{}` in the page", row.name));
        let last = line.trim_end_matches('|').rsplit('|').next().unwrap();
        let numbers: Vec<String> = row.vectors.iter().map(ToString::to_string).collect();
        assert_eq!(last.trim(), numbers.join(", "), "{line}");
    }
}
