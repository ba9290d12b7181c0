//! PostgreSQL's types.

use super::{Live, Row, keys_and_defaults, keys_and_defaults_stay, models, row, table_name};
use aludel::prelude::*;
use aludel::sql::Spell;
use std::io::Write;

/// Types that nobody foresaw: a domain, an enum type that is called by its name, a base type with arguments, as `geometry` is
/// one, and names that need quotes or a schema.
const CUSTOM: &str = r#"
    CREATE SCHEMA "Odd schema";
    CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
    CREATE DOMAIN tags AS text[];
    CREATE DOMAIN "Odd schema"."My ""Type" AS varchar(20);
    CREATE TYPE pair AS (a integer, b text);
    CREATE TYPE colour AS ENUM ('red', 'it''s');
    CREATE TYPE spread AS RANGE (subtype = double precision);
    CREATE TYPE shape;
    CREATE FUNCTION shape_in(cstring) RETURNS shape LANGUAGE internal IMMUTABLE STRICT AS 'textin';
    CREATE FUNCTION shape_out(shape) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
    CREATE TYPE shape (INPUT = shape_in, OUTPUT = shape_out, TYPMOD_IN = numerictypmodin, TYPMOD_OUT = numerictypmodout, LIKE = text);
"#;

fn generic() -> Vec<Row> {
    use Type::*;
    vec![
        row(Boolean, "boolean", "true"),
        row(TinyInteger, "smallint", "-128"),
        row(SmallInteger, "smallint", "32767"),
        row(Integer, "integer", "-7"),
        row(BigInteger, "bigint", "9007199254740993"),
        row(TinyInteger.unsigned(), "smallint", "255"),
        row(SmallInteger.unsigned(), "integer", "65535"),
        row(Integer.unsigned(), "bigint", "4294967295"),
        row(
            BigInteger.unsigned(),
            "numeric(20,0)",
            "18446744073709551615",
        ),
        row(Real, "real", "1.5"),
        row(Double, "double precision", "0.1"),
        row(
            Numeric,
            "numeric",
            "12345678901234567890.12345678901234567890",
        ),
        row(Decimal(10, 2), "numeric(10,2)", "1.50"),
        row(Decimal(7, 0), "numeric(7,0)", "7"),
        row(String, "character varying", "it's"),
        row(Varchar(32), "character varying(32)", "007"),
        row(Char(3), "character(3)", "ab"),
        row(Text, "text", "a\\b"),
        row(Binary, "bytea", "\\x00ff"),
        row(FixedBinary(2), "bytea", "\\x0000"),
        row(Varbinary(8), "bytea", "\\x01"),
        row(Bit(4), "bit(4)", "0101"),
        row(Varbit(None), "bit varying", "01"),
        row(Varbit(Some(9)), "bit varying(9)", "010"),
        row(Date, "date", "2024-02-29"),
        row(Time, "time without time zone", "12:30:00.123456"),
        row(TimeTz, "time with time zone", "12:30:00+02"),
        row(
            Timestamp,
            "timestamp without time zone",
            "2024-02-29 12:30:00.123456",
        ),
        row(
            TimestampTz,
            "timestamp with time zone",
            "2024-02-29 12:30:00.123456+00",
        ),
        row(Interval, "interval", "1 year 2 mons 3 days 04:05:06.7"),
        row(Time.precision(0), "time(0) without time zone", "12:30:00"),
        row(
            TimeTz.precision(2),
            "time(2) with time zone",
            "12:30:00.12+02",
        ),
        row(
            Timestamp.precision(3),
            "timestamp(3) without time zone",
            "2024-02-29 12:30:00.123",
        ),
        row(
            TimestampTz.precision(0),
            "timestamp(0) with time zone",
            "2024-02-29 12:30:00+00",
        ),
        row(
            TimestampTz.precision(6),
            "timestamp(6) with time zone",
            "2024-02-29 12:30:00.123456+00",
        ),
        row(Interval.precision(4), "interval(4)", "00:00:01.2345"),
        row(Uuid, "uuid", "00000000-0000-0000-0000-000000000007"),
        row(Json, "json", "{\"a\":  1.0}"),
        row(Jsonb, "jsonb", "{\"a\": 1.0}"),
        row(
            Type::enumeration("mood", ["sad", "it's ok", "hap\"py"]),
            "mood",
            "it's ok",
        ),
        row(
            Type::enumeration("Mixed Case", ["a"]),
            "\"Mixed Case\"",
            "a",
        ),
    ]
}

