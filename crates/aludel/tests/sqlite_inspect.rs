//! What is created is what is found, in normal form; and what others created is read for what it means.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::dialect::sqlite::Sqlite;
use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{IndexKey, Schema, Spelled};
use proptest::prelude::*;
use sqlite_support::{Database, sorted};

fn all_types() -> Vec<Type> {
    vec![
        Type::Boolean,
        Type::SmallInteger,
        Type::Integer,
        Type::BigInteger,
        Type::Real,
        Type::Double,
        Type::Numeric,
        Type::Decimal(10, 2),
        Type::String,
        Type::Varchar(30),
        Type::Char(3),
        Type::Text,
        Type::Binary,
        Type::Date,
        Type::Time,
        Type::Timestamp,
        Type::TimestampTz,
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        Type::enumeration("mood", ["so, so", "it's", ") OR ("]),
        Type::custom("my type(3)"),
    ]
}

fn rich() -> Metadata {
    let mut wide = Table::new("wide").column(Column::new("id", Type::BigInteger).primary_key());
    for (at, ty) in all_types().into_iter().enumerate() {
        wide = wide.column(Column::new(format!("c{at}"), ty).comment("dropped"));
    }
    let parent = Table::new("Parent")
        .column(
            Column::new("id", Type::Integer)
                .identity_always()
                .primary_key(),
        )
        .column(
            Column::new("code", Type::Varchar(8))
                .not_null()
                .unique()
                .collation("nocase"),
        )
        .column(Column::new("area", Type::Integer).not_null())
        .unique(["id", "area"])
        .autoincrement()
        .comment("dropped");
    let child = Table::new("child")
        .column(Column::new("a", Type::Integer))
        .column(
            Column::new("b", Type::Text)
                .server_default("lower('X')")
                .check("length(b) < 10"),
        )
        .column(
            Column::new("at", Type::Timestamp)
                .server_default("CURRENT_TIMESTAMP")
                .not_null(),
        )
        .column(Column::new("on", Type::Boolean).server_default("true"))
        .column(Column::new("nothing", Type::Integer).server_default("NULL"))
        .column(
            Column::new("parent", Type::Integer)
                .references("Parent", "id")
                .on_delete(Action::Cascade)
                .deferrable(Deferrable::Deferred),
        )
        .column(
            Column::new("area", Type::Integer)
                .not_null()
                .not_null_on_conflict(OnConflict::Replace)
                .server_default("-1"),
        )
        .column(Column::new("twice", Type::Integer).generated_virtual("a * 2"))
        .column(Column::new("thrice", Type::Integer).generated_stored("(a * 3)"))
        .primary_key(["a", "b"])
        .foreign_key(
            ForeignKey::new(["parent", "area"], "Parent", ["id", "area"])
                .on_update(Action::SetNull)
                .on_delete(Action::Restrict),
        )
        .constraint(
            Unique::new(["b", "at"])
                .named("uq")
                .on_conflict(OnConflict::Ignore)
                .deferrable(Deferrable::Deferred),
        )
        .index(
            Index::new(
                "ix1",
                [
                    IndexPart::column("b")
                        .desc()
                        .collation("rtrim")
                        .nulls_last(),
                    IndexPart::expr("a+1"),
                ],
            )
            .unique()
            .predicate("a IS NOT NULL"),
        )
        .index(
            Index::on([IndexPart::column("at")])
                .method("btree")
                .include(["a"]),
        );
    let strict = Table::new("strict_one")
        .column(Column::new("id", Type::SmallInteger))
        .column(
            Column::new("flag", Type::Boolean)
                .not_null()
                .server_default("0"),
        )
        .column(Column::new(
            "mood",
            Type::enumeration("mood", ["so, so", "it's", ") OR ("]),
        ))
        .column(Column::new("uuid", Type::Uuid))
        .column(Column::new("any", Type::custom("ANY")))
        .primary_key(["id"])
        .strict();
    let named = |name: &'static str, ty| {
        Table::new(name).column(Column::new("id", Type::custom(ty)).primary_key())
    };
    let bare = Table::new("bare")
        .column(Column::new("k", Type::Integer).primary_key())
        .column(Column::new("v", Type::Double))
        .strict()
        .without_rowid();
    Metadata::new()
        .table(wide)
        .table(parent)
        .table(child)
        .table(strict)
        .table(bare)
        .table(named("key1", "integer"))
        .table(named("key2", "Int"))
}

