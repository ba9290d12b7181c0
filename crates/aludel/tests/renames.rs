//! What was renamed keeps its rows: renames that the models say, that the caller says, and that somebody is asked about, on real
//! databases, there and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::prelude::*;
use aludel::run::autogenerate::{Ask, Options};
use support::on_each;

#[path = "renames/support.rs"]
mod support;

fn patients(table: &str, id: Column, name: Column) -> Table {
    let name_of_column = name.name.to_string();
    let quoted = |sql: &str| sql.replace("NAME", &name_of_column);
    Table::new(table)
        .column(id.primary_key())
        .column(name.not_null().index())
        .column(Column::new("born", Type::Date))
        .column(Column::new("size", Type::Integer).generated_stored(quoted("length(NAME)")))
        .check(Check::new(quoted("length(NAME) > 1")))
        .unique([name_of_column.as_str(), "born"])
}

fn visits(table: &str, column: &str) -> Table {
    Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("patient", Type::Integer).references(table, column))
}

fn before() -> Metadata {
    Metadata::new()
        .table(patients(
            "patients",
            Column::new("id", Type::Integer),
            Column::new("name", Type::Varchar(40)),
        ))
        .table(visits("patients", "id"))
}

const ROWS: &str = "INSERT INTO patients (id, name, born) VALUES (1, 'Ada', '1815-12-10'); INSERT INTO visits VALUES (7, 1)";

#[test]
fn a_column_that_everything_names_keeps_its_values() {
    let after = Metadata::new()
        .table(patients(
            "patients",
            Column::new("number", Type::Integer).renamed_from("id"),
            Column::new("full_name", Type::Varchar(40)).renamed_from("name"),
        ))
        .table(visits("patients", "number"));
    on_each(async |place| {
        place.create(&before()).await;
        place.execute(ROWS).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, []);
        let said = draft.detected();
        assert_eq!(
            said[..2],
            [
                "renamed column 'patients.id' to 'patients.number'",
                "renamed column 'patients.name' to 'patients.full_name'",
            ]
        );
        if place.name != "mariadb" {
            assert_eq!(
                said[2..],
                [
                    "renamed constraint 'ck_patients_length' on 'patients' to 'ck_patients_length'",
                ][1..],
                "{}",
                place.name
            );
        }
        place
            .there_and_back(draft, &before(), &after, async |place| {
                let names = "SELECT full_name FROM patients JOIN visits ON patient = number";
                assert_eq!(place.rows(names).await, ["Ada"]);
            })
            .await;
        let names = "SELECT name FROM patients JOIN visits ON patient = patients.id";
        assert_eq!(place.rows(names).await, ["Ada"]);
    });
}
