//! Changes of columns and enum types, carried out where rows are.

use super::support::{Live, creating, model};
use aludel::prelude::*;
use aludel::schema::Schema;
use aludel::{Result, ops::Operations};

async fn changed(live: &mut Live, record: impl FnOnce(&mut Operations)) {
    if let Err(error) = live.upgrade(record).await {
        panic!("{error:?}");
    }
}

async fn refused(live: &mut Live, record: impl FnOnce(&mut Operations)) -> String {
    let outcome: Result<()> = live.upgrade(record).await;
    format!("{:?}", outcome.unwrap_err())
}

async fn with_rows(table: Table, rows: &str) -> Option<Live> {
    let mut live = Live::start().await?;
    for operation in creating(table) {
        live.run(operation).await.unwrap();
    }
    live.execute(rows).await;
    Some(live)
}

async fn default_of(live: &mut Live, column: &str) -> String {
    let schema = live.inspect().await;
    let column = schema.table("t").unwrap().find_column(column).unwrap();
    let default = column.default.as_ref();
    default.map_or_else(|| "-".into(), |it| it.written.to_string())
}

#[tokio::test]
async fn another_type_keeps_rows_and_default() {
    let table = Table::new("t")
        .column(Column::new("a", Type::Varchar(5)).server_default("'7'"))
        .column(Column::new("b", Type::Integer).server_default("-1"))
        .column(Column::new("c", Type::Text).server_default("'x'"))
        .column(Column::new("d", Type::TimestampTz).server_default("now()"));
    let rows = "INSERT INTO t (a, b, c) VALUES ('1', 2, '3')";
    let Some(mut live) = with_rows(table, rows).await else {
        return;
    };
    changed(&mut live, |op| {
        op.alter_column("t", "a")
            .set_type(Type::Integer)
            .using("a::integer");
        op.alter_column("t", "b").set_type(Type::BigInteger);
        op.alter_column("t", "c")
            .set_type(Type::Decimal(5, 1))
            .using("c::numeric")
            .set_default("4.5");
        op.alter_column("t", "d").set_type(Type::Timestamp);
    })
    .await;
    live.execute("INSERT INTO t DEFAULT VALUES").await;
    assert_eq!(
        live.texts("SELECT a, b, c FROM t ORDER BY a").await,
        ["1,2,3.0", "7,-1,4.5"]
    );
    assert_eq!(default_of(&mut live, "a").await, "7");
    assert_eq!(default_of(&mut live, "b").await, "-1");
    assert_eq!(default_of(&mut live, "d").await, "now()");
    changed(&mut live, |op| {
        op.alter_column("t", "a")
            .set_type(Type::Text)
            .drop_default();
    })
    .await;
    assert_eq!(default_of(&mut live, "a").await, "-");
    // What would cut values is refused, not done.
    live.execute("INSERT INTO t (a) VALUES ('too long')").await;
    let message = refused(&mut live, |op| {
        op.alter_column("t", "a").set_type(Type::Varchar(3));
    })
    .await;
    assert!(message.contains("22001"), "{message}");
}

#[tokio::test]
async fn text_becomes_an_enum_and_comes_back() {
    let table = Table::new("t")
        .column(
            Column::new("a", Type::Text)
                .not_null()
                .server_default("'x'"),
        )
        .column(Column::new("l", Type::Text.array()).server_default("'{}'"));
    let Some(mut live) = with_rows(table, "INSERT INTO t VALUES ('y', '{x,y}')").await else {
        return;
    };
    let letter = || Type::enumeration("letter", ["x", "y"]);
    changed(&mut live, |op| {
        op.create_enum(Enum::new("letter", ["x", "y"]));
        op.alter_column("t", "a").set_type(letter());
        op.alter_column("t", "l").set_type(letter().array());
    })
    .await;
    assert_eq!(default_of(&mut live, "a").await, "'x'");
    assert_eq!(
        live.inspect().await.table("t").unwrap().columns[1]
            .ty
            .written,
        letter().array()
    );
    changed(&mut live, |op| {
        op.alter_column("t", "a").set_type(Type::String);
        op.alter_column("t", "l").set_type(Type::Text.array());
        op.drop_enum("letter");
    })
    .await;
    live.execute("INSERT INTO t DEFAULT VALUES").await;
    assert_eq!(live.texts("SELECT a FROM t ORDER BY a").await, ["x", "y"]);
}

