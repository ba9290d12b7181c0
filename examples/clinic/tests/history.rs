//! The clinic's history, taken up, down to the base and up again with rows in every table, on each database.

mod support;

use aludel::db::{Access, DbUrl};
use aludel::prelude::*;
use aludel::run::{Options, Runner, autogenerate};
use clinic::models::{Patient, Prescription, Visit};
use std::collections::BTreeMap;
use support::{ROWS, contents, execute, migrations, revisions};

/// Up, revision by revision, with the rows of each; answers what there was behind each.
async fn up(url: &str) -> Vec<BTreeMap<String, Vec<String>>> {
    let migrator = Migrator::new(migrations());
    let mut seen = Vec::new();
    for revision in revisions() {
        let steps = migrator.upgrade(url, &revision).await.unwrap();
        assert_eq!(steps.len(), 1, "{revision}");
        if let Some((_, sql)) = ROWS.iter().find(|(id, _)| *id == revision) {
            execute(url, sql).await;
        }
        seen.push(contents(url).await);
    }
    seen
}

async fn up_down_up(url: &str) {
    let first = up(url).await;
    let migrator = Migrator::new(migrations());
    let mut before = contents(url).await;
    for index in (0..revisions().len() - 1).rev() {
        migrator.downgrade(url, "-1").await.unwrap();
        let now = contents(url).await;
        let columns: Vec<&String> = now.keys().collect();
        assert_eq!(
            columns,
            first[index].keys().collect::<Vec<_>>(),
            "at {index}"
        );
        for (column, values) in &now {
            if let Some(kept) = before.get(column) {
                assert_eq!(values, kept, "{column} at {index}");
            }
        }
        before = now;
    }
    let names = ["Ada Lovelace", "Plato", "Grace Brewster Hopper"];
    assert_eq!(before["patients.name"], names);
    migrator.downgrade(url, "base").await.unwrap();
    assert!(contents(url).await.is_empty());
    assert_eq!(up(url).await, first);
}

/// At the head, the models and the database agree.
async fn check(url: &str) {
    let history = aludel::history::History::embedded(&migrations()).unwrap();
    let url = DbUrl::parse(url).unwrap();
    let mut runner = Runner::connect(&url, Access::Read, history, Options::default())
        .await
        .unwrap();
    let models = metadata![Patient, Visit, Prescription];
    let draft = runner
        .autogenerate(&models, &autogenerate::Options::default())
        .await
        .unwrap();
    assert_eq!(draft.detected(), [] as [String; 0]);
}

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    let file = aludel_testdb::sqlite();
    up_down_up(&file.url()).await;
    check(&file.url()).await;
}

#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    up_down_up(&database.url()).await;
    check(&database.url()).await;
}

#[tokio::test(flavor = "current_thread")]
async fn mariadb() {
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    up_down_up(&database.url()).await;
    check(&database.url()).await;
}
