//! What the operations on schemas, sequences, views, functions, triggers, extensions, domains and policies say on each database:
//! text, or a typed refusal that says what to do instead.
#![cfg(all(feature = "postgres", feature = "sqlite", feature = "mysql"))]
#![allow(clippy::unwrap_used)]

#[path = "objects_sql/code.rs"]
mod code;
#[path = "objects_sql/places.rs"]
mod places;
#[path = "objects_sql/rules.rs"]
mod rules;
#[path = "objects_sql/support.rs"]
mod support;
#[path = "objects_sql/views.rs"]
mod views;
