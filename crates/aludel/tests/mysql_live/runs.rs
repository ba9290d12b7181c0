//! A whole run: revisions up and down, what is left of one that failed, autogenerate, many tables.

use super::support::Live;
use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::run::{self, Options, Runner};
use aludel::schema::Metadata;
use aludel::{Error, Left};

const FIRST: Embedded = Embedded {
    name: "1_first.rs",
    text: "//! First\n//!\n//! Revision ID: aaaa\n",
    up: Some(|op| {
        op.create_table(
            Table::new("parents")
                .column(Column::new("id", Type::Integer).primary_key().identity())
                .column(Column::new("name", Type::String)),
        );
        op.bulk_insert("parents", ["name"], [["Ada"], ["O'Brien; --"]]);
    }),
    down: Some(|op| {
        op.drop_table("parents");
    }),
};

const SECOND: Embedded = Embedded {
    name: "2_second.rs",
    text: "//! Second\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    up: Some(|op| {
        op.alter_column("parents", "name").set_not_null();
        op.run("shout", async |db| {
            db.execute_with("UPDATE parents SET name = upper(name) WHERE id = ?", (1,))
                .await?;
            Ok(())
        });
    }),
    down: Some(|op| drop(op.alter_column("parents", "name").drop_not_null())),
};

const BROKEN: Embedded = Embedded {
    name: "3_broken.rs",
    text: "//! Broken\n//!\n//! Revision ID: cccc\n//! Revises: bbbb\n",
    up: Some(|op| {
        op.add_column("parents", Column::new("more", Type::Integer));
        op.execute("this is no SQL");
    }),
    down: Some(|_| {}),
};

async fn runner(url: &str, files: &'static [Embedded]) -> Runner {
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap()
}

async fn current(runner: &mut Runner) -> Vec<String> {
    runner
        .current()
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[tokio::test(flavor = "current_thread")]
async fn up_and_down() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let mut runner = runner(&live.db.url(), &[FIRST, SECOND]).await;
    assert_eq!(runner.dialect().context_name(), "MariaDB");
    assert_eq!(
        runner
            .upgrade(&"head".parse().unwrap())
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(current(&mut runner).await, ["bbbb"]);
    assert_eq!(
        live.text("SELECT GROUP_CONCAT(name ORDER BY id) FROM parents")
            .await,
        "ADA,O'Brien; --"
    );
    assert_eq!(
        live.definition("alembic_version", "version_num").await,
        "`version_num` varchar(32) NOT NULL"
    );
    runner.downgrade(&"aaaa".parse().unwrap()).await.unwrap();
    assert_eq!(
        live.definition("parents", "name").await,
        "`name` varchar(255) DEFAULT NULL"
    );
    runner.downgrade(&"base".parse().unwrap()).await.unwrap();
    assert_eq!(current(&mut runner).await, [] as [&str; 0]);
}

#[tokio::test(flavor = "current_thread")]
async fn a_failure_tells_that_statements_stay() {
    let Some(live) = Live::start().await else {
        return;
    };
    let mut runner = runner(&live.db.url(), &[FIRST, SECOND, BROKEN]).await;
    let Err(Error::Revision(failure)) = runner.upgrade(&"head".parse().unwrap()).await else {
        panic!("it did not fail");
    };
    assert!(matches!(failure.left, Left::Part(_)), "{:?}", failure.left);
    assert_eq!(current(&mut runner).await, ["bbbb"]);
}

#[tokio::test(flavor = "current_thread")]
async fn an_offline_script_does_the_same() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    const CHANGED: Embedded = Embedded {
        up: Some(|op| {
            op.alter_column("parents", "name").set_not_null();
            op.create_unique_constraint("uq", "parents", ["name"]);
            op.drop_constraint("uq", "parents");
        }),
        ..SECOND
    };
    let history = History::embedded(&Migrations::new("versions", &[FIRST, CHANGED])).unwrap();
    let dialect = aludel::dialect::by_kind(aludel::db::Kind::MariaDb).unwrap();
    let up = aludel::revision::Direction::Up;
    let target = "head".parse().unwrap();
    let script = run::script(&history, dialect.into(), up, &target, &Options::default()).await;
    live.db.sql(&script.unwrap());
    assert_eq!(
        live.definition("parents", "name").await,
        "`name` varchar(255) NOT NULL"
    );
    assert_eq!(
        live.text("SELECT version_num FROM alembic_version").await,
        "bbbb"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn autogenerate_looks_twice() {
    let Some(live) = Live::start().await else {
        return;
    };
    let mut runner = runner(&live.db.url(), &[]).await;
    let metadata = || {
        Metadata::new()
            .table(
                Table::new("patients")
                    .column(Column::new("id", Type::Integer).primary_key().identity())
                    .column(Column::new("name", Type::String).not_null().index())
                    .column(
                        Column::new("state", Type::enumeration("state", ["a", "b"]))
                            .server_default("'a'"),
                    ),
            )
            .table(
                Table::new("visits")
                    .column(Column::new("id", Type::BigInteger).primary_key().identity())
                    .column(
                        Column::new("patient_id", Type::Integer)
                            .not_null()
                            .references("patients", "id"),
                    )
                    .column(
                        Column::new("at", Type::TimestampTz)
                            .not_null()
                            .server_default("now()"),
                    )
                    .column(Column::new("data", Type::Json).check("json_length(data) > 0")),
            )
    };
    let options = run::autogenerate::Options::default();
    let draft = runner.autogenerate(&metadata(), &options).await.unwrap();
    let sql = runner.sql(&draft).await.unwrap();
    runner.connection().execute(&sql.up).await.unwrap();
    let again = runner.autogenerate(&metadata(), &options).await.unwrap();
    assert_eq!(again.detected(), [] as [&str; 0]);
    assert!(again.is_empty());
    runner.connection().execute(&sql.down).await.unwrap();
    assert_eq!(
        runner
            .autogenerate(&metadata(), &options)
            .await
            .unwrap()
            .detected(),
        draft.detected()
    );
}

/// The number of queries does not depend on the number of tables.
#[tokio::test(flavor = "current_thread")]
async fn many_tables_are_read_by_few_queries() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let mut asked = Vec::new();
    for more in [1, 60] {
        for number in 0..more {
            live.execute(&format!(
                "CREATE TABLE t{more}_{number} (id int PRIMARY KEY, a int CHECK (a > 0), KEY (a))"
            ))
            .await;
        }
        let before: i64 = questions(&mut live).await;
        live.inspect().await;
        asked.push(questions(&mut live).await - before);
    }
    assert_eq!(asked[0], asked[1]);
    assert!(asked[0] <= 8, "{asked:?}");
    assert_eq!(live.inspect().await.tables.len(), 61);
}

async fn questions(live: &mut Live) -> i64 {
    let text = live
        .text("SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'QUESTIONS'")
        .await;
    text.parse().unwrap()
}
