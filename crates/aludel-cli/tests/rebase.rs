//! `rebase`: local revisions onto what others have added.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1aa <- b2bb`; upon it a colleague's `c3cc`, and one's own `d4dd <- e5ee`.
fn forked() -> Project {
    let project = Project::sql();
    project.revision("a1aa", "");
    project.revision("b2bb", "a1aa");
    project.revision("c3cc", "b2bb");
    project.revision("d4dd", "b2bb");
    project.revision("e5ee", "d4dd");
    project
}

/// The revision files and their texts.
fn texts(project: &Project) -> Vec<(String, String)> {
    let files = project.files();
    let files = files.lines().filter(|it| it.contains("/versions/"));
    files.map(|it| (it.to_string(), project.read(it))).collect()
}

#[test]
fn what_is_not_applied_moves() {
    let project = forked();
    project.ok("-q upgrade c3cc");
    let before = texts(&project);
    assert_snapshot!(project.run("rebase"), @"
    exit 0
    -- stdout
    Moving d4dd, e5ee from b2bb onto c3cc
    Rewriting migrations/versions/d4dd.sql ... done
    ");
    let changed: Vec<_> = before
        .iter()
        .zip(texts(&project))
        .filter(|(a, b)| *a != b)
        .collect();
    let [(before, after)] = changed.as_slice() else {
        panic!("{changed:?}")
    };
    assert_eq!(after.0, "migrations/versions/d4dd.sql");
    assert_eq!(after.1, before.1.replace("Revises: b2bb", "Revises: c3cc"));
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    d4dd -> e5ee (head), step e5ee
    c3cc -> d4dd, step d4dd
    b2bb -> c3cc, step c3cc
    a1aa -> b2bb, step b2bb
    <base> -> a1aa, step a1aa
    ");
    assert_snapshot!(project.run("rebase"), @"
    exit 1
    -- stderr
    error: there is nothing to rebase: the history has not forked
      e5ee
    hint: `aludel history --graph` draws it
    ");
    project.ok("-q upgrade head");
}

#[test]
fn the_branch_and_the_head_can_be_named() {
    let project = forked();
    assert_snapshot!(project.run("rebase"), @"
    exit 1
    -- stderr
    error: several heads are not applied, so that any of them could be the local one
      c3cc
      e5ee
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    assert_snapshot!(project.run("rebase b2bb"), @"
    exit 1
    -- stderr
    error: b2bb lies below several heads
      c3cc
      e5ee
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    assert_snapshot!(project.run("rebase base"), @"
    exit 1
    -- stderr
    error: base is no revision that could be moved
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    assert_snapshot!(project.run("rebase zzzz"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'zzzz'
      caused by: No such revision or branch 'zzzz'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("rebase d4dd --onto e5ee"), @"
    exit 1
    -- stderr
    error: there is nothing to rebase: the branch ends at that head already
      e5ee
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    assert_snapshot!(project.run("rebase d4dd --onto b2bb"), @"
    exit 1
    -- stderr
    error: b2bb is not a head revision
      c3cc
      e5ee
    hint: `--onto` takes one of the heads
    ");
    assert_snapshot!(project.run("rebase d4dd"), @"
    exit 0
    -- stdout
    Moving d4dd, e5ee from b2bb onto c3cc
    Rewriting migrations/versions/d4dd.sql ... done
    ");
    assert!(!project.has("app.db"));
    let project = forked();
    assert_snapshot!(project.run("rebase --onto e5ee"), @"
    exit 0
    -- stdout
    Moving c3cc from b2bb onto e5ee
    Rewriting migrations/versions/c3cc.sql ... done
    ");
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    e5ee -> c3cc (head), step c3cc
    d4dd -> e5ee, step e5ee
    b2bb -> d4dd, step d4dd
    a1aa -> b2bb, step b2bb
    <base> -> a1aa, step a1aa
    ");
    let project = forked();
    project.revision("f6ff", "a1aa");
    assert_snapshot!(project.run("rebase d4dd"), @"
    exit 1
    -- stderr
    error: there are more than two heads: say which one to move onto
      c3cc
      e5ee
      f6ff
    hint: `aludel rebase REVISION --onto HEAD`
    ");
    assert_snapshot!(project.run("rebase --onto f6ff"), @"
    exit 1
    -- stderr
    error: several heads are not applied, so that any of them could be the local one
      c3cc
      e5ee
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    // `b2bb`, which the line needs, does not lie below that head.
    assert_snapshot!(project.run("rebase d4dd --onto f6ff"), @"
    exit 1
    -- stderr
    error: only a line of revisions can be moved, and b2bb is not on one: several others follow it
    hint: `aludel merge heads` joins the heads instead
    ");
    assert_eq!(project.run("-q rebase e5ee --onto c3cc"), "exit 0\n");
    assert_eq!(project.run("-q rebase f6ff --onto e5ee"), "exit 0\n");
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    e5ee -> f6ff (head), step f6ff
    d4dd -> e5ee, step e5ee
    c3cc -> d4dd, step d4dd
    b2bb -> c3cc, step c3cc
    a1aa -> b2bb, step b2bb
    <base> -> a1aa, step a1aa
    ");
}

#[test]
fn what_is_applied_does_not_move() {
    let project = forked();
    project.ok("-q upgrade d4dd");
    let before = texts(&project);
    assert_snapshot!(project.run("rebase e5ee"), @"
    exit 1
    -- stderr
    error: a revision that is applied cannot be moved
      d4dd
    hint: take it back first with `aludel downgrade`, or join the heads with `aludel merge heads`
    ");
    project.ok("-q upgrade heads");
    assert_snapshot!(project.run("rebase"), @"
    exit 1
    -- stderr
    error: there is nothing to rebase: all heads are applied
      c3cc
      e5ee
    hint: `aludel merge heads` joins them
    ");
    assert_eq!(texts(&project), before);
    assert_snapshot!(project.run("rebase --offline"), @"
    exit 1
    -- stderr
    INFO  [aludel::rebase] The database is not asked which revisions are applied
    error: without a database, which revisions are local cannot be told
      c3cc
      e5ee
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    assert_snapshot!(project.run("rebase --offline e5ee"), @"
    exit 0
    -- stdout
    Moving d4dd, e5ee from b2bb onto c3cc
    Rewriting migrations/versions/d4dd.sql ... done
    -- stderr
    INFO  [aludel::rebase] The database is not asked which revisions are applied
    ");
}

#[test]
fn without_a_database() {
    let project = forked();
    project.write("aludel.toml", "script_location = 'migrations'\n");
    assert_snapshot!(project.run("rebase"), @"
    exit 1
    -- stderr
    WARN  [aludel::rebase] No database is asked which revisions are applied, since no URL is configured
    error: without a database, which revisions are local cannot be told
      c3cc
      e5ee
    hint: name a revision of the branch that is to move: `aludel rebase REVISION`
    ");
    assert_snapshot!(project.run("rebase e5ee"), @"
    exit 0
    -- stdout
    Moving d4dd, e5ee from b2bb onto c3cc
    Rewriting migrations/versions/d4dd.sql ... done
    -- stderr
    WARN  [aludel::rebase] No database is asked which revisions are applied, since no URL is configured
    ");
    let project = forked();
    let mut command = project.command(&["rebase", "c3cc"]);
    assert_snapshot!(project.said(command.env_remove("DATABASE_URL")), @"
    exit 0
    -- stdout
    Moving c3cc from b2bb onto e5ee
    Rewriting migrations/versions/c3cc.sql ... done
    -- stderr
    WARN  [aludel::rebase] No database is asked which revisions are applied, since no URL is configured
    ");
    let project = forked();
    let mut command = project.command(&["rebase", "c3cc"]);
    let said = project.said(command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"));
    assert!(said.starts_with("exit 1\n-- stderr\nerror: "), "{said}");
}

#[test]
fn only_a_line_moves() {
    let project = forked();
    let revision = |id: &str, lines: &str| {
        let text = format!("-- {id}\n--\n-- Revision ID: {id}\n{lines}\n-- migrate:up\n");
        project.write(&format!("migrations/versions/{id}.sql"), &text);
    };
    // A head that depends on what is to stand upon it.
    revision("c3cc", "-- Revises: b2bb\n-- Depends On: d4dd\n");
    assert_snapshot!(project.run("rebase e5ee"), @"
    exit 1
    -- stderr
    error: d4dd cannot stand upon c3cc
      Dependency cycle is detected in revisions (c3cc, d4dd)
    hint: `aludel merge heads` joins the heads instead
    ");
    revision("c3cc", "-- Revises: b2bb\n");
    // A merge.
    revision("f6ff", "-- Revises: e5ee, b2bb\n");
    assert_snapshot!(project.run("rebase f6ff"), @"
    exit 1
    -- stderr
    error: only a line of revisions can be moved, and f6ff is not on one: it is a merge
    hint: `aludel merge heads` joins the heads instead
    ");
    // A fork above the lowest one.
    revision("f6ff", "-- Revises: d4dd\n");
    assert_snapshot!(project.run("rebase f6ff --onto c3cc"), @"
    exit 1
    -- stderr
    error: only a line of revisions can be moved, and d4dd is not on one: several others follow it
    hint: `aludel merge heads` joins the heads instead
    ");
    // Another root is a line too.
    revision("d4dd", "-- Create Date: today\n");
    std::fs::remove_file(project.path().join("migrations/versions/f6ff.sql")).unwrap();
    assert_snapshot!(project.run("rebase e5ee"), @"
    exit 0
    -- stdout
    Moving d4dd, e5ee from <base> onto c3cc
    Rewriting migrations/versions/d4dd.sql ... done
    ");
    assert_snapshot!(project.read("migrations/versions/d4dd.sql"), @"
    -- d4dd
    --
    -- Revision ID: d4dd
    -- Revises: c3cc
    -- Create Date: today

    -- migrate:up
    ");
    let straight = Project::sql();
    assert_snapshot!(straight.run("rebase"), @"
    exit 1
    -- stderr
    error: there is nothing to rebase: the history has not forked
    hint: `aludel history --graph` draws it
    ");
}

#[cfg(unix)]
#[test]
fn a_rewritten_file_keeps_its_line_ends_its_permissions_and_its_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let project = forked();
    let path = project.path().join("migrations/versions/d4dd.sql");
    let text = project
        .read("migrations/versions/d4dd.sql")
        .replace('\n', "\r\n");
    project.write("elsewhere/d4dd.sql", &text);
    let real = project.path().join("elsewhere/d4dd.sql");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::fs::remove_file(&path).unwrap();
    symlink(&real, &path).unwrap();
    project.ok("rebase d4dd");
    assert!(path.is_symlink());
    assert_eq!(
        std::fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert_eq!(
        project.read("elsewhere/d4dd.sql"),
        text.replace("Revises: b2bb", "Revises: c3cc")
    );
    assert_eq!(
        std::fs::read_dir(real.parent().unwrap()).unwrap().count(),
        1
    );
}

#[test]
fn rust_revisions_move_without_being_compiled() {
    let project = forked();
    let text = "//! Own\n//!\n//! Revision ID: f6ff\n//! Revises: b2bb\n//! Create Date: today\n\nuse aludel::prelude::*;\n\n// Revises: b2bb\npub fn upgrade(_op: &mut Operations) {}\n\npub fn downgrade(_op: &mut Operations) {}\n";
    project.write("migrations/versions/f6ff.rs", text);
    project.ok("rebase f6ff --onto e5ee --offline");
    let moved = text.replacen("Revises: b2bb", "Revises: e5ee", 1);
    assert_eq!(project.read("migrations/versions/f6ff.rs"), moved);
}
