//! The statements of every operation, or the words with which it is refused. The schema before is a declared one here, as it is
//! when a script is written for tables that it creates itself.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::ops::Operations;
use aludel::prelude::*;
use aludel::schema::Schema;
use sqlite_support::{Database, spelled};

fn before() -> Schema {
    let visits = Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(
            Column::new(
                "status",
                Type::enumeration("visit_status", ["planned", "done"]),
            )
            .not_null(),
        )
        .column(Column::new("cost", Type::Text))
        .index(Index::new("ix_cost", ["cost"]));
    let notes = Table::new("notes")
        .column(
            Column::new("visit_id", Type::Integer)
                .references("visits", "id")
                .on_delete(Action::Cascade),
        )
        .column(
            Column::new("text", Type::Text)
                .not_null()
                .check("length(text) < 100"),
        );
    Metadata::new().table(visits).table(notes).schema().unwrap()
}

/// Holds the statements to what is expected, and SQLite to taking them.
async fn check(record: impl Fn(&mut Operations), expected: &str) {
    assert_eq!(
        spelled(&before(), &record),
        expected.trim_start_matches('\n')
    );
    if expected.contains("error:") {
        return;
    }
    let attached = "ATTACH ':memory:' AS other; CREATE TABLE other.visits (id INTEGER);";
    let mut db = Database::with(attached).await;
    let tables: Vec<Table> = before().tables.into_values().collect();
    db.run(|op| {
        tables.into_iter().for_each(|it| {
            op.create_table(it);
        })
    })
    .await
    .unwrap();
    db.run(&record).await.unwrap();
}

