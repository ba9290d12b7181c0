//! create(x) → inspect ≡ x, for everything that a schema can hold.

use super::support::{Live, model};
use aludel::dialect::Dialect;
use aludel::prelude::*;
use aludel::schema::{Constraint, Schema};

fn every_type() -> Table {
    let mood = || Type::enumeration("mood", ["sad", "it's ok", "back\\slash", "hap\"py", ""]);
    let types = [
        Type::Boolean,
        Type::SmallInteger,
        Type::Integer,
        Type::BigInteger,
        Type::Real,
        Type::Double,
        Type::Numeric,
        Type::Decimal(10, 2),
        Type::Decimal(5, 0),
        Type::String,
        Type::Varchar(32),
        Type::Char(3),
        Type::Text,
        Type::Binary,
        Type::Date,
        Type::Time,
        Type::Timestamp,
        Type::TimestampTz,
        Type::Interval,
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        mood(),
        mood().array(),
        Type::Integer.array(),
        Type::Varchar(3).array(),
        Type::Text.array().array(),
        Type::custom("inet"),
        Type::custom("TIMESTAMPTZ(3)"),
        Type::custom("int4"),
        Type::custom("Numeric(8)"),
        Type::custom("varbit(7)"),
        Type::custom("int4range"),
        Type::custom("tsvector"),
        Type::custom("\"char\""),
        Type::custom("interval day to second(3)"),
        Type::custom("money[]"),
        Type::custom("time(2) with time zone"),
    ];
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
        (Type::Timestamp, "(now() AT TIME ZONE 'utc')"),
        (Type::Date, "CURRENT_DATE"),
        (Type::Date, "'2020-01-02'"),
        (Type::Varchar(8), "'a'"),
        (Type::Varchar(8), "'a'::text"),
        (Type::Varchar(8), "'a''b\\c'"),
        (Type::Text, "'a'::character varying"),
        (Type::Text, "E'tab\\there'"),
        (Type::Text, "upper('a' || 'b')"),
        (Type::Text, "NULL"),
        (Type::Char(3), "'a'"),
        (Type::Integer, "1"),
        (Type::Integer, "-1"),
        (Type::Integer, "(1 + 2)"),
        (Type::Integer, "'7'"),
        (Type::BigInteger, "-9223372036854775808"),
        (Type::SmallInteger, "3"),
        (Type::Decimal(6, 2), "1.50"),
        (Type::Decimal(6, 2), "-1.50"),
        (Type::Double, "0.1"),
        (Type::Double, "'NaN'"),
        (Type::Boolean, "true"),
        (Type::Boolean, "FALSE"),
        (Type::Boolean, "'t'"),
        (Type::Jsonb, "'{}'::jsonb"),
        (Type::Jsonb, "'{\"a\": [1, 2]}'"),
        (Type::Json, "'{}'"),
        (Type::Text.array(), "ARRAY[]::text[]"),
        (Type::Text.array(), "'{}'"),
        (Type::Integer.array(), "ARRAY[1, 2]"),
        (Type::Uuid, "gen_random_uuid()"),
        (Type::Interval, "'1 day'"),
        (Type::Interval, "interval '1 day 02:00'"),
        (Type::Binary, "'\\x00ff'"),
        (Type::Time, "'12:30'"),
        (Type::enumeration("mood", ["sad", "ok"]), "'ok'"),
        (Type::enumeration("mood", ["sad", "ok"]), "'ok'::mood"),
        (
            Type::enumeration("mood", ["sad", "ok"]).array(),
            "'{sad,ok}'",
        ),
        (
            Type::enumeration("mood", ["sad", "ok"]).array(),
            "ARRAY['sad']::mood[]",
        ),
        (Type::enumeration(("other", "kind"), ["a", "b"]), "'a'"),
        (
            Type::enumeration(("other", "kind"), ["a", "b"]),
            "'a'::other.kind",
        ),
        (Type::Integer, "nextval('numbers')"),
        (Type::Text, "current_user /* who */"),
    ];
    let mut table = Table::new("defaults");
    for (number, (ty, default)) in defaults.into_iter().enumerate() {
        table = table.column(Column::new(format!("c{number}"), ty).server_default(default));
    }
    table
}

