//! Operations on tables, carried out where rows are, and undone.

use super::support::{Live, connect, model};
use aludel::prelude::*;
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

fn visits() -> Table {
    Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("Room", Type::Text))
        .column(Column::new("cost", Type::Integer))
}

async fn with_rows() -> Option<Live> {
    let mut live = Live::start().await?;
    live.create(&model([visits()])).await;
    live.execute("INSERT INTO visits VALUES (1, 'a', 10), (2, 'a', 20)")
        .await;
    Some(live)
}

const ROWS: &str = "SELECT id, \"Room\", cost FROM visits ORDER BY id";

#[tokio::test]
async fn conditions() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    live.execute("UPDATE visits SET \"Room\" = id").await;
    for _ in 0..2 {
        changed(&mut live, |op| {
            op.create_table(visits().index(Index::on(["cost"])))
                .if_not_exists();
            op.add_column(
                "visits",
                Column::new("Room", Type::Integer)
                    .unique()
                    .check("\"Room\" <> ''"),
            )
            .if_not_exists();
            op.create_primary_key("another", "visits", ["cost"])
                .if_not_exists();
            op.create_foreign_key("fk_own", "visits", "visits", ["id"], ["id"])
                .if_not_exists();
        })
        .await;
    }
    let found = live.inspect().await;
    let table = found.table("visits").unwrap();
    assert_eq!(table.columns.len(), 3);
    assert!(table.has_index("ix_visits_cost"));
    let mut names: Vec<String> = table
        .constraints
        .iter()
        .map(|it| it.name().unwrap().to_string())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["ck_visits_room", "fk_own", "pk_visits", "uq_visits_Room"]
    );
    for _ in 0..2 {
        changed(&mut live, |op| {
            op.drop_constraint("fk_own", "visits").if_exists();
            op.drop_constraint("ck_visits_Room", "visits").if_exists();
            op.drop_index("ix_visits_cost", "visits").if_exists();
            op.drop_column("visits", "gone").if_exists();
            op.drop_table(("nowhere", "gone")).if_exists();
        })
        .await;
    }
    let message = refused(&mut live, |op| {
        op.drop_column("nowhere", "gone").if_exists();
    })
    .await;
    assert!(message.contains("42P01"), "{message}");
    assert_eq!(live.texts(ROWS).await, ["1,1,10", "2,2,20"]);
    changed(&mut live, |op| {
        op.drop_table("visits").if_exists();
        op.drop_table("visits").if_exists();
    })
    .await;
    assert!(live.inspect().await.tables.is_empty());
}

/// A concurrent build that fails leaves an index that refuses new rows to be sure, and serves no query.
#[tokio::test]
async fn the_leftover_of_a_concurrent_build() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    let build = |op: &mut Operations| {
        op.create_index("ix_Room", "visits", ["Room"])
            .unique()
            .comment("one each")
            .if_not_exists()
            .concurrently();
    };
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = '\"ix_Room\"'::regclass";
    let message = refused(&mut live, build).await;
    assert!(message.contains("23505"), "{message}");
    assert_eq!(live.texts(valid).await, ["f"]);
    // Once more, and nothing is better: the leftover is dropped, the rows are still equal.
    let message = refused(&mut live, build).await;
    assert!(message.contains("23505"), "{message}");
    live.execute("UPDATE visits SET \"Room\" = 'b' WHERE id = 2")
        .await;
    changed(&mut live, build).await;
    assert_eq!(live.texts(valid).await, ["t"]);
    // A valid one stays with `if_not_exists`, and is an error without.
    changed(&mut live, build).await;
    let message = refused(&mut live, |op| {
        op.create_index("ix_Room", "visits", ["id"]).concurrently();
    })
    .await;
    assert!(message.contains("42P07"), "{message}");
    let index = live.inspect().await.table("visits").unwrap().indexes[0].clone();
    assert_eq!(index.comment.as_deref(), Some("one each"));
    changed(&mut live, |op| {
        op.drop_index("ix_Room", "visits").concurrently();
        op.drop_index("ix_Room", "visits")
            .if_exists()
            .concurrently();
    })
    .await;
    assert_eq!(live.texts(ROWS).await, ["1,a,10", "2,b,20"]);
    assert!(
        live.inspect()
            .await
            .table("visits")
            .unwrap()
            .indexes
            .is_empty()
    );
}

