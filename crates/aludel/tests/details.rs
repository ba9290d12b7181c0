//! What tables and columns have beside names and types, seen by autogenerate: created from models, nothing is found; changed,
//! the change is detected, runs, and is found no more; undone, everything is as before.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "details/columns.rs"]
mod columns;
#[path = "details/enums.rs"]
mod enums;
#[path = "details/indexes.rs"]
mod indexes;
#[path = "details/needed.rs"]
mod needed;
#[path = "details/options.rs"]
mod options;
#[path = "details/partitions.rs"]
mod partitions;
#[path = "details/support.rs"]
mod support;
