//! What runs in which transaction, and what is left when something fails: on real databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::run::{Options, Runner, Transaction};
use aludel::{Account, Failure, Fate, Left, TransactionError};

fn nothing(_: &mut Operations) {}

const fn rust(text: &'static str, up: fn(&mut Operations)) -> Embedded {
    Embedded {
        name: "1.rs",
        text,
        up: Some(up),
        down: Some(nothing),
    }
}

const fn sql(text: &'static str) -> Embedded {
    Embedded {
        name: "1.sql",
        text,
        up: None,
        down: None,
    }
}

const ONE: &str = "//! One\n//!\n//! Revision ID: aaaa\n";

/// A `.sql` revision with these statements.
macro_rules! revision {
    ($options:literal, $statements:literal) => {
        sql(concat!(
            "-- One\n--\n-- Revision ID: aaaa\n\n-- migrate:up",
            $options,
            "\n",
            $statements
        ))
    };
}

async fn runner(url: &str, files: &'static [Embedded], transaction: Transaction) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let options = Options {
        transaction,
        ..Options::default()
    };
    Runner::connect(&url, Access::Write, history, options)
        .await
        .unwrap()
}

/// Runs one revision, which fails.
async fn failing(url: &str, files: &'static [Embedded]) -> (Runner, Failure) {
    let mut runner = runner(url, files, Transaction::PerRevision).await;
    let failed = failure(&mut runner).await;
    (runner, failed)
}

async fn failure(runner: &mut Runner) -> Failure {
    match runner.upgrade(&"head".parse().unwrap()).await.unwrap_err() {
        Error::Revision(failure) => *failure,
        other => panic!("not a failed revision: {other:?}"),
    }
}

async fn succeeding(url: &str, files: &'static [Embedded]) -> Runner {
    let mut runner = runner(url, files, Transaction::PerRevision).await;
    runner.upgrade(&"head".parse().unwrap()).await.unwrap();
    runner
}

async fn number(runner: &mut Runner, sql: &str) -> Option<i64> {
    let rows = runner.connection().fetch(sql).await.ok()?;
    Some(rows[0].at(0).unwrap())
}

/// The fate of each part, as `number fate`.
fn fates(account: &Account) -> Vec<(usize, Fate)> {
    let entries = account.entries.iter();
    entries.map(|it| (it.number, it.fate)).collect()
}

fn part(failed: &Failure) -> &Account {
    match &failed.left {
        Left::Part(account) => account,
        other => panic!("{other:?}"),
    }
}

fn refused(failed: &Failure) -> &TransactionError {
    assert_eq!(failed.left, Left::NotRun);
    match &failed.source {
        Error::Transaction(error) => error,
        other => panic!("{other:?}"),
    }
}

/// A second transaction cannot be opened within one.
async fn nothing_is_open(runner: &mut Runner) {
    let kind = runner.connection().kind();
    let probe = match kind {
        aludel::db::Kind::Sqlite => "BEGIN; ROLLBACK",
        // Outside a transaction there is nothing to save.
        aludel::db::Kind::Postgres => {
            let error = runner
                .connection()
                .execute("SAVEPOINT a")
                .await
                .unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("can only be used in transaction"),
                "{error}"
            );
            return;
        }
        _ => "SELECT @@in_transaction",
    };
    if kind == aludel::db::Kind::Sqlite {
        runner.connection().execute(probe).await.unwrap();
    } else {
        assert_eq!(number(runner, probe).await, Some(0));
    }
}

const CONCURRENT: Embedded = rust(ONE, |op| {
    op.execute("CREATE TABLE t (id integer); INSERT INTO t VALUES (1)");
    op.execute("CREATE INDEX CONCURRENTLY ix ON t (id)");
    op.run("one more", async |db| {
        db.execute("INSERT INTO t VALUES (2)").await?;
        Ok(())
    });
    op.execute("/* once more */ reindex index concurrently ix");
});

#[tokio::test(flavor = "current_thread")]
async fn what_cannot_run_inside_is_taken_out_in_its_place() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let mut runner = succeeding(&database.url(), &[CONCURRENT]).await;
    let valid = "SELECT count(*) FROM pg_index WHERE indexrelid = 'ix'::regclass AND indisvalid";
    assert_eq!(number(&mut runner, valid).await, Some(1));
    assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, Some(2));
    assert_eq!(runner.current().await.unwrap().len(), 1);
    nothing_is_open(&mut runner).await;
}

const HALF: Embedded = revision!(
    "",
    "CREATE TABLE t (id integer);
     INSERT INTO t VALUES (1);
     VACUUM;
     INSERT INTO t VALUES (2);
     INSERT INTO nowhere VALUES (3);
     INSERT INTO t VALUES (4);"
);

