//! create(x) → inspect ≡ x, for everything that a schema can hold.

use super::support::{Live, model};
use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Constraint, IndexClass, MysqlType, Schema};

fn every_type() -> Table {
    let mut types = vec![
        Type::Boolean,
        Type::TinyInteger,
        Type::TinyInteger.unsigned(),
        Type::SmallInteger,
        Type::Integer,
        Type::Integer.unsigned(),
        Type::BigInteger,
        Type::BigInteger.unsigned(),
        Type::Real,
        Type::Double,
        Type::Double.unsigned(),
        Type::Decimal(10, 2),
        Type::Decimal(5, 0),
        Type::Decimal(5, 1).unsigned(),
        Type::String,
        Type::Varchar(32),
        Type::Char(3),
        Type::Text,
        Type::Binary,
        Type::FixedBinary(4),
        Type::Varbinary(8),
        Type::Bit(7),
        Type::Date,
        Type::Time,
        Type::Time.precision(0),
        Type::Timestamp,
        Type::Timestamp.precision(3),
        Type::Timestamp.precision(0),
        Type::TimestampTz,
        Type::TimestampTz.precision(0),
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        Type::enumeration(
            "mood",
            ["sad", "it's ok", "back\\slash", "hap\"py", "a,b", ""],
        ),
        Type::custom("SET('x', 'y')"),
        Type::custom("int(11)"),
        Type::custom("INTEGER UNSIGNED ZEROFILL"),
        Type::custom("DEC(8)"),
        Type::custom("numeric"),
        Type::custom("double precision"),
        Type::custom("float(53)"),
        Type::custom("character varying(7)"),
        Type::custom("bool"),
        Type::custom("uuid"),
        Type::custom("year(4)"),
        Type::custom("char"),
        Type::custom("bit"),
        Type::custom("datetime(6)"),
    ];
    types.extend(
        MysqlType::ALL
            .iter()
            .filter(|it| it.sql() != "INET4")
            .map(|it| Type::Mysql(*it)),
    );
    let mut table = Table::new("every_type");
    for (number, ty) in types.into_iter().enumerate() {
        table = table.column(Column::new(format!("c{number}"), ty));
    }
    table
}

fn defaults() -> Table {
    let defaults = [
        (Type::TimestampTz, "now()"),
        (Type::TimestampTz, "CURRENT_TIMESTAMP"),
        (Type::Timestamp.precision(0), "CURRENT_TIMESTAMP"),
        (Type::Timestamp.precision(3), "now(3)"),
        (Type::Timestamp, "'2020-01-01 10:00:00'"),
        (Type::Timestamp.precision(3), "'2020-01-01 10:00:00.5'"),
        (Type::Date, "curdate()"),
        (Type::Date, "(current_date)"),
        (Type::Date, "'2020-01-02'"),
        (Type::Time, "'12:30'"),
        (Type::Varchar(40), "'a'"),
        (Type::Varchar(40), "''"),
        (Type::Varchar(40), "'a''b\\\\c'"),
        (Type::Varchar(40), "'tab\\there; DEFAULT'"),
        (Type::Varchar(40), "_utf8mb4'ä'"),
        (Type::Varchar(40), "upper(concat('a', 'b'))"),
        (Type::Varchar(40), "NULL"),
        (Type::Varchar(40), "1"),
        (Type::Varchar(80), "current_user()"),
        (Type::Text, "'a'"),
        (Type::Json, "'{\"a\": [1, 2]}'"),
        (Type::Json, "(json_object('a', 1))"),
        (Type::Char(36), "uuid()"),
        (Type::Integer, "1"),
        (Type::Integer, "-1"),
        (Type::Integer, "(1 + 2)"),
        (Type::Integer, "1+2*3"),
        (Type::Integer, "'7'"),
        (Type::Integer, "c24 + 1"),
        (Type::BigInteger, "-9223372036854775808"),
        (Type::Decimal(6, 2), "1.5"),
        (Type::Decimal(6, 2), "-1.50"),
        (Type::Decimal(6, 2), "'3'"),
        (Type::Double, "0.1"),
        (Type::Double, "1e10"),
        (Type::Real, "2.5"),
        (Type::Boolean, "true"),
        (Type::Boolean, "FALSE"),
        (Type::Boolean, "'1'"),
        (Type::Bit(3), "b'101'"),
        (Type::Varbinary(8), "x'0aff'"),
        (Type::Varbinary(8), "'why?'"),
        (Type::FixedBinary(4), "0x00ff"),
        (Type::FixedBinary(4), "''"),
        (Type::Varchar(9), "'🙂?'"),
        (Type::Varchar(9), "concat('🙂', '?')"),
        (Type::enumeration("mood", ["sad", "it's"]), "'it''s'"),
        (Type::Integer, "floor(rand() * 10) -- who knows"),
    ];
    let mut table = Table::new("defaults");
    for (number, (ty, default)) in defaults.into_iter().enumerate() {
        table = table.column(Column::new(format!("c{number}"), ty).server_default(default));
    }
    table
}

