//! Parameters of the operations on tables, on SQLite: what is said in its words, what is done by a rebuild, and a typed refusal
//! for each thing that it cannot say.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::dialect::sqlite::Sqlite;
use aludel::dialect::{Dialect, idle, needs, refuse_in_script};
use aludel::ops::{Operation, Operations};
use aludel::prelude::*;
use aludel::schema::{Constraint, Schema};
use sqlite_support::{Database, recorded, spelled};

#[track_caller]
fn says(record: impl FnOnce(&mut Operations), expected: &str) {
    assert_eq!(spelled(&Schema::default(), record), expected);
}

#[track_caller]
fn refuses(record: impl FnOnce(&mut Operations), operation: &str, instead: &str) {
    let dialect = Sqlite::new();
    for recorded in recorded(record) {
        match dialect.statements(&recorded.operation, &Schema::default()) {
            Err(Error::Unsupported {
                operation: said,
                dialect,
                instead: advice,
            }) => assert_eq!(
                (dialect, said.as_str(), advice.as_str()),
                ("SQLite", operation, instead)
            ),
            other => panic!("{other:?}"),
        }
    }
}

fn a() -> Column {
    Column::new("a", Type::Text)
}

#[test]
fn clauses() {
    says(
        |op| {
            op.create_table(Table::new("t").column(a()).index(Index::new("ix", ["a"])))
                .if_not_exists();
            op.create_index("ix", ("other", "t"), ["a"])
                .unique()
                .if_not_exists();
            op.drop_table(("other", "order")).if_exists();
            op.drop_index("ix", "t").if_exists();
        },
        "CREATE TABLE IF NOT EXISTS t (\n    a TEXT\n);\n\
         CREATE INDEX IF NOT EXISTS ix ON t (a);\n\
         CREATE UNIQUE INDEX IF NOT EXISTS other.ix ON t (a);\n\
         DROP TABLE IF EXISTS other.\"order\";\n\
         DROP INDEX IF EXISTS ix;",
    );
}

/// One writer at a time has nobody to let pass.
#[test]
fn concurrently_says_nothing_here() {
    says(
        |op| {
            op.create_index("ix", "t", ["a"]).concurrently();
            op.drop_index("ix", "t").concurrently();
        },
        "CREATE INDEX ix ON t (a);\nDROP INDEX ix;",
    );
}

#[test]
fn a_temporary_table() {
    says(
        |op| {
            op.create_table(Table::new("t").column(a()).temporary())
                .if_not_exists();
        },
        "CREATE TEMPORARY TABLE IF NOT EXISTS t (\n    a TEXT\n);",
    );
}

fn operation(record: impl FnOnce(&mut Operations)) -> Operation {
    recorded(record).remove(0).operation
}

#[test]
fn what_no_clause_says_is_looked_up() {
    let dialect = Sqlite::new();
    let mut schema = Schema::default();
    schema.add_table(Table::new("t").column(a()).constraint(Unique::new(["a"])));
    let skipped = |record: fn(&mut Operations)| {
        let operation = operation(record);
        assert!(format!("{:?}", needs(&dialect, &operation)).contains("\"t\""));
        refuse_in_script(&dialect, &operation).unwrap_err();
        idle(&dialect, &operation, &schema)
    };
    assert_eq!(
        skipped(|op| drop(
            op.add_column("t", Column::new("a", Type::Integer))
                .if_not_exists()
        )),
        Some("Skipping add column t.a: `t` has the column `a` already".into())
    );
    assert_eq!(
        skipped(|op| drop(op.drop_column("t", "b").if_exists())),
        Some("Skipping drop column t.b: `t` has no column `b`".into())
    );
    assert_eq!(
        skipped(|op| drop(op.drop_constraint("b", "t").if_exists())),
        Some("Skipping drop constraint b on t: `t` has no constraint `b`".into())
    );
    assert_eq!(
        skipped(|op| drop(
            op.drop_unnamed_constraint("t", Unique::new(["b"]))
                .if_exists()
        )),
        Some("Skipping drop an unnamed constraint on t: `t` has no such constraint".into())
    );
    assert_eq!(
        skipped(|op| drop(
            op.drop_unnamed_constraint("t", Unique::new(["a"]))
                .if_exists()
        )),
        None
    );
    assert_eq!(
        skipped(|op| drop(op.drop_column("t", "a").if_exists())),
        None
    );
    assert_eq!(
        refuse_in_script(
            &dialect,
            &operation(|op| drop(op.drop_column("t", "a").if_exists()))
        )
        .unwrap_err()
        .to_string(),
        "SQLite cannot drop column t.a in a script IF EXISTS"
    );
    for record in [
        |op: &mut Operations| drop(op.drop_table("t").if_exists()),
        |op: &mut Operations| drop(op.drop_index("t", "t").if_exists()),
        |op: &mut Operations| drop(op.drop_column("t", "a")),
    ] {
        refuse_in_script(&dialect, &operation(record)).unwrap();
    }
}

