//! Several folders, folders below folders, and ways that lead to one file twice.

use std::sync::{Arc, Mutex};

use tracing::Event;
use tracing::field::Field;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::*;
use crate::history::History;

fn write(root: &Path, name: &str, id: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = format!("-- One\n--\n-- Revision ID: {id}\n\n-- migrate:up\n");
    fs::write(path, text).unwrap();
}

fn ids(root: &Path, folders: &[&str], recursive: bool) -> Vec<String> {
    let locations = Locations {
        folders: folders.iter().map(|name| root.join(name)).collect(),
        recursive,
    };
    let history = History::load_from(&locations).unwrap();
    let ids = history.scripts().iter();
    ids.map(|script| script.header.id.to_string()).collect()
}

/// The warnings under the target of this room.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "aludel::history" {
            event.record(&mut |field: &Field, value: &dyn std::fmt::Debug| {
                *self.0.lock().unwrap() +=
                    &format!("{} {field}: {value:?}\n", event.metadata().level());
            });
        }
    }
}

#[test]
fn folders_come_in_the_order_given_and_files_by_name() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "one/2.sql", "b");
    write(root.path(), "one/1.sql", "c");
    write(root.path(), "two/0.sql", "a");
    assert_eq!(ids(root.path(), &["one", "two"], false), ["c", "b", "a"]);
    assert_eq!(ids(root.path(), &["two", "one"], false), ["a", "c", "b"]);
}

/// An operating system lists files in the order in which they were made, or in any other.
#[test]
fn the_order_in_which_files_were_made_changes_nothing() {
    let plan = |order: &[usize]| {
        let root = tempfile::tempdir().unwrap();
        for n in order {
            write(root.path(), &format!("v/{n}.sql"), &format!("r{n}"));
        }
        let locations = Locations::folder(root.path().join("v"));
        let history = History::load_from(&locations).unwrap();
        let none: [&str; 0] = [];
        let plan = history.map().upgrade_plan(&none, &"heads".parse().unwrap());
        (format!("{:?}", history.map().heads()), plan.unwrap())
    };
    let sorted: Vec<usize> = (0..9).collect();
    for step in [1, 2, 4, 5, 7, 8] {
        let order: Vec<usize> = sorted.iter().map(|n| n * step % 9).collect();
        assert_eq!(plan(&order), plan(&sorted), "{order:?}");
    }
}

#[test]
fn folders_below_follow_the_files_of_their_own_and_hidden_ones_are_passed_over() {
    let root = tempfile::tempdir().unwrap();
    for (name, id) in [
        ("v/9.sql", "a"),
        ("v/2025/2.sql", "b"),
        ("v/2025/11/1.sql", "c"),
        ("v/2024/3.sql", "d"),
        ("v/.git/1.sql", "e"),
    ] {
        write(root.path(), name, id);
    }
    assert_eq!(ids(root.path(), &["v"], true), ["a", "d", "b", "c"]);
    assert_eq!(ids(root.path(), &["v"], false), ["a"]);
}

#[test]
fn a_file_that_two_ways_lead_to_is_loaded_once() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "v/1.sql", "a");
    write(root.path(), "v/sub/2.sql", "b");
    assert_eq!(ids(root.path(), &["v", "v/../v"], false), ["a"]);
    assert_eq!(ids(root.path(), &["v", "v/sub"], true), ["a", "b"]);
    assert_eq!(ids(root.path(), &["v/sub", "v"], true), ["b", "a"]);
}

#[cfg(unix)]
#[test]
fn links_are_seen_through() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "v/1.sql", "a");
    symlink(root.path().join("v/1.sql"), root.path().join("v/2.sql")).unwrap();
    symlink(root.path().join("v"), root.path().join("v/circle")).unwrap();
    symlink(root.path().join("v"), root.path().join("other")).unwrap();
    assert_eq!(ids(root.path(), &["v", "other"], true), ["a"]);
}

#[test]
fn one_identifier_in_two_folders_is_an_error_that_names_both_files() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "one/1.sql", "a");
    write(root.path(), "two/2.sql", "a");
    let locations = Locations {
        folders: vec![root.path().join("one"), root.path().join("two")],
        recursive: false,
    };
    let error = History::load_from(&locations).unwrap_err();
    assert!(matches!(error, HistoryError::Duplicate { .. }), "{error}");
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "one/1.sql", "a");
    let locations = Locations {
        folders: vec![root.path().join("one"), root.path().join("none")],
        recursive: false,
    };
    let error = History::load_from(&locations).unwrap_err();
    assert!(
        matches!(&error, HistoryError::NoFolder { path } if path.ends_with("none")),
        "{error}"
    );
}

#[test]
fn a_revision_that_is_not_read_is_told_of() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "v/1.sql", "a");
    write(root.path(), "v/sub/2.sql", "b");
    fs::create_dir(root.path().join("v/helpers")).unwrap();
    fs::write(root.path().join("v/helpers/view.sql"), "SELECT 1;\n").unwrap();
    let warnings = |folders: &[&str]| {
        let log = Log::default();
        let subscriber = tracing_subscriber::registry().with(log.clone());
        tracing::subscriber::with_default(subscriber, || ids(root.path(), folders, false));
        log.0.lock().unwrap().clone()
    };
    let text = warnings(&["v"]);
    assert!(text.contains("WARN message: "), "{text}");
    assert!(text.contains("2.sql is not read"), "{text}");
    assert!(!text.contains("helpers"), "{text}");
    assert_eq!(warnings(&["v", "v/sub"]), "");
    assert!(warnings(&["v", "v"]).contains("1.sql loaded twice! ignoring."));
}
