//! Small databases that a random one was cut down to: each was once led from one set of models to the next, and back, and did not
//! arrive.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

#[path = "live_objects/steps.rs"]
mod steps;

use aludel::prelude::*;
use aludel::run::autogenerate::{Compare, Options};
use aludel::schema::ObjectKind;

/// All kinds are compared, whether or not anything of one is declared.
fn options(kinds: &[ObjectKind]) -> Options {
    Options {
        kinds: kinds.iter().map(|it| (*it, Compare::On)).collect(),
        ..Options::default()
    }
}

async fn on_sqlite(models: &[Metadata]) {
    let db = aludel_testdb::sqlite();
    let kinds = [ObjectKind::Views, ObjectKind::Triggers];
    steps::steps(&db.url(), models, &options(&kinds), async |_, _| {}).await;
}

async fn on_postgres(models: &[Metadata]) {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let kinds = ObjectKind::ALL.into_iter();
    let kinds: Vec<ObjectKind> = kinds
        .filter(|it| !matches!(it, ObjectKind::Schemas | ObjectKind::Extensions))
        .collect();
    steps::steps(&db.url(), models, &options(&kinds), async |_, _| {}).await;
}

fn models(tables: impl IntoIterator<Item = Table>) -> Metadata {
    tables.into_iter().fold(Metadata::new(), Metadata::table)
}

/// A text is compared with its spaces, and a CHAR without: what looks at the column is another check.
#[tokio::test]
async fn a_check_on_a_char_that_becomes_a_text() {
    let with = |ty: Type| {
        let table = Table::new("t")
            .column(Column::new("c", ty))
            .check(Check::new("coalesce(c, '') <> 'never'").named("one"))
            .check(Check::new("c <> 'never'").named("two"));
        models([table])
    };
    let texts = [
        Type::Char(20),
        Type::Text,
        Type::Char(20),
        Type::Varchar(20),
    ];
    on_postgres(&texts.map(with)).await;
}

/// No database changes an enum type under what is computed from it, in a table that just came.
#[tokio::test]
async fn a_table_comes_with_what_is_computed_from_a_type_in_another_order() {
    let with = |values: [&str; 2], all: bool| {
        let mood = || Type::enumeration("mood", values);
        let computed = Column::new("is_sad", Type::Boolean).generated_stored("mood = 'sad'");
        let mut tables = vec![Table::new("s").column(Column::new("mood", mood()))];
        if all {
            let column = Column::new("mood", mood());
            tables.push(Table::new("t").column(column).column(computed));
        }
        models(tables)
    };
    on_postgres(&[
        with(["sad", "glad"], true),
        with(["glad", "sad"], false),
        with(["sad", "glad"], true),
    ])
    .await;
}

/// A table may have the name of a keyword, which every query has.
#[tokio::test]
async fn a_view_beside_a_table_that_is_called_select() {
    let with = |more: bool| {
        let other = Table::new("other").column(Column::new("note", Type::Text));
        let mut table = Table::new("select").column(Column::new("id", Type::Integer));
        if more {
            table = table.column(Column::new("note", Type::Text));
        }
        models([table, other]).view("notes", "SELECT note FROM other")
    };
    on_sqlite(&[with(true), with(false), with(true)]).await;
}
