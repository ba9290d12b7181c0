//! The SQL of each case on every database, as the documentation shows it.

use crate::cases::{self, Case};
use aludel::Error;
use aludel::dialect::Dialect;
use aludel::dialect::{mysql::Mysql, postgres::Postgres, sqlite::Sqlite};
use aludel::revision::Direction;
use aludel::run::{Options, script};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The databases in the order of the documentation, in their newest versions.
fn dialects() -> Vec<(&'static str, Arc<dyn Dialect>)> {
    vec![
        ("PostgreSQL", Arc::new(Postgres::of_version(18))),
        ("MySQL", Arc::new(Mysql::mysql())),
        ("MariaDB", Arc::new(Mysql::mariadb())),
        ("SQLite", Arc::new(Sqlite::new())),
    ]
}

/// What a script would say of the case alone, without its frame; or why it cannot.
async fn sql(case: &Case, dialect: Arc<dyn Dialect>) -> String {
    let (history, options) = (case.history(), Options::default());
    let target = "given:case".parse().unwrap();
    match script(&history, dialect, Direction::Up, &target, &options).await {
        Ok(text) => without_frame(&text),
        Err(Error::Revision(failure)) => refusal(case, &failure.source),
        // What the case needs may be what this database cannot.
        Err(other) => refusal(case, &other),
    }
}

fn refusal(case: &Case, error: &Error) -> String {
    match error {
        Error::Unsupported {
            operation, instead, ..
        } => format!("-- cannot {operation}: {instead}"),
        Error::Offline { .. } => format!("-- {error}"),
        other => panic!("{}: {other}", case.name),
    }
}

fn without_frame(text: &str) -> String {
    let frame = |statement: &&str| {
        let words = [
            "BEGIN",
            "COMMIT",
            "UPDATE alembic_version",
            "-- Running",
            "SET NAMES",
        ];
        words.iter().any(|it| statement.starts_with(it))
    };
    let statements = text.split("\n\n").map(str::trim_end);
    let kept: Vec<&str> = statements
        .filter(|it| !it.is_empty() && !frame(it))
        .collect();
    match kept.is_empty() {
        true => "-- nothing to do".into(),
        false => kept.join("\n"),
    }
}

/// Databases that say the same stand together.
async fn document(case: &Case) -> String {
    let mut said: Vec<(Vec<&str>, String)> = Vec::new();
    for (name, dialect) in dialects() {
        let text = sql(case, dialect).await;
        match said.iter_mut().find(|(_, it)| *it == text) {
            Some((names, _)) => names.push(name),
            None => said.push((vec![name], text)),
        }
    }
    let blocks = said
        .iter()
        .map(|(names, text)| format!("-- {}\n{text}\n", names.join(", ")));
    blocks.collect::<Vec<_>>().join("\n")
}

/// The page of each recorder method: all of its cases.
async fn pages() -> BTreeMap<&'static str, String> {
    let mut pages: BTreeMap<&str, String> = BTreeMap::new();
    for case in cases::all() {
        let page = pages.entry(case.method()).or_default();
        let heading = match case.name.split_once('.') {
            Some((_, which)) => format!("\nAs SQL ({}):\n", which.replace('_', " ")),
            None => "\nAs SQL:\n".into(),
        };
        *page += &format!("{heading}\n```sql\n{}```\n", document(case).await);
    }
    pages
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ops/sql")
}

#[tokio::test(flavor = "current_thread")]
async fn the_documentation_shows_the_sql_of_every_database() {
    let pages = pages().await;
    let bless = std::env::var_os("ALUDEL_BLESS").is_some();
    let mut stale = Vec::new();
    for (method, text) in &pages {
        let path = folder().join(format!("{method}.md"));
        if bless {
            std::fs::write(&path, text).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_ref() != Some(text) {
            stale.push(format!("{method}.md should be:\n{text}"));
        }
    }
    assert!(
        stale.is_empty(),
        "run with ALUDEL_BLESS=1, and read what changed:\n{}",
        stale.join("\n")
    );
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let method = name.strip_suffix(".md").unwrap_or(&name);
        assert!(pages.contains_key(method), "{name} belongs to no case");
    }
}

/// A recorder method is a `pub fn` of `impl Operations` that records.
#[test]
fn every_recorder_method_has_a_case_and_shows_its_page() {
    let ops = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ops");
    let mut missing = Vec::new();
    for entry in std::fs::read_dir(ops).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let Some((_, recorder)) = text.split_once("\nimpl Operations {") else {
            continue;
        };
        let (recorder, _) = recorder.split_once("\n}\n").unwrap();
        for (at, _) in recorder.match_indices("\n    pub fn ") {
            let rest = &recorder[at + 12..];
            let method = rest
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap();
            let has_case = cases::all().any(|it| it.method() == method);
            let shown = recorder[..at].contains(&format!("include_str!(\"sql/{method}.md\")"));
            if !has_case || !shown {
                missing.push(format!(
                    "{method} (case: {has_case}, page in its documentation: {shown})"
                ));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
