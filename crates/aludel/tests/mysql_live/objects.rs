//! Schemas, sequences, views, routines, triggers and comments on MariaDB: created, seen in the catalog, and undone.

use super::support::Live;
use aludel::db::Kind;
use aludel::prelude::*;

async fn live() -> Option<Live> {
    let mut live = Live::start().await?;
    live.execute(
        "CREATE TABLE visits (id integer PRIMARY KEY, `order` integer);
         CREATE TABLE log (what text);
         INSERT INTO visits VALUES (1, 5), (2, 7)",
    )
    .await;
    Some(live)
}

/// Everything of the database, but for its two tables and what belongs to these.
async fn catalog(live: &mut Live) -> Vec<String> {
    let sql = "SELECT CONCAT(TABLE_TYPE, ' ', TABLE_NAME, ' ', IF(TABLE_TYPE = 'VIEW', '', TABLE_COMMENT)) AS it
               FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
               UNION ALL SELECT CONCAT(ROUTINE_TYPE, ' ', ROUTINE_NAME, ' ', ROUTINE_COMMENT)
               FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
               UNION ALL SELECT CONCAT('TRIGGER ', TRIGGER_NAME, ' ', EVENT_OBJECT_TABLE)
               FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1";
    let rows = live.connection.fetch(sql).await.unwrap();
    rows.iter().map(|it| it.get("it").unwrap()).collect()
}

async fn there_and_back(
    live: &mut Live,
    up: impl FnOnce(&mut Operations),
    down: impl FnOnce(&mut Operations),
) -> Vec<String> {
    let before = catalog(live).await;
    live.upgrade(up).await;
    let mut more = catalog(live).await;
    more.retain(|it| !before.contains(it));
    live.upgrade(down).await;
    assert_eq!(catalog(live).await, before);
    more
}

async fn refused(live: &mut Live, record: impl FnOnce(&mut Operations)) -> Error {
    let mut op = Operations::new(Kind::MariaDb);
    record(&mut op);
    let operation = op.into_recorded().remove(0).operation;
    live.run(operation).await.unwrap_err()
}

#[tokio::test]
async fn views_and_sequences() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_view(View::new("v", "SELECT 1;").columns(["one"]));
            op.create_view(View::new("v", "SELECT 2")).if_not_exists();
            op.create_view(
                View::new("v", "SELECT id, `order` FROM visits WHERE id > 1 -- late")
                    .security_invoker()
                    .check_option(ViewCheck::Local),
            )
            .or_replace();
            op.rename_view("v", "the view");
            op.create_sequence(
                Sequence::new("n")
                    .start(10)
                    .increment(5)
                    .min(0)
                    .max(15)
                    .cycle()
                    .cache(10),
            );
            op.create_sequence("n").if_not_exists();
            op.rename_sequence("n", "the numbers");
        },
        |op| {
            op.drop_view("the view");
            op.drop_view("the view").if_exists();
            op.drop_sequence("the numbers");
            op.drop_sequence("the numbers").if_exists();
        },
    )
    .await;
    assert_eq!(more, ["SEQUENCE the numbers ", "VIEW the view "]);
    live.upgrade(|op| {
        op.create_view(
            View::new("v", "SELECT * FROM visits WHERE id > 1").check_option(ViewCheck::Cascaded),
        );
        op.create_sequence(Sequence::new("n").start(10));
        op.create_sequence(Sequence::new("n").start(20))
            .or_replace();
    })
    .await;
    let outside = live.connection.execute("INSERT INTO v VALUES (0, 0)").await;
    assert!(outside.unwrap_err().to_string().contains("CHECK OPTION"));
    let next = "SELECT CAST(NEXTVAL(n) AS CHAR)";
    assert_eq!(live.text(next).await, "20");
    live.upgrade(|op| {
        op.alter_sequence("n")
            .increment(2)
            .no_max()
            .cache(1)
            .restart_with(7)
            .no_cycle();
        op.alter_sequence("n").no_cycle();
        op.alter_sequence("n").cycle().no_min().max(900).start(3);
    })
    .await;
    assert_eq!(live.text(next).await, "7");
    assert_eq!(live.text(next).await, "9");
    live.upgrade(|op| drop(op.alter_sequence("n").restart()))
        .await;
    assert_eq!(live.text(next).await, "3");
}

