//! What a table has beside its columns: where and how it is stored.

use crate::support::{Live, model};
use aludel::prelude::*;

mod sqlite {
    use super::*;

    /// A table whose name needs quoting, with everything that a rebuild must carry along.
    fn log(id: Type) -> Table {
        Table::new("Log of it")
            .column(Column::new("id", id).primary_key())
            .column(Column::new("what", Type::Varchar(20)).not_null().index())
            .column(Column::new("kind", Type::enumeration("kind", ["a", "b"])))
            .column(Column::new("at", Type::Timestamp))
            .column(Column::new("size", Type::Integer).generated_stored("length(what)"))
            .check(Check::new("what <> ''"))
    }

    const ROWS: &str =
        "INSERT INTO \"Log of it\" (id, what, kind) VALUES (1, 'x', 'a'), (5, 'y', NULL)";

    async fn each_way(a: Table, b: Table) -> Vec<String> {
        let live = Live::sqlite().unwrap();
        let (a, b) = (model(a), model(b));
        live.create(&a).await;
        live.execute(ROWS).await;
        let found = live.there_and_back(&a, &b).await;
        let rows = live
            .column("SELECT id || what FROM \"Log of it\" ORDER BY id")
            .await;
        assert_eq!(rows, ["1x", "5y"]);
        live.settle(&b).await;
        live.there_and_back(&b, &a).await;
        found
    }

    #[tokio::test]
    async fn strict() {
        let found = each_way(log(Type::Integer), log(Type::Integer).strict()).await;
        assert_eq!(found, ["STRICT on table 'Log of it'"]);
    }

    #[tokio::test]
    async fn without_rowid() {
        each_way(log(Type::BigInteger), log(Type::BigInteger).without_rowid()).await;
        each_way(log(Type::Text), log(Type::Text).without_rowid().strict()).await;
    }

    #[tokio::test]
    async fn autoincrement() {
        let found = each_way(log(Type::Integer), log(Type::Integer).autoincrement()).await;
        assert_eq!(found, ["AUTOINCREMENT on table 'Log of it'"]);
        let both = log(Type::Integer).autoincrement().strict();
        each_way(log(Type::Integer).without_rowid(), both).await;
    }

    /// Numbers that were given are not given again once the table says so.
    #[tokio::test]
    async fn numbers_go_on() {
        let live = Live::sqlite().unwrap();
        let (a, b) = (
            model(log(Type::Integer)),
            model(log(Type::Integer).autoincrement()),
        );
        live.create(&a).await;
        live.execute(ROWS).await;
        live.settle(&b).await;
        live.execute("DELETE FROM \"Log of it\" WHERE id = 5").await;
        live.execute("INSERT INTO \"Log of it\" (what) VALUES ('z')")
            .await;
        let last = "SELECT CAST(max(id) AS TEXT) FROM \"Log of it\"";
        assert_eq!(live.column(last).await, ["6"]);
    }

    /// A value of another type stands in the way, and the database says so.
    #[tokio::test]
    async fn a_value_of_another_type() {
        let live = Live::sqlite().unwrap();
        live.create(&model(log(Type::Integer))).await;
        live.execute("INSERT INTO \"Log of it\" (id, what) VALUES (1, x'00')")
            .await;
        let words = live.refused(&model(log(Type::Integer).strict())).await;
        assert!(
            words.contains("cannot store BLOB value in TEXT column"),
            "{words}"
        );
    }
}
