//! Whole runs: views and triggers are created, changed and dropped as models come to say so, stay when a table below them is
//! rebuilt, and come back with a downgrade.

use super::steps::steps;
use aludel::prelude::*;
use aludel::run::autogenerate::{Compare, Options};
use aludel::schema::ObjectKind;

fn tables(rebuilt: bool) -> Metadata {
    let mut visits =
        Table::new("the visits").column(Column::new("id", Type::Integer).primary_key().identity());
    let (name, order) = (
        Column::new("name", Type::Varchar(20)),
        Column::new("order", Type::Integer),
    );
    visits = match rebuilt {
        true => visits
            .column(name.not_null().server_default("'x'"))
            .column(order.check("\"order\" > 0")),
        false => visits.column(name).column(order),
    };
    Metadata::new()
        .table(visits)
        .table(Table::new("log").column(Column::new("what", Type::Text)))
}

fn objects(metadata: Metadata) -> Metadata {
    metadata
        .view(
            "open",
            "SELECT id, name, \"order\" o FROM \"the visits\" WHERE id > 1 -- open",
        )
        .view("counted", "SELECT o, count(*) AS n FROM open GROUP BY o")
        .object(
            Trigger::new("log it", "the visits")
                .after()
                .update_of(["name", "order"])
                .when("NEW.id > 0")
                .body("INSERT INTO log VALUES (NEW.name); INSERT INTO log VALUES (OLD.name)"),
        )
        .object(
            Trigger::new("write", "open")
                .instead_of()
                .insert()
                .body("INSERT INTO \"the visits\" (name) VALUES (NEW.name)"),
        )
}

fn all_kinds() -> Options {
    Options {
        kinds: ObjectKind::ALL.map(|it| (it, Compare::On)).into(),
        ..Options::default()
    }
}

#[tokio::test(flavor = "current_thread")]
async fn objects_come_change_and_go() {
    let db = aludel_testdb::sqlite();
    let changed = tables(false)
        .view(
            "open",
            "SELECT id, name, \"order\" o, id + 1 AS next FROM \"the visits\" WHERE id > 1",
        )
        .view("counted", "SELECT o, count(*) AS n FROM open GROUP BY o")
        .object(
            Trigger::new("log it", "the visits")
                .before()
                .update()
                .body("INSERT INTO log VALUES (NEW.name)"),
        )
        .object(
            Trigger::new("write", "open")
                .instead_of()
                .insert()
                .body("INSERT INTO \"the visits\" (name) VALUES (NEW.name)"),
        );
    let models = [
        tables(false),
        objects(tables(false)),
        changed,
        tables(false),
    ];
    let found = steps(&db.url(), &models, &all_kinds(), async |at, runner| {
        let sql = match at {
            1 => "INSERT INTO open (name) VALUES ('a'), ('b')",
            2 => "UPDATE \"the visits\" SET name = 'c' WHERE id = 1; INSERT INTO open (name) VALUES ('d')",
            _ => return,
        };
        runner.connection().execute(sql).await.unwrap();
    })
    .await;
    assert_eq!(
        found[1],
        [
            "added view 'open'",
            "added view 'counted'",
            "added trigger 'write on open'",
            "added trigger 'log it on the visits'",
        ]
    );
    let mut said = found[2].clone();
    said.sort();
    assert_eq!(
        said,
        [
            "changed trigger 'log it on the visits'",
            "changed view 'open'",
            "trigger 'write on open' in the way of a change",
        ]
    );
    // The trigger of a view goes with it.
    assert_eq!(found[3].len(), 3, "{:?}", found[3]);
}

/// A table is rebuilt below a view and a trigger, which stay, and follows them where they follow it.
#[tokio::test(flavor = "current_thread")]
async fn a_table_is_rebuilt_below_them() {
    let db = aludel_testdb::sqlite();
    let more = Table::new("the visits")
        .column(Column::new("id", Type::Integer).primary_key().identity())
        .column(Column::new("more", Type::Integer).check("more > 0"));
    let followed = Metadata::new()
        .table(more)
        .table(Table::new("log").column(Column::new("what", Type::Text)))
        .view("open", "SELECT id, more AS o FROM \"the visits\"")
        .view("counted", "SELECT o, count(*) AS n FROM open GROUP BY o")
        .object(
            Trigger::new("log it", "the visits")
                .after()
                .update_of(["more"])
                .body("INSERT INTO log VALUES (NEW.more)"),
        );
    let models = [objects(tables(false)), objects(tables(true)), followed];
    let found = steps(
        &db.url(),
        &models,
        &Options::default(),
        async |at, runner| {
            let sql = match at {
                0 => "INSERT INTO open (name) VALUES ('a'), ('b')",
                1 => "UPDATE \"the visits\" SET name = 'c', \"order\" = 1 WHERE id = 1",
                _ => return,
            };
            runner.connection().execute(sql).await.unwrap();
        },
    )
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

/// Who declares no views is not told of any.
#[tokio::test(flavor = "current_thread")]
async fn what_is_not_declared_is_left_alone() {
    let db = aludel_testdb::sqlite();
    let models = [tables(false), tables(true)];
    let found = steps(
        &db.url(),
        &models,
        &Options::default(),
        async |at, runner| {
            let sql = "CREATE VIEW v AS SELECT id FROM \"the visits\"";
            if at == 0 {
                runner.connection().execute(sql).await.unwrap();
            }
        },
    )
    .await;
    assert!(
        !found[1].iter().any(|it| it.contains("view")),
        "{:?}",
        found[1]
    );
}
