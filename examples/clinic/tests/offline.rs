//! The clinic's history as scripts that the database's own client runs: they leave what a live run leaves.

mod support;

use aludel::db::{Access, Connection, DbUrl, Kind};
use aludel::dialect::{self, Scope};
use aludel::history::History;
use aludel::prelude::*;
use aludel::revision::Direction;
use aludel::run::{self, Options};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use support::{ROWS, contents, execute, migrations, revisions};

/// The database's own client: what a script answers, or what is said of its failure.
type Client = Box<dyn Fn(&str) -> Result<String, String>>;

/// A fresh database, its client, and how its definitions are dumped.
struct Place {
    kind: Kind,
    url: String,
    client: Client,
    dump: Box<dyn Fn() -> String>,
}

impl Place {
    fn sqlite() -> Option<Self> {
        let file = Arc::new(aludel_testdb::sqlite());
        let dumped = Arc::clone(&file);
        Some(Self {
            kind: Kind::Sqlite,
            url: file.url(),
            client: Box::new(move |sql| file.try_sql(sql)),
            dump: Box::new(move || dumped.sql(".schema")),
        })
    }

    fn postgres() -> Option<Self> {
        let database = Arc::new(aludel_testdb::postgres_or_skip()?);
        let dumped = Arc::clone(&database);
        Some(Self {
            kind: Kind::Postgres,
            url: database.url(),
            client: Box::new(move |sql| database.try_psql(sql)),
            dump: Box::new(move || pg_dump(&dumped.url())),
        })
    }

    fn mariadb() -> Option<Self> {
        let database = Arc::new(aludel_testdb::mariadb_or_skip()?);
        let dumped = Arc::clone(&database);
        Some(Self {
            kind: Kind::MariaDb,
            url: database.url(),
            client: Box::new(move |sql| database.try_sql(sql)),
            dump: Box::new(move || dumped.sql(CATALOG)),
        })
    }

    /// Writes a script without looking at the database, and runs it.
    async fn script(&self, direction: Direction, target: &str) {
        let history = History::embedded(&migrations()).unwrap();
        let dialect = Arc::from(dialect::by_kind(self.kind).unwrap());
        let (goal, options) = (target.parse().unwrap(), Options::default());
        let text = run::script(&history, dialect, direction, &goal, &options)
            .await
            .unwrap();
        (self.client)(&text).unwrap_or_else(|said| panic!("{target}: {said}\n{text}"));
    }

    /// Definitions as the database and the library see them, rows, and where it stands.
    async fn look(&self) -> (String, String, BTreeMap<String, Vec<String>>, Vec<String>) {
        let url = DbUrl::parse(&self.url).unwrap();
        let mut connection = Connection::open(&url, Access::Read).await.unwrap();
        let dialect = dialect::of_connection(&mut connection).await.unwrap();
        // The server has databases of other tests.
        let scope = match self.kind {
            Kind::MariaDb => Scope::Schemas(Vec::new()),
            _ => Scope::Everything,
        };
        let schema = dialect.inspect(&mut connection, &scope);
        let schema = format!("{:#?}", schema.await.unwrap());
        let stands = Migrator::new(migrations())
            .current(&self.url)
            .await
            .unwrap();
        let stands = stands.iter().map(ToString::to_string).collect();
        ((self.dump)(), schema, contents(&self.url).await, stands)
    }
}

/// The columns and the keys of MariaDB's catalog, in their order.
const CATALOG: &str = "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2;
    SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE
    FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2, 3";

/// What `pg_dump` says of the definitions, apart from the key that newer versions draw for each dump; nothing where it is not
/// installed.
fn pg_dump(url: &str) -> String {
    let folder = aludel_testdb::find_postgres().unwrap();
    let mut command = Command::new(folder.join("pg_dump"));
    let Ok(output) = command.args(["--schema-only", "--dbname", url]).output() else {
        return String::new();
    };
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('\\'));
    lines.collect::<Vec<_>>().join("\n")
}

/// The lines that differ are few among many.
async fn same(target: &str, scripted: &Place, live: &Place) {
    let (scripted, live) = (scripted.look().await, live.look().await);
    let (a, b) = (format!("{scripted:#?}"), format!("{live:#?}"));
    let (a, b) = (a.replace("\\n", "\n"), b.replace("\\n", "\n"));
    let lines = a.lines().zip(b.lines()).filter(|(a, b)| a != b);
    let told: Vec<String> = lines
        .take(9)
        .map(|(a, b)| format!("- {a}\n+ {b}"))
        .collect();
    assert!(
        scripted == live,
        "{target}: the script (-) and the run (+) differ:\n{}",
        told.join("\n")
    );
}

async fn scripts_leave_what_runs_leave(place: impl Fn() -> Option<Place>) {
    let (Some(scripted), Some(live)) = (place(), place()) else {
        return;
    };
    let migrator = Migrator::new(migrations()).options(without_log());
    let mut from = "base".to_string();
    for revision in revisions() {
        let target = format!("{from}:{revision}");
        scripted.script(Direction::Up, &target).await;
        migrator.upgrade(&live.url, &revision).await.unwrap();
        for (_, sql) in ROWS.iter().filter(|(id, _)| *id == revision) {
            execute(&live.url, sql).await;
            execute(&scripted.url, sql).await;
        }
        same(&target, &scripted, &live).await;
        from = revision;
    }
    for (from, to) in [("head", "abc123def456"), ("abc123def456", "base")] {
        let target = format!("{from}:{to}");
        scripted.script(Direction::Down, &target).await;
        migrator.downgrade(&live.url, to).await.unwrap();
        same(&target, &scripted, &live).await;
    }
}

/// A script never writes the log.
fn without_log() -> Options {
    Options {
        log: false,
        ..Options::default()
    }
}

async fn one_script_leaves_what_a_run_leaves(place: impl Fn() -> Option<Place>) {
    let (Some(scripted), Some(live)) = (place(), place()) else {
        return;
    };
    let migrator = Migrator::new(migrations()).options(without_log());
    scripted.script(Direction::Up, "head").await;
    migrator.upgrade(&live.url, "head").await.unwrap();
    same("head", &scripted, &live).await;
    scripted.script(Direction::Down, "head:base").await;
    migrator.downgrade(&live.url, "base").await.unwrap();
    same("base", &scripted, &live).await;
}

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    scripts_leave_what_runs_leave(Place::sqlite).await;
    one_script_leaves_what_a_run_leaves(Place::sqlite).await;
}

#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    scripts_leave_what_runs_leave(Place::postgres).await;
    one_script_leaves_what_a_run_leaves(Place::postgres).await;
}

#[tokio::test(flavor = "current_thread")]
async fn mariadb() {
    scripts_leave_what_runs_leave(Place::mariadb).await;
    one_script_leaves_what_a_run_leaves(Place::mariadb).await;
}
