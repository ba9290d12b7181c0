//! Plans carried out on real databases: transactions, failures, data steps, version rows, scripts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres"))]

use aludel::db::{Access, Connection, DbUrl, Kind};
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::revision::Direction;
use aludel::run::{self, Options, Runner, Transaction};
use aludel::{Error, Failure, Fate, Left};

/// The same on every database.
macro_rules! on_each_database {
    ($($(#[$doc:meta])* async fn $name:ident($url:ident: &str) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$doc])*
            async fn scenario($url: &str) $body

            on_transactional!();

            #[cfg(feature = "mysql")]
            #[tokio::test(flavor = "current_thread")]
            async fn mariadb() {
                if let Some(database) = aludel_testdb::mariadb_or_skip() {
                    scenario(&database.url()).await;
                }
            }
        }
    )+};
}

/// The same where definitions are undone with their transaction.
macro_rules! where_definitions_roll_back {
    ($($(#[$doc:meta])* async fn $name:ident($url:ident: &str) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$doc])*
            async fn scenario($url: &str) $body

            on_transactional!();
        }
    )+};
}

macro_rules! on_transactional {
    () => {
        #[tokio::test(flavor = "current_thread")]
        async fn sqlite() {
            let file = aludel_testdb::sqlite();
            scenario(&file.url()).await;
        }

        #[tokio::test(flavor = "current_thread")]
        async fn postgres() {
            if let Some(database) = aludel_testdb::postgres_or_skip() {
                scenario(&database.url()).await;
            }
        }
    };
}

fn nothing(_: &mut Operations) {}

/// A `.rs` revision, as `migrations!` embeds it.
const fn rust(
    name: &'static str,
    text: &'static str,
    up: fn(&mut Operations),
    down: fn(&mut Operations),
) -> Embedded {
    Embedded {
        name,
        text,
        up: Some(up),
        down: Some(down),
    }
}

const fn sql(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: None,
        down: None,
    }
}

const FIRST: Embedded = rust(
    "1_first.rs",
    "//! First\n//!\n//! Revision ID: aaaa\n",
    |op| {
        op.create_table(
            Table::new("parents")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("name", Type::String)),
        );
        op.bulk_insert("parents", ["id", "name"], [(1, "Ada"), (2, "O'Brien; --")]);
    },
    |op| {
        op.drop_table("parents");
    },
);

const SECOND: Embedded = sql(
    "2_second.sql",
    "-- Second\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n\n-- migrate:up\n\
     CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parents (id) ON DELETE CASCADE);\n\
     INSERT INTO children VALUES (1, 1), (2, 2);\n\n-- migrate:down\nDROP TABLE children;\n",
);

fn history(files: &'static [Embedded]) -> History {
    History::embedded(&Migrations::new("versions", files)).unwrap()
}

async fn runner(url: &str, files: &'static [Embedded]) -> Runner {
    runner_with(url, files, Options::default()).await
}

async fn runner_with(url: &str, files: &'static [Embedded], options: Options) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history(files), options)
        .await
        .unwrap()
}

async fn current(runner: &mut Runner) -> Vec<String> {
    let rows = runner.current().await.unwrap();
    rows.iter().map(ToString::to_string).collect()
}

async fn count(runner: &mut Runner, sql: &str) -> Option<i64> {
    let rows = runner.connection().fetch(sql).await.ok()?;
    Some(rows[0].at(0).unwrap())
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Revision(failure) => *failure,
        other => panic!("not a failed revision: {other:?}"),
    }
}

