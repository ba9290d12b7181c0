//! Operations against what Alembic writes for the same calls: `ddl_conformance/ddl.jsonl`.
//!
//! Every call is written as a call of this library's recorder, and run. It writes the same statement, or leaves the same in a real
//! database, or belongs to exactly one deliberate difference of `docs/differences-from-alembic.md`, whose numbers are held here.
//! `ALUDEL_DDL_VECTORS` names another file of the same shape: then numbers are printed and not held.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use serde_json::Value;
use std::collections::BTreeMap;

#[path = "ddl_conformance/after.rs"]
mod after;
#[path = "ddl_conformance/before.rs"]
mod before;
#[path = "ddl_conformance/calls.rs"]
mod calls;
#[path = "ddl_conformance/differences.rs"]
mod differences;
#[path = "ddl_conformance/guess.rs"]
mod guess;
#[path = "ddl_conformance/live.rs"]
mod live;
#[path = "recorded/look.rs"]
mod look;
#[path = "ddl_conformance/look_mariadb.rs"]
mod look_mariadb;
#[path = "recorded/look_postgres.rs"]
mod look_postgres;
#[path = "recorded/look_sqlite.rs"]
mod look_sqlite;
#[path = "recorded/naming.rs"]
mod naming;
#[path = "recorded/nouns.rs"]
mod nouns;
#[path = "recorded/reader.rs"]
mod reader;
#[path = "ddl_conformance/rows.rs"]
mod rows;
#[path = "ddl_conformance/run.rs"]
mod run;
#[path = "recorded/tables.rs"]
mod tables;
#[path = "recorded/text.rs"]
mod text;
#[path = "recorded/types.rs"]
mod types;
#[path = "ddl_conformance/vector.rs"]
mod vector;
#[path = "ddl_conformance/world.rs"]
mod world;

use differences::DIFFERENCES;
use live::Live;
use run::Verdict;
use vector::Vector;

/// Names another file.
const FILE: &str = "ALUDEL_DDL_VECTORS";

/// Runs only the vectors whose id has this in it, and prints what came of each.
const ONLY: &str = "ALUDEL_DDL_ONLY";

fn vectors(dialect: &str) -> Vec<Vector> {
    let own = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/ddl_conformance/ddl.jsonl"
    );
    let file = std::env::var(FILE).unwrap_or_else(|_| own.to_owned());
    let only = std::env::var(ONLY).unwrap_or_default();
    let text = std::fs::read_to_string(file).unwrap();
    let vectors = text.lines().map(|line| Vector {
        json: serde_json::from_str::<Value>(line).unwrap(),
    });
    vectors
        .filter(|it| it.dialect() == dialect && it.id().contains(&only))
        .collect()
}

/// Numbers by operation.
#[derive(Default)]
struct Tally {
    same_text: usize,
    same_effect: usize,
    difference: usize,
    failure: usize,
}

/// The vectors of MySQL and of MariaDB are run on one server, whose databases have the names that the calls say: in turn.
static SERVER: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

async fn conforms(dialect: &str, at: usize) {
    let _turn = match dialect {
        "mysql" | "mariadb" => Some(SERVER.lock().await),
        _ => None,
    };
    let Some(mut live) = Live::start(dialect).await else {
        return;
    };
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for vector in vectors(dialect) {
        let tally = tallies.entry(vector.op().to_owned()).or_default();
        let verdict = run::judge(&mut live, &vector).await;
        if std::env::var(ONLY).is_ok() {
            println!("{} {verdict:#?}", vector.id());
        }
        match verdict {
            Verdict::SameText => tally.same_text += 1,
            Verdict::SameEffect => tally.same_effect += 1,
            Verdict::Other(outcome) => {
                let rows: Vec<&str> = DIFFERENCES
                    .iter()
                    .filter(|it| (it.applies)(&vector, &outcome))
                    .map(|it| it.name)
                    .collect();
                match rows[..] {
                    [row] => {
                        tally.difference += 1;
                        *counted.entry(row).or_default() += 1;
                    }
                    _ => {
                        tally.failure += 1;
                        failures.push(told(&vector, &outcome, &rows));
                    }
                }
            }
        }
    }
    println!("{dialect}: same text, same effect, deliberate difference, failure");
    for (op, it) in &tallies {
        println!(
            "  {op}: {} {} {} {}",
            it.same_text, it.same_effect, it.difference, it.failure
        );
    }
    for (row, number) in &counted {
        println!("  {number} × {row}");
    }
    assert!(
        failures.is_empty(),
        "{} of {dialect}:\n{}",
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

fn told(vector: &Vector, outcome: &run::Outcome, rows: &[&str]) -> String {
    let theirs = vector.scripts().into_iter().next().unwrap_or_default();
    format!(
        "{} {} {:?} {rows:?}\n  call:    {}\n  alembic: {}\n  ours:    {}\n  theirs:  {}\n  said:    {}\n  missing: {}\n  beside:  {}",
        vector.dialect(),
        vector.id(),
        outcome.what,
        vector.args(),
        theirs.join("\n           "),
        outcome.ours.join(";\n           "),
        outcome.theirs,
        outcome.said,
        outcome.missing.join("\n           "),
        outcome.beside.join("\n           "),
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

#[tokio::test(flavor = "current_thread")]
async fn mysql() {
    conforms("mysql", 2).await;
}

#[tokio::test(flavor = "current_thread")]
async fn mariadb() {
    conforms("mariadb", 3).await;
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