#[tokio::test]
async fn nullability_comment_and_name() {
    let table = Table::new("t").column(Column::new("a", Type::Integer));
    let Some(mut live) = with_rows(table, "INSERT INTO t VALUES (1)").await else {
        return;
    };
    changed(&mut live, |op| {
        op.alter_column("t", "a")
            .set_not_null()
            .set_default("5")
            .set_comment("it's")
            .rename("The \"b\"");
    })
    .await;
    let schema = live.inspect().await;
    let column = &schema.table("t").unwrap().columns[0];
    assert_eq!(
        (column.name.as_str(), column.nullable),
        ("The \"b\"", false)
    );
    assert_eq!(column.comment.as_deref(), Some("it's"));
    changed(&mut live, |op| {
        op.alter_column("t", "The \"b\"")
            .drop_not_null()
            .drop_default()
            .drop_comment();
    })
    .await;
    let schema = live.inspect().await;
    let column = &schema.table("t").unwrap().columns[0];
    assert!(column.nullable && column.default.is_none() && column.comment.is_none());
    live.execute("INSERT INTO t VALUES (NULL)").await;
    let message = refused(&mut live, |op| {
        op.alter_column("t", "The \"b\"").set_not_null();
    })
    .await;
    assert!(message.contains("23502"), "{message}");
}

#[tokio::test]
async fn identities() {
    let table = Table::new("t")
        .column(Column::new("id", Type::custom("serial")).primary_key())
        .column(Column::new("Other", Type::Integer));
    let rows = "INSERT INTO t (\"Other\") VALUES (10), (40), (NULL)";
    let Some(mut live) = with_rows(table, rows).await else {
        return;
    };
    live.execute("DELETE FROM t WHERE \"Other\" IS NULL").await;
    changed(&mut live, |op| {
        op.alter_column("t", "id")
            .set_identity(Identity::BY_DEFAULT);
        op.alter_column("t", "Other").set_identity(Identity {
            always: false,
            start: Some(5),
            increment: Some(2),
            ..Identity::BY_DEFAULT
        });
    })
    .await;
    live.execute("INSERT INTO t DEFAULT VALUES").await;
    assert_eq!(
        live.texts("SELECT * FROM t ORDER BY id").await,
        ["1,10", "2,40", "4,42"]
    );
    assert_eq!(
        live.text("SELECT count(*) FROM pg_class WHERE relkind = 'S'")
            .await,
        "2"
    );
    let schema = live.inspect().await;
    let columns = &schema.table("t").unwrap().columns;
    assert_eq!(columns[0].identity, Some(Identity::BY_DEFAULT));
    assert!(columns[0].default.is_none() && !columns[1].nullable);
    changed(&mut live, |op| {
        op.alter_column("t", "id").set_identity(Identity {
            always: true,
            start: Some(-5),
            increment: Some(-3),
            ..Identity::BY_DEFAULT
        });
        op.alter_column("t", "Other")
            .drop_identity()
            .drop_not_null()
            .set_default("0");
    })
    .await;
    let message = refused(&mut live, |op| {
        op.bulk_insert("t", ["id"], [(9,)]);
    })
    .await;
    assert!(message.contains("428C9"), "{message}");
    assert_eq!(default_of(&mut live, "Other").await, "0");
    changed(&mut live, |op| {
        op.alter_column("t", "id")
            .set_type(Type::BigInteger)
            .set_identity(Identity::ALWAYS);
    })
    .await;
    let schema = live.inspect().await;
    assert_eq!(
        schema.table("t").unwrap().columns[0].identity,
        Some(Identity::ALWAYS)
    );
}

