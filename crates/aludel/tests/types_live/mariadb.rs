//! MariaDB's types.

use super::{Live, Row, models, row, table_name};
use aludel::prelude::*;

fn rows() -> Vec<Row> {
    use Type::*;
    let mysql = |ty: MysqlType, echo, value| row(ty, echo, value);
    vec![
        row(Boolean, "tinyint(1)", "1"),
        row(TinyInteger, "tinyint", "-128"),
        row(SmallInteger, "smallint", "-32768"),
        row(Integer, "int", "-7"),
        row(BigInteger, "bigint", "9007199254740993"),
        row(TinyInteger.unsigned(), "tinyint unsigned", "255"),
        row(SmallInteger.unsigned(), "smallint unsigned", "65535"),
        row(Integer.unsigned(), "int unsigned", "4294967295"),
        row(
            BigInteger.unsigned(),
            "bigint unsigned",
            "9223372036854775807",
        ),
        row(
            Type::from(MysqlType::MediumInteger).unsigned(),
            "mediumint unsigned",
            "16777215",
        ),
        row(Decimal(10, 2).unsigned(), "decimal(10,2) unsigned", "1.50"),
        row(Real, "float", "1.5"),
        row(Double, "double", "0.1"),
        row(
            Decimal(30, 10),
            "decimal(30,10)",
            "12345678901234567890.1234567890",
        ),
        row(Varchar(32), "varchar(32)", "007"),
        row(String, "varchar(255)", "it's"),
        row(Char(3), "char(3)", "ab"),
        row(Text, "text", "a"),
        row(Binary, "longblob", "abc"),
        row(FixedBinary(3), "binary(3)", "abc"),
        row(Varbinary(8), "varbinary(8)", "abc"),
        row(Date, "date", "2024-02-29"),
        row(Time, "time(6)", "12:30:00.123456"),
        row(Time.precision(0), "time", "12:30:00"),
        row(Timestamp, "datetime(6)", "2024-02-29 12:30:00.123456"),
        row(
            Timestamp.precision(3),
            "datetime(3)",
            "2024-02-29 12:30:00.123",
        ),
        row(TimestampTz, "timestamp(6)", "2024-02-29 12:30:00.123456"),
        row(TimestampTz.precision(0), "timestamp", "2024-02-29 12:30:00"),
        row(Json, "json", "{\"a\":  1.0}"),
        row(Jsonb, "json", "[1]"),
        row(
            Type::enumeration("mood", ["sad", "it's ok"]),
            "enum('sad','it''s ok')",
            "it's ok",
        ),
        row(Type::custom("SET ( 'a' , 'b' )"), "set('a','b')", "a,b"),
        row(Type::custom("INT(11)"), "int", "7"),
        row(Type::custom("Double   Precision"), "double", "0.5"),
        row(Type::custom("national varchar (20)"), "varchar(20)", "a"),
        row(Type::custom("tinytext"), "tinytext", "a"),
        mysql(MysqlType::MediumText, "mediumtext", "a"),
        mysql(MysqlType::LongText, "longtext", "a"),
        mysql(MysqlType::TinyBlob, "tinyblob", "a"),
        mysql(MysqlType::Blob, "blob", "a"),
        mysql(MysqlType::MediumBlob, "mediumblob", "a"),
        mysql(MysqlType::Year, "year", "2024"),
        mysql(MysqlType::Inet6, "inet6", "::1"),
    ]
}

#[tokio::test]
async fn every_type_is_echoed_as_itself_and_keeps_its_values() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let mut live = Live::open(&db.url()).await;
    let rows = rows();
    let numbered = |table: Table| {
        table.column(
            Column::new("n", Type::Integer.unsigned())
                .identity()
                .primary_key(),
        )
    };
    let models = models(&rows, numbered);
    live.create(&models).await;
    assert_eq!(live.left(&models).await, Vec::<String>::new());
    let found = live.inspect().await;
    for (number, row) in rows.iter().enumerate() {
        let table = table_name(number);
        let column = &found.table(table.as_str()).unwrap().columns[0];
        assert_eq!(
            column.ty.canonical.as_deref(),
            Some(row.echo),
            "{:?}",
            row.ty
        );
        let select = format!("SELECT CAST(c AS CHAR) FROM {table}");
        let value = row.value.replace('\'', "''");
        live.execute(&format!("INSERT INTO {table} (c) VALUES ('{value}')"))
            .await;
        assert_eq!(live.texts(&select).await, [row.value], "{:?}", row.ty);
        for ty in [Type::Text, row.ty.clone()] {
            live.change(|op| {
                op.alter_column(table.as_str(), "c").set_type(ty);
            })
            .await;
        }
        assert_eq!(live.texts(&select).await, [row.value], "{:?}", row.ty);
    }
    assert_eq!(live.left(&models).await, Vec::<String>::new());
}
