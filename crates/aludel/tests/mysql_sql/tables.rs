//! Tables, enum types, rows.

use super::support::{both, clinic, refusal, said, sql, status, try_sql};
use aludel::dialect::mysql::Mysql;
use aludel::prelude::*;
use aludel::schema::{IndexClass, MysqlType};

#[test]
fn a_table_is_one_statement() {
    let table = || {
        Table::new(("billing", "Invoices"))
            .column(Column::new("id", Type::BigInteger).identity().primary_key())
            .column(
                Column::new("visit", Type::Integer.unsigned())
                    .references(("billing", "visits"), "id")
                    .on_delete(Action::Cascade),
            )
            .column(
                Column::new("amount", Type::Decimal(10, 2))
                    .not_null()
                    .server_default("0")
                    .check("amount >= 0"),
            )
            .column(Column::new("gross", Type::Double).generated_stored("amount * 1.19"))
            .column(
                Column::new("name", Type::String)
                    .collation("utf8mb4_bin")
                    .unique()
                    .comment("it's\\a name"),
            )
            .column(Column::new("state", Type::Enum(status())))
            .column(
                Column::new("at", Type::TimestampTz)
                    .server_default("now()")
                    .server_onupdate("now()"),
            )
            .column(Column::new("key", MysqlType::MediumText).server_default("'a'"))
            .index(Index::on([
                IndexPart::column("name").desc(),
                IndexPart::column("key").length(9),
            ]))
            .index(
                Index::new("ft", ["key"])
                    .class(IndexClass::FullText)
                    .parser("ngram")
                    .comment("c"),
            )
            .comment("what is owed")
            .engine("InnoDB")
            .charset("utf8mb4")
            .option("ROW_FORMAT", "COMPRESSED")
            .partition_by("HASH (id) PARTITIONS 4")
    };
    assert_eq!(
        sql(|op| { op.create_table(table()); }),
        "CREATE TABLE billing.`Invoices` (
    id BIGINT NOT NULL AUTO_INCREMENT,
    visit INTEGER UNSIGNED,
    amount DECIMAL(10, 2) NOT NULL DEFAULT 0,
    gross DOUBLE GENERATED ALWAYS AS (amount * 1.19) STORED,
    name VARCHAR(255) COLLATE utf8mb4_bin COMMENT 'it''s\\\\a name',
    state ENUM('planned', 'completed', 'cancelled'),
    at TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    `key` MEDIUMTEXT DEFAULT ('a'),
    CONSTRAINT `pk_Invoices` PRIMARY KEY (id),
    CONSTRAINT `ck_Invoices_amount` CHECK (amount >= 0),
    CONSTRAINT `uq_Invoices_name` UNIQUE (name),
    INDEX `ix_Invoices_name_key` (name DESC, `key`(9)),
    FULLTEXT INDEX ft (`key`) WITH PARSER ngram COMMENT 'c',
    CONSTRAINT `fk_Invoices_visit_visits` FOREIGN KEY (visit) REFERENCES billing.visits (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='what is owed' ROW_FORMAT=COMPRESSED PARTITION BY HASH (id) PARTITIONS 4"
    );
    assert_eq!(
        sql(|op| {
            op.create_table(
                Table::new("t")
                    .temporary()
                    .column(Column::new("a", Type::Integer).identity_as(Identity {
                        always: false,
                        start: Some(100),
                        increment: None,
                        ..Identity::BY_DEFAULT
                    }))
                    .index(Index::new("ix", ["a"])),
            );
        }),
        "CREATE TEMPORARY TABLE t (\n    a INTEGER NOT NULL AUTO_INCREMENT,\n    INDEX ix (a)\n) AUTO_INCREMENT=100"
    );
}

#[test]
fn what_a_table_cannot_be() {
    let refused = |table: fn(Table) -> Table| {
        let text = refusal(|op| {
            op.create_table(table(
                Table::new("t").column(Column::new("a", Type::Integer)),
            ));
        });
        text.strip_prefix("cannot create table t ")
            .unwrap()
            .to_string()
    };
    assert_eq!(
        refused(|it| it.column(Column::new("n", Type::Integer).identity())),
        "with the numbered column n, which leads no key: make the column the primary key, or put it first in a \
         unique constraint or an index"
    );
    assert!(refused(|_| Table::new("t")).starts_with("without a column: "));
    assert!(refused(Table::strict).starts_with("with SQLite's options: "));
    assert!(refused(Table::without_rowid).starts_with("with SQLite's options: "));
    assert!(refused(Table::unlogged).starts_with("that is not logged: "));
    assert!(refused(|it| it.inherits("p")).starts_with("that inherits: "));
    assert!(refused(|it| it.parameter("fillfactor", "70")).starts_with("with PostgreSQL's "));
    assert!(
        refused(|it| it.constraint(Unique::new(["a"]).on_conflict(OnConflict::Replace)))
            .starts_with("with a conflict clause: say `INSERT IGNORE`")
    );
    let (mysql, mariadb) = both(|op| {
        op.create_table(
            Table::new("t")
                .column(Column::new("a", Type::Integer))
                .tablespace("ts"),
        );
    });
    assert_eq!(mysql, "CREATE TABLE t (\n    a INTEGER\n) TABLESPACE ts");
    assert!(mariadb.starts_with("MariaDB cannot create table t in a tablespace: "));
}

#[test]
fn other_changes_of_tables() {
    assert_eq!(
        sql(|op| {
            op.drop_table(("billing", "invoices"));
            op.rename_table(("billing", "user"), "users");
            op.rename_table("visits", "Visits");
            op.create_table_comment("t", "it's");
            op.drop_table_comment("t");
        }),
        "DROP TABLE billing.invoices;\n\
         ALTER TABLE billing.user RENAME TO billing.users;\n\
         ALTER TABLE visits RENAME TO `Visits`;\n\
         ALTER TABLE t COMMENT 'it''s';\n\
         ALTER TABLE t COMMENT ''"
    );
}

#[test]
fn enum_types_live_in_their_columns() {
    assert_eq!(
        sql(|op| {
            op.create_enum(Enum::new("kind", ["a"]));
            op.drop_enum("kind");
            op.alter_enum(status(), ["planned", "it's"]);
            op.alter_enum(
                Enum::new(("other", "visit_status"), ["planned", "it's"]),
                ["a"],
            );
        }),
        "ALTER TABLE visits MODIFY status ENUM('planned', 'it''s') NOT NULL DEFAULT 'planned'"
    );
    // A table that was inspected has no name of the type: the values are what is known.
    let mut live = clinic();
    let column = live.tables.get_mut(&"visits".into()).unwrap();
    let column = column.find_column_mut("status").unwrap();
    column.ty = Type::custom("enum('planned','completed','cancelled')").into();
    let text = try_sql(&Mysql::mariadb(), &live, |op| {
        drop(op.alter_enum(status(), ["done"]));
    });
    assert_eq!(
        text.unwrap(),
        "ALTER TABLE visits MODIFY status ENUM('done') NOT NULL DEFAULT 'planned'"
    );
}

#[test]
fn rows_and_text() {
    assert_eq!(
        sql(|op| {
            op.execute("FLUSH TABLES;");
            op.bulk_insert(
                "visits",
                ["note"],
                [
                    [Literal::Null],
                    [Literal::Bool(true)],
                    [Literal::Integer(i64::MIN)],
                    [Literal::Float(1e300)],
                    [Literal::Text("it's".into())],
                    [Literal::Text("\\a\\'b".into())],
                    [Literal::Bytes(vec![0, 255])],
                    [Literal::Bytes(vec![])],
                    [Literal::Sql("now()".into())],
                ],
            );
        }),
        "FLUSH TABLES;\n\
         INSERT INTO visits (note) VALUES\n    (NULL),\n    (TRUE),\n    (-9223372036854775808),\n    (1e300),\n    ('it''s'),\n    \
         (CONCAT(_utf8mb4 x'5c', 'a', _utf8mb4 x'5c', '''b')),\n    (x'00ff'),\n    (x''),\n    (now())"
    );
    for float in [f64::NAN, f64::INFINITY] {
        let text = refusal(|op| {
            op.bulk_insert("visits", ["id"], [[Literal::Float(float)]]);
        });
        assert!(text.contains("hold the float"), "{text}");
    }
    let step = try_sql(&Mysql::mysql(), &clinic(), |op| {
        op.run("step", async |_| Ok(()));
    });
    assert!(said(step.unwrap_err()).contains("step"));
}
