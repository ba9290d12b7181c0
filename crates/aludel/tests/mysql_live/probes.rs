//! Asking the database how it spells: nothing is committed, and nothing stays.

use super::support::{Live, model};
use aludel::dialect::Dialect;
use aludel::prelude::*;
use aludel::schema::Schema;

fn table(name: &str, default: &str) -> Table {
    Table::new(name)
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("a", Type::Varchar(40)).server_default(default))
}

#[tokio::test]
async fn an_open_transaction_stays_open() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let wanted = model([table("t", "concat('a','b')")]);
    live.change(&Schema::default(), &wanted).await;
    live.execute("START TRANSACTION; INSERT INTO t (id) VALUES (1)")
        .await;
    assert_eq!(live.differences(&wanted, &[]).await, (Vec::new(), true));
    live.execute("ROLLBACK").await;
    assert_eq!(live.text("SELECT concat(count(*)) FROM t").await, "0");
}

/// One table whose expression the database refuses does not take the others with it.
#[tokio::test]
async fn a_refused_probe_leaves_the_others_alone() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let good = model([table("good", "CONCAT( 'a', length('b') )")]);
    live.change(&Schema::default(), &good).await;
    let both = model([
        table("good", "CONCAT( 'a', length('b') )"),
        table("bad", "no_such_function()"),
        table("worse", "1 +").check(Check::new("a > ").named("ck")),
    ]);
    let (said, asked) = live.differences(&both, &[]).await;
    assert!(!asked);
    assert!(!said.iter().any(|it| it.contains("good")), "{said:?}");
    for number in 0..3 {
        let probe = format!("SELECT * FROM aludel_probe_{number}");
        assert!(live.connection.fetch(&probe).await.is_err());
    }
}

/// In a session that reads quotes otherwise, what the database shows cannot be read here: text has to do.
#[tokio::test]
async fn a_session_with_other_quotes_is_not_asked() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let wanted = model([table("order", "'it''s'").check(Check::new("a <> 'x'").named("ck"))]);
    for mode in ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES"] {
        live.execute(&format!("SET sql_mode = '{mode}'")).await;
        live.dialect = aludel::dialect::mysql::Mysql::of_server(&mut live.connection)
            .await
            .unwrap();
        live.change(&Schema::default(), &wanted).await;
        assert_eq!(
            live.differences(&wanted, &[]).await,
            (Vec::new(), false),
            "{mode}"
        );
        live.upgrade(|op| {
            op.alter_column("order", "a").set_comment("\\ '");
        })
        .await;
        let there = live.inspect().await;
        let column = there.tables[&"order".into()]
            .find_column("a")
            .unwrap()
            .clone();
        assert_eq!(column.comment.as_deref(), Some("\\ '"), "{mode}");
        assert_eq!(
            column.default.unwrap().canonical.as_deref(),
            Some("'it''s'")
        );
        live.upgrade(|op| {
            op.drop_table("order");
        })
        .await;
    }
    assert!(live.dialect.features().comments);
}
