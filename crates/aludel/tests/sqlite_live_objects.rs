//! Views and triggers of SQLite, looked at and compared: what was created from a model is equal to it, however either is written,
//! and what was changed is not.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "sqlite_live_objects/runs.rs"]
mod runs;
mod sqlite_support;
#[path = "live_objects/steps.rs"]
mod steps;

use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Declared, ObjectKind, Schema};
use sqlite_support::Database;
use std::collections::BTreeSet;

const TABLES: &str = "CREATE TABLE log (what TEXT);
    CREATE TABLE \"the Visits\" (id INTEGER PRIMARY KEY, name VARCHAR, cost INTEGER, \"order\" INTEGER);";

fn default_scope() -> Scope {
    Scope::Schemas(Vec::new())
}

async fn objects(db: &mut Database, scope: &Scope, kinds: &[ObjectKind]) -> Result<Schema> {
    let kinds: BTreeSet<ObjectKind> = kinds.iter().copied().collect();
    let mut schema = Schema::default();
    let looked = db
        .dialect
        .inspect_objects(&mut db.connection, scope, &kinds, &mut schema);
    looked.await.map(|()| schema)
}

async fn all(db: &mut Database) -> Schema {
    objects(db, &default_scope(), &ObjectKind::ALL)
        .await
        .unwrap()
}

fn model(objects: impl IntoIterator<Item = Declared>) -> Schema {
    let metadata = objects.into_iter().fold(Metadata::new(), Metadata::object);
    metadata.schema().unwrap()
}

/// The model's objects as they are compared with those of the database, and these.
async fn compared(
    db: &mut Database,
    objects: impl IntoIterator<Item = Declared>,
) -> (Schema, Schema) {
    let live = all(db).await;
    let mut model = model(objects);
    db.dialect.normalize(&mut model);
    let asked = db
        .dialect
        .canonicalize_objects(&mut db.connection, &mut model, &live);
    assert!(asked.await.unwrap());
    (model, live)
}

async fn equal(db: &mut Database, objects: impl IntoIterator<Item = Declared>) -> bool {
    let (model, live) = compared(db, objects).await;
    model.objects == live.objects
}

fn views() -> Vec<View> {
    vec![
        View::new(
            "dear",
            "SELECT id, name FROM \"the Visits\" WHERE cost > 6 AND name <> 'It''s; AS';",
        )
        .columns(["id", "the order"]),
        View::new(
            "the \"view\"",
            "-- first\nSELECT max(id) AS Id FROM dear -- the last",
        ),
        View::new(
            "select",
            "WITH c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT * FROM c",
        ),
        View::new("nothing", "VALUES (1, x'00', NULL)"),
    ]
}

fn triggers() -> Vec<Trigger> {
    let insert = "INSERT INTO log VALUES (OLD.name || '; ' || NEW.name);\n UPDATE log SET what = CASE WHEN what = 'END' THEN 1 END;";
    vec![
        Trigger::new("Log it", "the Visits")
            .after()
            .update_of(["name", "order"])
            .when("NEW.name <> OLD.name OR (NEW.name IS NULL)")
            .body(insert),
        Trigger::new("before", "the Visits")
            .before()
            .delete()
            .body("SELECT RAISE(ABORT, 'no') -- never"),
        Trigger::new("any", "the Visits")
            .after()
            .update()
            .execute("touch()")
            .body("SELECT 1"),
        Trigger::new("write", "dear")
            .instead_of()
            .insert()
            .body("INSERT INTO \"the Visits\" (id) VALUES (NEW.id)"),
    ]
}

fn declared() -> Vec<Declared> {
    let views = views().into_iter().map(Declared::from);
    views
        .chain(triggers().into_iter().map(Declared::from))
        .collect()
}

async fn created() -> Database {
    let mut db = Database::with(TABLES).await;
    db.run(|op| {
        views().into_iter().for_each(|it| drop(op.create_view(it)));
        triggers()
            .into_iter()
            .for_each(|it| drop(op.create_trigger(it)));
    })
    .await
    .unwrap();
    db
}

#[tokio::test]
async fn what_was_created_is_equal_and_is_created_again() {
    let mut db = created().await;
    let (model, live) = compared(&mut db, declared()).await;
    assert_eq!(model.objects, live.objects);
    assert_eq!(live.objects.views.len(), views().len());
    assert_eq!(live.objects.triggers.len(), triggers().len());
    assert!(live.tables.is_empty());
    // What was inspected makes the same once more.
    let mut again = Database::with(TABLES).await;
    again
        .run(|op| {
            for view in live.objects.views.values() {
                op.create_view(view.clone());
            }
            for trigger in live.objects.triggers.values() {
                op.create_trigger(trigger.clone());
            }
        })
        .await
        .unwrap();
    assert_eq!(all(&mut again).await.objects, live.objects);
    assert!(equal(&mut again, declared()).await);
}

