//! The record of what was done: what it says of each step, and what it refuses by it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::Error;
use aludel::db::{Access, Connection, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::revision::{RevisionId, Target};
use aludel::run::{LogEntry, LogQuery, Options, Runner, Transaction};
use aludel::schema::QualifiedName;

/// The same on every database.
macro_rules! on_each_database {
    ($($(#[$doc:meta])* async fn $name:ident($url:ident: &str) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$doc])*
            async fn scenario($url: &str) $body

            #[tokio::test(flavor = "current_thread")]
            async fn sqlite() {
                let file = aludel_testdb::sqlite();
                scenario(&file.url()).await;
            }

            #[tokio::test(flavor = "current_thread")]
            async fn postgres() {
                if let Some(database) = aludel_testdb::postgres_or_skip() {
                    scenario(&database.url()).await;
                }
            }

            #[tokio::test(flavor = "current_thread")]
            async fn mariadb() {
                if let Some(database) = aludel_testdb::mariadb_or_skip() {
                    scenario(&database.url()).await;
                }
            }
        }
    )+};
}

#[path = "log/edited.rs"]
mod edited;
#[path = "log/kept.rs"]
mod kept;
#[path = "log/unseen.rs"]
mod unseen;

/// A folder of `.sql` revisions.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write(
            "a1",
            "",
            "CREATE TABLE one (id INTEGER);",
            "DROP TABLE one;",
        );
        folder.write(
            "b2",
            "a1",
            "CREATE TABLE two (id INTEGER);",
            "DROP TABLE two;",
        );
        folder
    }

    fn write(&self, id: &str, down: &str, up: &str, undo: &str) {
        let text = format!(
            "-- step {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n\n-- migrate:up\n{up}\n\n-- migrate:down\n{undo}\n"
        );
        let text = text.replace("-- Revises: \n", "");
        self.put(id, &text);
    }

    fn put(&self, id: &str, text: &str) {
        std::fs::write(self.0.path().join(format!("{id}.sql")), text).unwrap();
    }

    fn text(&self, id: &str) -> String {
        std::fs::read_to_string(self.0.path().join(format!("{id}.sql"))).unwrap()
    }

    /// A runner that reads the files as they are now.
    async fn runner(&self, url: &str) -> Runner {
        self.runner_with(url, Options::default()).await
    }

    async fn runner_with(&self, url: &str, options: Options) -> Runner {
        let history = History::load(self.0.path()).unwrap();
        runner(url, history, options).await
    }
}

async fn runner(url: &str, history: History, options: Options) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history, options)
        .await
        .unwrap()
}

fn target(text: &str) -> Target {
    text.parse().unwrap()
}

async fn up(runner: &mut Runner) -> aludel::Result<usize> {
    Ok(runner.upgrade(&target("head")).await?.len())
}

async fn entries(runner: &mut Runner) -> Vec<LogEntry> {
    let all = LogQuery {
        texts: true,
        ..LogQuery::default()
    };
    runner.log(&all).await.unwrap()
}

/// `revision direction outcome`, the newest first.
async fn log(runner: &mut Runner) -> Vec<String> {
    let entries = entries(runner).await.into_iter();
    let line = |it: LogEntry| format!("{} {} {}", it.revision, it.direction, it.outcome);
    entries.map(line).collect()
}

async fn open(url: &str) -> Connection {
    let url = DbUrl::parse(url).unwrap();
    Connection::open(&url, Access::Write).await.unwrap()
}
