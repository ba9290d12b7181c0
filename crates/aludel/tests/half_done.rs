//! Steps that end in their middle, where what is done stays: the next run goes on behind it, or says why it cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::run::{Options, Runner};
use aludel::{Failure, Left};

const HEAD: &str = "-- One\n--\n-- Revision ID: aaaa\n\n-- migrate:up";

/// A history of one revision with these statements, `options` behind `migrate:up`.
fn history(options: &str, up: &str, down: &str) -> History {
    let text = format!("{HEAD}{options}\n{up}\n\n-- migrate:down{options}\n{down}\n");
    let file = Embedded {
        name: "1.sql",
        text: text.leak(),
        up: None,
        down: None,
    };
    History::embedded(&Migrations::new("versions", vec![file].leak())).unwrap()
}

async fn runner(url: &str, history: History) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap()
}

async fn upgrade(url: &str, up: &str) -> aludel::Result<usize> {
    upgrade_with(url, "", up).await
}

async fn upgrade_with(url: &str, options: &str, up: &str) -> aludel::Result<usize> {
    let mut runner = runner(url, history(options, up, "SELECT 1;")).await;
    let steps = runner.upgrade(&"head".parse().unwrap()).await?;
    Ok(steps.len())
}

fn failure(outcome: aludel::Result<usize>) -> Failure {
    match outcome.unwrap_err() {
        Error::Revision(failure) => *failure,
        other => panic!("{other:?}"),
    }
}

fn goes_on(failure: &Failure) -> bool {
    match &failure.left {
        Left::Part(account) => account.goes_on,
        other => panic!("{other:?}"),
    }
}

const DONE: &str = "CREATE TABLE a (id INTEGER);\nINSERT INTO a VALUES (1);\nCREATE TABLE b (id INTEGER);\nINSERT INTO b VALUES (1);\n";

#[tokio::test]
async fn the_next_run_goes_on_behind_what_is_done() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let failed = failure(
        upgrade(
            &db.url(),
            &format!("{DONE}CREATE TABLE a (id INTEGER);\nCREATE TABLE c (id INTEGER);"),
        )
        .await,
    );
    assert!(goes_on(&failed));
    // The row of `b` was in a transaction that was committed before the statement that failed.
    assert_eq!(db.sql("SELECT count(*) FROM b"), "1");
    // Nothing is done twice, and what failed may be mended.
    let mended = format!(
        "{DONE}CREATE TABLE d (id INTEGER);\nINSERT INTO a VALUES (2);\nCREATE TABLE c (id INTEGER);"
    );
    assert_eq!(upgrade(&db.url(), &mended).await.unwrap(), 1);
    assert_eq!(db.sql("SELECT group_concat(id ORDER BY id) FROM a"), "1,2");
    assert_eq!(db.sql("SELECT count(*) FROM b"), "1");
    assert_eq!(db.sql("SELECT group_concat(table_name ORDER BY 1) FROM information_schema.tables WHERE table_schema = database() AND length(table_name) = 1"), "a,b,c,d");
    assert_eq!(upgrade(&db.url(), &mended).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_done_may_not_be_another_thing_later() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    failure(upgrade(&db.url(), &format!("{DONE}CREATE TABLE a (id INTEGER);")).await);
    let other = DONE.replace("VALUES (1)", "VALUES (7)");
    let failed = failure(upgrade(&db.url(), &format!("{other}CREATE TABLE c (id INTEGER);")).await);
    assert_eq!(failed.left, Left::NotRun);
    assert!(
        matches!(failed.source, Error::DoneDiffers { done: 4 }),
        "{:?}",
        failed.source
    );
    // Who has put things in order by hand says so.
    let mut runner = runner(&db.url(), history("", &other, "SELECT 1;")).await;
    runner
        .stamp(&["head".parse().unwrap()], false)
        .await
        .unwrap();
    assert_eq!(upgrade(&db.url(), &other).await.unwrap(), 0);
}

/// A downgrade that ended in its middle is not left alone by an upgrade that has nothing to do.
#[tokio::test]
async fn the_other_way_is_closed() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let up = "CREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER);";
    assert_eq!(upgrade(&db.url(), up).await.unwrap(), 1);
    let bad = history("", up, "DROP TABLE b;\nDROP TABLE missing;");
    let mut first = runner(&db.url(), bad).await;
    first.repair(None, None, false).await.unwrap();
    let failed = first.downgrade(&"base".parse().unwrap()).await;
    assert!(goes_on(&failure(failed.map(|it| it.len()))));
    let good = history("", up, "DROP TABLE b;\nDROP TABLE a;");
    let mut second = runner(&db.url(), good).await;
    // The file of an applied revision was mended.
    second.repair(None, None, false).await.unwrap();
    let refused = second.upgrade(&"head".parse().unwrap()).await.unwrap_err();
    assert!(
        matches!(
            &refused,
            Error::HalfDone {
                direction: "downgrade",
                ..
            }
        ),
        "{refused:?}"
    );
    second.downgrade(&"base".parse().unwrap()).await.unwrap();
    assert_eq!(second.current().await.unwrap(), []);
    second.upgrade(&"head".parse().unwrap()).await.unwrap();
}

/// Each statement of a revision without a transaction counts at once, and is known to.
#[tokio::test]
async fn revisions_without_a_transaction_go_on_too() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let bad =
        format!("{DONE}DO $$ BEGIN RAISE EXCEPTION 'no'; END $$;\nCREATE TABLE c (id INTEGER);");
    let failed = failure(upgrade_with(&db.url(), " transaction:false", &bad).await);
    assert!(goes_on(&failed));
    let good = bad.replace("RAISE EXCEPTION 'no'", "PERFORM 1");
    assert_eq!(
        upgrade_with(&db.url(), " transaction:false", &good)
            .await
            .unwrap(),
        1
    );
    assert_eq!(db.psql("SELECT count(*) FROM a"), "1");

    let file = aludel_testdb::sqlite();
    let bad =
        format!("{DONE}INSERT INTO missing VALUES (1);\nVACUUM;\nCREATE TABLE c (id INTEGER);");
    let failed = failure(upgrade_with(&file.url(), " transaction:false", &bad).await);
    assert!(goes_on(&failed));
    let good = bad.replace("missing", "a");
    assert_eq!(
        upgrade_with(&file.url(), " transaction:false", &good)
            .await
            .unwrap(),
        1
    );
    assert_eq!(file.sql("SELECT count(*) FROM a"), "2");
}

/// An index that could not be built is in the way of the next attempt, and is taken away.
#[tokio::test]
async fn an_index_that_is_not_valid_is_built_again() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    db.psql("CREATE TABLE \"T t\" (id INTEGER); INSERT INTO \"T t\" VALUES (1), (1)");
    let up = "CREATE TABLE a (id INTEGER);\nCREATE UNIQUE INDEX CONCURRENTLY \"I x\" ON \"T t\" (id);\nCREATE TABLE b (id INTEGER);";
    let failed = failure(upgrade(&db.url(), up).await);
    assert!(goes_on(&failed));
    assert_eq!(
        db.psql("SELECT indisvalid FROM pg_index WHERE indexrelid = '\"I x\"'::regclass"),
        "f"
    );
    db.psql("DELETE FROM \"T t\"");
    assert_eq!(upgrade(&db.url(), up).await.unwrap(), 1);
    assert_eq!(
        db.psql("SELECT indisvalid FROM pg_index WHERE indexrelid = '\"I x\"'::regclass"),
        "t"
    );
}
