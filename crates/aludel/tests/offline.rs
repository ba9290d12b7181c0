//! Scripts: what is in them, and what the database's own client makes of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, DbUrl, Kind};
use aludel::dialect;
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::revision::Direction;
use aludel::run::{self, Options, Runner, Transaction};
use aludel::{Failure, TransactionError};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::sync::Arc;

const fn rust(
    name: &'static str,
    text: &'static str,
    up: fn(&mut Operations),
    down: fn(&mut Operations),
) -> Embedded {
    Embedded {
        name,
        text,
        up: Some(up),
        down: Some(down),
    }
}

const fn sql(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: None,
        down: None,
    }
}

const A: &str = "//! A\n//!\n//! Revision ID: a\n";
const B: &str = "//! B\n//!\n//! Revision ID: b\n//! Revises: a\n";

fn nothing(_: &mut Operations) {}

async fn script_with(
    kind: Kind,
    files: &'static [Embedded],
    target: &str,
    transaction: Transaction,
) -> Result<String, Failure> {
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let dialect = Arc::from(dialect::by_kind(kind).unwrap());
    let options = Options {
        transaction,
        ..Options::default()
    };
    let target = target.parse().unwrap();
    let text = run::script(&history, dialect, Direction::Up, &target, &options).await;
    text.map_err(|error| match error {
        Error::Revision(failure) => *failure,
        other => panic!("{other}"),
    })
}

async fn script(kind: Kind, files: &'static [Embedded], target: &str) -> Result<String, Failure> {
    script_with(kind, files, target, Transaction::PerRevision).await
}

async fn runner(url: &str, files: &'static [Embedded]) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap()
}

const CONCURRENT: Embedded = rust(
    "a.rs",
    A,
    |op| {
        op.execute("CREATE TABLE t (id integer PRIMARY KEY)");
        op.execute("CREATE INDEX CONCURRENTLY ix ON t (id)");
        op.run("fill\nDROP TABLE t", async |db| {
            db.execute("INSERT INTO t VALUES (1)").await?;
            db.execute("INSERT INTO t VALUES (2)").await?;
            Ok(())
        })
        .offline("INSERT INTO t VALUES (1); -- the first\nINSERT INTO t VALUES (2)")
        .offline("ANALYZE t -- at the end");
    },
    nothing,
);

