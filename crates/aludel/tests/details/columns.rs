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

/// A column that is computed no more keeps what it holds, whatever becomes of what it was computed from.
async fn computed_no_more(live: Option<Live>) {
    let Some(live) = live else {
        return;
    };
    let table = |twice: Column, rest: &[Column]| {
        let table = Table::new("Words").column(Column::new("id", Type::Integer).primary_key());
        let table = rest.iter().cloned().fold(table, Table::column);
        model(table.column(twice))
    };
    let size = |ty: Type| Column::new("size", ty).not_null();
    let twice = || Column::new("twice", Type::Integer).index();
    let computed = table(twice().generated_stored("size * 2"), &[size(Type::Integer)]);
    let plain = table(twice(), &[size(Type::Integer)]);
    live.create(&computed).await;
    let quoted = live.table("Words");
    live.execute(&format!("INSERT INTO {quoted} (id, size) VALUES (1, 21)"))
        .await;
    let found = live.there_and_back(&computed, &plain).await;
    assert_eq!(found, ["computation on column 'Words.twice'"]);
    // What it was computed from gets another type, or goes, and it gets a default and another type itself.
    let others = table(twice(), &[size(Type::BigInteger)]);
    live.there_and_back(&computed, &others).await;
    let mut wide = twice().server_default("5");
    wide.ty = Type::BigInteger.into();
    let alone = table(wide, &[]);
    let draft = live.difference(&alone).await;
    let lost = |it: &aludel::lint::Warning| it.message.contains("twice");
    assert!(!draft.warnings.iter().any(lost), "{:?}", draft.warnings);
    live.settle(&alone).await;
    let kept = format!("SELECT concat(id, ' ', twice) FROM {quoted}");
    let kept = match live.is_sqlite() {
        true => kept.replace("concat(id, ' ', twice)", "id || ' ' || twice"),
        false => kept,
    };
    assert_eq!(live.column(&kept).await, ["1 42"]);
}

#[tokio::test]
async fn computed_no_more_on_postgres() {
    computed_no_more(Live::postgres()).await;
}

#[tokio::test]
async fn computed_no_more_on_sqlite() {
    computed_no_more(Live::sqlite()).await;
}

#[tokio::test]
async fn computed_no_more_on_mariadb() {
    computed_no_more(Live::mariadb()).await;
}

/// No database but PostgreSQL lets a table be without any column, if only for a while.
#[tokio::test]
async fn all_columns_at_once_on_mariadb() {
    let Some(live) = Live::mariadb() else {
        return;
    };
    let of = |columns: [Column; 2]| {
        let table = columns.into_iter().fold(Table::new("Words"), Table::column);
        model(table)
    };
    let plain = |name: &str| Column::new(name, Type::Integer);
    let one = of([
        plain("a").generated_stored("1"),
        plain("b").generated_stored("2"),
    ]);
    let other = of([
        plain("a").generated_stored("3"),
        plain("b").generated_stored("4"),
    ]);
    live.create(&one).await;
    live.execute("INSERT INTO `Words` VALUES ()").await;
    live.there_and_back(&one, &other).await;
    live.found_there_and_back(
        &one,
        &of([
            plain("a").generated_stored("3"),
            plain("c").generated_stored("4"),
        ]),
    )
    .await;
    live.settle(&other).await;
    let rows = live.column("SELECT concat(a, ' ', b) FROM `Words`").await;
    assert_eq!(rows, ["3 4"]);
}
