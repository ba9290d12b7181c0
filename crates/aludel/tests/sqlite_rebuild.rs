//! Rebuilding a table on SQLite loses nothing: one test for each thing that is known to get lost.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::Error;
use aludel::prelude::*;
use sqlite_support::{Database, recorded};

/// An operation that rebuilds `p`.
fn touch(op: &mut Operations) {
    op.alter_column("p", "name").set_type(Type::Varchar(99));
}

#[tokio::test]
async fn child_rows_stay_whatever_their_action() {
    for action in [
        "CASCADE",
        "SET NULL",
        "SET DEFAULT",
        "RESTRICT",
        "NO ACTION",
    ] {
        let mut db = Database::with(&format!(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR);
             CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER DEFAULT 1 REFERENCES p (id) ON DELETE {action} ON UPDATE CASCADE);
             INSERT INTO p VALUES (1, 'a'), (2, 'b');
             INSERT INTO c VALUES (10, 1), (11, 2), (12, 2);"
        ))
        .await;
        let before = db.rows("c ORDER BY id", &["id", "p_id"]).await;
        let child = db.sql_of("c").await;
        db.run_and_compare(touch).await;
        assert_eq!(db.rows("c ORDER BY id", &["id", "p_id"]).await, before);
        assert_eq!(db.sql_of("c").await, child);
        let refused = db.connection.execute("INSERT INTO c VALUES (13, 99)").await;
        assert!(refused.is_err(), "the foreign key must still hold");
    }
}

#[tokio::test]
async fn a_step_never_deletes_the_rows_that_refer_to_a_table() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR);
         CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
         INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES (10, 1);",
    )
    .await;
    db.execute("BEGIN IMMEDIATE").await;
    let error = db.apply(recorded(touch)).await.unwrap_err();
    assert!(matches!(&error, Error::Rebuild { .. }), "{error}");
    assert!(error.to_string().contains("`c` references it"), "{error}");

    // Without the guard, the statements themselves refuse.
    let operation = recorded(touch).remove(0).operation;
    let before = db.inspect().await;
    use aludel::dialect::Dialect as _;
    let statements = db.dialect.statements(&operation, &before).unwrap();
    let error = db.connection.execute(&statements[0].sql).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("foreign keys are on, and c references p"),
        "{error}"
    );
    db.execute("ROLLBACK").await;
    assert_eq!(db.rows("c", &["id", "p_id"]).await, ["10|1"]);
}

#[tokio::test]
async fn a_step_may_rebuild_what_nothing_references() {
    let mut db = Database::with(
        "CREATE TABLE q (id INTEGER PRIMARY KEY); INSERT INTO q VALUES (1);
         CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR, q INTEGER REFERENCES q ON DELETE CASCADE);
         INSERT INTO p VALUES (1, 'a', 1);",
    )
    .await;
    db.execute("BEGIN IMMEDIATE").await;
    db.apply(recorded(touch)).await.unwrap();
    db.execute("COMMIT").await;
    assert_eq!(db.rows("p", &["id", "name", "q"]).await, ["1|'a'|1"]);
    assert!(db.sql_of("p").await.contains("VARCHAR(99)"));
}

#[tokio::test]
async fn a_table_that_references_itself_keeps_its_rows() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR, boss INTEGER REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
         INSERT INTO p VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2);",
    )
    .await;
    let before = db.rows("p", &["id", "name", "boss"]).await;
    db.run_and_compare(touch).await;
    assert_eq!(db.rows("p", &["id", "name", "boss"]).await, before);
    let text = db.sql_of("p").await;
    assert!(
        text.contains("REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"),
        "{text}"
    );
    // In a step it is refused: the new table refers to the old one, and would be emptied with it.
    db.execute("BEGIN").await;
    assert!(
        db.apply(recorded(touch)).await.is_ok(),
        "nothing is left to do"
    );
    let again = recorded(|op| {
        op.alter_column("p", "name").set_not_null();
    });
    assert!(matches!(db.apply(again).await, Err(Error::Rebuild { .. })));
    db.execute("ROLLBACK").await;
    assert_eq!(db.rows("p", &["id", "name", "boss"]).await, before);
}

