//! The database is asked how it spells a model: without traces, in any state of the session, and with a way out.

use super::support::{Live, connect, model};
use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Constraint, Schema};

fn plain() -> Table {
    Table::new("t")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("name", Type::Varchar(9)).server_default("'a'"))
        .column(Column::new("at", Type::TimestampTz).server_default("CURRENT_TIMESTAMP"))
        .column(
            Column::new("status", Type::enumeration("status", ["x", "y"])).server_default("'x'"),
        )
        .column(Column::new("low", Type::Text).generated_stored("lower(name)"))
        .check(Check::new("name IN ('a', 'b') AND id BETWEEN 1 AND 5").named("ck"))
        .index(Index::new("ix", [IndexPart::expr("lower(name)")]).predicate("status <> 'y'"))
}

async fn canonical(live: &mut Live, model: &Schema) -> (Schema, bool) {
    let mut model = model.clone();
    live.dialect.normalize(&mut model);
    let asked = live
        .dialect
        .canonicalize(&mut live.connection, &mut model)
        .await
        .unwrap();
    (model, asked)
}

/// Everything in the catalog that a probe could leave behind, and the state of the session.
async fn traces(live: &mut Live) -> Vec<String> {
    live.texts(
        "SELECT count(*)::text || ' ' || (SELECT count(*) FROM pg_type) || ' ' || (SELECT count(*) FROM pg_namespace) \
         || ' ' || pg_my_temp_schema()::text || ' ' || current_setting('search_path') FROM pg_class",
    )
    .await
}

#[tokio::test]
async fn nothing_is_left_behind() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let before = traces(&mut live).await;
    let (schema, asked) = canonical(&mut live, &model([plain()])).await;
    assert!(asked);
    let check = schema.table("t").unwrap().find_constraint("ck");
    let Some(Constraint::Check(check)) = check else {
        panic!()
    };
    assert!(
        check
            .expr
            .canonical
            .as_ref()
            .unwrap()
            .contains("any ( array")
    );
    assert_eq!(traces(&mut live).await, before);
    // No transaction is open: each statement has its own time.
    let one = live.text("SELECT now()").await;
    assert_ne!(live.text("SELECT now()").await, one);
}

#[tokio::test]
async fn an_open_transaction_goes_on() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("BEGIN; CREATE TABLE kept (a int)").await;
    let before = traces(&mut live).await;
    for _ in 0..2 {
        let (_, asked) = canonical(&mut live, &model([plain()])).await;
        assert!(asked);
    }
    // A refused attempt does not break it either.
    let odd = Table::new("odd")
        .column(Column::new("a", Type::Integer).server_default("no_such_function()"));
    canonical(&mut live, &model([odd])).await;
    assert_eq!(traces(&mut live).await, before);
    let one = live.text("SELECT now()").await;
    assert_eq!(
        live.text("SELECT now()").await,
        one,
        "the transaction is still open"
    );
    live.execute("COMMIT").await;
    assert_eq!(live.text("SELECT count(*) FROM kept").await, "0");
    // After the transaction, the session knows that there is none.
    let (_, asked) = canonical(&mut live, &model([plain()])).await;
    assert!(asked);
    let one = live.text("SELECT now()").await;
    assert_ne!(live.text("SELECT now()").await, one);
}

#[tokio::test]
async fn a_broken_transaction_is_an_error() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("BEGIN").await;
    assert!(live.connection.execute("SELECT 1 / 0").await.is_err());
    let mut schema = model([plain()]);
    let outcome = live
        .dialect
        .canonicalize(&mut live.connection, &mut schema)
        .await;
    assert!(outcome.is_err());
}

#[tokio::test]
async fn differences_that_are_real_are_found() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.create(&model([plain()])).await;
    assert_eq!(
        live.differences(&model([plain()]), &[]).await,
        (vec![], true)
    );
    let changes: [fn(&mut Table); 9] = [
        |it| it.columns[1].default = Some("'A'".into()),
        |it| it.columns[2].default = Some("'2020-01-01 00:00:00+00'".into()),
        |it| it.columns[3].default = Some("'y'".into()),
        |it| it.columns[4].generated.as_mut().unwrap().expr = "upper(name)".into(),
        |it| it.columns[1].ty = Type::Varchar(10).into(),
        |it| {
            it.constraints[1] = Check::new("name IN ('a', 'b') OR id BETWEEN 1 AND 5")
                .named("ck")
                .into()
        },
        |it| {
            it.constraints[1] = Check::new("name IN ('a', 'c') AND id BETWEEN 1 AND 5")
                .named("ck")
                .into()
        },
        |it| it.indexes[0].predicate = Some("status <> 'x'".into()),
        |it| it.indexes[0].parts = vec![IndexPart::expr("upper(name)")],
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut table = plain();
        change(&mut table);
        let (differences, asked) = live.differences(&model([table]), &[]).await;
        assert!(asked && !differences.is_empty(), "{number}");
    }
}

/// A function that a pending migration creates spoils its own leaf, and no other.
#[tokio::test]
async fn what_is_refused_is_compared_as_text() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE FUNCTION known() RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'a'$$")
        .await;
    let table = || plain().column(Column::new("k", Type::Text).server_default("known()"));
    live.create(&model([table()])).await;
    // A default that cannot be probed, since a user-defined function of another owner may not be called.
    let odd = |default: &str| {
        let unreadable = Column::new("odd", Type::Text).server_default(default);
        table().column(unreadable)
    };
    let (differences, asked) = live.differences(&model([odd("pending(1)")]), &[]).await;
    assert!(asked, "nothing that is there had to be compared as text");
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(
        differences.iter().all(|it| it.contains("t.odd")),
        "{differences:?}"
    );
    // Text that would end the clause that it is put into is not sent at all.
    let (differences, asked) = live
        .differences(&model([odd("'a'); DROP TABLE t; --")]), &[])
        .await;
    assert!(asked, "nothing that is there had to be compared as text");
    assert!(
        differences.iter().all(|it| it.contains("t.odd")),
        "{differences:?}"
    );
    assert_eq!(live.text("SELECT count(*) FROM t").await, "0");
}

