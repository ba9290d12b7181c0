//! Rows of the catalog → a schema. Nothing here touches a database.

use super::catalog::{CheckRow, ColumnRow, KeyRow, Place, Rows, TableRow};
use super::{Mysql, normalize, parts, text, types};
use crate::schema::{
    Action, Check, Column, Constraint, ForeignKey, Generated, Ident, Identity, Index, IndexClass,
    IndexKey, IndexPart, PrimaryKey, QualifiedName, Schema, Spelled, Table, Type,
};
use std::collections::BTreeMap;

/// The schema that the rows describe, in normal form.
pub(super) fn build(dialect: &Mysql, mut rows: Rows) -> Schema {
    let databases: BTreeMap<String, String> = rows.databases.drain(..).collect();
    let mut tables: BTreeMap<Place, (Table, String)> = BTreeMap::new();
    for row in rows.tables.drain(..) {
        let usual = databases.get(&row.database).cloned();
        let mut told = table(row, &databases);
        told.options.partition_by = rows.parts.remove(&place_of(&told)).map(parts::echoed);
        let place = place_of(&told);
        tables.insert(place, (told, usual.unwrap_or_default()));
    }
    rows.columns
        .sort_by(|a, b| (&a.place, a.position).cmp(&(&b.place, b.position)));
    for row in rows.columns.drain(..) {
        if let Some((table, usual)) = tables.get_mut(&row.place) {
            let usual = usual.clone();
            // Where the table has a collation of its own, each column says its own too.
            let collation = row.collation.clone();
            let collation =
                collation.filter(|it| table.options.collation.is_some() || *it != usual);
            table.columns.push(column(dialect, row, collation));
        }
    }
    rows.keys
        .sort_by(|a, b| (&a.place, &a.index, a.position).cmp(&(&b.place, &b.index, b.position)));
    for row in std::mem::take(&mut rows.keys) {
        if let Some((table, _)) = tables.get_mut(&row.place) {
            let parser = rows.parsers.remove(&(row.place.clone(), row.index.clone()));
            add_key(dialect, table, row, parser);
        }
    }
    add_foreign_keys(&mut tables, &mut rows);
    rows.checks
        .sort_by(|a, b| (&a.place, &a.name).cmp(&(&b.place, &b.name)));
    for row in rows.checks {
        if let Some((table, _)) = tables.get_mut(&row.place) {
            add_check(dialect, table, row);
        }
    }
    let mut schema = Schema::default();
    for (mut table, _) in tables.into_values() {
        hide_own_indexes(&mut table);
        schema.add_table(table);
    }
    normalize::normalize(dialect, &mut schema);
    normalize::forget(&mut schema);
    schema
}

/// The name of a table.
pub(super) fn qualified(place: Place) -> QualifiedName {
    QualifiedName {
        schema: place.0.map(Ident::from),
        name: place.1.into(),
    }
}

fn place_of(table: &Table) -> Place {
    let schema = table.name.schema.as_ref().map(ToString::to_string);
    (schema, table.name.name.to_string())
}

fn table(row: TableRow, databases: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(qualified(row.place));
    table.comment = Some(row.comment).filter(|it| !it.is_empty());
    table.source.inspected = true;
    table.options.engine = Some(row.engine).filter(|it| !it.is_empty());
    let usual = databases.get(&row.database);
    table.options.collation = Some(row.collation).filter(|it| !it.is_empty() && Some(it) != usual);
    table.options.others = options(&row.options);
    table
}

/// `row_format=DYNAMIC COMPRESSION="zlib" partitioned`, of which the last has no value. Options of an engine's own have their
/// names in backticks on MariaDB.
fn options(told: &str) -> BTreeMap<String, String> {
    let tokens = text::significant(told).unwrap_or_default();
    let words: Vec<&str> = tokens.iter().map(|it| it.text(told)).collect();
    let mut options = BTreeMap::new();
    for window in words.windows(3) {
        if let [name, "=", value] = window {
            let name = name.trim_matches('`').to_ascii_uppercase();
            options.insert(name, value.to_string());
        }
    }
    options
}