#[tokio::test]
async fn triggers_and_views_stay() {
    let mut db = Database::with(
        "CREATE TABLE log (what TEXT);
         CREATE TABLE other (id INTEGER PRIMARY KEY);
         CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR);
         CREATE VIEW v AS SELECT name FROM p;
         CREATE VIEW vv AS SELECT * FROM v;
         CREATE TRIGGER own AFTER INSERT ON p BEGIN INSERT INTO log VALUES ('own; ' || NEW.name); END;
         CREATE TRIGGER foreign_one AFTER INSERT ON other BEGIN UPDATE p SET name = 'touched' WHERE id = NEW.id; END;
         CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN INSERT INTO p (name) VALUES (NEW.name); END;
         INSERT INTO p VALUES (1, 'a');",
    )
    .await;
    let objects = "sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name";
    let before = db.rows(objects, &["type", "name", "sql"]).await;
    db.run_and_compare(touch).await;
    assert_eq!(db.rows(objects, &["type", "name", "sql"]).await, before);
    db.execute("INSERT INTO v VALUES ('b'); INSERT INTO other VALUES (1);")
        .await;
    assert_eq!(db.rows("log", &["what"]).await, ["'own; a'", "'own; b'"]);
    assert_eq!(db.rows("vv", &["name"]).await, ["'touched'", "'b'"]);
}

#[tokio::test]
async fn what_mentions_a_dropped_column_is_named() {
    let setup = "CREATE TABLE other (id INTEGER, it INTEGER); CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR, x INTEGER);";
    for (object, named) in [
        (
            "CREATE TRIGGER own AFTER UPDATE OF name ON p BEGIN SELECT 1; END",
            "trigger `own` mentions",
        ),
        (
            "CREATE TRIGGER far AFTER INSERT ON other BEGIN UPDATE p SET \"NAME\" = 'x'; END",
            "trigger `far` mentions",
        ),
        ("CREATE VIEW v AS SELECT name FROM p", "view `v` mentions"),
        (
            "CREATE VIEW v AS SELECT * FROM p; CREATE VIEW w AS SELECT name FROM v",
            "view `w` mentions",
        ),
        (
            "CREATE TRIGGER far AFTER INSERT ON other BEGIN INSERT INTO p VALUES (1, 2, 3); END",
            "trigger `far` inserts",
        ),
    ] {
        let mut db = Database::with(&format!("{setup} {object};")).await;
        let error = db
            .run(|op| {
                op.drop_column("p", "name");
            })
            .await
            .unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
        db.run_and_compare(|op| {
            op.drop_column("other", "it");
        })
        .await;
    }
    let mut db = Database::with(&format!(
        "{setup} CREATE VIEW v AS SELECT * FROM p; INSERT INTO p VALUES (1, 'a', 5);"
    ))
    .await;
    db.run_and_compare(|op| {
        op.drop_column("p", "name");
    })
    .await;
    assert_eq!(db.rows("v", &["id", "x"]).await, ["1|5"]);
}

#[tokio::test]
async fn a_column_that_another_is_computed_from_is_not_dropped() {
    let mut db = Database::with("CREATE TABLE p (id INTEGER, a INTEGER, b AS (\"a\" + 1));").await;
    let error = db
        .run(|op| {
            op.drop_column("p", "a");
        })
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("`b` is computed from `a`"),
        "{error}"
    );
}