const CLINIC: &str = "
    CREATE TABLE p (
        id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, -- the key
        name TEXT /* as said */ CONSTRAINT [the name] UNIQUE,
        n INT,
        CONSTRAINT ck CHECK (n <> 3) -- a check
    );
    CREATE UNIQUE INDEX ix ON p (name /* first */ COLLATE NOCASE) WHERE n > 0;
    CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE);
    CREATE VIEW names AS SELECT name FROM p;
    CREATE TRIGGER touched AFTER INSERT ON p BEGIN SELECT 1; END;
    INSERT INTO p VALUES (1, 'a', 1), (2, 'b', NULL), (9, 'x', 4);
    DELETE FROM p WHERE id = 9;
    INSERT INTO c VALUES (1), (2);";

#[tokio::test]
async fn conditions_run_twice_do_what_they_do_once() {
    let mut db = Database::with(CLINIC).await;
    for _ in 0..2 {
        db.run(|op| {
            op.add_column(
                "p",
                Column::new("more", Type::Text).unique().check("more <> ''"),
            )
            .if_not_exists();
            op.add_column("p", Column::new("name", Type::Integer).index())
                .if_not_exists();
            op.create_check_constraint("ck", "p", "false")
                .if_not_exists();
            op.create_primary_key("other", "p", ["name"])
                .if_not_exists();
            op.create_foreign_key("fk", "c", "p", ["p"], ["id"])
                .if_not_exists();
            op.drop_column("p", "gone").if_exists();
            op.drop_constraint("gone", "p").if_exists();
            op.drop_table("gone").if_exists();
        })
        .await
        .unwrap();
    }
    let found = db.inspect().await;
    let p = found.table("p").unwrap();
    assert_eq!(p.columns.len(), 4);
    assert_eq!(p.constraints.len(), 5, "{:?}", p.constraints);
    assert!(
        p.has_index("ix_p_name") && p.has_constraint("uq_p_more") && p.has_constraint("ck_p_more")
    );
    assert_eq!(db.rows("c", &["p"]).await, ["1", "2"]);
    for _ in 0..2 {
        db.run(|op| {
            op.drop_index("ix_p_name", "p").if_exists();
            op.drop_column("p", "more").if_exists();
            op.drop_constraint("fk", "c").if_exists();
        })
        .await
        .unwrap();
    }
    assert_eq!(
        db.rows("p ORDER BY id", &["id", "name", "n"]).await,
        ["1|'a'|1", "2|'b'|NULL"]
    );
    let error = db
        .run(|op| drop(op.drop_column("nowhere", "gone").if_exists()))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("there is no table `nowhere`"),
        "{error}"
    );
}

#[tokio::test]
async fn an_index_gets_another_name() {
    let mut db = Database::with(CLINIC).await;
    db.execute(
        "ATTACH ':memory:' AS other; CREATE TABLE other.t (a); CREATE INDEX other.ix ON t (a)",
    )
    .await;
    let text = db.sql_of("ix").await;
    let said = db
        .run_and_compare(|op| op.rename_index("ix", "p", "The \"index"))
        .await;
    assert_eq!(
        said,
        [
            "DROP INDEX ix",
            "CREATE UNIQUE INDEX \"The \"\"index\" ON p (name /* first */ COLLATE NOCASE) WHERE n > 0"
        ]
    );
    db.run_and_compare(|op| op.rename_index("The \"index", "p", "ix"))
        .await;
    assert_eq!(db.sql_of("ix").await, text);
    db.run(|op| op.rename_index("ix", ("other", "t"), "iy"))
        .await
        .unwrap();
    assert_eq!(
        db.rows("other.sqlite_schema WHERE type = 'index'", &["name"])
            .await,
        ["'iy'"]
    );
    for (name, to, reason) in [
        ("gone", "iy", "`p` has no index `gone`"),
        ("ix", "ix", "`p` has an index `ix` already"),
    ] {
        let error = db
            .run(|op| op.rename_index(name, "p", to))
            .await
            .unwrap_err();
        assert!(error.to_string().ends_with(reason), "{error}");
    }
    // In a script, for a table that the script has made.
    let mut declared = Schema::default();
    declared.add_table(
        Table::new(("other", "t"))
            .column(a())
            .index(Index::new("ix", ["a"])),
    );
    assert_eq!(
        spelled(&declared, |op| op.rename_index("ix", ("other", "t"), "iy")),
        "DROP INDEX other.ix;\nCREATE INDEX other.iy ON t (a);"
    );
}

