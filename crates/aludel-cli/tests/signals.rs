//! A run that is stopped: Ctrl-C, and the polite request to end.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql", unix))]

mod support;

use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};
use support::Project;

/// Runs `upgrade head`, waits for a revision to run and a little more, and sends a signal. Answers the exit code and what was said.
fn stopped(project: &Project, signal: rustix::process::Signal) -> (Option<i32>, String) {
    let log = project.path().join("log");
    let mut command = project.command(&["upgrade", "head"]);
    command
        .stdout(Stdio::null())
        .stderr(File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let said = || std::fs::read_to_string(&log).unwrap();
    let begun = Instant::now();
    while !said().contains("-> b2") {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", said());
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(400));
    let sent = Instant::now();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, signal).unwrap();
    let status = child.wait().unwrap();
    assert!(
        sent.elapsed() < Duration::from_secs(8),
        "it took {:?}",
        sent.elapsed()
    );
    (status.code(), said())
}

fn project(url: &str, slow: &str) -> Project {
    let project = Project::sql().with("DATABASE_URL", url);
    project.revision("a1", "");
    let up = format!("CREATE TABLE t_b2 (id INTEGER);\n{slow};");
    project.revision_of("b2", "a1", &up, "DROP TABLE t_b2;");
    project
}

const TOLD: &str =
    "WARN  [aludel::run] Stopping: what is open is rolled back; once more to leave at once
error: revision b2 was stopped";

#[test]
fn a_statement_is_cancelled_on_postgres() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&db.url(), "SELECT pg_sleep(60)");
    let (code, said) = stopped(&project, rustix::process::Signal::INT);
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains(TOLD), "{said}");
    assert!(
        said.contains("the revision was rolled back whole"),
        "{said}"
    );
    assert!(
        said.contains("hint: run the command again to go on"),
        "{said}"
    );
    assert_eq!(db.psql("SELECT version_num FROM alembic_version"), "a1");
    assert_eq!(db.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"), "0");
}

#[test]
fn a_statement_is_cancelled_on_mariadb() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let project = project(&db.url(), "DO SLEEP(60)");
    let (code, said) = stopped(&project, rustix::process::Signal::TERM);
    assert_eq!(code, Some(143), "{said}");
    assert!(said.contains(TOLD), "{said}");
    assert_eq!(db.sql("SELECT version_num FROM alembic_version"), "a1");
}

#[test]
fn a_statement_is_interrupted_on_sqlite() {
    let file = aludel_testdb::sqlite();
    let slow = "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900000000) SELECT max(i) FROM n";
    let project = project(&file.url(), slow);
    let (code, said) = stopped(&project, rustix::process::Signal::INT);
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains(TOLD), "{said}");
    assert!(
        said.contains("the revision was rolled back whole"),
        "{said}"
    );
    assert_eq!(
        file.sql("SELECT group_concat(version_num) FROM alembic_version"),
        "a1"
    );
    assert_eq!(
        file.sql("SELECT count(*) FROM sqlite_schema WHERE name = 't_b2'"),
        "0"
    );
}

/// Who waits for a turn leaves at once.
#[test]
fn a_wait_ends() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&db.url(), "SELECT pg_sleep(4)");
    let mut first = project
        .command(&["upgrade", "head"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while db
        .try_psql("SELECT version_num FROM alembic_version")
        .ok()
        .as_deref()
        != Some("a1")
    {
        std::thread::sleep(Duration::from_millis(10));
    }
    let log = project.path().join("second");
    let mut command = project.command(&["upgrade", "head"]);
    let mut second = command.stderr(File::create(&log).unwrap()).spawn().unwrap();
    while !std::fs::read_to_string(&log)
        .unwrap()
        .contains("Waiting for ")
    {
        assert!(second.try_wait().unwrap().is_none(), "it did not wait");
        std::thread::sleep(Duration::from_millis(10));
    }
    let pid = rustix::process::Pid::from_child(&second);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(second.wait().unwrap().code(), Some(130));
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("error: the run was stopped"), "{said}");
    assert!(first.wait().unwrap().success());
}