#[tokio::test]
async fn ids_are_never_given_twice() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR);
         INSERT INTO p (name) VALUES ('a'), ('b'), ('c'); DELETE FROM p WHERE id > 1;",
    )
    .await;
    db.run_and_compare(touch).await;
    assert_eq!(
        db.rows("sqlite_sequence", &["name", "seq"]).await,
        ["'p'|3"]
    );
    db.execute("INSERT INTO p (name) VALUES ('d')").await;
    assert_eq!(db.rows("p", &["id", "name"]).await, ["1|'a'", "4|'d'"]);

    // With no row at all, too.
    db.execute("DELETE FROM p").await;
    db.run_and_compare(|op| {
        op.alter_column("p", "name").set_not_null();
    })
    .await;
    assert_eq!(
        db.rows("sqlite_sequence", &["name", "seq"]).await,
        ["'p'|4"]
    );
}

#[tokio::test]
async fn rowids_stay_where_no_column_shows_them() {
    let mut db = Database::with(
        "CREATE TABLE p (rowid TEXT, name VARCHAR);
         INSERT INTO p (_rowid_, rowid, name) VALUES (7, 'x', 'a'), (900, 'y', 'b');",
    )
    .await;
    db.run_and_compare(touch).await;
    let columns = ["_rowid_", "rowid", "name"];
    assert_eq!(db.rows("p", &columns).await, ["7|'x'|'a'", "900|'y'|'b'"]);
    // A key that becomes the rowid brings its own.
    let mut db =
        Database::with("CREATE TABLE p (id INTEGER, name VARCHAR); INSERT INTO p VALUES (5, 'a');")
            .await;
    db.run_and_compare(|op| {
        op.create_primary_key("pk_p", "p", ["id"]);
    })
    .await;
    assert_eq!(db.rows("p", &["_rowid_", "id"]).await, ["5|5"]);
    db.run_and_compare(|op| {
        op.drop_constraint("pk_p", "p");
    })
    .await;
}

#[tokio::test]
async fn the_text_stays_but_for_what_changes() {
    let definition = "CREATE TABLE p /* head */ ( -- first
  id INTEGER NOT NULL /* inside */ PRIMARY KEY, -- the id
  -- before the name
  \"name\" varchar ( 30 ) CONSTRAINT nn NOT NULL ON CONFLICT REPLACE DEFAULT 'x,)' COLLATE NOCASE, -- the name
  amount INT CHECK (amount > 0 AND p.amount < 1000), -- unnamed
  code TEXT UNIQUE ON CONFLICT IGNORE,
  doubled INT AS (amount * 2) VIRTUAL,
  tripled INT GENERATED ALWAYS AS (amount * 3) STORED,
  CHECK (length(code) > 1), -- another
  UNIQUE (amount COLLATE RTRIM DESC, code) ON CONFLICT FAIL
  -- the end
)";
    let mut db = Database::with(&format!(
        "{definition}; INSERT INTO p (id, name, amount, code) VALUES (1, 'n', 2, 'cc'), (2, 'N', 3, NULL);"
    ))
    .await;
    let columns = ["id", "name", "amount", "code", "doubled", "tripled"];
    let rows = db.rows("p", &columns).await;
    db.run_and_compare(touch).await;
    let expected = definition
        .replace("CREATE TABLE p", "CREATE TABLE \"p\"")
        .replace("varchar ( 30 )", "VARCHAR(99)")
        .replace("p.amount", "amount");
    assert_eq!(db.sql_of("p").await.trim(), expected.trim());
    assert_eq!(db.rows("p", &columns).await, rows);
    db.execute("INSERT INTO p (id, name, amount, code) VALUES (3, NULL, 5, 'cc')")
        .await;
    assert_eq!(
        db.rows("p", &columns).await,
        rows,
        "ON CONFLICT IGNORE must still hold"
    );
}