#[tokio::test]
async fn a_constraint_gets_another_name() {
    let mut db = Database::with(CLINIC).await;
    let text = db.sql_of("p").await;
    db.run_and_compare(|op| {
        op.rename_constraint("ck", "p", "the check");
        op.rename_constraint("pk", "p", "key");
        op.rename_constraint("the name", "p", "uq");
    })
    .await;
    assert_eq!(
        db.sql_of("p").await,
        text.replace("CREATE TABLE p", "CREATE TABLE \"p\"")
            .replace("ck CHECK", "\"the check\" CHECK")
            .replace("pk PRIMARY", "\"key\" PRIMARY")
            .replace("[the name]", "uq")
            .replace("\n    )", "\n)")
    );
    db.run_and_compare(|op| {
        op.rename_constraint("the check", "p", "ck");
        op.rename_constraint("key", "p", "pk");
        op.rename_constraint("uq", "p", "the name");
    })
    .await;
    // The last number is not given again, the rows that refer stay, and view and trigger are there.
    db.execute("INSERT INTO p (name) VALUES ('c')").await;
    assert_eq!(
        db.rows("p ORDER BY id", &["id", "name", "n"]).await,
        ["1|'a'|1", "2|'b'|NULL", "10|'c'|NULL"]
    );
    assert_eq!(db.rows("c", &["p"]).await, ["1", "2"]);
    assert_eq!(db.rows("names", &["name"]).await.len(), 3);
    assert!(!db.sql_of("touched").await.is_empty());
    for (name, to, reason) in [
        ("gone", "new", "`p` has no constraint `gone`"),
        ("ck", "pk", "`p` has a constraint `pk` already"),
    ] {
        let error = db
            .run(|op| op.rename_constraint(name, "p", to))
            .await
            .unwrap_err();
        assert!(error.to_string().ends_with(reason), "{error}");
    }
}

