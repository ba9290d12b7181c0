//! Commands that work on a database, with `.sql` revisions on MariaDB, where a definition stays whatever comes after it.
#![cfg(feature = "mysql")]

mod support;

use aludel_testdb::{Auth, MariaDbServer};
use insta::assert_snapshot;
use support::Project;

fn project() -> Project {
    let project = Project::sql();
    project.revision_of(
        "a1",
        "",
        "CREATE TABLE a (id integer PRIMARY KEY);\nDELIMITER //\nCREATE TRIGGER told BEFORE INSERT ON a FOR EACH ROW BEGIN\n    SET NEW.id = NEW.id + 1;\n    SET NEW.id = NEW.id - 1;\nEND//\nDELIMITER ;",
        "DROP TABLE a;",
    );
    project
}

#[test]
fn up_and_down() {
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let project = project().with("DATABASE_URL", &database.url());
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl MariaDB
    INFO  [aludel::run] Will assume non-transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, step a1
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    a1 (head)
    ");
    project.revision_of(
        "b2",
        "a1",
        "CREATE TABLE b (id integer);\nINSERT INTO a VALUES (1);\nCREATE TABLE b (id integer);\nCREATE TABLE c (id integer);",
        "",
    );
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl MariaDB
    INFO  [aludel::run] Will assume non-transactional DDL
    INFO  [aludel::run] Running upgrade a1 -> b2, step b2
    error: revision b2 failed: execute "CREATE TABLE b (id integer)"
      at migrations/versions/b2.sql:9
        CREATE TABLE b (id integer)
      of the revision, this is what the database has:
          1  committed     execute "CREATE TABLE b (id integer)" (migrations/versions/b2.sql:7)
          2  committed     execute "INSERT INTO a VALUES (1)" (migrations/versions/b2.sql:8)
          3  failed        execute "CREATE TABLE b (id integer)" (migrations/versions/b2.sql:9)
          4  not run       execute "CREATE TABLE c (id integer)" (migrations/versions/b2.sql:10)
             not written   the version row
      caused by: Table 'b' already exists (code 1050)
    hint: mend the cause and run the command again: it goes on behind what is committed
    "#);
    assert_eq!(
        database.sql("SELECT version_num FROM alembic_version"),
        "a1"
    );
    assert_eq!(database.sql("SELECT count(*) FROM a"), "1");
    assert_snapshot!(project.run("stamp b2"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl MariaDB
    INFO  [aludel::run] Will assume non-transactional DDL
    INFO  [aludel::run] Running stamp_revision a1 -> b2
    ");
    project.revision_of("b2", "a1", "CREATE TABLE b (id integer);", "DROP TABLE b;");
    // Its way back was edited after the stamp.
    project.ok("-q repair b2");
    assert_snapshot!(project.run("downgrade base"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl MariaDB
    INFO  [aludel::run] Will assume non-transactional DDL
    INFO  [aludel::run] Running downgrade b2 -> a1, step b2
    INFO  [aludel::run] Running downgrade a1 -> , step a1
    ");
    assert_eq!(database.sql("SHOW TABLES"), "alembic_version\naludel_log");
}

#[test]
fn a_script_is_what_the_client_runs() {
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let project = project();
    let said = project.run("upgrade head --sql --dialect mariadb");
    let script = said.strip_prefix("exit 0\n-- stdout\n").unwrap();
    let script = script.split("\n-- stderr\n").next().unwrap();
    database.sql(script);
    database.sql("INSERT INTO a VALUES (7)");
    assert_eq!(
        database.sql("SELECT id, version_num FROM a, alembic_version"),
        "7\ta1"
    );
}

#[test]
fn a_wrong_password_and_an_unknown_database() {
    if aludel_testdb::mariadb_or_skip().is_none() {
        return;
    }
    let server = MariaDbServer::start(Auth::Password("richtig")).unwrap();
    let database = server.database().unwrap();
    let port = server.port().to_string();
    let wrong = project().with("DATABASE_URL", &database.url_as("aludel", Some("geheim")));
    let said = wrong.run("upgrade head");
    assert!(!said.contains("geheim"), "{said}");
    assert_snapshot!(said.replace(&port, "PORT"), @"
    exit 1
    -- stderr
    error: cannot connect to mysql://aludel:***@127.0.0.1:PORT/t_1: Access denied for user 'aludel'@'127.0.0.1' (using password: YES)
    hint: look at the user and the password in the URL
    ");
    let unknown = database.url().replace(database.name(), "nowhere");
    let unknown = project().with("DATABASE_URL", &unknown);
    assert_snapshot!(unknown.run("current").replace(&port, "PORT"), @"
    exit 1
    -- stderr
    error: cannot connect to mysql://aludel:***@127.0.0.1:PORT/nowhere: Unknown database 'nowhere'
    hint: make the database first: `CREATE DATABASE NAME`
    ");
}
