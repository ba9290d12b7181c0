//! SQLite's types: what each declared name does to the values that are stored under it.

use super::{Live, Row, keys_and_defaults, keys_and_defaults_stay, models, row, table_name};
use aludel::prelude::*;

/// `'007'`, `1.0`, 2⁵³ + 1 and a blob, as they are kept in columns of each affinity
/// (<https://www.sqlite.org/datatype3.html#type_affinity>).
const GIVEN: &str = "('007'), (1.0), (9007199254740993), (x'00ff')";
const TEXT: &str = "'007' '1.0' '9007199254740993' X'00FF'";
const BLOB: &str = "'007' 1.0 9007199254740993 X'00FF'";
/// The same numbers.
const NUMBER: &str = "7 1 9007199254740993 X'00FF'";
/// A float is what was asked for.
const REAL: &str = "7.0 1.0 9.007199254740992e+15 X'00FF'";

fn generic() -> Vec<Row> {
    use Type::*;
    vec![
        row(Boolean, "BOOLEAN", NUMBER),
        row(TinyInteger, "TINYINT", NUMBER),
        row(SmallInteger, "SMALLINT", NUMBER),
        row(Integer, "INTEGER", NUMBER),
        row(BigInteger, "BIGINT", NUMBER),
        row(TinyInteger.unsigned(), "TINYINT", NUMBER),
        row(SmallInteger.unsigned(), "SMALLINT", NUMBER),
        row(Integer.unsigned(), "INTEGER", NUMBER),
        row(BigInteger.unsigned(), "BIGINT", NUMBER),
        row(Real, "REAL", REAL),
        row(Double, "DOUBLE", REAL),
        row(Numeric, "NUMERIC", NUMBER),
        row(Decimal(10, 2), "NUMERIC(10, 2)", NUMBER),
        row(Decimal(20, 0), "NUMERIC(20, 0)", NUMBER),
        row(String, "VARCHAR", TEXT),
        row(Varchar(32), "VARCHAR(32)", TEXT),
        row(Char(3), "CHAR(3)", TEXT),
        row(Text, "TEXT", TEXT),
        row(Binary, "BLOB", BLOB),
        row(FixedBinary(16), "BLOB", BLOB),
        row(Varbinary(64), "BLOB", BLOB),
        row(Date, "DATE", NUMBER),
        row(Time, "TIME", NUMBER),
        row(TimeTz, "TIME", NUMBER),
        row(Timestamp, "TIMESTAMP", NUMBER),
        row(TimestampTz, "TIMESTAMP", NUMBER),
        row(Time.precision(3), "TIME", NUMBER),
        row(TimestampTz.precision(3), "TIMESTAMP", NUMBER),
        row(Uuid, "UUID_BLOB", BLOB),
        row(Json, "JSON_TEXT", TEXT),
        row(Jsonb, "JSON_TEXT", TEXT),
    ]
}