async fn a_later_failure_leaves_the_parts_before(url: &str) {
    let (mut runner, failed) = failing(url, &[HALF]).await;
    let account = part(&failed);
    let (kept, undone) = (Fate::Committed, Fate::RolledBack);
    assert_eq!(
        fates(account),
        [
            (1, kept),
            (2, kept),
            (3, kept),
            (4, undone),
            (5, Fate::Failed),
            (6, Fate::NotRun)
        ]
    );
    assert_eq!(account.version, Fate::NotRun);
    assert_eq!(account.entries[2].operation, "execute \"VACUUM\"");
    assert_eq!(account.entries[2].at.as_ref().unwrap().line, 8);
    assert_eq!(
        failed.statement.as_deref(),
        Some("INSERT INTO nowhere VALUES (3)")
    );
    assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, Some(1));
    assert!(runner.current().await.unwrap().is_empty());
    nothing_is_open(&mut runner).await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_later_failure_leaves_the_parts_before_on_sqlite() {
    let file = aludel_testdb::sqlite();
    a_later_failure_leaves_the_parts_before(&file.url()).await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_later_failure_leaves_the_parts_before_on_postgres() {
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        a_later_failure_leaves_the_parts_before(&database.url()).await;
    }
}

/// Each definition commits by itself, with the rows before it.
#[tokio::test(flavor = "current_thread")]
async fn without_transactional_ddl_the_account_is_by_statement() {
    const MIXED: Embedded = rust(ONE, |op| {
        op.create_table(
            Table::new("t")
                .column(Column::new("id", Type::Integer).primary_key())
                .index(Index::new("ix", ["id"])),
        );
        op.execute("INSERT INTO t VALUES (1)");
        op.add_column("t", Column::new("note", Type::Text));
        op.run("one more", async |db| {
            db.execute("INSERT INTO t (id) VALUES (2)").await?;
            Ok(())
        });
        op.execute("INSERT INTO t (id) VALUES (3)");
        op.execute("INSERT INTO nowhere VALUES (4)");
        op.drop_column("t", "note");
    });
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let (mut runner, failed) = failing(&database.url(), &[MIXED]).await;
    let account = part(&failed);
    let fates = fates(account);
    let of = |number: usize| -> Vec<Fate> {
        let it = fates.iter().filter(|it| it.0 == number);
        it.map(|it| it.1).collect()
    };
    assert!(of(1).iter().all(|it| *it == Fate::Committed), "{fates:?}");
    for number in [2, 3, 4] {
        assert_eq!(of(number), [Fate::Committed], "{number}: {fates:?}");
    }
    assert_eq!(of(5), [Fate::RolledBack]);
    assert_eq!(of(6), [Fate::Failed]);
    assert_eq!(of(7), [Fate::NotRun]);
    assert_eq!(
        number(&mut runner, "SELECT count(*) FROM t WHERE note IS NULL").await,
        Some(2)
    );
    assert!(runner.current().await.unwrap().is_empty());
    nothing_is_open(&mut runner).await;
}

/// What MariaDB cannot say is known before the definitions that would stay.
#[tokio::test(flavor = "current_thread")]
async fn without_transactional_ddl_what_cannot_be_said_is_refused_before_anything_runs() {
    const LONG: Embedded = rust(ONE, |op| {
        op.create_table(Table::new("t").column(Column::new("id", Type::Integer)));
        op.rename_table("t", "x".repeat(65));
    });
    const FOREIGN: Embedded = rust(ONE, |op| {
        op.create_table(Table::new("t").column(Column::new("id", Type::Integer)));
        op.create_domain(Domain::new("price", Type::Integer));
    });
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    for revision in [&[LONG], &[FOREIGN]] {
        let (mut runner, failed) = failing(&database.url(), revision).await;
        assert_eq!(failed.left, Left::NotRun, "{failed:?}");
        assert!(failed.at.is_some());
        assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, None);
    }
}

/// A step's own definitions end the transaction around it: how far it came is not known.
#[tokio::test(flavor = "current_thread")]
async fn without_transactional_ddl_code_that_fails_is_in_doubt() {
    const STEP: Embedded = rust(ONE, |op| {
        op.run("half", async |db| {
            db.apply(|op| {
                op.create_table(Table::new("t").column(Column::new("id", Type::Integer)))
            })
            .await?;
            Err("it was not to be".into())
        });
    });
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let (mut runner, failed) = failing(&database.url(), &[STEP]).await;
    assert_eq!(fates(part(&failed)), [(1, Fate::Unknown)]);
    assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, Some(0));
    nothing_is_open(&mut runner).await;
}

