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

use round::{Database, try_schemas};

#[test]
fn sqlite() {
    try_schemas("sqlite", || {
        let file = aludel_testdb::sqlite();
        Database {
            url: file.url(),
            kept: Box::new(file),
        }
    });
}

#[test]
fn postgres() {
    if aludel_testdb::postgres_or_skip().is_some() {
        try_schemas("postgres", || {
            let db = aludel_testdb::postgres_or_skip().unwrap();
            Database {
                url: db.url(),
                kept: Box::new(db),
            }
        });
    }
}

#[test]
fn mariadb() {
    if aludel_testdb::mariadb_or_skip().is_some() {
        try_schemas("mariadb", || {
            let db = aludel_testdb::mariadb_or_skip().unwrap();
            Database {
                url: db.url(),
                kept: Box::new(db),
            }
        });
    }
}
