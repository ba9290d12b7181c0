//! `migrations!` compiles a folder of revisions into this test.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of tests may fail as a test does"
)]

use aludel::db::Kind;
use aludel::history::{Change, Embedded, History, Locations, Migrations};
use aludel::prelude::*;

/// It is a value like any other, and one of a constant too.
static COMPILED: Migrations = migrations!("tests/versions");

fn summaries(function: Option<fn(&mut Operations)>) -> Vec<String> {
    let mut op = Operations::new(Kind::Sqlite);
    function.unwrap()(&mut op);
    let recorded = op.into_recorded();
    recorded.iter().map(|it| it.operation.summary()).collect()
}

#[test]
fn files_come_in_the_order_of_their_names_and_no_others_do() {
    assert_eq!(COMPILED.dir(), "tests/versions");
    let names: Vec<&str> = COMPILED.files().iter().map(|it| it.name).collect();
    let expected = [
        "20251107_0900_5f1d0a2b3c4e_create.sql",
        "20251108_1430_abc123def456_add_contact.rs",
        "20251109_0800_fedcba987654_nothing-yet.rs",
    ];
    assert_eq!(names, expected);
}

#[test]
fn rust_files_bring_their_functions_and_sql_files_their_text() {
    let [sql, contact, nothing] = COMPILED.files() else {
        panic!("three files");
    };
    assert!(sql.text.contains("CREATE TABLE patients"));
    assert!(sql.up.is_none() && sql.down.is_none());
    assert!(contact.text.starts_with("//! Add patient contact"));
    assert_eq!(summaries(contact.up), ["add column patients.email"]);
    assert_eq!(summaries(contact.down), ["drop column patients.email"]);
    assert!(summaries(nothing.up).is_empty() && summaries(nothing.down).is_empty());
}

#[test]
fn the_history_is_the_one_on_disk() {
    let compiled = History::embedded(&COMPILED).unwrap();
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions");
    let read = History::load(&dir).unwrap();
    let ids = |it: &History| -> Vec<String> {
        let scripts = it.scripts().iter();
        scripts.map(|it| it.header.id.to_string()).collect()
    };
    assert_eq!(ids(&compiled), ids(&read));
    assert!(compiled.changes(&dir).unwrap().is_empty());
}

#[test]
fn several_folders_stand_side_by_side() {
    let files: [&[Embedded]; 3] = [
        migrations!("tests/versions").files(),
        migrations!("tests/versions_empty").files(),
        migrations!("tests/versions").files(),
    ];
    assert_eq!(files.map(<[Embedded]>::len), [3, 0, 3]);
}

#[test]
fn several_folders_make_one_history() {
    let several = migrations!(
        "tests/versions_more/**",
        "tests/versions",
        "tests/versions_more"
    );
    let compiled = History::embedded(&several).unwrap();
    let ids = |it: &History| -> Vec<String> {
        let scripts = it.scripts().iter();
        scripts.map(|it| it.header.id.to_string()).collect()
    };
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let locations = Locations {
        folders: vec![root.join("versions_more"), root.join("versions")],
        recursive: true,
    };
    let read = History::load_from(&locations).unwrap();
    assert_eq!(ids(&compiled), ids(&read));
    assert_eq!(ids(&compiled)[..2], ["900000000001", "100000000002"]);
    assert!(compiled.changes_from(&locations).unwrap().is_empty());
    // One folder less is a file less, and the folder's own name does not matter.
    let fewer = Locations {
        folders: vec![root.join("versions"), root.join("versions_more/2025")],
        recursive: false,
    };
    let changes = compiled.changes_from(&fewer).unwrap();
    let removed = "tests/versions_more/9.sql";
    assert_eq!(changes, [Change::Removed(removed.into())]);
    let last = &several.files()[1];
    assert_eq!(last.name, "tests/versions_more/2025/1.rs");
    assert!(last.up.is_some());
}
