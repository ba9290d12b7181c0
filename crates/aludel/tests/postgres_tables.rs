//! Parameters of the operations on tables, in PostgreSQL's words: text, or a typed refusal for each thing that it cannot say.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::panic)]

use aludel::db::Kind;
use aludel::dialect::postgres::Postgres;
use aludel::dialect::{Dialect, Needs, idle, needs, refuse_in_script};
use aludel::prelude::*;
use aludel::schema::{Constraint, Schema};

fn statements(before: &Schema, record: impl FnOnce(&mut Operations)) -> Result<String> {
    let dialect = Postgres::new();
    let mut op = Operations::new(Kind::Postgres);
    record(&mut op);
    let mut text = Vec::new();
    for recorded in op.into_recorded() {
        for statement in dialect.statements(&recorded.operation, before)? {
            let outside = if statement.in_transaction {
                ""
            } else {
                "outside: "
            };
            text.push(format!("{outside}{}", statement.sql));
        }
    }
    Ok(text.join(";\n"))
}

#[track_caller]
fn says(record: impl FnOnce(&mut Operations), expected: &str) {
    assert_eq!(statements(&Schema::default(), record).unwrap(), expected);
}

#[track_caller]
fn refuses(record: impl FnOnce(&mut Operations), operation: &str, instead: &str) {
    match statements(&Schema::default(), record) {
        Err(Error::Unsupported {
            operation: said,
            dialect,
            instead: advice,
        }) => assert_eq!(
            (dialect, said.as_str(), advice.as_str()),
            ("PostgreSQL", operation, instead)
        ),
        other => panic!("{other:?}"),
    }
}

fn a() -> Column {
    Column::new("a", Type::Text)
}

#[test]
fn if_not_exists() {
    says(
        |op| {
            op.create_table(
                Table::new("t")
                    .column(a().comment("c"))
                    .index(Index::new("ix", ["a"]).comment("i")),
            )
            .if_not_exists();
            op.add_column("t", a().index()).if_not_exists();
            op.create_index("ix", "t", ["a"]).unique().if_not_exists();
        },
        "CREATE TABLE IF NOT EXISTS t (\n    a TEXT\n);\n\
         CREATE INDEX IF NOT EXISTS ix ON t (a);\n\
         COMMENT ON INDEX ix IS 'i';\n\
         COMMENT ON COLUMN t.a IS 'c';\n\
         ALTER TABLE t ADD COLUMN IF NOT EXISTS a TEXT;\n\
         CREATE INDEX IF NOT EXISTS ix_t_a ON t (a);\n\
         CREATE UNIQUE INDEX IF NOT EXISTS ix ON t (a)",
    );
    refuses(
        |op| {
            op.create_table(Table::new("t").column(a().primary_key().unique()))
                .if_not_exists();
        },
        "create table t unless it exists, with what comes in statements of its own: create unique constraint uq_t_a on t",
        "leave it out, and create it by an operation of its own",
    );
}

#[test]
fn if_exists() {
    says(
        |op| {
            op.drop_table(("s", "t")).if_exists();
            op.drop_column("t", "order").if_exists();
            op.drop_index("ix", ("s", "t")).if_exists();
            op.drop_constraint("ck", "t").if_exists();
        },
        "DROP TABLE IF EXISTS s.t;\n\
         ALTER TABLE t DROP COLUMN IF EXISTS \"order\";\n\
         DROP INDEX IF EXISTS s.ix;\n\
         ALTER TABLE t DROP CONSTRAINT IF EXISTS ck",
    );
}