/// A new identity that starts where no row is goes on from there.
#[tokio::test]
async fn an_identity_keeps_its_start() {
    let table = Table::new("t")
        .column(Column::new("up", Type::Integer).not_null())
        .column(Column::new("down", Type::Integer).not_null());
    let Some(mut live) = with_rows(table, "INSERT INTO t VALUES (3, -3)").await else {
        return;
    };
    changed(&mut live, |op| {
        op.alter_column("t", "up").set_identity(Identity {
            always: false,
            start: Some(100),
            increment: None,
            ..Identity::BY_DEFAULT
        });
        op.alter_column("t", "down").set_identity(Identity {
            always: false,
            start: None,
            increment: Some(-1),
            ..Identity::BY_DEFAULT
        });
    })
    .await;
    live.execute("INSERT INTO t DEFAULT VALUES").await;
    assert_eq!(
        live.texts("SELECT * FROM t ORDER BY up").await,
        ["3,-3", "100,-4"]
    );
}

#[tokio::test]
async fn an_identity_is_given_bounds_and_loses_them() {
    let bounded = Identity {
        start: Some(-3),
        min: Some(-3),
        max: Some(2),
        cycle: true,
        cache: Some(5),
        ..Identity::BY_DEFAULT
    };
    let table = Table::new("t")
        .column(Column::new("n", Type::Integer).identity())
        .column(Column::new("note", Type::Text));
    let Some(mut live) = with_rows(table, "INSERT INTO t (note) VALUES ('a')").await else {
        return;
    };
    changed(&mut live, |op| {
        op.alter_column("t", "n").set_identity(bounded.clone());
    })
    .await;
    live.execute("INSERT INTO t (note) SELECT 'b' FROM generate_series(1, 3)")
        .await;
    // It goes on behind 1, and begins anew behind the greatest.
    assert_eq!(live.texts("SELECT n FROM t").await, ["1", "2", "-3", "-2"]);
    changed(&mut live, |op| {
        op.alter_column("t", "n").set_identity(Identity::ALWAYS);
    })
    .await;
}

fn status() -> Enum {
    Enum::new("visit_status", ["planned", "done", "cancelled"])
}

fn visits() -> Table {
    Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key().identity())
        .column(
            Column::new("status", Type::Enum(status()))
                .not_null()
                .server_default("'planned'"),
        )
        .column(Column::new("history", Type::Enum(status()).array()).server_default("'{planned}'"))
        .column(Column::new("again", Type::Enum(status())))
        .check(Check::new("status <> 'cancelled' OR id > 0").named("ck_status"))
        .check(Check::new("id < 1000").named("ck_id"))
        .index(Index::new("ix_open", ["id"]).predicate("status = 'planned'"))
        .index(Index::new(
            "ix_list",
            [IndexPart::expr("status IN ('planned', 'done')")],
        ))
        .index(Index::new("ix_status", ["status", "id"]).unique())
}

