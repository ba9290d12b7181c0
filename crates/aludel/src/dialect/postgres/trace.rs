//! What the statements leave in the catalog of PostgreSQL that cannot run in a transaction, and count at once.

use super::super::trace::{Trace, Words};
use super::Postgres;
use crate::error::Result;
use crate::sql::Spell as _;
use crate::sql::split::Flavor;

/// What shows that a statement was done.
pub(super) fn trace(postgres: &Postgres, sql: &str) -> Result<Trace> {
    let mut words = Words::of(sql, Flavor::Postgres);
    Ok(match words.take() {
        "create" => match built(sql) {
            Some(table) => Trace::Catalog(vec![indexes(postgres, &table)?]),
            None => Trace::None,
        },
        "drop" => {
            let name = (words.is("index") && words.is("concurrently")).then(|| {
                words.skip(&["if", "exists"]);
                words.name()
            });
            match name.flatten() {
                Some(name) => {
                    let name = postgres.string(&name)?;
                    let query = format!("SELECT (pg_catalog.to_regclass({name}) IS NULL)::text");
                    Trace::Catalog(vec![query])
                }
                None => Trace::None,
            }
        }
        "alter" => match words.take() {
            "system" => Trace::Harmless,
            "type" => match words.name() {
                Some(name) => {
                    let name = postgres.string(&name)?;
                    Trace::Catalog(vec![format!(
                        "SELECT COALESCE(pg_catalog.string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder), '') \
                         FROM pg_catalog.pg_enum e WHERE e.enumtypid = pg_catalog.to_regtype({name})"
                    )])
                }
                None => Trace::None,
            },
            _ => Trace::None,
        },
        "vacuum" | "analyze" | "reindex" | "cluster" | "checkpoint" | "refresh" | "discard" | "set" | "reset" => {
            Trace::Harmless
        }
        _ => Trace::None,
    })
}

/// Whether a statement cannot be put into a transaction although nothing of its own says so: what it calls may end it.
pub(super) fn stands_alone(sql: &str) -> bool {
    ["call", "do"].contains(&Words::of(sql, Flavor::Postgres).take())
}

/// A query that answers the statements that take away what building an index concurrently left behind: an index that is not valid, of
/// the name that it was to have. <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>
pub(super) fn remains(postgres: &Postgres, sql: &str) -> Result<Option<String>> {
    let Some(table) = built(sql) else {
        return Ok(None);
    };
    let mut words = Words::of(sql, Flavor::Postgres);
    words.until(&["concurrently"]);
    words.skip(&["if", "not", "exists"]);
    let Some(name) = words.name().filter(|it| !it.eq_ignore_ascii_case("on")) else {
        return Ok(None);
    };
    let (table, name) = (postgres.string(&table)?, postgres.string(&name)?);
    Ok(Some(format!(
        "SELECT pg_catalog.format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname) \
         FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE i.indrelid = pg_catalog.to_regclass({table}) AND NOT i.indisvalid \
         AND c.relname = (pg_catalog.parse_ident({name}))[1]"
    )))
}

/// The table on which a statement builds an index concurrently.
fn built(sql: &str) -> Option<String> {
    let mut words = Words::of(sql, Flavor::Postgres);
    words.skip(&["create", "unique"]);
    if !words.is("index") || !words.is("concurrently") {
        return None;
    }
    words.until(&["on"])?;
    words.is("only");
    words.name()
}

fn indexes(postgres: &Postgres, table: &str) -> Result<String> {
    let table = postgres.string(table)?;
    Ok(format!(
        "SELECT COALESCE(pg_catalog.string_agg(c.relname || ' ' || i.indisvalid, ',' ORDER BY c.relname), '') \
         FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         WHERE i.indrelid = pg_catalog.to_regclass({table}) AND i.indisvalid"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_an_index_is_found() {
        let table = |sql: &str| built(sql).unwrap_or_default();
        assert_eq!(table("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"on\" ON ONLY s.\"T t\" USING btree (a)"), "s.\"T t\"");
        assert_eq!(table("create index concurrently on t (a)"), "t");
        assert_eq!(table("CREATE INDEX ix ON t (a)"), "");
    }
}
