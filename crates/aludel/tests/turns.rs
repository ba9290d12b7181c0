//! Runners that take turns, and how they get along with everybody else who uses the database: on real servers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::of_connection;
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::run::{Busy, Migrator, Options, Runner, Transaction, Turns};
use aludel::{Failure, Left};
use std::time::Duration;

const fn sql(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: None,
        down: None,
    }
}

const fn rust(text: &'static str, up: fn(&mut Operations)) -> Embedded {
    Embedded {
        name: "1.rs",
        text,
        up: Some(up),
        down: Some(|_| {}),
    }
}

const ONE: &str = "//! One\n//!\n//! Revision ID: aaaa\n";

static TABLE: &[Embedded] = &[sql(
    "1.sql",
    "-- One\n--\n-- Revision ID: aaaa\n\n-- migrate:up\nCREATE TABLE t (id INTEGER);\n",
)];

/// Adds a column to a table that is there already.
static WIDER: &[Embedded] = &[sql(
    "1.sql",
    "-- One\n--\n-- Revision ID: aaaa\n\n-- migrate:up\nCREATE TABLE other (id INTEGER);\nALTER TABLE t ADD COLUMN more INTEGER;\n",
)];

static MOVES: &[Embedded] = &[sql(
    "1.sql",
    "-- One\n--\n-- Revision ID: aaaa\n\n-- migrate:up\nCREATE SCHEMA s;\nSET search_path = s;\nCREATE TABLE t (id INTEGER);\n",
)];

static PANICS: &[Embedded] = &[rust(ONE, |op| {
    op.run("panic", async |_| panic!("on purpose"));
})];

static HANGS: &[Embedded] = &[rust(ONE, |op| {
    op.execute("CREATE TABLE t (id INTEGER)");
    op.run("hang", async |_| {
        tokio::time::sleep(Duration::from_secs(600)).await;
        Ok(())
    });
})];

fn history(files: &'static [Embedded]) -> History {
    History::embedded(&Migrations::new("versions", files)).unwrap()
}

/// Does not wait for its turn.
fn at_once() -> Options {
    Options {
        turns: Turns {
            patience: Duration::ZERO,
            ..Turns::default()
        },
        ..Options::default()
    }
}

async fn open(url: &str) -> Connection {
    let url = DbUrl::parse(url).unwrap();
    Connection::open(&url, Access::Write).await.unwrap()
}

async fn runner(url: &str, files: &'static [Embedded], options: Options) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history(files), options)
        .await
        .unwrap()
}

async fn upgrade(runner: &mut Runner) -> aludel::Result<usize> {
    let steps = runner.upgrade(&"head".parse().unwrap()).await?;
    Ok(steps.len())
}

/// A connection that holds the lock as a runner would that was given it.
async fn holder(url: &str) -> Connection {
    let mut connection = open(url).await;
    let dialect = of_connection(&mut connection).await.unwrap();
    let lock = dialect.lock(
        &"alembic_version".into(),
        "ada@laptop (pid 7)",
        dialect.locks_apart(),
    );
    let lock = lock.unwrap().unwrap();
    connection.execute(&lock.open.join(";\n")).await.unwrap();
    let rows = connection.fetch(&lock.attempt).await.unwrap();
    assert_eq!(
        rows[0].at::<i64>(0).unwrap(),
        1,
        "the lock is taken already"
    );
    connection
}

fn locked(error: &aludel::Error) -> (Option<String>, Option<String>) {
    match error {
        aludel::Error::Locked { holder, since, .. } => (holder.clone(), since.clone()),
        other => panic!("{other:?}"),
    }
}

