//! Schemas that people have in production, or teach with: what a database made of them is read into models, which autogenerate
//! finds equal to it; a fresh database that is made from these models is the same, by the revision's operations and by its SQL
//! text; and its downgrade leaves nothing.
//!
//! `real/README.md` tells where the schemas come from. `ALUDEL_REAL` names a folder with more of them, laid out alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

#[path = "corpus/live.rs"]
mod live;
#[path = "real/round.rs"]
mod round;
#[path = "real/written.rs"]
mod written;

#[path = "real/revisions/mariadb_optuna.rs"]
mod mariadb_optuna;
#[path = "real/revisions/postgres_graphile_worker.rs"]
mod postgres_graphile_worker;
#[path = "real/revisions/postgres_pg_boss.rs"]
mod postgres_pg_boss;
#[path = "real/revisions/sqlite_optuna.rs"]
mod sqlite_optuna;

use aludel::db::Kind;
use round::{Database, try_schemas};
use written::{Written, try_written};

fn fresh_sqlite() -> Database {
    let file = aludel_testdb::sqlite();
    Database {
        url: file.url(),
        kept: Box::new(file),
    }
}

fn fresh_postgres() -> Database {
    let db = aludel_testdb::postgres_or_skip().unwrap();
    Database {
        url: db.url(),
        kept: Box::new(db),
    }
}

fn fresh_mariadb() -> Database {
    let db = aludel_testdb::mariadb_or_skip().unwrap();
    Database {
        url: db.url(),
        kept: Box::new(db),
    }
}

macro_rules! written {
    ($kind:ident, $folder:literal, $name:literal, $module:ident) => {
        Written {
            of: ($folder, $name),
            kind: Kind::$kind,
            text: include_str!(concat!("real/revisions/", $folder, "_", $name, ".rs")),
            upgrade: $module::upgrade,
            downgrade: $module::downgrade,
        }
    };
}

#[test]
fn sqlite() {
    try_schemas("sqlite", fresh_sqlite);
    let optuna = written!(Sqlite, "sqlite", "optuna", sqlite_optuna);
    try_written(&optuna, fresh_sqlite);
}

#[test]
fn postgres() {
    if aludel_testdb::postgres_or_skip().is_none() {
        return;
    }
    try_schemas("postgres", fresh_postgres);
    let boss = written!(Postgres, "postgres", "pg_boss", postgres_pg_boss);
    try_written(&boss, fresh_postgres);
    let worker = written!(
        Postgres,
        "postgres",
        "graphile_worker",
        postgres_graphile_worker
    );
    try_written(&worker, fresh_postgres);
}

#[test]
fn mariadb() {
    if aludel_testdb::mariadb_or_skip().is_none() {
        return;
    }
    try_schemas("mariadb", fresh_mariadb);
    let optuna = written!(MariaDb, "mariadb", "optuna", mariadb_optuna);
    try_written(&optuna, fresh_mariadb);
}
