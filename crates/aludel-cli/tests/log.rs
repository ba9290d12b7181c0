//! The record of what was done, as it is told, and what is made of it: an edited revision is refused, or accepted.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

fn project() -> Project {
    let project = Project::sql();
    project.revision("a1", "");
    project.revision("b2", "a1");
    project
}

/// What was said, without what differs from run to run: dates, durations, and who ran it.
fn tidy(said: &str) -> String {
    let line = |line: &str| {
        let columns: Vec<&str> = line
            .split("  ")
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        match columns.as_slice() {
            [date, direction, revision, outcome, took, from, tool]
                if date.len() == 19 && took.ends_with(" s") && from.contains("(pid ") =>
            {
                format!("DATE  {direction}  {revision}  {outcome}  TOOK  FROM  {tool}\n")
            }
            _ => format!("{line}\n"),
        }
    };
    said.lines().map(line).collect()
}

#[test]
fn it_tells_the_newest_first() {
    let project = project();
    project.ok("-q ensure-version");
    assert_snapshot!(project.run("log"), @"
    exit 0
    -- stdout
    Nothing is recorded.
    ");
    project.ok("-q upgrade head");
    project.ok("-q downgrade -1");
    project.revision_of("b2", "a1", "INSERT INTO nowhere\nVALUES (1);", "");
    project.run("-q upgrade head");
    project.ok("-q stamp head");
    assert_snapshot!(tidy(&project.run("log")), @"");
    assert_snapshot!(tidy(&project.run("log head -l 1")), @"");
    assert_snapshot!(tidy(&project.run("log --failed")), @"");
    std::fs::remove_file(project.path().join("migrations/versions/b2.sql")).unwrap();
    assert_snapshot!(tidy(&project.run("log b2 --limit 1")), @"");
    assert_snapshot!(project.run("log c3"), @"");
    let verbose = project.ok("log a1 -v");
    assert!(
        verbose.contains("Checksum: 1:") && verbose.contains("\n    -- migrate:up\n"),
        "{verbose}"
    );
}

#[test]
fn it_is_data_too() {
    let project = project();
    project.write("app.db", "");
    assert_eq!(project.ok("log --json"), "{\n  \"entries\": []\n}\n");
    project.ok("-q upgrade a1");
    let answer: serde_json::Value = serde_json::from_str(&project.ok("log --json")).unwrap();
    let entry = &answer["entries"][0];
    let keys: Vec<&String> = entry.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 14, "{keys:?}");
    assert_eq!(
        (&entry["revision"], &entry["outcome"]),
        (&"a1".into(), &"done".into())
    );
    assert_eq!(entry["text"], serde_json::Value::Null);
    let verbose: serde_json::Value = serde_json::from_str(&project.ok("log --json -v")).unwrap();
    let text = project.read("migrations/versions/a1.sql");
    assert_eq!(verbose["entries"][0]["text"], text.as_str());
}

#[test]
fn an_edited_revision_is_refused_or_accepted() {
    let project = project();
    project.ok("-q upgrade a1");
    let text = project.read("migrations/versions/a1.sql");
    project.write(
        "migrations/versions/a1.sql",
        &text
            .replace("step", "words of")
            .replace("CREATE", "/* why */  CREATE"),
    );
    project.ok("-q upgrade head");
    project.write(
        "migrations/versions/a1.sql",
        &text.replace("INTEGER", "BIGINT"),
    );
    assert_snapshot!(project.run("upgrade head"), @"");
    assert_snapshot!(project.run("-q downgrade base"), @"");
    // What is not to be undone does not matter.
    project.ok("-q downgrade -1");
    assert_snapshot!(project.run("repair a1 --dry-run"), @"");
    assert_snapshot!(project.run("-q repair b2"), @"");
    assert_snapshot!(project.run_with(&["repair", "a1", "--reason", "it's wider"]), @"");
    assert_snapshot!(project.run("repair --all"), @"");
    project.ok("-q upgrade head");
    let answer: serde_json::Value =
        serde_json::from_str(&project.ok("log a1 -l 1 --json")).unwrap();
    assert_eq!(answer["entries"][0]["direction"], "repair");
    assert_eq!(answer["entries"][0]["reason"], "it's wider");
    project.write(
        "migrations/versions/b2.sql",
        &project
            .read("migrations/versions/b2.sql")
            .replace("INTEGER", "BIGINT"),
    );
    let answer: serde_json::Value =
        serde_json::from_str(&project.ok("repair --all --json --dry-run")).unwrap();
    assert_eq!(
        (&answer["dry_run"], &answer["revisions"][0]["id"]),
        (&true.into(), &"b2".into())
    );
    assert!(
        answer["revisions"][0]["difference"]
            .as_str()
            .unwrap()
            .contains("\n+CREATE TABLE t_b2 (id BIGINT")
    );
}

#[test]
fn one_says_what_to_repair() {
    let project = project();
    for line in ["repair", "repair --all a1"] {
        let said = project.run(line);
        assert!(said.starts_with("exit 2\n"), "{said}");
    }
    // Nothing is made where there is nothing.
    assert_snapshot!(project.run("repair --all"), @"");
    assert!(!project.has("app.db"));
}

#[test]
fn it_can_be_switched_off() {
    let project = project();
    let config = project.read("aludel.toml");
    assert!(config.contains("\nlog = true\n"));
    project.write(
        "aludel.toml",
        &config.replace("\nlog = true\n", "\nlog = false\n"),
    );
    project.ok("-q upgrade a1");
    assert_eq!(project.ok("log"), "Nothing is recorded.\n");
    let text = project.read("migrations/versions/a1.sql");
    project.write(
        "migrations/versions/a1.sql",
        &text.replace("INTEGER", "BIGINT"),
    );
    project.ok("-q upgrade head");
    assert!(
        !String::from_utf8_lossy(&std::fs::read(project.path().join("app.db")).unwrap())
            .contains("aludel_log")
    );
}

#[test]
fn a_script_writes_none() {
    let project = project();
    for line in [
        "upgrade head --sql",
        "ensure-version --sql",
        "stamp head --sql",
    ] {
        assert!(!project.ok(line).contains("aludel_log"), "{line}");
    }
}
