//! Whole runs: objects are created, changed and dropped as models come to say so, and come back with a downgrade.

use super::steps::steps;
use super::support::Live;
use aludel::prelude::*;
use aludel::run::autogenerate::{Compare, Options};
use aludel::schema::ObjectKind;
use std::collections::BTreeMap;

fn tables() -> Metadata {
    Metadata::new()
        .table(
            Table::new("the visits")
                .column(Column::new("id", Type::Integer).primary_key().identity())
                .column(Column::new("name", Type::Varchar(20)))
                .column(Column::new("order", Type::Integer)),
        )
        .table(Table::new("log").column(Column::new("what", Type::Text)))
}

/// All kinds are compared, so that the last one of a kind is dropped, too.
fn everything() -> Options {
    let mut kinds: BTreeMap<ObjectKind, Compare> =
        ObjectKind::ALL.map(|it| (it, Compare::On)).into();
    // The server has databases of other tests.
    kinds.insert(ObjectKind::Schemas, Compare::Declared);
    Options {
        kinds,
        ..Options::default()
    }
}

fn objects() -> Metadata {
    tables()
        .view(
            "open",
            "SELECT id, name, `order` o FROM `the visits` WHERE id > 1",
        )
        .view("counted", "SELECT o, count(*) AS n FROM open GROUP BY o")
        .object(
            Function::new("twice", "a integer")
                .returns("integer")
                .attribute("DETERMINISTIC")
                .body("RETURN 2 * a"),
        )
        .object(
            Function::procedure("forget", "before_id integer")
                .body("DELETE FROM `the visits` WHERE id < before_id"),
        )
        .object(
            Trigger::new("log it", "the visits")
                .after()
                .insert()
                .body("INSERT INTO log VALUES (NEW.name); INSERT INTO log VALUES (twice(NEW.id))"),
        )
        .object(Sequence::new("numbers").start(10))
}

#[tokio::test(flavor = "current_thread")]
async fn objects_come_change_and_go() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let changed = tables()
        .view(
            "open",
            "SELECT id, name, `order` o, id + 1 AS next FROM `the visits` WHERE id > 2",
        )
        .view("counted", "SELECT o, count(*) AS n FROM open GROUP BY o")
        .object(
            Function::new("twice", "a integer")
                .returns("integer")
                .attribute("DETERMINISTIC")
                .attribute("COMMENT 'it''s'")
                .body("RETURN a + a"),
        )
        .object(
            Function::procedure("forget", "before_id bigint, OUT n int").body(
                "BEGIN DELETE FROM `the visits` WHERE id < before_id; SET n = ROW_COUNT(); END",
            ),
        )
        .object(
            Trigger::new("log it", "the visits")
                .before()
                .insert()
                .body("INSERT INTO log VALUES (NEW.name)"),
        )
        .object(Sequence::new("numbers").start(10).increment(2).cycle());
    let models = [tables(), objects(), changed, tables()];
    let found = steps(
        &live.db.url(),
        &models,
        &everything(),
        async |at, runner| {
            if at == 1 {
                let sql = "INSERT INTO `the visits` (name) VALUES ('a'), ('b')";
                runner.connection().execute(sql).await.unwrap();
            }
        },
    )
    .await;
    assert_eq!(
        found[1],
        [
            "added sequence 'numbers'",
            "added function 'twice(a integer)'",
            "added procedure 'forget(before_id integer)'",
            "added view 'open'",
            "added view 'counted'",
            "added trigger 'log it on the visits'",
        ]
    );
    assert_eq!(found[2].len(), 6, "{:?}", found[2]);
    assert_eq!(found[3].len(), 6, "{:?}", found[3]);
    assert!(
        found[3].iter().all(|it| it.starts_with("removed ")),
        "{:?}",
        found[3]
    );
    assert_eq!(
        live.text("SELECT GROUP_CONCAT(what ORDER BY what) FROM log")
            .await,
        "2,4,a,b"
    );
}