#[tokio::test(flavor = "current_thread")]
async fn one_transaction_around_the_run_refuses_what_cannot_run_in_it() {
    const CREATE: Embedded = rust(ONE, |op| {
        op.create_table(Table::new("t").column(Column::new("id", Type::Integer)));
    });
    const NONE: Embedded = rust(ONE, |op| op.transaction(false));
    let sqlite = aludel_testdb::sqlite();
    let mut runner_ = runner(&sqlite.url(), &[HALF], Transaction::All).await;
    let failed = failure(&mut runner_).await;
    let expected = TransactionError::Outside {
        statement: "VACUUM".into(),
        dialect: "SQLite",
    };
    assert_eq!(refused(&failed), &expected);
    assert_eq!(failed.at.as_ref().unwrap().line, 8);
    assert_eq!(number(&mut runner_, "SELECT count(*) FROM t").await, None);
    let mut runner_ = runner(&sqlite.url(), &[NONE], Transaction::All).await;
    assert_eq!(
        refused(&failure(&mut runner_).await),
        &TransactionError::NoneWanted
    );
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        let mut runner = runner(&database.url(), &[CONCURRENT], Transaction::All).await;
        let failed = failure(&mut runner).await;
        assert!(matches!(refused(&failed), TransactionError::Outside { .. }));
        assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, None);
    }
    if let Some(database) = aludel_testdb::mariadb_or_skip() {
        let mut runner = runner(&database.url(), &[CREATE], Transaction::All).await;
        let failed = failure(&mut runner).await;
        assert!(matches!(
            refused(&failed),
            TransactionError::Outside {
                dialect: "MariaDB",
                ..
            }
        ));
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_revision_does_not_end_the_transaction_around_it() {
    const COMMIT: Embedded = revision!("", "CREATE TABLE t (id integer);\n/* x */ Commit;\n");
    const OPEN: Embedded = revision!(
        " transaction:false",
        "BEGIN;\nCREATE TABLE t (id integer);\n"
    );
    const OWN: Embedded = revision!(
        " transaction:false",
        "BEGIN;
         CREATE TABLE t (id integer);
         SAVEPOINT a;
         INSERT INTO t VALUES (1);
         ROLLBACK TO SAVEPOINT a;
         RELEASE SAVEPOINT a;
         COMMIT;
         BEGIN;
         INSERT INTO t VALUES (2);
         ROLLBACK;"
    );
    const OWN_FAILING: Embedded = revision!(
        " transaction:false",
        "CREATE TABLE t (id integer);
         BEGIN;
         INSERT INTO t VALUES (1);
         INSERT INTO nowhere VALUES (2);
         COMMIT;"
    );
    for of_postgres in [false, true] {
        let (file, database);
        let url = match of_postgres {
            false => {
                file = aludel_testdb::sqlite();
                file.url()
            }
            true => match aludel_testdb::postgres_or_skip() {
                Some(it) => {
                    database = it;
                    database.url()
                }
                None => return,
            },
        };
        let (mut runner, failed) = failing(&url, &[COMMIT]).await;
        let statement = "/* x */ Commit".to_string();
        assert_eq!(failed.at.as_ref().unwrap().line, 7);
        // The splitter leaves out comments in front of a statement.
        let said = refused(&failed);
        let bare = TransactionError::Control {
            statement: "Commit".into(),
        };
        assert!(
            *said == bare || *said == TransactionError::Control { statement },
            "{said:?}"
        );
        assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, None);
        let (_, failed) = failing(&url, &[OPEN]).await;
        let statement = "BEGIN".to_string();
        assert_eq!(refused(&failed), &TransactionError::Open { statement });

        let (mut runner, failed) = failing(&url, &[OWN_FAILING]).await;
        let (kept, undone) = (Fate::Committed, Fate::RolledBack);
        let expected = [
            (1, kept),
            (2, undone),
            (3, undone),
            (4, Fate::Failed),
            (5, Fate::NotRun),
        ];
        assert_eq!(fates(part(&failed)), expected);
        assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, Some(0));
        nothing_is_open(&mut runner).await;
        // Another revision, which has nothing to do with the one that was begun.
        let again = "DROP TABLE t; DROP TABLE aludel_log";
        runner.connection().execute(again).await.unwrap();

        let mut runner = succeeding(&url, &[OWN]).await;
        assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, Some(0));
        assert_eq!(runner.current().await.unwrap().len(), 1);
        nothing_is_open(&mut runner).await;
    }
}

