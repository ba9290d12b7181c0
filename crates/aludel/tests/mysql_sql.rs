//! Every operation in the words of MySQL and of MariaDB: text, or a typed refusal.
#![cfg(feature = "mysql")]
#![allow(clippy::unwrap_used)]

#[path = "mysql_sql/columns.rs"]
mod columns;
#[path = "mysql_sql/constraints.rs"]
mod constraints;
#[path = "mysql_sql/nouns.rs"]
mod nouns;
#[path = "mysql_sql/options.rs"]
mod options;
#[path = "mysql_sql/support.rs"]
mod support;
#[path = "mysql_sql/tables.rs"]
mod tables;
