//! Each case at work on a live database that has rows, and undone again.

use crate::cases::{self, Case};
use crate::places::{mariadb_database, mariadb_server};
use crate::snapshot::Snapshot;
use aludel::db::{Access, DbUrl};
use aludel::run::{Options, Runner};
use aludel::{Error, dialect};

/// What a case did: it worked, or it was refused by name.
async fn run(case: &Case, url: &str) -> bool {
    let url = DbUrl::parse(url).unwrap();
    let mut runner = Runner::connect(
        &url,
        Access::Write,
        case.history(),
        Options {
            log: false,
            ..Options::default()
        },
    )
    .await
    .unwrap();
    let given = runner.upgrade(&"given".parse().unwrap()).await;
    if let Err(error) = given {
        // What the case needs may be what this database cannot.
        return refused(case, error);
    }
    let before = look(&mut runner).await;
    let done = runner.upgrade(&"case".parse().unwrap()).await;
    if let Err(error) = done {
        assert_eq!(
            look(&mut runner).await,
            before,
            "{} was refused and left something",
            case.name
        );
        return refused(case, error);
    }
    let after = look(&mut runner).await;
    if !case.quiet && before == after {
        // A comment where there are none, an enum type where it is no object of its own.
        let dialect = runner.dialect().features();
        assert!(
            !(dialect.comments && dialect.enum_types),
            "{} changed nothing",
            case.name
        );
    }
    let undone = runner.downgrade(&"given".parse().unwrap()).await;
    undone.unwrap_or_else(|error| panic!("{} cannot be undone: {}", case.name, told(error)));
    let undone = look(&mut runner).await;
    let (expected, undone) = (before.without(case.loses), undone.without(case.loses));
    assert_eq!(undone, expected, "{} is not undone", case.name);
    true
}

async fn look(runner: &mut Runner) -> Snapshot {
    let dialect = dialect::of_connection(runner.connection()).await.unwrap();
    Snapshot::of(runner.connection(), &*dialect).await
}

/// Only what is refused by name may not work.
fn refused(case: &Case, error: Error) -> bool {
    let Error::Revision(failure) = &error else {
        panic!("{}: {error}", case.name)
    };
    match &failure.source {
        Error::Unsupported { instead, .. } if !instead.is_empty() => false,
        _ => panic!("{} fails: {}", case.name, told(error)),
    }
}

fn told(error: Error) -> String {
    match error {
        Error::Revision(it) => format!("{:?}: {}\n{:?}", it.operation, it.source, it.statement),
        other => other.to_string(),
    }
}

/// Runs them all on the databases of one server. `None` where the database is left out.
async fn all(database: &str, run: impl AsyncFn(&Case) -> Option<bool>) {
    for case in cases::all() {
        let Some(worked) = run(case).await else {
            return;
        };
        let expected = case.on.contains(&database);
        assert_eq!(
            worked, expected,
            "whether {} works on {database}",
            case.name
        );
    }
}

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    all("SQLite", async |case| {
        let file = aludel_testdb::sqlite();
        Some(run(case, &file.url()).await)
    })
    .await;
}

#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    all("PostgreSQL", async |case| {
        let database = aludel_testdb::postgres_or_skip()?;
        Some(run(case, &database.url()).await)
    })
    .await;
}

#[tokio::test(flavor = "current_thread")]
async fn mariadb() {
    let Some(server) = mariadb_server() else {
        return;
    };
    all("MariaDB", async |case| {
        let database = mariadb_database(&server);
        Some(run(case, &database.url()).await)
    })
    .await;
}