fn checks() -> Table {
    let status = || Type::enumeration("visit_status", ["planned", "completed", "cancelled"]);
    let mut table = Table::new("checks")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("name", Type::Varchar(20)))
        .column(Column::new("code", Type::Char(2)))
        .column(Column::new("price", Type::Decimal(8, 2)))
        .column(Column::new("day", Type::Date))
        .column(Column::new("tags", Type::Text.array()))
        .column(Column::new("data", Type::Jsonb))
        .column(Column::new("Odd \"name\"", Type::Integer))
        .column(Column::new("status", status()))
        .column(Column::new(
            "kind",
            Type::enumeration(("other", "kind"), ["a", "b"]),
        ))
        .column(Column::new("during", PostgresType::TsRange))
        .constraint(
            Exclude::new([("during", "&&")])
                .method("gist")
                .predicate("price > 3")
                .deferrable(Deferrable::Deferred)
                .named("ex_during"),
        )
        .constraint(
            Exclude::new([
                (IndexPart::expr("lower(name)"), "="),
                (IndexPart::column("Odd \"name\"").desc(), "="),
            ])
            .method("btree"),
        );
    for (number, check) in [
        "price BETWEEN 0 AND 100",
        "NOT (price > 3 AND price < 5)",
        "name IN ('a', 'b')",
        "name NOT IN ('c')",
        "name LIKE 'a%' OR name ILIKE '%b'",
        "lower(name) <> ''",
        "length(name) > 2 and (day >= '1900-01-01' or day is null)",
        "CAST(price AS integer) % 2 = 0",
        "status <> 'completed'",
        "status IN ('planned', 'completed')",
        "status = 'planned'::visit_status",
        "kind = 'a'::other.kind",
        "kind <> 'b'",
        "checks.id > 0",
        "\"Odd \"\"name\"\"\" > -1",
        "tags @> ARRAY['x'] AND array_length(tags, 1) > 0",
        "data ? 'key' AND data->>'key' = 'v'",
        "CASE WHEN id > 1 THEN price > 1 ELSE true END",
        "coalesce(price, 0) >= 0 /* never less */",
        "code ~ '^[a-z]+$'",
        "name = 'semi;colon'",
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
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("name", Type::String).collation("C"))
        .column(Column::new("title", Type::Text))
        .column(Column::new("data", Type::Jsonb))
        .column(
            Column::new("active", Type::Boolean)
                .not_null()
                .server_default("true"),
        )
        .column(Column::new("total", Type::Integer).generated_stored("id * 2 + 1"))
        .column(Column::new("full", Type::Text).generated_stored("lower(title) || ' ' || name"))
        .index(Index::new("ix_plain", ["name", "title"]))
        .index(Index::new(
            "ix_expr",
            [
                IndexPart::expr("lower(name)"),
                IndexPart::expr("title || 'x'"),
            ],
        ))
        .index(
            Index::new("ix_partial", ["id"])
                .unique()
                .predicate("active AND title IS NOT NULL"),
        )
        .index(
            Index::new(
                "ix_order",
                [
                    IndexPart::column("name").desc().nulls_last(),
                    IndexPart::column("title").nulls_first(),
                    IndexPart::column("id").desc().nulls_first(),
                ],
            )
            .include(["active", "data"]),
        )
        .index(Index::new(
            "ix_opclass",
            [IndexPart::column("title").opclass("text_pattern_ops")],
        ))
        .index(Index::new(
            "ix_usual_opclass",
            [IndexPart::column("title").opclass("text_ops")],
        ))
        .index(Index::new(
            "ix_collation",
            [IndexPart::column("title").collation("POSIX")],
        ))
        .index(
            Index::new(
                "ix_gin",
                [IndexPart::column("data").opclass("jsonb_path_ops")],
            )
            .method("gin"),
        )
        .index(Index::new("ix_hash", ["id"]).method("hash"))
        .index(Index::new("ix_btree", ["id"]).method("btree"))
        .index(Index::new("ix_brin", ["id"]).method("brin"))
        .index(
            Index::new("ix_nulls", ["title"])
                .unique()
                .nulls_not_distinct(),
        )
        .unique(["name"])
        .constraint(Unique::new(["title"]).nulls_not_distinct())
        .constraint(Unique::new(["id", "name"]).deferrable(Deferrable::Deferred))
        .comment("what is 'indexed'\nin two lines")
}

fn references() -> [Table; 3] {
    let parent = Table::new(("other", "parents"))
        .column(Column::new("a", Type::Integer).identity_always())
        .column(Column::new("b", Type::Integer))
        .column(Column::new("note", Type::Text).comment("a \\ comment"))
        .primary_key(["a", "b"]);
    let child = Table::new("children")
        .column(Column::new("id", Type::BigInteger).primary_key().identity())
        .column(Column::new("number", Type::Integer).identity_as(Identity {
            always: true,
            start: Some(100),
            increment: Some(-10),
            ..Identity::BY_DEFAULT
        }))
        .column(
            Column::new("bounded", Type::SmallInteger).identity_as(Identity {
                start: Some(0),
                min: Some(-5),
                max: Some(500),
                cycle: true,
                cache: Some(20),
                ..Identity::BY_DEFAULT
            }),
        )
        .column(
            Column::new("unbounded", Type::SmallInteger).identity_as(Identity {
                min: Some(1),
                max: Some(32767),
                cache: Some(1),
                ..Identity::BY_DEFAULT
            }),
        )
        .column(Column::new("usual", Type::Integer).identity_as(Identity {
            always: false,
            start: Some(1),
            increment: Some(1),
            ..Identity::BY_DEFAULT
        }))
        .column(Column::new("a", Type::Integer))
        .column(Column::new("b", Type::Integer))
        .column(
            Column::new("next", Type::BigInteger)
                .references("children", "id")
                .on_delete(Action::SetNull),
        )
        .foreign_key(
            ForeignKey::new(["a", "b"], ("other", "parents"), ["a", "b"])
                .on_delete(Action::Cascade)
                .on_update(Action::SetDefault)
                .deferrable(Deferrable::Deferred)
                .match_full(),
        );
    let back = Table::new(("other", "back"))
        .column(Column::new("child", Type::BigInteger).primary_key())
        .foreign_key(
            ForeignKey::new(["child"], "children", ["id"])
                .on_update(Action::Restrict)
                .deferrable(Deferrable::Immediate),
        );
    [parent, child, back]
}

