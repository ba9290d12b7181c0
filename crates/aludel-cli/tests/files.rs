//! Commands that read and write files alone: `revision`, `history`, `heads`, `show`; and files that make no sense.

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1 <- b2 <- c3`, and `d4` beside `c3` on the branch `billing`.
fn branched() -> Project {
    let project = Project::sql();
    project.revision("a1aa", "");
    project.revision("b2bb", "a1aa");
    project.revision("c3cc", "b2bb");
    project.write(
        "migrations/versions/d4dd.sql",
        "-- Bill visits\n--\n-- Every visit gets a bill.\n--\n-- Revision ID: d4dd\n-- Revises: b2bb\n-- Branch Labels: billing\n\n-- migrate:up\n",
    );
    project
}

#[test]
fn revisions_by_hand() {
    let project = Project::sql();
    assert_snapshot!(project.run_with(&["revision", "-m", "Create patients", "--rev-id", "a1"]), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_a1_create_patients.sql ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_a1_create_patients.sql"), @"
    -- Create patients
    --
    -- Revision ID: a1
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    assert_snapshot!(project.run_with(&["revision", "-m", "two", "--rev-id", "b2", "--format", "rust"]), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_b2_two.rs ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_b2_two.rs"), @"
    //! two
    //!
    //! Revision ID: b2
    //! Revises: a1
    //! Create Date: 2025-11-08 14:30:00

    use aludel::prelude::*;

    pub fn upgrade(_op: &mut Operations) {}

    pub fn downgrade(_op: &mut Operations) {}
    ");
    assert_snapshot!(project.run("-q revision --rev-id c3"), @"exit 0");
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    b2 -> c3 (head)
    a1 -> b2, two
    <base> -> a1, Create patients
    ");
}

#[test]
fn identifiers_are_twelve_random_digits() {
    let project = Project::sql();
    project.ok("revision -m a");
    project.ok("revision -m b");
    let heads = project.ok("history");
    let ids: Vec<&str> = heads
        .split(" -> ")
        .skip(1)
        .filter_map(|it| it.split([' ', ',']).next())
        .collect();
    assert_eq!(ids.len(), 2);
    assert!(
        ids.iter()
            .all(|id| id.len() == 12 && id.chars().all(|c| c.is_ascii_hexdigit())),
        "{ids:?}"
    );
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn heads_to_follow() {
    let project = branched();
    assert_snapshot!(project.run("revision -m x"), @"
    exit 1
    -- stderr
    error: Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge.
      c3cc
      d4dd
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("revision -m x --rev-id e5 --head b2"), @"
    exit 1
    -- stderr
    error: Revision b2bb is not a head revision; please specify --splice to create a new branch from this revision
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("revision -m x --rev-id e5 --head b2bb --splice"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_e5_x.sql ... done
    ");
    assert_snapshot!(project.run("revision -m x --rev-id f6 --head billing@head --branch-label new --depends-on c3cc"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_f6_x.sql ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_f6_x.sql"), @"
    -- x
    --
    -- Revision ID: f6
    -- Revises: d4dd
    -- Branch Labels: new
    -- Depends On: c3cc
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    assert_snapshot!(project.run("revision -m x --rev-id f6 --head base"), @"
    exit 1
    -- stderr
    error: Revision f6 is present already: in migrations/versions/20251108_1430_f6_x.sql
    hint: give another `--rev-id`, or none
    ");
}

#[test]
fn history_lines() {
    let project = branched();
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    b2bb -> c3cc (head), step c3cc
    b2bb -> d4dd (billing) (head), Bill visits
    a1aa -> b2bb (branchpoint), step b2bb
    <base> -> a1aa, step a1aa
    ");
    assert_snapshot!(project.run("heads"), @"
    exit 0
    -- stdout
    c3cc (head)
    d4dd (billing) (head)
    ");
    assert_snapshot!(project.run("history -r b2bb:c3cc"), @"
    exit 0
    -- stdout
    b2bb -> c3cc (head), step c3cc
    a1aa -> b2bb (branchpoint), step b2bb
    ");
    assert_snapshot!(project.run("history --rev-range=:b2bb"), @"
    exit 0
    -- stdout
    a1aa -> b2bb (branchpoint), step b2bb
    <base> -> a1aa, step a1aa
    ");
    assert_snapshot!(project.run("history -r -1:c3cc"), @"
    exit 0
    -- stdout
    b2bb -> c3cc (head), step c3cc
    a1aa -> b2bb (branchpoint), step b2bb
    ");
    assert_snapshot!(project.run("history --rev-range=-1:"), @"
    exit 0
    -- stdout
    b2bb -> c3cc (head), step c3cc
    b2bb -> d4dd (billing) (head), Bill visits
    a1aa -> b2bb (branchpoint), step b2bb
    ");
    assert_snapshot!(project.run("history -r a1aa:+1"), @"
    exit 0
    -- stdout
    a1aa -> b2bb (branchpoint), step b2bb
    <base> -> a1aa, step a1aa
    ");
    assert_snapshot!(project.run("history -r c3cc:d4dd"), @"
    exit 1
    -- stderr
    error: Requested range c3cc:d4dd does not refer to ancestor/descendant revisions along the same branch
    ");
    assert_snapshot!(project.run("history -r nothing:"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'nothing'
      caused by: No such revision or branch 'nothing'
    hint: `aludel history` lists the revisions
    ");
}

#[test]
fn history_blocks() {
    let project = branched();
    assert_snapshot!(project.run("history -v -r b2bb:billing"), @"
    exit 0
    -- stdout
    Rev: d4dd (head)
    Parent: b2bb
    Branch names: billing
    Path: ROOT/migrations/versions/d4dd.sql

        Bill visits

        Every visit gets a bill.

        Revision ID: d4dd
        Revises: b2bb
        Branch Labels: billing

    Rev: b2bb (branchpoint)
    Parent: a1aa
    Branches into: c3cc, d4dd
    Path: ROOT/migrations/versions/b2bb.sql

        step b2bb

        Revision ID: b2bb
        Revises: a1aa
    ");
}

#[test]
fn one_revision() {
    let project = branched();
    assert_snapshot!(project.run("show d4"), @"
    exit 0
    -- stdout
    Rev: d4dd (head)
    Parent: b2bb
    Branch names: billing
    Path: ROOT/migrations/versions/d4dd.sql

        Bill visits

        Every visit gets a bill.

        Revision ID: d4dd
        Revises: b2bb
        Branch Labels: billing
    ");
    assert_snapshot!(project.run("show d4dd"), @"
    exit 0
    -- stdout
    Rev: d4dd (head)
    Parent: b2bb
    Branch names: billing
    Path: ROOT/migrations/versions/d4dd.sql

        Bill visits

        Every visit gets a bill.

        Revision ID: d4dd
        Revises: b2bb
        Branch Labels: billing
    ");
    assert_snapshot!(project.run("show billing --json"), @r#"
    exit 0
    -- stdout
    {
      "revisions": [
        {
          "id": "d4dd",
          "down": [
            "b2bb"
          ],
          "depends_on": [],
          "labels": [
            "billing"
          ],
          "message": "Bill visits\n\nEvery visit gets a bill.",
          "create_date": null,
          "path": "ROOT/migrations/versions/d4dd.sql",
          "head": true,
          "effective_head": false,
          "branchpoint": false,
          "mergepoint": false,
          "current": null
        }
      ]
    }
    "#);
    assert_snapshot!(project.run("show head"), @"
    exit 1
    -- stderr
    error: Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
      c3cc
      d4dd
    hint: `aludel heads` shows them; `heads` means all of them
    ");
    assert_snapshot!(project.run("show zzzz"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'zzzz'
      caused by: No such revision or branch 'zzzz'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("show base"), @"exit 0");
}

#[test]
fn ambiguous_beginnings() {
    let project = Project::sql();
    project.revision("ae1027", "");
    project.revision("ae1c0f", "ae1027");
    assert_snapshot!(project.run("show ae1"), @"
    exit 1
    -- stderr
    error: revision `ae1` is ambiguous
      ae1027
      ae1c0f
    hint: type one more character
    ");
}

#[test]
fn answers_for_programs() {
    let project = Project::sql();
    project.revision("a1", "");
    assert_snapshot!(project.run("heads --json"), @r#"
    exit 0
    -- stdout
    {
      "revisions": [
        {
          "id": "a1",
          "down": [],
          "depends_on": [],
          "labels": [],
          "message": "step a1",
          "create_date": null,
          "path": "ROOT/migrations/versions/a1.sql",
          "head": true,
          "effective_head": false,
          "branchpoint": false,
          "mergepoint": false,
          "current": null
        }
      ]
    }
    "#);
    assert_eq!(project.ok("history --json"), project.ok("heads --json"));
}

#[test]
fn a_broken_header() {
    let project = Project::sql();
    project.write(
        "migrations/versions/x.sql",
        "-- x\n--\n-- Revisions ID: a1\n\n-- migrate:up\n",
    );
    assert_snapshot!(project.run("history"), @r#"
    exit 1
    -- stderr
    error: migrations/versions/x.sql: line 3: found `Revisions ID: a1`, expected `Revision ID: `
    hint: a header is a message, an empty line, then `Revision ID: ...` and `Revises: ...`; `aludel revision -m "..."` writes one
    "#);
    project.write("migrations/versions/x.sql", "");
    assert_snapshot!(project.run("heads"), @r#"
    exit 1
    -- stderr
    error: migrations/versions/x.sql: the file is empty, expected a header that starts with `--`
    hint: a header is a message, an empty line, then `Revision ID: ...` and `Revises: ...`; `aludel revision -m "..."` writes one
    "#);
    std::fs::write(
        project.path().join("migrations/versions/x.sql"),
        b"-- x\n-- \xff\n",
    )
    .unwrap();
    assert_snapshot!(project.run("heads"), @"
    exit 1
    -- stderr
    error: migrations/versions/x.sql: line 2 is not UTF-8 text
    ");
}

#[test]
fn one_identifier_twice() {
    let project = Project::sql();
    project.revision("a1", "");
    std::fs::copy(
        project.path().join("migrations/versions/a1.sql"),
        project.path().join("migrations/versions/b.sql"),
    )
    .unwrap();
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: Revision a1 is present more than once: in migrations/versions/a1.sql and in migrations/versions/b.sql
    hint: give one of them another `Revision ID`, and mend what follows it
    ");
    assert!(!project.has("app.db"));
}

#[test]
fn an_unknown_parent_and_a_circle() {
    let project = Project::sql();
    project.revision("a1aa", "a1ab");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: migrations/versions/a1aa.sql: Revision a1ab referenced from a1aa is not present
    hint: bring the missing file back, or mend the header that names it
    ");
    project.revision("a1ab", "a1aa");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: migrations/versions/a1aa.sql, migrations/versions/a1ab.sql: Cycle is detected in revisions (a1aa, a1ab)
    hint: mend a `Revises:` or `Depends On:` line of these revisions
    ");
    assert!(!project.has("app.db"));
}

#[test]
fn an_identifier_that_is_taken() {
    let project = Project::sql();
    project.revision("a1", "");
    assert_snapshot!(project.run("revision --rev-id a1"), @"
    exit 1
    -- stderr
    error: Revision a1 is present already: in migrations/versions/a1.sql
    hint: give another `--rev-id`, or none
    ");
}

#[test]
fn a_folder_that_cannot_be_written_to() {
    let project = Project::sql();
    std::fs::remove_dir_all(project.path().join("migrations/versions")).unwrap();
    assert_snapshot!(project.run("heads"), @"
    exit 1
    -- stderr
    error: migrations/versions: there is no such folder of revisions
    hint: `script_location` names the folder that holds `versions/`; `aludel init migrations` makes one
    ");
    assert_snapshot!(project.run("revision --rev-id a1 -m x"), @"
    exit 0
    -- stdout
    Creating directory migrations/versions ... done
    Generating migrations/versions/20251108_1430_a1_x.sql ... done
    ");
    std::fs::remove_dir_all(project.path().join("migrations/versions")).unwrap();
    project.write("migrations/versions", "a file in the folder's place");
    assert_snapshot!(project.run("revision -m x"), @"
    exit 1
    -- stderr
    error: migrations/versions: cannot be read
      caused by: Not a directory (os error 20)
    ");
    assert_snapshot!(project.run("history"), @"
    exit 1
    -- stderr
    error: migrations/versions: cannot be read
      caused by: Not a directory (os error 20)
    ");
}

#[test]
fn a_file_that_cannot_be_written() {
    let project = Project::sql();
    let config = project.read("aludel.toml");
    project.write(
        "aludel.toml",
        &config.replace("length = 40", "length = 400"),
    );
    let said = project.run(&format!("revision -m {} --rev-id a1", "x".repeat(300)));
    assert_snapshot!(said.replace(&"x".repeat(300), "XXX"), @"
    exit 1
    -- stdout
    Generating migrations/versions/20251108_1430_a1_XXX.sql ... FAILED
    -- stderr
    error: migrations/versions/20251108_1430_a1_XXX.sql: cannot be written
      caused by: File name too long (os error 36)
    ");
    assert_eq!(project.ok("heads"), "");
}

#[test]
fn configurations_that_make_no_sense() {
    let project = Project::sql();
    let said = |text: &str| {
        project.write("aludel.toml", text);
        project.run("heads")
    };
    assert_snapshot!(said("script_location = 'migrations'\n\nfile_tmplate = 'x'\n"), @"
    exit 1
    -- stderr
    error: aludel.toml:3: there is no key `file_tmplate`
    hint: did you mean `file_template`?
    ");
    assert_snapshot!(said("script_location = 'migrations'\n[autogenerate]\ncompare_type = 'yes'\n"), @r#"
    exit 1
    -- stderr
    error: aludel.toml:3: invalid type: string "yes", expected a boolean
    "#);
    assert_snapshot!(said("script_location = \n"), @"
    exit 1
    -- stderr
    error: aludel.toml:1: string values must be quoted, expected literal string
    ");
    assert_snapshot!(said("url = 'x'\n"), @r#"
    exit 1
    -- stderr
    error: `script_location` is not set in aludel.toml
    hint: write `script_location = "..."` there
    "#);
    assert_snapshot!(said("script_location = '${NAME}'\n"), @"
    exit 1
    -- stderr
    error: NAME is not set
    hint: aludel.toml:1 asks for it: set it in the environment, or write `NAME=...` into the file .env beside it
    ");
    assert_snapshot!(said("script_location = 'elsewhere'\n"), @"
    exit 1
    -- stderr
    error: elsewhere/versions: there is no such folder of revisions
    hint: `script_location` names the folder that holds `versions/`; `aludel init migrations` makes one
    ");
}

#[test]
fn settings_of_new_files() {
    let project = Project::sql();
    let said = |text: &str| {
        project.write(
            "aludel.toml",
            &format!("script_location = 'migrations'\n{text}\n"),
        );
        project.run_with(&["revision", "-m", "one two three", "--rev-id", "a1"])
    };
    assert_snapshot!(said("timezone = 'Nowhere/Land'"), @"
    exit 1
    -- stderr
    error: aludel.toml:2: Can't locate timezone: Nowhere/Land
    hint: write an IANA name, such as `Europe/Berlin`
    ");
    assert_snapshot!(said("file_template = '{rev}-{nonsense}'"), @"
    exit 1
    -- stderr
    error: aludel.toml:2: file_template `{rev}-{nonsense}` holds `{nonsense}`, expected one of {rev} {slug} {epoch} {year} {month} {day} {hour} {minute} {second}
    ");
    assert_snapshot!(said("file_template = '{rev}-{hour}-{slug}'\ntimezone = 'Europe/Berlin'\ntruncate_slug_length = 8"), @"
    exit 0
    -- stdout
    Generating migrations/versions/a1-15-one_two_.sql ... done
    ");
    project.write(
        "migrations/script.sql.jinja",
        "{{ header }}\n{{ nonsense }}\n",
    );
    std::fs::remove_file(
        project
            .path()
            .join("migrations/versions/a1-15-one_two_.sql"),
    )
    .unwrap();
    assert_snapshot!(said("file_template = '{rev}-x'"), @"
    exit 1
    -- stderr
    error: migrations/script.sql.jinja:2: the template cannot be rendered: undefined value
    ");
}

#[test]
fn no_configuration() {
    let project = Project::empty();
    assert_snapshot!(project.run("heads"), @"
    exit 1
    -- stderr
    error: there is no `aludel.toml` in ROOT or a folder above it
    hint: `aludel init migrations` starts a project; `--config FILE` names a configuration elsewhere
    ");
    assert_snapshot!(project.run("-c nowhere.toml heads"), @"
    exit 1
    -- stderr
    error: cannot read `nowhere.toml`
      caused by: No such file or directory (os error 2)
    ");
}

#[test]
fn the_configuration_is_found_from_a_folder_below() {
    let project = Project::sql();
    project.revision("a1", "");
    project.write("src/deep/x", "");
    let mut command = project.command(&["heads"]);
    assert_eq!(
        project.said(command.current_dir(project.path().join("src/deep"))),
        "exit 0\n-- stdout\na1 (head)\n"
    );
    let elsewhere = Project::empty();
    let config = project.path().join("aludel.toml");
    let mut command = elsewhere.command(&["heads"]);
    assert_eq!(
        elsewhere.said(command.env("ALUDEL_CONFIG", config)),
        "exit 0\n-- stdout\na1 (head)\n"
    );
}
