//! `docs/types.md` is what the code does: its tables are read here, and compared with what each dialect spells.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "bigdecimal",
    feature = "bit-vec",
    feature = "chrono",
    feature = "ipnetwork",
    feature = "jiff",
    feature = "json",
    feature = "mac_address",
    feature = "rust_decimal",
    feature = "time",
    feature = "uuid",
))]

use aludel::dialect::Dialect;
use aludel::dialect::mysql::Mysql;
use aludel::dialect::postgres::Postgres;
use aludel::dialect::sqlite::Sqlite;
use aludel::ops::{CreateTable, Operation};
use aludel::prelude::*;
use aludel::schema::Schema;
use aludel::sql::Spell;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../../../docs/types.md");

/// A line of a table: its cells by the heads of their columns.
type Line = BTreeMap<String, String>;

/// The tables of the page, by the head of their first column.
fn table(first: &str) -> Vec<Line> {
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
        inner.split('|').map(|it| it.trim().to_string()).collect()
    };
    let mut lines = PAGE
        .lines()
        .skip_while(|it| !it.starts_with(&format!("| {first} |")));
    let head = cells(lines.next().unwrap());
    let body = lines.skip(1).take_while(|it| it.starts_with('|'));
    body.map(|line| head.iter().cloned().zip(cells(line)).collect())
        .collect()
}

fn plain(cell: &str) -> &str {
    cell.trim_matches('`')
}

/// What a cell says of several things.
fn all_of(cell: &str) -> Vec<&str> {
    cell.split("`, `").map(plain).collect()
}

/// Names beside what they mean, as the page writes them.
macro_rules! by_text {
    (types: $($rust:ty),+ $(,)?) => {
        BTreeMap::from([$((stringify!($rust), <$rust as SqlType>::sql_type())),+])
    };
    (values: $($value:expr),+ $(,)?) => {
        BTreeMap::from([$((stringify!($value), $value)),+])
    };
}

fn rust_types() -> BTreeMap<&'static str, Type> {
    use chrono::{FixedOffset, Local, Utc};
    use std::borrow::Cow;
    use std::rc::Rc;
    use std::sync::Arc;
    type T = i32;
    by_text![types:
        bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64,
        String, Box<str>, Rc<str>, Arc<str>, Cow<'_, str>, Vec<u8>, Box<[u8]>, std::net::IpAddr, Vec<i32>,
        chrono::DateTime<Utc>, chrono::DateTime<Local>, chrono::DateTime<FixedOffset>,
        chrono::NaiveDateTime, chrono::NaiveDate, chrono::NaiveTime,
        time::OffsetDateTime, time::PrimitiveDateTime, time::Date, time::Time,
        jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Date, jiff::civil::Time, jiff::Span,
        uuid::Uuid, serde_json::Value, sqlx::types::Json<T>, rust_decimal::Decimal, bigdecimal::BigDecimal,
        ipnetwork::IpNetwork, mac_address::MacAddress, bit_vec::BitVec,
    ]
}

fn types() -> BTreeMap<&'static str, Type> {
    use PostgresType::{Inet, MacAddr};
    use Type::*;
    by_text![values:
        Boolean, TinyInteger, SmallInteger, Integer, BigInteger,
        TinyInteger.unsigned(), SmallInteger.unsigned(), Integer.unsigned(), BigInteger.unsigned(),
        Real, Double, Numeric, Decimal(10, 2), Decimal(20, 5), String, Varchar(32), Char(3), Text,
        Binary, FixedBinary(16), Varbinary(64), Bit(8), Varbit(None), Varbit(Some(8)),
        Date, Time, TimeTz, Timestamp, TimestampTz, Time.precision(3), Timestamp.precision(3), TimestampTz.precision(0),
        Interval, Interval.precision(3), Uuid, Json, Jsonb, Integer.array(), Text.array(),
        Postgres(Inet), Postgres(MacAddr),
    ]
}

/// What a database says of a type, as the page writes it.
type Spelling = Box<dyn Fn(&Type) -> Result<String>>;

/// The columns of the page.
fn spellings() -> Vec<(&'static str, Spelling)> {
    let postgres = Postgres::of_version(14);
    vec![
        ("PostgreSQL", Box::new(move |ty| postgres.spell_type(ty))),
        ("MySQL, MariaDB", Box::new(on_mysql_and_mariadb)),
        ("SQLite", Box::new(|ty| Sqlite::new().spell_type(ty))),
        ("SQLite, `STRICT`", Box::new(in_strict_table)),
    ]
}

/// Both spell alike.
fn on_mysql_and_mariadb(ty: &Type) -> Result<String> {
    let mysql = Mysql::mysql().spell_type(ty);
    let mariadb = Mysql::mariadb().spell_type(ty);
    assert_eq!(mysql.as_ref().ok(), mariadb.as_ref().ok(), "{ty:?}");
    mysql
}

/// The type of the one column of a strict table, out of the statement that creates it.
fn in_strict_table(ty: &Type) -> Result<String> {
    let table = Table::new("t")
        .column(Column::new("c", ty.clone()))
        .strict();
    let operation = Operation::from(CreateTable::new(table));
    let statements = Sqlite::new().statements(&operation, &Schema::default())?;
    let (_, column) = statements[0].sql.split_once("c ").unwrap();
    Ok(column.split(['\n', ')']).next().unwrap().to_string())
}