#[tokio::test]
async fn tables_are_created() {
    check(
        |op| {
        op.create_table(
                Table::new("patients")
                    .column(Column::new("id", Type::BigInteger).primary_key())
                    .column(Column::new("email", Type::String).unique().index())
                    .column(Column::new("order", Type::Integer).not_null().server_default("1 + 1").check("\"order\" > 0"))
                    .column(Column::new("mood", Type::enumeration("mood", ["it's", "so"])).server_default("'so'"))
                    .column(Column::new("visit", Type::Integer).references("visits", "id").on_delete(Action::SetNull).deferrable(Deferrable::Deferred))
                    .comment("no comments here")
                    .autoincrement(),
            );
        op.create_table(Table::new("pairs").column(Column::new("a", Type::Boolean)).column(Column::new("b", Type::Uuid)).primary_key(["a", "b"]).strict().without_rowid());
    },
        r#"
CREATE TABLE patients (
    id INTEGER CONSTRAINT pk_patients PRIMARY KEY AUTOINCREMENT NOT NULL,
    email VARCHAR,
    "order" INTEGER NOT NULL DEFAULT (1 + 1),
    mood VARCHAR DEFAULT 'so' CONSTRAINT enum_mood CHECK (mood IN ('it''s', 'so')),
    visit INTEGER,
    CONSTRAINT ck_patients_order CHECK ("order" > 0),
    CONSTRAINT fk_patients_visit_visits FOREIGN KEY (visit) REFERENCES visits (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX ix_patients_email ON patients (email);
CREATE TABLE pairs (
    a INTEGER NOT NULL,
    b BLOB NOT NULL,
    CONSTRAINT pk_pairs PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;"#,
    )
    .await;
}

#[tokio::test]
async fn tables_are_dropped_renamed_and_not_commented() {
    check(
        |op| {
            op.drop_table("notes");
            op.drop_table("visits");
            op.rename_table("visits", "group");
            op.create_table_comment("visits", "c");
            op.drop_table_comment("visits");
        },
        r#"
DROP TABLE notes;
error: cannot drop table visits: `notes` references it
ALTER TABLE visits RENAME TO "group";"#,
    )
    .await;
}

#[tokio::test]
async fn columns_are_added() {
    check(
        |op| {
        op.add_column("visits", Column::new("note", Type::Varchar(20)).not_null().server_default("''").comment("c"));
        op.add_column("visits", Column::new("doctor", Type::Integer).generated_virtual("id + 1"));
        op.add_column("visits", Column::new("at", Type::TimestampTz).not_null().server_default("current_timestamp"));
    },
        r#"
ALTER TABLE visits ADD COLUMN note VARCHAR(20) NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN doctor INTEGER GENERATED ALWAYS AS (id + 1) VIRTUAL;
SELECT json_extract('{}', 'foreign keys are on, and notes references visits: its rows would be deleted while visits is rebuilt' || substr(foreign_keys, 2)) FROM pragma_foreign_keys WHERE foreign_keys;
CREATE TABLE _aludel_new_visits (
    id INTEGER NOT NULL,
    status VARCHAR NOT NULL CONSTRAINT enum_visit_status CHECK (status IN ('planned', 'done')),
    cost TEXT,
    at DATETIME NOT NULL DEFAULT current_timestamp,
    CONSTRAINT pk_visits PRIMARY KEY (id)
);
INSERT OR ABORT INTO _aludel_new_visits (id, status, cost)
SELECT id, status, cost FROM visits;
DROP TABLE visits;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_visits RENAME TO visits;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix_cost ON visits (cost);"#,
    )
    .await;
}

#[tokio::test]
async fn columns_are_dropped() {
    check(
        |op| {
        op.drop_column("visits", "cost");
        op.drop_column("notes", "text");
        op.drop_column("visits", "id");
        op.drop_column("visits", "none");
    },
        r#"
SELECT json_extract('{}', 'foreign keys are on, and notes references visits: its rows would be deleted while visits is rebuilt' || substr(foreign_keys, 2)) FROM pragma_foreign_keys WHERE foreign_keys;
CREATE TABLE _aludel_new_visits (
    id INTEGER NOT NULL,
    status VARCHAR NOT NULL CONSTRAINT enum_visit_status CHECK (status IN ('planned', 'done')),
    CONSTRAINT pk_visits PRIMARY KEY (id)
);
INSERT OR ABORT INTO _aludel_new_visits (id, status)
SELECT id, status FROM visits;
DROP TABLE visits;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_visits RENAME TO visits;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER,
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id)
SELECT rowid, visit_id FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
error: cannot drop column visits.id: `notes` references it
error: cannot drop column visits.none: `visits` has no column `none`"#,
    )
    .await;
}

#[tokio::test]
async fn columns_are_altered() {
    check(
        |op| {
        op.alter_column("notes", "text").set_type(Type::Varchar(9)).drop_not_null().set_default("'x'");
        op.alter_column("visits", "cost").set_type(Type::Decimal(10, 2)).using("replace(cost, ',', '.')").rename("price");
        op.alter_column("notes", "text").rename("body");
        op.alter_column("notes", "text").set_comment("c");
        op.alter_column("visits", "id").set_type(Type::BigInteger);
    },
        r#"
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER,
    text VARCHAR(9) DEFAULT 'x',
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE,
    CONSTRAINT ck_notes_length CHECK (length(text) < 100)
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id, text)
SELECT rowid, visit_id, text FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER,
    text TEXT NOT NULL,
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE,
    CONSTRAINT ck_notes_length CHECK (length(text) < 100)
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id, text)
SELECT rowid, visit_id, text FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
SELECT json_extract('{}', 'foreign keys are on, and notes references visits: its rows would be deleted while visits is rebuilt' || substr(foreign_keys, 2)) FROM pragma_foreign_keys WHERE foreign_keys;
CREATE TABLE _aludel_new_visits (
    id INTEGER NOT NULL,
    status VARCHAR NOT NULL CONSTRAINT enum_visit_status CHECK (status IN ('planned', 'done')),
    cost NUMERIC(10, 2),
    CONSTRAINT pk_visits PRIMARY KEY (id)
);
INSERT OR ABORT INTO _aludel_new_visits (id, status, cost)
SELECT id, status, replace(cost, ',', '.') FROM visits;
DROP TABLE visits;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_visits RENAME TO visits;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix_cost ON visits (cost);
ALTER TABLE visits RENAME COLUMN cost TO price;
ALTER TABLE notes RENAME COLUMN text TO body;"#,
    )
    .await;
}

