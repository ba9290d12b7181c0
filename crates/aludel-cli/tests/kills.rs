//! Runs that are killed at random moments: however often that happens, `upgrade head` comes to the same schema and the same data as a
//! run that nobody disturbs, and nothing is done twice.
//!
//! `ALUDEL_KILLS` says how many runs are killed on each database, and `ALUDEL_SEED` where chance begins.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql", unix))]

mod support;

use std::process::Stdio;
use std::time::{Duration, Instant};
use support::Project;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Numbers that look like chance, and are the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

/// A database that can be asked, and emptied.
struct Place<'a> {
    url: String,
    ask: &'a dyn Fn(&str) -> String,
    empty: &'a dyn Fn(),
    /// Queries whose answers are the state of the database.
    state: &'a [&'a str],
}

impl Place<'_> {
    fn state(&self) -> String {
        let answers = self.state.iter().map(|query| (self.ask)(query));
        answers.collect::<Vec<_>>().join("\n--\n")
    }
}

/// Revisions none of whose statements may be done twice.
fn project(url: &str, extra: &[(&str, &str)]) -> Project {
    let project = Project::sql().with("DATABASE_URL", url);
    let revisions = [
        (
            "a1",
            "CREATE TABLE t1 (id INTEGER PRIMARY KEY, a INTEGER);\nINSERT INTO t1 VALUES (1, 1), (2, 2);",
        ),
        (
            "b2",
            "ALTER TABLE t1 ADD COLUMN b INTEGER;\nUPDATE t1 SET b = a * 10;\nCREATE INDEX ix1 ON t1 (b);\nUPDATE t1 SET a = a + 1;",
        ),
        (
            "c3",
            "CREATE TABLE t2 (id INTEGER PRIMARY KEY, one INTEGER REFERENCES t1 (id));\nINSERT INTO t2 SELECT id, id FROM t1;\nALTER TABLE t2 ADD COLUMN n INTEGER;\nUPDATE t2 SET n = id;\nUPDATE t2 SET n = n + 1;",
        ),
        (
            "d4",
            "ALTER TABLE t1 RENAME COLUMN a TO c;\nUPDATE t1 SET c = c + 1;\nCREATE TABLE t3 (id INTEGER);\nINSERT INTO t3 VALUES (1);\nALTER TABLE t3 ADD COLUMN x INTEGER;\nINSERT INTO t3 VALUES (2, 2);",
        ),
        (
            "e5",
            "CREATE VIEW v AS SELECT id FROM t1;\nDROP INDEX ix1ON;\nCREATE TABLE t4 (id INTEGER);\nDROP TABLE t3;\nINSERT INTO t4 VALUES (1);",
        ),
    ];
    let mut below = "";
    for (id, up) in revisions {
        let on = if url.starts_with("mysql") {
            " ON t1"
        } else {
            ""
        };
        let up = up.replace("ix1ON", &format!("ix1{on}"));
        project.revision_of(id, below, &up, "SELECT 1;");
        below = id;
    }
    for (id, text) in extra {
        let text =
            format!("-- step {id}\n--\n-- Revision ID: {id}\n-- Revises: {below}\n\n{text}\n");
        project.write(&format!("migrations/versions/{id}.sql"), &text);
        below = id;
    }
    project
}

/// Runs `upgrade head` up to its end, or until its time is over.
fn run(project: &Project, time: Option<Duration>) -> bool {
    let mut command = project.command(&["-q", "upgrade", "head"]);
    let log = project.path().join("log");
    command
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    if let Some(time) = time {
        std::thread::sleep(time);
        let _ = child.kill();
    }
    let status = child.wait().unwrap();
    let said = || std::fs::read_to_string(&log).unwrap();
    // A run that was not killed ends well.
    assert!(
        status.success() || status.code().is_none(),
        "{status}: {}",
        said()
    );
    status.success()
}

