//! Scripts of definitions are run where nothing of them stays.

use super::*;
use aludel_testdb::{Auth, Server};

const NONE: [&str; 0] = [];

/// The same definitions in a file and in a database are the same, and a change of one is told.
async fn agrees(url: &str, text: &str, more: (&str, &str), told: &[&str]) {
    let (file, live) = (sql(text), database(url));
    let same = compare(&file, &live, &Settings::default()).await;
    assert_eq!(same.lines, NONE);
    assert!(same.is_empty());
    assert!(compare(&live, &file, &Settings::default()).await.is_empty());

    let changed = sql(&text.replace(more.0, more.1));
    let settings = Settings {
        script: true,
        ..Settings::default()
    };
    let found = compare(&live, &changed, &settings).await;
    assert_eq!(kinds(&found), told);
    assert!(found.script.is_some_and(|it| it.contains("weight")));
    let back = compare(&changed, &live, &Settings::default()).await;
    assert_eq!(back.changes.len(), found.changes.len());
    // Two files are read on the server that was named.
    assert_eq!(kinds(&compare(&file, &changed, &on(url)).await), told);
}

const WEIGHT: (&str, &str) = ("numeric(6, 2)", "numeric(7, 3)");
const TOLD: &[&str] = &["modify_type patients.weight"];

#[tokio::test(flavor = "current_thread")]
async fn on_sqlite_in_memory() {
    let file = aludel_testdb::sqlite();
    file.sql(SQLITE);
    let weight = ("NUMERIC(6, 2)", "NUMERIC(7, 3)");
    agrees(&file.url(), SQLITE, weight, TOLD).await;
}

#[tokio::test(flavor = "current_thread")]
async fn on_postgres_in_a_database_of_its_own() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let text = format!("{POSTGRES}\nCREATE INDEX CONCURRENTLY ix_late ON visits (patient);");
    database.psql(&text);
    agrees(&database.url(), &text, WEIGHT, TOLD).await;
    let left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'aludel%'";
    assert_eq!(database.psql(left), "0");
}

#[tokio::test(flavor = "current_thread")]
async fn on_mariadb_in_a_database_of_its_own() {
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    database.sql(MARIADB);
    let weight = ("decimal(6, 2)", "decimal(7, 3)");
    agrees(&database.url(), MARIADB, weight, TOLD).await;
    let left = "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'aludel%'";
    assert_eq!(database.sql(left), "0");
}

/// A role that may make no database has a schema in a transaction, of which nothing stays.
#[tokio::test(flavor = "current_thread")]
async fn on_postgres_in_a_transaction() {
    let Some(_) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let server = Server::start(Auth::Trust).unwrap();
    let database = server.database().unwrap();
    database.psql("CREATE ROLE plain LOGIN; CREATE EXTENSION citext;");
    database.psql(&format!(
        "GRANT ALL ON DATABASE {} TO plain; GRANT ALL ON SCHEMA public TO plain",
        database.name()
    ));
    let url = database.url_as("plain", None);
    let text = POSTGRES.replace("CREATE EXTENSION citext;", "");
    let text =
        format!("BEGIN;\n{text}\nCOMMIT;\nCREATE INDEX CONCURRENTLY ix_late ON visits (patient);");
    let live = super::database(&url);
    let empty = compare(&live, &sql(&text), &Settings::default()).await;
    assert!(kinds(&empty).contains(&"add_table Billing.Invoices".to_string()));
    // A schema that is there cannot be made a second time, so that it is left out of what follows.
    let statements = text.split(";\n").filter(|it| !it.contains("Billing"));
    let text = statements.collect::<Vec<_>>().join(";\n");
    database.psql(&format!(
        "SET ROLE plain; {}",
        text.replace("CONCURRENTLY", "")
    ));
    agrees(&url, &text, WEIGHT, TOLD).await;
    let left = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'aludel%'";
    assert_eq!(database.psql(left), "0");

    // What names a schema that is there already would be looked at in vain, or change it.
    let named = sql("CREATE TABLE public.more (a int);");
    let error = refused(&live, &named, &Settings::default()).await;
    assert_eq!(
        error.to_string(),
        "`schema.sql` works on the schema `public`, which is in the database already"
    );
    let altered = sql("ALTER TABLE public.patients ADD COLUMN more int;");
    assert!(matches!(
        refused(&live, &altered, &Settings::default()).await,
        SideError::Outside { .. }
    ));
    let undone = sql("CREATE TABLE a (a int);\nROLLBACK;");
    assert!(matches!(
        refused(&live, &undone, &Settings::default()).await,
        SideError::Refused { line: 2, .. }
    ));
    let outside = sql("VACUUM;");
    assert!(matches!(
        refused(&live, &outside, &Settings::default()).await,
        SideError::Refused { line: 1, .. }
    ));
}