/// Names as people write them, and as other tools have written them.
fn by_name() -> Vec<Row> {
    let custom = |name: &str, echo, kept| row(Type::custom(name), echo, kept);
    vec![
        custom("", "", BLOB),
        custom("int", "INTEGER", NUMBER),
        custom("Int4", "INTEGER", NUMBER),
        custom("INT2", "SMALLINT", NUMBER),
        custom("int8", "BIGINT", NUMBER),
        custom("MEDIUMINT", "MEDIUMINT", NUMBER),
        custom("INT(11)", "INT(11)", NUMBER),
        custom("TINYINT(1)", "TINYINT(1)", NUMBER),
        custom("unsigned  big int", "UNSIGNED BIG INT", NUMBER),
        custom("POINT", "POINT", NUMBER),
        custom("FLOATING POINT", "FLOATING POINT", NUMBER),
        custom("bool", "BOOLEAN", NUMBER),
        custom("STRING", "STRING", NUMBER),
        custom("decimal", "NUMERIC", NUMBER),
        custom("DECIMAL( 10 ,5 )", "NUMERIC(10, 5)", NUMBER),
        custom("DECIMAL(10, -2)", "DECIMAL(10,-2)", NUMBER),
        custom("datetime", "TIMESTAMP", NUMBER),
        custom("DATETIME(6)", "TIMESTAMP", NUMBER),
        custom("timestamp with time zone", "TIMESTAMP", NUMBER),
        custom("money", "MONEY", NUMBER),
        custom("inet", "INET", NUMBER),
        custom("geometry(1, 4326)", "GEOMETRY(1,4326)", NUMBER),
        custom("BINARY(16)", "BINARY(16)", NUMBER),
        custom("double   precision", "DOUBLE", REAL),
        custom("Float", "DOUBLE", REAL),
        custom("float4", "REAL", REAL),
        custom("DOUBLE UNSIGNED", "DOUBLE UNSIGNED", REAL),
        custom("VARCHAR (20)", "VARCHAR(20)", TEXT),
        custom("\"varchar\" (20)", "VARCHAR(20)", TEXT),
        custom("character varying(20)", "VARCHAR(20)", TEXT),
        custom("Varying Character(255)", "VARYING CHARACTER(255)", TEXT),
        custom("nvarchar( 160 )", "NVARCHAR(160)", TEXT),
        custom("NCHAR(55)", "NCHAR(55)", TEXT),
        custom("native character(70)", "NATIVE CHARACTER(70)", TEXT),
        custom("clob", "TEXT", TEXT),
        custom("LONGTEXT", "LONGTEXT", TEXT),
        custom("my  text type", "MY TEXT TYPE", TEXT),
        custom("longblob", "LONGBLOB", BLOB),
    ]
}

/// In `STRICT` tables (<https://www.sqlite.org/stricttables.html>), whose columns do not take every value.
fn strict() -> Vec<Row> {
    use Type::*;
    const WHOLE: &str = "7 1 9007199254740993 -";
    const FLOAT: &str = "7.0 1.0 9.007199254740992e+15 -";
    const CHARS: &str = "'007' '1.0' '9007199254740993' -";
    const BYTES: &str = "- - - X'00FF'";
    vec![
        row(Boolean, "INTEGER", WHOLE),
        row(TinyInteger, "INTEGER", WHOLE),
        row(BigInteger, "INTEGER", WHOLE),
        row(Integer.unsigned(), "INTEGER", WHOLE),
        row(Real, "REAL", FLOAT),
        row(Double, "REAL", FLOAT),
        row(Decimal(10, 2), "REAL", FLOAT),
        row(Decimal(16, 2), "ANY", BLOB),
        row(Numeric, "ANY", BLOB),
        row(String, "TEXT", CHARS),
        row(Varchar(3), "TEXT", CHARS),
        row(Text, "TEXT", CHARS),
        row(Date, "TEXT", CHARS),
        row(TimestampTz.precision(3), "TEXT", CHARS),
        row(Json, "TEXT", CHARS),
        row(Binary, "BLOB", BYTES),
        row(Uuid, "BLOB", BYTES),
        row(Type::custom("INT"), "INTEGER", WHOLE),
        row(Type::custom("any"), "ANY", BLOB),
    ]
}

async fn open() -> (aludel_testdb::SqliteFile, Live) {
    let file = aludel_testdb::sqlite();
    let live = Live::open(&file.url()).await;
    (file, live)
}

async fn kept(live: &mut Live, table: &str) -> String {
    let sql = format!("SELECT quote(c) FROM {table} ORDER BY n");
    live.texts(&sql).await.join(" ")
}

async fn echoes(live: &mut Live, rows: &[Row]) {
    let found = live.inspect().await;
    for (number, row) in rows.iter().enumerate() {
        let column = &found.table(table_name(number).as_str()).unwrap().columns[0];
        assert_eq!(
            column.ty.canonical.as_deref(),
            Some(row.echo),
            "{:?}",
            row.ty
        );
    }
}