/// The same on a partition, which nobody but its own name leads to.
#[tokio::test]
async fn the_leftover_on_a_partition() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    changed(&mut live, |op| {
        op.create_table(
            Table::new("log")
                .column(Column::new("day", Type::Date))
                .column(Column::new("what", Type::Text))
                .partition_by("RANGE (day)"),
        );
        op.create_table(
            Table::new("log_2026")
                .partition_of("log", "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"),
        );
        op.execute("INSERT INTO log VALUES ('2026-02-01', 'x'), ('2026-03-01', 'x')");
    })
    .await;
    let build = |op: &mut Operations| {
        op.create_index("ix_what", "log_2026", ["what"])
            .unique()
            .concurrently();
    };
    assert!(refused(&mut live, build).await.contains("23505"));
    live.execute("DELETE FROM log WHERE day > '2026-02-01'")
        .await;
    changed(&mut live, build).await;
    let message = refused(&mut live, |op| {
        op.create_index("ix_all", "log", ["what"]).concurrently();
    })
    .await;
    assert!(message.contains("0A000"), "{message}");
}

#[tokio::test]
async fn names_change_and_change_back() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    changed(&mut live, |op| {
        op.create_index("ix", "visits", ["cost"]).comment("kept");
        op.create_check_constraint("ck", "visits", "cost > 0");
    })
    .await;
    let before = live.inspect().await;
    let there = |op: &mut Operations| {
        op.rename_index("ix", "visits", "The index");
        op.rename_constraint("ck", "visits", "order");
        op.rename_constraint("pk_visits", "visits", "key");
    };
    changed(&mut live, there).await;
    let mut expected = before.clone();
    let mut op = Operations::new(aludel::db::Kind::Postgres);
    there(&mut op);
    for recorded in op.into_recorded() {
        recorded.operation.apply(&mut expected).unwrap();
    }
    let mut found = live.inspect().await;
    for schema in [&mut expected, &mut found] {
        for table in schema.tables.values_mut() {
            table.constraints.sort_by_key(|it| format!("{it:?}"));
        }
    }
    assert_eq!(found, expected);
    changed(&mut live, |op| {
        op.rename_index("The index", "visits", "ix");
        op.rename_constraint("order", "visits", "ck");
        op.rename_constraint("key", "visits", "pk_visits");
    })
    .await;
    assert_eq!(live.inspect().await, before);
    assert_eq!(live.texts(ROWS).await, ["1,a,10", "2,a,20"]);
}

#[tokio::test]
async fn a_constraint_is_validated_later() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    changed(&mut live, |op| {
        op.create_check_constraint("ck", "visits", "cost > 15")
            .not_valid();
        op.create_foreign_key("fk", "visits", "visits", ["cost"], ["id"])
            .not_valid();
    })
    .await;
    let not_valid = |table: &Table| {
        let constraint = |name: &str| format!("{:?}", table.find_constraint(name));
        ["ck", "fk"].map(|it| constraint(it).contains("not_valid: true"))
    };
    let found = live.inspect().await;
    assert_eq!(not_valid(found.table("visits").unwrap()), [true, true]);
    // They hold for what comes, and not for what was.
    let sql = "INSERT INTO visits VALUES (3, 'c', 1)";
    assert!(live.connection.execute(sql).await.is_err());
    let message = refused(&mut live, |op| op.validate_constraint("ck", "visits")).await;
    assert!(message.contains("23514"), "{message}");
    live.execute("ALTER TABLE visits DROP CONSTRAINT fk; DELETE FROM visits WHERE id = 1; UPDATE visits SET cost = 20")
        .await;
    changed(&mut live, |op| {
        op.create_foreign_key("fk", "visits", "visits", ["id"], ["id"])
            .not_valid();
        op.validate_constraint("ck", "visits");
        op.validate_constraint("fk", "visits");
    })
    .await;
    let found = live.inspect().await;
    assert_eq!(not_valid(found.table("visits").unwrap()), [false, false]);
    changed(&mut live, |op| {
        op.drop_constraint("ck", "visits");
        op.drop_constraint("fk", "visits");
    })
    .await;
    assert_eq!(live.texts(ROWS).await, ["2,a,20"]);
}

