//! Ways to a database, and what stands in the way.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

fn project() -> Project {
    let project = Project::empty();
    project.ok("-q init --template sql migrations");
    project.revision("a1", "");
    project
}

#[test]
fn no_url() {
    let project = project();
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: DATABASE_URL is not set
    hint: aludel.toml:11 asks for it: set it in the environment, or write `DATABASE_URL=...` into the file .env beside it, or give `--url`
    ");
    assert_snapshot!(project.run("--url sqlite:app.db upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, step a1
    ");
    project.write("aludel.toml", "script_location = 'migrations'\n");
    assert_snapshot!(project.run("current"), @r#"
    exit 1
    -- stderr
    error: `url` is not set in aludel.toml
    hint: write `url = "${DATABASE_URL}"` there, or give `--url`
    "#);
}

#[test]
fn an_empty_variable() {
    let project = project().with("DATABASE_URL", "");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: DATABASE_URL is empty
    hint: give it a value, or take it out of the environment so that .env can
    ");
}

#[test]
fn the_file_beside_the_configuration() {
    let project = project();
    project.write(".env", "# The database.\nDATABASE_URL='sqlite:env.db'\n");
    project.ok("upgrade head");
    assert!(project.has("env.db"));
    let other = project.with("DATABASE_URL", "sqlite:outside.db");
    other.ok("upgrade head");
    assert!(other.has("outside.db"));
    other.ok("-x DATABASE_URL=sqlite:given.db upgrade head");
    assert!(other.has("given.db"));
}

#[test]
fn a_file_that_cannot_be_read() {
    let project = project();
    project.write(".env", "A=1\nPASSWORD='geheim\n");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    error: .env:2: this line does not read as NAME=value
    ");
}

#[test]
fn texts_that_are_no_url() {
    let project = project();
    let said = |url: &str| project.run(&format!("--url {url} current"));
    assert_snapshot!(said("u:geheim@host/db"), @"
    exit 1
    -- stderr
    error: the database URL cannot be read: no database is called `u`
    hint: a URL reads `sqlite:app.db` or `postgres://user:password@host:port/database`, or with `mysql:`, `mariadb:`
    ");
    assert_snapshot!(said("postgres:geheim@host"), @"
    exit 1
    -- stderr
    error: the database URL cannot be read: it does not read as `postgres://user:password@host:port/database`
    hint: a URL reads `sqlite:app.db` or `postgres://user:password@host:port/database`, or with `mysql:`, `mariadb:`
    ");
}

#[cfg(feature = "mysql")]
#[test]
fn mysql_and_mariadb_that_do_not_answer() {
    let project = project();
    for scheme in ["mysql", "mariadb"] {
        let said = project.run(&format!(
            "--url {scheme}://u:geheim@127.0.0.1:1/db upgrade head"
        ));
        let start = format!(
            "exit 1\n-- stderr\nerror: cannot connect to {scheme}://u:***@127.0.0.1:1/db: "
        );
        assert!(said.starts_with(&start), "{said}");
        assert!(said.contains("hint: is the server running"), "{said}");
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use aludel_testdb::{Auth, Server};

    /// A port on which nobody listens: the server that had it is gone.
    fn closed_port() -> u16 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    }

    #[test]
    fn a_server_that_is_not_there() {
        let port = closed_port();
        let url = format!("postgres://ada:geheim@127.0.0.1:{port}/clinic");
        let project = project().with("DATABASE_URL", &url);
        let said = project
            .run("upgrade head")
            .replace(&port.to_string(), "PORT");
        assert!(!said.contains("geheim"), "{said}");
        assert_snapshot!(said, @"
        exit 1
        -- stderr
        error: cannot connect to postgres://ada:***@127.0.0.1:PORT/clinic: error communicating with database: Connection refused (os error 111)
        hint: is the server running, and does the URL name its host and port?
        ");
    }

    #[test]
    fn a_wrong_password() {
        if aludel_testdb::postgres_or_skip().is_none() {
            return;
        }
        let server = Server::start(Auth::Password("richtig")).unwrap();
        let database = server.database().unwrap();
        let url = database.url_as("aludel", Some("geheim"));
        let project = project().with("DATABASE_URL", &url);
        for command in ["upgrade head", "current -v", "history -i", "stamp head"] {
            let said = project.run(command);
            assert!(
                said.starts_with("exit 1\n-- stderr\nerror: cannot connect to postgres://"),
                "{said}"
            );
            assert!(said.contains("***") && !said.contains("geheim"), "{said}");
            assert!(
                said.contains("\nhint: look at the user and the password in the URL\n"),
                "{said}"
            );
            assert_eq!(said.matches("error:").count(), 1, "{said}");
        }
    }

    #[test]
    fn an_identifier_that_an_older_table_has_no_room_for() {
        let Some(database) = aludel_testdb::postgres_or_skip() else {
            return;
        };
        let project = project().with("DATABASE_URL", &database.url());
        project.ok("upgrade head");
        let long = "x".repeat(40);
        let before = project.files();
        let said = project.run(&format!("revision --rev-id {long}"));
        assert!(said.starts_with("exit 1\n-- stderr\nerror: "), "{said}");
        assert!(
            said.contains(&long) && said.contains("ALTER TABLE"),
            "{said}"
        );
        assert_eq!(project.files(), before, "no file is written");
        project.ok("revision --rev-id short");
        let gone = project.with("DATABASE_URL", "postgres://127.0.0.1:1/gone");
        let said = gone.run(&format!("revision --rev-id {long}"));
        assert!(said.starts_with("exit 0\n"), "{said}");
        assert!(
            said.contains("WARN  [aludel::revision] Whether the version table"),
            "{said}"
        );
    }

    #[test]
    fn up_and_down() {
        let Some(database) = aludel_testdb::postgres_or_skip() else {
            return;
        };
        let project = project().with("DATABASE_URL", &database.url());
        project.revision_of(
            "b2",
            "a1",
            "DO $$ BEGIN RAISE NOTICE 'half; way'; END $$;\nCREATE TABLE b (id integer);",
            "DROP TABLE b;",
        );
        assert_snapshot!(project.run("upgrade head"), @"
        exit 0
        -- stderr
        INFO  [aludel::run] Context impl Postgres
        INFO  [aludel::run] Will assume transactional DDL
        INFO  [aludel::run] Running upgrade  -> a1, step a1
        INFO  [aludel::run] Running upgrade a1 -> b2, step b2
        INFO  [sqlx::postgres::notice] half; way
        ");
        assert_snapshot!(project.run("current"), @"
        exit 0
        -- stdout
        b2 (head)
        ");
        assert_eq!(
            database.psql("SELECT version_num FROM alembic_version"),
            "b2"
        );
        project.revision_of(
            "c3",
            "b2",
            "CREATE TABLE c (id integer);\nCREATE TABLE b (id integer);",
            "",
        );
        assert_snapshot!(project.run("upgrade head"), @r#"
        exit 1
        -- stderr
        INFO  [aludel::run] Context impl Postgres
        INFO  [aludel::run] Will assume transactional DDL
        INFO  [aludel::run] Running upgrade b2 -> c3, step c3
        error: revision c3 failed: execute "CREATE TABLE b (id integer)"
          at migrations/versions/c3.sql:8
            CREATE TABLE b (id integer)
          the revision was rolled back whole
          caused by: relation "b" already exists (code 42P07)
        hint: mend the cause and run the command again
        "#);
        assert_eq!(
            database.psql("SELECT count(*) FROM pg_tables WHERE tablename = 'c'"),
            "0"
        );
        project.ok("downgrade base");
        assert_eq!(database.psql("SELECT count(*) FROM alembic_version"), "0");
    }

    /// A dump of `pg_dump` begins with it.
    #[test]
    fn a_line_for_the_client() {
        let project = project().with("DATABASE_URL", "postgres://127.0.0.1:1/x");
        project.revision_of("b2", "a1", "\\restrict abc\n", "");
        assert_snapshot!(project.run("upgrade head --sql"), @"
        exit 1
        -- stderr
        error: migrations/versions/b2.sql: line 7: `\\restrict` is a command of the psql client, not SQL
        hint: no client reads a revision: take the line out, or say in SQL what it stands for
        ");
    }

    #[test]
    fn an_index_that_failed_is_told_of() {
        let Some(database) = aludel_testdb::postgres_or_skip() else {
            return;
        };
        let project = project().with("DATABASE_URL", &database.url());
        project.revision_of(
            "b2",
            "a1",
            "CREATE TABLE b AS SELECT 1 AS id FROM generate_series(1, 2);\nCREATE UNIQUE INDEX CONCURRENTLY ix ON b (id);",
            "",
        );
        let said = project.run("upgrade head").to_string();
        let hint =
            "hint: mend the cause and run the command again: it goes on behind what is committed";
        assert!(said.contains(hint), "{said}");
        // What it left behind is taken away.
        database.psql("DELETE FROM b");
        let said = project.run("upgrade head");
        assert!(said.contains("Taking away what the last run has left: DROP INDEX CONCURRENTLY IF EXISTS public.ix"), "{said}");
        assert!(said.starts_with("exit 0"), "{said}");
    }

    #[test]
    fn the_version_table_in_a_schema_of_its_own() {
        let Some(database) = aludel_testdb::postgres_or_skip() else {
            return;
        };
        let project = project().with("DATABASE_URL", &database.url());
        let config = project.read("aludel.toml");
        let config = config.replace(
            "# version_table_schema = \"public\"",
            "version_table_schema = \"Ops\"",
        );
        project.write(
            "aludel.toml",
            &config.replace("alembic_version", "where am i"),
        );
        assert_snapshot!(project.run("upgrade head"), @r#"
        exit 1
        -- stderr
        INFO  [aludel::run] Context impl Postgres
        INFO  [aludel::run] Will assume transactional DDL
        error: schema "Ops" does not exist (code 3F000)
        hint: make the schema first: `CREATE SCHEMA NAME`
        "#);
        database.psql("CREATE SCHEMA \"Ops\"");
        project.ok("upgrade head");
        assert_eq!(
            database.psql("SELECT version_num FROM \"Ops\".\"where am i\""),
            "a1"
        );
        assert_eq!(project.ok("current"), "a1 (head)\n");
        assert_eq!(
            project.ok("history -i"),
            "<base> -> a1 (head) (current), step a1\n"
        );
        project.ok("stamp base");
        assert_eq!(project.ok("current"), "");
        project.ok("stamp --purge a1");
        project.ok("downgrade base");
        assert_eq!(
            database.psql("SELECT count(*) FROM \"Ops\".\"where am i\""),
            "0"
        );
        assert_eq!(
            database.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
            "0"
        );
        assert_snapshot!(project.run("upgrade head --sql"), @r#"
        exit 0
        -- stdout
        CREATE TABLE "Ops"."where am i" (
            version_num VARCHAR(32) NOT NULL,
            CONSTRAINT "where am i_pkc" PRIMARY KEY (version_num)
        );

        -- Running upgrade  -> a1

        BEGIN;

        CREATE TABLE t_a1 (id INTEGER PRIMARY KEY);

        INSERT INTO "Ops"."where am i" (version_num) VALUES ('a1');

        COMMIT;
        "#);
        database.psql("DROP TABLE \"Ops\".\"where am i\"");
        project.ok("ensure-version");
        assert_eq!(
            database.psql("SELECT count(*) FROM \"Ops\".\"where am i\""),
            "0"
        );
    }
}