#[tokio::test(flavor = "current_thread")]
async fn what_cannot_run_inside_stands_between_transactions() {
    let text = script(Kind::Postgres, &[CONCURRENT], "head").await.unwrap();
    insta::assert_snapshot!(text, @r#"
    CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    );

    -- Running upgrade  -> a

    BEGIN;

    CREATE TABLE t (id integer PRIMARY KEY);

    COMMIT;

    CREATE INDEX CONCURRENTLY ix ON t (id);

    -- run "fill DROP TABLE t"

    BEGIN;

    INSERT INTO t VALUES (1);

    INSERT INTO t VALUES (2);

    ANALYZE t -- at the end
    ;

    INSERT INTO alembic_version (version_num) VALUES ('a');

    COMMIT;
    "#);
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        database.psql(&text);
        let valid = "SELECT indisvalid, (SELECT count(*) FROM t) FROM pg_index WHERE indexrelid = 'ix'::regclass";
        assert_eq!(database.psql(valid), "t|2");
    }
    let failed = script_with(Kind::Postgres, &[CONCURRENT], "head", Transaction::All);
    let failed = failed.await.unwrap_err();
    assert!(
        matches!(
            failed.source,
            Error::Transaction(TransactionError::Outside { .. })
        ),
        "{failed:?}"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn one_transaction_is_around_the_whole_script() {
    const ONE: Embedded = rust(
        "a.rs",
        A,
        |op| op.execute("CREATE TABLE t (a integer)"),
        nothing,
    );
    const TWO: Embedded = rust(
        "b.rs",
        B,
        |op| {
            op.alter_column("t", "a").set_not_null();
        },
        nothing,
    );
    let text = script_with(Kind::Sqlite, &[ONE, TWO], "head", Transaction::All).await;
    let text = text.unwrap();
    let frame = |line: &&str| {
        let words = [
            "BEGIN",
            "COMMIT",
            "PRAGMA foreign_keys",
            "-- Running",
            "PRAGMA legacy_alter_table = OFF;",
        ];
        words.iter().any(|it| line.starts_with(it))
    };
    let frame: Vec<&str> = text.lines().filter(frame).collect();
    assert_eq!(
        frame,
        [
            "PRAGMA foreign_keys = OFF;",
            "BEGIN IMMEDIATE;",
            "-- Running upgrade  -> a",
            "-- Running upgrade a -> b",
            "PRAGMA legacy_alter_table = OFF;",
            "COMMIT;",
            "PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON;"
        ]
    );
    let file = aludel_testdb::sqlite();
    file.sql(&text);
    assert_eq!(file.sql("SELECT version_num FROM alembic_version"), "b");
}

/// Bodies are sent whole, whatever the client thinks of their semicolons.
#[tokio::test(flavor = "current_thread")]
async fn mysqls_bodies_stand_between_delimiters() {
    const BODIES: Embedded = sql(
        "a.sql",
        "-- A
--
-- Revision ID: a

-- migrate:up
CREATE TABLE t (id int PRIMARY KEY, note varchar(40));
CREATE TABLE log (what varchar(40)); # '
DELIMITER //
CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW
BEGIN
    -- it's one; or two
    INSERT INTO log VALUES (CONCAT('a//b;', NEW.id));
    IF NEW.id > 1 THEN INSERT INTO log VALUES ('more'); END IF;
END//
CREATE PROCEDURE p(n int) BEGIN INSERT INTO t (id) VALUES (n); INSERT INTO t (id) VALUES (n + 1); END //
DELIMITER ;
CALL p(1);
INSERT INTO t VALUES (9, 'it''s\\\\; \"x\" -- y');
",
    );
    let text = script(Kind::MariaDb, &[BODIES], "head").await.unwrap();
    assert!(text.starts_with("SET NAMES utf8mb4;\n"), "{text}");
    assert!(
        !text.contains("BEGIN;") && !text.contains("COMMIT"),
        "{text}"
    );
    let (Some(scripted), Some(live)) = (
        aludel_testdb::mariadb_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    ) else {
        return;
    };
    scripted.sql(&text);
    let mut runner = runner(&live.url(), &[BODIES]).await;
    runner.upgrade(&"head".parse().unwrap()).await.unwrap();
    for look in [
        "SELECT * FROM t ORDER BY id",
        "SELECT * FROM log ORDER BY what",
        "SELECT version_num FROM alembic_version",
        "SELECT routine_definition FROM information_schema.routines WHERE routine_schema = DATABASE()",
        "SELECT action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    ] {
        assert_eq!(scripted.sql(look), live.sql(look), "{look}");
    }
    assert_eq!(scripted.sql("SELECT count(*) FROM log"), "5");
}

/// A script that starts in the middle knows the tables that operations have made before.
#[tokio::test(flavor = "current_thread")]
async fn a_script_from_the_middle_knows_what_was_before() {
    const ONE: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.create_table(
                Table::new("t")
                    .column(Column::new("id", Type::Integer).primary_key())
                    .column(
                        Column::new("size", Type::SmallInteger)
                            .not_null()
                            .server_default("7"),
                    ),
            );
            op.execute("INSERT INTO t (id) VALUES (1)");
        },
        nothing,
    );
    const TWO: Embedded = rust(
        "b.rs",
        B,
        |op| {
            op.alter_column("t", "size").set_type(Type::BigInteger);
            op.execute("INSERT INTO t (id) VALUES (2)");
        },
        nothing,
    );
    let first = |kind| script(kind, &[ONE, TWO], "a");
    let second = |kind| script(kind, &[ONE, TWO], "a:b");
    let rows = "SELECT id, size FROM t ORDER BY id";
    let file = aludel_testdb::sqlite();
    file.sql(&first(Kind::Sqlite).await.unwrap());
    file.sql(&second(Kind::Sqlite).await.unwrap());
    assert_eq!(file.sql(rows), "1|7\n2|7");
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        database.psql(&first(Kind::Postgres).await.unwrap());
        database.psql(&second(Kind::Postgres).await.unwrap());
        assert_eq!(database.psql(rows), "1|7\n2|7");
    }
    if let Some(database) = aludel_testdb::mariadb_or_skip() {
        database.sql(&first(Kind::MariaDb).await.unwrap());
        database.sql(&second(Kind::MariaDb).await.unwrap());
        assert_eq!(database.sql(rows), "1\t7\n2\t7");
    }
}

/// What SQL text has made or changed is not known: a column that has to be said again whole cannot be.
#[tokio::test(flavor = "current_thread")]
async fn what_cannot_be_known_is_refused_by_name() {
    const MADE: Embedded = rust(
        "a.rs",
        A,
        |op| op.execute("CREATE TABLE t (a int COMMENT 'x')"),
        nothing,
    );
    const CHANGED: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.create_table(Table::new("t").column(Column::new("a", Type::Integer)));
            op.execute("ALTER TABLE `t` MODIFY a int COMMENT 'x'");
        },
        nothing,
    );
    const ALTER: Embedded = rust(
        "b.rs",
        B,
        |op| {
            op.alter_column("t", "a").set_not_null();
        },
        nothing,
    );
    for (files, target) in [
        (&[MADE, ALTER], "head"),
        (&[MADE, ALTER], "a:b"),
        (&[CHANGED, ALTER], "head"),
        (&[CHANGED, ALTER], "a:b"),
    ] {
        let failed = script(Kind::MariaDb, files, target).await.unwrap_err();
        assert_eq!(failed.revision.as_str(), "b");
        let refused =
            matches!(&failed.source, Error::Unsupported { instead, .. } if !instead.is_empty());
        assert!(refused, "{failed:?}");
    }
}

