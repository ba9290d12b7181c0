//! Revisions that change where names without a schema are looked for, as a dump does: the version rows stay where they were.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, DbUrl, Kind};
use aludel::dialect;
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::revision::Direction;
use aludel::run::{self, Options, Runner};
use aludel::{Failure, Left};
use std::sync::Arc;

const fn sql(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: None,
        down: None,
    }
}

/// As `pg_dump` begins, and then a schema that has a version table of its own.
const DUMP: &[Embedded] = &[
    sql(
        "a.sql",
        "-- A\n--\n-- Revision ID: a\n\n-- migrate:up
         SELECT pg_catalog.set_config('search_path', '', false);
         CREATE TABLE public.t (id integer);",
    ),
    sql(
        "b.sql",
        "-- B\n--\n-- Revision ID: b\n-- Revises: a\n\n-- migrate:up
         CREATE TABLE u (id integer);
         SET search_path TO other;
         CREATE TABLE v (id integer);",
    ),
    sql(
        "c.sql",
        "-- C\n--\n-- Revision ID: c\n-- Revises: b\n\n-- migrate:up transaction:false
         SET SCHEMA 'other';
         CREATE TABLE w (id integer);
         RESET ALL;",
    ),
    Embedded {
        name: "d.rs",
        text: "//! D\n//!\n//! Revision ID: d\n//! Revises: c\n",
        up: Some(|op| {
            op.run("elsewhere", async |db| {
                db.execute("SET search_path TO other").await?;
                Ok(())
            })
            .offline("SET search_path TO other");
        }),
        down: Some(|_| {}),
    },
];

const OTHER: &str = "CREATE SCHEMA other; CREATE TABLE other.alembic_version (version_num varchar(32)); INSERT INTO other.alembic_version VALUES ('c')";

/// Where everything is, and what the two version tables hold.
const FOUND: &str = "SELECT concat_ws(' ',
    (SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY schemaname, tablename)
     FROM pg_tables WHERE schemaname IN ('public', 'other') AND tablename NOT IN ('alembic_version', 'aludel_log')),
    (SELECT string_agg(version_num, ' ') FROM public.alembic_version),
    (SELECT string_agg(version_num, ' ') FROM other.alembic_version))";
const EXPECTED: &str = "other.v other.w public.t public.u d c";

fn history(files: &'static [Embedded]) -> History {
    History::embedded(&Migrations::new("versions", files)).unwrap()
}

async fn runner(url: &str, files: &'static [Embedded]) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history(files), Options::default())
        .await
        .unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn version_rows_stay_where_they_were() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let mut runner = runner(&database.url(), DUMP).await;
    runner.connection().execute(OTHER).await.unwrap();
    runner.upgrade(&"head".parse().unwrap()).await.unwrap();
    assert_eq!(database.psql(FOUND), EXPECTED);
    assert_eq!(runner.current().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "current_thread")]
async fn so_they_do_in_a_script() {
    let target = "head".parse().unwrap();
    let dialect = Arc::from(dialect::by_kind(Kind::Postgres).unwrap());
    let options = Options::default();
    let history = history(DUMP);
    let script = run::script(&history, dialect, Direction::Up, &target, &options);
    let script = script.await.unwrap();
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        database.psql(OTHER);
        database.psql(&script);
        assert_eq!(database.psql(FOUND), EXPECTED, "{script}");
    }
}

async fn refused(files: &'static [Embedded], url: &str) -> Failure {
    let mut runner = runner(url, files).await;
    match runner.upgrade(&"head".parse().unwrap()).await.unwrap_err() {
        Error::Revision(failure) => *failure,
        other => panic!("{other:?}"),
    }
}

/// Nothing brings MySQL back to a database whose name is not known.
#[tokio::test(flavor = "current_thread")]
async fn another_database_is_refused_before_anything_runs() {
    const USE: &[Embedded] = &[sql(
        "a.sql",
        "-- A\n--\n-- Revision ID: a\n\n-- migrate:up\nCREATE TABLE t (id int);\n/* x */ USE `other`;\n",
    )];
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let failed = refused(USE, &database.url()).await;
    assert_eq!(failed.left, Left::NotRun);
    assert_eq!(failed.at.as_ref().unwrap().line, 7);
    assert!(
        matches!(&failed.source, Error::Unsupported { operation, .. } if operation == "run `USE `other`` in a revision"),
        "{failed:?}"
    );
}
