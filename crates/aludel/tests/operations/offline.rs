//! Each case as a script, run by the database's own client: it leaves what a live run leaves.

use crate::cases::{self, Case};
use crate::places::{mariadb_database, mariadb_server};
use crate::snapshot::Snapshot;
use aludel::db::{Access, DbUrl, Kind};
use aludel::revision::Direction;
use aludel::run::{Options, Runner, script};
use aludel::{Error, dialect};
use aludel_testdb::MariaDbServer;
use std::sync::Arc;

/// The database's own client: what a script answers, or what is said of its failure.
type Client = Box<dyn Fn(&str) -> Result<String, String>>;

/// A fresh database, and its client.
struct Place {
    /// The dialect of the script: a URL cannot tell MySQL and MariaDB apart.
    kind: Kind,
    url: String,
    client: Client,
}

impl Place {
    fn sqlite() -> Option<Self> {
        let file = aludel_testdb::sqlite();
        let url = file.url();
        let client = Box::new(move |sql: &str| file.try_sql(sql));
        let kind = Kind::Sqlite;
        Some(Self { kind, url, client })
    }

    fn postgres() -> Option<Self> {
        let database = aludel_testdb::postgres_or_skip()?;
        let url = database.url();
        let client = Box::new(move |sql: &str| database.try_psql(sql));
        let kind = Kind::Postgres;
        Some(Self { kind, url, client })
    }

    fn mariadb(server: &MariaDbServer) -> Option<Self> {
        let database = mariadb_database(server);
        let url = database.url();
        let client = Box::new(move |sql: &str| database.try_sql(sql));
        let kind = Kind::MariaDb;
        Some(Self { kind, url, client })
    }

    async fn runner(&self, case: &Case) -> Runner {
        let url = DbUrl::parse(&self.url).unwrap();
        let options = Options {
            log: false,
            ..Options::default()
        };
        Runner::connect(&url, Access::Write, case.history(), options)
            .await
            .unwrap()
    }

    /// All that is there, where the version table says that it stands included.
    async fn look(&self, case: &Case) -> (Snapshot, Vec<String>) {
        let mut runner = self.runner(case).await;
        let rows = runner.current().await.unwrap();
        let dialect = dialect::of_connection(runner.connection()).await.unwrap();
        let snapshot = Snapshot::of(runner.connection(), &*dialect).await;
        (snapshot, rows.iter().map(ToString::to_string).collect())
    }

    /// Writes a script without looking at the database, and runs it; answers what the client says if it fails.
    async fn run_script(
        &self,
        case: &Case,
        direction: Direction,
        target: &str,
    ) -> Result<Option<String>, Error> {
        let dialect = dialect::by_kind(self.kind)?;
        let (target, options) = (
            target.parse().unwrap(),
            Options {
                log: false,
                ..Options::default()
            },
        );
        let text = script(
            &case.history(),
            Arc::from(dialect),
            direction,
            &target,
            &options,
        )
        .await?;
        let said = (self.client)(&text).err();
        Ok(said.map(|said| format!("{said}\n{text}")))
    }
}

/// Only what is refused by name may have no script.
fn refused_by_name(case: &Case, error: Error) {
    let Error::Revision(failure) = &error else {
        panic!("{}: {error}", case.name)
    };
    let by_name = matches!(
        failure.source,
        Error::Unsupported { .. } | Error::Offline { .. }
    );
    assert!(by_name, "{}: {}", case.name, failure.source);
}

/// Whether there can be a script wherever there can be a run; what it leaves is compared with what a run leaves.
async fn compare(case: &Case, scripted: &Place, live: &Place) -> bool {
    let mut runner = live.runner(case).await;
    let ran = runner.upgrade(&"case".parse().unwrap()).await.is_ok();
    match scripted.run_script(case, Direction::Up, "case").await {
        Err(error) => {
            refused_by_name(case, error);
            return !ran;
        }
        Ok(None) => assert!(ran, "{} can be run by a script alone", case.name),
        Ok(Some(said)) => {
            assert!(!ran, "{}: {said}", case.name);
            return true;
        }
    }
    let expected = live.look(case).await;
    same(case.name, &scripted.look(case).await, &expected);
    let undone = runner.downgrade(&"given".parse().unwrap()).await;
    let target = "case:given";
    match scripted.run_script(case, Direction::Down, target).await {
        Err(error) => {
            refused_by_name(case, error);
            assert!(undone.is_err(), "no script undoes {}", case.name);
            return true;
        }
        Ok(None) => assert!(undone.is_ok(), "a script alone undoes {}", case.name),
        Ok(Some(said)) => {
            assert!(undone.is_err(), "{}: {said}", case.name);
            return true;
        }
    }
    let expected = live.look(case).await;
    same(case.name, &scripted.look(case).await, &expected);
    true
}

/// The lines that differ are few among thousands.
#[track_caller]
fn same<T: std::fmt::Debug + PartialEq>(name: &str, scripted: &T, live: &T) {
    if scripted != live {
        let (scripted, live) = (format!("{scripted:#?}"), format!("{live:#?}"));
        let lines = scripted.lines().zip(live.lines()).filter(|(a, b)| a != b);
        let told: Vec<String> = lines
            .take(9)
            .map(|(a, b)| format!("- {a}\n+ {b}"))
            .collect();
        panic!(
            "{name}: the script (-) and the run (+) differ:\n{}",
            told.join("\n")
        );
    }
}

/// Compares them all; the cases that can be run and of which there is no script are few and known.
async fn all(
    refused: &[&str],
    scripted: impl Fn() -> Option<Place>,
    live: impl Fn() -> Option<Place>,
) {
    let mut found = Vec::new();
    for case in cases::all() {
        let (Some(scripted), Some(live)) = (scripted(), live()) else {
            return;
        };
        if !compare(case, &scripted, &live).await {
            found.push(case.name);
        }
    }
    assert_eq!(found, refused);
}

/// What has to be looked up first has no script: rows, and whether something is there where no clause asks for it.
const LOOKED_UP: &[&str] = &[
    "add_column.if_not_exists",
    "drop_column.if_exists",
    "drop_constraint.if_exists",
    "run",
];

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    all(LOOKED_UP, Place::sqlite, Place::sqlite).await;
}

#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    all(&["run"], Place::postgres, Place::postgres).await;
}

#[tokio::test(flavor = "current_thread")]
async fn mariadb() {
    let (Some(one), Some(other)) = (mariadb_server(), mariadb_server()) else {
        return;
    };
    let looked_up = ["drop_constraint.if_exists", "run"];
    all(
        &looked_up,
        || Place::mariadb(&one),
        || Place::mariadb(&other),
    )
    .await;
}