#[tokio::test]
async fn what_a_constraint_carries() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    changed(&mut live, |op| {
        op.drop_constraint("pk_visits", "visits");
        op.create_primary_key("pk", "visits", ["id"])
            .include(["cost"])
            .deferrable(Deferrable::Deferred);
        op.create_unique_constraint("uq", "visits", ["cost"])
            .include(["Room"])
            .deferrable(Deferrable::Immediate);
        op.create_check_constraint("ck", "visits", "cost > 0")
            .no_inherit();
    })
    .await;
    let found = live.inspect().await;
    let table = found.table("visits").unwrap();
    let key = PrimaryKey::new(["id"])
        .include(["cost"])
        .deferrable(Deferrable::Deferred)
        .named("pk");
    assert_eq!(table.find_primary_key(), Some(&key));
    let unique = Unique::new(["cost"])
        .include(["Room"])
        .deferrable(Deferrable::Immediate)
        .named("uq");
    assert_eq!(table.find_constraint("uq"), Some(&unique.into()));
    let check = format!("{:?}", table.find_constraint("ck"));
    assert!(check.contains("no_inherit: true"), "{check}");
    // The keys change places within a transaction.
    live.execute("BEGIN; UPDATE visits SET id = 3 - id; COMMIT")
        .await;
    assert_eq!(live.texts(ROWS).await, ["1,a,20", "2,a,10"]);
}

#[tokio::test]
async fn partitions_come_and_go_with_their_rows() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let log = Table::new("log")
        .column(Column::new("day", Type::Date).not_null())
        .column(Column::new("what", Type::Text))
        .partition_by("RANGE (day)")
        .index(Index::new("ix_log_day", ["day"]));
    let old = Table::new("The old")
        .column(Column::new("day", Type::Date).not_null())
        .column(Column::new("what", Type::Text));
    changed(&mut live, |op| {
        op.create_table(log);
        op.create_table(old);
        op.execute("INSERT INTO \"The old\" VALUES ('2025-06-01', 'old')");
        op.create_table(
            Table::new("log_2026")
                .partition_of("log", "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
                .constraint(Check::new("what <> ''").named("ck"))
                .parameter("fillfactor", "70"),
        );
        op.create_table(
            Table::new("log_rest")
                .partition_of("log", "DEFAULT")
                .partition_by("LIST (what)"),
        );
        op.attach_partition(
            "log",
            "The old",
            "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        );
        op.execute("INSERT INTO log VALUES ('2026-06-01', 'new')");
    })
    .await;
    let whole = "SELECT what FROM log ORDER BY day";
    assert_eq!(live.texts(whole).await, ["old", "new"]);
    // A default partition cannot be detached concurrently, nor anything beside it.
    let message = refused(&mut live, |op| {
        op.detach_partition("log", "The old").concurrently();
    })
    .await;
    assert!(message.contains("55000"), "{message}");
    changed(&mut live, |op| {
        op.detach_partition("log", "log_rest");
        op.drop_table("log_rest");
        op.detach_partition("log", "The old").concurrently();
        op.detach_partition("log", "log_2026");
    })
    .await;
    assert_eq!(live.texts(whole).await, [] as [&str; 0]);
    let parts = "SELECT what FROM log_2026 UNION SELECT what FROM \"The old\" ORDER BY 1";
    assert_eq!(live.texts(parts).await, ["new", "old"]);
    let message = refused(&mut live, |op| {
        op.detach_partition("log", "The old").finalize();
    })
    .await;
    assert!(message.contains("42P01"), "{message}");
}

/// A concurrent detaching that was cut off, and is brought to its end.
#[tokio::test]
async fn a_detaching_is_finalized() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    changed(&mut live, |op| {
        op.create_table(
            Table::new("log")
                .column(Column::new("n", Type::Integer))
                .partition_by("LIST (n)"),
        );
        op.create_table(Table::new("log_1").partition_of("log", "FOR VALUES IN (1)"));
        op.execute("INSERT INTO log VALUES (1)");
    })
    .await;
    let mut reader = connect(&live.db.url()).await;
    reader.execute("BEGIN; SELECT * FROM log").await.unwrap();
    live.execute("SET lock_timeout = '300ms'").await;
    let message = refused(&mut live, |op| {
        op.detach_partition("log", "log_1").concurrently();
    })
    .await;
    assert!(message.contains("55P03"), "{message}");
    reader.execute("COMMIT").await.unwrap();
    live.execute("RESET lock_timeout").await;
    changed(&mut live, |op| {
        op.detach_partition("log", "log_1").finalize();
    })
    .await;
    assert_eq!(live.texts("SELECT n FROM log").await, [] as [&str; 0]);
    assert_eq!(live.texts("SELECT n FROM log_1").await, ["1"]);
}

