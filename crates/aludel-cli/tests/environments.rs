//! `[environments.NAME]` of the configuration, chosen on the command line or by a variable.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

fn project() -> Project {
    let project = Project::empty();
    project.write(
        "aludel.toml",
        "
script_location = 'migrations'
url = 'sqlite:app.db'

[environments.test]
url = 'sqlite:test.db'
version_table = 'test_version'

[environments.staging]
url = '${STAGING_URL}'
script_location = 'other'
",
    );
    project.revision("a1", "");
    project
}

#[test]
fn it_is_chosen_before_or_after_the_command_or_by_a_variable() {
    let project = project();
    project.ok("-n test upgrade head");
    assert!(project.has("test.db") && !project.has("app.db"));
    assert_eq!(project.ok("current -n test"), "a1 (head)\n");
    assert_eq!(project.ok("--name=test current"), "a1 (head)\n");
    // The other table is another state of the same database.
    assert_eq!(project.ok("--url sqlite:test.db current"), "");
    let project = project.with("ALUDEL_ENVIRONMENT", "test");
    assert_eq!(project.ok("current"), "a1 (head)\n");
    assert!(project.run("-n staging history").contains("other/versions"));
}

#[test]
fn one_that_is_not_there() {
    let project = project();
    assert_snapshot!(project.run("-n tets current"), @"
    exit 1
    -- stderr
    error: there is no environment `tets` in aludel.toml
    hint: did you mean `test`?
    hint: there are `staging` and `test`
    ");
    project.write("aludel.toml", "");
    assert_snapshot!(project.run("-n test heads"), @"
    exit 1
    -- stderr
    error: there is no environment `test` in aludel.toml
    hint: a table `[environments.test]` makes one
    ");
    let empty = Project::empty();
    assert_snapshot!(empty.run("-n test --url sqlite:a.db current"), @"
    exit 1
    -- stderr
    error: there is no environment `test`, since there is no `aludel.toml` in ROOT or a folder above it
    hint: `aludel init migrations` starts a project; `--config FILE` names a configuration elsewhere
    ");
}

#[test]
fn a_variable_is_asked_for_where_it_counts() {
    let project = project();
    assert_snapshot!(project.run("-n staging current"), @"
    exit 1
    -- stderr
    error: STAGING_URL is not set
    hint: aludel.toml:10 asks for it: set it in the environment, or write `STAGING_URL=...` into the file .env beside it, or give `--url`
    ");
}