fn failure(error: aludel::Error) -> Failure {
    match error {
        aludel::Error::Revision(failure) => *failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_waits_is_told_for_whom() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let held = holder(&db.url()).await;
    let mut second = runner(&db.url(), TABLE, at_once()).await;
    let (who, since) = locked(&upgrade(&mut second).await.unwrap_err());
    let who = who.unwrap();
    assert!(
        who.starts_with("ada@laptop (pid 7), database user postgres, server process "),
        "{who}"
    );
    assert!(since.is_some_and(|it| it.ends_with(" UTC")));
    // Not even the version table is created out of turn.
    assert_eq!(
        db.psql("SELECT count(*) FROM pg_class WHERE relname = 'alembic_version'"),
        "0"
    );
    assert!(matches!(
        second.ensure_version().await,
        Err(aludel::Error::Locked { .. })
    ));
    assert!(matches!(
        second.stamp(&["head".parse().unwrap()], false).await,
        Err(aludel::Error::Locked { .. })
    ));
    held.close().await.unwrap();
    assert_eq!(upgrade(&mut second).await.unwrap(), 1);
}

#[tokio::test]
async fn who_waits_is_told_for_whom_on_mariadb() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let held = holder(&db.url()).await;
    let mut second = runner(&db.url(), TABLE, at_once()).await;
    let (who, _) = locked(&upgrade(&mut second).await.unwrap_err());
    let who = who.unwrap();
    assert!(
        who.starts_with("database user ") && who.contains(", connection "),
        "{who}"
    );
    held.close().await.unwrap();
    assert_eq!(upgrade(&mut second).await.unwrap(), 1);
}

#[tokio::test]
async fn a_writer_is_waited_for_on_sqlite() {
    let file = aludel_testdb::sqlite();
    let mut other = open(&file.url()).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let mut second = runner(&file.url(), TABLE, at_once()).await;
    second
        .connection()
        .execute("PRAGMA busy_timeout = 10")
        .await
        .unwrap();
    assert_eq!(
        locked(&upgrade(&mut second).await.unwrap_err()),
        (None, None)
    );
    other.execute("COMMIT").await.unwrap();
    assert_eq!(upgrade(&mut second).await.unwrap(), 1);
}

/// Two databases of one server, and two histories in one database, do not wait for each other.
#[tokio::test]
async fn the_lock_is_of_one_history_in_one_database() {
    let (Some(one), Some(other)) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::postgres_or_skip(),
    ) else {
        return;
    };
    let _held = holder(&one.url()).await;
    assert_eq!(
        upgrade(&mut runner(&other.url(), TABLE, at_once()).await)
            .await
            .unwrap(),
        1
    );
    one.psql("CREATE SCHEMA tenant");
    let options = Options {
        version_table: ("tenant", "alembic_version").into(),
        ..at_once()
    };
    assert_eq!(
        upgrade(&mut runner(&one.url(), TABLE, options).await)
            .await
            .unwrap(),
        1
    );

    let (Some(one), Some(other)) = (
        aludel_testdb::mariadb_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    ) else {
        return;
    };
    let _held = holder(&one.url()).await;
    assert_eq!(
        upgrade(&mut runner(&other.url(), TABLE, at_once()).await)
            .await
            .unwrap(),
        1
    );
}

/// Where nothing is to be done, nothing is waited for.
#[tokio::test]
async fn who_has_nothing_to_do_does_not_wait() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    upgrade(&mut runner(&db.url(), TABLE, at_once()).await)
        .await
        .unwrap();
    let _held = holder(&db.url()).await;
    assert_eq!(
        upgrade(&mut runner(&db.url(), TABLE, at_once()).await)
            .await
            .unwrap(),
        0
    );
}

/// The lock is free again when a step panics, and when the run is given up in its middle.
#[tokio::test]
async fn the_lock_is_freed_on_every_path() {
    let (Some(postgres), Some(mariadb)) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    ) else {
        return;
    };
    for url in [postgres.url(), mariadb.url()] {
        let panicked = Migrator::new(Migrations::new("versions", PANICS))
            .upgrade(&url, "head")
            .await;
        let said = format!("{:?}", panicked.unwrap_err());
        assert!(said.contains("panicked"), "{said}");
        let mut given_up = runner(&url, HANGS, at_once()).await;
        let timed = tokio::time::timeout(Duration::from_millis(700), upgrade(&mut given_up)).await;
        assert!(timed.is_err(), "it was to hang");
        drop(given_up);
        let patient = Options {
            turns: Turns {
                patience: Duration::from_secs(20),
                ..Turns::default()
            },
            ..Options::default()
        };
        let mut next = runner(&url, TABLE, patient).await;
        // What is left of the one that was given up, where definitions are no part of a transaction, is not the point here.
        next.connection()
            .execute("DROP TABLE IF EXISTS t")
            .await
            .unwrap();
        assert_eq!(
            upgrade(&mut next).await.unwrap(),
            1,
            "{}",
            next.dialect().context_name()
        );
    }
}

