//! What the tests of the clinic's history share: its revisions, the rows of a practice, and what a database holds.
#![allow(dead_code)]

use aludel::db::{Access, Connection, DbUrl, Kind};
use aludel::history::Migrations;
use aludel::prelude::*;
use std::collections::BTreeMap;

/// The revisions.
pub fn migrations() -> Migrations {
    migrations!("migrations/versions")
}

/// Rows that a practice would have by then: the SQL that is run when a revision has just been applied.
pub const ROWS: &[(&str, &str)] = &[
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
pub async fn contents(url: &str) -> BTreeMap<String, Vec<String>> {
    let url = DbUrl::parse(url).unwrap();
    let mut db = Connection::open(&url, Access::Read).await.unwrap();
    let text = match db.kind() {
        Kind::Mysql | Kind::MariaDb => "CHAR",
        _ => "VARCHAR",
    };
    let mut all = BTreeMap::new();
    for (table, columns) in COLUMNS {
        for column in *columns {
            let sql = format!(
                "SELECT coalesce(CAST({column} AS {text}), 'NULL') AS value FROM {table} ORDER BY {}",
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

/// Runs SQL on a database.
pub async fn execute(url: &str, sql: &str) {
    let url = DbUrl::parse(url).unwrap();
    let mut db = Connection::open(&url, Access::Write).await.unwrap();
    db.execute(sql).await.unwrap();
    db.close().await.unwrap();
}

/// The identifiers, from the first to the last.
pub fn revisions() -> Vec<String> {
    let history = aludel::history::History::embedded(&migrations()).unwrap();
    history
        .scripts()
        .iter()
        .map(|script| script.header.id.to_string())
        .collect()
}
