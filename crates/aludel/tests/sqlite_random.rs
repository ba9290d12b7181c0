//! Random sequences of operations on tables with rows, foreign keys, triggers and views: nothing is lost that was not asked for.
//!
//! After every operation, what the database holds is compared with what a plain reading of the operation leads to expect: every
//! value of every row, the schema, the triggers and views, which must still work, the numbers that were given out, and foreign
//! keys that still hold. An operation that is refused must change nothing at all.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod sqlite_support;

use aludel::dialect::Dialect as _;
use aludel::prelude::*;
use aludel::schema::{Constraint, IndexKey, Schema, Spelled};
use proptest::prelude::*;
use sqlite_support::{Database, recorded, sorted};
use std::collections::BTreeMap;

const CLINIC: &str = "
    CREATE TABLE patients (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name VARCHAR(50) NOT NULL COLLATE NOCASE,
        email VARCHAR UNIQUE ON CONFLICT ABORT,
        code VARCHAR(10) DEFAULT 'none' CHECK (length(code) < 20), -- said on the column
        weight INTEGER CHECK (weight > 0)
    );
    CREATE TABLE visits (
        id INTEGER PRIMARY KEY,
        patient_id INTEGER NOT NULL REFERENCES patients (id) ON DELETE CASCADE ON UPDATE CASCADE,
        follows INTEGER REFERENCES visits (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
        cost INTEGER DEFAULT 0,
        note TEXT,
        CONSTRAINT ck_cost CHECK (cost >= 0)
    );
    CREATE TABLE \"odd table\" (\"select\" VARCHAR PRIMARY KEY, \"a \"\"b\" INTEGER, visit_id INTEGER REFERENCES visits) WITHOUT ROWID;
    CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
    CREATE INDEX ix_name ON patients (name DESC, lower(email)) WHERE name <> '';
    CREATE UNIQUE INDEX ix_visit ON visits (patient_id, id);
    CREATE VIEW costly AS SELECT p.name, v.cost FROM visits v JOIN patients p ON p.id = v.patient_id;
    CREATE VIEW costlier AS SELECT name FROM costly WHERE cost > 10;
    CREATE TRIGGER told AFTER INSERT ON visits BEGIN
        INSERT INTO log (what) VALUES ('visit; ' || NEW.id);
        UPDATE patients SET code = 'seen' WHERE id = NEW.patient_id;
    END;
    CREATE TRIGGER gone BEFORE DELETE ON patients WHEN OLD.name IS NOT NULL BEGIN
        INSERT INTO log (what) VALUES (OLD.name);
    END;
    CREATE TRIGGER through INSTEAD OF DELETE ON costly BEGIN SELECT RAISE(ABORT, 'never'); END;
    INSERT INTO patients VALUES (1, 'Ada', 'a@x', 'c1', 50), (2, 'O''Brien', NULL, '', NULL), (7, 'ünï', 'u@x', NULL, 9);
    INSERT INTO patients VALUES (99, 'Gone', NULL, NULL, 1);
    DELETE FROM patients WHERE id = 99;
    DELETE FROM log;
    INSERT INTO visits VALUES (1, 1, NULL, 5, x'00ff'), (2, 1, 1, 20, '007'), (3, 7, 2, NULL, 1.5);
    DELETE FROM log;
    INSERT INTO \"odd table\" VALUES ('k', 1, 1), ('O''k', NULL, NULL);
";

/// All that is to be kept: each value of each row, and the text of each trigger and view.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    schema: Schema,
    values: BTreeMap<(String, String), Vec<String>>,
    dependents: BTreeMap<String, String>,
    numbers: Vec<String>,
}

