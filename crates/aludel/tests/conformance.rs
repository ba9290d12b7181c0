//! The graph against what Alembic did with the same graphs: `conformance/graph.jsonl`.
//!
//! Every case passes, or belongs to exactly one deliberate difference of `docs/differences-from-alembic.md`, whose numbers of
//! cases are held here. What is printed, and what new files hold, is tried where it is made: in the command line's tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use aludel::revision::{GraphError, Revision, RevisionId, RevisionMap};
use serde_json::Value;
use std::collections::BTreeMap;

#[path = "conformance/answers.rs"]
mod answers;
#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/differences.rs"]
mod differences;

use answers::Answer;
use differences::DIFFERENCES;

/// The kinds that the library answers, and how many cases there are of each.
const KINDS: &[(&str, usize)] = &[
    ("downgrade", 2638),
    ("facts", 197),
    ("heads", 764),
    ("history", 1125),
    ("load", 36),
    ("resolve", 4848),
    ("stamp", 2166),
    ("upgrade", 2349),
];

/// A case, and the graph it is about.
pub(crate) struct Case<'v> {
    pub(crate) kind: &'v str,
    pub(crate) json: &'v Value,
    pub(crate) map: &'v Result<RevisionMap, GraphError>,
}

impl Case<'_> {
    /// What Alembic may answer. Where its sets decide, there are several.
    pub(crate) fn expected(&self) -> Vec<&Value> {
        let expect = &self.json["expect"];
        match expect.get("any_of") {
            Some(any) => any.as_array().unwrap().iter().collect(),
            None => vec![expect],
        }
    }

    /// The rows of the version table, as the database returns them.
    pub(crate) fn rows(&self) -> Vec<String> {
        strings(&self.json["current"])
    }
}

pub(crate) fn strings(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten();
    texts
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

fn build(graph: &Value) -> Result<RevisionMap, GraphError> {
    let mut revisions = Vec::new();
    for json in graph["revisions"].as_array().unwrap() {
        let mut revision = Revision::new(RevisionId::new(json["id"].as_str().unwrap())?);
        for down in strings(&json["down_revision"]) {
            revision = revision.follows(RevisionId::new(down)?);
        }
        revision.labels = strings(&json["branch_labels"]);
        revision.depends_on = strings(&json["depends_on"]);
        revisions.push(revision);
    }
    RevisionMap::new(revisions)
}

#[test]
fn every_case_passes_or_is_a_deliberate_difference() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/graph.jsonl");
    let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differences: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let text = std::fs::read_to_string(file).unwrap();
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let map = build(&vector["graph"]);
        for json in vector["cases"].as_array().unwrap() {
            let kind = json["kind"].as_str().unwrap();
            let Some(&(kind, _)) = KINDS.iter().find(|(name, _)| *name == kind) else {
                continue;
            };
            *cases.entry(kind).or_default() += 1;
            let map = &map;
            let case = Case { kind, json, map };
            let answer = Answer::of(&case);
            let Err(problem) = compare::passes(&case, &answer) else {
                continue;
            };
            let rows: Vec<&str> = DIFFERENCES
                .iter()
                .filter(|row| (row.applies)(&case, &answer))
                .map(|row| row.name)
                .collect();
            match rows[..] {
                [row] => *differences.entry(row).or_default() += 1,
                _ => unexplained.push(format!(
                    "{} {problem}\n    differences: {rows:?}\n    {json}",
                    vector["graph"]["name"]
                )),
            }
        }
    }
    assert!(
        unexplained.is_empty(),
        "{} unexplained:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    assert_eq!(cases.into_iter().collect::<Vec<_>>(), KINDS);
    let expected: BTreeMap<&str, usize> = DIFFERENCES
        .iter()
        .map(|row| (row.name, row.cases))
        .collect();
    assert_eq!(differences, expected);
}

/// The page holds the same rows with the same numbers.
#[test]
fn the_page_of_differences_is_up_to_date() {
    let page = include_str!("../../../docs/differences-from-alembic.md");
    for row in DIFFERENCES {
        let line = page.lines().find(|line| line.contains(row.name));
        let line = line.unwrap_or_else(|| panic!("no row `{}` in the page", row.name));
        let last = line.trim_end_matches('|').rsplit('|').next().unwrap();
        assert_eq!(last.trim(), row.cases.to_string(), "{line}");
    }
}