/// The same objects, as other hands wrote them.
#[tokio::test]
async fn other_spellings_are_equal() {
    let mut db = Database::with(TABLES).await;
    db.execute(
        "create view if not exists main.[dear] (`id`, \"the order\") as select \"id\",[name] /* , cost */
            from `the Visits` where Cost > 6 and name <> 'It''s; AS' -- x
         ;
         CREATE VIEW \"the \"\"view\"\"\" AS SELECT MAX(\"id\") AS Id FROM dear;
         CREATE VIEW [select] AS WITH c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<3)SELECT*FROM c;
         CREATE VIEW [Nothing] AS VALUES(1,X'00',null);
         CREATE TEMP VIEW fleeting AS SELECT 1;
         CREATE TRIGGER IF NOT EXISTS \"log IT\" AFTER UPDATE OF \"order\",name ON \"THE visits\"
            WHEN (new.name<>old.name or(NEW.[name] is null))
         BEGIN
            insert into log values(OLD.name||'; '||NEW.name); -- once
            update log set what=case when what='END' then 1 end; END;
         CREATE TRIGGER [before] DELETE ON `the Visits` FOR EACH ROW BEGIN SELECT raise(abort,'no'); END;
         CREATE TRIGGER any AFTER UPDATE ON \"the Visits\" BEGIN SELECT 1; END;
         CREATE TRIGGER write INSTEAD OF INSERT ON Dear BEGIN INSERT INTO \"the Visits\"(id)VALUES(NEW.id); END;
         CREATE TEMP TRIGGER passing AFTER INSERT ON main.log BEGIN SELECT 1; END;",
    )
    .await;
    let mut written = declared();
    // A name of a column in other letters is another text.
    let View { query, .. } = views().swap_remove(0);
    let query = query.written.as_str().replace("cost", "Cost");
    written[0] = View::new(("main", "DEAR"), query)
        .columns(["id", "the order"])
        .into();
    let (model, live) = compared(&mut db, written).await;
    assert_eq!(model.objects, live.objects);
    let on = live.objects.triggers.keys().map(|it| it.0.to_string());
    let on: BTreeSet<String> = on.collect();
    assert_eq!(on, ["dear", "the Visits"].map(String::from).into());
}

#[tokio::test]
async fn what_was_changed_is_not_equal() {
    let mut db = created().await;
    let dear = || views().swap_remove(0);
    let log = || triggers().swap_remove(0);
    let body = log().body.unwrap();
    let changed: Vec<Declared> = vec![
        View::new("dear", dear().query.written).into(),
        dear().columns(["id", "The order"]).into(),
        View::new("dear", "SELECT id, name FROM \"the Visits\" WHERE cost > 6")
            .columns(["id", "the order"])
            .into(),
        dear().check_option(ViewCheck::Local).into(),
        dear().security_invoker().into(),
        log().before().into(),
        log().delete().into(),
        Trigger {
            events: Vec::new(),
            ..log()
        }
        .insert()
        .into(),
        Trigger {
            events: Vec::new(),
            ..log()
        }
        .update()
        .into(),
        Trigger {
            events: Vec::new(),
            ..log()
        }
        .update_of(["name"])
        .into(),
        Trigger {
            when: None,
            ..log()
        }
        .into(),
        log().when("NEW.name <> OLD.name").into(),
        log().body(body.replace("'END'", "'end'")).into(),
        Trigger {
            body: None,
            ..log()
        }
        .execute("f()")
        .into(),
        log().for_each_statement().into(),
        log().constraint().into(),
    ];
    for object in changed {
        let mut declared = declared();
        let place = declared.iter().position(|it| it.name() == object.name());
        declared[place.unwrap()] = object.clone();
        let (model, live) = compared(&mut db, declared).await;
        assert_ne!(model.objects, live.objects, "{object:?}");
        // It is a change of one that is there, and of no other.
        let mut model = model;
        for (name, view) in &live.objects.views {
            assert!(model.objects.views.contains_key(name), "{object:?}");
            if *name == "dear".into() {
                model.objects.views.insert(name.clone(), view.clone());
            }
        }
        let key = ("the Visits".into(), "Log it".into());
        let trigger = live.objects.triggers[&key].clone();
        assert!(model.objects.triggers.insert(key, trigger).is_some());
        assert_eq!(model.objects, live.objects, "{object:?}");
    }
}

