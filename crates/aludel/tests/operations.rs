//! Every operation, in the words of every database and at work there.
//!
//! Each case of `operations/cases` is shown three times. Its SQL on every database is the text in `src/ops/sql`, which the
//! documentation of its recorder method includes; `ALUDEL_BLESS=1` writes these texts anew. It is run on live databases with
//! rows in the tables, and has an effect there, or is refused by name. And it is undone, after which schema and rows are as before.
//! As a script, by the database's own client, it does the same.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "operations/cases/mod.rs"]
mod cases;
#[path = "operations/golden.rs"]
mod golden;
#[path = "operations/live.rs"]
mod live;
#[path = "operations/offline.rs"]
mod offline;
#[path = "operations/places.rs"]
mod places;
#[path = "operations/snapshot.rs"]
mod snapshot;
