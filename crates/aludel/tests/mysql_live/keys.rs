//! Foreign keys and the indexes that they live on, and dropping what is involved.

use super::support::{Live, model};
use aludel::dialect::Dialect;
use aludel::prelude::*;
use aludel::schema::Schema;

fn tables() -> Schema {
    let parent = Table::new("p").column(Column::new("id", Type::Integer).primary_key());
    let child = Table::new("c")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("a", Type::Integer))
        .column(Column::new("b", Type::Integer))
        .foreign_key(ForeignKey::new(["a"], "p", ["id"]).named("fk_a"))
        .index(Index::new("ix_b", ["b", "a"]));
    model([parent, child])
}

async fn indexes(live: &mut Live) -> String {
    live.text(
        "SELECT GROUP_CONCAT(DISTINCT INDEX_NAME ORDER BY INDEX_NAME) FROM information_schema.STATISTICS \
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'c'",
    )
    .await
}

#[tokio::test]
async fn a_foreign_keys_own_index_goes_with_it() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.change(&Schema::default(), &tables()).await;
    assert_eq!(indexes(&mut live).await, "fk_a,ix_b,PRIMARY");
    assert!(!live.inspect().await.table("c").unwrap().has_index("fk_a"));
    live.upgrade(|op| {
        op.drop_constraint("fk_a", "c");
    })
    .await;
    assert_eq!(indexes(&mut live).await, "ix_b,PRIMARY");
}

#[tokio::test]
async fn an_index_that_a_foreign_key_needs_is_replaced() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.change(&Schema::default(), &tables()).await;
    live.upgrade(|op| {
        op.create_index("ix_a", "c", ["a", "b"]);
    })
    .await;
    assert_eq!(indexes(&mut live).await, "ix_a,ix_b,PRIMARY");
    live.upgrade(|op| {
        op.drop_index("ix_a", "c");
    })
    .await;
    assert_eq!(indexes(&mut live).await, "fk_a,ix_b,PRIMARY");
    live.upgrade(|op| {
        op.create_unique_constraint("uq_a", "c", ["a"]);
        op.drop_constraint("uq_a", "c");
        op.drop_constraint("pk_c", "c");
    })
    .await;
    assert_eq!(indexes(&mut live).await, "fk_a,ix_b");
}

#[tokio::test]
async fn a_column_goes_with_what_involves_it() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.change(&Schema::default(), &tables()).await;
    live.upgrade(|op| {
        op.create_check_constraint("ck", "c", "a < b");
        op.create_unique_constraint("uq", "c", ["a", "b"]);
        op.create_index("ix_lone", "c", ["a"]);
        op.bulk_insert("c", ["id", "b"], [(1, 2)]);
        op.drop_column("c", "a");
    })
    .await;
    let table = live.inspect().await.tables.remove(&"c".into()).unwrap();
    assert_eq!(
        (
            table.columns.len(),
            table.constraints.len(),
            table.indexes.len()
        ),
        (2, 1, 0)
    );
    assert_eq!(live.text("SELECT concat(b) FROM c").await, "2");
}

/// An offline script knows a table by what was recorded before, and it runs.
#[tokio::test]
async fn a_replayed_table_is_as_good() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let mut op = Operations::new(aludel::db::Kind::MariaDb);
    for table in tables().tables.into_values().rev() {
        op.create_table(table);
    }
    op.create_index("ix_a", "c", ["a"]).unique();
    op.alter_column("c", "b")
        .set_not_null()
        .set_default("1")
        .set_comment("b");
    op.alter_column("c", "b").set_type(Type::BigInteger);
    op.drop_index("ix_a", "c");
    op.drop_constraint("fk_a", "c");
    op.drop_constraint("pk_c", "c");
    let mut state = Schema::default();
    let mut script = String::new();
    for recorded in op.into_recorded() {
        for statement in live
            .dialect
            .statements(&recorded.operation, &state)
            .unwrap()
        {
            script += &format!("{};\n", statement.sql);
        }
        if recorded.operation.apply(&mut state).is_ok() {
            live.dialect.normalize(&mut state);
        }
    }
    live.db.sql(&script);
    assert_eq!(indexes(&mut live).await, "ix_b");
    assert_eq!(
        live.definition("c", "b").await,
        "`b` bigint(20) NOT NULL DEFAULT 1 COMMENT 'b'"
    );
}

/// All orders of four things.
fn orders() -> Vec<[usize; 4]> {
    let mut all = Vec::new();
    for number in 0..256 {
        let order = [number / 64, number / 16 % 4, number / 4 % 4, number % 4];
        let mut sorted = order;
        sorted.sort_unstable();
        if sorted == [0, 1, 2, 3] {
            all.push(order);
        }
    }
    all
}

/// Foreign keys share an index whose name is that of one of them. What was inspected tells which; what has happened in memory since
/// does not, and its statements run all the same, and leave nothing behind.
#[tokio::test]
async fn keys_that_share_an_index_come_and_go_in_a_script() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE TABLE p (id INT PRIMARY KEY, b INT, UNIQUE (id, b))")
        .await;
    let things: [fn(&mut Operations); 4] = [
        |op| drop(op.create_foreign_key("x", "c", "p", ["a"], ["id"])),
        |op| drop(op.create_foreign_key("y", "c", "p", ["a"], ["id"])),
        |op| drop(op.create_foreign_key("z", "c", "p", ["a", "b"], ["id", "b"])),
        |op| drop(op.create_index("u", "c", ["a"])),
    ];
    let drops: [fn(&mut Operations); 4] = [
        |op| drop(op.drop_constraint("x", "c")),
        |op| drop(op.drop_constraint("y", "c")),
        |op| drop(op.drop_constraint("z", "c")),
        |op| drop(op.drop_index("u", "c")),
    ];
    let mut number = 0;
    for coming in orders() {
        for going in orders() {
            number += 1;
            if number % 7 != 0 {
                continue;
            }
            let inspected = number % 5;
            live.execute("CREATE OR REPLACE TABLE c (a INT, b INT)")
                .await;
            for thing in &coming[..inspected] {
                live.upgrade(things[*thing]).await;
            }
            let mut op = Operations::new(aludel::db::Kind::MariaDb);
            coming[inspected..]
                .iter()
                .for_each(|it| things[*it](&mut op));
            going.iter().for_each(|it| drops[*it](&mut op));
            let mut state = live.inspect().await;
            for recorded in op.into_recorded() {
                let statements = live.dialect.statements(&recorded.operation, &state);
                for statement in statements.unwrap() {
                    let done = live.connection.execute(&statement.sql).await;
                    let at = format!("{coming:?}, {inspected} of them inspected, {going:?}");
                    done.unwrap_or_else(|error| panic!("{at}: {}: {error}", statement.sql));
                }
                recorded.operation.apply(&mut state).unwrap();
                live.dialect.normalize(&mut state);
            }
            let left = indexes(&mut live).await;
            assert_eq!(
                left, "NULL",
                "{coming:?}, {inspected} of them inspected, {going:?}"
            );
        }
    }
}
