//! Revisions in several folders, and in folders below folders.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

fn project(more: &str) -> Project {
    let project = Project::empty();
    let text = format!("script_location = 'migrations'\nurl = 'sqlite:app.db'\n{more}");
    project.write("aludel.toml", &text);
    project
}

fn two() -> Project {
    project("version_locations = ['core/versions', 'billing']\nfile_template = '{rev}'\n")
}

fn revision(id: &str, down: &str) -> String {
    let revises = match down {
        "" => String::new(),
        down => format!("-- Revises: {down}\n"),
    };
    format!(
        "-- {id}\n--\n-- Revision ID: {id}\n{revises}\n-- migrate:up\nCREATE TABLE t_{id} (id INTEGER);\n\n-- migrate:down\nDROP TABLE t_{id};\n"
    )
}

#[test]
fn a_revision_goes_where_it_is_sent_or_where_its_parent_is() {
    let project = two();
    assert_snapshot!(project.run("heads"), @"
    exit 1
    -- stderr
    error: core/versions: there is no such folder of revisions
    hint: `version_locations` names it: mend the name there, or let `aludel revision` make the folder
    ");
    assert_snapshot!(project.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stdout
    Creating directory core/versions ... done
    Creating directory billing ... done
    -- stderr
    error: Multiple version locations present, please specify --version-path
      core/versions
      billing
    hint: name one of these folders
    ");
    assert_snapshot!(project.run("revision --rev-id a1 -m one --version-path elsewhere"), @"
    exit 1
    -- stderr
    error: Path elsewhere is not represented in current version locations
      core/versions
      billing
    hint: name one of these folders
    ");
    assert_snapshot!(project.run("revision --rev-id a1 -m one --version-path ./core/versions/"), @"
    exit 0
    -- stdout
    Generating core/versions/a1.sql ... done
    ");
    assert_snapshot!(project.run("revision --rev-id b1 -m two --head base --version-path billing"), @"
    exit 0
    -- stdout
    Generating billing/b1.sql ... done
    ");
    assert_snapshot!(project.run("revision --rev-id b2 -m three --head b1"), @"
    exit 0
    -- stdout
    Generating billing/b2.sql ... done
    ");
    assert_snapshot!(project.run("-q revision --rev-id a2 -m four --head a1"), @"exit 0");
    assert_snapshot!(project.files(), @"
    aludel.toml
    billing/b1.sql
    billing/b2.sql
    core/versions/a1.sql
    core/versions/a2.sql
    ");
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    a1 -> a2 (head), four
    <base> -> a1, one
    b1 -> b2 (head), three
    <base> -> b1, two
    ");
    project.ok("upgrade heads");
    assert_snapshot!(project.ok("current"), @"
    a2 (head)
    b2 (head)
    ");
}

#[test]
fn a_folder_that_is_missing_is_an_error_for_those_that_read() {
    let project = two();
    project.write("core/versions/a1.sql", &revision("a1", ""));
    for line in ["history", "heads", "upgrade head", "current"] {
        assert!(
            project
                .run(line)
                .contains("error: billing: there is no such folder"),
            "{line}"
        );
    }
    assert!(!project.has("app.db") && !project.has("billing"));
}

#[test]
fn from_a_folder_below_the_configuration() {
    let project = two();
    project.write("core/versions/a1.sql", &revision("a1", ""));
    project.write("billing/b1.sql", &revision("b1", ""));
    let run = |line: &str| {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let mut command = project.command(&arguments);
        command.current_dir(project.path().join("billing"));
        project.said(&mut command)
    };
    assert_snapshot!(run("revision --rev-id b2 --head b1 -m x --version-path ."), @"
    exit 0
    -- stdout
    Generating b2.sql ... done
    ");
    assert_snapshot!(run("heads"), @"
    exit 0
    -- stdout
    a1 (head)
    b2 (head)
    ");
}

#[test]
fn folders_below_are_searched_if_that_is_said() {
    let project = project("");
    project.write("migrations/versions/a1.sql", &revision("a1", ""));
    project.write("migrations/versions/2025/a2.sql", &revision("a2", "a1"));
    assert_snapshot!(project.run("heads"), @"
    exit 0
    -- stdout
    a1 (head)
    -- stderr
    WARN  [aludel::history] migrations/versions/2025/a2.sql is not read, nor are the other revisions below migrations/versions/2025 (1 in all): set `recursive_version_locations = true`, or name the folder in `version_locations`
    ");
    project.write(
        "aludel.toml",
        "script_location = 'migrations'\nurl = 'sqlite:app.db'\nrecursive_version_locations = true\nfile_template = '{year}/{month}/{rev}_{slug}'\n",
    );
    assert_snapshot!(project.run("heads"), @"
    exit 0
    -- stdout
    a2 (head)
    ");
    assert_snapshot!(project.run("revision --rev-id a3 -m new"), @"
    exit 0
    -- stdout
    Generating migrations/versions/2025/11/a3_new.sql ... done
    ");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, a1
    INFO  [aludel::run] Running upgrade a1 -> a2, a2
    INFO  [aludel::run] Running upgrade a2 -> a3, new
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    a3 (head)
    ");
}

#[test]
fn folders_in_file_names_need_the_search() {
    let project = project("file_template = '{year}/{rev}'\n");
    project.write("migrations/versions/.gitkeep", "");
    assert_snapshot!(project.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stderr
    error: aludel.toml:3: file_template `{year}/{rev}` puts revisions into folders, where they are found only with `recursive_version_locations = true`
    hint: set `recursive_version_locations = true`, or take the `/` out of `file_template`
    ");
    project.write(
        "aludel.toml",
        "script_location = 'migrations'\nversion_locations = []\n",
    );
    assert_snapshot!(project.run("heads"), @"
    exit 1
    -- stderr
    error: aludel.toml:2: `version_locations` names no folder
    ");
}
