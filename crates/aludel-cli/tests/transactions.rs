//! What is said of transactions: what is left when a revision fails half-way, and what is refused before it begins.
#![cfg(feature = "sqlite")]

mod support;

use insta::assert_snapshot;
use support::Project;

#[test]
fn what_was_taken_out_of_the_transaction_stays() {
    let project = Project::sql();
    let up = "CREATE TABLE t (id INTEGER);\nVACUUM;\nINSERT INTO t VALUES (1);\nINSERT INTO nowhere\n    VALUES (2);\nDROP TABLE t;";
    project.revision_of("a1", "", up, "");
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, step a1
    error: revision a1 failed: execute "INSERT INTO nowhere VALUES (2)"
      at migrations/versions/a1.sql:9
        INSERT INTO nowhere
            VALUES (2)
      of the revision, this is what the database has:
          1  committed     execute "CREATE TABLE t (id INTEGER)" (migrations/versions/a1.sql:6)
          2  committed     execute "VACUUM" (migrations/versions/a1.sql:7)
          3  rolled back   execute "INSERT INTO t VALUES (1)" (migrations/versions/a1.sql:8)
          4  failed        execute "INSERT INTO nowhere VALUES (2)" (migrations/versions/a1.sql:9)
          5  not run       execute "DROP TABLE t" (migrations/versions/a1.sql:11)
             not written   the version row
      caused by: no such table: nowhere (code 1)
    hint: mend the cause and run the command again: it goes on behind what is committed
    "#);
    assert_snapshot!(project.run("current"), @"exit 0");
}

#[test]
fn what_does_not_go_with_its_transaction_is_refused_before_it_begins() {
    let project = Project::sql();
    project.revision("a1", "");
    project.revision_of("b2", "a1", "VACUUM;", "");
    assert_snapshot!(project.run("upgrade head --transaction all"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: revision b2 failed: execute "VACUUM"
      at migrations/versions/b2.sql:7
      nothing was run
      caused by: SQLite runs `VACUUM` outside a transaction only, and one was asked for around the whole run
    hint: run it without `--transaction all`: the statement is then taken out of its revision's transaction, in its place
    "#);
    assert_snapshot!(project.run("upgrade head --transaction all --sql"), @r#"
    exit 1
    -- stderr
    error: revision b2 failed: execute "VACUUM"
      at migrations/versions/b2.sql:7
      nothing was run
      caused by: SQLite runs `VACUUM` outside a transaction only, and one was asked for around the whole run
    hint: run it without `--transaction all`: the statement is then taken out of its revision's transaction, in its place
    "#);
    project.revision_of("b2", "a1", "CREATE TABLE t (id INTEGER);\nCOMMIT;", "");
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: revision b2 failed: execute "COMMIT"
      at migrations/versions/b2.sql:8
      nothing was run
      caused by: `COMMIT` would end the transaction that the revision runs in
    hint: take it out, since the revision has a transaction already; or say that it wants none, `-- migrate:up transaction:false` or `op.transaction(false)`, and open its own
    "#);
    assert_snapshot!(project.run("current"), @"exit 0");
    project.write(
        "migrations/versions/b2.sql",
        "-- b\n--\n-- Revision ID: b2\n-- Revises: a1\n\n-- migrate:up transaction:false\nBEGIN;\n",
    );
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: revision b2 failed: execute "BEGIN"
      at migrations/versions/b2.sql:7
      nothing was run
      caused by: the transaction that `BEGIN` opens is not ended
    hint: end it in the same revision
    "#);
}

#[test]
fn the_configuration_says_what_one_transaction_holds() {
    let project = Project::sql();
    project.revision("a1", "");
    project.revision_of("b2", "a1", "BROKEN;", "");
    let config = project.read("aludel.toml");
    project.write(
        "aludel.toml",
        &config.replace("transaction = \"revision\"", "transaction = \"all\""),
    );
    let said = project.run("upgrade head");
    assert!(said.contains("the whole run was rolled back"), "{said}");
    assert_snapshot!(project.run("current"), @"exit 0");
    let said = project.run("upgrade head --transaction revision");
    assert!(
        said.contains("the revision was rolled back whole"),
        "{said}"
    );
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    a1
    ");
    project.write(
        "aludel.toml",
        "url = 'sqlite:app.db'\ntransaction = 'none'\n",
    );
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: aludel.toml:2: unknown variant `none`, expected `revision` or `all`
    ");
}