fn compare(line: &Line, ty: &Type) {
    for (head, spelling) in spellings() {
        let said = match spelling(ty) {
            Ok(sql) => format!("`{sql}`"),
            Err(Error::Unsupported { instead, .. }) => {
                assert!(!instead.is_empty());
                "–".to_string()
            }
            Err(other) => panic!("{other}"),
        };
        assert_eq!(line[head], said, "{head} of {ty:?}");
    }
}

#[test]
fn every_rust_type_is_what_the_page_says() {
    let (known, types) = (rust_types(), types());
    let mut found = Vec::new();
    for line in table("Rust") {
        for rust in all_of(&line["Rust"]) {
            let ty = known
                .get(rust)
                .unwrap_or_else(|| panic!("{rust} is nothing"));
            assert_eq!(*ty, types[plain(&line["`Type`"])], "{rust}");
            compare(&line, ty);
            found.push(rust.to_string());
        }
    }
    found.sort();
    let expected: Vec<String> = known.keys().map(|it| it.to_string()).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_feature_of_a_type_is_named_like_its_crate() {
    for line in table("Rust") {
        let rust = plain(&line["Rust"]).to_string();
        let expected = match rust.split_once("::").map(|it| it.0) {
            None | Some("std") => "",
            Some("serde_json") => "json",
            Some("bit_vec") => "bit-vec",
            Some(name) => name,
        };
        assert_eq!(plain(&line["Feature"]), expected, "{rust}");
    }
    let manifest = include_str!("../Cargo.toml");
    for line in table("Rust") {
        let feature = plain(&line["Feature"]);
        assert!(feature.is_empty() || manifest.contains(&format!("\n{feature} = [")));
    }
}

#[test]
fn every_type_by_hand_is_spelled_as_the_page_says() {
    let types = types();
    let lines = table("`Type`");
    assert!(lines.len() > 15);
    for line in lines {
        let name = plain(&line["`Type`"]);
        let ty = types
            .get(name)
            .unwrap_or_else(|| panic!("{name} is nothing"));
        compare(&line, ty);
    }
}

#[test]
fn every_type_of_one_database_has_the_alternative_of_the_page() {
    let page = |first: &str| -> Vec<(String, String, String)> {
        let said = |line: &Line, head: &str| plain(&line[head]).to_string();
        let lines = table(first);
        lines
            .iter()
            .map(|it| (said(it, first), said(it, "SQL"), it["Elsewhere"].clone()))
            .collect()
    };
    let postgres = PostgresType::ALL.iter();
    let postgres = postgres.map(|it| (format!("{it:?}"), it.sql().into(), it.instead().into()));
    assert_eq!(page("`PostgresType`"), postgres.collect::<Vec<_>>());
    let mysql = MysqlType::ALL.iter();
    let mysql = mysql.map(|it| (format!("{it:?}"), it.sql().into(), it.instead().into()));
    assert_eq!(page("`MysqlType`"), mysql.collect::<Vec<_>>());
}

/// What drivers read, databases hold: the types of other crates in real columns.
mod rows {
    use super::*;
    use aludel::db::{Access, Connection, DbUrl};

    async fn open(url: &str) -> Connection {
        Connection::open(&DbUrl::parse(url).unwrap(), Access::Write)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn the_types_of_time_are_read_from_their_columns() {
        let models = [
            Column::new("at", <time::OffsetDateTime as SqlType>::sql_type()),
            Column::new("then", <time::PrimitiveDateTime as SqlType>::sql_type()),
            Column::new("day", <time::Date as SqlType>::sql_type()),
            Column::new("hour", <time::Time as SqlType>::sql_type()),
            Column::new("few", <u16 as SqlType>::sql_type()),
        ];
        let sqlite = aludel_testdb::sqlite();
        let postgres = aludel_testdb::postgres_or_skip();
        let postgres_url = postgres.as_ref().map(|it| it.url());
        for url in std::iter::once(sqlite.url()).chain(postgres_url) {
            let mut connection = open(&url).await;
            let dialect = aludel::dialect::of_connection(&mut connection)
                .await
                .unwrap();
            let table = models.iter().cloned().fold(Table::new("t"), Table::column);
            let operation = Operation::from(CreateTable::new(table));
            for statement in dialect.statements(&operation, &Schema::default()).unwrap() {
                connection.execute(&statement.sql).await.unwrap();
            }
            let insert = "INSERT INTO t VALUES ('2024-02-29T12:30:00Z', '2024-02-29 12:30:00', '2024-02-29', '12:30:00', 65535)";
            connection.execute(insert).await.unwrap();
            let arguments = connection.arguments();
            let rows = connection
                .fetch_with("SELECT * FROM t", arguments)
                .await
                .unwrap();
            let row = &rows[0];
            let at: time::OffsetDateTime = row.get("at").unwrap();
            let then: time::PrimitiveDateTime = row.get("then").unwrap();
            let day: time::Date = row.get("day").unwrap();
            let hour: time::Time = row.get("hour").unwrap();
            assert_eq!(
                (at.unix_timestamp(), then.assume_utc()),
                (1_709_209_800, at)
            );
            assert_eq!((day, hour), (at.date(), at.time()));
            assert_eq!(row.get::<i32>("few").unwrap(), 65535);
        }
    }
}
