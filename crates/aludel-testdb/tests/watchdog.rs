//! A server must not outlive the process that it was started for, however that process ends.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aludel_testdb::{Missing, mariadb, postgres};

/// Set for a copy of this program that plays the process which ends: what it does once its server is up.
const ROLE: &str = "ALUDEL_TESTDB_ROLE";

/// Which server it starts.
const SERVER: &str = "ALUDEL_TESTDB_SERVER";

#[test]
fn a_server_ends_with_a_process_that_returns() {
    ends(
        |mut child| {
            drop(child.stdin.take());
            assert!(child.wait().unwrap().success());
        },
        "return",
    );
}

#[test]
fn a_server_ends_with_a_process_that_aborts() {
    ends(
        |mut child| {
            drop(child.stdin.take());
            assert!(!child.wait().unwrap().success());
        },
        "abort",
    );
}

#[test]
fn a_server_ends_with_a_process_that_is_killed() {
    ends(
        |mut child| {
            child.kill().unwrap();
            child.wait().unwrap();
        },
        "wait",
    );
}

/// What a terminal's interrupt key and an impatient CI runner do: the signal reaches every process of the group. It is not the
/// interrupt itself, which a shell has its background jobs ignore, and these tests with them.
#[test]
fn a_server_ends_with_a_process_group_that_is_killed() {
    for signal in ["-TERM", "-KILL"] {
        ends(
            |mut child| {
                let group = format!("-{}", child.id());
                assert!(
                    Command::new("kill")
                        .args([signal, "--", &group])
                        .status()
                        .unwrap()
                        .success()
                );
                child.wait().unwrap();
            },
            "wait",
        );
    }
}

/// The other process; alone, this test does nothing.
#[test]
fn the_process_that_ends() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let maria = std::env::var(SERVER).unwrap() == "mariadb";
    let (_postgres, _mariadb, folder);
    if maria {
        let db = mariadb().unwrap();
        folder = db.sql("SELECT @@datadir");
        _mariadb = db;
    } else {
        let db = postgres().unwrap();
        folder = db.psql("SHOW data_directory");
        _postgres = db;
    }
    println!("folder={folder}");
    // The end comes when it is called for, so that the test can look at the server before.
    std::io::stdin().read_line(&mut String::new()).unwrap();
    match role.as_str() {
        "abort" => std::process::abort(),
        "wait" => std::thread::sleep(Duration::from_secs(120)),
        // The database is dropped here, the server is a static that no destructor reaches.
        _ => {}
    }
}

/// Starts the other process with each kind of server, lets `end` see to its end, and waits until nothing of the server is left.
fn ends(end: impl Fn(Child), role: &str) {
    if !matches!(postgres(), Err(Missing::NotWanted)) {
        ends_with("postgres", &end, role);
    }
    if !matches!(mariadb(), Err(Missing::NotWanted)) {
        ends_with("mariadb", &end, role);
    }
}

fn ends_with(server: &str, end: impl Fn(Child), role: &str) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_process_that_ends", "--nocapture"])
        .env(ROLE, role)
        .env(SERVER, server)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("folder=") {
        line.clear();
        assert_ne!(
            output.read_line(&mut line).unwrap(),
            0,
            "the process ended before its server was up"
        );
    }
    let data = PathBuf::from(line.trim().rsplit('=').next().unwrap());
    let home = data.parent().unwrap();
    let pid = std::fs::read_to_string(home.join("pid")).unwrap();
    let pid = pid.trim().to_owned();
    assert!(alive(&pid));
    end(child);
    // Nothing may hold the pipe of the process's output open, or cargo would wait for it.
    output.read_to_end(&mut Vec::new()).unwrap();
    let begin = Instant::now();
    while alive(&pid) || home.exists() || mentioned(home) {
        assert!(
            begin.elapsed() < Duration::from_secs(15),
            "server {pid} in {} is left",
            home.display()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn alive(pid: &str) -> bool {
    Command::new("kill")
        .args(["-0", pid])
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

/// Whether any process has the folder in its command line: the server, its watchdog, a program of theirs.
fn mentioned(folder: &Path) -> bool {
    let output = Command::new("ps")
        .args(["-A", "-o", "args"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).contains(folder.to_str().unwrap())
}