async fn keep(db: &mut Database) -> Kept {
    let schema = sorted(db.inspect().await);
    let mut values = BTreeMap::new();
    for table in schema.tables.values() {
        let key = &table.find_primary_key().map(|it| it.columns[0].clone());
        for column in &table.columns {
            let order = key.as_ref().unwrap_or(&table.columns[0].name);
            let from = format!("{} ORDER BY {}", quoted(&table.name.name), quoted(order));
            let found = db.rows(&from, &[&quoted(&column.name)]).await;
            values.insert((table.name.to_string(), column.name.to_string()), found);
        }
    }
    let query = "sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name";
    let names = db.rows(query, &["name"]).await;
    let texts = db.rows(query, &["sql"]).await;
    Kept {
        schema,
        values,
        dependents: names.into_iter().zip(texts).collect(),
        numbers: db.rows("sqlite_sequence ORDER BY name", &["seq"]).await,
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What a choice of numbers makes of the schema as it is: an operation that may or may not be possible.
struct Chooser<'s> {
    schema: &'s Schema,
    numbers: [u16; 4],
}

impl Chooser<'_> {
    fn table(&self) -> &Table {
        let tables: Vec<&Table> = self.schema.tables.values().collect();
        tables[usize::from(self.numbers[1]) % tables.len()]
    }

    fn column(&self) -> &Column {
        let columns = &self.table().columns;
        &columns[usize::from(self.numbers[2]) % columns.len()]
    }

    fn new_name(&self) -> String {
        let names = [
            "extra", "select", "wei\"rd", "Größe", "x y", "NEW", "id2", "zz",
        ];
        let which = usize::from(self.numbers[3]);
        format!("{}{}", names[which % names.len()], which % 7)
    }

    fn record(&self, op: &mut Operations) {
        let (table, column, new) = (
            &self.table().name,
            self.column().name.as_str(),
            self.new_name(),
        );
        let pick = self.numbers[3];
        match self.numbers[0] % 24 {
            0 => op.add_column(table, Column::new(new, Type::Integer)),
            1 => op.add_column(
                table,
                Column::new(new, Type::String)
                    .not_null()
                    .server_default("'it''s'"),
            ),
            2 => op.add_column(
                table,
                Column::new(new, Type::Integer).server_default("(abs(-3))"),
            ),
            3 => op.add_column(
                table,
                Column::new(new, Type::Integer).generated_stored("1 + 1"),
            ),
            4 => op.add_column(
                table,
                Column::new(new, Type::Integer)
                    .references("visits", "id")
                    .index(),
            ),
            5 | 6 => op.drop_column(table, column),
            7 => drop(op.alter_column(table, column).set_not_null()),
            8 => drop(op.alter_column(table, column).drop_not_null()),
            9 => drop(op.alter_column(table, column).set_default("'d'")),
            10 => drop(op.alter_column(table, column).drop_default()),
            11 | 12 => drop(op.alter_column(table, column).rename(new)),
            13 => drop(op.alter_column(table, column).set_type(Type::Numeric)),
            14 => drop(op.create_index(format!("ix_{new}"), table, [column])),
            15 => drop(
                op.create_index(format!("ux_{new}"), table, [column])
                    .unique(),
            ),
            16 => {
                drop(op.create_unique_constraint(format!("uq_{new}"), table, [column]));
            }
            17 => op.create_check_constraint(
                format!("ck_{new}"),
                table,
                format!("{} IS NOT 12345", quoted(column)),
            ),
            18 => {
                op.create_foreign_key(format!("fk_{new}"), table, "visits", [column], ["id"])
                    .on_delete(Action::Cascade);
            }
            19 => match self
                .table()
                .constraints
                .iter()
                .filter_map(|it| it.name())
                .nth(usize::from(pick) % 3)
            {
                Some(name) => op.drop_constraint(name.clone(), table),
                None => op.execute("SELECT 1"),
            },
            20 => match self.table().indexes.first() {
                Some(index) => op.drop_index(index.name.clone(), table),
                None => op.execute("SELECT 1"),
            },
            21 => op.rename_table(table, format!("{new} t")),
            22 => op.create_table(
                Table::new(format!("{new} n"))
                    .column(Column::new("id", Type::Integer).primary_key()),
            ),
            _ => {
                drop(
                    op.alter_column(table, column)
                        .set_type(Type::Custom("NUMERIC".into()))
                        .set_default("7"),
                );
            }
        }
    }
}

/// The values that are to be there after an operation, where they are known; all others must be as they were.
fn expected(
    before: &Kept,
    numbers: [u16; 4],
    after: &Kept,
) -> BTreeMap<(String, String), Vec<String>> {
    let chooser = Chooser {
        schema: &before.schema,
        numbers,
    };
    let (table, column) = (
        chooser.table().name.to_string(),
        chooser.column().name.to_string(),
    );
    let rows = before
        .values
        .iter()
        .find(|(it, _)| it.0 == table)
        .map_or(0, |(_, it)| it.len());
    let new = chooser.new_name();
    let mut values = before.values.clone();
    let filled = |value: &str| vec![value.to_string(); rows];
    match numbers[0] % 24 {
        0 | 4 => drop(values.insert((table, new), filled("NULL"))),
        1 => drop(values.insert((table, new), filled("'it''s'"))),
        2 => drop(values.insert((table, new), filled("3"))),
        3 => drop(values.insert((table, new), filled("2"))),
        5 | 6 => drop(values.remove(&(table, column))),
        11 | 12 => {
            let moved = values.remove(&(table.clone(), column)).unwrap();
            values.insert((table, new), moved);
        }
        // Numeric affinity turns text that looks like a number into one, as was asked.
        13 | 23 => {
            let key = (table, column);
            let converted = after.values[&key].clone();
            assert_eq!(converted.len(), rows);
            values.insert(key, converted);
        }
        21 => {
            let renamed = format!("{new} t");
            values = values
                .into_iter()
                .map(|((of, column), it)| {
                    (
                        if of == table {
                            (renamed.clone(), column)
                        } else {
                            (of, column)
                        },
                        it,
                    )
                })
                .collect();
        }
        22 => drop(values.insert((format!("{new} n"), "id".into()), Vec::new())),
        _ => {}
    }
    values
}