/// What no clause says is looked up, and cannot be in a script.
#[test]
fn constraints_that_may_be_there() {
    let dialect = Postgres::new();
    let mut schema = Schema::default();
    schema.add_table(
        Table::new("t")
            .column(a())
            .constraint(Unique::new(["a"]).named("uq"))
            .constraint(PrimaryKey::new(["a"]).named("pk")),
    );
    type Case = (fn(&mut Operations), Option<&'static str>);
    let cases: [Case; 6] = [
        (
            |op| {
                drop(
                    op.create_unique_constraint("uq", "t", ["a"])
                        .if_not_exists(),
                )
            },
            Some("Skipping create unique constraint uq on t: `t` has the constraint `uq` already"),
        ),
        (
            |op| drop(op.create_primary_key("another", "t", ["a"]).if_not_exists()),
            Some("Skipping create primary key on t(a): `t` has the primary key already"),
        ),
        (
            |op| {
                drop(
                    op.create_check_constraint("ck", "t", "true")
                        .if_not_exists(),
                )
            },
            None,
        ),
        (
            |op| {
                drop(
                    op.create_foreign_key("fk", "t", "t", ["a"], ["a"])
                        .if_not_exists(),
                )
            },
            None,
        ),
        (
            |op| {
                drop(
                    op.create_exclusion_constraint("ex", "t", [("a", "=")])
                        .if_not_exists(),
                )
            },
            None,
        ),
        (
            |op| {
                drop(
                    op.create_check_constraint("ck", "nowhere", "true")
                        .if_not_exists(),
                )
            },
            None,
        ),
    ];
    for (record, skipped) in cases {
        let mut op = Operations::new(Kind::Postgres);
        record(&mut op);
        let operation = op.into_recorded().remove(0).operation;
        let Needs::Tables(tables) = needs(&dialect, &operation) else {
            panic!("{operation:?}")
        };
        assert_eq!(tables.len(), 1);
        assert_eq!(idle(&dialect, &operation, &schema).as_deref(), skipped);
        let refused = refuse_in_script(&dialect, &operation)
            .unwrap_err()
            .to_string();
        assert!(refused.ends_with("in a script IF NOT EXISTS"), "{refused}");
    }
    let mut op = Operations::new(Kind::Postgres);
    op.drop_constraint("ck", "t").if_exists();
    op.drop_table("t");
    for recorded in op.into_recorded() {
        assert_eq!(needs(&dialect, &recorded.operation), Needs::Nothing);
        assert_eq!(idle(&dialect, &recorded.operation, &schema), None);
        refuse_in_script(&dialect, &recorded.operation).unwrap();
    }
}

#[test]
fn concurrently() {
    let record = |op: &mut Operations| {
        op.create_index("ix", ("s", "t"), ["a"])
            .unique()
            .if_not_exists()
            .concurrently()
            .comment("c");
        op.drop_index("ix", ("s", "t")).if_exists().concurrently();
    };
    let expected = "outside: CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON s.t (a);\n\
         COMMENT ON INDEX s.ix IS 'c';\n\
         outside: DROP INDEX CONCURRENTLY IF EXISTS s.ix";
    says(record, expected);
    let mut before = Schema::default();
    let mut table = Table::new(("s", "t"))
        .column(a())
        .index(Index::new("ix", ["a"]));
    table.source.invalid_indexes = vec!["ix".into()];
    before.add_table(table);
    assert_eq!(
        statements(&before, record).unwrap(),
        format!("outside: DROP INDEX CONCURRENTLY s.ix;\n{expected}")
    );
    // Who does not ask for it is told by the database.
    assert_eq!(
        statements(&before, |op| drop(op.create_index("ix", ("s", "t"), ["a"]))).unwrap(),
        "CREATE INDEX ix ON s.t (a)"
    );
}

#[test]
fn other_names_and_later_validation() {
    says(
        |op| {
            op.rename_index("ix", ("s", "t"), "The ix");
            op.rename_constraint("ck", ("s", "t"), "check");
            op.create_check_constraint("ck", "t", "a > ''")
                .not_valid()
                .no_inherit();
            op.create_foreign_key("fk", "t", "p", ["a"], ["b"])
                .not_valid();
            op.validate_constraint("fk", ("s", "t"));
        },
        "ALTER INDEX s.ix RENAME TO \"The ix\";\n\
         ALTER TABLE s.t RENAME CONSTRAINT ck TO \"check\";\n\
         ALTER TABLE t ADD CONSTRAINT ck CHECK (a > '') NO INHERIT NOT VALID;\n\
         ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (b) NOT VALID;\n\
         ALTER TABLE s.t VALIDATE CONSTRAINT fk",
    );
}

#[test]
fn what_a_key_carries() {
    says(
        |op| {
            op.create_primary_key("pk", "t", ["a"])
                .include(["b"])
                .deferrable(Deferrable::Deferred);
            op.create_unique_constraint("uq", "t", ["a"])
                .include(["b", "order"]);
        },
        "ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (a) INCLUDE (b) DEFERRABLE INITIALLY DEFERRED;\n\
         ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a) INCLUDE (b, \"order\")",
    );
}

#[test]
fn partitions() {
    says(
        |op| {
            op.create_table(
                Table::new(("s", "log"))
                    .column(a())
                    .partition_by("LIST (a)"),
            );
            op.create_table(
                Table::new("log_a")
                    .partition_of(("s", "log"), "FOR VALUES IN ('a')")
                    .constraint(Check::new("a <> ''").named("ck"))
                    .index(Index::new("ix", ["a"])),
            );
            op.create_table(
                Table::new("log_rest")
                    .partition_of("log", "DEFAULT")
                    .partition_by("HASH (a)"),
            );
            op.attach_partition(("s", "log"), "old", "FOR VALUES IN ('b')");
            op.detach_partition("log", ("s", "old"));
            op.detach_partition("log", "old").concurrently();
            op.detach_partition("log", "old").finalize();
        },
        "CREATE TABLE s.log (\n    a TEXT\n) PARTITION BY LIST (a);\n\
         CREATE TABLE log_a PARTITION OF s.log (\n    CONSTRAINT ck CHECK (a <> '')\n) FOR VALUES IN ('a');\n\
         CREATE INDEX ix ON log_a (a);\n\
         CREATE TABLE log_rest PARTITION OF log DEFAULT PARTITION BY HASH (a);\n\
         ALTER TABLE s.log ATTACH PARTITION old FOR VALUES IN ('b');\n\
         ALTER TABLE log DETACH PARTITION s.old;\n\
         outside: ALTER TABLE log DETACH PARTITION old CONCURRENTLY;\n\
         ALTER TABLE log DETACH PARTITION old FINALIZE",
    );
}

#[test]
fn options_of_tables() {
    says(
        |op| {
            op.create_table(
                Table::new("t")
                    .column(a())
                    .inherits("p")
                    .inherits(("s", "q"))
                    .unlogged()
                    .parameter("fillfactor", "70")
                    .parameter("toast.autovacuum_enabled", "false")
                    .tablespace("The disk"),
            );
            op.create_table(Table::new("scratch").column(a()).temporary())
                .if_not_exists();
            op.set_table_options(("s", "t"))
                .parameter("fillfactor", "80")
                .parameter("toast.autovacuum_enabled", "true")
                .reset("autovacuum_enabled")
                .tablespace("pg_default")
                .logged();
            op.set_table_options("t").unlogged();
            op.set_table_options("t");
        },
        "CREATE UNLOGGED TABLE t (\n    a TEXT\n) INHERITS (p, s.q) WITH (fillfactor = 70, toast.autovacuum_enabled = false) TABLESPACE \"The disk\";\n\
         CREATE TEMPORARY TABLE IF NOT EXISTS scratch (\n    a TEXT\n);\n\
         ALTER TABLE s.t SET (fillfactor = 80, toast.autovacuum_enabled = true);\n\
         ALTER TABLE s.t RESET (autovacuum_enabled);\n\
         ALTER TABLE s.t SET LOGGED;\n\
         ALTER TABLE s.t SET TABLESPACE pg_default;\n\
         ALTER TABLE t SET UNLOGGED",
    );
}

#[test]
fn how_a_column_is_stored() {
    says(
        |op| {
            op.alter_column("t", "a")
                .set_storage("EXTERNAL")
                .set_compression("lz4")
                .set_statistics(-1)
                .rename("b");
        },
        "ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;\n\
         ALTER TABLE t ALTER COLUMN a SET COMPRESSION lz4;\n\
         ALTER TABLE t ALTER COLUMN a SET STATISTICS -1;\n\
         ALTER TABLE t RENAME COLUMN a TO b",
    );
}

#[test]
fn rows() {
    says(
        |op| {
            op.bulk_insert("t", ["a"], [["x"], ["y"]])
                .multiinsert(false);
            op.bulk_insert("t", ["a"], Vec::<[&str; 1]>::new());
            op.bulk_insert("t", [] as [&str; 0], [Vec::<Literal>::new(), Vec::new()]);
            op.bulk_insert("t", ["a"], [[Literal::Uuid([0xab; 16])]]);
        },
        "INSERT INTO t (a) VALUES\n    ('x');\n\
         INSERT INTO t (a) VALUES\n    ('y');\n\
         INSERT INTO t DEFAULT VALUES;\n\
         INSERT INTO t DEFAULT VALUES;\n\
         INSERT INTO t (a) VALUES\n    ('abababab-abab-abab-abab-abababababab')",
    );
    let ragged = statements(&Schema::default(), |op| {
        op.bulk_insert("t", [] as [&str; 0], [vec![1]]);
    });
    let message = ragged.unwrap_err().to_string();
    assert!(message.contains("1 value(s) for 0 column(s)"), "{message}");
}

const FOR_MYSQL: &str = "record it for MySQL and MariaDB alone, by `op.database()`";

#[test]
fn a_place_of_its_own() {
    let instead = "leave it behind the others, and name the columns where their order matters";
    refuses(
        |op| drop(op.add_column("t", a()).first()),
        "add column t.a in a place of its own",
        instead,
    );
    refuses(
        |op| drop(op.alter_column("t", "a").after("b")),
        "alter column t.a in a place of its own",
        instead,
    );
}

#[test]
fn columns_that_it_has_no_words_for() {
    let said = |column: Column, what: &str, instead: &str| {
        let table = Table::new("t").column(column.clone());
        refuses(
            |op| drop(op.create_table(table)),
            &format!("create table t {what}"),
            instead,
        );
        refuses(
            |op| drop(op.add_column("t", column)),
            &format!("add column t.a {what}"),
            instead,
        );
    };
    said(
        a().charset("utf8mb4"),
        "with a character set",
        "leave it out: text is in the encoding of the database; its order is a collation's",
    );
    said(
        a().server_onupdate("now()"),
        "with ON UPDATE",
        "a trigger BEFORE UPDATE that sets the column",
    );
    said(
        a().invisible(),
        "invisible",
        "leave it visible, and name the columns where it must not come along, or select from a view",
    );
    said(
        a().not_null().not_null_on_conflict(OnConflict::Ignore),
        "with a conflict clause",
        "say `ON CONFLICT` in the statement that inserts",
    );
}

#[test]
fn constraints_that_it_has_no_words_for() {
    let constraints: [(Constraint, &str); 2] = [
        (
            PrimaryKey::new(["a"])
                .named("c")
                .on_conflict(OnConflict::Fail)
                .into(),
            "create primary key on t(a) with a conflict clause",
        ),
        (
            Unique::new(["a"])
                .named("c")
                .on_conflict(OnConflict::Fail)
                .into(),
            "create unique constraint c on t with a conflict clause",
        ),
    ];
    for (constraint, operation) in constraints {
        refuses(
            |op| op.create_constraint("t", constraint),
            operation,
            "say `ON CONFLICT` in the statement that inserts",
        );
    }
}

#[test]
fn indexes_that_it_has_no_words_for() {
    let said = |index: Index, what: &str, instead: &str| {
        refuses(
            |op| drop(op.create_table(Table::new("t").column(a()).index(index.clone()))),
            &format!("create table t {what}"),
            instead,
        );
        let parts = index.parts.clone();
        refuses(
            |op| {
                let mut pending = op.create_index("ix", "t", parts);
                if let Some(class) = index.class {
                    pending = pending.class(class);
                }
                if let Some(parser) = index.parser {
                    pending = pending.parser(parser);
                }
                drop(pending);
            },
            &format!("create index ix on t {what}"),
            instead,
        );
    };
    said(
        Index::new("ix", [IndexPart::column("a").length(10)]),
        "on the beginning of a value",
        "index the expression `left(column, length)`",
    );
    said(
        Index::new("ix", ["a"]).class(IndexClass::FullText),
        "as FULLTEXT",
        "`method(\"gin\")` on the expression `to_tsvector('english', column)`",
    );
    said(
        Index::new("ix", ["a"]).class(IndexClass::Spatial),
        "as SPATIAL",
        "`method(\"gist\")`",
    );
    said(
        Index::new("ix", ["a"]).parser("ngram"),
        "with a parser",
        "name a text search configuration in `to_tsvector`",
    );
}

#[test]
fn tables_that_it_has_no_words_for() {
    let said = |table: Table, what: &str, instead: &str| {
        refuses(
            |op| drop(op.create_table(table)),
            &format!("create table t {what}"),
            instead,
        );
    };
    let t = || Table::new("t").column(a());
    said(t().engine("InnoDB"), "with an engine", FOR_MYSQL);
    said(t().charset("utf8mb4"), "with a character set", FOR_MYSQL);
    said(
        t().collation("utf8mb4_bin"),
        "with a collation",
        "say it on each column",
    );
    said(
        t().option("ROW_FORMAT", "COMPRESSED"),
        "with options of another database",
        FOR_MYSQL,
    );
    said(
        t().temporary().unlogged(),
        "temporary and unlogged",
        "leave `unlogged` out: a temporary table is not written to the log",
    );
    said(
        t().partition_of("p", "DEFAULT"),
        "as a partition with columns",
        "leave the columns out: they are the parent's",
    );
    said(
        Table::new("t").partition_of("p", "DEFAULT").inherits("q"),
        "as a partition that inherits",
        "leave `inherits` out",
    );
}

#[test]
fn options_that_only_mysql_has() {
    for record in [
        |op: &mut Operations| drop(op.set_table_options("t").engine("InnoDB")),
        |op: &mut Operations| drop(op.set_table_options("t").charset("utf8mb4")),
        |op: &mut Operations| drop(op.set_table_options("t").collation("x")),
        |op: &mut Operations| drop(op.set_table_options("t").convert()),
        |op: &mut Operations| drop(op.set_table_options("t").option("ROW_FORMAT", "DYNAMIC")),
    ] {
        refuses(
            record,
            "set options of table t that only MySQL and MariaDB have",
            FOR_MYSQL,
        );
    }
}

/// What a model says for another database is no difference here; what this one holds stays.
#[test]
fn normal_form() {
    let mut schema = Schema::default();
    schema.add_table(
        Table::new("t")
            .column(a().charset("utf8mb4").invisible().server_onupdate("now()"))
            .engine("InnoDB")
            .parameter("fillfactor", "70")
            .index(Index::new("ix", [IndexPart::column("a").length(3)])),
    );
    Postgres::new().normalize(&mut schema);
    let expected = Table::new("t").parameter("fillfactor", "70");
    let table = schema.table("t").unwrap();
    assert_eq!(table.options, expected.options);
    let column = &table.columns[0];
    assert!(column.charset.is_none() && !column.invisible && column.on_update.is_none());
    assert_eq!(table.indexes[0].parts[0].length, None);
}
