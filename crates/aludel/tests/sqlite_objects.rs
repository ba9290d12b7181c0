//! Views and triggers on SQLite, and enum types that get other names: carried out where rows are, then undone.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::prelude::*;
use sqlite_support::Database;

const TABLES: &str = "CREATE TABLE log (what TEXT);
    CREATE TABLE \"the visits\" (id INTEGER PRIMARY KEY, name VARCHAR, cost INTEGER);
    INSERT INTO \"the visits\" VALUES (1, 'a', 5), (2, 'b', 7);";

const OBJECTS: &str = "sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name";

fn create(op: &mut Operations) {
    op.create_view(
        View::new("dear", "SELECT id, name FROM \"the visits\" WHERE cost > 6")
            .columns(["id", "order"]),
    );
    op.create_view(View::new(
        "dearest",
        "SELECT max(id) AS id FROM dear -- the last",
    ));
    op.create_trigger(
        Trigger::new("Log it", "the visits")
            .after()
            .update_of(["name"])
            .when("NEW.name <> OLD.name")
            .body("INSERT INTO log VALUES (OLD.name || '; ' || NEW.name); UPDATE log SET what = what || '!'"),
    );
    op.create_trigger(
        Trigger::new("write", "dear")
            .instead_of()
            .insert()
            .body("INSERT INTO \"the visits\" VALUES (NEW.id, NEW.\"order\", 100) -- dear"),
    );
}

#[tokio::test]
async fn views_and_triggers_work_and_go() {
    let mut db = Database::with(TABLES).await;
    let before = db.inspect().await;
    db.run(create).await.unwrap();
    db.execute(
        "INSERT INTO dear VALUES (3, 'c'); UPDATE \"the visits\" SET name = 'x' WHERE id < 3",
    )
    .await;
    assert_eq!(
        db.rows("dear", &["id", "\"order\""]).await,
        ["2|'x'", "3|'c'"]
    );
    assert_eq!(db.rows("dearest", &["id"]).await, ["3"]);
    assert_eq!(db.rows("log", &["what"]).await, ["'a; x!!'", "'b; x!'"]);
    let again = db.run(create).await.unwrap_err();
    assert!(again.to_string().contains("already exists"), "{again}");
    db.run(|op| {
        op.drop_trigger("write", "dear");
        op.drop_trigger("Log it", "the visits");
        op.drop_view("dearest");
        op.drop_view("dear");
        op.drop_view("dear").if_exists();
        op.drop_trigger("Log it", "the visits").if_exists();
    })
    .await
    .unwrap();
    assert_eq!(db.rows(OBJECTS, &["name"]).await, [] as [&str; 0]);
    assert_eq!(db.inspect().await, before);
    assert!(db.run(|op| drop(op.drop_view("dear"))).await.is_err());
}

/// The machinery that carries them over is tried in `sqlite_rebuild.rs`; here, that what is created by operations is of the kind
/// that it finds.
#[tokio::test]
async fn a_rebuild_keeps_what_was_created() {
    let mut db = Database::with(TABLES).await;
    db.run(create).await.unwrap();
    let before = db.rows(OBJECTS, &["type", "name", "sql"]).await;
    assert_eq!(before.len(), 4);
    db.run(|op| {
        op.alter_column("the visits", "cost").set_not_null();
        op.create_check_constraint("ck", "the visits", "cost > 0");
    })
    .await
    .unwrap();
    assert_eq!(db.rows(OBJECTS, &["type", "name", "sql"]).await, before);
    db.execute(
        "INSERT INTO dear VALUES (3, 'c'); UPDATE \"the visits\" SET name = 'x' WHERE id = 3",
    )
    .await;
    assert_eq!(db.rows("log", &["what"]).await, ["'c; x!'"]);
    let error = db
        .run(|op| drop(op.drop_column("the visits", "name")))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("mentions the column `name`"),
        "{error}"
    );
}

#[tokio::test]
async fn replacing_loses_nothing() {
    let mut db = Database::with(TABLES).await;
    db.run(create).await.unwrap();
    let replace = |op: &mut Operations| {
        op.create_view(View::new(
            "dear",
            "SELECT id, name AS \"order\" FROM \"the visits\"",
        ))
        .or_replace();
    };
    let objects = db.rows(OBJECTS, &["sql"]).await;
    let error = db.run(replace).await.unwrap_err().to_string();
    assert!(
        error.contains("dear has triggers, which would be dropped with it")
            && error.contains("is write"),
        "{error}"
    );
    assert_eq!(db.rows(OBJECTS, &["sql"]).await, objects);
    db.run(|op| drop(op.drop_trigger("write", "dear")))
        .await
        .unwrap();
    db.run(replace).await.unwrap();
    // The view on top of it sees the new one.
    assert_eq!(db.rows("dear", &["id"]).await, ["1", "2"]);
    assert_eq!(db.rows("dearest", &["id"]).await, ["2"]);
    db.run(|op| {
        let trigger = Trigger::new("Log it", "the visits").after();
        op.create_trigger(trigger.delete().body("INSERT INTO log VALUES ('gone')"))
            .or_replace();
        op.create_view(View::new("dearest", "SELECT 1"))
            .if_not_exists();
        op.create_view(View::new("fresh", "SELECT 1 AS one"))
            .or_replace();
    })
    .await
    .unwrap();
    db.execute("DELETE FROM \"the visits\" WHERE id = 1").await;
    assert_eq!(db.rows("log", &["what"]).await, ["'gone'"]);
    assert_eq!(db.rows("dearest", &["id"]).await, ["2"]);
    assert_eq!(db.rows("fresh", &["one"]).await, ["1"]);
}

