//! Fifty processes that are started at once on an empty database: each revision is applied exactly once, and all of them end well, whoever
//! is killed meanwhile.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql", unix))]

mod support;

use aludel_testdb::PgBouncer;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use support::Project;

const RUNNERS: usize = 50;

/// How long all of them may take: far more than they do, so that one that hangs is told.
const PATIENCE: Duration = Duration::from_secs(240);

/// A project whose revisions each note that they ran, in a table without a key: one that ran twice is there twice.
fn project(url: &str) -> Project {
    let project = Project::sql().with("DATABASE_URL", url);
    project.revision_of(
        "a1",
        "",
        "CREATE TABLE ran (revision VARCHAR(9));\nINSERT INTO ran VALUES ('a1');",
        "DROP TABLE ran;",
    );
    for (id, below) in [("b2", "a1"), ("c3", "b2"), ("d4", "c3")] {
        let up = format!("CREATE TABLE t_{id} (id INTEGER);\nINSERT INTO ran VALUES ('{id}');");
        project.revision_of(id, below, &up, &format!("DROP TABLE t_{id};"));
    }
    project
}

/// A runner, and where it writes what it says.
struct Started {
    child: Child,
    log: std::path::PathBuf,
}

impl Started {
    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

fn start(project: &Project) -> Vec<Started> {
    let start = |number: usize| {
        let log = project.path().join(format!("{number}.log"));
        let mut command = project.command(&["upgrade", "head"]);
        command
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap());
        let child = command.spawn().unwrap();
        Started { child, log }
    };
    (0..RUNNERS).map(start).collect()
}

/// Kills the runner that is in the middle of a revision, as soon as one is.
fn kill_the_one_at(runners: &mut Vec<Started>, revision: &str) {
    let begun = Instant::now();
    let line = format!("-> {revision},");
    loop {
        assert!(begun.elapsed() < PATIENCE, "nobody runs {revision}");
        if let Some(at) = runners.iter().position(|it| it.log().contains(&line)) {
            let mut killed = runners.remove(at);
            killed.child.kill().unwrap();
            let ended = killed.child.wait().unwrap();
            assert!(!ended.success(), "it was done already: {}", killed.log());
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn all_end_well(runners: Vec<Started>) {
    let begun = Instant::now();
    for mut runner in runners {
        let ended = loop {
            if let Some(status) = runner.child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                let _ = runner.child.kill();
                panic!("a runner hangs: {}", runner.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(ended.success(), "{ended}: {}", runner.log());
    }
}

/// The rows of `ran` and of the version table, told by the database's own client.
fn each_ran_once(project: &Project, ran: &str, version: &str) {
    let ran: Vec<&str> = ran.lines().map(str::trim).collect();
    let once: BTreeSet<&str> = ran.iter().copied().collect();
    assert_eq!(ran.len(), once.len(), "one ran twice: {ran:?}");
    assert_eq!(version.trim(), "d4");
    assert_eq!(project.run("current"), "exit 0\n-- stdout\nd4 (head)\n");
}

const RAN: &str = "SELECT revision FROM ran ORDER BY 1";
const VERSION: &str = "SELECT version_num FROM alembic_version";

#[test]
fn fifty_on_sqlite() {
    let file = aludel_testdb::sqlite();
    let project = project(&file.url());
    all_end_well(start(&project));
    each_ran_once(&project, &file.sql(RAN), &file.sql(VERSION));
}

#[test]
fn fifty_on_postgres() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&db.url());
    all_end_well(start(&project));
    each_ran_once(&project, &db.psql(RAN), &db.psql(VERSION));
}

#[test]
fn fifty_on_mariadb() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let project = project(&db.url());
    all_end_well(start(&project));
    each_ran_once(&project, &db.sql(RAN), &db.sql(VERSION));
}

/// `c3` takes a while, and ends in the middle for the first that comes to it.
fn with_a_slow_one(project: &Project, slow: &str) {
    let up = format!("CREATE TABLE t_c3 (id INTEGER);\n{slow};\nINSERT INTO ran VALUES ('c3');");
    project.revision_of("c3", "b2", &up, "DROP TABLE t_c3;");
}

#[test]
fn one_is_killed_on_sqlite() {
    let file = aludel_testdb::sqlite();
    let project = project(&file.url());
    let slow = "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) FROM n";
    with_a_slow_one(&project, slow);
    let mut runners = start(&project);
    kill_the_one_at(&mut runners, "c3");
    all_end_well(runners);
    each_ran_once(&project, &file.sql(RAN), &file.sql(VERSION));
}

#[test]
fn one_is_killed_on_postgres() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&db.url());
    with_a_slow_one(&project, "SELECT pg_sleep(2)");
    let mut runners = start(&project);
    kill_the_one_at(&mut runners, "c3");
    all_end_well(runners);
    each_ran_once(&project, &db.psql(RAN), &db.psql(VERSION));
}

#[test]
fn an_index_is_built_concurrently_meanwhile() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&db.url());
    let up = "CREATE TABLE t_c3 AS SELECT i FROM generate_series(1, 200000) i;\nCREATE INDEX CONCURRENTLY ix_c3 ON t_c3 (i);\nINSERT INTO ran VALUES ('c3');";
    project.revision_of("c3", "b2", up, "DROP TABLE t_c3;");
    all_end_well(start(&project));
    each_ran_once(&project, &db.psql(RAN), &db.psql(VERSION));
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_c3'::regclass";
    assert_eq!(db.psql(valid), "t");
}

#[test]
fn through_a_pooler_of_transactions() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let pooler = PgBouncer::of(&db);
    let project = project(&pooler.url(&db));
    let up = "CREATE TABLE t_b2 (id INTEGER);\nCREATE INDEX CONCURRENTLY ix_b2 ON t_b2 (id);\nINSERT INTO ran VALUES ('b2');";
    project.revision_of("b2", "a1", up, "DROP TABLE t_b2;");
    with_a_slow_one(&project, "SELECT pg_sleep(2)");
    let mut runners = start(&project);
    kill_the_one_at(&mut runners, "c3");
    all_end_well(runners);
    each_ran_once(&project, &db.psql(RAN), &db.psql(VERSION));
    let left = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(db.psql(left), "0", "a lock was left behind in the pool");
}
