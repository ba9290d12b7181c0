//! Version control for database schemas.
//!
//! Models are Rust structs, or tables built by hand; a **revision** is a file with an `upgrade` and a `downgrade` that
//! *record* operations; revisions form a graph that branches and merges; the database remembers where it stands in the table
//! `alembic_version`.
//!
//! ```
//! use aludel::prelude::*;
//!
//! // A model, by hand. `#[derive(Table)]` says the same.
//! let patients = Table::new("patients")
//!     .column(Column::new("id", Type::Integer).primary_key())
//!     .column(Column::new("email", Type::String).unique());
//!
//! // A revision, recorded: nothing has run yet.
//! let mut op = Operations::new(aludel::db::Kind::Sqlite);
//! op.create_table(patients);
//! assert_eq!(op.into_recorded()[0].operation.summary(), "create table patients");
//! ```
//!
//! The rooms, from the bottom up: [`schema`] holds the nouns, [`sql`] how they are spelled, [`db`] the door to a database,
//! [`ops`] the verbs, [`diff`] how two schemas differ, [`dialect`] how each database says it, [`revision`] the history as a
//! graph, [`history`] the history as files, [`lint`] what is risky, [`run`] how a plan becomes statements.
//!
//! # Features
//!
//! `sqlite`, `postgres`, `mysql` (which is MariaDB too): the databases. None is on by default, so that a crate that only declares models links no driver.
//! `chrono`, `time`, `jiff`, `uuid`, `json` (serde_json), `rust_decimal`, `bigdecimal`, `ipnetwork`, `mac_address`, `bit-vec`:
//! column types of these crates. `registered`: models found by linking.

pub mod db;
pub mod dialect;
pub mod diff;
mod env;
mod error;
pub mod history;
pub mod lint;
pub mod model;
pub mod ops;
pub mod revision;
pub mod run;
pub mod schema;
pub mod sql;

pub use aludel_macros::{Enum, Table, migrations};
pub use env::Env;
pub use error::{
    Account, Edit, Entry, Error, Failure, Fate, Left, Result, SideError, TransactionError,
};
#[doc(hidden)]
pub use model::__private;
pub use run::Migrator;
pub use schema::SqlType;

/// What a models module, a revision and a migrations program import: `use aludel::prelude::*;`.
pub mod prelude {
    pub use crate::Migrator;
    pub use crate::env::Env;
    pub use crate::env::autogenerate::Autogenerate;
    pub use crate::error::{Error, Result};
    pub use crate::metadata;
    pub use crate::ops::{Db, Operations};
    pub use crate::schema::{
        Action, Check, Column, Deferrable, Domain, Enum, Exclude, Extension, ForeignKey, Function,
        Identity, Index, IndexClass, IndexPart, Metadata, Model, MysqlType, NamingConvention,
        Object, OnConflict, Policy, PolicyCommand, PostgresType, PrimaryKey, QualifiedName,
        Sequence, SqlType, Table, Trigger, Type, Unique, View, ViewCheck,
    };
    pub use crate::sql::Literal;
    pub use aludel_macros::{Enum, Table, migrations};
    pub use std::process::ExitCode;
}
