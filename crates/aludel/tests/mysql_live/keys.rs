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