#[tokio::test]
async fn routines_and_triggers() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            let add = Function::new("add", "a integer, b integer")
                .returns("integer")
                .attribute("DETERMINISTIC");
            op.create_function(add.clone().body("RETURN a"));
            op.create_function(
                add.body("BEGIN\n  DECLARE c integer;\n  SET c = a + b;\n  RETURN c;\nEND;"),
            )
            .or_replace();
            op.create_procedure(
                Function::new("forget", "before_id integer")
                    .body("DELETE FROM visits WHERE id < before_id"),
            );
            op.comment_on(Object::function("add", ""), Some("it's \\ a sum"));
            op.comment_on(Object::procedure("forget", ""), Some("x"));
            op.comment_on(Object::procedure("forget", ""), None);
            let log = Trigger::new("the log", "visits").after().update();
            op.create_trigger(log.clone().body("INSERT INTO log VALUES ('no')"));
            op.create_trigger(log.clone().body("SET @a = 1"))
                .if_not_exists();
            op.create_trigger(log.execute("log()").body(
                "INSERT INTO log VALUES (OLD.`order`); INSERT INTO log VALUES (NEW.`order`) -- new",
            ))
            .or_replace();
            op.execute("UPDATE visits SET `order` = `add`(`order`, 1) WHERE id = 2");
            op.execute("CALL forget(2)");
        },
        |op| {
            op.drop_trigger("the log", "visits");
            op.drop_trigger("the log", "visits").if_exists();
            op.drop_function("add", "integer, integer");
            op.drop_procedure("forget", "").if_exists();
            op.drop_function("add", "").if_exists();
        },
    )
    .await;
    assert_eq!(
        more,
        [
            "FUNCTION add it's \\ a sum",
            "PROCEDURE forget ",
            "TRIGGER the log visits"
        ]
    );
    assert_eq!(live.text("SELECT GROUP_CONCAT(what) FROM log").await, "7,8");
    assert_eq!(live.text("SELECT GROUP_CONCAT(id) FROM visits").await, "2");
}

#[tokio::test]
async fn schemas_and_comments() {
    let Some(mut live) = live().await else { return };
    let name = format!("{} other", live.text("SELECT DATABASE()").await);
    let schema = name.clone();
    live.upgrade(|op| {
        op.create_schema(schema.clone());
        op.create_schema(schema.clone()).if_not_exists();
        op.comment_on(Object::schema(schema.clone()), Some("the other"));
        op.set_schema(Object::table("log"), schema.clone());
        op.create_sequence("n");
        op.set_schema(Object::sequence("n"), schema.clone());
        op.create_view(View::new((schema.clone(), "v"), "SELECT 1 AS one"));
        op.rename_view((schema.clone(), "v"), "w");
        let trigger = Trigger::new("t", (schema.clone(), "log")).before().insert();
        op.create_trigger(trigger.body("SET NEW.what = 'seen'"));
        op.comment_on(Object::table((schema.clone(), "log")), Some("it's"));
        op.comment_on(
            Object::column((schema.clone(), "log"), "what"),
            Some("it's"),
        );
    })
    .await;
    live.execute(&format!("INSERT INTO `{name}`.log VALUES ('x')"))
        .await;
    let there = format!(
        "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{name}'"
    );
    assert_eq!(live.text(&there).await, "log,n,w");
    assert_eq!(
        live.text(&format!("SELECT what FROM `{name}`.log")).await,
        "seen"
    );
    let table = format!("`{name}`.log");
    assert_eq!(
        live.definition(&table, "what").await,
        "`what` text DEFAULT NULL COMMENT 'it''s'"
    );
    let error = refused(&mut live, |op| drop(op.drop_schema(name.clone()))).await;
    assert!(error.to_string().contains("not empty: "), "{error:?}");
    assert_eq!(live.text(&there).await, "log,n,w");
    let schema = name.clone();
    live.upgrade(|op| {
        op.drop_trigger("t", (schema.clone(), "log"));
        op.set_schema(
            Object::table((schema.clone(), "log")),
            live_database(&schema),
        );
        op.drop_schema(schema.clone()).cascade();
        op.drop_schema(schema.clone()).if_exists().cascade();
        op.create_schema(schema.clone());
        op.drop_schema(schema.clone());
        op.drop_schema(schema.clone()).if_exists();
    })
    .await;
    // A routine alone is something, too.
    let schema = name.clone();
    live.upgrade(|op| {
        op.create_schema(schema.clone());
        op.create_procedure(Function::new((schema.clone(), "p"), "").body("SELECT 1"));
    })
    .await;
    let error = refused(&mut live, |op| drop(op.drop_schema(name.clone()))).await;
    assert!(error.to_string().contains("not empty: p"), "{error:?}");
    live.upgrade(|op| drop(op.drop_schema(name.clone()).cascade()))
        .await;
    assert_eq!(live.text(&there).await, "NULL");
    assert_eq!(live.text("SELECT what FROM log").await, "seen");
}

fn live_database(other: &str) -> String {
    other.trim_end_matches(" other").to_string()
}

#[tokio::test]
async fn what_there_is_not() {
    let Some(mut live) = live().await else { return };
    for error in [
        refused(&mut live, |op| {
            drop(op.create_sequence(Sequence::new("s").owned_by("t", "c")))
        })
        .await,
        refused(&mut live, |op| {
            drop(op.create_sequence(Sequence::new("s").ty(Type::Integer)))
        })
        .await,
        refused(&mut live, |op| op.comment_on(Object::view("v"), Some("x"))).await,
        refused(&mut live, |op| drop(op.create_extension("x"))).await,
    ] {
        assert!(matches!(error, Error::Unsupported { .. }), "{error:?}");
    }
}
