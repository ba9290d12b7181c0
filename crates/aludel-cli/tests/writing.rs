//! What a new revision file is called, what is in it, and what is run on it.
#![cfg(all(feature = "sqlite", unix))]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

fn project(more: &str) -> Project {
    let project = Project::empty();
    let text = format!("script_location = 'migrations'\nfile_template = '{{rev}}'\n{more}");
    project.write("aludel.toml", &text);
    project.write("migrations/versions/.gitkeep", "");
    project
}

#[test]
fn hooks_are_run_in_order_on_each_new_file() {
    let project = project(
        r#"
[[post_write_hooks]]
name = "mark"
command = "sh -c 'echo \"-- first: $(basename $0)\" >> \"$0\"; pwd > where'"

[[post_write_hooks]]
name = "again"
command = "sh -c 'echo -- second >> $0' {path}"
cwd = "migrations"
"#,
    );
    assert_snapshot!(project.run("revision --rev-id a1 -m one"), @"
    exit 0
    -- stdout
    Generating migrations/versions/a1.sql ... done
    Running post write hook 'mark' ... done
    Running post write hook 'again' ... done
    ");
    assert_snapshot!(project.read("migrations/versions/a1.sql"), @"
    -- one
    --
    -- Revision ID: a1
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    -- first: a1.sql
    -- second
    ");
    assert_eq!(
        project.read("where").trim(),
        project.path().display().to_string()
    );
    assert_snapshot!(project.run("-q revision --rev-id a2 -m two"), @"exit 0");
    assert!(
        project
            .read("migrations/versions/a2.sql")
            .ends_with("second\n")
    );
}

#[test]
fn a_hook_that_fails() {
    let project = project(
        r#"
[[post_write_hooks]]
name = "lint"
command = "sh -c 'echo out; echo err >&2; exit 3'"

[[post_write_hooks]]
name = "never"
command = "touch never"
"#,
    );
    assert_snapshot!(project.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stdout
    Generating migrations/versions/a1.sql ... done
    Running post write hook 'lint' ... FAILED
    -- stderr
    error: post write hook 'lint' failed: exit status: 3
      out
      err
    hint: the revision stays in migrations/versions/a1.sql: run the hook by hand, or delete the file and write it again
    ");
    assert!(project.has("migrations/versions/a1.sql") && !project.has("never"));
    assert_snapshot!(project.run("-q revision --rev-id a2 -m two"), @"
    exit 1
    -- stderr
    error: post write hook 'lint' failed: exit status: 3
      out
      err
    hint: the revision stays in migrations/versions/a2.sql: run the hook by hand, or delete the file and write it again
    ");
}

#[test]
fn a_hook_that_cannot_be_started() {
    let hook = |text: &str| project(&format!("[[post_write_hooks]]\nname = 'fmt'\n{text}"));
    let none = hook("command = 'no-such-program --x'");
    assert_snapshot!(none.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stdout
    Generating migrations/versions/a1.sql ... done
    Running post write hook 'fmt' ... FAILED
    -- stderr
    error: post write hook 'fmt' cannot be started: `no-such-program`
      caused by: No such file or directory (os error 2)
    hint: the revision stays in migrations/versions/a1.sql: run the hook by hand, or delete the file and write it again
    ");
    let nowhere = hook("command = 'true'\ncwd = 'nowhere'");
    assert_snapshot!(nowhere.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stdout
    Generating migrations/versions/a1.sql ... done
    Running post write hook 'fmt' ... FAILED
    -- stderr
    error: post write hook 'fmt' cannot be started: there is no folder `nowhere`
      caused by: No such file or directory (os error 2)
    hint: the revision stays in migrations/versions/a1.sql: run the hook by hand, or delete the file and write it again
    ");
    let broken = hook("command = \"a 'b\"");
    assert_snapshot!(broken.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stderr
    error: aludel.toml:5: `command`: a `'` is not closed
    ");
    let nameless = project("[[post_write_hooks]]\ncommand = 'true'");
    assert_snapshot!(nameless.run("revision --rev-id a1 -m one"), @"
    exit 1
    -- stderr
    error: aludel.toml:3: missing field `name`
    ");
}

#[test]
fn all_tokens_and_the_zone() {
    let project = project("");
    let with = |text: &str| {
        project.write(
            "aludel.toml",
            &format!("script_location = 'migrations'\n{text}"),
        );
    };
    with(
        "file_template = '{epoch}.{year}.{month}.{day}.{hour}.{minute}.{second}-{rev}-{slug}'\ntimezone = 'Asia/Kolkata'\ntruncate_slug_length = 8\n",
    );
    project.ok("-q revision --rev-id a1 -m Patients-and-visits");
    assert_snapshot!(project.files(), @"
    aludel.toml
    migrations/versions/.gitkeep
    migrations/versions/1762612200.2025.11.08.20.00.00-a1-patients_.sql
    ");
    let name = "1762612200.2025.11.08.20.00.00-a1-patients_.sql";
    assert!(
        project
            .read(&format!("migrations/versions/{name}"))
            .contains("Create Date: 2025-11-08 20:00:00")
    );
    with("file_template = '{rev}_{name}'");
    assert_snapshot!(project.run("revision -m x"), @"
    exit 1
    -- stderr
    error: aludel.toml:2: file_template `{rev}_{name}` holds `{name}`, expected one of {rev} {slug} {epoch} {year} {month} {day} {hour} {minute} {second}
    ");
    with("\n\ntimezone = 'Mars/Olympus'");
    assert_snapshot!(project.run("revision -m x"), @"
    exit 1
    -- stderr
    error: aludel.toml:4: Can't locate timezone: Mars/Olympus
    hint: write an IANA name, such as `Europe/Berlin`
    ");
    with("file_template = '.{rev}'");
    assert_snapshot!(project.run("revision --rev-id b1 -m x"), @"
    exit 1
    -- stderr
    error: aludel.toml:2: file_template `.{rev}` gives `.b1`, which is no name of a revision file
    ");
    with("truncate_slug_length = 'all'");
    assert_snapshot!(project.run("revision -m x"), @r#"
    exit 1
    -- stderr
    error: aludel.toml:2: invalid type: string "all", expected a whole number above 0
    "#);
}

#[test]
fn a_template_of_the_projects_own() {
    let project = project("");
    project.write(
        "migrations/script.sql.jinja",
        "{{ header }}\n-- House rule: keep it short.\n-- migrate:up\n{{ upgrades }}\n-- migrate:down\n{{ downgrades }}\n",
    );
    project.ok("-q revision --rev-id a1 -m one");
    assert_snapshot!(project.read("migrations/versions/a1.sql"), @"
    -- one
    --
    -- Revision ID: a1
    -- Create Date: 2025-11-08 14:30:00

    -- House rule: keep it short.
    -- migrate:up

    -- migrate:down
    ");
    let broken = |text: &str| {
        project.write("migrations/script.sql.jinja", text);
        project.run("revision --rev-id a2 -m two")
    };
    assert_snapshot!(broken("{{ header }}\n\n{% if %}\n"), @"
    exit 1
    -- stderr
    error: migrations/script.sql.jinja:3: the template cannot be rendered: syntax error: unexpected end of block
    ");
    assert_snapshot!(broken("{{ header }}\n{{ headr }}\n"), @"
    exit 1
    -- stderr
    error: migrations/script.sql.jinja:2: the template cannot be rendered: undefined value
    ");
    assert_snapshot!(broken("-- nothing\n"), @"
    exit 1
    -- stderr
    error: migrations/script.sql.jinja: the template gives a file with another header than that of revision a2; write `{{ header }}` at its top
    ");
    assert!(!project.has("migrations/versions/a2.sql"));
}