fn arrays() -> Vec<Row> {
    vec![
        row(Type::Integer.array(), "integer[]", "{1,NULL,3}"),
        row(Type::Integer.array().array(), "integer[]", "{{1,2},{3,4}}"),
        row(
            Type::Varchar(3).array(),
            "character varying(3)[]",
            "{ab,\"c,d\"}",
        ),
        row(Type::Decimal(5, 1).array(), "numeric(5,1)[]", "{1.5}"),
        row(Type::Integer.unsigned().array(), "bigint[]", "{4294967295}"),
        row(
            Type::TimestampTz.precision(3).array(),
            "timestamp(3) with time zone[]",
            "{\"2024-02-29 12:30:00.123+00\"}",
        ),
        row(
            Type::Time.precision(3).array().array(),
            "time(3) without time zone[]",
            "{{12:30:00.123}}",
        ),
        row(
            Type::Interval.precision(2).array(),
            "interval(2)[]",
            "{00:00:01.23}",
        ),
        row(Type::Bit(2).array(), "bit(2)[]", "{01,10}"),
        row(
            Type::enumeration("mood", ["sad", "it's ok", "hap\"py"]).array(),
            "mood[]",
            "{sad,\"it's ok\"}",
        ),
        row(Type::Jsonb.array(), "jsonb[]", "{\"{\\\"a\\\": 1}\"}"),
        row(
            Type::from(PostgresType::Inet).array(),
            "inet[]",
            "{10.0.0.1,::1}",
        ),
        row(
            Type::from(PostgresType::DateRange).array(),
            "daterange[]",
            "{\"[2024-01-01,2024-02-01)\"}",
        ),
        row(Type::custom("posint").array(), "posint[]", "{1,2}"),
        row(
            Type::custom("interval day to second(3)").array(),
            "interval day to second(3)[]",
            "{00:00:01.5}",
        ),
    ]
}

fn vendor(ty: PostgresType) -> Row {
    use PostgresType::*;
    let (echo, value) = match ty {
        Inet => ("inet", "10.1.2.3/8"),
        Cidr => ("cidr", "10.0.0.0/8"),
        MacAddr => ("macaddr", "08:00:2b:01:02:03"),
        MacAddr8 => ("macaddr8", "08:00:2b:01:02:03:04:05"),
        Money => ("money", "$1,234.50"),
        TsVector => ("tsvector", "'cat':1A 'fat':2"),
        TsQuery => ("tsquery", "'fat' & 'cat':*"),
        Xml => ("xml", "<a b=\"c\"/>"),
        JsonPath => ("jsonpath", "$.\"a\"[*]"),
        Oid => ("oid", "4294967295"),
        RegClass => ("regclass", "pg_class"),
        RegType => ("regtype", "integer"),
        RegConfig => ("regconfig", "english"),
        Name => ("name", "it's"),
        PgLsn => ("pg_lsn", "16/B374D848"),
        Int4Range => ("int4range", "[1,5)"),
        Int8Range => ("int8range", "[1,)"),
        NumRange => ("numrange", "(1.5,2.5]"),
        TsRange => (
            "tsrange",
            "[\"2024-01-01 00:00:00\",\"2024-02-01 00:00:00\")",
        ),
        TstzRange => ("tstzrange", "empty"),
        DateRange => ("daterange", "[2024-01-01,2024-02-01)"),
        Int4Multirange => ("int4multirange", "{[1,2),[4,5)}"),
        Int8Multirange => ("int8multirange", "{}"),
        NumMultirange => ("nummultirange", "{[1.5,2)}"),
        TsMultirange => ("tsmultirange", "{}"),
        TstzMultirange => ("tstzmultirange", "{}"),
        DateMultirange => ("datemultirange", "{[2024-01-01,2024-02-01)}"),
        Point => ("point", "(1,2.5)"),
        Line => ("line", "{1,-1,0}"),
        Lseg => ("lseg", "[(0,0),(1,1)]"),
        Box => ("box", "(1,1),(0,0)"),
        Path => ("path", "((0,0),(1,1))"),
        Polygon => ("polygon", "((0,0),(1,1),(1,0))"),
        Circle => ("circle", "<(0,0),1>"),
        Hstore => ("hstore", "\"a\"=>\"1\", \"b\"=>NULL"),
        Citext => ("citext", "It's"),
        Ltree => ("ltree", "a.b.c"),
        other => panic!("{other:?} has no row"),
    };
    row(ty, echo, value)
}