#[tokio::test]
async fn dropping_and_adding_clauses_keeps_the_others() {
    let mut db = Database::with(
        "CREATE TABLE p (
    id INTEGER PRIMARY KEY, -- the id
    name VARCHAR(10) DEFAULT 'a' /* why */ NOT NULL CONSTRAINT uq UNIQUE, -- the name
    last INT -- the last
);
INSERT INTO p VALUES (1, 'x', 2);",
    )
    .await;
    db.run_and_compare(|op| {
        op.alter_column("p", "name").drop_not_null().drop_default();
        op.drop_constraint("uq", "p");
        op.create_check_constraint("ck", "p", "last < 10");
        op.add_column(
            "p",
            Column::new("at", Type::Timestamp).server_default("CURRENT_TIMESTAMP"),
        );
        op.alter_column("p", "last")
            .set_not_null()
            .set_default("1 + 1");
    })
    .await;
    assert_eq!(
        db.sql_of("p").await,
        "CREATE TABLE \"p\" (
    id INTEGER PRIMARY KEY, -- the id
    name VARCHAR(10) /* why */, -- the name
    last INT NOT NULL DEFAULT (1 + 1), -- the last
    at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT ck CHECK (last < 10)
)"
    );
    assert_eq!(
        db.rows("p WHERE at IS NOT NULL", &["id", "name", "last"])
            .await,
        ["1|'x'|2"]
    );
}

#[tokio::test]
async fn indexes_keep_their_text() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR, x INTEGER);
         CREATE UNIQUE INDEX ix1 ON p (lower(name) COLLATE NOCASE DESC, x) WHERE x > 0 /* partial */;
         CREATE INDEX \"ix;2\" ON p (x /* why */);",
    )
    .await;
    let indexes = "sqlite_schema WHERE type = 'index' ORDER BY name";
    let before = db.rows(indexes, &["name", "sql"]).await;
    db.run_and_compare(touch).await;
    assert_eq!(db.rows(indexes, &["name", "sql"]).await, before);
    db.run_and_compare(|op| {
        op.drop_column("p", "name");
    })
    .await;
    assert_eq!(db.rows(indexes, &["name"]).await, ["'ix;2'"]);
}

#[tokio::test]
async fn strict_and_without_rowid_stay() {
    let mut db = Database::with(
        "CREATE TABLE p (id INT, name TEXT, b BLOB, a ANY, PRIMARY KEY (id, name)) STRICT, WITHOUT ROWID;
         INSERT INTO p VALUES (1, 'a', x'00ff', '007');",
    )
    .await;
    db.run_and_compare(|op| {
        op.alter_column("p", "b").set_not_null();
        op.add_column(
            "p",
            Column::new("flag", Type::Boolean)
                .not_null()
                .server_default("0"),
        );
        op.add_column(
            "p",
            Column::new("n", Type::Varchar(3)).server_default("upper('n')"),
        );
    })
    .await;
    let text = db.sql_of("p").await;
    assert!(text.contains("flag INTEGER NOT NULL DEFAULT 0"), "{text}");
    assert!(text.contains("n TEXT DEFAULT (upper('n'))"), "{text}");
    assert!(text.ends_with("STRICT, WITHOUT ROWID"), "{text}");
    let columns = ["id", "name", "b", "a", "flag", "n"];
    assert_eq!(db.rows("p", &columns).await, ["1|'a'|X'00FF'|'007'|0|'N'"]);
}

#[tokio::test]
async fn rows_are_never_left_out_by_a_conflict_clause() {
    let mut db = Database::with("CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR); INSERT INTO p VALUES (1, 'a'), (2, 'a'), (3, NULL);").await;
    for resolution in [OnConflict::Ignore, OnConflict::Replace, OnConflict::Fail] {
        let unique = Unique::new(["name"]).named("uq").on_conflict(resolution);
        let operation = aludel::ops::CreateUniqueConstraint::new("p", unique);
        let error = db.run(|op| op.record(operation)).await.unwrap_err();
        assert!(
            error.to_string().contains("UNIQUE constraint failed"),
            "{error}"
        );
    }
    let error = db
        .run(|op| {
            op.alter_column("p", "name")
                .set_not_null()
                .set_default("'z'");
        })
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("NOT NULL constraint failed"),
        "{error}"
    );
    assert_eq!(
        db.rows("p", &["id", "name"]).await,
        ["1|'a'", "2|'a'", "3|NULL"]
    );
    db.run(|op| {
        op.alter_column("p", "name")
            .set_not_null()
            .using("coalesce(name, 'z')");
    })
    .await
    .unwrap();
    assert_eq!(
        db.rows("p", &["id", "name"]).await,
        ["1|'a'", "2|'a'", "3|'z'"]
    );
}

