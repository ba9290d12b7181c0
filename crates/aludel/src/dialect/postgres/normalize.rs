//! The normal form: what the database cannot hold goes, what it holds by itself comes, every leaf has a canonical spelling.

use super::{expression, loose, parts, pieces, serial, types};
use crate::schema::{
    Column, Constraint, Expr, ForeignKey, Ident, Identity, Index, IndexKey, IndexPart, Nulls,
    QualifiedName, Schema, Spelled, Table, TableOptions,
};
use std::collections::BTreeMap;

/// Brings a schema into normal form. A leaf that has a canonical spelling already keeps it: the database has given it.
pub(super) fn normalize(schema: &mut Schema) {
    let keys: BTreeMap<QualifiedName, Vec<Ident>> = schema
        .tables
        .values()
        .filter_map(|it| Some((it.name.clone(), it.find_primary_key()?.columns.clone())))
        .collect();
    for table in schema.tables.values_mut() {
        normalize_table(table, &keys);
    }
}

fn normalize_table(table: &mut Table, keys: &BTreeMap<QualifiedName, Vec<Ident>>) {
    table.options = TableOptions {
        strict: false,
        without_rowid: false,
        autoincrement: false,
        engine: None,
        charset: None,
        collation: None,
        others: BTreeMap::new(),
        // It is kept nowhere.
        on_commit: None,
        parameters: parameters(std::mem::take(&mut table.options.parameters)),
        ..std::mem::take(&mut table.options)
    };
    parts::normalize(table);
    table.comment = table.comment.take().filter(|it| !it.is_empty());
    let name = table.name.clone();
    for column in &mut table.columns {
        normalize_column(&name, column);
    }
    let key = table.find_primary_key().map(|it| it.columns.clone());
    for column in key.unwrap_or_default() {
        if let Some(column) = table.find_column_mut(&column) {
            column.nullable = false;
        }
    }
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::PrimaryKey(key) => key.on_conflict = None,
            Constraint::Unique(unique) => unique.on_conflict = None,
            Constraint::ForeignKey(key) => complete(key, keys),
            Constraint::Check(check) => spell(&mut check.expr, loose::condition),
            Constraint::Exclude(exclude) => {
                exclude.method = exclude.method.take().and_then(method);
                let elements = exclude.elements.iter_mut();
                elements.for_each(|it| normalize_part(&mut it.part));
                if let Some(predicate) = &mut exclude.predicate {
                    spell(predicate, loose::condition);
                }
            }
        }
    }
    for index in &mut table.indexes {
        normalize_index(index);
    }
}

/// The values as the catalog has them: without quotes, words in small letters.
fn parameters(said: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let plain = |value: String| match value
        .strip_prefix('\'')
        .and_then(|it| it.strip_suffix('\''))
    {
        Some(inside) => inside.replace("''", "'"),
        None => value.to_lowercase(),
    };
    let pairs = said.into_iter();
    pairs.map(|(name, value)| (name, plain(value))).collect()
}

fn normalize_column(table: &QualifiedName, column: &mut Column) {
    if serial::is_serial(&column.ty.written) {
        spread_serial(table, column);
    }
    if column.ty.canonical.is_none() {
        column.ty.canonical = Some(types::canonical(&column.ty.written));
    }
    let ty = column.ty.canonical.clone().unwrap_or_default();
    column.default = column.default.take().filter(|it| !is_null(it));
    if let Some(default) = &mut column.default {
        spell(default, |it| loose::default(it, &ty));
    }
    if let Some(generated) = &mut column.generated {
        spell(&mut generated.expr, loose::condition);
    }
    if let Some(identity) = &mut column.identity {
        *identity = usual(identity, &ty);
        column.nullable = false;
    }
    column.collation = column.collation.take().filter(|it| it != "default");
    column.comment = column.comment.take().filter(|it| !it.is_empty());
    column.not_null_on_conflict = None;
    column.charset = None;
    column.on_update = None;
    column.invisible = false;
}

/// What `serial` stands for: NOT NULL, and the next number of a sequence named after table and column.
fn spread_serial(table: &QualifiedName, column: &mut Column) {
    column.nullable = false;
    if column.default.is_some() {
        return;
    }
    column.default = Some(serial::default(table, column).into());
}

/// Whether a default is none.
fn is_null(default: &Spelled<Expr>) -> bool {
    let pieces = pieces::read(default.written.as_str()).unwrap_or_default();
    let is = |at: usize, text: &str| pieces.get(at).is_some_and(|it| it.text == text);
    is(0, "null") && (pieces.len() == 1 || is(1, "::"))
}

/// What is so by itself is not said: numbers up from 1 or down from -1, to the last that the type holds, and a start beyond these
/// bounds as the bound.
fn usual(identity: &Identity, ty: &str) -> Identity {
    let (least, greatest) = match ty {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let increment = identity.increment.filter(|it| *it != 1);
    let (least, greatest, first) = match increment.is_some_and(|it| it < 0) {
        true => (least, -1, identity.max.unwrap_or(-1)),
        false => (1, greatest, identity.min.unwrap_or(1)),
    };
    let beyond = |it: &i64| *it < least || *it > greatest;
    let start = identity.start.filter(|it| *it != first || beyond(it));
    let bound = |said: Option<i64>, usual: i64| {
        said.filter(|it| *it != usual && !(start == said && beyond(it)))
    };
    Identity {
        always: identity.always,
        start,
        increment,
        min: bound(identity.min, least),
        max: bound(identity.max, greatest),
        cycle: identity.cycle,
        cache: identity.cache.filter(|it| *it != 1),
    }
}

/// Without columns, a foreign key refers to the primary key.
fn complete(key: &mut ForeignKey, keys: &BTreeMap<QualifiedName, Vec<Ident>>) {
    if key.referred.is_empty()
        && let Some(columns) = keys.get(&key.references)
    {
        key.referred = columns.clone();
    }
}

fn normalize_index(index: &mut Index) {
    index.method = index.method.take().and_then(method);
    index.comment = index.comment.take().filter(|it| !it.is_empty());
    index.invisible = false;
    index.parameters = parameters(std::mem::take(&mut index.parameters));
    index.parts.iter_mut().for_each(normalize_part);
    if let Some(predicate) = &mut index.predicate {
        spell(predicate, loose::condition);
    }
}

/// The access methods that PostgreSQL has of itself are the same in any case; `btree` is what it takes without one.
fn method(name: String) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "btree" => None,
        "hash" | "gin" | "gist" | "spgist" | "brin" => Some(lower),
        _ => Some(name),
    }
}

fn normalize_part(part: &mut IndexPart) {
    // NULLs count as greater than anything else.
    let usual = match part.descending {
        true => Nulls::First,
        false => Nulls::Last,
    };
    part.nulls = part.nulls.filter(|it| *it != usual);
    part.length = None;
    if let IndexKey::Expr(expr) = &mut part.key {
        spell(expr, loose::condition);
    }
}

fn spell(leaf: &mut Spelled<Expr>, spelling: impl Fn(&str) -> String) {
    if leaf.canonical.is_none() {
        let text = expression::without_outer_parens(leaf.written.as_str());
        leaf.canonical = Some(spelling(text));
    }
}