#[tokio::test]
async fn a_role_without_temporary_tables_compares_text() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.create(&model([plain()])).await;
    let role = format!("reader_{}", live.db.name());
    live.execute(&format!(
        "CREATE ROLE \"{role}\" LOGIN; REVOKE TEMPORARY ON DATABASE \"{}\" FROM PUBLIC",
        live.db.name()
    ))
    .await;
    let connection = connect(&live.db.url_as(&role, None)).await;
    let admin = std::mem::replace(&mut live.connection, connection);
    let (differences, asked) = live.differences(&model([plain()]), &[]).await;
    assert_eq!((differences, asked), (vec![], false));
    let mut other = plain();
    other.constraints[1] = Check::new("name IN ('a', 'c')").named("ck").into();
    let (differences, asked) = live.differences(&model([other]), &[]).await;
    assert!(!asked && differences.len() == 4, "{differences:?}");
    live.connection = admin;
    live.execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""))
        .await;
}

/// A session that may only read compares text too; the model may even be that of another database.
#[tokio::test]
async fn a_transaction_that_only_reads() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.create(&model([plain()])).await;
    live.execute("BEGIN READ ONLY").await;
    let (differences, asked) = live.differences(&model([plain()]), &[]).await;
    assert_eq!((differences, asked), (vec![], false));
    live.execute("ROLLBACK").await;
}

#[tokio::test]
async fn no_lock_on_the_users_tables_is_needed() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.create(&model([plain()])).await;
    let mut other = connect(&live.db.url()).await;
    other
        .execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    live.execute("SET lock_timeout = '2s'").await;
    let (_, asked) = canonical(&mut live, &model([plain()])).await;
    assert!(asked);
    other.execute("ROLLBACK").await.unwrap();
}

/// A database that was dumped and restored echoes the echo, which is not always the same.
#[tokio::test]
async fn a_restored_database_has_no_differences() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let table = || {
        Table::new("t")
            .column(Column::new("a", Type::Varchar(5)).server_default("'x'"))
            .column(Column::new("b", Type::Char(5)))
            .column(Column::new("n", Type::Numeric).server_default("-1"))
            .column(Column::new("l", Type::String.array()).server_default("ARRAY['a', 'b']"))
            .check(Check::new("a IN ('x', 'y') AND a NOT IN ('z')").named("ck_1"))
            .check(Check::new("a LIKE ANY (ARRAY['x%', 'y%'])").named("ck_2"))
            .check(Check::new("b IN ('x', 'y') OR b = 'z '").named("ck_3"))
            .check(Check::new("l <@ ARRAY['a', 'b']::varchar[]").named("ck_4"))
            .check(Check::new("n BETWEEN -1 AND 1.5 OR n IN (1, 2)").named("ck_5"))
            .index(
                Index::new("ix", [IndexPart::expr("coalesce(a, 'x')")])
                    .predicate("a IN ('x', 'y')"),
            )
    };
    live.create(&model([table()])).await;
    for _ in 0..3 {
        let inspected = live.inspect().await;
        live.execute("DROP TABLE t").await;
        live.create(&inspected).await;
        assert_eq!(
            live.differences(&model([table()]), &[]).await,
            (vec![], true)
        );
    }
}

/// One batch, however many tables.
#[tokio::test]
async fn wide_schemas() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let table = |number: i32| {
        let mut table =
            Table::new(format!("t{number}")).column(Column::new("id", Type::Integer).primary_key());
        for column in 0..10 {
            table = table.column(
                Column::new(format!("c{column}"), Type::String)
                    .server_default(format!("'{number}'")),
            );
        }
        table
    };
    let schema = model((0..100).map(table));
    live.create(&schema).await;
    assert_eq!(live.differences(&schema, &[]).await, (vec![], true));
    let everything = live
        .dialect
        .inspect(&mut live.connection, &Scope::Everything)
        .await
        .unwrap();
    assert_eq!(everything.tables.len(), 100);
}

/// An enum type that the model calls by its name, without its values: it is the live one, declared elsewhere or not.
#[tokio::test]
async fn enum_types_by_name_alone() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE SCHEMA other; CREATE TYPE other.kind AS ENUM ('a'); CREATE TYPE mood AS ENUM ('x', 'y')",
    )
    .await;
    let table = |other: Type| {
        Table::new("t")
            .column(Column::new("m", Type::custom("mood")).server_default("'x'::mood"))
            .column(Column::new("l", Type::custom("MOOD[]")))
            .column(Column::new("k", Type::custom("other.kind")).server_default("'a'"))
            .column(Column::new("o", other))
    };
    let plain = model([table(Type::Integer)]);
    live.create(&plain).await;
    assert_eq!(live.differences(&plain, &[]).await, (vec![], true));
    let declared = model([table(Type::enumeration("mood", ["x", "y"]))]);
    let (differences, asked) = live.differences(&declared, &[]).await;
    assert!(asked);
    assert!(
        differences.iter().all(|it| it.contains("t.o")),
        "{differences:?}"
    );
}
