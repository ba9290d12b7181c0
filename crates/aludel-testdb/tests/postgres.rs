//! Servers and databases as a test sees them.
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aludel_testdb::{Auth, Missing, Server, postgres, postgres_or_skip};

#[test]
fn every_database_is_fresh_and_separate() {
    let Some(one) = postgres_or_skip() else {
        return;
    };
    let two = postgres().unwrap();
    one.psql("CREATE TABLE a (id integer); INSERT INTO a VALUES (1), (2)");
    assert_eq!(one.psql("SELECT id, id * 2 FROM a ORDER BY id"), "1|2\n2|4");
    let error = two.try_psql("SELECT * FROM a").unwrap_err();
    assert!(error.contains("relation \"a\" does not exist"), "{error}");
    assert_eq!(one.server().port(), two.server().port());
    assert_eq!(
        one.url(),
        format!(
            "postgres://postgres@127.0.0.1:{}/{}",
            one.server().port(),
            one.name()
        )
    );
}

#[test]
fn a_dropped_database_is_gone_though_somebody_is_connected() {
    let Some(one) = postgres_or_skip() else {
        return;
    };
    let two = postgres().unwrap();
    let psql = aludel_testdb::find_postgres().unwrap().join("psql");
    let mut guest = Command::new(psql)
        .args(["-Xqd", &two.url()])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let guests = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'",
        two.name()
    );
    while one.psql(&guests) != "1" {}
    let count = format!(
        "SELECT count(*) FROM pg_database WHERE datname = '{}'",
        two.name()
    );
    assert_eq!(one.psql(&count), "1");
    drop(two);
    let begin = Instant::now();
    while one.psql(&count) != "0" {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "the database is still there"
        );
    }
    drop(guest.stdin.take());
    guest.wait().unwrap();
}

#[test]
fn databases_can_be_asked_for_at_once() {
    let Some(first) = postgres_or_skip() else {
        return;
    };
    let names: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| postgres().unwrap().psql("SELECT current_database()")))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), 8, "{names:?} beside {}", first.name());
}

#[test]
fn a_script_is_run_as_psql_runs_it() {
    let Some(db) = postgres_or_skip() else { return };
    // Each statement on its own: this one cannot run in a transaction with another.
    db.psql("CREATE TABLE a (id integer);\nCREATE INDEX CONCURRENTLY a_id ON a (id);");
    let long = format!("{}\nSELECT 'é';", "SELECT repeat('x', 1000);\n".repeat(300));
    assert!(db.psql(&long).ends_with("x\né"));
}

#[test]
#[should_panic(expected = "syntax error")]
fn a_failing_statement_fails_the_test() {
    match postgres_or_skip() {
        Some(db) => drop(db.psql("SELEKT 1")),
        None => panic!("syntax error, if there were a server"),
    }
}

#[test]
fn a_server_can_ask_for_a_password() {
    if matches!(postgres(), Err(Missing::NotWanted)) {
        return;
    }
    let db = Server::start(Auth::Password("it's:s3cret"))
        .unwrap()
        .database()
        .unwrap();
    assert_eq!(login(&db.url()), "aludel");
    for wrong in [
        db.url_as("aludel", Some("wrong")),
        db.url_as("aludel", None),
    ] {
        let said = login(&wrong);
        assert!(said.contains("password"), "{said}");
    }
}

/// The user's name, or what `psql` said.
fn login(url: &str) -> String {
    let psql = aludel_testdb::find_postgres().unwrap().join("psql");
    let output = Command::new(psql)
        .args(["-XAtwc", "SELECT current_user", "-d", url])
        .output()
        .unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
        .trim()
        .to_owned()
}

/// Not a promise: prints what things cost, with `cargo test -p aludel-testdb -- --nocapture costs`.
#[test]
fn costs() {
    let begin = Instant::now();
    let Some(first) = postgres_or_skip() else {
        return;
    };
    println!("first database: {:?}", begin.elapsed());
    for _ in 0..3 {
        let begin = Instant::now();
        let db = postgres().unwrap();
        let created = begin.elapsed();
        let begin = Instant::now();
        db.psql("SELECT 1");
        let asked = begin.elapsed();
        let begin = Instant::now();
        drop(db);
        println!(
            "create {created:?}, psql {asked:?}, drop {:?}",
            begin.elapsed()
        );
    }
    drop(first);
}