#[tokio::test]
async fn columns_have_their_places() {
    let mut db = Database::with(CLINIC).await;
    db.run_and_compare(|op| {
        op.add_column("p", Column::new("first", Type::Text)).first();
        op.add_column(
            "p",
            Column::new("more", Type::Text)
                .not_null()
                .server_default("'m'"),
        )
        .after("id");
        op.alter_column("p", "n").after("first");
        op.alter_column("c", "p").first();
    })
    .await;
    let text = db.sql_of("p").await;
    assert!(
        text.contains("-- the key")
            && text.contains("/* as said */")
            && text.contains("-- a check"),
        "{text}"
    );
    let columns = "SELECT group_concat(name) AS n FROM pragma_table_info('p')";
    let names = |rows: Vec<aludel::db::Row>| -> String { rows[0].get("n").unwrap() };
    assert_eq!(
        names(db.connection.fetch(columns).await.unwrap()),
        "first,n,id,more,name"
    );
    assert_eq!(
        db.rows("p ORDER BY id", &["first", "n", "id", "more", "name"])
            .await,
        ["NULL|1|1|'m'|'a'", "NULL|NULL|2|'m'|'b'"]
    );
    db.run_and_compare(|op| {
        op.drop_column("p", "first");
        op.drop_column("p", "more");
        op.alter_column("p", "n").after("name");
    })
    .await;
    assert_eq!(
        names(db.connection.fetch(columns).await.unwrap()),
        "id,name,n"
    );
    assert_eq!(
        db.rows("p ORDER BY id", &["id", "name", "n"]).await,
        ["1|'a'|1", "2|'b'|NULL"]
    );
    let error = db
        .run(|op| drop(op.add_column("p", a()).after("gone")))
        .await
        .unwrap_err();
    assert!(
        error.to_string().ends_with("`p` has no column `gone`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_temporary_table_is_gone_with_its_session() {
    let mut db = Database::with(CLINIC).await;
    db.run(|op| {
        op.create_table(
            Table::new("scratch")
                .column(a())
                .index(Index::new("ix_s", ["a"]))
                .temporary(),
        );
        op.execute("INSERT INTO scratch SELECT name FROM p");
    })
    .await
    .unwrap();
    assert_eq!(db.rows("temp.scratch", &["a"]).await, ["'a'", "'b'"]);
    assert!(db.inspect().await.table("scratch").is_none());
    assert_eq!(
        db.rows("temp.sqlite_schema WHERE type = 'index'", &["name"])
            .await,
        ["'ix_s'"]
    );
}

#[tokio::test]
async fn rows() {
    let mut db = Database::with(CLINIC).await;
    db.run(|op| {
        op.bulk_insert("p", ["name"], [["c"], ["d"]])
            .multiinsert(false);
        op.bulk_insert("p", ["name"], Vec::<[&str; 1]>::new());
        op.bulk_insert("p", [] as [&str; 0], [Vec::<Literal>::new()]);
        op.bulk_insert("p", ["name"], [[Literal::Uuid([0xab; 16])]]);
    })
    .await
    .unwrap();
    assert_eq!(
        db.rows("p WHERE id > 2 ORDER BY id", &["id", "name"]).await,
        [
            "10|'c'",
            "11|'d'",
            "12|NULL",
            "13|X'ABABABABABABABABABABABABABABABAB'"
        ]
    );
}

const ONE_ENCODING: &str = "leave it out: all text of a database is in one encoding";
const FOR_MYSQL: &str = "record it for MySQL and MariaDB alone, by `op.database()`";
const FOR_POSTGRES: &str = "record it for PostgreSQL alone, by `op.database()`";

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
    said(a().charset("utf8mb4"), "with a character set", ONE_ENCODING);
    said(
        a().server_onupdate("now()"),
        "with ON UPDATE",
        "a trigger AFTER UPDATE that sets the column",
    );
    said(
        a().invisible(),
        "invisible",
        "leave it visible, and name the columns where it must not come along, or select from a view",
    );
    refuses(
        |op| drop(op.add_column("t", Column::new("n", Type::Integer).identity())),
        "add column t.n that is numbered and no primary key",
        "say `with_primary_key`",
    );
    refuses(
        |op| drop(op.alter_column("t", "a").set_storage("PLAIN")),
        "alter column t.a in how its values are stored",
        FOR_POSTGRES,
    );
}

#[test]
fn constraints_that_it_has_no_words_for() {
    let said = |constraint: Constraint, operation: &str, what: &str, instead: &str| {
        let table = Table::new("t").column(a()).constraint(constraint.clone());
        refuses(
            |op| drop(op.create_table(table)),
            &format!("create table t {what}"),
            instead,
        );
        refuses(
            |op| op.create_constraint("t", constraint),
            &format!("{operation} {what}"),
            instead,
        );
    };
    let immediate = "leave it immediate: only foreign keys can be deferred";
    let include = "leave the included columns out, or create an index on all of them";
    let not_valid = "repair the rows before: here a constraint holds for all of them";
    let key = || PrimaryKey::new(["a"]);
    said(
        key().deferrable(Deferrable::Immediate).into(),
        "create primary key on t(a)",
        "deferrable",
        immediate,
    );
    said(
        key().include(["b"]).into(),
        "create primary key on t(a)",
        "with included columns",
        include,
    );
    let unique = || Unique::new(["a"]).named("c");
    said(
        unique().deferrable(Deferrable::Deferred).into(),
        "create unique constraint c on t",
        "deferrable",
        immediate,
    );
    said(
        unique().include(["b"]).into(),
        "create unique constraint c on t",
        "with included columns",
        include,
    );
    said(
        ForeignKey::new(["a"], "t", ["a"])
            .not_valid()
            .named("c")
            .into(),
        "create foreign key c from t to t",
        "NOT VALID",
        not_valid,
    );
    let check = || Check::new("a > 0").named("c");
    said(
        check().not_valid().into(),
        "create check constraint c on t",
        "NOT VALID",
        not_valid,
    );
    said(
        check().no_inherit().into(),
        "create check constraint c on t",
        "NO INHERIT",
        "leave it out: no table inherits",
    );
    refuses(
        |op| op.validate_constraint("c", "t"),
        "validate constraint c on t apart from creating it",
        "leave it out: here a constraint holds for all rows from the start",
    );
}

#[test]
fn indexes_that_it_has_no_words_for() {
    let said = |index: Index, what: &str, instead: &str| {
        refuses(
            |op| drop(op.create_table(Table::new("t").column(a()).index(index.clone()))),
            &format!("create table t {what}"),
            instead,
        );
        let create = aludel::ops::CreateIndex::new("t", index);
        refuses(
            |op| op.record(create),
            &format!("create index ix on t {what}"),
            instead,
        );
    };
    let ix = || Index::new("ix", ["a"]);
    let on = |part: IndexPart| Index::new("ix", [part]);
    let column = || IndexPart::column("a");
    let virtual_table = "a virtual table: `CREATE VIRTUAL TABLE .. USING fts5`, or `rtree`";
    said(
        ix().method("gin"),
        "by a method of its own",
        "leave the method out: every index is a B-tree",
    );
    said(
        ix().include(["b"]),
        "with included columns",
        "add the columns to its keys, unless it is unique",
    );
    said(
        ix().nulls_not_distinct(),
        "that takes two NULLs for equal",
        "index coalesce(column, '')",
    );
    said(
        on(column().opclass("o")),
        "by an operator class",
        "a collation",
    );
    said(
        on(column().nulls_last()),
        "with NULLs in a place of their own",
        "leave NULLS FIRST or LAST out",
    );
    said(
        on(column().length(3)),
        "on the beginning of a value",
        "index the expression `substr(column, 1, length)`",
    );
    let another_kind = "of another kind than a B-tree";
    said(
        ix().class(IndexClass::FullText),
        another_kind,
        virtual_table,
    );
    said(ix().parser("ngram"), another_kind, virtual_table);
    said(
        ix().parameter("fillfactor", "70"),
        "with storage parameters",
        FOR_POSTGRES,
    );
    said(
        ix().tablespace("x"),
        "in a tablespace",
        "leave it out: a database is one file",
    );
    // Its comment is passed over, as all comments are.
    says(
        |op| {
            drop(
                op.create_index("ix", "t", ["a"])
                    .comment("c")
                    .method("btree"),
            )
        },
        "CREATE INDEX ix ON t (a);",
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
    let one_table = "one table, with an index on what parts it";
    said(t().unlogged(), "unlogged", FOR_POSTGRES);
    said(t().partition_by("LIST (a)"), "with partitions", one_table);
    said(
        t().partition_of("p", "DEFAULT"),
        "with partitions",
        one_table,
    );
    said(
        t().inherits("p"),
        "that inherits",
        "repeat the columns, or refer to the parent's rows",
    );
    said(
        t().parameter("fillfactor", "70"),
        "with storage parameters",
        FOR_POSTGRES,
    );
    said(
        t().tablespace("x"),
        "in a tablespace",
        "leave it out: a database is one file",
    );
    said(t().engine("InnoDB"), "with an engine", FOR_MYSQL);
    said(t().charset("utf8mb4"), "with a character set", ONE_ENCODING);
    said(
        t().collation("nocase"),
        "with a collation",
        "say it on each column",
    );
    said(
        t().option("ROW_FORMAT", "COMPRESSED"),
        "with options of another database",
        FOR_MYSQL,
    );
    refuses(
        |op| drop(op.set_table_options("t").unlogged()),
        "set options of table t that only other databases have",
        "record it for the database that has them, by `op.database()`",
    );
    let parts = "one table, with an index on what parts it; move rows with INSERT and DELETE";
    refuses(
        |op| op.attach_partition("t", "p", "DEFAULT"),
        "attach partition p to t of a table that is one",
        parts,
    );
    refuses(
        |op| drop(op.detach_partition("t", "p")),
        "detach partition p from t of a table that is one",
        parts,
    );
}

/// What a model says for another database, and changes no meaning, is no difference here.
#[test]
fn normal_form() {
    let mut schema = Schema::default();
    schema.add_table(
        Table::new("t")
            .column(a().charset("utf8mb4").invisible().server_onupdate("now()"))
            .engine("InnoDB")
            .parameter("fillfactor", "70")
            .constraint(
                PrimaryKey::new(["a"])
                    .deferrable(Deferrable::Deferred)
                    .include(["b"]),
            )
            .constraint(Check::new("a > ''").not_valid().no_inherit())
            .index(
                Index::new("ix", [IndexPart::column("a").length(3)])
                    .comment("c")
                    .parameter("fillfactor", "70")
                    .tablespace("x"),
            ),
    );
    let dialect = Sqlite::new();
    dialect.normalize(&mut schema);
    let table = schema.table("t").unwrap().clone();
    assert_eq!(table.options, Table::new("t").options);
    let sql = spelled(&Schema::default(), |op| drop(op.create_table(table)));
    assert_eq!(
        sql,
        "CREATE TABLE t (\n    a TEXT NOT NULL,\n    CONSTRAINT pk_t PRIMARY KEY (a),\n    CONSTRAINT ck_t_a CHECK (a > '')\n);\n\
         CREATE INDEX ix ON t (a);"
    );
}