/// Names as people write them, as far as the server knows them.
fn by_name(version: u32) -> Vec<Row> {
    let custom = |name: &str, echo, value| row(Type::custom(name), echo, value);
    let mut rows = vec![
        custom("int4", "integer", "1"),
        custom("INT8", "bigint", "1"),
        custom("Int2", "smallint", "1"),
        custom("bool", "boolean", "true"),
        custom("float8", "double precision", "0.5"),
        custom("float(24)", "real", "0.5"),
        custom("FLOAT (25)", "double precision", "0.5"),
        custom("double   precision", "double precision", "0.5"),
        custom("VARCHAR (20)", "character varying(20)", "a"),
        custom(
            "National Character Varying(20)",
            "character varying(20)",
            "a",
        ),
        custom("char varying", "character varying", "a"),
        custom("nchar(2)", "character(2)", "a"),
        custom("bpchar", "bpchar", "a"),
        custom("character", "character(1)", "a"),
        custom("\"char\"", "\"char\"", "a"),
        custom("\"char\"[]", "\"char\"[]", "{a}"),
        custom("pg_catalog.\"char\"", "\"char\"", "a"),
        custom("pg_catalog . int4", "integer", "1"),
        custom("DEC(6,2)", "numeric(6,2)", "1.50"),
        custom("Numeric ( 8 )", "numeric(8,0)", "8"),
        custom("numeric(5, -2)", "numeric(5,-2)", "1200"),
        custom("numeric(3,5)", "numeric(3,5)", "0.00123"),
        custom(
            "timestamptz",
            "timestamp with time zone",
            "2024-02-29 12:30:00+00",
        ),
        custom(
            "TIMESTAMPTZ ( 3 )",
            "timestamp(3) with time zone",
            "2024-02-29 12:30:00.123+00",
        ),
        custom("timetz(2)", "time(2) with time zone", "12:30:00+02"),
        custom(
            "timestamp (3) without time zone",
            "timestamp(3) without time zone",
            "2024-02-29 12:30:00.123",
        ),
        custom("bit", "bit(1)", "1"),
        custom("varbit (7)", "bit varying(7)", "0101"),
        custom("interval year", "interval year", "3 years"),
        custom(
            "INTERVAL  Year to MONTH",
            "interval year to month",
            "1 year 2 mons",
        ),
        custom(
            "interval day to second (3)",
            "interval day to second(3)",
            "1 day 00:00:01.234",
        ),
        custom("interval second(0)", "interval second(0)", "00:00:07"),
        custom("interval ( 3 )", "interval(3)", "00:00:01.234"),
        custom("text[3]", "text[]", "{a,b}"),
        custom("int ARRAY[4]", "integer[]", "{1}"),
        custom("_int4", "integer[]", "{1}"),
        custom(
            "timestamp with time zone array",
            "timestamp with time zone[]",
            "{\"2024-02-29 12:30:00+00\"}",
        ),
        custom("InEt", "inet", "10.0.0.1/8"),
        custom("regnamespace", "regnamespace", "pg_catalog"),
        custom("regrole", "regrole", "pg_monitor"),
        custom("regproc", "regproc", "now"),
        custom("xid", "xid", "7"),
        custom("cid", "cid", "7"),
        custom("tid", "tid", "(1,2)"),
        custom("pg_snapshot", "pg_snapshot", "10:20:10,14,15"),
        custom("POSINT", "posint", "5"),
        custom("public.posint", "posint", "5"),
        custom("tags", "tags", "{a,b}"),
        custom("pair", "pair", "(1,\"a b\")"),
        custom("colour", "colour", "it's"),
        custom("public . Colour [ ]", "colour[]", "{red}"),
        custom("spread", "spread", "[1,2.5)"),
        custom("shape", "shape", "circle"),
        custom("Shape( 12 , 3 )", "shape(12,3)", "circle"),
        custom("shape(12)[]", "shape(12,0)[]", "{circle}"),
        custom(
            "\"Odd schema\".\"My \"\"Type\"",
            "\"Odd schema\".\"My \"\"Type\"",
            "007",
        ),
        custom(
            "\"Odd schema\" . \"My \"\"Type\" []",
            "\"Odd schema\".\"My \"\"Type\"[]",
            "{007}",
        ),
    ];
    let since = |echo: &str| match echo {
        "numeric(5,-2)" | "numeric(3,5)" => 15,
        "pg_snapshot" => 13,
        _ => 12,
    };
    rows.retain(|row| version >= since(row.echo));
    rows
}