#[tokio::test]
async fn another_database_has_its_own() {
    let mut db = Database::with(
        "ATTACH ':memory:' AS \"the other\"; CREATE TABLE \"the other\".t (id INTEGER);
         CREATE TABLE \"the other\".log (id INTEGER);",
    )
    .await;
    let create = |op: &mut Operations| {
        op.create_view(View::new(("the other", "v"), "SELECT id + 1 AS id FROM t"))
            .or_replace();
        op.create_trigger(
            Trigger::new("log", ("the other", "t"))
                .before()
                .insert()
                .body("INSERT INTO log VALUES (NEW.id);"),
        )
        .or_replace();
    };
    db.run(create).await.unwrap();
    db.run(create).await.unwrap();
    db.execute("INSERT INTO \"the other\".t VALUES (1)").await;
    assert_eq!(db.rows("\"the other\".v", &["id"]).await, ["2"]);
    assert_eq!(db.rows("\"the other\".log", &["id"]).await, ["1"]);
    db.run(|op| {
        op.drop_trigger("log", ("the other", "t"));
        op.drop_view(("the other", "v"));
    })
    .await
    .unwrap();
    let left = "\"the other\".sqlite_schema WHERE type <> 'table'";
    assert_eq!(db.rows(left, &["name"]).await, [] as [&str; 0]);
}

fn mood() -> Enum {
    Enum::new("mood", ["it's", "glad"])
}

/// Two tables have the type; one is referenced, has a trigger, and a default that is one of the values.
async fn moods() -> Database {
    let mut db = Database::with("CREATE TABLE log (what TEXT);").await;
    db.run(|op| {
        op.create_enum(mood());
        op.create_table(
            Table::new("visits")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(
                    Column::new("mood", Type::Enum(mood()))
                        .not_null()
                        .server_default("'it''s'"),
                )
                .column(Column::new("note", Type::Text).server_default("'glad'")),
        );
        op.create_table(
            Table::new("pets")
                .column(Column::new("owner", Type::Integer).references("visits", "id"))
                .column(Column::new("mood", Type::Enum(mood()))),
        );
        op.create_trigger(
            Trigger::new("log", "visits")
                .after()
                .update()
                .body("INSERT INTO log VALUES (NEW.mood)"),
        );
    })
    .await
    .unwrap();
    db.execute("INSERT INTO visits (id) VALUES (1); INSERT INTO visits VALUES (2, 'glad', 'x')")
        .await;
    db.execute("INSERT INTO pets VALUES (1, 'it''s'), (NULL, NULL)")
        .await;
    db
}

#[tokio::test]
async fn a_value_of_an_enum_type_is_renamed() {
    let mut db = moods().await;
    let before = db.inspect().await;
    db.run_and_compare(|op| op.rename_enum_value("mood", "it's", "so-so"))
        .await;
    db.execute("INSERT INTO visits (id) VALUES (3)").await;
    let rows = db.rows("visits", &["id", "mood", "note"]).await;
    assert_eq!(
        rows,
        ["1|'so-so'|'glad'", "2|'glad'|'x'", "3|'so-so'|'glad'"]
    );
    assert_eq!(
        db.rows("pets", &["owner", "mood"]).await,
        ["1|'so-so'", "NULL|NULL"]
    );
    assert_eq!(db.rows("log", &["what"]).await, [] as [&str; 0]);
    let refused = db
        .connection
        .execute("INSERT INTO pets VALUES (1, 'it''s')")
        .await;
    assert!(refused.is_err());
    db.run_and_compare(|op| op.rename_enum_value("mood", "so-so", "it's"))
        .await;
    assert_eq!(db.inspect().await, before);
    assert_eq!(db.rows("pets", &["mood"]).await, ["'it''s'", "NULL"]);
    db.execute("UPDATE visits SET mood = 'glad' WHERE id = 1")
        .await;
    assert_eq!(db.rows("log", &["what"]).await, ["'glad'"]);

    for (from, to, reason) in [
        ("sad", "mad", "it has no value `sad`"),
        ("glad", "it's", "it has a value `it's` already"),
    ] {
        let error = db
            .run(|op| op.rename_enum_value("mood", from, to))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn what_names_a_value_is_named() {
    for (object, named) in [
        (
            "CREATE INDEX ix ON visits (id) WHERE mood = 'glad'",
            "index `ix`",
        ),
        (
            "CREATE VIEW v AS SELECT * FROM visits WHERE mood = 'glad'",
            "view `v`",
        ),
        (
            "CREATE TRIGGER t AFTER INSERT ON visits WHEN NEW.mood = 'glad' BEGIN SELECT 1; END",
            "trigger `t`",
        ),
        (
            "CREATE TABLE other (mood VARCHAR DEFAULT ('gl' || 'glad') CONSTRAINT enum_mood CHECK (mood IN ('it''s', 'glad')))",
            "default of `mood`",
        ),
    ] {
        let mut db = moods().await;
        db.execute(object).await;
        let rows = db.rows("visits", &["id", "mood", "note"]).await;
        let error = db
            .run(|op| op.rename_enum_value("mood", "glad", "happy"))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
        assert_eq!(db.rows("visits", &["id", "mood", "note"]).await, rows);
        db.run(|op| op.rename_enum_value("mood", "it's", "so"))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_enum_type_is_renamed() {
    let mut db = moods().await;
    let before = db.inspect().await;
    db.run_and_compare(|op| op.rename_enum("mood", "The mood"))
        .await;
    assert!(
        db.sql_of("pets")
            .await
            .contains("CONSTRAINT \"enum_The mood\" CHECK")
    );
    assert_eq!(
        db.rows("visits", &["id", "mood"]).await,
        ["1|'it''s'", "2|'glad'"]
    );
    db.run_and_compare(|op| op.rename_enum("The mood", "mood"))
        .await;
    assert_eq!(db.inspect().await, before);
}