#[tokio::test]
async fn indexes() {
    check(
        |op| {
            op.create_index(
                "ix",
                "visits",
                [
                    IndexPart::expr("lower(cost)").desc(),
                    IndexPart::column("id").collation("nocase"),
                ],
            )
            .unique()
            .predicate("id > 0");
            op.create_index("ix", ("other", "visits"), ["id"]);
            op.drop_index("ix_cost", "visits");
        },
        r#"
CREATE UNIQUE INDEX ix ON visits ((lower(cost)) DESC, id COLLATE "NOCASE") WHERE id > 0;
CREATE INDEX other.ix ON visits (id);
DROP INDEX ix_cost;"#,
    )
    .await;
}

#[tokio::test]
async fn constraints() {
    check(
        |op| {
        op.create_unique_constraint("uq", "notes", ["text"]);
        op.create_foreign_key("fk", "visits", "visits", ["cost"], ["id"]).on_update(Action::Cascade);
        op.create_check_constraint("ck", "notes", "text <> ''");
        op.create_primary_key("pk", "notes", ["visit_id", "text"]);
        op.drop_constraint("ck_notes_length", "notes");
        op.drop_constraint("pk_visits", "visits");
        op.drop_constraint("none", "notes");
    },
        r#"
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER,
    text TEXT NOT NULL,
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE,
    CONSTRAINT ck_notes_length CHECK (length(text) < 100),
    CONSTRAINT uq UNIQUE (text)
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id, text)
SELECT rowid, visit_id, text FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
SELECT json_extract('{}', 'foreign keys are on, and notes references visits: its rows would be deleted while visits is rebuilt' || substr(foreign_keys, 2)) FROM pragma_foreign_keys WHERE foreign_keys;
CREATE TABLE _aludel_new_visits (
    id INTEGER NOT NULL,
    status VARCHAR NOT NULL CONSTRAINT enum_visit_status CHECK (status IN ('planned', 'done')),
    cost TEXT,
    CONSTRAINT pk_visits PRIMARY KEY (id),
    CONSTRAINT fk FOREIGN KEY (cost) REFERENCES visits (id) ON UPDATE CASCADE
);
INSERT OR ABORT INTO _aludel_new_visits (id, status, cost)
SELECT id, status, cost FROM visits;
DROP TABLE visits;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_visits RENAME TO visits;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix_cost ON visits (cost);
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER,
    text TEXT NOT NULL,
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE,
    CONSTRAINT ck_notes_length CHECK (length(text) < 100),
    CONSTRAINT ck CHECK (text <> '')
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id, text)
SELECT rowid, visit_id, text FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE,
    CONSTRAINT ck_notes_length CHECK (length(text) < 100),
    CONSTRAINT pk PRIMARY KEY (visit_id, text)
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id, text)
SELECT rowid, visit_id, text FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE _aludel_new_notes (
    visit_id INTEGER,
    text TEXT NOT NULL,
    CONSTRAINT fk_notes_visit_id_visits FOREIGN KEY (visit_id) REFERENCES visits (id) ON DELETE CASCADE
);
INSERT OR ABORT INTO _aludel_new_notes (rowid, visit_id, text)
SELECT rowid, visit_id, text FROM notes;
DROP TABLE notes;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_notes RENAME TO notes;
PRAGMA legacy_alter_table = OFF;
error: cannot drop constraint pk_visits on visits: `notes` references it
error: cannot drop constraint none on notes: `notes` has no such constraint"#,
    )
    .await;
}