on_each_database! {
    async fn up_and_down(url: &str) {
        let mut runner = runner(url, &[FIRST, SECOND]).await;
        assert_eq!(current(&mut runner).await, [] as [&str; 0]);
        let steps = runner.upgrade(&"head".parse().unwrap()).await.unwrap();
        let said: Vec<String> = steps.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["upgrade  -> aaaa", "upgrade aaaa -> bbbb"]);
        assert_eq!(current(&mut runner).await, ["bbbb"]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM children").await, Some(2));
        assert!(runner.upgrade(&"head".parse().unwrap()).await.unwrap().is_empty());
        runner.downgrade(&"-1".parse().unwrap()).await.unwrap();
        assert_eq!(count(&mut runner, "SELECT count(*) FROM children").await, None);
        runner.downgrade(&"base".parse().unwrap()).await.unwrap();
        assert_eq!(current(&mut runner).await, [] as [&str; 0]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM alembic_version").await, Some(0));
    }

    async fn reading_creates_no_version_table(url: &str) {
        let mut runner = runner(url, &[FIRST]).await;
        assert!(runner.current().await.unwrap().is_empty());
        assert_eq!(count(&mut runner, "SELECT count(*) FROM alembic_version").await, None);
        runner.ensure_version().await.unwrap();
        runner.ensure_version().await.unwrap();
        assert_eq!(count(&mut runner, "SELECT count(*) FROM alembic_version").await, Some(0));
    }

    async fn stamping_runs_nothing(url: &str) {
        let mut runner = runner(url, &[FIRST, SECOND]).await;
        runner.stamp(&["head".parse().unwrap()], false).await.unwrap();
        assert_eq!(current(&mut runner).await, ["bbbb"]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM parents").await, None);
        runner.connection().execute("UPDATE alembic_version SET version_num = 'lost'").await.unwrap();
        assert!(runner.stamp(&["aaaa".parse().unwrap()], false).await.is_err());
        runner.stamp(&["aaaa".parse().unwrap()], true).await.unwrap();
        assert_eq!(current(&mut runner).await, ["aaaa"]);
    }

    async fn without_a_transaction_statements_stay_and_it_is_said(url: &str) {
        const BROKEN: Embedded = sql(
            "2_broken.sql",
            "-- Broken\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n\n-- migrate:up transaction:false\nCREATE TABLE half (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n",
        );
        let mut runner = runner(url, &[FIRST, BROKEN]).await;
        let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
        let Left::Part(account) = failed.left else { panic!("{:?}", failed.left) };
        let said: Vec<_> = account.entries.iter().map(|it| (it.operation.as_str(), it.fate)).collect();
        let half = ("execute \"CREATE TABLE half (id INTEGER)\"", Fate::Committed);
        assert_eq!(said, [half, ("execute \"INSERT INTO nowhere VALUES (1)\"", Fate::Failed)]);
        assert_eq!(account.version, Fate::NotRun);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM half").await, Some(0));
        assert_eq!(current(&mut runner).await, ["aaaa"]);
    }

    async fn a_step_sees_data_and_shares_the_transaction(url: &str) {
        const STEP: Embedded = rust(
            "2_step.rs",
            "//! Step\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
            |op| {
                op.add_column("parents", Column::new("initial", Type::String));
                op.run("initials", async |db| {
                    for row in db.fetch("SELECT id, name FROM parents").await? {
                        let name: String = row.get("name")?;
                        let initial: String = name.chars().take(1).collect();
                        let id: i32 = row.get("id")?;
                        let touched = db
                            .execute_with("UPDATE parents SET initial = ? WHERE id = ? AND name <> '?'", (initial, id))
                            .await?;
                        assert_eq!(touched, 1);
                    }
                    if !db.inspect("parents").await?.has_column("note") {
                        db.apply(|op| op.add_column("parents", Column::new("note", Type::String))).await?;
                    }
                    assert!(db.inspect("parents").await?.has_column("note"));
                    assert!(!db.has_table("nowhere").await?);
                    Ok(())
                });
                op.alter_column("parents", "initial").set_not_null();
            },
            nothing,
        );
        const FAILING: Embedded = rust(
            "3_failing.rs",
            "//! Failing\n//!\n//! Revision ID: cccc\n//! Revises: bbbb\n",
            |op| {
                op.run("write, then fail", async |db| {
                    db.execute("UPDATE parents SET initial = 'X'").await?;
                    Err("it was not to be".into())
                });
            },
            nothing,
        );
        let mut runner = runner(url, &[FIRST, STEP, FAILING]).await;
        let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
        assert_eq!(failed.revision.as_str(), "cccc");
        assert_eq!(failed.operation.as_deref(), Some("run \"write, then fail\""));
        assert_eq!(failed.source.to_string(), "it was not to be");
        assert_eq!(current(&mut runner).await, ["bbbb"]);
        let sql = "SELECT count(*) FROM parents WHERE initial IN ('A', 'O')";
        assert_eq!(count(&mut runner, sql).await, Some(2));
    }

    async fn a_script_leaves_what_a_run_leaves(url: &str) {
        let kind = DbUrl::parse(url).unwrap().kind();
        let dialect = std::sync::Arc::from(aludel::dialect::by_kind(kind).unwrap());
        let history = history(&[FIRST, SECOND]);
        let options = Options::default();
        let head = "head".parse().unwrap();
        let script = run::script(&history, std::sync::Arc::clone(&dialect), Direction::Up, &head, &options).await.unwrap();
        assert!(script.contains("-- Running upgrade aaaa -> bbbb\n"), "{script}");
        let mut runner = runner(url, &[FIRST, SECOND]).await;
        runner.connection().execute(&script).await.unwrap();
        assert_eq!(current(&mut runner).await, ["bbbb"]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM parents WHERE name = 'O''Brien; --'").await, Some(1));
        let back = "bbbb:base".parse().unwrap();
        let script = run::script(&history, dialect, Direction::Down, &back, &options).await.unwrap();
        runner.connection().execute(&script).await.unwrap();
        assert_eq!(current(&mut runner).await, [] as [&str; 0]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM parents").await, None);
    }
}

where_definitions_roll_back! {
    async fn a_failed_revision_leaves_nothing(url: &str) {
        const BROKEN: Embedded = rust(
            "2_broken.rs",
            "//! Broken\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
            |op| {
                op.create_table(Table::new("half").column(Column::new("id", Type::Integer)));
                op.execute("INSERT INTO half VALUES (1)");
                op.add_column("nowhere", Column::new("x", Type::Integer));
            },
            nothing,
        );
        let mut runner = runner(url, &[FIRST, BROKEN]).await;
        let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
        assert_eq!(failed.revision.as_str(), "bbbb");
        assert_eq!(failed.operation.as_deref(), Some("add column nowhere.x"));
        assert!(failed.at.unwrap().file.ends_with("tests/run.rs"));
        assert_eq!(failed.left, Left::Nothing);
        assert!(failed.source.to_string().contains("nowhere"), "{}", failed.source);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM half").await, None);
        assert_eq!(current(&mut runner).await, ["aaaa"]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM parents").await, Some(2));
    }

    async fn a_failed_sql_revision_names_its_line(url: &str) {
        const BROKEN: Embedded = sql(
            "2_broken.sql",
            "-- Broken\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n\n-- migrate:up\nCREATE TABLE half (id INTEGER);\n\nINSERT INTO nowhere VALUES (1);\n",
        );
        let mut runner = runner(url, &[FIRST, BROKEN]).await;
        let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
        let at = failed.at.unwrap();
        assert!(at.file.ends_with("2_broken.sql"), "{at}");
        assert_eq!(at.line, 9);
        assert_eq!(failed.statement.as_deref(), Some("INSERT INTO nowhere VALUES (1)"));
        assert_eq!(count(&mut runner, "SELECT count(*) FROM half").await, None);
        let error = runner.downgrade(&"base".parse().unwrap()).await;
        assert!(error.is_ok());
    }

    async fn one_transaction_for_all_is_all_or_nothing(url: &str) {
        const BROKEN: Embedded = sql(
            "2_broken.sql",
            "-- Broken\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n\n-- migrate:up\nINSERT INTO nowhere VALUES (1);\n",
        );
        let options = Options { transaction: Transaction::All, ..Options::default() };
        let mut runner = runner_with(url, &[FIRST, BROKEN], options).await;
        let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
        assert_eq!(failed.revision.as_str(), "bbbb");
        assert_eq!(failed.left, Left::NothingOfTheRun);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM parents").await, None);
        assert_eq!(current(&mut runner).await, [] as [&str; 0]);
    }

    async fn a_version_row_that_is_not_there_stops_the_run(url: &str) {
        const THIEF: Embedded = rust(
            "2_thief.rs",
            "//! Thief\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
            |op| {
                op.create_table(Table::new("half").column(Column::new("id", Type::Integer)));
                op.execute("DELETE FROM alembic_version");
            },
            nothing,
        );
        let mut runner = runner(url, &[FIRST, THIEF]).await;
        let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
        assert!(matches!(failed.source, Error::VersionTable { .. }), "{:?}", failed.source);
        assert_eq!(current(&mut runner).await, ["aaaa"]);
        assert_eq!(count(&mut runner, "SELECT count(*) FROM half").await, None);
    }
}

/// What several heads have in common was run once, and is imagined once.
#[tokio::test(flavor = "current_thread")]
async fn a_script_may_start_where_a_database_stands_on_several_heads() {
    const LEFT: Embedded = sql(
        "2_left.sql",
        "-- Left\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n\n-- migrate:up\nCREATE TABLE l (id INTEGER);\n\n-- migrate:down\nDROP TABLE l;\n",
    );
    const RIGHT: Embedded = sql(
        "2_right.sql",
        "-- Right\n--\n-- Revision ID: cccc\n-- Revises: aaaa\n\n-- migrate:up\nCREATE TABLE r (id INTEGER);\n\n-- migrate:down\nDROP TABLE r;\n",
    );
    let history = history(&[FIRST, LEFT, RIGHT]);
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let dialect = std::sync::Arc::from(aludel::dialect::by_kind(kind).unwrap());
        let (target, options) = ("heads:aaaa".parse().unwrap(), Options::default());
        let script = run::script(&history, dialect, Direction::Down, &target, &options).await;
        let script = script.unwrap();
        for statement in ["DROP TABLE l;", "DROP TABLE r;"] {
            assert!(script.contains(statement), "{script}");
        }
        assert!(!script.contains("CREATE TABLE"), "{script}");
    }
}

/// A stamp runs nothing, so that no code has to be compiled for it.
#[tokio::test(flavor = "current_thread")]
async fn a_stamp_is_written_from_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.rs"), FIRST.text).unwrap();
    let history = History::load(folder.path()).unwrap();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let dialect = std::sync::Arc::from(aludel::dialect::by_kind(kind).unwrap());
        let (head, options) = ("head".parse().unwrap(), Options::default());
        let script = run::script(&history, dialect, Direction::Stamp, &head, &options).await;
        assert!(script.unwrap().contains("VALUES ('aaaa')"));
    }
}

#[tokio::test(flavor = "current_thread")]
async fn an_offline_script_refuses_a_step_by_name() {
    const STEP: Embedded = rust(
        "1_step.rs",
        "//! Step\n//!\n//! Revision ID: aaaa\n",
        |op| {
            op.run("look at rows", async |_| Ok(()));
        },
        nothing,
    );
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let dialect = std::sync::Arc::from(aludel::dialect::by_kind(kind).unwrap());
        let head = "head".parse().unwrap();
        let error = run::script(
            &history(&[STEP]),
            dialect,
            Direction::Up,
            &head,
            &Options::default(),
        )
        .await
        .unwrap_err();
        let failed = failure(error);
        assert!(matches!(&failed.source, Error::Offline { step, .. } if step == "look at rows"));
        assert!(failed.at.is_some());
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_rebuild_that_orphans_rows_is_rolled_back() {
    const ORPHAN: Embedded = rust(
        "3_orphan.rs",
        "//! Orphan\n//!\n//! Revision ID: cccc\n//! Revises: bbbb\n",
        |op| {
            op.alter_column("parents", "name").set_not_null();
            op.execute("DELETE FROM parents WHERE id = 1");
        },
        nothing,
    );
    let file = aludel_testdb::sqlite();
    let mut runner = runner(&file.url(), &[FIRST, SECOND, ORPHAN]).await;
    let failed = failure(runner.upgrade(&"head".parse().unwrap()).await.unwrap_err());
    assert!(
        matches!(&failed.source, Error::ForeignKeys { table, parent, rows: 1 } if table == "children" && parent == "parents"),
        "{:?}",
        failed.source
    );
    assert_eq!(
        count(&mut runner, "SELECT count(*) FROM parents").await,
        Some(2)
    );
    assert_eq!(
        count(&mut runner, "SELECT count(*) FROM children").await,
        Some(2)
    );
    let keys = runner
        .connection()
        .fetch("PRAGMA foreign_keys")
        .await
        .unwrap();
    assert_eq!(keys[0].at::<i64>(0).unwrap(), 1, "enforcement is on again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_migrates_on_any_thread() {
    fn is_send<T: Send>(it: T) -> T {
        it
    }
    let file = aludel_testdb::sqlite();
    let migrator = Migrator::new(Migrations::new("versions", &[FIRST, SECOND]));
    let url = file.url();
    let steps = is_send(migrator.upgrade(&url, "head")).await.unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!(migrator.current(&url).await.unwrap()[0].as_str(), "bbbb");
    assert_eq!(migrator.downgrade(&url, "base").await.unwrap().len(), 2);
    assert!(migrator.upgrade(&url, "+x").await.is_err());
    assert!(migrator.upgrade("oracle://x", "head").await.is_err());
}

#[tokio::test(flavor = "current_thread")]
async fn a_missing_file_is_not_made_by_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    let url = DbUrl::parse(&format!("sqlite:{}", path.display())).unwrap();
    let error = Connection::open(&url, Access::Read).await.unwrap_err();
    assert!(
        error.to_string().starts_with("there is no database at"),
        "{error}"
    );
    assert!(!path.exists());
}