/// A database cannot have both, and none of them is lost on the way to hear that.
#[tokio::test]
async fn two_of_one_name_stay_two() {
    let mut db = created().await;
    let mut two = declared();
    two.push(View::new("DEAR", "SELECT 1").into());
    let twice = triggers().swap_remove(0);
    two.push(
        Trigger {
            name: "LOG IT".into(),
            ..twice
        }
        .into(),
    );
    let (model, live) = compared(&mut db, two).await;
    assert_eq!(model.objects.views.len(), live.objects.views.len() + 1);
    assert_eq!(
        model.objects.triggers.len(),
        live.objects.triggers.len() + 1
    );
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_told() {
    let mut db = created().await;
    db.execute("CREATE VIEW aludel_own AS SELECT 1; CREATE TRIGGER Aludel_t AFTER INSERT ON log BEGIN SELECT 1; END")
        .await;
    let scope = default_scope();
    let only = objects(&mut db, &scope, &[ObjectKind::Views])
        .await
        .unwrap();
    assert_eq!(only.objects.views.len(), 4);
    assert!(only.objects.triggers.is_empty());
    let only = objects(&mut db, &scope, &[ObjectKind::Triggers]);
    let only = only.await.unwrap();
    assert!(only.objects.views.is_empty());
    assert_eq!(only.objects.triggers.len(), 4);
    let others = [
        ObjectKind::Functions,
        ObjectKind::Schemas,
        ObjectKind::Sequences,
    ];
    let none = objects(&mut db, &scope, &others).await.unwrap();
    assert_eq!(none, Schema::default());
    let tables = Scope::Tables(vec![("main", "DEAR").into()]);
    let some = objects(&mut db, &tables, &ObjectKind::ALL).await.unwrap();
    assert!(some.objects.views.is_empty());
    let key = ("dear".into(), "write".into());
    assert_eq!(some.objects.triggers.keys().collect::<Vec<_>>(), [&key]);
}

#[tokio::test]
async fn an_attached_database_has_its_own() {
    let mut db = created().await;
    db.execute(
        "ATTACH ':memory:' AS \"the other\"; CREATE TABLE \"the other\".t (id INTEGER);
         CREATE VIEW \"the other\".v AS SELECT id FROM t;
         CREATE TRIGGER \"the other\".g AFTER INSERT ON t BEGIN DELETE FROM t; END;",
    )
    .await;
    let here = all(&mut db).await;
    assert!(!here.objects.views.keys().any(|it| it.schema.is_some()));
    let scope = Scope::Schemas(vec!["the other".into()]);
    for scope in [scope, Scope::Everything] {
        let both = objects(&mut db, &scope, &ObjectKind::ALL).await.unwrap();
        assert_eq!(both.objects.views.len(), 5);
        let t = ("the other", "t");
        let mut model = model([
            View::new(("The Other", "v"), "select id from t").into(),
            Trigger::new("g", t)
                .after()
                .insert()
                .body("DELETE FROM t")
                .into(),
        ]);
        let asked = db
            .dialect
            .canonicalize_objects(&mut db.connection, &mut model, &both);
        assert!(asked.await.unwrap());
        let view = ("the other", "v").into();
        assert_eq!(
            model.objects.views.get(&view),
            both.objects.views.get(&view)
        );
        let trigger = (t.into(), "g".into());
        assert_eq!(
            model.objects.triggers.get(&trigger),
            both.objects.triggers.get(&trigger)
        );
        assert!(model.objects.triggers.contains_key(&trigger));
    }
}

/// However SQLite was told of a view or a trigger: what it took, can be read here.
#[tokio::test]
async fn every_form_is_read() {
    let mut db = Database::with(TABLES).await;
    for (number, sql) in [
        "CREATE VIEW v AS SELECT 1 AS \"AS\"",
        "CREATE VIEW v(a,\"b c\",[d],`e`,'f') AS SELECT 1,2,3,4,5",
        "CREATE VIEW v /* ( */ AS /* AS */ SELECT 1",
        "CREATE\tVIEW\nv\nAS\nVALUES(1)",
        "CREATE VIEW 'v' AS SELECT x FROM (SELECT 1 AS x) AS y",
        "CREATE TRIGGER v DELETE ON log BEGIN SELECT 1; END",
        "CREATE TRIGGER 'v' BEFORE UPDATE OF 'what' ON 'log' WHEN CASE WHEN 1 THEN 1 END BEGIN SELECT CASE WHEN 1 THEN 2 END; END",
        "CREATE TRIGGER v AFTER INSERT ON log WHEN (1) AND (2) BEGIN SELECT 'END'; SELECT 1 /* END */ ; END",
        "CREATE TRIGGER v AFTER INSERT ON log FOR EACH ROW WHEN EXISTS (SELECT 1 FROM log) BEGIN INSERT OR REPLACE INTO log SELECT 1; END",
    ]
    .iter()
    .enumerate()
    {
        db.execute(sql).await;
        let live = all(&mut db).await.objects;
        assert_eq!(live.views.len() + live.triggers.len(), 1, "{number}: {sql}");
        let kept = db.sql_of("v").await;
        // What was read makes the same when it is created again.
        let made = db.run(|op| {
            for view in live.views.values() {
                op.drop_view("v");
                op.create_view(view.clone());
            }
            for trigger in live.triggers.values() {
                op.drop_trigger("v", "log");
                op.create_trigger(trigger.clone());
            }
        });
        made.await.unwrap_or_else(|error| panic!("{error}\n{kept}"));
        assert_eq!(all(&mut db).await.objects, live, "{sql}");
        db.execute("DROP VIEW IF EXISTS v; DROP TRIGGER IF EXISTS v").await;
    }
}