fn column(dialect: &Mysql, row: ColumnRow, collation: Option<String>) -> Column {
    let canonical = types::canonical_text(&row.ty);
    let mut column = Column::new(row.name.as_str(), Type::Text);
    column.default = row
        .default
        .as_deref()
        .and_then(|it| default(dialect, it, &canonical, &row.extra))
        .map(Spelled::from);
    column.ty = ty(&row, canonical);
    column.nullable = row.nullable;
    column.collation = collation;
    column.comment = Some(row.comment).filter(|it| !it.is_empty());
    let extra = row.extra.to_ascii_lowercase();
    column.invisible = extra.contains("invisible");
    if extra.contains("auto_increment") {
        column.identity = Some(Identity::BY_DEFAULT);
    }
    if let Some((_, expr)) = extra.split_once("on update ") {
        let expr = expr.split(',').next().unwrap_or(expr);
        column.on_update = Some(Spelled::from(expr.trim()));
    }
    if !row.generated.is_empty() {
        column.default = None;
        column.generated = Some(Generated {
            expr: Spelled::from(echoed(dialect, &row.generated)),
            stored: extra.contains("stored") || extra.contains("persistent"),
        });
    }
    column
}

/// The type, with what of the column has no place of its own and would be lost if the type were said without it.
fn ty(row: &ColumnRow, canonical: String) -> Spelled<Type> {
    if let Some(srs) = row.srs {
        let text = format!("{} SRID {srs}", row.ty);
        let canonical = types::canonical_text(&text);
        return Spelled::canonical(Type::Custom(text), canonical);
    }
    if row.extra.contains("WITHOUT SYSTEM VERSIONING") {
        let text = format!("{} WITHOUT SYSTEM VERSIONING", row.ty);
        return Spelled::canonical(Type::Custom(text), canonical);
    }
    Spelled::canonical(types::parse(&row.ty), canonical)
}

/// An expression as a script would say it. MySQL's catalog escapes its quotes once more; a session with `ANSI_QUOTES` is told
/// names in double quotes, which mean strings to others.
fn echoed(dialect: &Mysql, expr: &str) -> String {
    let mut expr = expr.to_string();
    if !dialect.can.quoted_defaults {
        expr = expr.replace("\\'", "'");
    }
    if !dialect.session.quotes_are_strings {
        expr = text::in_backticks(&expr);
    }
    text::bare(&expr).to_string()
}

/// A default as SQL. MariaDB tells it as such; MySQL tells the value of a literal, and says beside it whether it is one
/// (<https://dev.mysql.com/doc/refman/8.4/en/information-schema-columns-table.html>).
fn default(dialect: &Mysql, told: &str, canonical: &str, extra: &str) -> Option<String> {
    if dialect.can.quoted_defaults {
        let kept = match text::is_literal(told) {
            true => told.to_string(),
            false => echoed(dialect, told),
        };
        return Some(kept).filter(|it| it != "NULL");
    }
    let is_clock = types::is_timestamp(canonical) && text::follows_clock(told);
    if extra.contains("DEFAULT_GENERATED") || is_clock {
        return Some(echoed(dialect, told));
    }
    let raw = types::is_number(canonical)
        || canonical.starts_with("bit")
        || (canonical.contains("binary") && told.starts_with("0x"));
    Some(match raw {
        true => told.to_string(),
        false => text::literal(told, dialect.session.backslash_escapes),
    })
}

