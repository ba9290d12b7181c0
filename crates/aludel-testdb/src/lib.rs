//! Throwaway database servers for the project's own tests.
//!
//! A test asks for a database and gets an empty one of its own; it never needs a server that somebody started by
//! hand, and never touches one. The servers come from the programs that are installed on the machine, listen on a free port of
//! the loopback address, and live exactly as long as the test process, however that process ends.
//!
//! ```no_run
//! let Some(db) = aludel_testdb::postgres_or_skip() else { return };
//! db.psql("CREATE TABLE patients (id integer PRIMARY KEY)");
//! assert_eq!(db.psql("SELECT count(*) FROM patients"), "0");
//! println!("{}", db.url());
//! ```
//!
//! There is one PostgreSQL server and one MariaDB server for each test *process*, started when its first test asks for a database;
//! each call of [`postgres`] or [`mariadb`] then costs a `CREATE DATABASE`. A database is dropped with its [`Database`] or [`MariaDb`], the
//! server with the process. Roles belong to a server, not to a database: a test that creates one gives it a name of its own, or
//! starts a [`Server`] or [`MariaDbServer`] of its own.
//!
//! The rooms: `find` knows where systems keep their database programs; `home` knows folders, users and how a server is made to
//! die with its test, and nothing about any particular database; `postgres` and `mariadb` know theirs. This crate must not know
//! anything about what it is used to test. It is for Unix systems.
// The crate is called by tests, on whose behalf it fails.
#![allow(clippy::panic)]

mod cache;
mod client;
mod find;
mod home;
mod mariadb;
mod pgbouncer;
mod postgres;
mod sqlite;
mod wire;

use std::fmt;
use std::sync::OnceLock;

pub use find::{find_mariadb, find_pgbouncer, find_postgres, find_sqlite3};
pub use mariadb::{MariaDb, MariaDbServer};
pub use pgbouncer::PgBouncer;
pub use postgres::{Database, Server};
pub use sqlite::{SqliteFile, sqlite};

/// The environment variable that names the databases which tests shall do with, separated by commas: `sqlite`, `postgres`,
/// `mariadb`.
///
/// `cargo xtask test --only sqlite`, or `--only sqlite,mariadb`, sets it. Unset or empty, every database is wanted.
pub const ONLY: &str = "ALUDEL_TEST_ONLY";

/// How users log in to a server of a test's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth<'a> {
    /// The superuser needs no password from this machine.
    Trust,
    /// There is a user `aludel` who may do everything, and whose password this is.
    Password(&'a str),
}

/// Why there is no server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missing {
    /// The variable [`ONLY`] excludes this database: the one good reason to leave a test out.
    NotWanted,
    /// The server's programs are not installed; the text says what to install.
    NotInstalled(String),
    /// The programs are there, but no server came up; the text says why.
    Failed(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWanted => write!(f, "{ONLY} leaves this database out"),
            Self::NotInstalled(text) | Self::Failed(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Missing {}

/// A fresh, empty database on this process's own PostgreSQL server, which the first call starts.
///
/// # Errors
///
/// [`Missing::NotWanted`] when [`ONLY`] excludes PostgreSQL, otherwise what is not installed or what went wrong.
pub fn postgres() -> Result<Database, Missing> {
    static SERVER: OnceLock<Result<Server, Missing>> = OnceLock::new();
    if !wanted(std::env::var(ONLY).ok().as_deref(), "postgres") {
        return Err(Missing::NotWanted);
    }
    match SERVER.get_or_init(|| Server::start(Auth::Trust)) {
        Ok(server) => server.database(),
        Err(missing) => Err(missing.clone()),
    }
}

/// Like [`postgres`], for the first line of a test: `None` only when [`ONLY`] excludes PostgreSQL.
///
/// # Panics
///
/// When there is no server for any other reason: a test must not pass because its database was missing.
#[track_caller]
pub fn postgres_or_skip() -> Option<Database> {
    match postgres() {
        Ok(database) => Some(database),
        Err(Missing::NotWanted) => None,
        Err(missing) => panic!("{missing}"),
    }
}

/// A fresh, empty database on this process's own MariaDB server, which the first call starts.
///
/// # Errors
///
/// [`Missing::NotWanted`] when [`ONLY`] excludes MariaDB, otherwise what is not installed or what went wrong.
pub fn mariadb() -> Result<MariaDb, Missing> {
    static SERVER: OnceLock<Result<MariaDbServer, Missing>> = OnceLock::new();
    if !wanted(std::env::var(ONLY).ok().as_deref(), "mariadb") {
        return Err(Missing::NotWanted);
    }
    match SERVER.get_or_init(|| MariaDbServer::start(Auth::Trust)) {
        Ok(server) => server.database(),
        Err(missing) => Err(missing.clone()),
    }
}

/// Like [`mariadb`], for the first line of a test: `None` only when [`ONLY`] excludes MariaDB.
///
/// # Panics
///
/// When there is no server for any other reason: a test must not pass because its database was missing.
#[track_caller]
pub fn mariadb_or_skip() -> Option<MariaDb> {
    match mariadb() {
        Ok(database) => Some(database),
        Err(Missing::NotWanted) => None,
        Err(missing) => panic!("{missing}"),
    }
}

/// Whether the value of [`ONLY`] lets tests use `database`.
fn wanted(only: Option<&str>, database: &str) -> bool {
    let mut names = only
        .unwrap_or("")
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .peekable();
    names.peek().is_none() || names.any(|name| name == database)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_can_leave_a_database_out() {
        assert!(wanted(None, "postgres"));
        assert!(wanted(Some(""), "postgres"));
        assert!(wanted(Some("sqlite, postgres"), "postgres"));
        assert!(!wanted(Some("sqlite"), "postgres"));
    }
}