fn checks() -> Table {
    let mut table = Table::new("checks")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("name", Type::Varchar(20)))
        .column(Column::new("price", Type::Decimal(8, 2)))
        .column(Column::new("day", Type::Date))
        .column(Column::new("data", Type::Json))
        .column(Column::new("Odd `name`", Type::Integer))
        .column(
            Column::new("flag", Type::Boolean)
                .not_null()
                .server_default("1"),
        )
        .column(Column::new(
            "status",
            Type::enumeration("status", ["planned", "completed"]),
        ));
    for (number, check) in [
        "price BETWEEN 0 AND 100",
        "NOT (price > 3 AND price < 5)",
        "name IN ('a', 'b')",
        "name NOT IN ('c')",
        "name LIKE 'a%' OR name RLIKE '^b'",
        "lower(name) <> ''",
        "name != 'x' && price >= 0",
        "length(name) > 2 and (day >= '1900-01-01' or day is null)",
        "CAST(price AS signed) % 2 = 0",
        "status <> 'completed'",
        "`Odd ``name``` > -1",
        "json_extract(data, '$.key') = 'v'",
        "CASE WHEN id > 1 THEN price > 1 ELSE true END",
        "coalesce(price, 0) >= 0 /* never less */",
        "name = 'semi;colon' -- here",
        "name = 'back\\\\slash' or name = 'it''s'",
        "flag or id = 1",
        "year(day) > 1900",
        "json_valid(data)",
        "name <> '🙂'",
    ]
    .into_iter()
    .enumerate()
    {
        table = table.check(Check::new(check).named(format!("ck_{number}")));
    }
    table
}

fn indexes() -> Table {
    Table::new("indexed")
        .column(Column::new("id", Type::Integer).primary_key().identity())
        .column(Column::new("name", Type::Varchar(99)).collation("utf8mb4_bin"))
        .column(Column::new("title", Type::Text).charset("latin1"))
        .column(
            Column::new("code", Type::Varchar(9))
                .charset("latin1")
                .collation("latin1_bin")
                .not_null(),
        )
        .column(Column::new("place", MysqlType::Point).not_null())
        .column(
            Column::new("hidden", Type::Integer)
                .invisible()
                .server_default("5"),
        )
        .column(Column::new("total", Type::Integer).generated_stored("hidden * 2 + 1"))
        .column(
            Column::new("full", Type::Varchar(200))
                .generated_virtual("concat(lower(code), ' ', name)"),
        )
        .column(
            Column::new("seen", Type::TimestampTz)
                .server_default("now()")
                .server_onupdate("now()")
                .comment("it's \\ seen"),
        )
        .index(Index::new("ix_plain", ["name", "code"]))
        .index(Index::new(
            "ix_prefix",
            [IndexPart::column("title").length(10)],
        ))
        .index(Index::new(
            "ix_order",
            [IndexPart::column("name").desc(), IndexPart::column("id")],
        ))
        .index(Index::new("ux_plain", ["code", "total"]).unique())
        .index(Index::new("ux_prefix", [IndexPart::column("name").length(4)]).unique())
        .index(Index::new("ft", ["title"]).class(IndexClass::FullText))
        .index(Index::new("sp", ["place"]).class(IndexClass::Spatial))
        .index(Index::new("ix_btree", ["id", "code"]).method("btree"))
        .index(
            Index::new("ix_hash", ["id", "name"])
                .method("hash")
                .comment("why"),
        )
        .unique(["name"])
        .comment("what is 'indexed'\nin two lines")
        .charset("utf8mb4")
        .collation("utf8mb4_unicode_ci")
        .option("ROW_FORMAT", "DYNAMIC")
}

fn references() -> [Table; 3] {
    let parent = Table::new("parents")
        .column(Column::new("a", Type::Integer))
        .column(Column::new("b", Type::Integer))
        .primary_key(["a", "b"]);
    let child = Table::new("children")
        .column(Column::new("id", Type::BigInteger).primary_key().identity())
        .column(Column::new("a", Type::Integer))
        .column(Column::new("b", Type::Integer))
        .column(
            Column::new("next", Type::BigInteger)
                .references("children", "id")
                .on_delete(Action::SetNull),
        )
        .foreign_key(
            ForeignKey::new(["a", "b"], "parents", ["a", "b"])
                .on_delete(Action::Cascade)
                .on_update(Action::Cascade),
        )
        .index(Index::new("ix_next", ["next", "a"]));
    let other = Table::new("others")
        .column(Column::new("child", Type::BigInteger).primary_key())
        .foreign_key(ForeignKey::new(["child"], "children", ["id"]).on_update(Action::Restrict));
    [parent, child, other]
}

