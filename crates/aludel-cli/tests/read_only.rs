//! Commands that read write nothing: no version table, no SQLite file.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use support::Project;

/// Those that ask the database.
const ASKING: [&str; 11] = [
    "current",
    "current -v",
    "current --json",
    "log",
    "log -v",
    "log --json",
    "repair --all --dry-run",
    "current --check-heads",
    "history -i",
    "history -r current:",
    "show current",
];

/// Those that need no database.
const FILES: [&str; 6] = [
    "heads",
    "heads -v",
    "history",
    "branches",
    "show a1",
    "upgrade head --sql",
];

fn project(url: &str) -> Project {
    let project = Project::empty().with("DATABASE_URL", url);
    project.ok("-q init --template sql migrations");
    project.revision("a1", "");
    project
}

#[test]
fn a_sqlite_file_is_not_made() {
    let project = project("sqlite:app.db");
    for line in ASKING {
        let said = project.run(line);
        assert!(
            said.starts_with("exit 1\n") && said.contains("app.db"),
            "{line}: {said}"
        );
    }
    for line in FILES {
        project.ok(line);
    }
    assert!(!project.files().contains("app.db"), "{}", project.files());
}

#[test]
fn a_sqlite_file_stays_as_it_is() {
    let project = project("sqlite:app.db");
    // No byte at all is a database with nothing in it.
    project.write("app.db", "");
    for line in ASKING.iter().chain(&FILES) {
        let said = project.run(line);
        let code = i32::from(*line == "current --check-heads");
        assert!(
            said.starts_with(&format!("exit {code}\n")),
            "{line}: {said}"
        );
        assert_eq!(project.read("app.db"), "", "{line}");
    }
    assert_eq!(project.ok("current"), "");
    assert_eq!(project.files().matches("app.db").count(), 1);
}

#[cfg(feature = "postgres")]
#[test]
fn a_postgres_database_stays_as_it_is() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = project(&database.url());
    for line in ASKING.iter().chain(&FILES) {
        let said = project.run(line);
        let code = i32::from(*line == "current --check-heads");
        assert!(
            said.starts_with(&format!("exit {code}\n")),
            "{line}: {said}"
        );
        let relations = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
        assert_eq!(database.psql(relations), "0", "{line}");
    }
}