/// The extensions of the corpus; one that this machine does not have is left out, and said.
async fn extensions(live: &mut Live) -> Vec<PostgresType> {
    let mut missing = Vec::new();
    for ty in [
        PostgresType::Hstore,
        PostgresType::Citext,
        PostgresType::Ltree,
    ] {
        let name = ty.sql().to_lowercase();
        let known = format!("SELECT name::text FROM pg_available_extensions WHERE name = '{name}'");
        match live.texts(&known).await.is_empty() {
            true => {
                // Not by a macro of the test harness, which would keep it to itself.
                let text =
                    format!("NOT TESTED: the extension {name} is not installed on this machine\n");
                std::io::stderr().write_all(text.as_bytes()).unwrap();
                missing.push(ty);
            }
            false => live.execute(&format!("CREATE EXTENSION {name}")).await,
        }
    }
    missing
}

async fn version(live: &mut Live) -> u32 {
    let sql = "SELECT current_setting('server_version_num')";
    live.texts(sql).await[0].parse::<u32>().unwrap() / 10000
}

#[tokio::test]
async fn every_type_is_echoed_as_itself_and_keeps_its_values() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let mut live = Live::open(&db.url()).await;
    live.execute(CUSTOM).await;
    let missing = extensions(&mut live).await;
    let version = version(&mut live).await;
    let mut rows = generic();
    rows.extend(arrays());
    rows.extend(by_name(version));
    let known = PostgresType::ALL
        .iter()
        .filter(|it| !missing.contains(it) && (version >= 14 || !it.sql().ends_with("MULTIRANGE")));
    rows.extend(known.map(|it| vendor(*it)));
    assert!(version < 15 || rows.len() >= 140, "{}", rows.len());

    let models = models(&rows, |table| table);
    live.create(&models).await;
    assert_eq!(live.left(&models).await, Vec::<String>::new());

    let mut declared = models.schema().unwrap();
    live.dialect.normalize(&mut declared);
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
        let ty = &declared.table(table.as_str()).unwrap().columns[0].ty;
        // What the text normaliser alone can know is right before the database is asked: all but the names that it resolves.
        let resolved = matches!(&row.ty, Type::Custom(name) if name.starts_with("public") || name.starts_with('_') || name.contains("hape(12)"));
        assert!(resolved || ty.canonical == column.ty.canonical, "{ty:?}");
    }
    text_and_back(&mut live, &rows).await;
    assert_eq!(live.left(&models).await, Vec::<String>::new());
}

