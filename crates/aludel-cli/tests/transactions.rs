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
    assert_snapshot!(project.run("upgrade head"), @"");
    assert_snapshot!(project.run("current"), @"exit 0");
}

#[test]
fn what_does_not_go_with_its_transaction_is_refused_before_it_begins() {
    let project = Project::sql();
    project.revision("a1", "");
    project.revision_of("b2", "a1", "VACUUM;", "");
    assert_snapshot!(project.run("upgrade head --transaction all"), @"");
    assert_snapshot!(project.run("upgrade head --transaction all --sql"), @"");
    project.revision_of("b2", "a1", "CREATE TABLE t (id INTEGER);\nCOMMIT;", "");
    assert_snapshot!(project.run("upgrade head"), @"");
    assert!(!project.read("app.db").contains("t_a1"));
    project.write(
        "migrations/versions/b2.sql",
        "-- b\n--\n-- Revision ID: b2\n-- Revises: a1\n\n-- migrate:up transaction:false\nBEGIN;\n",
    );
    assert_snapshot!(project.run("upgrade head"), @"");
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
    assert!(said.contains("the revision was rolled back whole"), "{said}");
    assert_snapshot!(project.run("current"), @"");
    project.write("aludel.toml", "url = 'sqlite:app.db'\ntransaction = 'none'\n");
    assert_snapshot!(project.run("upgrade head"), @"");
}
