//! How runners of one database keep out of each other's way, and out of the way of everybody else who uses it: what a dialect must
//! know of locks.

#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::db::DbError;
use std::time::Duration;

/// A lock that one runner at a time holds on a database, and that the database frees by itself when the holder's connection ends. It is
/// asked for again and again, never waited for: on PostgreSQL, a statement that waits keeps `CREATE INDEX CONCURRENTLY` from ending,
/// which would keep the lock from being freed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// What is said first on the connection that is to hold the lock, before it is asked for: which lock it is, above all, since a
    /// revision may change what its name is made of.
    pub open: Vec<String>,
    /// A query that answers one row: 1 if the lock is held by this connection now, anything else if another one holds it.
    pub attempt: String,
    /// A query that answers who holds the lock, as a text, and since when, as a text or null; no row if nobody does. It is asked on the
    /// connection that works.
    pub holder: String,
    /// What frees the lock on a connection that goes on.
    pub release: String,
}

/// How long statements wait for others. None is as the session has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// For a table that others use.
    pub lock: Option<Duration>,
    /// For a statement to end.
    pub statement: Option<Duration>,
}

/// Whether the error's code is one of these.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn has_code(error: &DbError, codes: &[&str]) -> bool {
    match error {
        DbError::Statement {
            code: Some(code), ..
        } => codes.contains(&code.as_str()),
        _ => false,
    }
}
