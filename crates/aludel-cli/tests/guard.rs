//! `protected = true`: what asks, what does not, and what is said where nobody can be asked.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1 <- b2 <- c3`, of which the last one drops what the first has made.
fn project() -> Project {
    let project = Project::empty();
    project.write(
        "aludel.toml",
        "
script_location = 'migrations'
url = 'sqlite:app.db'

[environments.production]
protected = true
",
    );
    project.revision("a1", "");
    project.revision("b2", "a1");
    project.revision_of(
        "c3",
        "b2",
        "CREATE TABLE d (a int);\nDROP TABLE t_a1;",
        "DROP TABLE d;",
    );
    project
}

#[test]
fn an_upgrade_asks_if_data_goes() {
    let project = project();
    project.ok("-n production upgrade b2");
    assert_snapshot!(project.run("-n production upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: "production" (sqlite:app.db) is protected, and nobody can be asked
      upgrade b2 -> c3, step c3
        execute "CREATE TABLE d (a int)" (migrations/versions/c3.sql:7)
        execute "DROP TABLE t_a1" (migrations/versions/c3.sql:8)
          It drops a table with its rows
    hint: `--yes` says yes beforehand
    "#);
    assert_eq!(project.ok("current"), "b2\n");
    // What nobody protects asks nothing.
    assert!(
        project
            .run("upgrade head --sql -n production")
            .starts_with("exit 0")
    );
    assert!(
        project
            .run("-n production upgrade head --yes")
            .starts_with("exit 0")
    );
    assert_eq!(project.ok("current"), "c3 (head)\n");
}

#[test]
fn a_downgrade_always_asks() {
    let project = project();
    project.ok("upgrade b2");
    assert_snapshot!(project.run("-n production downgrade -1"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: "production" (sqlite:app.db) is protected, and nobody can be asked
      downgrade b2 -> a1, step b2
        execute "DROP TABLE t_b2" (migrations/versions/b2.sql:10)
          It drops a table with its rows
    hint: `--yes` says yes beforehand
    "#);
    // Where nothing is to be done, nothing is asked.
    assert!(
        project
            .run("-n production downgrade b2")
            .starts_with("exit 0")
    );
    assert!(
        project
            .run("-n production downgrade -1 -y")
            .starts_with("exit 0")
    );
    assert!(project.run("downgrade base").starts_with("exit 0"));
    assert_eq!(project.ok("current"), "");
}

#[test]
fn a_stamp_asks_if_it_purges() {
    let project = project();
    project.ok("-n production stamp b2");
    assert_snapshot!(project.run("-n production stamp --purge a1"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: "production" (sqlite:app.db) is protected, and nobody can be asked
      empty the version table, which holds b2
      stamp_revision  -> a1, step a1
    hint: `--yes` says yes beforehand
    "#);
    assert_eq!(project.ok("current"), "b2\n");
    project.ok("-n production stamp --purge a1 --yes");
    assert_eq!(project.ok("current"), "a1\n");
}

#[test]
fn the_whole_file_may_be_protected() {
    let project = project();
    project.write(
        "aludel.toml",
        "
script_location = 'migrations'
url = 'sqlite:app.db'
protected = true

[environments.test]
protected = false
",
    );
    project.ok("upgrade b2");
    assert_snapshot!(project.run("downgrade base"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: sqlite:app.db is protected, and nobody can be asked
      downgrade b2 -> a1, step b2
        execute "DROP TABLE t_b2" (migrations/versions/b2.sql:10)
          It drops a table with its rows
      downgrade a1 -> , step a1
        execute "DROP TABLE t_a1" (migrations/versions/a1.sql:9)
          It drops a table with its rows
    hint: `--yes` says yes beforehand
    "#);
    project.ok("-n test downgrade base");
}

#[cfg(unix)]
#[test]
fn whoever_sits_at_a_terminal_is_asked() {
    use support::terminal::typed;
    let project = project();
    project.ok("upgrade b2");
    let up = ["-n", "production", "upgrade", "head"];
    let question = "Run this on \"production\" (sqlite:app.db)? [y/N]";
    let (code, said, _) = typed(project.command(&up), &[(question, "no")]);
    assert_snapshot!(format!("exit {code}\n{said}"), @r#"
    exit 1
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    This is to be run:
      upgrade b2 -> c3, step c3
        execute "CREATE TABLE d (a int)" (migrations/versions/c3.sql:7)
        execute "DROP TABLE t_a1" (migrations/versions/c3.sql:8)
          It drops a table with its rows
    Run this on "production" (sqlite:app.db)? [y/N] no
    error: nothing was run, since the answer was no
    "#);
    assert_eq!(project.ok("current"), "b2\n");
    let (code, said, _) = typed(project.command(&up), &[(question, "y")]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(project.ok("current"), "c3 (head)\n");
}

#[cfg(feature = "postgres")]
#[test]
fn a_password_is_not_in_the_question() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let url = database.url_as("postgres", Some("gehe im"));
    let project = project().with("DATABASE_URL", &url);
    let toml = project
        .read("aludel.toml")
        .replace("'sqlite:app.db'", "'${DATABASE_URL}'");
    project.write("aludel.toml", &toml);
    project.ok("upgrade b2");
    let said = project.run("-n production downgrade base");
    assert!(
        said.contains("is protected") && said.contains(":***@"),
        "{said}"
    );
    assert!(!said.contains("gehe"), "{said}");
}
