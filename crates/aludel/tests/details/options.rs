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

mod postgres {
    use super::*;

    fn log() -> Table {
        Table::new("Log of it")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("what", Type::Text).index())
    }

    async fn each_way(a: Table, b: Table) -> Option<Vec<String>> {
        let live = Live::postgres()?;
        let (a, b) = (model(a), model(b));
        live.create(&a).await;
        let rows = "INSERT INTO \"Log of it\" VALUES (1, 'x'), (5, 'y')";
        live.execute(rows).await;
        let found = live.there_and_back(&a, &b).await;
        live.settle(&b).await;
        live.there_and_back(&b, &a).await;
        let rows = live
            .column("SELECT id || what FROM \"Log of it\" ORDER BY id")
            .await;
        assert_eq!(rows, ["1x", "5y"]);
        Some(found)
    }

    #[tokio::test]
    async fn what_the_log_has() {
        let Some(found) = each_way(log(), log().unlogged()).await else {
            return;
        };
        assert_eq!(found, ["UNLOGGED on table 'Log of it'"]);
    }

    #[tokio::test]
    async fn storage_parameters() {
        let a = log()
            .parameter("fillfactor", "70")
            .parameter("toast.autovacuum_enabled", "off");
        let b = log()
            .parameter("fillfactor", "'80'")
            .parameter("autovacuum_enabled", "FALSE");
        let Some(found) = each_way(a, b).await else {
            return;
        };
        let lines = [
            "parameter 'autovacuum_enabled' on table 'Log of it'",
            "parameter 'fillfactor' on table 'Log of it'",
            "parameter 'toast.autovacuum_enabled' on table 'Log of it'",
        ];
        assert_eq!(found, lines);
    }

    #[tokio::test]
    async fn tablespaces_and_access_methods() {
        let Some(live) = Live::postgres() else {
            return;
        };
        // Both belong to the whole server.
        let mut connection = live.connection().await;
        for sql in [
            "SET allow_in_place_tablespaces = on",
            "CREATE TABLESPACE \"Slow one\" LOCATION ''",
        ] {
            connection.execute(sql).await.unwrap();
        }
        live.execute("CREATE ACCESS METHOD \"Other heap\" TYPE TABLE HANDLER heap_tableam_handler")
            .await;
        let a = model(log().method("heap").tablespace("pg_default"));
        let mut there = log().method("Other heap").tablespace("Slow one");
        there.indexes[0].tablespace = Some("Slow one".into());
        let there = model(there);
        live.create(&a).await;
        assert!(live.difference(&model(log())).await.is_empty());
        let found = live.there_and_back(&a, &there).await;
        assert!(
            found.contains(&"access method on table 'Log of it'".into()),
            "{found:?}"
        );
        assert!(
            found.contains(&"tablespace on table 'Log of it'".into()),
            "{found:?}"
        );
        live.settle(&there).await;
        live.there_and_back(&there, &a).await;
        live.execute("DROP TABLE \"Log of it\"").await;
        live.execute("DROP TABLESPACE \"Slow one\"").await;
    }

    #[tokio::test]
    async fn parameters_of_indexes() {
        let index = |fill: &str| {
            let index = Index::new("Ix", ["what"]).parameter("fillfactor", fill);
            let gin = Index::new("Gin", ["words"])
                .method("gin")
                .parameter("fastupdate", "off");
            Table::new("Log of it")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("what", Type::Text))
                .column(Column::new("words", PostgresType::TsVector))
                .index(index)
                .index(gin)
        };
        let Some(found) = each_way(index("70"), index("'80'")).await else {
            return;
        };
        assert_eq!(found.len(), 2, "{found:?}");
    }

    fn person() -> Table {
        Table::new("person")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("name", Type::Text).not_null())
            .check(Check::new("name <> ''").named("ck_name"))
    }

    fn thing() -> Table {
        Table::new("thing").column(Column::new("weight", Type::Integer))
    }

    fn worker() -> Table {
        Table::new("Worker").column(Column::new("wage", Type::Integer))
    }

    #[tokio::test]
    async fn a_table_inherits() {
        let Some(live) = Live::postgres() else {
            return;
        };
        let family = |parents: &[&str]| {
            let worker = parents
                .iter()
                .fold(worker(), |it, parent| it.inherits(*parent));
            let models = Metadata::new().table(person()).table(thing());
            models.table(worker)
        };
        let (one, two) = (family(&["person"]), family(&["person", "thing"]));
        live.create(&one).await;
        live.execute("INSERT INTO \"Worker\" (id, name, wage) VALUES (1, 'Ada', 7)")
            .await;
        let found = live.there_and_back(&one, &two).await;
        let lines = [
            "added column 'Worker.weight'",
            "added inheritance from 'thing' on table 'Worker'",
        ];
        assert_eq!(found, lines);
        // A column of the parent comes and goes with it.
        let mut aged = person();
        aged.columns.push(Column::new("age", Type::Integer));
        let aged = Metadata::new()
            .table(aged)
            .table(thing())
            .table(worker().inherits("person"));
        let found = live.there_and_back(&one, &aged).await;
        assert_eq!(found, ["added column 'person.age'"]);
        // What it had from the parent stays with it.
        let alone = worker()
            .column(Column::new("id", Type::Integer).not_null())
            .column(Column::new("name", Type::Text).not_null())
            .check(Check::new("name <> ''").named("ck_name"));
        let alone = Metadata::new().table(person()).table(thing()).table(alone);
        let found = live.found_there_and_back(&one, &alone).await;
        assert_eq!(
            found,
            ["removed inheritance from 'person' on table 'Worker'"]
        );
        let names = live.column("SELECT name FROM \"Worker\"").await;
        assert_eq!(names, ["Ada"]);
    }
}

