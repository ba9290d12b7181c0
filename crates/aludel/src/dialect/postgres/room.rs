//! Room for a script on a server: a database of its own, or, for a role that may make none, a schema in a transaction.

use super::{Postgres, words};
use crate::db::{Connection, DbError};
use crate::dialect::Room;
use crate::error::{Result, SideError};
use crate::sql::split::Flavor;
use crate::sql::words_after;

/// The server's code for what a role may not do.
const NOT_ALLOWED: &str = "42501";

/// `template0` has nothing in it that somebody put into new databases of this server. Names without a schema are looked for where
/// they are on the connection that asks, so that the default schema has one name on both.
pub(super) async fn make(
    dialect: &Postgres,
    connection: &mut Connection,
    name: &str,
) -> Result<Room> {
    let rows = connection
        .fetch(
            "SELECT pg_catalog.current_schema()::text, pg_catalog.current_setting('search_path')",
        )
        .await?;
    let mut home: Option<String> = None;
    let mut path = String::new();
    for row in rows {
        (home, path) = (row.at(0)?, row.at(1)?);
    }
    let quoted = words::quote(name);
    let create = format!("CREATE DATABASE {quoted} TEMPLATE template0");
    match connection.execute(&create).await {
        Ok(_) => {
            let force = if dialect.major >= 13 {
                " WITH (FORCE)"
            } else {
                ""
            };
            let home = home.map(|it| format!("CREATE SCHEMA IF NOT EXISTS {}", words::quote(&it)));
            Ok(Room {
                arrive: home.into_iter().chain([look_in(&path)]).collect(),
                drop: Some(format!("DROP DATABASE IF EXISTS {quoted}{force}")),
                ..Room::default()
            })
        }
        Err(DbError::Statement { code, .. }) if code.as_deref() == Some(NOT_ALLOWED) => {
            in_transaction(connection, &quoted, &path).await
        }
        Err(source) => Err(SideError::NoRoom { source }.into()),
    }
}

async fn in_transaction(connection: &mut Connection, quoted: &str, path: &str) -> Result<Room> {
    connection.execute("BEGIN READ WRITE").await?;
    let create = format!("CREATE SCHEMA {quoted}");
    if let Err(source) = connection.execute(&create).await {
        return Err(SideError::NoRoom { source }.into());
    }
    let path = match path.trim() {
        "" => quoted.to_string(),
        path => format!("{quoted}, {path}"),
    };
    // Rows of the catalog bear the number of the transaction that wrote them, and what it made is in schemas that it made.
    let own = "(pg_catalog.txid_current() % 4294967296)::pg_catalog.text";
    let mine = format!("xmin::pg_catalog.text = {own}");
    let in_catalog = |catalog: &str, namespace: &str| {
        format!("SELECT {namespace} AS namespace FROM pg_catalog.{catalog} WHERE {mine}")
    };
    let written = [
        in_catalog("pg_class", "relnamespace"),
        in_catalog("pg_type", "typnamespace"),
        in_catalog("pg_proc", "pronamespace"),
        in_catalog("pg_constraint", "connamespace"),
    ];
    Ok(Room {
        arrive: vec![look_in(&path)],
        drop: None,
        outside: Some(format!(
            "SELECT n.nspname::pg_catalog.text FROM pg_catalog.pg_namespace AS n WHERE n.oid IN ({}) \
             AND n.xmin::pg_catalog.text <> {own} AND n.nspname !~ '^pg_' ORDER BY 1 LIMIT 1",
            written.join(" UNION ALL ")
        )),
        schemas: Some(format!(
            "SELECT nspname::pg_catalog.text FROM pg_catalog.pg_namespace \
             WHERE {mine} AND nspname <> pg_catalog.current_schema() AND nspname !~ '^pg_' ORDER BY 1"
        )),
    })
}

fn look_in(path: &str) -> String {
    let path = path.replace('\'', "''").replace('\\', "\\\\");
    format!("SELECT pg_catalog.set_config('search_path', E'{path}', false)")
}

/// What is the server's, and not the database's: <https://www.postgresql.org/docs/current/managing-databases.html>.
pub(super) fn reaches_out(statements: &[&str]) -> Option<(usize, &'static str)> {
    const FIRST: &[&str] = &["alter", "create", "drop", "grant", "reassign", "revoke"];
    let reason = |sql: &&str| {
        let words = words_after(sql, Flavor::Postgres, FIRST);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [
                "alter" | "create" | "drop",
                "database" | "role" | "group" | "tablespace" | "subscription" | "system",
                ..,
            ]
            | ["reassign", ..] => Some("is about the whole server"),
            // A mapping of users is a foreign server's, which is in the database.
            ["alter" | "create" | "drop", "user", next, ..] if *next != "mapping" => {
                Some("is about the whole server")
            }
            // A privilege is on something; membership is not.
            ["grant" | "revoke", rest @ ..] if !rest.contains(&"on") => {
                Some("is about the whole server")
            }
            _ => None,
        }
    };
    let found = statements.iter().enumerate();
    found
        .filter_map(|(at, sql)| Some((at, reason(sql)?)))
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_servers_is_known_by_its_words() {
        for sql in [
            "CREATE DATABASE d",
            "/* x */ alter role r SET work_mem = 1",
            "DROP USER MAPPING FOR u SERVER s",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "GRANT admin TO ada",
            "REASSIGN OWNED BY a TO b",
        ] {
            let of = |sql| reaches_out(&["SELECT 1", sql]);
            match sql.contains("MAPPING") {
                true => assert_eq!(of(sql), None, "{sql}"),
                false => assert_eq!(of(sql).map(|it| it.0), Some(1), "{sql}"),
            }
        }
        for sql in [
            "CREATE TABLE database (a int)",
            "GRANT SELECT ON t TO ada",
            "ALTER TABLE t OWNER TO ada",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO ada",
        ] {
            assert_eq!(reaches_out(&[sql]), None, "{sql}");
        }
    }

    #[test]
    fn a_search_path_is_one_text() {
        assert_eq!(
            look_in("\"it's\", public"),
            "SELECT pg_catalog.set_config('search_path', E'\"it''s\", public', false)"
        );
    }
}