fn rich() -> Schema {
    let mut tables = vec![checks(), indexes()];
    tables.extend(references());
    model(tables)
}

/// The order in which constraints and indexes were said is no property of a table.
fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        let rank = |it: &Constraint| match it {
            Constraint::PrimaryKey(_) => 0,
            Constraint::Unique(_) => 1,
            Constraint::ForeignKey(_) => 2,
            Constraint::Check(_) => 3,
            Constraint::Exclude(_) => 4,
        };
        table
            .constraints
            .sort_by_key(|it| (rank(it), it.name().cloned()));
        table.indexes.sort_by_key(|it| it.name.clone());
    }
    schema
}

async fn comes_back(live: &mut Live, model: Schema) {
    live.execute("CREATE SCHEMA IF NOT EXISTS other; CREATE SEQUENCE IF NOT EXISTS numbers")
        .await;
    live.create(&model).await;
    let (differences, asked) = live.differences(&model, &["other"]).await;
    assert_eq!(differences, Vec::<String>::new());
    assert!(asked);
    let inspected = live.inspect_also(&["other"]).await;
    let mut canonical = model.clone();
    live.dialect.normalize(&mut canonical);
    live.dialect
        .canonicalize(&mut live.connection, &mut canonical)
        .await
        .unwrap();
    let (inspected, canonical) = (sorted(inspected), sorted(canonical));
    for (name, table) in &canonical.tables {
        let there = &inspected.tables[name];
        for (one, other) in table.columns.iter().zip(&there.columns) {
            let one = one.clone();
            let mut other = other.clone();
            // Written in other words, but equal by the canonical ones.
            assert_eq!(one.ty, other.ty, "{name}.{}", one.name);
            other.ty = one.ty.clone();
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(table.constraints, there.constraints, "{name}");
        assert_eq!(table.indexes, there.indexes, "{name}");
        assert_eq!(table.comment, there.comment, "{name}");
        assert_eq!(table, there);
    }
    assert_eq!(canonical.enums, inspected.enums);
    // What came back can be created again, and is the same again.
    let mut again = inspected.clone();
    live.dialect.normalize(&mut again);
    assert_eq!(again, inspected, "normal form of normal form");
    live.execute("DROP SCHEMA other CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE SCHEMA other; CREATE SEQUENCE numbers").await;
    live.create(&inspected).await;
    assert_eq!(sorted(live.inspect_also(&["other"]).await), inspected);
}

#[tokio::test]
async fn types() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    comes_back(&mut live, model([every_type()])).await;
}

#[tokio::test]
async fn spellings_of_defaults() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    comes_back(&mut live, model([defaults()])).await;
}

#[tokio::test]
async fn everything_else() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    comes_back(&mut live, rich()).await;
}

/// A default schema of another name, and a search path that finds types without their schema.
#[tokio::test]
async fn other_search_paths() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE SCHEMA tenant; CREATE SCHEMA other; SET search_path = tenant, other, public",
    )
    .await;
    let model = model([defaults(), checks(), references()[0].clone()]);
    live.execute("CREATE SEQUENCE numbers").await;
    live.create(&model).await;
    let (differences, asked) = live.differences(&model, &["other"]).await;
    assert_eq!(differences, Vec::<String>::new());
    assert!(asked);
    assert_eq!(
        live.text("SELECT current_setting('search_path')").await,
        "\"tenant, other, public\""
    );
    assert_eq!(
        live.text("SELECT count(*) FROM pg_tables WHERE schemaname = 'tenant'")
            .await,
        "2"
    );
}

/// Spellings that differ without a difference in meaning.
#[tokio::test]
async fn what_a_database_made_otherwise_holds_is_recognised() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE TABLE t (id serial PRIMARY KEY, a varchar(9) DEFAULT 'x'::text, b timestamptz DEFAULT CURRENT_TIMESTAMP, \
         n bigint DEFAULT '-5', CONSTRAINT ck CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))))",
    )
    .await;
    let model = model([Table::new("t")
        .schema("public")
        .column(Column::new("id", Type::custom("SERIAL")).primary_key())
        .column(Column::new("a", Type::Varchar(9)).server_default("'x'"))
        .column(Column::new("b", Type::TimestampTz).server_default("current_timestamp"))
        .column(Column::new("n", Type::BigInteger).server_default("-5"))
        .check(Check::new("a IN ('x', 'y')").named("ck"))]);
    assert_eq!(live.differences(&model, &["public"]).await, (vec![], true));
}