#[tokio::test]
async fn what_is_created_is_what_is_found() {
    let mut db = Database::new().await;
    let mut normal = rich().schema().unwrap();
    db.dialect.normalize(&mut normal);
    let tables: Vec<Table> = normal.tables.values().cloned().collect();
    db.run(|op| {
        tables.into_iter().for_each(|table| {
            op.create_table(table);
        })
    })
    .await
    .unwrap();
    let found = db.inspect().await;
    assert_eq!(sorted(found.clone()), sorted(normal.clone()));
    assert!(
        db.dialect
            .canonicalize(&mut db.connection, &mut normal)
            .await
            .unwrap()
    );

    // What is found can be created again elsewhere, and is the same there.
    let mut other = Database::new().await;
    let tables: Vec<Table> = found.tables.values().cloned().collect();
    other
        .run(|op| {
            tables.into_iter().for_each(|table| {
                op.create_table(table);
            })
        })
        .await
        .unwrap();
    assert_eq!(sorted(other.inspect().await), sorted(found));
}

#[tokio::test]
async fn a_legacy_database_is_read_for_what_it_means() {
    let mut db = Database::with(
        "CREATE TABLE 'Old Table' (ID integer PRIMARY KEY, [the name] nvarchar(20), n, big BIGINT DEFAULT (((5))),
            at datetime, f float DEFAULT \"text\", UNIQUE (\"THE NAME\"), CHECK (((ID>0))));
         CREATE TABLE kid (k INT PRIMARY KEY, p REFERENCES \"old table\", CONSTRAINT named FOREIGN KEY (p) REFERENCES [OLD TABLE] (id) MATCH FULL);
         CREATE TABLE copied AS SELECT * FROM kid;
         CREATE INDEX \"odd ix\" ON 'Old Table' (\"the name\" COLLATE binary, ID ASC) WHERE N is not null;
         CREATE TABLE seq (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO seq DEFAULT VALUES;
         ANALYZE;
         CREATE VIRTUAL TABLE fts USING fts5(body);
         CREATE VIRTUAL TABLE rt USING rtree(id, a, b);
         CREATE VIEW v AS SELECT 1 AS one;
         CREATE VIEW broken AS SELECT * FROM nowhere;
         CREATE TEMP TABLE passing (x INTEGER);",
    )
    .await;
    let schema = db.inspect().await;
    let names: Vec<String> = schema.tables.keys().map(|it| it.to_string()).collect();
    assert_eq!(names, ["Old Table", "copied", "kid", "seq"]);

    let old = schema.table("Old Table").unwrap();
    assert_eq!(
        old.find_column("ID").unwrap().identity,
        Some(Identity::BY_DEFAULT)
    );
    assert_eq!(
        old.find_column("the name").unwrap().ty.written,
        Type::custom("nvarchar(20)")
    );
    assert_eq!(old.find_column("n").unwrap().ty.written, Type::custom(""));
    assert_eq!(old.find_column("at").unwrap().ty.written, Type::TimestampTz);
    let text = old.find_column("f").unwrap().default.clone().unwrap();
    assert_eq!(text.canonical.as_deref(), Some("'text'"));
    assert_eq!(
        old.find_column("big").unwrap().default,
        Some(Spelled::canonical("".into(), "5"))
    );
    let mut expected = Table::new("Old Table");
    expected = expected
        .constraint(PrimaryKey::new(["ID"]))
        .unique(["the name"]);
    assert_eq!(old.constraints[..2], expected.constraints[..]);
    let index = old.find_index("odd ix").unwrap();
    assert_eq!(index.parts[0], IndexPart::column("the name"));
    assert_eq!(index.parts[1].key, IndexKey::Column("ID".into()));
    assert_eq!(
        index.predicate.clone().unwrap().canonical.as_deref(),
        Some("n is not null")
    );

    let kid = schema.table("kid").unwrap();
    let key = kid.find_column("k").unwrap();
    assert!(key.identity.is_none() && key.nullable, "INT is not INTEGER");
    let keys: Vec<ForeignKey> = kid.foreign_keys().cloned().collect();
    let plain = ForeignKey::new(["p"], "Old Table", ["ID"]);
    assert_eq!(keys, [plain.clone(), plain.named("named")]);
    assert!(schema.table("seq").unwrap().options.autoincrement);
}

#[tokio::test]
async fn some_tables_alone_know_all_that_refers_to_them() {
    let mut db = Database::with(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p); CREATE TABLE d (x);
         CREATE VIEW v AS SELECT * FROM p; CREATE TRIGGER t AFTER INSERT ON p BEGIN SELECT 1; END;",
    )
    .await;
    let scope = Scope::Tables(vec!["p".into(), "c".into(), "none".into()]);
    let schema = db
        .dialect
        .inspect(&mut db.connection, &scope)
        .await
        .unwrap();
    assert_eq!(schema.tables.len(), 2);
    let source = &schema.table("p").unwrap().source;
    assert_eq!(source.referenced_by[0].0, "c".into());
    assert_eq!(source.triggers[0].name, "t");
    assert_eq!(source.dependents[0].name, "v");
    assert_eq!(
        schema
            .table("c")
            .unwrap()
            .foreign_keys()
            .next()
            .unwrap()
            .referred,
        ["id"]
    );
}

#[tokio::test]
async fn attached_databases_are_told_apart() {
    let mut db = Database::with(
        "ATTACH ':memory:' AS \"other one\"; CREATE TABLE p (a INTEGER); CREATE TABLE \"other one\".p (b INTEGER REFERENCES p);",
    )
    .await;
    assert_eq!(db.inspect().await.tables.len(), 1);
    let scope = Scope::Schemas(vec!["other one".into(), "main".into()]);
    let schema = db
        .dialect
        .inspect(&mut db.connection, &scope)
        .await
        .unwrap();
    assert!(schema.table("p").unwrap().has_column("a"));
    let everything = Scope::Everything;
    let found = db
        .dialect
        .inspect(&mut db.connection, &everything)
        .await
        .unwrap();
    assert_eq!(found, schema);
    let other = schema.table(("other one", "p")).unwrap();
    assert_eq!(
        other.foreign_keys().next().unwrap().references,
        ("other one", "p").into()
    );
}

#[tokio::test]
async fn enum_checks_that_differ_stay_checks() {
    let mut db = Database::with(
        "CREATE TABLE a (s VARCHAR CONSTRAINT enum_e CHECK (s IN ('x', 'y')));
         CREATE TABLE b (s VARCHAR, CONSTRAINT enum_e CHECK (\"s\" in ('x','z')));
         CREATE TABLE c (s VARCHAR, CONSTRAINT enum_e CHECK (s IN ('x', lower('y'))), CONSTRAINT other CHECK (s IN ('x')));
         CREATE TABLE d (s INTEGER CONSTRAINT enum_e CHECK (s IN ('x', 'y')));
         CREATE TABLE f (S VARCHAR, CONSTRAINT enum_e CHECK (s IN ('x', 'y')));",
    )
    .await;
    let schema = db.inspect().await;
    let constraints = |table: &str| schema.table(table).unwrap().constraints.len();
    assert_eq!(
        [
            constraints("a"),
            constraints("b"),
            constraints("c"),
            constraints("d"),
            constraints("f")
        ],
        [0, 1, 2, 1, 0]
    );
    assert_eq!(schema.enums.len(), 1);
}

#[tokio::test]
async fn the_number_of_queries_does_not_grow_with_the_tables() {
    let mut db = Database::new().await;
    let tables: Vec<String> = (0..400).map(|at| format!("CREATE TABLE t{at} (id INTEGER PRIMARY KEY, p INTEGER REFERENCES t0); CREATE INDEX i{at} ON t{at} (p);")).collect();
    db.execute(&tables.join("\n")).await;
    let start = std::time::Instant::now();
    let schema = db.inspect().await;
    assert_eq!(schema.tables.len(), 400);
    assert_eq!(schema.table("t0").unwrap().source.referenced_by.len(), 400);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", "[A-C]", "(order|my col|x\"y)"]
}

fn expr() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab( )+<>='x]{0,12}",
        "\\(?(a|A|\"b\") ?(<|<=|==|<>|!=) ?('x'|1.5|-2)\\)?",
        "(NULL|true|now\\(\\)|current_DATE)"
    ]
}

prop_compose! {
    fn column()(name in name(), at in 0..22usize, nullable: bool, default in proptest::option::of(expr()),
        collation in proptest::option::of("(nocase|BINARY|own)"), identity: bool, generated in proptest::option::of(expr())) -> Column {
        let mut column = Column::new(name, all_types()[at].clone());
        column.nullable = nullable;
        column.default = default.map(|it| it.as_str().into());
        column.collation = collation;
        column.identity = identity.then_some(Identity::ALWAYS);
        if let Some(it) = generated { column = column.generated_virtual(it); }
        column
    }
}

prop_compose! {
    fn table()(name in name(), columns in proptest::collection::vec(column(), 0..4), key in name(), strict: bool,
        without_rowid: bool, check in expr(), referred in name(), labels in proptest::collection::vec("[a',)]{0,3}", 0..3)) -> Table {
        let labels: Vec<String> = labels.iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect();
        let mut table = Table::new(name).primary_key([key.clone()])
            .check(Check::new(check.clone()))
            .check(Check::new(format!("{key} IN ({})", labels.join(", "))).named("enum_e"))
            .foreign_key(ForeignKey::new([key.clone()], referred.clone(), Vec::<String>::new()))
            .index(Index::new("ix", [IndexPart::column(key).collation("binary").nulls_first(), IndexPart::expr(check.clone())]).predicate(check));
        table.columns = columns;
        table.options.strict = strict;
        table.options.without_rowid = without_rowid;
        table
    }
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(tables in proptest::collection::vec(table(), 0..4)) {
        let dialect = Sqlite::new();
        let mut schema = Schema::default();
        tables.into_iter().for_each(|it| schema.add_table(it));
        dialect.normalize(&mut schema);
        let mut again = schema.clone();
        dialect.normalize(&mut again);
        prop_assert_eq!(format!("{:?}", again), format!("{:?}", schema));
    }
}
