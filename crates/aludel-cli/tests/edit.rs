//! `edit`, with a script for an editor.
#![cfg(all(unix, feature = "sqlite"))]
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use std::os::unix::fs::PermissionsExt as _;
use support::Project;

/// `a1aa <- b2bb`, and an editor that writes down what it is given.
fn project() -> Project {
    let project = Project::sql();
    project.revision("a1aa", "");
    project.revision("b2bb", "a1aa");
    script(
        &project,
        "my tools/pen",
        "for it in \"$@\"; do echo \"$it\" >> edited; done",
    );
    script(&project, "tools/vim", "echo vim \"$@\" >> edited");
    script(&project, "fails", "exit 3");
    project
}

fn script(project: &Project, name: &str, body: &str) {
    project.write(name, &format!("#!/bin/sh\n{body}\n"));
    let path = project.path().join(name);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// What `edit` said, and what the editor was given since the last time.
fn edit(project: &Project, line: &str, variables: &[(&str, &str)]) -> String {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let mut command = project.command(&arguments);
    command.env_remove("EDITOR").env_remove("VISUAL");
    command.envs(variables.iter().copied());
    let said = project.said(&mut command);
    let edited = match project.has("edited") {
        true => project.read("edited"),
        false => String::new(),
    };
    let _ = std::fs::remove_file(project.path().join("edited"));
    let root = project.path().display().to_string();
    format!("{said}-- edited\n{}", edited.replace(&root, "ROOT"))
}

#[test]
fn revisions_in_an_editor() {
    let project = project();
    let pen = project.path().join("my tools/pen").display().to_string();
    let with_arguments = format!("'{pen}' --wait 'a b'");
    assert_snapshot!(edit(&project, "edit head", &[("EDITOR", &pen), ("VISUAL", "false")]), @"
    exit 0
    -- edited
    ROOT/migrations/versions/b2bb.sql
    ");
    assert_snapshot!(edit(&project, "edit a1", &[("EDITOR", &with_arguments)]), @"
    exit 0
    -- edited
    --wait
    a b
    ROOT/migrations/versions/a1aa.sql
    ");
    assert_snapshot!(edit(&project, "edit head-1", &[("EDITOR", ""), ("VISUAL", &with_arguments)]), @"
    exit 0
    -- edited
    --wait
    a b
    ROOT/migrations/versions/a1aa.sql
    ");
    project.ok("-q upgrade a1aa");
    assert_snapshot!(edit(&project, "edit current", &[("EDITOR", &pen)]), @"
    exit 0
    -- edited
    ROOT/migrations/versions/a1aa.sql
    ");
    let tools = format!("{}:/bin:/usr/bin", project.path().join("tools").display());
    project.write("tools/nano", "a file that cannot be run");
    let only = project.path().join("tools").display().to_string();
    assert_snapshot!(edit(&project, "edit b2bb", &[("PATH", &only)]), @"
    exit 0
    -- edited
    vim ROOT/migrations/versions/b2bb.sql
    ");
    assert_snapshot!(edit(&project, "edit b2bb", &[("PATH", &tools), ("EDITOR", "vim -x")]), @"
    exit 0
    -- edited
    vim -x ROOT/migrations/versions/b2bb.sql
    ");
    project.revision("c3cc", "a1aa");
    assert_snapshot!(edit(&project, "edit heads", &[("EDITOR", &pen)]), @"
    exit 0
    -- edited
    ROOT/migrations/versions/b2bb.sql
    ROOT/migrations/versions/c3cc.sql
    ");
}

#[test]
fn nothing_to_edit_and_nothing_to_edit_with() {
    let project = project();
    let fails = project.path().join("fails").display().to_string();
    assert_snapshot!(edit(&project, "edit base", &[("EDITOR", "true")]), @"
    exit 1
    -- stderr
    error: No revision files indicated by symbol 'base'
    hint: `aludel history` lists the revisions
    -- edited
    ");
    assert_snapshot!(edit(&project, "edit zzzz", &[("EDITOR", "true")]), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'zzzz'
      caused by: No such revision or branch 'zzzz'
    hint: `aludel history` lists the revisions
    -- edited
    ");
    assert_snapshot!(edit(&project, "edit head", &[("EDITOR", &fails)]), @"
    exit 1
    -- stderr
    error: Error executing editor (`ROOT/fails` ended with exit status: 3)
    hint: the variables EDITOR and VISUAL name the editor; they may hold arguments too
    -- edited
    ");
    assert_snapshot!(edit(&project, "edit head", &[("EDITOR", "no-such-editor -x")]), @"
    exit 1
    -- stderr
    error: Error executing editor (`no-such-editor`: No such file or directory (os error 2))
    hint: the variables EDITOR and VISUAL name the editor; they may hold arguments too
    -- edited
    ");
    assert_snapshot!(edit(&project, "edit head", &[("EDITOR", "vim 'x")]), @"
    exit 1
    -- stderr
    error: EDITOR: a quote in it is not closed
    -- edited
    ");
    assert_snapshot!(edit(&project, "edit head", &[("PATH", "/nowhere")]), @r#"
    exit 1
    -- stderr
    error: No suitable editor found. Please set the "EDITOR" or "VISUAL" environment variables
    hint: for example EDITOR=nano
    -- edited
    "#);
    project.write("app.db", "");
    assert_snapshot!(edit(&project, "edit current", &[("EDITOR", "true")]), @"
    exit 1
    -- stderr
    error: No current revisions
    hint: `aludel history` lists the revisions
    -- edited
    ");
}
