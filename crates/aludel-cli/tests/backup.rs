//! Backups of SQLite databases: taken before a run, and gone back to, whoever else has the database open and whoever is killed meanwhile.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::Project;
use support::shell::{backed_up, sh};

/// `a1 <- b2`, and a database at `a1` that holds something.
fn project() -> Project {
    let project = Project::sql();
    project.revision("a1", "");
    project.revision_of(
        "b2",
        "a1",
        "DROP TABLE t_a1;\nCREATE TABLE b (id integer);",
        "DROP TABLE b;",
    );
    project.ok("upgrade a1");
    let database = Connection::open(project.path().join("app.db")).unwrap();
    database
        .execute_batch("INSERT INTO t_a1 VALUES (7), (8)")
        .unwrap();
    project
}

fn ids(path: &Path) -> Vec<i64> {
    let database = Connection::open(path).unwrap();
    let mut query = database.prepare("SELECT id FROM t_a1 ORDER BY 1").unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_backup_is_taken_and_gone_back_to() {
    let project = project();
    assert_snapshot!(project.run("upgrade head --backup safe/here"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::backup] Backing up app into safe/here/app-20251108T143000Z-a1.sqlite
    INFO  [aludel::backup] Backed up into safe/here/app-20251108T143000Z-a1.sqlite, 20.0 KiB
    hint: this command goes back to it: aludel restore --url sqlite:ROOT/app.db ROOT/safe/here/app-20251108T143000Z-a1.sqlite
    INFO  [aludel::run] Running upgrade a1 -> b2, step b2
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    b2 (head)
    ");
    let backup = "safe/here/app-20251108T143000Z-a1.sqlite";
    assert_snapshot!(project.run(&format!("restore {backup}")), @"
    exit 1
    -- stderr
    error: sqlite:app.db is not replaced, since nobody can be asked
      the database is at b2
      safe/here/app-20251108T143000Z-a1.sqlite is at a1
    hint: `--yes` says yes beforehand
    ");
    assert_snapshot!(project.run(&format!("restore {backup} --yes")), @"
    exit 0
    -- stderr
    INFO  [aludel::backup] Restored sqlite:app.db from safe/here/app-20251108T143000Z-a1.sqlite: it was at b2, and is at a1
    ");
    assert_eq!(project.ok("current"), "a1\n");
    assert_eq!(ids(&project.path().join("app.db")), [7, 8]);
    // The file is still what it was, and no other is left beside it.
    assert_eq!(ids(&project.path().join(backup)), [7, 8]);
    assert_eq!(
        std::fs::read_dir(project.path().join("safe/here"))
            .unwrap()
            .count(),
        1
    );
    // Another one of the same second does not overwrite it.
    project.ok("-q upgrade head --backup safe/here");
    assert!(project.has("safe/here/app-20251108T143000Z-a1-2.sqlite"));
    project.ok("-q downgrade a1 --backup safe/here");
    assert!(project.has("safe/here/app-20251108T143000Z-b2.sqlite"));
}

#[cfg(unix)]
#[test]
fn a_backup_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    project.ok("-q upgrade head --backup safe");
    let file = project.path().join("safe/app-20251108T143000Z-a1.sqlite");
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn where_nothing_is_run_nothing_is_taken() {
    let project = project();
    project.ok("upgrade a1 --backup safe");
    assert!(!project.has("safe"));
    assert_snapshot!(project.run("upgrade head --backup safe --sql"), @"
    exit 2
    -- stderr
    error: the argument '--backup <DIR>' cannot be used with '--sql'
    Usage: aludel upgrade --backup <DIR> <TARGET>
    hint: `--help` says more
    ");
}

#[test]
fn without_a_backup_nothing_is_run() {
    let project = project();
    project.write("file", "");
    assert_snapshot!(project.run("upgrade head --backup file"), @"
    exit 1
    -- stderr
    error: `file` is no folder for backups
    hint: `--backup` names a folder, which is made if it is not there
    ");
    assert_snapshot!(project.run("upgrade head --backup file/below"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: cannot create the folder `ROOT/file/below`
      caused by: Not a directory (os error 20)
    ");
    assert_snapshot!(project.run("--url sqlite::memory: upgrade head --backup safe"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: a database in memory has no file that could be backed up or restored
    hint: leave `--backup` out
    ");
    assert_eq!(project.ok("current"), "a1\n");
    // Pages in the middle are of no use any more, so that a copy would not be, either.
    let path = project.path().join("app.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let page = bytes.len() - 4096;
    bytes[page..page + 100].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    let said = project.run("upgrade head --backup safe");
    assert!(said.contains("error: `app.db` is damaged"), "{said}");
    assert_eq!(
        std::fs::read_dir(project.path().join("safe"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn everything_comes_back_by_the_very_command() {
    let project = project();
    let folder = project.path().join("it's \"$HOME\" 100%");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("we\"ird #1 db?.db");
    std::fs::rename(project.path().join("app.db"), &path).unwrap();
    let url = "sqlite:it's \"$HOME\" 100%25/we\"ird %231 db%3F.db";
    let database = Connection::open(&path).unwrap();
    let mode: String = database
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    database
        .execute_batch(
            "PRAGMA user_version = 42; PRAGMA application_id = 99;
             CREATE TABLE keyless (a text); INSERT INTO keyless VALUES ('x'), ('y'), ('z');
             DELETE FROM keyless WHERE a = 'y';
             CREATE VIEW v AS SELECT * FROM keyless;",
        )
        .unwrap();
    let all = |database: &Connection| -> Vec<String> {
        let queries = [
            "PRAGMA user_version",
            "PRAGMA application_id",
            "PRAGMA journal_mode",
            "SELECT group_concat(rowid || a) FROM keyless",
            "SELECT group_concat(sql, ';') FROM sqlite_schema",
            "SELECT group_concat(id) FROM t_a1",
        ];
        let one = |sql: &&str| -> String {
            database
                .query_row(sql, [], |row| row.get_ref(0).map(|it| format!("{it:?}")))
                .unwrap()
        };
        queries.iter().map(one).collect()
    };
    let before = all(&database);
    let output = project
        .command(&["upgrade", "head", "--url", url, "--backup", "back 'ups'"])
        .output()
        .unwrap();
    let command = backed_up(&output);
    database
        .execute_batch("INSERT INTO keyless VALUES ('new'); PRAGMA user_version = 1")
        .unwrap();
    // Nobody can be asked, and the command says so.
    let (ok, said) = sh(&project, &command, &[]);
    assert!(!ok && said.contains("hint: `--yes`"), "{said}");
    let (ok, said) = sh(&project, &format!("{command} --yes"), &[]);
    assert!(ok, "{said}");
    // Who had it open all the while sees it as it was.
    assert_eq!(all(&database), before);
    drop(database);
    assert_eq!(all(&Connection::open(&path).unwrap()), before);
}

#[test]
fn a_database_that_is_gone_comes_back() {
    let project = project();
    project.ok("-q upgrade head --backup safe");
    std::fs::remove_file(project.path().join("app.db")).unwrap();
    let said = project.run("restore safe/app-20251108T143000Z-a1.sqlite -y");
    assert_snapshot!(said, @"
    exit 0
    -- stderr
    INFO  [aludel::backup] Restored sqlite:app.db from safe/app-20251108T143000Z-a1.sqlite: it was without revisions, and is at a1
    ");
    assert_eq!(ids(&project.path().join("app.db")), [7, 8]);
}

#[test]
fn files_that_cannot_be_gone_back_to() {
    let project = project();
    project.write("text", "SQLite format 3, in words");
    assert_snapshot!(project.run("restore text --yes"), @"
    exit 1
    -- stderr
    error: `text` is no SQLite database
    hint: `restore` wants a file that `upgrade --backup` has written, and a database to put it into: one that is neither is to be moved away
    ");
    assert_snapshot!(project.run("restore nowhere --yes"), @"
    exit 1
    -- stderr
    error: cannot read `ROOT/nowhere`
      caused by: No such file or directory (os error 2)
    ");
    assert_snapshot!(project.run("restore ./app.db --yes"), @"
    exit 1
    -- stderr
    error: `app.db` is the database itself
    hint: name a backup of it
    ");
    let mut bytes = std::fs::read(project.path().join("app.db")).unwrap();
    bytes.truncate(bytes.len() - 4096);
    std::fs::write(project.path().join("cut"), bytes).unwrap();
    let said = project.run("restore cut --yes");
    assert!(said.contains("error: `cut` is damaged"), "{said}");
    assert_eq!(ids(&project.path().join("app.db")), [7, 8]);
}

#[test]
fn whoever_writes_is_waited_for_and_not_for_ever() {
    let project = project();
    project.ok("-q upgrade head --backup safe");
    let database = Connection::open(project.path().join("app.db")).unwrap();
    database
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO b VALUES (1)")
        .unwrap();
    let restore = "restore safe/app-20251108T143000Z-a1.sqlite --yes";
    assert_snapshot!(project.run(restore), @"
    exit 1
    -- stderr
    error: `app.db` is in use
    hint: stop the programs that use the database, and run the command again
    ");
    let mut child = project
        .command(&restore.split(' ').collect::<Vec<_>>())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(500));
    database.execute_batch("COMMIT").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(project.ok("current"), "a1\n");
}

#[test]
fn pages_of_another_size() {
    for mode in ["WAL", "DELETE"] {
        let project = project();
        project.ok("-q upgrade head --backup safe");
        let path = project.path().join("app.db");
        std::fs::remove_file(&path).unwrap();
        let sql = format!(
            "PRAGMA page_size = 512; PRAGMA journal_mode = {mode}; CREATE TABLE other (a);"
        );
        let database = Connection::open(&path).unwrap();
        database.execute_batch(&sql).unwrap();
        drop(database);
        project.ok("-q restore safe/app-20251108T143000Z-a1.sqlite --yes");
        assert_eq!(ids(&path), [7, 8]);
        let database = Connection::open(&path).unwrap();
        let now: String = database
            .query_row("PRAGMA journal_mode", [], |row| row.get(0))
            .unwrap();
        assert_eq!(now.to_uppercase(), mode);
    }
}

#[test]
fn a_backup_is_consistent_while_others_write() {
    let project = project();
    let path = project.path().join("app.db");
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; CREATE TABLE pair (a integer, b integer, filler blob);
             WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO pair SELECT 0, 0, randomblob(4000) FROM n;",
        )
        .unwrap();
    project.revision_of("b2", "a1", "CREATE TABLE b (id integer);", "");
    let done = std::sync::atomic::AtomicBool::new(false);
    let rounds = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut round = 0;
            let writer = Connection::open(&path).unwrap();
            writer.busy_timeout(Duration::from_secs(60)).unwrap();
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                round += 1;
                let sql = format!("BEGIN IMMEDIATE; UPDATE pair SET a = {round}; UPDATE pair SET b = {round}; COMMIT");
                writer.execute_batch(&sql).unwrap();
            }
            round
        });
        project.ok("-q upgrade head --backup safe");
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(rounds > 0);
    let copy = project.path().join("safe/app-20251108T143000Z-a1.sqlite");
    let copy = Connection::open(copy).unwrap();
    let states: i64 = copy
        .query_row(
            "SELECT count(DISTINCT a || ' ' || b) FROM pair",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let torn: i64 = copy
        .query_row("SELECT count(*) FROM pair WHERE a <> b", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!((states, torn), (1, 0));
}

/// Fills a database with rows that all say the same.
fn fill(path: &Path, word: &str, mode: &str) {
    let database = Connection::open(path).unwrap();
    let sql = format!(
        "PRAGMA journal_mode = {mode}; CREATE TABLE t (word text, filler blob);
         WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
         INSERT INTO t SELECT '{word}', randomblob(8000) FROM n;"
    );
    database.execute_batch(&sql).unwrap();
}

/// The one word of a database, after its integrity was looked at.
fn word(path: &Path) -> String {
    let database = Connection::open(path).unwrap();
    let whole: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
    database
        .query_row(
            "SELECT group_concat(DISTINCT word) || count(*) FROM t",
            [],
            |row| row.get(0),
        )
        .unwrap()
}

#[cfg(unix)]
#[test]
fn whoever_is_killed_leaves_the_old_one_or_the_new_one() {
    use std::os::unix::process::ExitStatusExt as _;
    for mode in ["DELETE", "WAL"] {
        let project = Project::sql();
        let at = |name: &str| -> PathBuf { project.path().join(name) };
        fill(&at("new.db"), "new", "DELETE");
        fill(&at("old.db"), "old", mode);
        let reset = || {
            for ending in ["", "-wal", "-shm", "-journal"] {
                let _ = std::fs::remove_file(at(&format!("app.db{ending}")));
            }
            std::fs::copy(at("old.db"), at("app.db")).unwrap();
        };
        let restore = || {
            project
                .command(&["-q", "restore", "new.db", "--yes"])
                .spawn()
                .unwrap()
        };
        reset();
        let begun = Instant::now();
        assert!(restore().wait().unwrap().success());
        let whole = begun.elapsed();
        assert_eq!(word(&at("app.db")), "new4000");
        const TIMES: u32 = 12;
        let (mut killed, mut half_way) = (0, 0);
        for time in 1..=TIMES {
            reset();
            let mut child = restore();
            std::thread::sleep(whole * time / TIMES);
            let _ = child.kill();
            killed += u32::from(child.wait().unwrap().signal() == Some(9));
            let beside = ["app.db-journal", "app.db-wal"].map(|it| std::fs::metadata(at(it)));
            half_way += u32::from(
                beside
                    .iter()
                    .any(|it| it.as_ref().is_ok_and(|it| it.len() > 0)),
            );
            let word = word(&at("app.db"));
            assert!(word == "old4000" || word == "new4000", "{mode}: {word}");
        }
        assert!(
            killed > TIMES / 4,
            "{mode}: {killed} of {TIMES} were killed"
        );
        assert!(half_way > 0, "{mode}: none was killed half-way");
    }
}