#[tokio::test]
async fn an_enum_gets_other_values() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE SCHEMA other").await;
    let elsewhere = Table::new(("other", "uses")).column(Column::new("s", Type::Enum(status())));
    let before = model([visits(), elsewhere]);
    live.create(&before).await;
    live.execute("INSERT INTO visits (status, history) VALUES ('done', '{planned,done}'); INSERT INTO other.uses VALUES ('done')").await;
    // Reordered, with one value gone, one new in front.
    let values = ["lost", "done", "planned"];
    let reduced = refused(&mut live, |op| drop(op.alter_enum(status(), ["planned"]))).await;
    assert!(
        reduced.contains("invalid input value for enum"),
        "{reduced}"
    );
    live.execute("DROP TYPE IF EXISTS aludel_none").await;
    // The refused one ran outside a transaction here: start afresh.
    live.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA other CASCADE; CREATE SCHEMA other").await;
    live.create(&before).await;
    live.execute("INSERT INTO visits (status, history) VALUES ('done', '{planned,done}'); INSERT INTO other.uses VALUES ('done')").await;
    live.execute("ALTER TABLE visits DROP CONSTRAINT ck_status")
        .await;
    changed(&mut live, |op| drop(op.alter_enum(status(), values))).await;
    live.execute("INSERT INTO visits (status) VALUES ('lost'); INSERT INTO visits DEFAULT VALUES")
        .await;
    assert_eq!(
        live.texts("SELECT status FROM visits ORDER BY status")
            .await,
        ["lost", "done", "planned"]
    );
    assert_eq!(
        live.texts("SELECT history[2] FROM visits WHERE id = 1")
            .await,
        ["done"]
    );
    let after = live.inspect_also(&["other"]).await;
    assert_eq!(after.enumeration("visit_status").unwrap().values, values);
    let there = live
        .text("SELECT count(*) FROM pg_type WHERE typname LIKE '%aludel_old%'")
        .await;
    assert_eq!(there, "0");
    // Everything but the values is as it was.
    let mut expected = before.clone();
    expected
        .tables
        .get_mut(&"visits".into())
        .unwrap()
        .constraints
        .retain(|it| it.name().unwrap() != "ck_status");
    let mut op = Operations::new(aludel::db::Kind::Postgres);
    op.alter_enum(status(), values);
    for it in op.into_recorded() {
        it.operation.apply(&mut expected).unwrap();
    }
    let (differences, asked) = live.differences(&expected, &["other"]).await;
    assert_eq!((differences, asked), (vec![], true));
}

#[tokio::test]
async fn an_enum_is_made_anew_with_its_checks() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let before = model([visits()]);
    live.create(&before).await;
    live.execute("BEGIN").await;
    changed(&mut live, |op| {
        drop(op.alter_enum(status(), ["cancelled", "planned", "done"]))
    })
    .await;
    live.execute("INSERT INTO visits (id, status) VALUES (0, 'planned')")
        .await;
    live.execute("SAVEPOINT s").await;
    let broken = live
        .connection
        .execute("INSERT INTO visits (id, status) VALUES (-1, 'cancelled')")
        .await;
    assert!(format!("{broken:?}").contains("ck_status"));
    live.execute("ROLLBACK TO SAVEPOINT s").await;
    live.execute("ROLLBACK").await;
    let (differences, asked) = live.differences(&before, &[]).await;
    assert_eq!((differences, asked), (vec![], true));
}

#[tokio::test]
async fn values_are_added_in_a_transaction() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.create(&model([visits()])).await;
    live.execute("BEGIN").await;
    changed(&mut live, |op| {
        drop(op.alter_enum(
            status(),
            ["new", "planned", "between", "done", "cancelled", "last"],
        ))
    })
    .await;
    live.execute("COMMIT; INSERT INTO visits (status) VALUES ('between')")
        .await;
    let values = live
        .inspect()
        .await
        .enumeration("visit_status")
        .unwrap()
        .values
        .clone();
    assert_eq!(
        values,
        ["new", "planned", "between", "done", "cancelled", "last"]
    );
}

#[tokio::test]
async fn an_enum_below_a_generated_column_is_refused() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let table =
        visits().column(Column::new("is_done", Type::Boolean).generated_stored("status = 'done'"));
    live.create(&model([table])).await;
    let message = refused(&mut live, |op| drop(op.alter_enum(status(), ["done"]))).await;
    assert!(message.contains("is_done"), "{message}");
    let schema: Schema = live.inspect().await;
    assert_eq!(schema.enumeration("visit_status").unwrap(), &status());
}

