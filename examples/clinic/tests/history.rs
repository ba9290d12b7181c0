//! The clinic's history, taken up, down to the base and up again with rows in every table, on each database.

use aludel::db::{Access, Connection, DbUrl};
use aludel::history::Migrations;
use aludel::prelude::*;
use aludel::run::{Options, Runner, autogenerate};
use clinic::models::{Patient, Prescription, Visit};
use std::collections::BTreeMap;

fn migrations() -> Migrations {
    migrations!("migrations/versions")
}

/// Rows that a practice would have by then: the SQL that is run when a revision has just been applied.
const ROWS: &[(&str, &str)] = &[
    (
        "5f1d0a2b3c4e",
        "INSERT INTO patients (patient_id, name, date_of_birth, gender) VALUES
             ('P-1', 'Ada Lovelace', '1815-12-10', 'f'), ('P-2', 'Plato', '1900-01-01', NULL),
             (NULL, 'Grace Brewster Hopper', '1906-12-09', 'f')",
    ),
    (
        "abc123def456",
        "UPDATE patients SET email = 'ada@example.org', phone = '+44 (20) 1-23' WHERE patient_id = 'P-1'",
    ),
    (
        "7be20c51aa93",
        "INSERT INTO visits (patient_id, visit_date, vital_signs) VALUES
             ('P-1', '2025-11-08', '{\"pulse\": 61}'), ('P-2', '2025-11-09', NULL), (NULL, '2025-11-10', NULL)",
    ),
    (
        "c4418e6fd0b7",
        "INSERT INTO visits (patient_id, visit_date, status) VALUES ('P-2', '2026-01-01', 'planned')",
    ),
    (
        "92d7e0b8134f",
        "INSERT INTO prescriptions (number, visit_id, drug, quantity) VALUES
             ('RX-1', 1, 'Ibuprofen', '20'), ('RX-2', 2, 'Paracetamol', ''), ('RX-3', 99, 'Aspirin', NULL)",
    ),
    (
        "18c0de4b5a7f",
        "UPDATE visits SET notes = 'it''s fine; really' WHERE id = 1",
    ),
];

/// The columns that the clinic's tables have at one time or another; the first one orders the rows.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        "patients",
        &[
            "id",
            "patient_id",
            "name",
            "first_name",
            "last_name",
            "email",
            "phone",
            "date_of_birth",
            "gender",
        ],
    ),
    (
        "visits",
        &[
            "id",
            "patient_id",
            "visit_date",
            "status",
            "vital_signs",
            "notes",
        ],
    ),
    ("prescriptions", &["number", "visit_id", "drug", "quantity"]),
];

/// What a database holds: the values of each column that is there, as text, in the order of the table's key.
async fn contents(url: &str) -> BTreeMap<String, Vec<String>> {
    let url = DbUrl::parse(url).unwrap();
    let mut db = Connection::open(&url, Access::Read).await.unwrap();
    let mut all = BTreeMap::new();
    for (table, columns) in COLUMNS {
        for column in *columns {
            let sql = format!(
                "SELECT coalesce(CAST({column} AS VARCHAR), 'NULL') AS value FROM {table} ORDER BY {}",
                columns[0]
            );
            // A column that is not there at this revision is an error of the query, and absent from the answer.
            if let Ok(rows) = db.fetch(&sql).await {
                let values = rows.iter().map(|row| row.get("value").unwrap());
                all.insert(format!("{table}.{column}"), values.collect());
            }
        }
    }
    all
}

async fn execute(url: &str, sql: &str) {
    let url = DbUrl::parse(url).unwrap();
    let mut db = Connection::open(&url, Access::Write).await.unwrap();
    db.execute(sql).await.unwrap();
    db.close().await.unwrap();
}

fn revisions() -> Vec<String> {
    let history = aludel::history::History::embedded(&migrations()).unwrap();
    history
        .scripts()
        .iter()
        .map(|script| script.header.id.to_string())
        .collect()
}

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
