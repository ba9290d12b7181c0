//! Command lines that make no sense, and those that ask for help.

mod support;

use insta::assert_snapshot;
use support::Project;

#[test]
fn no_command() {
    assert_snapshot!(Project::empty().run(""), @"
    exit 2
    -- stderr
    error: a command is missing
    Usage: aludel [OPTIONS] <COMMAND>
    hint: `--help` says more
    ");
}

#[test]
fn an_unknown_command() {
    assert_snapshot!(Project::empty().run("upgrad head"), @"
    exit 2
    -- stderr
    error: unrecognized subcommand 'upgrad'
    Usage: aludel [OPTIONS] <COMMAND>
    hint: some similar subcommands exist: 'downgrade', 'upgrade'
    ");
}

#[test]
fn an_unknown_flag() {
    assert_snapshot!(Project::empty().run("upgrade head --sqll"), @"
    exit 2
    -- stderr
    error: unexpected argument '--sqll' found
    Usage: aludel upgrade --sql <TARGET>
    hint: a similar argument exists: '--sql'
    ");
}

#[test]
fn a_missing_argument() {
    assert_snapshot!(Project::empty().run("upgrade"), @"
    exit 2
    -- stderr
    error: the following required arguments were not provided: <TARGET>
    Usage: aludel upgrade <TARGET>
    hint: `--help` says more
    ");
}

#[test]
fn a_target_that_is_half_read() {
    assert_snapshot!(Project::empty().run("upgrade +1x"), @"
    exit 2
    -- stderr
    error: invalid value '+1x' for '<TARGET>': '+1x' makes sense only up to '+1'
    hint: `--help` says more
    ");
    assert_snapshot!(Project::empty().run_with(&["downgrade", "-1 "]), @"
    exit 2
    -- stderr
    error: unexpected argument '-1' found
    Usage: aludel downgrade [OPTIONS] <TARGET>
    hint: to pass '-1' as a value, use '-- -1'
    ");
    assert_snapshot!(Project::empty().run("history -r a:b:c"), @"
    exit 2
    -- stderr
    error: invalid value 'a:b:c' for '--rev-range <RANGE>': History range requires [start]:[end], [start]:, or :[end]; 'a:b:c' is none of these
    hint: `--help` says more
    ");
    assert_snapshot!(Project::empty().run("upgrade"), @"
    exit 2
    -- stderr
    error: the following required arguments were not provided: <TARGET>
    Usage: aludel upgrade <TARGET>
    hint: `--help` says more
    ");
}

#[test]
fn a_value_that_is_none() {
    assert_snapshot!(Project::empty().run("-x nothing heads"), @"
    exit 2
    -- stderr
    error: invalid value 'nothing' for '-x <KEY=VALUE>': it is to read KEY=VALUE
    hint: `--help` says more
    ");
    assert_snapshot!(Project::empty().run("upgrade head --sql --dialect oracle"), @"
    exit 2
    -- stderr
    error: invalid value 'oracle' for '--dialect <NAME>': no database is called so
    hint: `--help` says more
    ");
    assert_snapshot!(Project::empty().run("revision --rev-id a-b"), @"
    exit 2
    -- stderr
    error: invalid value 'a-b' for '--rev-id <ID>': Character(s) '-' not allowed in revision identifier 'a-b'
    hint: `--help` says more
    ");
}

#[test]
fn the_version() {
    assert_snapshot!(Project::empty().run("--version"), @"
    exit 0
    -- stdout
    aludel 0.1.0
    ");
}

#[test]
fn help_goes_to_standard_output_and_lists_every_command() {
    let said = Project::empty().run("--help");
    for command in [
        "init",
        "list-templates",
        "revision",
        "upgrade",
        "downgrade",
        "current",
        "history",
        "heads",
        "show",
        "check",
        "stamp",
        "ensure-version",
    ] {
        assert!(
            said.contains(&format!("\n  {command} ")),
            "{command}: {said}"
        );
    }
    assert!(
        said.starts_with("exit 0\n-- stdout\n") && !said.contains("-- stderr"),
        "{said}"
    );
}

#[test]
fn global_flags_stand_before_and_after_the_command() {
    let project = Project::sql();
    project.revision("a1", "");
    let verbose = project.ok("heads -v");
    assert!(verbose.starts_with("Rev: a1 (head)\n"), "{verbose}");
    assert_eq!(project.ok("-v heads"), verbose);
    project.write("other.toml", "script_location = '${FOLDER}'\n");
    let there = project.ok("-c other.toml heads -x FOLDER=migrations");
    assert_eq!(
        project.ok("heads -x FOLDER=x -x FOLDER=migrations -c other.toml"),
        there
    );
    assert_eq!(
        project.ok("-x FOLDER=x heads -x FOLDER=migrations -c other.toml"),
        there
    );
    assert_eq!(there, "a1 (head)\n");
}

#[cfg(feature = "sqlite")]
#[test]
fn commands_have_the_spelling_of_alembic_too() {
    let project = Project::sql();
    assert_eq!(project.ok("list_templates"), project.ok("list-templates"));
    assert_eq!(
        project.ok("ensure_version --sql"),
        project.ok("ensure-version --sql")
    );
}