/// Adds one key to its index; the first one brings the index.
fn add_key(dialect: &Mysql, table: &mut Table, row: KeyRow, parser: Option<String>) {
    if table.indexes.last().is_none_or(|it| it.name != *row.index) {
        let none: [IndexPart; 0] = [];
        let mut index = Index::new(row.index.as_str(), none);
        index.unique = row.unique;
        index.class = match row.kind.as_str() {
            "FULLTEXT" => Some(IndexClass::FullText),
            "SPATIAL" => Some(IndexClass::Spatial),
            _ => None,
        };
        index.comment = Some(row.comment.clone()).filter(|it| !it.is_empty());
        index.invisible = row.invisible;
        index.parser = parser;
        table.indexes.push(index);
    }
    let Some(index) = table.indexes.last_mut() else {
        return;
    };
    let key = match (row.column, row.expr) {
        (Some(column), _) => IndexKey::Column(column.into()),
        (None, expr) => {
            let expr = echoed(dialect, &expr.unwrap_or_default());
            IndexKey::Expr(Spelled::from(expr))
        }
    };
    let mut part = IndexPart::new(key);
    part.descending = row.descending;
    // A spatial index tells the length of the box around a value.
    let length = row.length.filter(|_| index.class.is_none());
    part.length = length.and_then(|it| u32::try_from(it).ok());
    index.parts.push(part);
    if row.index == "PRIMARY" {
        let columns = index.parts.iter().filter_map(IndexPart::as_column).cloned();
        let key = PrimaryKey::new(columns.collect::<Vec<_>>());
        table
            .constraints
            .retain(|it| !matches!(it, Constraint::PrimaryKey(_)));
        table.constraints.push(key.into());
    }
}

fn add_foreign_keys(tables: &mut BTreeMap<Place, (Table, String)>, rows: &mut Rows) {
    let none: [Ident; 0] = [];
    let mut keys: BTreeMap<(Place, String), ForeignKey> = BTreeMap::new();
    rows.references.sort_by_key(|it| it.position);
    for row in rows.references.drain(..) {
        let key = keys
            .entry((row.place, row.name.clone()))
            .or_insert_with(|| {
                let references = qualified(row.references);
                ForeignKey::new(none.clone(), references, none.clone()).named(row.name)
            });
        key.columns.push(row.column.into());
        key.referred.push(row.referred.into());
    }
    for row in rows.rules.drain(..) {
        if let Some(key) = keys.get_mut(&(row.place, row.name)) {
            key.on_delete = action(&row.on_delete);
            key.on_update = action(&row.on_update);
        }
    }
    for ((place, _), key) in keys {
        if let Some((table, _)) = tables.get_mut(&place) {
            table.constraints.push(key.into());
        }
    }
}

fn action(rule: &str) -> Action {
    match rule {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// A check of a column has no name. The one that makes a text JSON is the type's.
fn add_check(dialect: &Mysql, table: &mut Table, row: CheckRow) {
    let clause = echoed(dialect, &row.clause);
    let mut check = Check::new(clause.as_str());
    check.not_enforced = row.not_enforced;
    if !row.of_column {
        check.name = Some(row.name.into());
        table.constraints.push(check.into());
        return;
    }
    let is_json = text::canonical(&clause)
        == text::canonical(&format!("json_valid(`{}`)", row.name.replace('`', "``")));
    if let Some(column) = table.find_column_mut(&row.name)
        && dialect.can.json_is_text
        && is_json
        && column.ty.canonical.as_deref() == Some("longtext")
    {
        column.ty = Spelled::canonical(Type::Json, "json");
        column.collation = None;
        return;
    }
    table.source.column_checks.insert(row.name.into(), clause);
    table.constraints.push(check.into());
}

/// Takes the primary key's index, and those that came with foreign keys, from what is told as indexes.
fn hide_own_indexes(table: &mut Table) {
    let keys: Vec<ForeignKey> = table.foreign_keys().cloned().collect();
    let (mut kept, mut own) = (Vec::new(), BTreeMap::new());
    for index in std::mem::take(&mut table.indexes) {
        let columns: Vec<&Ident> = index
            .parts
            .iter()
            .filter_map(IndexPart::as_column)
            .collect();
        let of_key = keys.iter().any(|key| {
            key.name.as_ref() == Some(&index.name)
                && columns == key.columns.iter().collect::<Vec<_>>()
        });
        if index.name == "PRIMARY" {
            continue;
        }
        match of_key && !index.unique && !index.invisible && index.comment.is_none() {
            true => {
                own.insert(index.name.clone(), String::new());
            }
            false => kept.push(index),
        }
    }
    table.indexes = kept;
    table.source.indexes = own;
}

#[cfg(test)]
mod tests;
