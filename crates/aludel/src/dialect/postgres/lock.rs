//! How runners take turns on PostgreSQL: by an advisory lock, which lives as long as the transaction, or the session, that asked for it
//! (<https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS>).

use super::super::turns::{Lock, Waits, has_code};
use super::Postgres;
use crate::db::DbError;
use crate::error::Result;
use crate::schema::QualifiedName;
use crate::sql::Spell as _;
use std::time::Duration;

/// The settings that would end a transaction for being long or idle; servers before the one that brought a setting do not have it.
const LIMITS: &str = "'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout', \
                      'statement_timeout', 'lock_timeout'";

/// The lock of the history that is kept in a version table. On a connection of its own it is held by a transaction: that is held to one
/// connection of the server by a pooler, too. On one that goes on working it is held by the session. Both are the same lock.
pub(super) fn lock(
    postgres: &Postgres,
    table: &QualifiedName,
    origin: &str,
    apart: bool,
) -> Result<Lock> {
    let schema = match &table.schema {
        Some(schema) => postgres.string(schema)?,
        None => "COALESCE(pg_catalog.current_schema()::text, '')".into(),
    };
    let name = postgres.string(&format!(".{}", table.name))?;
    let key = format!("pg_catalog.hashtextextended('aludel:' || {schema} || {name}, 0)");
    let scope = if apart { "xact_" } else { "" };
    // An isolation level by default of the role's that keeps one snapshot for the whole transaction would keep CREATE INDEX
    // CONCURRENTLY from ending. The names of settings are looked up, so that an unknown one is no error.
    let application = postgres.string(&format!("aludel: {origin}"))?;
    let keep = [
        "BEGIN ISOLATION LEVEL READ COMMITTED".to_string(),
        format!(
            "SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name IN ({LIMITS})"
        ),
        "SELECT pg_catalog.set_config('tcp_keepalives_idle', '30', true)".to_string(),
        format!("SELECT pg_catalog.set_config('application_name', {application}, true)"),
    ];
    let open = match apart {
        true => keep.to_vec(),
        // A revision may change the search path, of which the key is made.
        false => vec![format!(
            "SELECT pg_catalog.set_config('aludel.lock', ({key})::text, false)"
        )],
    };
    let holder = format!(
        "SELECT pg_catalog.concat_ws(', ', NULLIF(pg_catalog.regexp_replace(a.application_name, '^aludel: ', ''), ''), \
         'database user ' || a.usename, 'server process ' || l.pid), \
         pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"') \
         FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         CROSS JOIN (SELECT {key} AS it) AS key \
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) \
         AND l.classid::bigint = ((key.it >> 32) & 4294967295) AND l.objid::bigint = (key.it & 4294967295)"
    );
    Ok(Lock {
        open,
        attempt: format!("SELECT pg_catalog.pg_try_advisory_{scope}lock({key})::int::bigint"),
        holder,
        release: match apart {
            true => "ROLLBACK".into(),
            false => "SELECT pg_catalog.pg_advisory_unlock(pg_catalog.current_setting('aludel.lock')::bigint)".into(),
        },
    })
}

/// Keeps the version rows as they are until the transaction ends, whoever else would change them: another tool, or a runner whose
/// client is gone and whose last statement the server has not finished.
pub(super) fn hold(postgres: &Postgres, table: &QualifiedName) -> Result<String> {
    let table = postgres.qualified(table)?;
    Ok(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
}

/// What a transaction says of how long it waits.
pub(super) fn waits(waits: &Waits) -> Vec<String> {
    let set = |name: &str, duration: Option<Duration>| {
        duration.map(|it| format!("SET LOCAL {name} = {}", it.as_millis()))
    };
    let all = [
        set("lock_timeout", waits.lock),
        set("statement_timeout", waits.statement),
    ];
    all.into_iter().flatten().collect()
}

/// Whether an error says that others are in the way: a lock that was not to be had in time, a deadlock, or a conflict of transactions
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(super) fn is_busy(error: &DbError) -> bool {
    has_code(error, &["55P03", "40P01", "40001"])
}

/// Cancels what a session runs, if it is one of this program's: a pooler may have given it to somebody else meanwhile.
pub(super) fn cancel(session: &str) -> String {
    format!(
        "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity \
         WHERE pid = {session} AND application_name = 'aludel' AND state = 'active'"
    )
}