/// The order in which constraints and indexes were said is no property of a table, nor has a primary key a name.
fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        for it in &mut table.constraints {
            if matches!(it, Constraint::PrimaryKey(_)) {
                it.set_name(None);
            }
        }
        table.constraints.sort_by_key(|it| it.name().cloned());
        table.indexes.sort_by_key(|it| it.name.clone());
    }
    schema
}

async fn comes_back(live: &mut Live, model: Schema) {
    live.change(&Schema::default(), &model).await;
    let (differences, asked) = live.differences(&model, &[]).await;
    assert_eq!(differences, Vec::<String>::new());
    assert!(asked);
    let inspected = sorted(live.inspect().await);
    let canonical = sorted(live.canonical(&model).await.0);
    for (name, table) in &canonical.tables {
        let there = &inspected.tables[name];
        for (one, other) in table.columns.iter().zip(&there.columns) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(table.constraints, there.constraints, "{name}");
        assert_eq!(table.indexes, there.indexes, "{name}");
        assert_eq!(table.options, there.options, "{name}");
        assert_eq!(table, there);
    }
    // What came back can be created again, and is the same again.
    let mut again = inspected.clone();
    live.dialect.normalize(&mut again);
    assert_eq!(again, inspected, "normal form of normal form");
    live.change(&inspected, &Schema::default()).await;
    assert_eq!(live.inspect().await, Schema::default());
    live.change(&Schema::default(), &inspected).await;
    assert_eq!(sorted(live.inspect().await), inspected);
}

macro_rules! round_trips {
    ($($name:ident: $tables:expr,)+) => {$(
        #[tokio::test]
        async fn $name() {
            let Some(mut live) = Live::start().await else {
                return;
            };
            comes_back(&mut live, model($tables)).await;
        }
    )+};
}
round_trips! {
    types: [every_type()],
    spellings_of_defaults: [defaults()],
    spellings_of_checks: [checks()],
    columns_and_indexes: [indexes()],
    foreign_keys: references(),
}

/// Text alone tells most spellings too, where the database may not be asked.
#[tokio::test]
async fn text_is_the_fallback() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let table = Table::new("t")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("a", Type::Varchar(9)).server_default("'x'"))
        .column(Column::new("d", Type::Decimal(6, 2)).server_default("1.5"))
        .column(Column::new("b", Type::Boolean).server_default("TRUE"))
        .column(Column::new("c", Type::TimestampTz).server_default("now()"))
        .check(Check::new("(ID > 0)").named("ck"));
    let model = model([table]);
    live.change(&Schema::default(), &model).await;
    live.execute("CREATE USER reader@'%' IDENTIFIED BY 'pw'")
        .await;
    let grant = format!("GRANT SELECT ON {}.* TO reader@'%'", live.db.name());
    live.execute(&grant).await;
    let url = aludel::db::DbUrl::parse(&live.db.url_as("reader", Some("pw"))).unwrap();
    let access = aludel::db::Access::Read;
    live.connection = aludel::db::Connection::open(&url, access).await.unwrap();
    assert_eq!(live.differences(&model, &[]).await, (Vec::new(), false));
}

/// Tables of the connection's own database, whatever name a model gives it, and of another.
#[tokio::test]
async fn another_database() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let other = format!("{}_other", live.db.name());
    let home = live.db.name().to_string();
    live.execute(&format!("CREATE DATABASE {other}")).await;
    let parent = Table::new("parents").column(Column::new("id", Type::Integer).primary_key());
    let twin = parent.clone().schema(other.as_str());
    let child = Table::new((other.as_str(), "children"))
        .column(Column::new("home", Type::Integer).references("parents", "id"))
        .column(Column::new("there", Type::Integer).references((other.as_str(), "parents"), "id"))
        .comment("c");
    let model = model([parent, twin, child]);
    live.change(&Schema::default(), &model).await;
    assert_eq!(
        live.differences(&model, &[&other]).await,
        (Vec::new(), true)
    );
    assert_eq!(live.inspect().await.tables.len(), 1);
    let all = live.look(Scope::Everything).await;
    assert_eq!(
        all.tables
            .keys()
            .filter(|it| it.schema.as_deref() == Some(&other))
            .count(),
        2
    );
    live.upgrade(|op| {
        op.drop_constraint("fk_children_home_parents", (other.as_str(), "children"));
        op.rename_table((other.as_str(), "children"), "kids");
    })
    .await;
    let sql = format!(
        "SELECT table_schema FROM information_schema.tables WHERE table_name = 'kids' AND table_schema LIKE '{home}%'"
    );
    assert_eq!(live.text(&sql).await, other);
    // An operation may name the connection's own database.
    live.upgrade(|op| {
        op.alter_column((home.as_str(), "parents"), "id")
            .set_comment("c");
        op.drop_constraint("PRIMARY", (home.as_str(), "parents"));
    })
    .await;
    assert_eq!(
        live.definition("parents", "id").await,
        "`id` int(11) NOT NULL COMMENT 'c'"
    );
    live.execute(&format!("DROP DATABASE {other}")).await;
}
