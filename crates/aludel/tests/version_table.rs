//! Identifiers as long as anyone likes: the version table is made wide enough for them, and one that is not stops a run before
//! it begins.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres"))]

use aludel::db::{Access, DbUrl, Kind};
use aludel::history::{Embedded, History, Migrations};
use aludel::run::{self, Options, Runner};
use aludel::schema::QualifiedName;
use aludel::{Error, dialect};

const SHORT: Embedded = Embedded {
    name: "1.sql",
    text: "-- One\n--\n-- Revision ID: short\n\n-- migrate:up\nCREATE TABLE one (id INTEGER);\n\n-- migrate:down\nDROP TABLE one;\n",
    up: None,
    down: None,
};

/// Forty-two characters.
const ID: &str = "äland_visits_get_a_date_and_a_longer_name_";

const LONG: Embedded = Embedded {
    name: "2.sql",
    text: "-- Two\n--\n-- Revision ID: äland_visits_get_a_date_and_a_longer_name_\n-- Revises: short\n\n-- migrate:up\nCREATE TABLE two (id INTEGER);\n\n-- migrate:down\nDROP TABLE two;\n",
    up: None,
    down: None,
};

fn history(files: &'static [Embedded]) -> History {
    History::embedded(&Migrations::new("versions", files)).unwrap()
}

async fn runner(url: &str, files: &'static [Embedded], options: Options) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history(files), options)
        .await
        .unwrap()
}

async fn upgrade(runner: &mut Runner) -> aludel::Result<Vec<String>> {
    runner.upgrade(&"head".parse().unwrap()).await?;
    let rows = runner.current().await?;
    Ok(rows.iter().map(ToString::to_string).collect())
}

fn in_a_schema(schema: &str) -> Options {
    Options {
        version_table: QualifiedName {
            schema: Some(schema.into()),
            name: "alembic_version".into(),
        },
        ..Options::default()
    }
}

#[test]
fn the_table_is_as_wide_as_the_longest_identifier_asks() {
    let script = |files, kind| {
        let dialect = dialect::by_kind(kind).unwrap();
        run::version_table_script(&history(files), &*dialect, &Options::default()).unwrap()
    };
    for kind in [Kind::Postgres, Kind::Sqlite] {
        assert!(script(&[SHORT], kind).contains("version_num VARCHAR(32) NOT NULL"));
        assert!(script(&[SHORT, LONG], kind).contains("version_num VARCHAR(64) NOT NULL"));
    }
}

#[tokio::test]
async fn a_new_table_holds_every_identifier() {
    let file = aludel_testdb::sqlite();
    let mut on_sqlite = runner(&file.url(), &[SHORT, LONG], Options::default()).await;
    assert_eq!(upgrade(&mut on_sqlite).await.unwrap(), [ID]);
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        let mut on_postgres = runner(&database.url(), &[SHORT, LONG], Options::default()).await;
        assert_eq!(upgrade(&mut on_postgres).await.unwrap(), [ID]);
    }
}

#[tokio::test]
async fn sqlite_does_not_count_characters() {
    let file = aludel_testdb::sqlite();
    let mut before = runner(&file.url(), &[SHORT], Options::default()).await;
    assert_eq!(upgrade(&mut before).await.unwrap(), ["short"]);
    before.close().await.unwrap();
    let mut after = runner(&file.url(), &[SHORT, LONG], Options::default()).await;
    assert_eq!(upgrade(&mut after).await.unwrap(), [ID]);
}

#[tokio::test]
async fn a_narrow_table_is_refused_before_anything_runs_and_can_be_widened() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let url = database.url();
    let mut before = runner(&url, &[], Options::default()).await;
    before
        .connection()
        .execute("CREATE SCHEMA own")
        .await
        .unwrap();
    before.close().await.unwrap();
    for options in [Options::default(), in_a_schema("own")] {
        let mut before = runner(&url, &[], options.clone()).await;
        before.ensure_version().await.unwrap();
        before.close().await.unwrap();
        let mut after = runner(&url, &[SHORT, LONG], options).await;
        for refused in [
            upgrade(&mut after).await.map(drop),
            after
                .stamp(&["head".parse().unwrap()], false)
                .await
                .map(drop),
        ] {
            let error = refused.unwrap_err();
            assert!(
                matches!(
                    error,
                    Error::LongId {
                        length: 42,
                        room: 32,
                        ..
                    }
                ),
                "{error}"
            );
        }
        let Err(Error::LongId { widen, .. }) = upgrade(&mut after).await else {
            panic!("it was not refused");
        };
        assert_eq!(after.current().await.unwrap().len(), 0);
        let tables = after
            .connection()
            .fetch("SELECT 1 FROM pg_tables WHERE tablename = 'one'");
        assert_eq!(tables.await.unwrap().len(), 0);
        // What fits runs as ever.
        after.upgrade(&"short".parse().unwrap()).await.unwrap();
        after.connection().execute(&widen).await.unwrap();
        assert_eq!(upgrade(&mut after).await.unwrap(), [ID]);
        after.downgrade(&"base".parse().unwrap()).await.unwrap();
        after.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_column_without_a_limit_has_room_for_all() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let mut runner = runner(&database.url(), &[SHORT, LONG], Options::default()).await;
    let table = "CREATE TABLE alembic_version (version_num text NOT NULL PRIMARY KEY)";
    runner.connection().execute(table).await.unwrap();
    assert_eq!(upgrade(&mut runner).await.unwrap(), [ID]);
}
