//! What a comparison costs does not grow with the number of tables: the same round trips for many as for few.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, Connection, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operations;
use aludel::prelude::*;
use aludel::run::autogenerate::Options;
use aludel::run::{self, Runner};
use std::cell::RefCell;

thread_local! {
    static UP: RefCell<Vec<aludel::ops::Operation>> = const { RefCell::new(Vec::new()) };
}

fn up(op: &mut Operations) {
    UP.take().into_iter().for_each(|it| op.record(it));
}

static NONE: &[Embedded] = &[];
static ONE: &[Embedded] = &[Embedded {
    name: "1.rs",
    text: "//! A\n//!\n//! Revision ID: aaaa\n",
    up: Some(up),
    down: Some(up),
}];

fn models(tables: usize) -> Metadata {
    let table = |number: usize| {
        Table::new(format!("t{number}"))
            .column(Column::new("id", Type::Integer).identity().primary_key())
            .column(
                Column::new("a", Type::Varchar(50))
                    .server_default("'x'")
                    .index(),
            )
            .column(Column::new("b", Type::Integer).check("b > 0"))
            .column(
                Column::new("parent", Type::Integer).references(format!("t{}", number / 2), "id"),
            )
            .unique(["a", "b"])
    };
    (0..tables)
        .map(table)
        .fold(Metadata::new(), Metadata::table)
        .view("open", "SELECT id FROM t0")
}

async fn runner(url: &str, files: &'static [Embedded]) -> Runner {
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let url = DbUrl::parse(url).unwrap();
    let options = run::Options::default();
    Runner::connect(&url, Access::Write, history, options)
        .await
        .unwrap()
}

/// The round trips of a comparison that finds nothing.
async fn costs(url: &str, tables: usize) -> u64 {
    let models = models(tables);
    let options = Options::default();
    let draft = runner(url, NONE)
        .await
        .autogenerate(&models, &options)
        .await
        .unwrap();
    UP.set(draft.up);
    runner(url, ONE)
        .await
        .upgrade(&"head".parse().unwrap())
        .await
        .unwrap();
    let mut runner = runner(url, ONE).await;
    let before = runner.connection().round_trips();
    let draft = runner.autogenerate(&models, &options).await.unwrap();
    assert_eq!(draft.detected(), [""; 0]);
    runner.connection().round_trips() - before
}

async fn constant(few: &str, many: &str, at_most: u64) {
    let (few, many) = (costs(few, 3).await, costs(many, 250).await);
    assert_eq!(few, many);
    assert!(many <= at_most, "{many} round trips");
}

#[tokio::test]
async fn on_sqlite() {
    let (few, many) = (aludel_testdb::sqlite(), aludel_testdb::sqlite());
    constant(&few.url(), &many.url(), 20).await;
}

#[tokio::test]
async fn on_postgres() {
    let both = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::postgres_or_skip(),
    );
    if let (Some(few), Some(many)) = both {
        constant(&few.url(), &many.url(), 30).await;
    }
}

#[tokio::test]
async fn on_mariadb() {
    let both = (
        aludel_testdb::mariadb_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    );
    if let (Some(few), Some(many)) = both {
        constant(&few.url(), &many.url(), 30).await;
    }
}

/// One table that the database refuses does not make all others be asked about one by one.
#[tokio::test]
async fn a_refused_table_costs_few_more() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let url = DbUrl::parse(&db.url()).unwrap();
    let mut connection = Connection::open(&url, Access::Write).await.unwrap();
    let dialect = aludel::dialect::of_connection(&mut connection)
        .await
        .unwrap();
    let broken = Table::new("broken").column(Column::new("a", Type::Integer).check("nowhere > 0"));
    let mut schema = models(250).table(broken).schema().unwrap();
    dialect.normalize(&mut schema);
    let before = connection.round_trips();
    assert!(
        !dialect
            .canonicalize(&mut connection, &mut schema)
            .await
            .unwrap()
    );
    let cost = connection.round_trips() - before;
    assert!(cost <= 40, "{cost}");
}