#[tokio::test]
async fn a_type_changes_by_the_expression_given() {
    let mut db = Database::with("CREATE TABLE p (id INTEGER PRIMARY KEY, cost TEXT, name VARCHAR); INSERT INTO p VALUES (1, '12 EUR', 'a');").await;
    db.run_and_compare(|op| {
        op.alter_column("p", "cost")
            .set_type(Type::Integer)
            .using("CAST(replace(cost, ' EUR', '') AS INTEGER)")
            .rename("price");
    })
    .await;
    assert_eq!(
        db.rows("p", &["price", "typeof(price)"]).await,
        ["12|'integer'"]
    );
}

#[tokio::test]
async fn keys_that_are_referenced_are_not_dropped() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER, code TEXT, name VARCHAR, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT uq UNIQUE (code));
         CREATE TABLE c (p INTEGER REFERENCES P, code TEXT REFERENCES p (CODE) ON DELETE CASCADE);
         INSERT INTO p VALUES (1, 'a', 'n'); INSERT INTO c VALUES (1, 'a');",
    )
    .await;
    for record in [
        |op: &mut Operations| drop(op.drop_column("p", "code")),
        |op: &mut Operations| drop(op.drop_column("p", "id")),
        |op: &mut Operations| drop(op.drop_constraint("uq", "p")),
        |op: &mut Operations| drop(op.drop_constraint("pk", "p")),
        |op: &mut Operations| drop(op.drop_table("p")),
    ] {
        let error = db.run(record).await.unwrap_err();
        assert!(error.to_string().contains("`c` references it"), "{error}");
    }
    assert_eq!(db.rows("c", &["p", "code"]).await, ["1|'a'"]);
    db.run_and_compare(|op| {
        op.drop_table("c");
        op.drop_table("p");
    })
    .await;
}

#[tokio::test]
async fn a_table_in_the_way_is_named_and_left_alone() {
    let mut db = Database::with("CREATE TABLE p (id INTEGER, name VARCHAR); CREATE TABLE _aludel_new_p (x INTEGER); INSERT INTO _aludel_new_p VALUES (1);").await;
    let error = db.run(touch).await.unwrap_err();
    assert!(matches!(&error, Error::Rebuild { .. }), "{error}");
    assert!(error.to_string().contains("_aludel_new_p"), "{error}");
    assert_eq!(db.rows("_aludel_new_p", &["x"]).await, ["1"]);
}

#[tokio::test]
async fn renames_are_followed_everywhere() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, name VARCHAR CHECK (name <> ''));
         CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE);
         CREATE VIEW v AS SELECT name FROM p;
         CREATE INDEX ix ON p (name);
         CREATE TRIGGER t AFTER INSERT ON c BEGIN UPDATE p SET name = 'seen'; END;
         INSERT INTO p VALUES (1, 'a');",
    )
    .await;
    db.run(|op| {
        op.alter_column("p", "name").rename("title");
        op.alter_column("p", "id").rename("key");
        op.rename_table("p", "parents");
        op.alter_column("parents", "title")
            .set_type(Type::Text)
            .rename("label");
    })
    .await
    .unwrap();
    db.execute("INSERT INTO c VALUES (1)").await;
    assert_eq!(db.rows("parents", &["key", "label"]).await, ["1|'seen'"]);
    assert_eq!(db.rows("v", &["label"]).await, ["'seen'"]);
    let schema = db.inspect().await;
    let key = schema
        .table("c")
        .unwrap()
        .foreign_keys()
        .next()
        .unwrap()
        .clone();
    assert_eq!(
        key,
        ForeignKey::new(["p"], "parents", ["key"]).on_delete(Action::Cascade)
    );
}