/// Only definitions are tried out: a script leaves no trace where it is written.
#[tokio::test(flavor = "current_thread")]
async fn writing_a_script_touches_nothing() {
    const ATTACH: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.execute("ATTACH 'aludel-must-not-be-here.db' AS other");
            op.execute("INSERT INTO nowhere SELECT 1");
            op.create_table(Table::new("t").column(Column::new("a", Type::Integer)));
            op.alter_column("t", "a").set_not_null();
            op.execute("DETACH other");
        },
        nothing,
    );
    let text = script(Kind::Sqlite, &[ATTACH], "head").await.unwrap();
    assert!(text.contains("ATTACH"), "{text}");
    assert!(!std::path::Path::new("aludel-must-not-be-here.db").exists());
}

#[tokio::test(flavor = "current_thread")]
async fn text_that_would_take_the_rest_with_it_is_refused() {
    const OPEN: Embedded = rust("a.rs", A, |op| op.execute("SELECT 'never closed"), nothing);
    const CONTROL: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.run("x", async |_| Ok(())).offline("SELECT 1; COMMIT");
        },
        nothing,
    );
    const SILENT: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.run("x", async |_| Ok(())).offline_nothing();
        },
        nothing,
    );
    for kind in [Kind::Sqlite, Kind::Postgres, Kind::MariaDb] {
        let failed = script(kind, &[OPEN], "head").await.unwrap_err();
        assert!(
            failed.source.to_string().contains("never closed"),
            "{failed:?}"
        );
        let failed = script(kind, &[CONTROL], "head").await.unwrap_err();
        let is_control = matches!(
            failed.source,
            Error::Transaction(TransactionError::Control { .. })
        );
        assert!(is_control, "{failed:?}");
        let text = script(kind, &[SILENT], "head").await.unwrap();
        assert!(text.contains("-- run \"x\"\n"), "{text}");
    }
}

/// One row of every kind of literal.
#[derive(Debug, Clone)]
struct Values {
    text: String,
    bytes: Vec<u8>,
    integer: i64,
    float: f64,
    truth: Option<bool>,
}

fn values() -> impl Strategy<Value = Values> {
    let text = prop_oneof![
        any::<String>(),
        "[a'\"\\\\`;:$?%{}\\[\\]/*#.\n\r\t -]{0,40}",
        Just("'; DROP TABLE t; --".to_string()),
        Just("\\'; -- \u{1F980}".to_string()),
        Just("line\n.quit\n\\! x\ngo\n/\nDELIMITER //\n".to_string()),
    ];
    let text = text.prop_map(|it| it.replace('\0', ""));
    let integer = prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(-1)];
    let float = prop_oneof![
        any::<f64>().prop_filter("finite", |it| it.is_finite()),
        Just(f64::MIN_POSITIVE),
        Just(f64::MAX),
        Just(0.1),
    ];
    (
        text,
        any::<Vec<u8>>(),
        integer,
        float,
        any::<Option<bool>>(),
    )
        .prop_map(|(text, bytes, integer, float, truth)| Values {
            text,
            bytes,
            integer,
            float,
            truth,
        })
}

std::thread_local! {
    /// What the revision of the property test inserts.
    static ROWS: std::cell::RefCell<Vec<Values>> = const { std::cell::RefCell::new(Vec::new()) };
}

const INSERT: Embedded = rust(
    "a.rs",
    A,
    |op| {
        op.create_table(
            Table::new("t")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("text", Type::Text))
                .column(Column::new("bytes", Type::Binary))
                .column(Column::new("number", Type::BigInteger))
                .column(Column::new("float", Type::Double))
                .column(Column::new("truth", Type::Boolean)),
        );
        let rows = ROWS.with_borrow(|rows| {
            let row = |(id, it): (usize, &Values)| {
                vec![
                    Literal::Integer(id.try_into().unwrap()),
                    it.text.as_str().into(),
                    it.bytes.as_slice().into(),
                    it.integer.into(),
                    it.float.into(),
                    it.truth.into(),
                ]
            };
            rows.iter().enumerate().map(row).collect::<Vec<_>>()
        });
        op.bulk_insert(
            "t",
            ["id", "text", "bytes", "number", "float", "truth"],
            rows,
        );
    },
    nothing,
);