const ORPHAN: &str = "CREATE TABLE parents (id integer PRIMARY KEY);
    CREATE TABLE children (id integer REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO children VALUES (1)";

#[tokio::test(flavor = "current_thread")]
async fn a_commit_that_is_refused_leaves_nothing() {
    const LATE: Embedded = rust(ONE, |op| op.execute(ORPHAN));
    let file = aludel_testdb::sqlite();
    let mut urls = vec![file.url()];
    let database = aludel_testdb::postgres_or_skip();
    urls.extend(database.iter().map(|it| it.url()));
    for url in urls {
        let (mut runner, failed) = failing(&url, &[LATE]).await;
        assert_eq!(failed.left, Left::Nothing);
        assert_eq!(
            (failed.operation, failed.statement.as_deref()),
            (None, Some("COMMIT"))
        );
        assert_eq!(
            number(&mut runner, "SELECT count(*) FROM parents").await,
            None
        );
        assert!(runner.current().await.unwrap().is_empty());
        nothing_is_open(&mut runner).await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_lost_connection_is_told_with_what_is_certain() {
    const WITHIN: Embedded = revision!(
        "",
        "CREATE TABLE t (id integer);\nSELECT pg_terminate_backend(pg_backend_pid());\n"
    );
    const ALONE: Embedded = revision!(
        " transaction:false",
        "CREATE TABLE t (id integer);\nSELECT pg_terminate_backend(pg_backend_pid());\n"
    );
    // The server goes away while it commits.
    const COMMITTING: Embedded = revision!(
        "",
        "CREATE TABLE u (id integer);
         CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER leaves AFTER INSERT ON u DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION leave();
         INSERT INTO u VALUES (1);"
    );
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let url = database.url();
    let (_, failed) = failing(&url, &[WITHIN]).await;
    assert_eq!(failed.left, Left::Nothing);
    assert_eq!(
        database.psql("SELECT count(*) FROM pg_class WHERE relname = 't'"),
        "0"
    );

    let (_, failed) = failing(&url, &[ALONE]).await;
    assert_eq!(
        fates(part(&failed)),
        // Nobody told the server to commit it.
        [(1, Fate::Committed), (2, Fate::Failed)]
    );
    database.psql("DROP TABLE aludel_log");

    let (_, failed) = failing(&url, &[COMMITTING]).await;
    assert_eq!(failed.left, Left::AllOrNothing, "{failed:?}");
    assert_eq!(failed.statement.as_deref(), Some("COMMIT"));
}

/// A part that a step has spoiled must not count as committed.
#[tokio::test(flavor = "current_thread")]
async fn a_transaction_that_was_given_up_is_not_taken_for_committed() {
    const SPOILED: Embedded = rust(ONE, |op| {
        op.execute("CREATE TABLE t (id integer)");
        op.run("look", async |db| {
            let _ = db.fetch("SELECT 1 FROM nowhere").await;
            Ok(())
        });
        op.execute("VACUUM");
    });
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let (mut runner, failed) = failing(&database.url(), &[SPOILED]).await;
    assert_eq!(failed.left, Left::Nothing);
    assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, None);
}

#[tokio::test(flavor = "current_thread")]
async fn settings_of_the_session_are_as_before() {
    const SETTINGS: Embedded = revision!(
        "",
        "CREATE TABLE parents (id integer PRIMARY KEY);
         PRAGMA foreign_keys = OFF;
         CREATE TABLE children (id integer REFERENCES parents (id));
         INSERT INTO children VALUES (1);"
    );
    let file = aludel_testdb::sqlite();
    let mut runner = succeeding(&file.url(), &[SETTINGS]).await;
    assert_eq!(
        number(&mut runner, "SELECT count(*) FROM children").await,
        Some(1)
    );
    assert_eq!(number(&mut runner, "PRAGMA foreign_keys").await, Some(1));
    nothing_is_open(&mut runner).await;
}

#[tokio::test(flavor = "current_thread")]
async fn a_rust_revision_may_want_no_transaction() {
    const NONE: Embedded = rust(ONE, |op| {
        op.create_table(Table::new("t").column(Column::new("id", Type::Integer)));
        op.execute("INSERT INTO t VALUES (1)");
        op.execute("INSERT INTO nowhere VALUES (1)");
        op.transaction(false);
    });
    let file = aludel_testdb::sqlite();
    let (mut runner, failed) = failing(&file.url(), &[NONE]).await;
    let expected = [
        (1, Fate::Committed),
        (2, Fate::Committed),
        (3, Fate::Failed),
    ];
    assert_eq!(fates(part(&failed)), expected);
    assert_eq!(number(&mut runner, "SELECT count(*) FROM t").await, Some(1));
}

#[tokio::test(flavor = "current_thread")]
async fn a_step_cannot_leave_its_transaction() {
    const STEP: Embedded = rust(ONE, |op| {
        op.run("at night", async |db| {
            db.apply(|op| op.execute("VACUUM")).await
        });
    });
    let file = aludel_testdb::sqlite();
    let (_, failed) = failing(&file.url(), &[STEP]).await;
    let statement = "VACUUM".to_string();
    assert!(
        matches!(&failed.source, Error::Transaction(it) if *it == TransactionError::InStep { statement }),
        "{failed:?}"
    );
    assert_eq!(failed.left, Left::Nothing);
}
