//! Backups of databases on servers, by their own programs, and back by the very command that was printed.
#![cfg(all(unix, feature = "postgres", feature = "mysql"))]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use aludel_testdb::{Auth, MariaDbServer, Server};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use support::Project;
use support::shell::{backed_up, sh};

const PASSWORD: &str = "p@ss 'w\"ö`$:/%";

/// `a1 <- b2`, of which the second comes to depend on what the first has made, and takes a part of it away.
fn project(url: &str) -> Project {
    let project = Project::sql().with("DATABASE_URL", url);
    project.revision_of(
        "a1",
        "",
        "CREATE TABLE parent (id integer PRIMARY KEY, name varchar(99), gone integer);\nCREATE VIEW seen AS SELECT id, name FROM parent;",
        "DROP VIEW seen;\nDROP TABLE parent;",
    );
    project.revision_of(
        "b2",
        "a1",
        "ALTER TABLE parent DROP COLUMN gone;\nCREATE TABLE child (id integer PRIMARY KEY, parent integer, FOREIGN KEY (parent) REFERENCES parent (id));",
        "DROP TABLE child;",
    );
    project.ok("-q upgrade a1");
    project
}

/// A program that stands before the real one in the path; answers the folder.
fn instead_of(project: &Project, program: &str, script: &str) -> PathBuf {
    let folder = project.path().join("bin");
    project.write(&format!("bin/{program}"), &format!("#!/bin/sh\n{script}\n"));
    let file = folder.join(program);
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn first_in_path(folder: PathBuf) -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap();
    std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&path))).unwrap()
}

/// The only file in a folder.
fn only_file(project: &Project, folder: &str) -> String {
    let entries = std::fs::read_dir(project.path().join(folder)).unwrap();
    let names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let file = project.path().join(folder).join(&names[0]);
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    names[0].clone()
}

#[test]
fn postgres_there_and_back() {
    if aludel_testdb::postgres_or_skip().is_none() {
        return;
    }
    let server = Server::start(Auth::Password(PASSWORD)).unwrap();
    let database = server.database().unwrap();
    // Whoever owns the database needs no other rights to take a backup and to go back to it.
    let quoted = PASSWORD.replace('\'', "''");
    database.psql(&format!(
        "CREATE ROLE \"a da\" LOGIN PASSWORD '{quoted}';\nCREATE DATABASE \"we\"\"ird = db\" OWNER \"a da\""
    ));
    let own = format!("/{}", database.name());
    let url = database
        .url()
        .replace(&own, "/we%22ird%20%3D%20db")
        .replace("//aludel:", "//a%20da:");
    let project = project(&url);
    let psql = |sql: &str| -> String {
        let (ok, said) = sh(
            &project,
            &format!(
                "psql -XAtq -v ON_ERROR_STOP=1 -h 127.0.0.1 -p {} -U 'a da' -d \"dbname='we\\\"ird = db'\" -c \"$SQL\"",
                server.port()
            ),
            &[("SQL", sql), ("PGPASSWORD", PASSWORD)],
        );
        assert!(ok, "{said}");
        said
    };
    psql(
        "INSERT INTO parent VALUES (1, 'Ada', 5), (2, 'it''s', NULL); CREATE SCHEMA other; \
         CREATE TYPE other.mood AS ENUM ('sad', 'ok'); CREATE TABLE other.t (m other.mood DEFAULT 'ok'); \
         INSERT INTO other.t DEFAULT VALUES; CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT 2 * a'; \
         GRANT CREATE ON SCHEMA public TO PUBLIC; SELECT lo_from_bytea(4711, 'large')",
    );
    let all = || {
        psql(
            "SELECT p, s, t, twice(4), lo_get(4711) FROM parent p, seen s, other.t t ORDER BY 1, 2",
        ) + &psql(
            "SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
        ) + &psql("SELECT version_num FROM alembic_version")
    };
    let before = all();
    // Whoever looks at the processes of the machine does not see the password.
    let folder = instead_of(
        &project,
        "pg_dump",
        "echo \"$0 $*\" > seen\nexec /usr/bin/env PATH=\"${PATH#*:}\" pg_dump \"$@\"",
    );
    let output = project
        .command(&["upgrade", "head", "--backup", "my backups"])
        .env("PATH", first_in_path(folder))
        .output()
        .unwrap();
    let command = backed_up(&output);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("p@ss") && !said.contains("p%40ss"), "{said}");
    let seen = project.read("seen");
    assert!(
        seen.contains("--format=custom") && !seen.contains("p@ss"),
        "{seen}"
    );
    assert_eq!(
        only_file(&project, "my backups"),
        "we\"ird = db-20251108T143000Z-a1.dump"
    );
    psql(
        "DELETE FROM parent; CREATE SCHEMA newer; CREATE TABLE newer.t (a int); DROP FUNCTION twice; SELECT lo_unlink(4711)",
    );
    let (ok, said) = sh(&project, &command, &[("PGPASSWORD", PASSWORD)]);
    assert!(ok, "{command}\n{said}");
    assert_eq!(all(), before);
    // And on from there.
    project.ok("-q upgrade head");
    // What cannot be read to its end changes nothing.
    let file = project
        .path()
        .join("my backups/we\"ird = db-20251108T143000Z-a1.dump");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 200]).unwrap();
    let now = psql("SELECT * FROM child, parent, alembic_version");
    sh(&project, &command, &[("PGPASSWORD", PASSWORD)]);
    assert_eq!(psql("SELECT * FROM child, parent, alembic_version"), now);
    // The command is told again by who cannot restore it.
    let said = project.run_with(&["restore", file.to_str().unwrap(), "--yes"]);
    let hint = format!("hint: this command does: {command}");
    let root = project.path().display().to_string();
    assert!(
        said.starts_with("exit 1") && said.contains(&hint.replace(&root, "ROOT")),
        "{said}"
    );
}

