//! Schemas as scripts and dumps, and what turns one into another: in real databases, by their own clients.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::SideError;
use aludel::db::{DbUrl, Kind};
use aludel::prelude::*;
use aludel::run::{Difference, Settings, Side, Snapshot, difference, snapshot};

#[path = "sides/dumps.rs"]
mod dumps;
#[path = "sides/scripts.rs"]
mod scripts;

const POSTGRES: &str = include_str!("sides/postgres.sql");
const SQLITE: &str = include_str!("sides/sqlite.sql");
const MARIADB: &str = include_str!("sides/mariadb.sql");

fn database(url: &str) -> Side<'static> {
    Side::Database(DbUrl::parse(url).unwrap())
}

fn sql(text: &str) -> Side<'static> {
    Side::Script {
        file: "schema.sql".into(),
        text: text.into(),
    }
}

fn dump(text: &str) -> Side<'static> {
    Side::Dump {
        file: "schema.json".into(),
        text: text.into(),
    }
}

/// A server where scripts are run.
fn on(url: &str) -> Settings {
    Settings {
        server: Some(DbUrl::parse(url).unwrap()),
        ..Settings::default()
    }
}

async fn snapshot_of(side: &Side<'_>) -> Snapshot {
    let settings = Settings::default();
    snapshot(side, None, &settings).await.unwrap().0
}

async fn compare(from: &Side<'_>, to: &Side<'_>, settings: &Settings) -> Difference {
    difference(from, to, settings).await.unwrap()
}

async fn refused(from: &Side<'_>, to: &Side<'_>, settings: &Settings) -> SideError {
    match difference(from, to, settings).await.unwrap_err() {
        Error::Side(error) => error,
        other => panic!("{other}"),
    }
}

/// In kinds: `add_column patients.email`.
fn kinds(found: &Difference) -> Vec<String> {
    let place = |it: &aludel::diff::Change| {
        let parts = [&it.schema, &it.table, &it.name];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        format!("{} {}", it.kind(), parts.join("."))
    };
    found.changes.iter().map(place).collect()
}