/// An added value that the same transaction uses.
#[tokio::test]
async fn a_type_is_made_anew_to_be_used_at_once() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.create(&model([visits()])).await;
    live.execute("BEGIN").await;
    changed(&mut live, |op| {
        op.alter_enum(status(), ["planned", "done", "cancelled", "new"])
            .replace();
        op.alter_column("visits", "status").set_default("'new'");
        op.execute("INSERT INTO visits DEFAULT VALUES");
    })
    .await;
    live.execute("COMMIT").await;
    assert_eq!(live.texts("SELECT status FROM visits").await, ["new"]);
}

/// A key of the type refers to a column of the type, whichever of the two tables comes first.
#[tokio::test]
async fn an_enum_that_is_referred_to() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let kinds = Table::new("m_kinds").column(Column::new("s", Type::Enum(status())).primary_key());
    let uses = |name: &str| {
        Table::new(name).column(
            Column::new("s", Type::Enum(status()))
                .references("m_kinds", "s")
                .on_delete(Action::Cascade),
        )
    };
    let before = model([kinds, uses("a_uses"), uses("z_uses")]);
    live.create(&before).await;
    live.execute("INSERT INTO m_kinds VALUES ('done'); INSERT INTO a_uses VALUES ('done'); INSERT INTO z_uses VALUES ('done')").await;
    changed(&mut live, |op| {
        drop(op.alter_enum(status(), ["done", "planned"]))
    })
    .await;
    live.execute("DELETE FROM m_kinds").await;
    assert_eq!(
        live.texts("SELECT s FROM a_uses UNION ALL SELECT s FROM z_uses")
            .await,
        Vec::<String>::new()
    );
}

/// A `serial` column comes back with the sequence that went with it.
#[tokio::test]
async fn serial_columns_can_be_made_again() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE TABLE \"The t\" (id serial PRIMARY KEY, \"B\" bigserial, a text)")
        .await;
    let before = live.inspect().await;
    let table = before.table("The t").unwrap().clone();
    live.upgrade(|op| {
        op.drop_table("The t");
    })
    .await
    .unwrap();
    for operation in creating(table.clone()) {
        live.run(operation).await.unwrap();
    }
    assert_eq!(live.inspect().await, before);
    live.upgrade(|op| {
        op.drop_column("The t", "B");
        op.add_column("The t", table.columns[1].clone());
    })
    .await
    .unwrap();
    live.execute("INSERT INTO \"The t\" (a) VALUES ('x'), ('y')")
        .await;
    assert_eq!(
        live.texts("SELECT * FROM \"The t\" ORDER BY 1").await,
        ["1,x,1", "2,y,2"]
    );
    let owned = "SELECT pg_get_serial_sequence('\"The t\"', 'B') || ' ' || format_type(seqtypid, NULL) FROM pg_sequence \
                 WHERE seqrelid = '\"The t_id_seq\"'::regclass";
    assert_eq!(
        live.text(owned).await.replace(['"', '\\'], ""),
        "public.The t_B_seq integer"
    );
}

/// An enum in another schema than the default one, with a column there.
#[tokio::test]
async fn an_enum_elsewhere() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE SCHEMA other").await;
    let kind = || Enum::new(("other", "kind"), ["a", "b"]);
    let table = Table::new(("other", "t"))
        .column(Column::new("k", Type::Enum(kind())).server_default("'a'::other.kind"))
        .check(Check::new("k <> 'b'::other.kind").named("ck"));
    live.create(&model([table])).await;
    live.execute("INSERT INTO other.t DEFAULT VALUES").await;
    changed(&mut live, |op| drop(op.alter_enum(kind(), ["b", "a"]))).await;
    let schema = live.inspect_also(&["other"]).await;
    assert_eq!(
        schema.enumeration(("other", "kind")).unwrap().values,
        ["b", "a"]
    );
    assert_eq!(schema.table(("other", "t")).unwrap().constraints.len(), 1);
}