#[tokio::test]
async fn enum_types_change_in_every_table() {
    let mut db = Database::new().await;
    let status = Enum::new("status", ["it's", "a,b", "(c)"]);
    let table = |name: &str| {
        let ty = Type::Enum(Enum::new("status", ["it's", "a,b", "(c)"]));
        Table::new(name)
            .column(Column::new("id", Type::Integer).primary_key())
            .column(
                Column::new("was", ty.clone())
                    .not_null()
                    .server_default("'(c)'"),
            )
            .column(Column::new("is", ty))
    };
    db.run_and_compare(|op| {
        op.create_enum(Enum::new("status", ["it's", "a,b", "(c)"]));
        op.create_table(table("a"));
        op.create_table(table("b"));
    })
    .await;
    assert_eq!(db.inspect().await.enumeration("status"), Some(&status));
    db.execute("INSERT INTO a (\"is\") VALUES ('it''s'); INSERT INTO b (\"is\") VALUES (NULL)")
        .await;
    assert!(
        db.connection
            .execute("INSERT INTO a (\"is\") VALUES ('other')")
            .await
            .is_err()
    );
    db.run_and_compare(|op| drop(op.alter_enum(status.clone(), ["new \"one\"", "it's", "(c)"])))
        .await;
    db.execute("INSERT INTO a (\"is\") VALUES ('new \"one\"')")
        .await;
    assert!(
        db.connection
            .execute("INSERT INTO b (\"is\") VALUES ('a,b')")
            .await
            .is_err()
    );
    let now = Enum::new("status", ["new \"one\"", "it's", "(c)"]);
    let error = db
        .run(|op| drop(op.alter_enum(now.clone(), ["(c)"])))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("CHECK constraint failed"),
        "{error}"
    );
    assert_eq!(
        db.rows("a", &["was", "\"is\""]).await,
        ["'(c)'|'it''s'", "'(c)'|'new \"one\"'"]
    );
    db.run_and_compare(|op| {
        op.alter_column("a", "was").set_type(Type::Text);
        op.alter_column("b", "is")
            .set_type(Type::enumeration("other", ["x"]));
    })
    .await;
}

#[tokio::test]
async fn a_numbered_key_stays_one_whatever_integer_is_asked_for() {
    let mut db =
        Database::with("CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR);")
            .await;
    let said = db
        .run_and_compare(|op| {
            op.alter_column("p", "id").set_type(Type::BigInteger);
        })
        .await;
    assert!(said.is_empty(), "{said:?}");
    // One that is none becomes one.
    let mut db = Database::with("CREATE TABLE p (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR); INSERT INTO p VALUES (4, 'a');").await;
    db.run_and_compare(|op| {
        op.alter_column("p", "id").set_type(Type::BigInteger);
    })
    .await;
    db.execute("INSERT INTO p (name) VALUES ('b')").await;
    assert_eq!(db.rows("p", &["id", "name"]).await, ["4|'a'", "5|'b'"]);
}

