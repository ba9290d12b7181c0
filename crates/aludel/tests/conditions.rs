//! `if_exists` and `if_not_exists` in a run: what no clause says is looked up, told of, and refused in a script.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres"))]

use aludel::db::{Access, DbUrl, Kind};
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::revision::Direction;
use aludel::run::{self, Options, Runner};
use std::sync::{Arc, Mutex};
use tracing_subscriber::layer::SubscriberExt as _;

const REVISION: Embedded = Embedded {
    name: "1_maybe.rs",
    text: "//! Maybe\n//!\n//! Revision ID: aaaa\n",
    up: Some(|op| {
        op.create_table(
            Table::new("visits").column(Column::new("id", Type::Integer).primary_key()),
        )
        .if_not_exists();
        op.add_column("visits", Column::new("room", Type::String).unique().index())
            .if_not_exists();
        op.create_check_constraint("ck_room", "visits", "room <> ''")
            .if_not_exists();
        op.run("once more", async |db| {
            db.apply(|op| {
                op.add_column("visits", Column::new("room", Type::Text))
                    .if_not_exists()
            })
            .await?;
            db.apply(|op| {
                op.drop_constraint("gone", "visits").if_exists();
                op.create_check_constraint("ck_room", "visits", "false")
                    .if_not_exists()
            })
            .await
        });
    }),
    down: Some(|op| {
        op.drop_column("visits", "gone").if_exists();
        op.drop_column("visits", "room").if_exists();
        op.drop_table("visits").if_exists();
        op.drop_table("visits").if_exists();
    }),
};

fn history() -> History {
    History::embedded(&Migrations::new("versions", &[REVISION])).unwrap()
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        struct Message(String);
        impl tracing::field::Visit for Message {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        let metadata = event.metadata();
        if let Some(what) = message.0.strip_prefix("Skipping ") {
            assert_eq!(
                (metadata.target(), *metadata.level()),
                ("aludel::run", tracing::Level::INFO)
            );
            self.0.lock().unwrap().push(what.to_string());
        }
    }
}

impl Log {
    fn skipped(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

async fn scenario(url: &str, prepare: &str, up: &[&str], down: &[&str]) {
    let log = Log::default();
    let subscriber = tracing_subscriber::registry().with(log.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let url = DbUrl::parse(url).unwrap();
    let mut runner = Runner::connect(&url, Access::Write, history(), Options::default())
        .await
        .unwrap();
    runner.connection().execute(prepare).await.unwrap();
    runner.upgrade(&"head".parse().unwrap()).await.unwrap();
    assert_eq!(log.skipped(), up);
    let sql = "INSERT INTO visits (id, room) VALUES (1, 'a')";
    runner.connection().execute(sql).await.unwrap();
    for broken in [
        "INSERT INTO visits (id, room) VALUES (2, 'a')",
        "INSERT INTO visits (id, room) VALUES (2, '')",
    ] {
        assert!(
            runner.connection().execute(broken).await.is_err(),
            "{broken}"
        );
    }
    runner.downgrade(&"base".parse().unwrap()).await.unwrap();
    assert_eq!(log.skipped()[up.len()..], *down);
}

const AGAIN: [&str; 2] = [
    "drop constraint gone on visits: `visits` has no constraint `gone`",
    "create check constraint ck_room on visits: `visits` has the constraint `ck_room` already",
];
const THERE: &str = "add column visits.room: `visits` has the column `room` already";
const GONE: &str = "drop column visits.gone: `visits` has no column `gone`";

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    let file = aludel_testdb::sqlite();
    scenario(
        &file.url(),
        "SELECT 1",
        &[THERE, AGAIN[0], AGAIN[1]],
        &[GONE],
    )
    .await;
    // The column is there, and not what belongs to it.
    let file = aludel_testdb::sqlite();
    let there = "CREATE TABLE visits (id INTEGER PRIMARY KEY, room VARCHAR)";
    scenario(
        &file.url(),
        there,
        &[THERE, THERE, AGAIN[0], AGAIN[1]],
        &[GONE],
    )
    .await;
}

/// What has a clause is left to the database, which does not tell.
#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    for prepare in [
        "SELECT 1",
        "CREATE TABLE visits (id INTEGER PRIMARY KEY, room VARCHAR)",
    ] {
        let Some(database) = aludel_testdb::postgres_or_skip() else {
            return;
        };
        scenario(&database.url(), prepare, &[AGAIN[1]], &[]).await;
    }
}