/// Each type becomes text and itself again, with a row.
async fn text_and_back(live: &mut Live, rows: &[Row]) {
    for (number, row) in rows.iter().enumerate() {
        let table = table_name(number);
        let select = format!("SELECT c::text FROM {table}");
        let value = row.value.replace('\'', "''");
        live.execute(&format!("INSERT INTO {table} VALUES ('{value}')"))
            .await;
        let before = live.texts(&select).await;
        assert_eq!(before, [row.value], "{:?}", row.ty);
        live.change(|op| {
            op.alter_column(table.as_str(), "c").set_type(Type::Text);
        })
        .await;
        let spelled = Spell::spell_type(&*live.dialect, &row.ty).unwrap();
        live.change(|op| {
            op.alter_column(table.as_str(), "c")
                .set_type(row.ty.clone())
                .using(format!("c::{spelled}"));
        })
        .await;
        assert_eq!(live.texts(&select).await, before, "{:?}", row.ty);
    }
}

#[tokio::test]
async fn what_is_found_can_be_created_again() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let mut live = Live::open(&db.url()).await;
    live.execute(CUSTOM).await;
    let rows = by_name(version(&mut live).await);
    for (number, row) in rows.iter().enumerate() {
        live.execute(&format!(
            "CREATE TABLE {} (c {})",
            table_name(number),
            spelled(row)
        ))
        .await;
    }
    let found = live.inspect().await;
    for (number, row) in rows.iter().enumerate() {
        let table = found.table(table_name(number).as_str()).unwrap();
        let ty = table.columns[0].ty.written.clone();
        let again = format!("again{number:03}");
        let created = Table::new(again.clone()).column(Column::new("c", ty));
        live.change(|op| {
            op.create_table(created);
        })
        .await;
        let sql = format!(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '{again}'::regclass AND attnum = 1"
        );
        assert_eq!(live.texts(&sql).await, [row.echo]);
    }
}

fn spelled(row: &Row) -> String {
    match &row.ty {
        Type::Custom(name) => name.clone(),
        other => panic!("{other:?} has no name"),
    }
}

#[tokio::test]
async fn keys_and_defaults_are_echoed_as_themselves() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let mut live = Live::open(&db.url()).await;
    let defaults = [
        (PostgresType::Inet.into(), "'10.0.0.1'"),
        (PostgresType::Cidr.into(), "'10.0.0.0/8'::cidr"),
        (PostgresType::MacAddr.into(), "'08:00:2b:01:02:03'"),
        (PostgresType::Money.into(), "0"),
        (PostgresType::Int4Range.into(), "'[1,5)'"),
        (
            PostgresType::DateRange.into(),
            "daterange(CURRENT_DATE, NULL)",
        ),
        (PostgresType::TsVector.into(), "''"),
        (PostgresType::Point.into(), "'(1,2)'"),
        (PostgresType::Name.into(), "CURRENT_USER"),
        (PostgresType::RegClass.into(), "'pg_class'"),
        (PostgresType::Xml.into(), "'<a/>'"),
        (Type::from(PostgresType::Inet).array(), "'{}'"),
        (Type::Bit(4), "B'0101'"),
        (Type::Bit(4), "'0101'"),
        (Type::Varbit(Some(8)), "'01'"),
        (Type::Varbit(None), "B''"),
        (Type::Interval.precision(2), "'1 day'"),
        (Type::TimestampTz.precision(6), "now()"),
        (
            Type::TimestampTz.precision(0).array(),
            "ARRAY[]::timestamptz(0)[]",
        ),
        (Type::custom("timestamptz(3)"), "date_trunc('day', now())"),
    ];
    let mut table =
        Table::new("own").column(Column::new("id", u32::sql_type()).identity().primary_key());
    for (number, (ty, default)) in defaults.into_iter().enumerate() {
        table = table.column(Column::new(format!("c{number}"), ty).server_default(default));
    }
    let models = keys_and_defaults().table(table);
    keys_and_defaults_stay(&mut live, &models).await;
    live.execute("INSERT INTO own DEFAULT VALUES").await;

    let numbered = Column::new("id", u64::sql_type()).identity();
    let refused = live.dialect.column(&numbered).unwrap_err();
    assert!(
        refused.to_string().contains("number the column id"),
        "{refused}"
    );
}
