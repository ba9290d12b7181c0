//! Zero false differences: several hundred types, defaults, checks, indexes, generated columns, keys and names, as an author
//! would write them, are made in real databases from the models, and autogenerate then finds nothing. Beside them stand pairs
//! that mean the same in other words, and pairs that do not, which must be found.
//!
//! The entries are data: a folder for each database, a file for each kind, `corpus/README.md` tells how they are written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

#[path = "corpus/arrange.rs"]
mod arrange;
#[path = "corpus/entries.rs"]
mod entries;
#[path = "corpus/live.rs"]
mod live;
#[path = "corpus/nouns.rs"]
mod nouns;
#[path = "corpus/run.rs"]
mod run;
#[path = "corpus/types.rs"]
mod types;

use run::{Place, try_corpus};

#[test]
fn sqlite() {
    let file = aludel_testdb::sqlite();
    try_corpus("sqlite", &file.url(), &[Place::default_schema()]);
}

#[test]
fn postgres() {
    if let Some(db) = aludel_testdb::postgres_or_skip() {
        let second = Place::schema("a Second.one");
        db.psql("CREATE SCHEMA \"a Second.one\"");
        try_corpus("postgres", &db.url(), &[Place::default_schema(), second]);
    }
}

#[test]
fn mariadb() {
    if let Some(db) = aludel_testdb::mariadb_or_skip() {
        let Some(second) = aludel_testdb::mariadb_or_skip() else {
            return;
        };
        let second = Place::schema(second.name());
        try_corpus("mariadb", &db.url(), &[Place::default_schema(), second]);
    }
}