/// On a connection that goes on afterwards the lock is the session's, and is given back.
#[tokio::test]
async fn a_connection_that_was_given_keeps_no_lock() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let connection = open(&db.url()).await;
    let mut given = Runner::on(connection, history(MOVES), at_once())
        .await
        .unwrap();
    assert_eq!(upgrade(&mut given).await.unwrap(), 1);
    assert_eq!(
        db.psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"),
        "0"
    );
    // Both kinds of holding it exclude each other.
    given
        .connection()
        .execute("SET search_path = public")
        .await
        .unwrap();
    let _held = holder(&db.url()).await;
    let (who, _) = locked(&given.ensure_version().await.unwrap_err());
    assert!(who.unwrap().starts_with("ada@laptop"));
}

/// A transaction whose client is gone may still be committed by the server: its change of the version rows is waited for, and
/// what it did is not done again.
#[tokio::test]
async fn the_version_rows_are_looked_at_once_more_in_the_transaction() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    runner(&db.url(), TABLE, at_once())
        .await
        .ensure_version()
        .await
        .unwrap();
    let mut other = open(&db.url()).await;
    other
        .execute("BEGIN; CREATE TABLE t (id INTEGER); INSERT INTO alembic_version VALUES ('aaaa')")
        .await
        .unwrap();
    let options = Options {
        busy: Busy {
            retries: 0,
            ..Busy::default()
        },
        ..Options::default()
    };
    let mut second = runner(&db.url(), TABLE, options).await;
    let (late, done) = tokio::join!(
        async {
            tokio::time::sleep(Duration::from_millis(600)).await;
            other.execute("COMMIT").await
        },
        upgrade(&mut second)
    );
    late.unwrap();
    assert_eq!(done.unwrap(), 0, "it was done already");
}

async fn somebody_reads(url: &str) -> Connection {
    let mut reader = open(url).await;
    reader.execute("BEGIN").await.unwrap();
    reader.fetch("SELECT * FROM t").await.unwrap();
    reader
}

fn impatient(retries: u32) -> Options {
    let mut options = Options::default();
    options.busy.waits.lock = Some(Duration::from_millis(200));
    options.busy.retries = retries;
    options
}

#[tokio::test]
async fn a_table_in_use_is_tried_again_and_again() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    db.psql("CREATE TABLE t (id INTEGER)");
    let mut reader = somebody_reads(&db.url()).await;
    let failed = failure(
        upgrade(&mut runner(&db.url(), WIDER, impatient(1)).await)
            .await
            .unwrap_err(),
    );
    assert_eq!(failed.left, Left::Nothing);
    assert!(
        failed.source.to_string().contains("lock timeout"),
        "{}",
        failed.source
    );
    assert_eq!(db.psql("SELECT to_regclass('other') IS NULL"), "t");
    for transaction in [Transaction::PerRevision, Transaction::All] {
        let options = Options {
            transaction,
            ..impatient(10)
        };
        let mut second = runner(&db.url(), WIDER, options).await;
        let (freed, done) = tokio::join!(
            async {
                tokio::time::sleep(Duration::from_millis(1200)).await;
                reader.execute("COMMIT").await
            },
            upgrade(&mut second)
        );
        freed.unwrap();
        assert_eq!(done.unwrap(), 1);
        db.psql("DROP TABLE other; ALTER TABLE t DROP COLUMN more; DELETE FROM alembic_version");
        reader = somebody_reads(&db.url()).await;
    }
}

/// Where a definition is no part of a transaction, the one statement is tried again, and the session waits as before afterwards.
#[tokio::test]
async fn a_table_in_use_is_tried_again_on_mariadb() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    db.sql("CREATE TABLE t (id INTEGER)");
    let mut reader = somebody_reads(&db.url()).await;
    let mut second = runner(&db.url(), WIDER, impatient(10)).await;
    let waits = "SELECT CAST(@@SESSION.lock_wait_timeout AS SIGNED)";
    let before: i64 = second.connection().fetch(waits).await.unwrap()[0]
        .at(0)
        .unwrap();
    let (freed, done) = tokio::join!(
        async {
            tokio::time::sleep(Duration::from_millis(2500)).await;
            reader.execute("COMMIT").await
        },
        upgrade(&mut second)
    );
    freed.unwrap();
    assert_eq!(done.unwrap(), 1);
    let after: i64 = second.connection().fetch(waits).await.unwrap()[0]
        .at(0)
        .unwrap();
    assert_eq!(before, after);
    reader.close().await.unwrap();
}
