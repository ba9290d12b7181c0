//! PostgreSQL, on a real server: what is created comes back, what is altered keeps its rows, and nothing is left behind.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "postgres_live/alter.rs"]
mod alter;
#[path = "postgres_live/canonical.rs"]
mod canonical;
#[path = "postgres_live/inspect.rs"]
mod inspect;
#[path = "postgres_live/names.rs"]
mod names;
#[path = "postgres_live/objects.rs"]
mod objects;
#[path = "postgres_live/operations.rs"]
mod operations;
#[path = "postgres_live/round_trip.rs"]
mod round_trip;
#[path = "postgres_live/support.rs"]
mod support;
