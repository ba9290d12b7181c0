//! Rows that satisfy both databases of a pair, and what was in a table before and after.

use super::kinds::{self, Db, is_plain};
use super::rng::Rng;
use super::world::{Col, Tab, World};
use aludel::db::Connection;
use aludel::prelude::*;
use aludel::schema::{Constraint, Enum, Ident, QualifiedName};
use std::collections::BTreeMap;

/// A table's name, in SQL.
pub fn quoted(db: Db, name: &QualifiedName) -> String {
    let table = db.quote(&name.name);
    match &name.schema {
        Some(schema) => format!("{}.{table}", db.quote(schema)),
        None => table,
    }
}

/// The statements that fill the tables of `a`.
pub fn inserts(a: &World, b: &World, rows: usize, rng: &mut Rng) -> Vec<String> {
    let db = a.db;
    let mut all = Vec::new();
    for tab in &a.tables {
        let later = b.tab(&tab.name);
        let cols: Vec<&Col> = tab.cols.iter().filter(|it| !it.is_generated()).collect();
        for row in 0..rows {
            let values = cols.iter().map(|col| {
                let there = later.and_then(|it| it.col(col.name()));
                let referred = is_referred(a, tab, col.name()) || is_referred(b, tab, col.name());
                let alone = tab.has_one_null(col.name())
                    || later.is_some_and(|it| it.has_one_null(col.name()));
                let takes_null = there.is_none_or(|it| it.column.nullable);
                let nullable = col.column.nullable && takes_null && !referred && !alone;
                match nullable && rng.chance(25) {
                    true => "NULL".to_string(),
                    false => kinds::value(db, col.flavor, row, &a.enums),
                }
            });
            let values: Vec<String> = values.collect();
            let names: Vec<String> = cols.iter().map(|it| db.quote(it.name())).collect();
            let table = quoted(db, &tab.name);
            let overriding = if db == Db::Postgres {
                " OVERRIDING SYSTEM VALUE"
            } else {
                ""
            };
            all.push(match names.is_empty() {
                true if db == Db::Mariadb => format!("INSERT INTO {table} VALUES ()"),
                true => format!("INSERT INTO {table} DEFAULT VALUES"),
                false => format!(
                    "INSERT INTO {table} ({}){overriding} VALUES ({})",
                    names.join(", "),
                    values.join(", ")
                ),
            });
        }
    }
    all
}

/// Whether a foreign key refers to the column.
fn is_referred(world: &World, tab: &Tab, column: &Ident) -> bool {
    let constraints = world.tables.iter().flat_map(|it| &it.constraints);
    let mut keys = constraints.filter_map(|it| match &it.it {
        Constraint::ForeignKey(key) => Some(key),
        _ => None,
    });
    keys.any(|it| it.references == tab.name && it.referred.contains(column))
}

/// What lets rows in that refer to rows which come later, and what takes it back.
pub fn unchecked(db: Db) -> (&'static str, &'static str) {
    match db {
        Db::Sqlite => ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        Db::Postgres => (
            "SET session_replication_role = replica",
            "RESET session_replication_role",
        ),
        Db::Mariadb => ("SET foreign_key_checks = 0", "SET foreign_key_checks = 1"),
    }
}

/// The rows of tables: for each the names of its columns, and the values as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept(BTreeMap<QualifiedName, (Vec<Ident>, Vec<Row>)>);

type Row = Vec<Option<String>>;

impl Kept {
    /// What is in the tables of a database.
    pub async fn read(world: &World, connection: &mut Connection) -> Self {
        let mut all = BTreeMap::new();
        for tab in &world.tables {
            let texts: Vec<String> = tab.cols.iter().map(|it| as_text(world.db, it)).collect();
            let sql = format!(
                "SELECT {} FROM {}",
                texts.join(", "),
                quoted(world.db, &tab.name)
            );
            let found = connection.fetch(&sql).await;
            let found = found.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
            let rows = found.iter().map(|row| {
                let values = (0..texts.len()).map(|it| row.at::<Option<String>>(it).unwrap());
                values.collect()
            });
            let names = tab.cols.iter().map(|it| it.name().clone()).collect();
            all.insert(tab.name.clone(), (names, rows.collect()));
        }
        Self(all)
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.0.values().map(|it| it.1.len()).sum()
    }

    /// The values of these columns, row for row, in an order of their own.
    fn of(&self, table: &QualifiedName, columns: &[Ident]) -> Vec<Vec<Option<String>>> {
        let (names, rows) = &self.0[table];
        let places: Vec<usize> = columns
            .iter()
            .filter_map(|it| names.iter().position(|name| name == it))
            .collect();
        let mut rows: Vec<Vec<Option<String>>> = rows
            .iter()
            .map(|row| places.iter().map(|it| row[*it].clone()).collect())
            .collect();
        rows.sort();
        rows
    }

