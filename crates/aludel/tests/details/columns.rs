//! Collations, character sets, and the words that a column has on one database alone.

use crate::support::{Live, model};
use aludel::prelude::*;

/// A table with names that need quoting; the column is one of an index and of what is computed.
fn words(column: Column, size: &str) -> Metadata {
    model(
        Table::new("Words")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(column.index())
            .column(Column::new("size", Type::Integer).generated_stored(size)),
    )
}

fn order() -> Column {
    Column::new("order", Type::Varchar(20))
        .not_null()
        .server_default("'x'")
}

/// Two collations, and none: each becomes each.
async fn collations(live: Option<Live>, names: [&str; 2], size: &str) {
    let Some(live) = live else {
        return;
    };
    let plain = words(order(), size);
    let [first, second] = names.map(|it| words(order().collation(it), size));
    live.create(&plain).await;
    let quote = if size.contains('`') { '`' } else { '"' };
    let insert = r#"INSERT INTO "Words" (id, "order") VALUES (1, 'B'), (2, 'a')"#;
    live.execute(&insert.replace('"', &quote.to_string())).await;
    let collation = "collation on column 'Words.order'".to_string();
    let found = live.there_and_back(&plain, &first).await;
    assert!(found.contains(&collation), "{found:?}");
    live.there_and_back(&plain, &second).await;
    live.settle(&first).await;
    live.there_and_back(&first, &second).await;
    let mut wider = order();
    wider.ty = Type::Varchar(40).into();
    // Another type keeps the collation; and both change at once.
    live.there_and_back(&first, &words(wider.clone().collation(names[0]), size))
        .await;
    live.there_and_back(&first, &words(wider, size)).await;
}

#[tokio::test]
async fn a_collation_on_postgres() {
    let names = ["C", "en-x-icu"];
    collations(Live::postgres(), names, r#"length("order")"#).await;
}

#[tokio::test]
async fn a_collation_on_sqlite() {
    let names = ["NOCASE", "rtrim"];
    collations(Live::sqlite(), names, r#"length("order")"#).await;
}

#[tokio::test]
async fn a_collation_on_mariadb() {
    let names = ["utf8mb4_bin", "latin1_swedish_ci"];
    collations(Live::mariadb(), names, "length(`order`)").await;
}

#[tokio::test]
async fn a_conflict_clause() {
    let live = Live::sqlite().unwrap();
    let clause = |it: Option<OnConflict>| {
        let mut column = order();
        column.not_null_on_conflict = it;
        words(column, r#"length("order")"#)
    };
    let (none, fail) = (clause(None), clause(Some(OnConflict::Fail)));
    live.create(&none).await;
    live.execute(r#"INSERT INTO "Words" (id) VALUES (1)"#).await;
    let found = live.there_and_back(&none, &fail).await;
    let line = "conflict clause of NOT NULL on column 'Words.order'";
    assert_eq!(found, [line]);
    live.settle(&fail).await;
    let replace = clause(Some(OnConflict::Replace));
    live.there_and_back(&fail, &replace).await;
    let mut nullable = order();
    nullable.nullable = true;
    let nullable = words(nullable, r#"length("order")"#);
    live.there_and_back(&fail, &nullable).await;
}

#[tokio::test]
async fn what_mariadb_alone_has() {
    let Some(live) = Live::mariadb() else {
        return;
    };
    let table = |seen: Column, note: Column| {
        model(
            Table::new("Log")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(seen)
                .column(note),
        )
    };
    let seen = || Column::new("seen", Type::Timestamp).server_default("CURRENT_TIMESTAMP");
    let note = || Column::new("note", Type::Varchar(20)).comment("it's");
    let plain = table(seen(), note());
    let other = table(seen().server_onupdate("now()"), note().invisible());
    live.create(&plain).await;
    live.execute("INSERT INTO `Log` (id, note) VALUES (1, 'a')")
        .await;
    let found = live.there_and_back(&plain, &other).await;
    let lines = [
        "ON UPDATE on column 'Log.seen'",
        "visibility on column 'Log.note'",
    ];
    assert_eq!(found, lines);
    let charset = table(seen(), note().charset("latin1"));
    live.there_and_back(&plain, &charset).await;
    live.settle(&charset).await;
    let both = note().charset("latin1").collation("latin1_bin");
    live.there_and_back(&charset, &table(seen(), both)).await;
    // The character set's own collation, said or not.
    let said = note().charset("latin1").collation("latin1_swedish_ci");
    assert!(live.difference(&table(seen(), said)).await.is_empty());
}
