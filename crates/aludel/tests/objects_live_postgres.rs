//! The objects beside tables on a real PostgreSQL: what is created from a model is found again and equal to it, what is changed is
//! not, and nobody notices that the database was asked.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "objects_live/postgres_inspect.rs"]
mod inspect;
#[path = "objects_live/postgres_quiet.rs"]
mod quiet;
#[path = "objects_live/postgres_routines.rs"]
mod routines;
#[path = "objects_live/postgres_rows.rs"]
mod rows;
#[path = "objects_live/postgres_small.rs"]
mod small;
#[path = "objects_live/postgres_support.rs"]
mod support;
#[path = "details/support.rs"]
#[allow(dead_code, reason = "these tests use less of it")]
mod taken;
#[path = "objects_live/postgres_taken.rs"]
mod there_and_back;
#[path = "objects_live/postgres_views.rs"]
mod views;