#[tokio::test]
async fn attached_databases_are_rebuilt_in_their_place() {
    let mut db = Database::with(
        "ATTACH ':memory:' AS aux1;
         CREATE TABLE p (id INTEGER); INSERT INTO p VALUES (99);
         CREATE TABLE aux1.p (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR);
         CREATE TABLE aux1.c (p INTEGER REFERENCES p ON DELETE CASCADE);
         CREATE INDEX aux1.ix ON p (name);
         CREATE TRIGGER aux1.t AFTER INSERT ON p BEGIN SELECT 1; END;
         INSERT INTO aux1.p VALUES (1, 'a'), (7, 'b'); INSERT INTO aux1.c VALUES (1); DELETE FROM aux1.p WHERE id = 7;",
    )
    .await;
    let objects = "aux1.sqlite_schema WHERE type <> 'table' ORDER BY name";
    let before = db.rows(objects, &["name", "sql"]).await;
    db.run(|op| {
        op.alter_column(("aux1", "p"), "name")
            .set_type(Type::Varchar(99));
        op.create_index("ix2", ("aux1", "p"), ["id"]);
        op.drop_index("ix2", ("aux1", "p"));
        op.create_foreign_key("fk", ("aux1", "c"), ("aux1", "p"), ["p"], ["id"]);
    })
    .await
    .unwrap();
    assert_eq!(db.rows(objects, &["name", "sql"]).await, before);
    assert_eq!(db.rows("aux1.p", &["id", "name"]).await, ["1|'a'"]);
    assert_eq!(db.rows("aux1.c", &["p"]).await, ["1"]);
    assert_eq!(
        db.rows("aux1.sqlite_sequence", &["name", "seq"]).await,
        ["'p'|7"]
    );
    assert_eq!(db.rows("p", &["id"]).await, ["99"]);
}

#[tokio::test]
async fn rows_that_dangle_are_counted() {
    let mut db = Database::with("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p); PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (1), (2); PRAGMA foreign_keys = ON;").await;
    use aludel::dialect::Dialect as _;
    let found = db.dialect.dangling(&mut db.connection).await.unwrap();
    assert_eq!(found, [("c".to_string(), "p".to_string(), 2)]);
}

#[tokio::test]
async fn constraints_without_a_name_are_dropped_by_what_they_say() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a INTEGER CHECK (((A>0))) UNIQUE, b INTEGER REFERENCES p, UNIQUE (b, a), UNIQUE (a));",
    )
    .await;
    db.run(|op| {
        op.drop_unnamed_constraint("p", Check::new("a > 0"));
        op.drop_unnamed_constraint("p", Unique::new(["a"]));
        op.drop_unnamed_constraint("p", ForeignKey::new(["b"], "p", ["id"]));
    })
    .await
    .unwrap();
    assert_eq!(
        db.sql_of("p").await,
        "CREATE TABLE \"p\" (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, UNIQUE (b, a), UNIQUE (a))"
    );
}

#[tokio::test]
async fn enum_types_change_in_attached_databases_too() {
    let mut db = Database::with("ATTACH ':memory:' AS aux1").await;
    let mood = || Enum::new("mood", ["a", "b"]);
    db.run(|op| {
        for name in [("main", "t"), ("aux1", "t")] {
            op.create_table(Table::new(name).column(Column::new("m", Type::Enum(mood()))));
        }
        op.alter_enum(mood(), ["a", "b", "c"]);
    })
    .await
    .unwrap();
    db.execute("INSERT INTO main.t VALUES ('c'); INSERT INTO aux1.t VALUES ('c');")
        .await;
}

#[tokio::test]
async fn an_enum_type_changes_where_a_new_table_has_the_new_values_already() {
    let mut db = Database::with(
        "CREATE TABLE b (m VARCHAR CONSTRAINT enum_mood CHECK (m IN ('x', 'y', 'z')));",
    )
    .await;
    let now = || Enum::new("mood", ["x", "z"]);
    db.run(|op| {
        op.create_table(Table::new("a").column(Column::new("m", Type::Enum(now()))));
        op.alter_enum(Enum::new("mood", ["x", "y", "z"]), now().values);
    })
    .await
    .unwrap();
    let schema = db.inspect().await;
    assert_eq!(schema.enumeration("mood"), Some(&now()));
    for table in ["a", "b"] {
        let column = schema.table(table).unwrap().find_column("m").unwrap();
        assert_eq!(column.ty.written, Type::Enum(now()));
    }
}