    /// What differs in the tables and columns that were never away; `worlds` are all that lie between.
    pub fn lost(&self, later: &Self, worlds: &[&World]) -> Option<String> {
        let (first, rest) = worlds.split_first()?;
        for tab in &first.tables {
            let stages: Vec<Option<&Tab>> = rest.iter().map(|it| it.tab(&tab.name)).collect();
            if stages.iter().any(Option::is_none) {
                continue;
            }
            let stays = |col: &&Col| {
                let mut stages = stages.iter().flatten();
                stages.all(|it| it.col(col.name()).is_some_and(|it| keeps(col, it)))
            };
            let columns: Vec<Ident> = tab
                .cols
                .iter()
                .filter(stays)
                .map(|it| it.name().clone())
                .collect();
            let (before, after) = (self.of(&tab.name, &columns), later.of(&tab.name, &columns));
            if before != after {
                return Some(format!(
                    "{}, {columns:?}: {before:?} became {after:?}",
                    tab.name
                ));
            }
        }
        None
    }
}

/// Whether a column has the same values before and after. What is computed is made anew where its ground changes.
fn keeps(before: &Col, after: &Col) -> bool {
    if before.is_generated() || after.is_generated() {
        return false;
    }
    let same = before.ty() == after.ty() || (is_plain(before.ty()) && is_plain(after.ty()));
    same && before.flavor == after.flavor
}

/// The text of a column's value, the same whatever plain type it has.
fn as_text(db: Db, col: &Col) -> String {
    let c = db.quote(col.name());
    match db {
        Db::Postgres => format!("{c}::text"),
        Db::Sqlite if is_plain(col.ty()) => {
            format!("CASE typeof({c}) WHEN 'blob' THEN quote({c}) ELSE CAST({c} AS TEXT) END")
        }
        Db::Sqlite => format!("quote({c})"),
        Db::Mariadb => match col.ty() {
            Type::Uuid | Type::Binary | Type::Varbinary(_) | Type::Mysql(MysqlType::Blob) => {
                format!("HEX({c})")
            }
            _ => format!("HEX(CAST({c} AS CHAR CHARACTER SET utf8mb4))"),
        },
    }
}

/// Whether the rows may make it impossible to come from one database to the other: a column that comes has no value for them,
/// or one and the same where they must differ.
pub fn may_refuse(from: &World, to: &World) -> bool {
    let labels = from.enums.iter().zip(&to.enums);
    let gone =
        |(from, to): (&Enum, &Enum)| !from.values[..2].iter().all(|it| to.values.contains(it));
    labels.into_iter().any(gone) || columns_may_refuse(from, to)
}

fn columns_may_refuse(from: &World, to: &World) -> bool {
    to.tables.iter().any(|tab| {
        let Some(before) = from.tab(&tab.name) else {
            return false;
        };
        let comes = |col: &&Col| {
            before
                .col(col.name())
                .is_none_or(|it| it.is_generated() != col.is_generated())
        };
        let new: Vec<&Col> = tab.cols.iter().filter(comes).collect();
        let empty = new.iter().any(|it| {
            let filled = it.column.default.is_some() || it.is_generated();
            !it.column.nullable && !filled
        });
        let is_new = |name: &Ident| new.iter().any(|it| it.name() == name);
        let key = tab.constraints.iter().any(|it| match &it.it {
            Constraint::Check(_) => false,
            Constraint::Exclude(it) => {
                let mut columns = it.elements.iter().filter_map(|it| it.part.as_column());
                columns.any(is_new)
            }
            it => it.columns().iter().any(is_new),
        });
        let index = tab.indexes.iter().any(|it| {
            let columns = it.it.parts.iter().filter_map(IndexPart::as_column);
            let named = columns.into_iter().any(is_new);
            it.it.unique && (named || it.needs.iter().any(|it| is_new(&it.column)))
        });
        let other_values = |col: &Col| {
            before
                .col(col.name())
                .is_some_and(|it| it.flavor != col.flavor)
        };
        // A table that comes is empty, and a column that comes has no value of another.
        let refers = tab.constraints.iter().any(|it| match &it.it {
            Constraint::ForeignKey(key) => from.tab(&key.references).is_none_or(|target| {
                let plain = |it: &Ident| target.col(it).is_some_and(|it| !it.is_generated());
                !key.referred.iter().all(plain)
            }),
            _ => false,
        });
        empty || key || index || refers || tab.cols.iter().any(other_values)
    })
}