/// A table changes below a view and a trigger, which stay, or follow it.
#[tokio::test(flavor = "current_thread")]
async fn a_table_changes_below_them() {
    let Some(live) = Live::start().await else {
        return;
    };
    let altered = |more: bool| {
        let mut visits = Table::new("the visits")
            .column(Column::new("id", Type::BigInteger).primary_key().identity())
            .column(
                Column::new("name", Type::Varchar(40))
                    .not_null()
                    .server_default("'x'"),
            )
            .column(Column::new("order", Type::BigInteger).index());
        if more {
            visits = visits.column(Column::new("more", Type::Integer));
        }
        let query = match more {
            true => "SELECT id, more AS o FROM `the visits`",
            false => "SELECT id, name, `order` o FROM `the visits` WHERE id > 1",
        };
        let body = match more {
            true => "INSERT INTO log VALUES (NEW.more)",
            false => "INSERT INTO log VALUES (NEW.name); INSERT INTO log VALUES (twice(NEW.id))",
        };
        Metadata::new()
            .table(visits)
            .table(Table::new("log").column(Column::new("what", Type::Text)))
            .view("open", query)
            .view("counted", "SELECT o, count(*) AS n FROM open GROUP BY o")
            .object(
                Function::new("twice", "a integer")
                    .returns("integer")
                    .attribute("DETERMINISTIC")
                    .body("RETURN 2 * a"),
            )
            .object(
                Trigger::new("log it", "the visits")
                    .after()
                    .insert()
                    .body(body),
            )
    };
    let models = [objects(), altered(false), altered(true)];
    let options = Options::default();
    let found = steps(&live.db.url(), &models, &options, async |at, runner| {
        if at == 0 {
            let sql = "INSERT INTO `the visits` (name) VALUES ('a'), ('b')";
            runner.connection().execute(sql).await.unwrap();
        }
    })
    .await;
    assert!(
        !found[1]
            .iter()
            .any(|it| it.contains("view") || it.contains("trigger")),
        "{:?}",
        found[1]
    );
    assert!(
        found[2].contains(&"changed view 'open'".to_string()),
        "{:?}",
        found[2]
    );
}

/// A view of all columns has those of its table, whatever these become.
#[tokio::test(flavor = "current_thread")]
async fn a_view_of_all_columns_follows_its_table() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let models = |columns: &[&str]| {
        let id = Column::new("id", Type::Integer).primary_key();
        let table = columns
            .iter()
            .fold(Table::new("t").column(id), |table, name| {
                table.column(Column::new(*name, Type::Integer))
            });
        Metadata::new()
            .table(table)
            .view("v", "SELECT t.* FROM t")
            .view("w", "SELECT * FROM v WHERE id > 1")
            .view("x", "SELECT id, count(*) AS n FROM w GROUP BY id")
    };
    let models = [
        models(&["a"]),
        models(&["a", "b"]),
        models(&["b"]),
        models(&["b"]),
    ];
    let found = steps(
        &live.db.url(),
        &models,
        &Options::default(),
        async |_, _| {},
    )
    .await;
    assert_eq!(
        found[1],
        ["added column 't.b'", "changed view 'v'", "changed view 'w'"]
    );
    assert_eq!(found[2].len(), 3, "{:?}", found[2]);
    assert_eq!(found[3], [] as [&str; 0]);
    // All is as it was with the first models, but that `a` went and came.
    let columns = "SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY 1) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'w'";
    assert_eq!(live.text(columns).await, "a,id");
}

/// Who declares no views is not told of any, and needs no right to see them.
#[tokio::test(flavor = "current_thread")]
async fn what_is_not_declared_is_left_alone() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let altered = Metadata::new()
        .table(
            Table::new("the visits")
                .column(Column::new("id", Type::BigInteger).primary_key().identity())
                .column(Column::new("order", Type::BigInteger)),
        )
        .table(Table::new("log").column(Column::new("what", Type::Text)));
    let options = Options::default();
    let models = [tables(), altered];
    let found = steps(&live.db.url(), &models, &options, async |at, runner| {
        if at == 0 {
            let sql = "CREATE VIEW v AS SELECT id FROM `the visits`; CREATE PROCEDURE p() SELECT 1; CREATE SEQUENCE s";
            runner.connection().execute(sql).await.unwrap();
        }
    })
    .await;
    assert!(
        found[1].iter().all(|it| it.contains("the visits")),
        "{:?}",
        found[1]
    );
    assert_eq!(live.text("SELECT CAST(count(*) AS CHAR) FROM v").await, "0");
}

/// An object may be in a database in which there is no table of the models'.
#[tokio::test(flavor = "current_thread")]
async fn another_database() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let own = live.text("SELECT DATABASE()").await;
    let other = format!("{own} objects");
    let there = |name: &str| (other.clone(), name.to_string());
    let declared = |number: u32| {
        tables()
            .view(
                there("v"),
                format!("SELECT id + {number} AS x FROM `{own}`.`the visits`"),
            )
            .object(Function::procedure(there("p"), "").body(format!("SELECT {number}")))
            .object(Sequence::new(there("s")).start(number.into()))
    };
    let models = [tables(), declared(5), declared(6)];
    let found = steps(
        &live.db.url(),
        &models,
        &Options::default(),
        async |_, _| {},
    )
    .await;
    assert_eq!(found[1][0], format!("added schema '{other}'"));
    assert_eq!(found[2].len(), 3, "{:?}", found[2]);
    live.execute(&format!("DROP DATABASE IF EXISTS `{other}`"))
        .await;
}