mod mariadb {
    use super::*;

    fn log() -> Table {
        Table::new("Log of it")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("what", Type::Varchar(20)).index())
            .column(Column::new("note", Type::Text))
            .column(Column::new("data", Type::Json))
    }

    async fn each_way(a: Table, b: Table) -> Option<Vec<String>> {
        let live = Live::mariadb()?;
        let (a, b) = (model(a), model(b));
        live.create(&a).await;
        let rows = "INSERT INTO `Log of it` (id, what, note) VALUES (1, 'x', 'n'), (5, 'y', 'm')";
        live.execute(rows).await;
        let found = live.there_and_back(&a, &b).await;
        live.settle(&b).await;
        live.there_and_back(&b, &a).await;
        let rows = "SELECT CONCAT(id, what, note) FROM `Log of it` ORDER BY id";
        assert_eq!(live.column(rows).await, ["1xn", "5ym"]);
        Some(found)
    }

    #[tokio::test]
    async fn engines() {
        let Some(found) = each_way(log().engine("innodb"), log().engine("Aria")).await else {
            return;
        };
        assert!(
            found.contains(&"engine on table 'Log of it'".into()),
            "{found:?}"
        );
        each_way(log().engine("MyISAM"), log().engine("aria")).await;
    }

    #[tokio::test]
    async fn collations_of_the_table_are_those_of_its_columns() {
        let other = || log().charset("latin1");
        let Some(found) = each_way(log(), other()).await else {
            return;
        };
        let lines = [
            "collation on table 'Log of it'",
            "collation on column 'Log of it.what'",
            "collation on column 'Log of it.note'",
        ];
        assert_eq!(found, lines);
        let mut own = other();
        own.columns[2].collation = Some("utf8mb4_general_ci".into());
        each_way(own, other().collation("latin1_bin")).await;
        each_way(
            log().collation("utf8mb4_bin"),
            other().collation("latin1_bin"),
        )
        .await;
    }

    /// What is the same in other words is no difference, and a column that comes has the table's collation.
    #[tokio::test]
    async fn collations_in_other_words() {
        let Some(live) = Live::mariadb() else {
            return;
        };
        let text = live.first(&model(log().charset("latin1"))).await.rust().0;
        assert!(text.contains(".collation(\"latin1_swedish_ci\")"), "{text}");
        assert_eq!(text.matches("collation").count(), 1, "{text}");
        live.create(&model(log().charset("latin1"))).await;
        let said = log().collation("LATIN1_SWEDISH_CI");
        assert!(live.difference(&model(said)).await.is_empty());
        let mut said = log().charset("latin1");
        said.columns[1].charset = Some("latin1".into());
        assert!(live.difference(&model(said)).await.is_empty());
        let more = log()
            .charset("latin1")
            .column(Column::new("more", Type::Varchar(9)));
        let draft = live.difference(&model(more.clone())).await;
        let added = "op.add_column(\"Log of it\", Column::new(\"more\", Type::Varchar(9)));";
        assert_eq!(draft.rust().0, added);
        live.there_and_back(&model(log().charset("latin1")), &model(more))
            .await;
    }

    #[tokio::test]
    async fn other_options() {
        let a = log()
            .option("row_format", "compressed")
            .option("KEY_BLOCK_SIZE", "8")
            .option("avg_row_length", "100")
            .option("auto_increment", "1000")
            .comment("it's");
        let b = log()
            .option("ROW_FORMAT", "DYNAMIC")
            .option("stats_persistent", "1")
            .comment("other");
        let Some(found) = each_way(a, b).await else {
            return;
        };
        let lines = [
            "option 'AVG_ROW_LENGTH' on table 'Log of it'",
            "option 'KEY_BLOCK_SIZE' on table 'Log of it'",
            "option 'ROW_FORMAT' on table 'Log of it'",
            "option 'STATS_PERSISTENT' on table 'Log of it'",
            "changed comment of table 'Log of it'",
        ];
        assert_eq!(found, lines);
    }

    /// Where numbers begin is said when the table is created, and is data from then on.
    #[tokio::test]
    async fn where_numbers_begin() {
        let Some(live) = Live::mariadb() else {
            return;
        };
        let table = |start: i64| {
            let identity = Identity {
                start: Some(start),
                ..Identity::BY_DEFAULT
            };
            let id = Column::new("id", Type::Integer)
                .identity_as(identity)
                .primary_key();
            Table::new("Bills")
                .column(id)
                .column(Column::new("what", Type::Text))
        };
        live.create(&model(table(1000))).await;
        live.execute("INSERT INTO `Bills` (what) VALUES ('x')")
            .await;
        assert_eq!(
            live.column("SELECT CAST(id AS CHAR) FROM `Bills`").await,
            ["1000"]
        );
        for other in [table(5000), table(1).option("AUTO_INCREMENT", "7")] {
            assert!(live.difference(&model(other)).await.is_empty());
        }
    }
}