#[test]
fn programs_that_are_missing_or_too_old() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&database.url());
    let upgrade = |path: std::ffi::OsString| {
        let mut command = project.command(&["-q", "upgrade", "head", "--backup", "safe"]);
        project.said(command.env("PATH", path))
    };
    insta::assert_snapshot!(upgrade("/nowhere".into()), @"
    exit 1
    -- stderr
    error: the program `pg_dump` is not installed
    hint: install PostgreSQL's client programs, of the server's version or newer: `apt-get install postgresql-client`, `dnf install postgresql`, `apk add postgresql-client`, `brew install libpq`
    ");
    let script = "echo 'pg_dump: error: aborting because of server version mismatch' >&2\n\
                  echo 'pg_dump: detail: server version: 99.1; pg_dump version: 15.1' >&2\nexit 1";
    let folder = instead_of(&project, "pg_dump", script);
    insta::assert_snapshot!(upgrade(first_in_path(folder)), @"
    exit 1
    -- stderr
    error: `pg_dump` could not take the backup: exit status: 1
      pg_dump: error: aborting because of server version mismatch
      pg_dump: detail: server version: 99.1; pg_dump version: 15.1
    hint: install the programs of the server's version, and put them first in the PATH
    ");
    assert_eq!(
        std::fs::read_dir(project.path().join("safe"))
            .unwrap()
            .count(),
        0
    );
    assert_eq!(project.ok("current"), "a1\n");
}

/// What a test's database on MariaDB holds, and how it is looked at.
const FILL: &str = "INSERT INTO parent VALUES (1, 'Ada', 5), (2, 'it''s ö', NULL);
CREATE TABLE bits (b blob, e enum('x', 'y'));
INSERT INTO bits VALUES (x'00ff27', 'y');
CREATE SEQUENCE numbers START 7;
DELIMITER //
CREATE FUNCTION twice(a int) RETURNS int DETERMINISTIC BEGIN RETURN 2 * a; END//
CREATE TRIGGER told BEFORE INSERT ON bits FOR EACH ROW BEGIN SET NEW.e = 'x'; END//
CREATE EVENT often ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM bits; END//
DELIMITER ;";
const ALL: &str = "SELECT p.*, s.*, HEX(b), e, twice(4) FROM parent p, seen s, bits ORDER BY 1, 4;
SELECT version_num FROM alembic_version; SHOW FULL TABLES; SHOW TRIGGERS; SHOW CREATE FUNCTION twice; SELECT EVENT_NAME, EVENT_DEFINITION FROM information_schema.EVENTS;
SELECT @@character_set_database, @@collation_database;";

#[test]
fn mariadb_there_and_back() {
    if aludel_testdb::mariadb_or_skip().is_none() {
        return;
    }
    let server = MariaDbServer::start(Auth::Trust).unwrap();
    let database = server.database().unwrap();
    // A double quote would do as well, but for MariaDB's own program, which then finds no database with events in it.
    database.sql("CREATE DATABASE `we$ird ``db` CHARACTER SET latin1 COLLATE latin1_german1_ci");
    let own = format!("/{}", database.name());
    let url = database.url().replace(&own, "/we%24ird%20%60db");
    let project = project(&url);
    let sql = |text: &str| database.sql(&format!("USE `we$ird ``db`;\n{text}"));
    sql(FILL);
    let all = || {
        // When a trigger was made is not what it does.
        let all = sql(ALL);
        let words = all.split('\t').filter(|it| !it.starts_with("20"));
        words.collect::<Vec<_>>().join("\t")
    };
    let before = all();
    let folder = instead_of(
        &project,
        "mariadb-dump",
        "echo \"$0 $*\" >> seen\nexec /usr/bin/env PATH=\"${PATH#*:}\" mariadb-dump \"$@\"",
    );
    let output = project
        .command(&["upgrade", "head", "--backup", "my backups"])
        .env("PATH", first_in_path(folder))
        .output()
        .unwrap();
    let command = backed_up(&output);
    assert!(project.read("seen").contains("--single-transaction"));
    assert_eq!(
        only_file(&project, "my backups"),
        "we$ird `db-20251108T143000Z-a1.sql"
    );
    sql("DELETE FROM child; CREATE TABLE newer (a int); DROP FUNCTION twice; DELETE FROM bits");
    let (ok, said) = sh(&project, &command, &[]);
    assert!(ok, "{command}\n{said}");
    assert_eq!(all(), before);
    project.ok("-q upgrade head");
    // A file that is gone does not take the database with it.
    std::fs::remove_dir_all(project.path().join("my backups")).unwrap();
    let (ok, _) = sh(&project, &command, &[]);
    assert!(!ok);
    assert_eq!(sql("SELECT version_num FROM alembic_version"), "b2");
}

#[test]
fn mariadb_with_a_password() {
    if aludel_testdb::mariadb_or_skip().is_none() {
        return;
    }
    let server = MariaDbServer::start(Auth::Password(PASSWORD)).unwrap();
    let database = server.database().unwrap();
    let project = project(&database.url());
    database.sql("INSERT INTO parent VALUES (1, 'Ada', 5)");
    let folder = instead_of(
        &project,
        "mariadb-dump",
        "echo \"$0 $*\" >> seen\nexec /usr/bin/env PATH=\"${PATH#*:}\" mariadb-dump \"$@\"",
    );
    let output = project
        .command(&["upgrade", "head", "--backup", "safe"])
        .env("PATH", first_in_path(folder))
        .output()
        .unwrap();
    let command = backed_up(&output);
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &project.read("seen");
    assert!(!said.contains("p@ss") && !said.contains("p%40ss"), "{said}");
    // The client would ask for it at a terminal.
    assert!(command.ends_with(" --password"), "{command}");
    let command = command.replace(" --password", "");
    let (ok, said) = sh(&project, &command, &[("MYSQL_PWD", PASSWORD)]);
    assert!(ok, "{command}\n{said}");
    assert_eq!(
        database.sql("SELECT name, gone, version_num FROM parent, alembic_version"),
        "Ada\t5\ta1"
    );
}