#[tokio::test]
async fn options_of_tables() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    let options = "SELECT relpersistence, reloptions FROM pg_class WHERE relname = 'visits'";
    changed(&mut live, |op| {
        op.set_table_options("visits")
            .parameter("fillfactor", "70")
            .parameter("toast.autovacuum_enabled", "false")
            .tablespace("pg_default")
            .unlogged();
    })
    .await;
    assert_eq!(live.texts(options).await, ["u,{fillfactor=70}"]);
    changed(&mut live, |op| {
        op.set_table_options("visits")
            .reset("fillfactor")
            .reset("toast.autovacuum_enabled")
            .logged();
    })
    .await;
    assert_eq!(live.texts(options).await, ["p,"]);
    assert_eq!(live.texts(ROWS).await, ["1,a,10", "2,a,20"]);
    changed(&mut live, |op| {
        op.create_table(
            Table::new("child")
                .column(Column::new("cost", Type::Integer).not_null())
                .column(Column::new("more", Type::Text))
                .inherits("visits")
                .unlogged()
                .parameter("fillfactor", "50")
                .tablespace("pg_default"),
        );
        op.create_table(
            Table::new("scratch")
                .column(Column::new("a", Type::Integer))
                .temporary(),
        );
        op.execute(
            "INSERT INTO child (id, cost) VALUES (7, 1); INSERT INTO scratch SELECT id FROM visits",
        );
    })
    .await;
    assert_eq!(live.texts("SELECT count(*) FROM scratch").await, ["3"]);
    let child = live.inspect().await.table("child").unwrap().clone();
    let names: Vec<&str> = child.columns.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["id", "Room", "cost", "more"]);
    changed(&mut live, |op| {
        op.drop_table("scratch");
        op.drop_table("child");
    })
    .await;
    assert_eq!(live.texts(ROWS).await, ["1,a,10", "2,a,20"]);
}

#[tokio::test]
async fn how_a_column_is_stored() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    changed(&mut live, |op| {
        op.alter_column("visits", "Room")
            .set_storage("EXTERNAL")
            .set_compression("pglz")
            .set_statistics(500);
    })
    .await;
    let sql = "SELECT attstorage, attcompression, attstattarget FROM pg_attribute \
               WHERE attrelid = 'visits'::regclass AND attname = 'Room'";
    assert_eq!(live.texts(sql).await, ["e,p,500"]);
    assert_eq!(live.texts(ROWS).await, ["1,a,10", "2,a,20"]);
}

#[tokio::test]
async fn rows_one_by_one() {
    let Some(mut live) = with_rows().await else {
        return;
    };
    let none: [(i32, &str); 0] = [];
    changed(&mut live, |op| {
        op.bulk_insert("visits", ["id", "Room"], none);
        op.bulk_insert("visits", ["id", "Room"], [(3, "c"), (4, "d")])
            .multiinsert(false);
        op.create_table(
            Table::new("marks").column(Column::new("at", Type::Integer).server_default("7")),
        );
        op.bulk_insert(
            "marks",
            [] as [&str; 0],
            [Vec::<Literal>::new(), Vec::new()],
        );
    })
    .await;
    assert_eq!(
        live.texts("SELECT \"Room\" FROM visits WHERE id > 2 ORDER BY id")
            .await,
        ["c", "d"]
    );
    assert_eq!(live.texts("SELECT at FROM marks").await, ["7", "7"]);
}