#[tokio::test]
async fn every_type_is_found_as_itself_and_keeps_its_values() {
    let (_file, mut live) = open().await;
    let mut rows = generic();
    rows.extend(by_name());
    assert!(rows.len() >= 65, "{}", rows.len());
    let numbered =
        |table: Table| table.column(Column::new("n", Type::Integer).identity().primary_key());
    let models = models(&rows, numbered);
    live.create(&models).await;
    assert_eq!(live.left(&models).await, Vec::<String>::new());
    echoes(&mut live, &rows).await;

    for (number, row) in rows.iter().enumerate() {
        let table = table_name(number);
        live.execute(&format!("INSERT INTO {table} (c) VALUES {GIVEN}"))
            .await;
        assert_eq!(kept(&mut live, &table).await, row.value, "{:?}", row.ty);
        // A number among values of any kind becomes text for good, and a float is cut to 15 digits.
        let lost = match row.value {
            BLOB => "typeof(c) NOT IN ('text', 'blob')",
            REAL => "c > 9e15",
            _ => "FALSE",
        };
        live.execute(&format!("DELETE FROM {table} WHERE {lost}"))
            .await;
        let before = kept(&mut live, &table).await;
        for ty in [Type::Text, row.ty.clone()] {
            live.change(|op| {
                op.alter_column(table.as_str(), "c").set_type(ty);
            })
            .await;
        }
        assert_eq!(kept(&mut live, &table).await, before, "{:?}", row.ty);
    }
    assert_eq!(live.left(&models).await, Vec::<String>::new());
}

#[tokio::test]
async fn strict_tables_take_or_refuse_but_never_change() {
    let (_file, mut live) = open().await;
    let rows = strict();
    let numbered = |table: Table| {
        table
            .column(Column::new("n", Type::Integer).identity().primary_key())
            .strict()
    };
    let models = models(&rows, numbered);
    live.create(&models).await;
    assert_eq!(live.left(&models).await, Vec::<String>::new());
    echoes(&mut live, &rows).await;
    for (number, row) in rows.iter().enumerate() {
        let table = table_name(number);
        let mut stored = Vec::new();
        for value in GIVEN.split(", ") {
            let insert = format!("INSERT INTO {table} (c) VALUES {value}");
            stored.push(match live.connection.execute(&insert).await {
                Ok(_) => {
                    let last = format!("SELECT quote(c) FROM {table} ORDER BY n DESC LIMIT 1");
                    live.texts(&last).await.remove(0)
                }
                Err(_) => "-".into(),
            });
        }
        assert_eq!(stored.join(" "), row.value, "{:?}", row.ty);
    }
}

#[tokio::test]
async fn moments_are_kept_to_the_letter() {
    let (_file, mut live) = open().await;
    let moments = [
        (Type::Date, "2024-02-29"),
        (Type::Time, "12:30:00.123456789"),
        (Type::TimeTz, "12:30:00+02:00"),
        (Type::Timestamp, "2024-02-29 12:30:00.123456"),
        (Type::TimestampTz, "2024-02-29T12:30:00.123456+00:00"),
        (Type::TimestampTz.precision(0), "2024-02-29 12:30:00Z"),
    ];
    for (number, (ty, text)) in moments.into_iter().enumerate() {
        let table = table_name(number);
        let created = Table::new(table.clone()).column(Column::new("c", ty));
        live.change(|op| {
            op.create_table(created);
        })
        .await;
        live.execute(&format!("INSERT INTO {table} VALUES ('{text}')"))
            .await;
        let sql = format!("SELECT c FROM {table} WHERE typeof(c) = 'text'");
        assert_eq!(live.texts(&sql).await, [text]);
    }
}

#[tokio::test]
async fn keys_and_defaults_are_found_as_themselves() {
    let (_file, mut live) = open().await;
    keys_and_defaults_stay(&mut live, &keys_and_defaults()).await;
    // A lone key of any integer type is the rowid, and numbers itself.
    live.execute("INSERT INTO big DEFAULT VALUES").await;
    assert_eq!(
        live.texts("SELECT group_concat(id) FROM big").await,
        ["7,8"]
    );
}
