//! How runners take turns on MySQL and MariaDB: by a lock of the session, whose name is the server's, so that the database's
//! name is part of it (<https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html>).
//!
//! The connection that works holds the lock. A definition that has begun goes on in the server when its client is gone, and the
//! session with it: the lock is free when nothing of the last run is going on any more.

use super::super::turns::{Lock, Waits, has_code};
use super::{Mysql, Product, catalog};
use crate::db::DbError;
use crate::error::Result;
use crate::schema::QualifiedName;
use crate::sql::Spell as _;
use std::time::Duration;

/// The lock of the history that is kept in a version table.
pub(super) fn lock(mysql: &Mysql, table: &QualifiedName) -> Result<Lock> {
    let (schema, _) = catalog::place(mysql, table)?;
    let name = mysql.string(&format!(".{}", table.name))?;
    // A name of a lock has 64 characters at most.
    let remember = format!(
        "SET @aludel_lock = CONCAT('aludel:', LEFT(SHA2(LOWER(CONCAT(COALESCE({schema}, ''), {name})), 256), 48))"
    );
    let key = "@aludel_lock";
    // Of other users' connections, a user without PROCESS sees nothing but that they are there.
    let holder = format!(
        "SELECT COALESCE((SELECT CONCAT('database user ', p.USER, ' at ', p.HOST, ', connection ', p.ID) \
         FROM information_schema.PROCESSLIST p WHERE p.ID = held.by_id), CONCAT('connection ', held.by_id)), NULL \
         FROM (SELECT IS_USED_LOCK({key}) AS by_id) AS held WHERE held.by_id IS NOT NULL"
    );
    Ok(Lock {
        open: vec![remember],
        attempt: format!("SELECT CAST(GET_LOCK({key}, 0) AS SIGNED)"),
        holder,
        release: format!("DO RELEASE_LOCK({key})"),
    })
}

/// What a session says of how long it waits, and what takes that back. The servers wait a year, or a day, for a table's definition if
/// nothing is said, and everybody else who uses the table waits behind. Seconds are counted.
/// <https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_lock_wait_timeout>
pub(super) fn waits(mysql: &Mysql, waits: &Waits) -> Option<(String, String)> {
    let seconds = |it: Duration| it.as_millis().div_ceil(1000).max(1).to_string();
    let lock = waits.lock.map(|it| ("lock_wait_timeout", seconds(it)));
    let statement = waits
        .statement
        .map(|it| match mysql.product == Product::MariaDb {
            true => ("max_statement_time", format!("{}", it.as_secs_f64())),
            false => ("max_execution_time", it.as_millis().to_string()),
        });
    let all: Vec<_> = lock.into_iter().chain(statement).collect();
    if all.is_empty() {
        return None;
    }
    let set = all.iter().map(|(name, value)| {
        format!("@aludel_{name} = @@SESSION.{name}, @@SESSION.{name} = {value}")
    });
    let back = all
        .iter()
        .map(|(name, _)| format!("@@SESSION.{name} = @aludel_{name}"));
    let list = |them: Vec<String>| format!("SET {}", them.join(", "));
    Some((list(set.collect()), list(back.collect())))
}

/// Whether an error says that others are in the way: a lock that was not to be had in time, or a deadlock.
pub(super) fn is_busy(error: &DbError) -> bool {
    has_code(error, &["1205", "1213"])
}