#[tokio::test]
async fn a_script_is_refused_what_must_be_looked_up() {
    for (kind, message, instead) in [
        (
            Kind::Sqlite,
            "SQLite cannot add column visits.room in a script IF NOT EXISTS",
            "run the upgrade on the database, where it is looked up, or leave `if_not_exists` out",
        ),
        (
            Kind::Postgres,
            "PostgreSQL cannot create check constraint ck_room on visits in a script IF NOT EXISTS",
            "run the upgrade on the database, where it is looked up, or leave `if_not_exists` out",
        ),
    ] {
        let dialect = aludel::dialect::by_kind(kind).unwrap();
        let target = "head".parse().unwrap();
        let (history, options) = (history(), Options::default());
        let script = run::script(&history, dialect.into(), Direction::Up, &target, &options);
        let Error::Revision(failure) = script.await.unwrap_err() else {
            panic!("no failed revision")
        };
        assert_eq!(failure.source.to_string(), message);
        let Error::Unsupported {
            instead: advice, ..
        } = &failure.source
        else {
            panic!("{:?}", failure.source)
        };
        assert_eq!(advice, instead);
    }
}

const NEXT: Embedded = Embedded {
    name: "2_next.rs",
    text: "//! Next\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    up: Some(|op| {
        op.add_column("visits", Column::new("more", Type::String));
    }),
    down: Some(|op| drop(op.drop_column("visits", "more"))),
};

/// What came before a script may have had conditions: the database that it will be run on has met them.
#[tokio::test]
async fn a_script_may_start_above_conditions() {
    let history = History::embedded(&Migrations::new("versions", &[REVISION, NEXT])).unwrap();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let dialect = aludel::dialect::by_kind(kind).unwrap();
        let (target, options) = ("aaaa:head".parse().unwrap(), Options::default());
        let script = run::script(&history, dialect.into(), Direction::Up, &target, &options);
        let script = script.await.unwrap();
        assert!(
            script.contains("ALTER TABLE visits ADD COLUMN more"),
            "{script}"
        );
    }
}

const CONCURRENT: Embedded = Embedded {
    name: "1_concurrent.rs",
    text: "//! Concurrent\n//!\n//! Revision ID: aaaa\n",
    up: Some(|op| {
        op.create_index("ix_room", "visits", ["room"])
            .unique()
            .if_not_exists()
            .concurrently();
    }),
    down: Some(|op| drop(op.drop_index("ix_room", "visits").concurrently())),
};

/// A build that failed is begun anew by the next run, once the rows are as they should be.
#[tokio::test(flavor = "current_thread")]
async fn a_concurrent_build_is_begun_anew() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let url = DbUrl::parse(&database.url()).unwrap();
    let history = History::embedded(&Migrations::new("versions", &[CONCURRENT])).unwrap();
    let mut runner = Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap();
    let given = "CREATE TABLE visits (room TEXT); INSERT INTO visits VALUES ('a'), ('a')";
    runner.connection().execute(given).await.unwrap();
    let head = "head".parse().unwrap();
    for _ in 0..2 {
        let Error::Revision(failure) = runner.upgrade(&head).await.unwrap_err() else {
            panic!("no failed revision")
        };
        assert!(
            failure
                .statement
                .unwrap()
                .starts_with("CREATE UNIQUE INDEX CONCURRENTLY")
        );
    }
    let repaired = "DELETE FROM visits WHERE ctid = '(0,1)'";
    runner.connection().execute(repaired).await.unwrap();
    runner.upgrade(&head).await.unwrap();
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_room'::regclass";
    let rows = runner.connection().fetch(valid).await.unwrap();
    assert!(rows[0].at::<bool>(0).unwrap());
    runner.downgrade(&"base".parse().unwrap()).await.unwrap();
}