#[tokio::test]
async fn enum_types() {
    check(
        |op| {
        op.create_enum(Enum::new("mood", ["a"]));
        op.drop_enum("visit_status");
        op.alter_enum(Enum::new("visit_status", ["planned", "done"]), ["planned", "it's done"]);
        op.alter_enum(Enum::new("unknown", ["a"]), ["b"]);
    },
        r#"
SELECT json_extract('{}', 'foreign keys are on, and notes references visits: its rows would be deleted while visits is rebuilt' || substr(foreign_keys, 2)) FROM pragma_foreign_keys WHERE foreign_keys;
CREATE TABLE _aludel_new_visits (
    id INTEGER NOT NULL,
    status VARCHAR NOT NULL CONSTRAINT enum_visit_status CHECK (status IN ('planned', 'it''s done')),
    cost TEXT,
    CONSTRAINT pk_visits PRIMARY KEY (id)
);
INSERT OR ABORT INTO _aludel_new_visits (id, status, cost)
SELECT id, status, cost FROM visits;
DROP TABLE visits;
PRAGMA legacy_alter_table = ON;
ALTER TABLE _aludel_new_visits RENAME TO visits;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix_cost ON visits (cost);"#,
    )
    .await;
}

#[tokio::test]
async fn text_and_rows() {
    check(
        |op| {
            op.execute("UPDATE visits SET cost = NULL;");
            op.bulk_insert(
                "visits",
                ["id", "status", "cost"],
                [
                    (Literal::from(1), Literal::from("done"), Literal::Null),
                    (
                        Literal::from(i64::MIN),
                        Literal::from("planned"),
                        Literal::Bytes(vec![0, 255]),
                    ),
                    (
                        Literal::from(false),
                        Literal::Sql("lower('DONE')".into()),
                        Literal::from(1e300),
                    ),
                ],
            );
        },
        r#"
UPDATE visits SET cost = NULL;
INSERT INTO visits (id, status, cost) VALUES
    (1, 'done', NULL),
    ((-9223372036854775807 - 1), 'planned', x'00ff'),
    (FALSE, lower('DONE'), 1e300);"#,
    )
    .await;
}

#[tokio::test]
async fn what_sqlite_cannot_say_is_refused() {
    check(
        |op| {
            op.create_table(Table::new("t").column(Column::new("a", Type::Integer.array())));
            op.create_table(Table::new("t").column(Column::new("a", Type::Interval)));
            op.create_table(Table::new("t"));
            op.create_table(Table::new("t").column(Column::new("a", Type::Integer).identity()));
            op.create_table(
                Table::new("t")
                    .column(Column::new("a", Type::Text).primary_key())
                    .autoincrement(),
            );
            op.create_table(
                Table::new("t").column(Column::new("a", Type::Integer).references(("x", "y"), "z")),
            );
            op.add_column("visits", Column::new("n", Type::Integer).identity());
            op.create_unique_constraint("uq", "notes", ["text"])
                .nulls_not_distinct();
            op.create_foreign_key(
                "fk",
                "notes",
                "visits",
                ["visit_id", "text"],
                ["id", "cost"],
            )
            .match_full();
            op.create_index(
                "ix",
                "visits",
                [IndexPart::column("id").opclass("int4_ops")],
            );
            op.create_index("ix", "visits", ["id"]).method("gin");
            op.create_index("ix", "visits", ["id"]).nulls_not_distinct();
            op.bulk_insert("visits", ["id"], [[f64::NAN]]);
            op.run("step", async |_db| Ok(()));
        },
        r#"
error: SQLite cannot have a column of type INTEGER[]
error: SQLite cannot have a column of type INTERVAL
error: SQLite cannot create table t without a column
error: SQLite cannot number the rows of t by `a`
error: SQLite cannot say AUTOINCREMENT of `t`
error: SQLite cannot reference `x.y` from `t`, in another database
error: SQLite cannot add column visits.n that is numbered and no primary key
error: SQLite cannot take two NULLs for equal in a unique constraint
error: SQLite cannot hold a foreign key to MATCH FULL
error: SQLite cannot create index ix on visits by an operator class
error: SQLite cannot create index ix on visits by a method of its own
error: SQLite cannot create index ix on visits that takes two NULLs for equal
error: SQLite cannot hold a float that is not a number
error: `step` needs the database, and an offline script has none"#,
    )
    .await;
}
