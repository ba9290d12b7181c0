//! Folders that can be loaded, and those that cannot.

use super::*;

const A: &str = "//! Create patients\n//!\n//! Revision ID: a\n\nfn not_compiled() {}\n";
const B: &str = "-- Add email\n--\n-- Revision ID: b\n-- Revises: a\n\n-- migrate:up\nSELECT 1;\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn error(files: &[(&str, &str)]) -> (HistoryError, String, tempfile::TempDir) {
    let dir = folder(files);
    let error = History::load(dir.path()).unwrap_err();
    let text = error.to_string().replace(
        &format!("{}{}", dir.path().display(), std::path::MAIN_SEPARATOR),
        "",
    );
    (error, text, dir)
}

#[test]
fn both_kinds_of_files_make_one_history_in_the_order_of_their_names() {
    let dir = folder(&[
        ("2_b.sql", B),
        ("1_a.rs", A),
        ("mod.rs", "junk"),
        (".hidden.sql", "junk"),
        ("README.md", "junk"),
    ]);
    fs::create_dir(dir.path().join("3_folder.rs")).unwrap();
    let history = History::load(dir.path()).unwrap();
    let ids: Vec<&str> = history
        .scripts()
        .iter()
        .map(|script| script.header.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(history.map().heads()[0].as_str(), "b");
    assert_eq!(history.map().get("b").unwrap().doc, "Add email");
    let b = history.script(&RevisionId::new("b").unwrap()).unwrap();
    assert_eq!(b.path, dir.path().join("2_b.sql"));
    let body = b.sql(crate::sql::split::Flavor::Sqlite).unwrap().unwrap();
    assert_eq!(body.up.statements[0].line, 7);
    let refused = b.down_section(&body).unwrap_err().to_string();
    assert!(
        refused.contains("2_b.sql: revision b has no `-- migrate:down` section"),
        "{refused}"
    );
    let a = &history.scripts()[0];
    assert!(matches!(a.body, Body::Rust(None)));
    assert!(a.sql(crate::sql::split::Flavor::Sqlite).unwrap().is_none());
}

#[test]
fn a_broken_body_is_found_only_when_it_is_wanted() {
    let dir = folder(&[("1_a.sql", "-- Revision ID: a\n\n-- migrate:up\nSELECT 'a")]);
    let history = History::load(dir.path()).unwrap();
    let error = history.scripts()[0]
        .sql(crate::sql::split::Flavor::Sqlite)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("1_a.sql: line 4: string is never closed"),
        "{error}"
    );
}

#[test]
fn every_error_names_the_file() {
    let (_, text, _dir) = error(&[("1_a.rs", A), ("2_a.rs", A)]);
    assert_eq!(
        text,
        "Revision a is present more than once: in 1_a.rs and in 2_a.rs"
    );
    let (found, text, _dir) = error(&[("2_b.sql", B)]);
    assert_eq!(text, "2_b.sql: Revision a referenced from b is not present");
    assert!(matches!(
        found,
        HistoryError::Graph {
            source: GraphError::MissingParent { .. },
            ..
        }
    ));
    let (_, text, _dir) = error(&[
        ("1.sql", &B.replace("Revises: a", "Revises: c")),
        ("2.sql", &B.replace("ID: b", "ID: c").replace(": a", ": b")),
    ]);
    assert_eq!(text, "1.sql, 2.sql: Cycle is detected in revisions (b, c)");
    let (_, text, _dir) = error(&[("1.sql", "-- One\n-- Revison ID: a\n")]);
    assert_eq!(
        text,
        "1.sql: line 2: found `Revison ID: a`, expected `Revision ID: `"
    );
}

#[test]
fn folders_and_files_that_cannot_be_read() {
    let dir = folder(&[]);
    let missing = dir.path().join("versions");
    assert!(
        matches!(History::load(&missing), Err(HistoryError::NoFolder { path }) if path == missing)
    );
    fs::write(&missing, "a file").unwrap();
    assert!(matches!(
        History::load(&missing),
        Err(HistoryError::Unreadable { .. })
    ));
    assert!(History::load(dir.path()).unwrap().map().is_empty());
    fs::write(dir.path().join("1.sql"), b"-- One\n-- \xff\n").unwrap();
    assert!(matches!(
        History::load(dir.path()),
        Err(HistoryError::NotText { line: 2, .. })
    ));
}

fn up(_: &mut crate::ops::Operations) {}

const FILES: &[Embedded] = &[
    Embedded {
        name: "2_b.sql",
        text: B,
        up: None,
        down: None,
    },
    Embedded {
        name: "1_a.rs",
        text: A,
        up: Some(up),
        down: Some(up),
    },
];
const MIGRATIONS: Migrations = Migrations::new("versions", FILES);

#[test]
fn a_program_brings_its_revisions_along() {
    let history = History::embedded(&MIGRATIONS).unwrap();
    let ids: Vec<&str> = history
        .scripts()
        .iter()
        .map(|script| script.header.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert!(matches!(history.scripts()[0].body, Body::Rust(Some(_))));
    assert_eq!(
        history.scripts()[1].path,
        Path::new("versions").join("2_b.sql")
    );
}

#[test]
fn a_program_knows_what_changed_since_it_was_built() {
    let history = History::embedded(&MIGRATIONS).unwrap();
    let dir = folder(&[("1_a.rs", A), ("2_b.sql", B)]);
    assert!(!history.is_stale(dir.path()).unwrap());
    let path = |name: &str| dir.path().join(name);
    fs::write(path("1_a.rs"), format!("{A} ")).unwrap();
    fs::write(path("0.sql"), "junk").unwrap();
    fs::remove_file(path("2_b.sql")).unwrap();
    let expected = [
        Change::Added(path("0.sql")),
        Change::Changed(path("1_a.rs")),
        Change::Removed(path("2_b.sql")),
    ];
    assert_eq!(history.changes(dir.path()).unwrap(), expected);
}