/// The same tables, but for the text of expressions: SQLite renames in it what an operation in memory leaves alone.
#[track_caller]
fn same_schema(found: &Schema, expected: &Schema, summary: &[String]) {
    assert!(
        found.tables.keys().eq(expected.tables.keys()),
        "{summary:?}"
    );
    for (found, expected) in found.tables.values().zip(expected.tables.values()) {
        let (found, expected) = (without_text(found), without_text(expected));
        assert_eq!(found.columns, expected.columns, "{summary:?}");
        assert_eq!(found.constraints, expected.constraints, "{summary:?}");
        assert_eq!(found.indexes, expected.indexes, "{summary:?}");
        assert_eq!(found.options, expected.options, "{summary:?}");
    }
}

fn without_text(table: &Table) -> Table {
    let text = || Spelled::canonical("".into(), "");
    let mut table = table.clone();
    for constraint in &mut table.constraints {
        if let Constraint::Check(check) = constraint {
            check.expr = text();
        }
    }
    for index in &mut table.indexes {
        index.predicate = index.predicate.as_ref().map(|_| text());
        for part in &mut index.parts {
            if let IndexKey::Expr(expr) = &mut part.key {
                *expr = text();
            }
        }
    }
    table.constraints.sort_by_key(|it| format!("{it:?}"));
    table
}

/// Views answer, triggers fire, foreign keys hold, the file is whole.
async fn still_works(db: &mut Database, kept: &Kept) {
    for (name, text) in &kept.dependents {
        if text.starts_with("'CREATE VIEW") {
            let sql = format!("SELECT * FROM {}", name.trim_matches('\''));
            db.connection
                .fetch(&sql)
                .await
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
    assert_eq!(
        db.rows("pragma_integrity_check", &["integrity_check"])
            .await,
        ["'ok'"]
    );
    assert!(
        db.rows("pragma_foreign_key_check", &["\"table\""])
            .await
            .is_empty()
    );
    let tables: Vec<String> = kept
        .schema
        .tables
        .keys()
        .map(|it| quoted(&it.name))
        .collect();
    db.execute("SAVEPOINT s").await;
    for table in tables {
        // Every trigger and constraint is compiled by an attempt to change a row.
        let key = format!("UPDATE {table} SET rowid = rowid");
        let done = db.connection.execute(&key).await;
        if let Err(error) = done {
            let text = error.to_string();
            let known = ["no such column: rowid", "constraint failed"];
            assert!(known.iter().any(|it| text.contains(it)), "{table}: {text}");
        }
        let deleted = db.connection.execute(&format!("DELETE FROM {table}")).await;
        if let Err(error) = deleted {
            let text = error.to_string();
            assert!(text.contains("constraint failed"), "{table}: {text}");
        }
    }
    db.execute("ROLLBACK TO s").await;
    db.execute("RELEASE s").await;
}

async fn sequence(choices: &[[u16; 4]]) -> usize {
    let mut db = Database::with(CLINIC).await;
    let mut done = 0;
    for numbers in choices {
        let before = keep(&mut db).await;
        let record = |op: &mut Operations| {
            let schema = &before.schema;
            Chooser {
                schema,
                numbers: *numbers,
            }
            .record(op);
        };
        let summary: Vec<String> = recorded(record)
            .iter()
            .map(|it| it.operation.summary())
            .collect();
        let outcome = db.run(record).await;
        let after = keep(&mut db).await;
        if outcome.is_err() {
            assert_eq!(
                after, before,
                "{summary:?} was refused and changed something"
            );
            continue;
        }
        done += 1;
        assert_eq!(
            after.values,
            expected(&before, *numbers, &after),
            "{summary:?}"
        );
        assert_eq!(after.numbers, before.numbers, "{summary:?}");
        let names = |it: &Kept| it.dependents.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&after), names(&before), "{summary:?}");
        let mut schema = before.schema.clone();
        for recorded in recorded(record) {
            recorded.operation.apply(&mut schema).unwrap();
        }
        db.dialect.normalize(&mut schema);
        same_schema(&after.schema, &sorted(schema), &summary);
        still_works(&mut db, &after).await;
    }
    done
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_that_was_not_asked_for(choices in prop::collection::vec(any::<[u16; 4]>(), 1..20)) {
        block_on(sequence(&choices));
    }
}

/// The sequences are not all refusals.
#[test]
fn most_kinds_of_operation_get_through() {
    let mut kinds = 0;
    for kind in 0..24 {
        let tried = (0..40).map(|n| [kind, n % 4, n / 4, n * 5]);
        let done: usize = tried.map(|it| block_on(sequence(&[it]))).sum();
        kinds += usize::from(done > 0);
    }
    assert!(kinds >= 23, "{kinds} of 24");
}