fn kills(place: &Place<'_>, extra: &[(&str, &str)], usual: u64) {
    let project = project(&place.url, extra);
    let begun = Instant::now();
    assert!(run(&project, None));
    let whole = begun.elapsed();
    let wanted = place.state();
    let mut chance = Chance(number("ALUDEL_SEED").unwrap_or(7));
    let (mut killed, most) = (0, number("ALUDEL_KILLS").unwrap_or(usual));
    while killed < most {
        (place.empty)();
        // Several in a row, one where the other one was.
        for _ in 0..=chance.below(3) {
            let time =
                Duration::from_micros(chance.below(u64::try_from(whole.as_micros()).unwrap()));
            if run(&project, Some(time)) {
                break;
            }
            killed += 1;
        }
        assert!(run(&project, None));
        assert_eq!(place.state(), wanted, "after {killed} kills");
    }
}

const ROWS: [&str; 4] = [
    "SELECT id, c, b FROM t1 ORDER BY id",
    "SELECT id, one, n FROM t2 ORDER BY id",
    "SELECT id FROM t4",
    "SELECT version_num FROM alembic_version",
];

#[test]
fn killed_on_sqlite() {
    let file = aludel_testdb::sqlite();
    let empty = || {
        for end in ["", "-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.path().display()));
        }
    };
    let schema = "SELECT group_concat(sql, x'0a') FROM (SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'aludel%' ORDER BY name)";
    let state: Vec<&str> = ROWS.into_iter().chain([schema]).collect();
    let place = Place {
        url: file.url(),
        ask: &|sql| file.sql(sql),
        empty: &empty,
        state: &state,
    };
    kills(
        &place,
        &[(
            "f6",
            "-- migrate:up transaction:false\nCREATE TABLE t5 (id INTEGER);\nINSERT INTO t5 VALUES (1);\nVACUUM;\nUPDATE t5 SET id = id + 1;\n\n-- migrate:down\nSELECT 1;",
        )],
        15,
    );
}

#[test]
fn killed_on_postgres() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let schema = "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'aludel%' ORDER BY 1";
    let columns = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'aludel%' ORDER BY 1, ordinal_position";
    let valid = "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 't5'::regclass ORDER BY 1";
    let state: Vec<&str> = ROWS
        .into_iter()
        .chain([
            schema,
            columns,
            valid,
            "SELECT id FROM t5 ORDER BY 1 LIMIT 3",
        ])
        .collect();
    let place = Place {
        url: db.url(),
        ask: &|sql| db.psql(sql),
        empty: &|| drop(db.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")),
        state: &state,
    };
    let extra = [
        (
            "f6",
            "-- migrate:up\nCREATE TABLE t5 AS SELECT i AS id FROM generate_series(1, 5000) i;\nCREATE INDEX CONCURRENTLY ix5 ON t5 (id);\nUPDATE t5 SET id = id + 1;\n\n-- migrate:down\nSELECT 1;",
        ),
        (
            "g7",
            "-- migrate:up transaction:false\nUPDATE t5 SET id = id + 1;\nCREATE INDEX CONCURRENTLY ix6 ON t5 (id);\nUPDATE t5 SET id = id + 1;\nDROP INDEX CONCURRENTLY ix5;\nVACUUM t5;\nUPDATE t5 SET id = id + 1;\n\n-- migrate:down\nSELECT 1;",
        ),
    ];
    kills(&place, &extra, 15);
}

#[test]
fn killed_on_mariadb() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND table_name NOT LIKE 'aludel%' ORDER BY 1";
    let columns = "SELECT table_name, column_name, column_type FROM information_schema.columns WHERE table_schema = database() AND table_name NOT LIKE 'aludel%' ORDER BY 1, ordinal_position";
    let indexes = "SELECT table_name, index_name, column_name FROM information_schema.statistics WHERE table_schema = database() AND table_name NOT LIKE 'aludel%' ORDER BY 1, 2, 3";
    let state: Vec<&str> = ROWS.into_iter().chain([tables, columns, indexes]).collect();
    let empty = || {
        let name = db.name();
        db.sql(&format!("DROP DATABASE {name}; CREATE DATABASE {name}"));
    };
    let place = Place {
        url: db.url(),
        ask: &|sql| db.sql(sql),
        empty: &empty,
        state: &state,
    };
    kills(
        &place,
        &[(
            "f6",
            "-- migrate:up transaction:false\nCREATE TABLE t5 (id INTEGER);\nINSERT INTO t5 VALUES (1);\nOPTIMIZE TABLE t5;\nUPDATE t5 SET id = id + 1;\n\n-- migrate:down\nSELECT 1;",
        )],
        15,
    );
}