/// What the databases' own programs dump is read as it is.
#[tokio::test(flavor = "current_thread")]
async fn dumps_of_the_databases_own_programs() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    database.psql("CREATE TABLE codes (code int PRIMARY KEY, name text DEFAULT 'a')");
    let (live, file) = (super::database(&database.url()), sql(POSTGRES_DUMP));
    let found = compare(&live, &file, &Settings::default()).await;
    assert_eq!(found.lines, NONE);
}

/// The head of a dump by `pg_dump` 15.14, and a table of it.
const POSTGRES_DUMP: &str = r#"--
-- PostgreSQL database dump
--

\restrict sZ0jFhbOXnRG4rkbxdlGMRbKcLgE2fvGVVwBkyWWA7hzkUI9FWDOMBqC1hcDXZy

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE public.codes (
    code integer NOT NULL,
    name text DEFAULT 'a'::text
);

ALTER TABLE ONLY public.codes
    ADD CONSTRAINT codes_pkey PRIMARY KEY (code);

\unrestrict sZ0jFhbOXnRG4rkbxdlGMRbKcLgE2fvGVVwBkyWWA7hzkUI9FWDOMBqC1hcDXZy
"#;

/// Nothing that a file says reaches what is there.
#[tokio::test(flavor = "current_thread")]
async fn what_reaches_out_is_refused() {
    let sqlite = aludel_testdb::sqlite();
    let live = database(&sqlite.url());
    let settings = Settings::default();
    let attach = sql("CREATE TABLE a (a);\nATTACH 'other.db' AS other;");
    let error = refused(&live, &attach, &settings).await;
    assert_eq!(
        error.to_string(),
        "`schema.sql`, line 2: `ATTACH 'other.db' AS other` is about other files"
    );
    if let Some(maria) = aludel_testdb::mariadb_or_skip() {
        let other = aludel_testdb::mariadb_or_skip().unwrap();
        other.sql("CREATE TABLE kept (a int)");
        let live = database(&maria.url());
        for text in [
            format!("DROP TABLE {}.kept", other.name()),
            format!("/*!50001 DROP TABLE `{}`.`kept` */", other.name()),
            format!("USE {};\nDROP TABLE kept", other.name()),
            format!("DROP DATABASE {}", other.name()),
        ] {
            let error = refused(&live, &sql(&text), &settings).await;
            assert!(
                matches!(error, SideError::Refused { line: 1, .. }),
                "{error}"
            );
        }
        assert_eq!(other.sql("SELECT count(*) FROM kept"), "0");
    }
    if let Some(postgres) = aludel_testdb::postgres_or_skip() {
        let live = database(&postgres.url());
        for text in [
            "CREATE ROLE aludel_never",
            "ALTER SYSTEM SET work_mem = '1MB'",
        ] {
            let error = refused(&live, &sql(text), &settings).await;
            assert!(matches!(error, SideError::Refused { .. }), "{error}");
        }
        let rows = sql("CREATE TABLE a (a int);\nCOPY a FROM stdin;\n1\n\\.\n");
        assert!(matches!(
            refused(&live, &rows, &settings).await,
            SideError::Text { .. }
        ));
        let connect = sql("\\connect other\nCREATE TABLE a (a int);");
        assert!(matches!(
            refused(&live, &connect, &settings).await,
            SideError::Text { .. }
        ));
    }
}

