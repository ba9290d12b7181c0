//! Any text can be a name: what it says is never run.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::Error;
use aludel::prelude::*;
use sqlite_support::{Database, recorded, spelled};

const NAMES: &[&str] = &[
    "plain",
    "Upper",
    "select",
    "primary",
    "with space",
    "quo\"te",
    "two\"\"quotes",
    "ap'ostrophe",
    "back`tick",
    "[bracket]",
    "semi;colon",
    "x\"; DROP TABLE victim; --",
    "x'; DROP TABLE victim; --",
    "x); DROP TABLE victim; /*",
    "dash--dash",
    "/* comment */",
    "ünïcödé",
    "日本",
    "🦀",
    "1st",
    "a.b",
    "new\nline",
    "rowid",
    "%s{}$1?",
];

#[tokio::test]
async fn every_kind_of_name_takes_every_text() {
    for name in NAMES {
        let mut db =
            Database::with("CREATE TABLE victim (id INTEGER); INSERT INTO victim VALUES (1);")
                .await;
        let n = |prefix: &str| format!("{prefix}{name}");
        db.run_and_compare(|op| {
            let ty = Type::enumeration(n(""), [*name, "b"]);
            op.create_table(
                Table::new(*name)
                    .column(Column::new(*name, Type::Integer))
                    .column(Column::new(n("u"), Type::Text).not_null())
                    .column(
                        Column::new(n("e"), ty)
                            .server_default(format!("'{}'", name.replace('\'', "''"))),
                    )
                    .constraint(PrimaryKey::new([*name]).named(n("pk")))
                    .constraint(Unique::new([n("u")]).named(n("uq")))
                    .constraint(Check::new("1").named(n("ck")))
                    .constraint(ForeignKey::new([*name], *name, [*name]).named(n("fk")))
                    .autoincrement(),
            );
        })
        .await;
        let column = format!("\"{}\"", name.replace('"', "\"\""));
        let other = format!("\"u{}", &column[1..]);
        db.execute(&format!("INSERT INTO {column} ({other}) VALUES ('t')"))
            .await;
        db.run_and_compare(|op| {
            op.create_index(n("ix"), *name, [n("u")]).unique();
            op.add_column(*name, Column::new(n("added"), Type::Integer));
            op.alter_column(*name, n("added"))
                .set_type(Type::Text)
                .set_default("'d'");
            op.create_unique_constraint(n("uq2"), *name, [n("added")]);
            op.drop_constraint(n("uq"), *name);
            op.drop_constraint(n("ck"), *name);
            op.drop_column(*name, n("added"));
            op.drop_index(n("ix"), *name);
            op.alter_enum(Enum::new(*name, [*name, "b"]), [*name, "c"]);
        })
        .await;
        let rows = db.rows(&column, &[&format!("\"u{}", &column[1..])]).await;
        assert_eq!(rows, ["'t'"], "{name}");
        db.run(|op| {
            op.bulk_insert(
                *name,
                [*name, &n("u")],
                [(Literal::from(5), Literal::from(*name))],
            );
            op.alter_column(*name, n("u")).rename(n("renamed"));
            op.rename_table(*name, n("new"));
        })
        .await
        .unwrap();
        db.run_and_compare(|op| {
            op.drop_table(n("new"));
        })
        .await;
        assert_eq!(db.rows("victim", &["id"]).await, ["1"], "{name}");
        assert_eq!(db.inspect().await.tables.len(), 1);
    }
}

#[tokio::test]
async fn views_and_triggers_of_any_name_stay() {
    for name in NAMES {
        let q = format!("\"{}\"", name.replace('"', "\"\""));
        let mut db = Database::with(&format!(
            "CREATE TABLE {q} (id INTEGER PRIMARY KEY, x TEXT);
             CREATE VIEW v AS SELECT x FROM {q};
             CREATE TRIGGER \"t{} AFTER INSERT ON {q} BEGIN UPDATE {q} SET x = 'seen'; END;
             INSERT INTO {q} VALUES (1, 'a');",
            &q[1..]
        ))
        .await;
        db.run_and_compare(|op| {
            op.alter_column(*name, "x").set_not_null();
        })
        .await;
        assert_eq!(db.rows("v", &["x"]).await, ["'seen'"]);
        let error = db
            .run(|op| {
                op.drop_column(*name, "x");
            })
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Rebuild { .. }), "{error}");
    }
}

#[test]
fn what_no_name_can_be_is_an_error() {
    for name in ["", "a\0b"] {
        let said = spelled(&Default::default(), |op| {
            op.drop_index(name, "t");
            op.rename_table("t", name);
        });
        assert_eq!(
            said.matches("cannot be a name on SQLite").count(),
            2,
            "{said}"
        );
    }
    let text = recorded(|op| {
        op.bulk_insert("t", ["a"], [["a\0b"]]);
    });
    use aludel::dialect::Dialect as _;
    let dialect = aludel::dialect::sqlite::Sqlite::new();
    assert!(
        dialect
            .statements(&text[0].operation, &Default::default())
            .is_err()
    );
}