/// What reads a column keeps it from changing its type; it is named before anything has changed.
#[tokio::test]
async fn what_reads_an_enum_column_is_named() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let status = || Enum::new("status", ["planned", "done"]);
    let table = Table::new("visits").column(Column::new("status", Type::Enum(status())));
    live.create(&model([table])).await;
    live.execute(
        "INSERT INTO visits VALUES ('done'); CREATE VIEW \"Open\" AS SELECT status FROM visits",
    )
    .await;
    let reversed = |op: &mut Operations| {
        op.alter_enum(status(), ["done", "planned"]);
    };
    let message = refused(&mut live, reversed).await;
    assert!(
        message.contains("view \\\"Open\\\" depends on the column `status`"),
        "{message}"
    );
    assert!(
        message.contains("drop it before, and create it again behind"),
        "{message}"
    );
    let message = refused(&mut live, |op| {
        op.alter_column("visits", "status").set_type(Type::Text);
    })
    .await;
    assert!(message.contains("view \\\"Open\\\""), "{message}");
    live.execute(
        "DROP VIEW \"Open\"; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
         CREATE TRIGGER watch BEFORE UPDATE OF status ON visits EXECUTE FUNCTION f()",
    )
    .await;
    let message = refused(&mut live, reversed).await;
    assert!(
        message.contains("trigger watch on table visits"),
        "{message}"
    );
    live.execute("DROP TRIGGER watch ON visits; CREATE POLICY p ON visits USING (status = 'done')")
        .await;
    let message = refused(&mut live, reversed).await;
    assert!(message.contains("policy p on table visits"), "{message}");
    live.execute("DROP POLICY p ON visits").await;
    changed(&mut live, reversed).await;
    assert_eq!(live.texts("SELECT status FROM visits").await, ["done"]);
    // What is only added keeps the type, and everything that reads it.
    live.execute("CREATE VIEW \"Open\" AS SELECT status FROM visits")
        .await;
    changed(&mut live, |op| {
        op.alter_enum(
            Enum::new("status", ["done", "planned"]),
            ["done", "planned", "lost"],
        );
    })
    .await;
}

/// A check that was never held to the rows is not held to them when it is made again, and an index keeps its comment.
#[tokio::test]
async fn what_is_set_aside_comes_back_as_it_was() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let status = || Enum::new("status", ["planned", "done"]);
    let table = Table::new("visits")
        .column(Column::new("status", Type::Enum(status())).server_default("'planned'"));
    live.create(&model([table])).await;
    changed(&mut live, |op| {
        op.execute("INSERT INTO visits VALUES ('done')");
        op.create_check_constraint("ck", "visits", "status <> 'done'")
            .not_valid();
        op.create_index("ix", "visits", ["status"])
            .predicate("status = 'planned'")
            .comment("few");
    })
    .await;
    let before = live.inspect().await;
    changed(&mut live, |op| {
        op.alter_enum(status(), ["done", "planned"]);
        op.alter_enum(
            Enum::new("status", ["done", "planned"]),
            ["planned", "done"],
        )
        .replace();
    })
    .await;
    assert_eq!(live.inspect().await, before);
}

/// What a model says of keys, checks and indexes is found again, and is no difference.
#[tokio::test]
async fn what_was_said_is_no_difference() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let column = |name: &str, ty: Type| Column::new(name, ty);
    let table = Table::new("t")
        .column(column("id", Type::Integer).charset("utf8mb4"))
        .column(column("a", Type::Text))
        .constraint(
            PrimaryKey::new(["id"])
                .include(["a"])
                .deferrable(Deferrable::Deferred),
        )
        .constraint(Unique::new(["a"]).include(["id"]))
        .constraint(Check::new("a <> ''").no_inherit())
        .index(
            Index::on([IndexPart::column("a").length(3)])
                .parameter("fillfactor", "70")
                .parameter("deduplicate_items", "off")
                .comment("it's here"),
        )
        .unlogged()
        .parameter("fillfactor", "50")
        .engine("InnoDB");
    let model = model([table]);
    let mut normal = model.clone();
    aludel::dialect::Dialect::normalize(&live.dialect, &mut normal);
    live.create(&normal).await;
    let (said, asked) = live.differences(&model, &[]).await;
    assert_eq!((said, asked), (Vec::new(), true));
    let kept = "SELECT relpersistence, reloptions FROM pg_class WHERE relname = 't'";
    assert_eq!(live.texts(kept).await, ["u,{fillfactor=50}"]);
}
