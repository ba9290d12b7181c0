//! The pieces one by one leave what the whole script leaves in the hands of the database's own client.

use aludel::db::{Access, Connection, DbUrl};

use super::*;

async fn open(url: &str) -> Connection {
    Connection::open(&DbUrl::parse(url).unwrap(), Access::Write)
        .await
        .unwrap()
}

/// Runs the pieces of a script one by one.
async fn run(connection: &mut Connection, script: &str, flavor: Flavor) {
    for piece in pieces(script, flavor) {
        // These rows go to a client, which sqlx is none of.
        if piece.starts_with("COPY") && piece.ends_with("TO STDOUT") {
            continue;
        }
        if let Err(error) = connection.execute(piece).await {
            panic!("{flavor:?}: {error}\nin: {piece}\nof: {script}");
        }
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres_is_left_as_psql_leaves_it() {
    let (Some(whole), Some(cut)) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::postgres_or_skip(),
    ) else {
        return;
    };
    const FRESH: &str = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;";
    const CATALOG: &str = "SELECT relname, attname, atttypid::regtype, pg_get_expr(d.adbin, d.adrelid) FROM pg_class c \
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
        WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2; \
        SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1; \
        SELECT rulename, definition FROM pg_rules WHERE schemaname = 'public' ORDER BY 1; \
        SELECT pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace ORDER BY 1; \
        SELECT table_name, query_to_xml(format('SELECT * FROM %I', table_name), true, true, '') FROM information_schema.tables \
        WHERE table_schema = 'public' ORDER BY 1;";
    for script in corpus(Postgres) {
        let script = script.replace('¦', ";");
        if whole.try_psql(&format!("{FRESH}\n{script}\n;\n")).is_err() {
            // psql reads line by line, and so misses how E'' goes on behind a comment. The server knows its own language.
            whole.psql(FRESH);
            let done = open(&whole.url()).await.execute(&script).await;
            assert!(done.is_ok(), "{done:?}\nin: {script}");
        }
        cut.psql(FRESH);
        let mut connection = open(&cut.url()).await;
        run(&mut connection, &script, Postgres).await;
        assert_eq!(cut.psql(CATALOG), whole.psql(CATALOG), "{script}");
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite_is_left_as_sqlite_leaves_it() {
    let dump = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2";
    for script in corpus(Sqlite) {
        let script = script.replace('¦', ";");
        let mut schemas = Vec::new();
        for by_pieces in [true, false] {
            let file = aludel_testdb::sqlite();
            let mut connection = open(&file.url()).await;
            if by_pieces {
                run(&mut connection, &script, Sqlite).await;
            } else if let Err(error) = connection.execute(&script).await {
                panic!("{error}\nin: {script}");
            }
            let rows = connection.fetch(dump).await.unwrap();
            let rows = rows.iter().map(|row| {
                (0..4)
                    .map(|i| row.at::<Option<String>>(i).unwrap())
                    .collect::<Vec<_>>()
            });
            schemas.push(rows.collect::<Vec<_>>());
        }
        assert_eq!(schemas[0], schemas[1], "{script}");
    }
}

#[cfg(feature = "mysql")]
const MARIADB_CATALOG: &str = "SELECT table_name, column_name, column_type, column_default FROM information_schema.columns \
    WHERE table_schema = DATABASE() ORDER BY 1, 2; \
    SELECT table_name, REPLACE(view_definition, DATABASE(), '') FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1; \
    SELECT routine_name, routine_definition FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1; \
    SELECT trigger_name, action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1; \
    SELECT event_name, event_definition FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1;";

/// The client cuts bodies that stand without `DELIMITER`, so the server is told the whole script.
#[cfg(feature = "mysql")]
#[tokio::test]
async fn mariadb_is_left_as_the_server_leaves_it() {
    for script in corpus(Mysql) {
        let (Some(whole), Some(cut)) = (
            aludel_testdb::mariadb_or_skip(),
            aludel_testdb::mariadb_or_skip(),
        ) else {
            return;
        };
        let mut connection = open(&cut.url()).await;
        let script = script.replace('¦', ";");
        run(&mut connection, &script, Mysql).await;
        // The server takes neither empty statements nor the dashes that its client takes for a comment.
        let joined = pieces(&script, Mysql).join(";\n");
        if !joined.is_empty() {
            let done = open(&whole.url()).await.fetch(&joined).await;
            assert!(done.is_ok(), "{:?}\nin: {joined}", done.err());
        }
        let (whole, cut) = (whole.sql(MARIADB_CATALOG), cut.sql(MARIADB_CATALOG));
        assert_eq!(whole, cut, "{script}");
    }
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn mariadb_is_left_as_its_client_leaves_it() {
    for (script, _) in mysql::DELIMITED {
        let (Some(whole), Some(cut)) = (
            aludel_testdb::mariadb_or_skip(),
            aludel_testdb::mariadb_or_skip(),
        ) else {
            return;
        };
        whole.sql(script);
        run(&mut open(&cut.url()).await, script, Mysql).await;
        let (whole, cut) = (whole.sql(MARIADB_CATALOG), cut.sql(MARIADB_CATALOG));
        assert_eq!(whole, cut, "{script}");
    }
}
