//! MariaDB servers and databases as a test sees them.
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aludel_testdb::{Auth, MariaDb, MariaDbServer, Missing, mariadb, mariadb_or_skip};

#[test]
fn every_database_is_fresh_and_separate() {
    let Some(one) = mariadb_or_skip() else {
        return;
    };
    let two = mariadb().unwrap();
    one.sql("CREATE TABLE a (id integer, b text); INSERT INTO a VALUES (1, 'x\ty'), (2, NULL)");
    assert_eq!(one.sql("SELECT * FROM a ORDER BY id"), "1\tx\ty\n2\tNULL");
    let error = two.try_sql("SELECT * FROM a").unwrap_err();
    assert!(error.contains("doesn't exist"), "{error}");
    assert_eq!(one.server().port(), two.server().port());
    assert_eq!(
        one.url(),
        format!(
            "mysql://root@127.0.0.1:{}/{}",
            one.server().port(),
            one.name()
        )
    );
}

/// What a session is told is what an installation that nobody touched would tell it.
#[test]
fn a_session_is_as_the_servers_makers_left_it() {
    let Some(db) = mariadb_or_skip() else { return };
    let mode = db.sql("SELECT @@sql_mode");
    assert!(mode.contains("STRICT_TRANS_TABLES"), "{mode}");
    assert!(!mode.contains("PIPES_AS_CONCAT"), "{mode}");
    let settings = "SELECT @@character_set_database, @@default_storage_engine, @@log_bin, @@performance_schema, @@tx_isolation";
    assert_eq!(db.sql(settings), "utf8mb4\tInnoDB\t0\t0\tREPEATABLE-READ");
}

#[test]
fn a_dropped_database_is_gone_though_somebody_is_in_a_transaction() {
    let Some(one) = mariadb_or_skip() else {
        return;
    };
    let two = mariadb().unwrap();
    two.sql("CREATE TABLE a (id integer)");
    let mut guest = client(&two);
    let mut guest = guest
        .args([
            "--unbuffered",
            "-e",
            "BEGIN; SELECT * FROM a; SELECT sleep(60)",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let guests = format!(
        "SELECT count(*) FROM information_schema.processlist WHERE db = '{}' AND info LIKE '%sleep%'",
        two.name()
    );
    while one.sql(&guests) != "1" {}
    let count = format!(
        "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{}'",
        two.name()
    );
    assert_eq!(one.sql(&count), "1");
    drop(two);
    let begin = Instant::now();
    while one.sql(&count) != "0" {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "the database is still there"
        );
    }
    guest.wait().unwrap();
}

#[test]
fn databases_can_be_asked_for_at_once() {
    let Some(first) = mariadb_or_skip() else {
        return;
    };
    let names: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| mariadb().unwrap().sql("SELECT database()")))
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
fn a_script_is_run_as_the_client_runs_it() {
    let Some(db) = mariadb_or_skip() else { return };
    db.sql(
        "CREATE TABLE a (id integer);
DELIMITER $$
CREATE TRIGGER a_t BEFORE INSERT ON a FOR EACH ROW BEGIN SET new.id = new.id + 1; END $$
DELIMITER ;
INSERT INTO a VALUES (1);",
    );
    assert_eq!(db.sql("SELECT id FROM a"), "2");
    let long = format!("{}\nSELECT 'é';", "SELECT repeat('x', 1000);\n".repeat(300));
    assert!(db.sql(&long).ends_with("x\né"));
}

#[test]
#[should_panic(expected = "error in your SQL syntax")]
fn a_failing_statement_fails_the_test() {
    match mariadb_or_skip() {
        Some(db) => drop(db.sql("SELEKT 1")),
        None => panic!("error in your SQL syntax, if there were a server"),
    }
}

#[test]
fn a_server_can_ask_for_a_password() {
    if matches!(mariadb(), Err(Missing::NotWanted)) {
        return;
    }
    let password = r"it's:s3\cret";
    let db = MariaDbServer::start(Auth::Password(password))
        .unwrap()
        .database()
        .unwrap();
    assert!(
        db.url().starts_with("mysql://aludel:it%27s%3As3%5Ccret@"),
        "{}",
        db.url()
    );
    assert_eq!(login(&db, password), "aludel@127.0.0.1");
    for wrong in ["wrong", ""] {
        let said = login(&db, wrong);
        assert!(said.contains("Access denied"), "{said}");
    }
}

/// The user's name, or what the client said.
fn login(db: &MariaDb, password: &str) -> String {
    let output = client(db)
        .args(["--user=aludel", "-e", "SELECT current_user"])
        .arg(format!("--password={password}"))
        .output()
        .unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
        .trim()
        .to_owned()
}

fn client(db: &MariaDb) -> Command {
    let mut command = Command::new("mariadb");
    command
        .args([
            "--no-defaults",
            "-N",
            "--skip-ssl",
            "--host=127.0.0.1",
            "--user=root",
        ])
        .arg(format!("--port={}", db.server().port()))
        .arg(format!("--database={}", db.name()));
    command
}

/// Not a promise: prints what things cost, with `cargo test -p aludel-testdb -- --nocapture costs`.
#[test]
fn costs() {
    let begin = Instant::now();
    let Some(first) = mariadb_or_skip() else {
        return;
    };
    println!("first database: {:?}", begin.elapsed());
    for _ in 0..3 {
        let begin = Instant::now();
        let db = mariadb().unwrap();
        let created = begin.elapsed();
        let begin = Instant::now();
        db.sql("SELECT 1");
        let asked = begin.elapsed();
        let begin = Instant::now();
        drop(db);
        println!(
            "create {created:?}, mariadb {asked:?}, drop {:?}",
            begin.elapsed()
        );
    }
    drop(first);
}