/// A file that fails says where, and leaves nothing behind.
#[tokio::test(flavor = "current_thread")]
async fn what_fails_is_told_with_its_line() {
    let sqlite = aludel_testdb::sqlite();
    let mut places = vec![database(&sqlite.url())];
    let (postgres, maria) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    );
    places.extend(postgres.iter().map(|it| database(&it.url())));
    places.extend(maria.iter().map(|it| database(&it.url())));
    for live in &places {
        let text = "CREATE TABLE a (a int);\n\nCREATE TABLE a (b int);";
        match refused(live, &sql(text), &Settings::default()).await {
            SideError::Statement {
                line, statement, ..
            } => assert_eq!((line, statement.as_str()), (3, "CREATE TABLE a (b int)")),
            other => panic!("{other}"),
        }
        for empty in ["", "-- nothing\n", " ; ;\n"] {
            let error = refused(live, &sql(empty), &Settings::default()).await;
            assert_eq!(error.to_string(), "`schema.sql` is empty");
        }
    }
    if let Some(postgres) = &postgres {
        let left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'aludel%'";
        assert_eq!(postgres.psql(left), "0");
    }
    if let Some(maria) = &maria {
        let left =
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'aludel%'";
        assert_eq!(maria.sql(left), "0");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn sides_that_do_not_go_together() {
    let sqlite = aludel_testdb::sqlite();
    let live = database(&sqlite.url());
    let other =
        dump("{\"aludel\": 1, \"dialect\": \"postgresql\", \"release\": \"15\", \"tables\": []}");
    let settings = Settings::default();
    let error = refused(&live, &other, &settings).await;
    assert_eq!(
        error.to_string(),
        "a schema of sqlite and one of postgresql cannot be compared"
    );
    let text = sql("CREATE TABLE a (a int)");
    let error = refused(&text, &text, &settings).await;
    assert_eq!(
        error.to_string(),
        "which database `schema.sql` is for is not known"
    );
    let error = refused(&text, &other, &settings).await;
    assert_eq!(
        error.to_string(),
        "`schema.sql` needs a server of postgresql to be read"
    );
    let told = Settings {
        kind: Some(Kind::Sqlite),
        ..settings
    };
    assert!(compare(&text, &text, &told).await.is_empty());
}

/// Two databases are looked at in their default schemas, and in those that are asked for.
#[tokio::test(flavor = "current_thread")]
async fn two_databases() {
    let (Some(one), Some(other)) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::postgres_or_skip(),
    ) else {
        return;
    };
    one.psql("CREATE TABLE a (a int); CREATE SCHEMA more; CREATE TABLE more.b (b int)");
    other.psql("CREATE TABLE a (a int, c text)");
    let (from, to) = (database(&one.url()), database(&other.url()));
    let found = compare(&from, &to, &Settings::default()).await;
    assert_eq!(kinds(&found), ["add_column a.c"]);
    assert_eq!(found.lines, ["added column 'a.c'"]);
    let settings = Settings {
        schemas: vec!["more".into()],
        script: true,
        ..Settings::default()
    };
    let found = compare(&from, &to, &settings).await;
    assert_eq!(
        kinds(&found),
        [
            "remove_schema more.more",
            "add_column a.c",
            "remove_table more.b"
        ]
    );
    one.psql(&found.script.unwrap());
    assert!(compare(&from, &to, &settings).await.is_empty());
    // What a file names is looked at without being asked for.
    let file =
        sql("CREATE TABLE a (a int, c text); CREATE SCHEMA more; CREATE TABLE more.b (b int);");
    assert_eq!(
        kinds(&compare(&to, &file, &Settings::default()).await),
        ["add_schema more.more", "add_table more.b"]
    );
}

/// Models are compared with whatever stands for a database, as with the database itself.
#[tokio::test(flavor = "current_thread")]
async fn models_and_files() {
    fn models() -> Metadata {
        let visits = Table::new("visits")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("at", Type::Timestamp).server_default("CURRENT_TIMESTAMP"))
            .column(Column::new("minutes", Type::SmallInteger).check("minutes > 0"));
        Metadata::new()
            .table(visits)
            .view("long_visits", "SELECT id FROM visits WHERE minutes > 60")
    }
    let (postgres, maria) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    );
    let sqlite = aludel_testdb::sqlite();
    let mut servers = vec![sqlite.url()];
    servers.extend(postgres.iter().map(|it| it.url()));
    servers.extend(maria.iter().map(|it| it.url()));
    let metadata = models();
    for url in servers {
        let settings = on(&url);
        let side = Side::Models(&metadata);
        let (made, dialect) = snapshot(&side, None, &settings).await.unwrap();
        let script = made.script(dialect).await.unwrap();
        for other in [sql(&script), dump(&made.to_json())] {
            assert_eq!(
                compare(&side, &other, &settings).await.lines,
                NONE,
                "{script}"
            );
            assert_eq!(
                compare(&other, &side, &settings).await.lines,
                NONE,
                "{script}"
            );
        }
        let less = sql(&script.replace("> 60", "> 90"));
        let found = compare(&less, &side, &settings).await;
        assert_eq!(kinds(&found), ["modify_view long_visits"], "{url}");
        let back = compare(&side, &less, &settings).await;
        assert_eq!(kinds(&back), ["modify_view long_visits"]);
        let live = database(&url);
        let found = compare(&live, &side, &settings).await;
        assert_eq!(
            kinds(&found),
            ["add_table visits", "add_view long_visits"],
            "{url}"
        );
        assert!(compare(&side, &side, &settings).await.is_empty());
    }
}