/// How many digits a float is written with.
fn digits(float: f64) -> usize {
    let text = format!("{float:e}");
    let mantissa = text.split('e').next().unwrap();
    mantissa.chars().filter(char::is_ascii_digit).count()
}

/// What is inserted by a script is the value, on a fresh database each time.
async fn values_arrive(rows: Vec<Values>, kind: Kind, url: &str, client: impl Fn(&str)) {
    ROWS.set(rows.clone());
    client(&script(kind, &[INSERT], "head").await.unwrap());
    let mut runner = runner(url, &[INSERT]).await;
    let found = runner
        .connection()
        .fetch("SELECT * FROM t ORDER BY id")
        .await
        .unwrap();
    assert_eq!(found.len(), rows.len());
    for (found, expected) in found.iter().zip(&rows) {
        assert_eq!(found.get::<String>("text").unwrap(), expected.text);
        assert_eq!(found.get::<Vec<u8>>("bytes").unwrap(), expected.bytes);
        assert_eq!(found.get::<i64>("number").unwrap(), expected.integer);
        let float = found.get::<f64>("float").unwrap();
        // SQLite promises 15 digits of what is written with so many.
        let is_short =
            kind == Kind::Sqlite && format!("{float:.14e}") == format!("{:.14e}", expected.float);
        assert!(
            float == expected.float || is_short && digits(expected.float) <= 15,
            "{float} for {expected:?}"
        );
        assert_eq!(found.get::<Option<bool>>("truth").unwrap(), expected.truth);
    }
}

fn property(test: impl Fn(Vec<Values>, &tokio::runtime::Runtime)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    let rows = proptest::collection::vec(values(), 1..60);
    let done = runner.run(&rows, |rows| {
        test(rows, &runtime);
        Ok(())
    });
    done.unwrap();
}

#[test]
fn every_value_arrives_on_sqlite() {
    property(|rows, runtime| {
        let file = aludel_testdb::sqlite();
        let client = |sql: &str| drop(file.sql(sql));
        runtime.block_on(values_arrive(rows, Kind::Sqlite, &file.url(), client));
    });
}

#[test]
fn every_value_arrives_on_postgres() {
    property(|rows, runtime| {
        let Some(database) = aludel_testdb::postgres_or_skip() else {
            return;
        };
        let client = |sql: &str| drop(database.psql(sql));
        runtime.block_on(values_arrive(rows, Kind::Postgres, &database.url(), client));
    });
}

#[test]
fn every_value_arrives_on_mariadb() {
    property(|rows, runtime| {
        let Some(database) = aludel_testdb::mariadb_or_skip() else {
            return;
        };
        let client = |sql: &str| drop(database.sql(sql));
        runtime.block_on(values_arrive(rows, Kind::MariaDb, &database.url(), client));
    });
}

/// What is no number is a value where the database has it, dates are read from text, and a NUL is refused.
#[tokio::test(flavor = "current_thread")]
async fn values_that_not_every_database_has() {
    const FLOATS: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.create_table(
                Table::new("t")
                    .column(Column::new("id", Type::Integer).primary_key())
                    .column(Column::new("float", Type::Double))
                    .column(Column::new("day", Type::Date))
                    .column(Column::new("moment", Type::Timestamp)),
            );
            let (day, moment) = ("2024-02-29", "0999-12-31 23:59:59");
            op.bulk_insert(
                "t",
                ["id", "float", "day", "moment"],
                [
                    (1, f64::INFINITY, day, moment),
                    (2, f64::NEG_INFINITY, day, moment),
                ],
            );
        },
        nothing,
    );
    const NUL: Embedded = rust(
        "a.rs",
        A,
        |op| {
            op.bulk_insert("t", ["a"], [("a\0b",)]);
        },
        nothing,
    );
    let look = "SELECT count(*) FROM t WHERE (float > 1e308 OR float < -1e308) AND day = '2024-02-29' \
                AND moment = '0999-12-31 23:59:59'";
    let file = aludel_testdb::sqlite();
    file.sql(&script(Kind::Sqlite, &[FLOATS], "head").await.unwrap());
    assert_eq!(file.sql(look), "2");
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        database.psql(&script(Kind::Postgres, &[FLOATS], "head").await.unwrap());
        assert_eq!(database.psql(look), "2");
    }
    let failed = script(Kind::MariaDb, &[FLOATS], "head").await.unwrap_err();
    assert!(
        matches!(failed.source, Error::Unsupported { .. }),
        "{failed:?}"
    );
    for kind in [Kind::Sqlite, Kind::Postgres, Kind::MariaDb] {
        let failed = script(kind, &[NUL], "head").await.unwrap_err();
        assert!(matches!(failed.source, Error::Name { .. }), "{failed:?}");
    }
}
