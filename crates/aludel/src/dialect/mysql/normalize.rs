//! The one form in which schemas of MySQL and MariaDB are compared. Pure: no database is asked.
//!
//! What the database reads without holding to it goes: the method of an index, `RESTRICT` beside `NO ACTION`.

use super::{Mysql, canonical_objects, drop, parts, text, types};
use crate::schema::{
    Action, Column, Constraint, Expr, Ident, Index, IndexKey, QualifiedName, Schema, Spelled,
    Table, Type, Unique,
};
use std::collections::BTreeMap;

/// Brings a schema into normal form. A leaf that has a canonical spelling already keeps it.
pub(super) fn normalize(dialect: &Mysql, schema: &mut Schema) {
    if let Some(database) = &dialect.session.database {
        leave_out(database, schema);
        canonical_objects::leave_out(database, &mut schema.objects);
    }
    let keys: BTreeMap<QualifiedName, Vec<Ident>> = schema
        .tables
        .values()
        .filter_map(|it| Some((it.name.clone(), it.find_primary_key()?.columns.clone())))
        .collect();
    for table in schema.tables.values_mut() {
        for ty in table
            .columns
            .iter()
            .filter_map(|it| it.ty.written.as_enum())
        {
            let known = schema.enums.entry(ty.name.clone());
            known.or_insert_with(|| ty.clone());
        }
        normalize_table(dialect, table, &keys);
    }
}

/// The connection's own database is not named.
fn leave_out(database: &str, schema: &mut Schema) {
    let shorten = |name: &mut QualifiedName| {
        name.schema = name.schema.take().filter(|it| *it != *database);
    };
    for mut table in std::mem::take(&mut schema.tables).into_values() {
        shorten(&mut table.name);
        for constraint in &mut table.constraints {
            if let Constraint::ForeignKey(key) = constraint {
                shorten(&mut key.references);
            }
        }
        schema.add_table(table);
    }
}

fn normalize_table(dialect: &Mysql, table: &mut Table, keys: &BTreeMap<QualifiedName, Vec<Ident>>) {
    table.comment = table.comment.take().and_then(comment);
    let options = &mut table.options;
    let usual = &dialect.session.engine;
    options.engine = options
        .engine
        .take()
        .filter(|it| !it.eq_ignore_ascii_case(usual));
    options.collation = options.collation.take().map(|it| it.to_ascii_lowercase());
    options.others = std::mem::take(&mut options.others)
        .into_iter()
        .filter_map(|(name, value)| option(&name, &value))
        .collect();
    // What other databases have, and these do not, is no difference.
    options.strict = false;
    options.without_rowid = false;
    options.autoincrement = false;
    options.unlogged = false;
    if let Some(by) = options
        .partition_by
        .as_mut()
        .filter(|it| it.canonical.is_none())
    {
        by.canonical = Some(parts::canonical(&by.written));
    }
    options.method = None;
    options.on_commit = None;
    options.parameters.clear();
    if !dialect.can.tablespaces {
        options.tablespace = None;
    }
    let primary = table.find_primary_key().map(|it| it.columns.clone());
    for column in &mut table.columns {
        let in_key = primary.as_ref().is_some_and(|it| it.contains(&column.name));
        column.nullable &= !in_key;
        normalize_column(dialect, column, &table.name);
    }
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::ForeignKey(key) => {
                for action in [&mut key.on_delete, &mut key.on_update] {
                    if *action == Action::Restrict {
                        *action = Action::NoAction;
                    }
                }
                key.match_full &= key.columns.len() > 1;
                if let Some(columns) = keys
                    .get(&key.references)
                    .filter(|_| key.referred.is_empty())
                {
                    key.referred = columns.clone();
                }
            }
            Constraint::Check(check) => {
                spell(&mut check.expr, &table.name);
                check.not_valid = false;
                check.no_inherit = false;
            }
            // It is always called PRIMARY; revisions call it by the name that the naming convention gives it.
            Constraint::PrimaryKey(key) if key.name.is_some() => {
                key.name = Some(drop::key_name(&table.name));
            }
            _ => {}
        }
    }
    let name = &table.name;
    let columns = &table.columns;
    let indexes = table.indexes.iter_mut();
    indexes.for_each(|it| normalize_index(it, columns, name));
}

/// An option as the catalog tells it: its name and a word in capital letters, text in quotes. None for the one that says what
/// nobody needs to say.
fn option(name: &str, value: &str) -> Option<(String, String)> {
    let name = name.trim().to_ascii_uppercase();
    let value = value.trim();
    let value = match text::value(value) {
        // MariaDB tells the numbers of an engine's own options as texts.
        Some(text) if !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit()) => text,
        Some(text) => text::literal(&text, true),
        None => value.to_ascii_uppercase(),
    };
    // Aria tells what it does by itself, and leaves it to the table when that has another engine.
    let is_own = matches!(name.as_str(), "TRANSACTIONAL" | "PAGE_CHECKSUM") && value == "1";
    let is_default = is_own || matches!(value.as_str(), "DEFAULT" | "''" | "");
    (!is_default).then_some((name, value))
}

/// Forgets what a model can say and the database cannot tell: an enum type is a list of values, and a unique index that is
/// nothing more is a unique constraint. A schema that operations are applied to keeps both, so that these find by its name what
/// others have made.
pub(super) fn forget(schema: &mut Schema) {
    schema.enums.clear();
    for table in schema.tables.values_mut() {
        for index in std::mem::take(&mut table.indexes) {
            match plain_unique(&index) {
                Some(unique) => table.constraints.push(unique.into()),
                None => table.indexes.push(index),
            }
        }
    }
}

fn normalize_column(dialect: &Mysql, column: &mut Column, table: &QualifiedName) {
    if column.ty.canonical.is_none() {
        column.ty.canonical = Some(types::canonical(dialect, &column.ty.written));
    }
    let ty = column.ty.clone();
    column.default = column.default.take().filter(|it| !is_null(it));
    if let Some(it) = &mut column.default
        && it.canonical.is_none()
    {
        it.canonical = Some(default(&ty, &it.written));
    }
    if let Some(it) = &mut column.on_update
        && it.canonical.is_none()
    {
        let expr = types::with_digits(&it.written, &ty.written);
        it.canonical = Some(text::canonical(&expr));
    }
    if let Some(generated) = &mut column.generated {
        spell(&mut generated.expr, table);
    }
    column.nullable &= column.identity.is_none();
    if let Some(identity) = &mut column.identity {
        identity.start = identity.start.filter(|it| *it != 1);
        identity.increment = identity.increment.filter(|it| *it != 1);
    }
    column.collation = column.collation.take().map(|it| it.to_ascii_lowercase());
    if column.collation.is_some() {
        column.charset = None;
    }
    column.comment = column.comment.take().and_then(comment);
    column.not_null_on_conflict = None;
}

fn is_null(default: &Spelled<Expr>) -> bool {
    text::bare(default.written.as_str()).eq_ignore_ascii_case("null")
}

/// The canonical spelling of a default of a column of this type.
pub(super) fn default(ty: &Spelled<Type>, written: &Expr) -> String {
    let canonical = ty.canonical.clone().unwrap_or_default();
    let spelled = types::with_digits(written, &ty.written);
    let spelled = text::bare(&spelled);
    if !text::is_literal(spelled) {
        return text::canonical(spelled);
    }
    if types::is_binary(&canonical)
        && let Some(hex) = text::hex(spelled)
    {
        // Bytes of a fixed number are filled up with zeros.
        let hex = match canonical.starts_with("binary") {
            true => hex.trim_end_matches("00"),
            false => &hex,
        };
        return format!("x'{hex}'");
    }
    let lower = spelled.to_ascii_lowercase();
    let plain = match lower.as_str() {
        "true" => "1".to_string(),
        "false" => "0".to_string(),
        _ => text::value(without_introducer(spelled))
            .unwrap_or_else(|| spelled.replace([' ', '+'], "")),
    };
    if types::is_number(&canonical) {
        return number(&canonical, &plain);
    }
    let is_string = spelled.contains(['\'', '"']);
    if is_string && text::value(without_introducer(spelled)).is_none() {
        return text::canonical(spelled);
    }
    match ["time", "date"].iter().any(|it| canonical.starts_with(it)) {
        true => format!("'{}'", without_zeros(&plain)),
        false => text::literal(&plain, true),
    }
}

/// `_utf8mb4'a'` is `'a'`.
fn without_introducer(literal: &str) -> &str {
    match literal.starts_with('_') {
        true => literal.find('\'').map_or(literal, |at| &literal[at..]),
        false => literal,
    }
}

/// A number as a column of the type holds it.
fn number(canonical: &str, text: &str) -> String {
    let scale = canonical
        .strip_prefix("decimal(")
        .and_then(|it| it.split(&[',', ')'][..]).nth(1));
    if let Some(scale) = scale.and_then(|it| it.trim().parse::<usize>().ok()) {
        return padded(text, scale);
    }
    if canonical.starts_with("float") || canonical.starts_with("double") {
        return text
            .parse::<f64>()
            .map_or_else(|_| text.to_string(), |it| it.to_string());
    }
    text.to_string()
}

fn padded(text: &str, scale: usize) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |it: &str| it.bytes().all(|b| b.is_ascii_digit());
    if fraction.len() > scale || !plain(fraction) || !plain(whole.trim_start_matches('-')) {
        return text.to_string();
    }
    match scale {
        0 => whole.to_string(),
        _ => format!("{whole}.{fraction:0<scale$}"),
    }
}

/// A time without the zeros that fill its fraction.
fn without_zeros(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

fn spell(leaf: &mut Spelled<Expr>, table: &QualifiedName) {
    if leaf.canonical.is_none() {
        leaf.canonical = Some(expression(leaf.written.as_str(), table));
    }
}

/// The canonical spelling of an expression of a table.
pub(super) fn expression(sql: &str, table: &QualifiedName) -> String {
    text::canonical(&text::unqualified(sql, table))
}

/// A comment as the database keeps it: in `utf8mb3`, with a question mark for each character that takes four bytes
/// (<https://mariadb.com/kb/en/unicode/>).
fn comment(text: String) -> Option<String> {
    let kept = |c: char| if c > '\u{ffff}' { '?' } else { c };
    Some(text.chars().map(kept).collect()).filter(|it: &String| !it.is_empty())
}

fn normalize_index(index: &mut Index, columns: &[Column], table: &QualifiedName) {
    let held = |it: &String| !["btree", "hash"].contains(&it.to_ascii_lowercase().as_str());
    index.method = index.method.take().filter(held);
    index.comment = index.comment.take().and_then(comment);
    for part in &mut index.parts {
        if let IndexKey::Expr(expr) = &mut part.key {
            spell(expr, table);
        }
        let column = columns.iter().find(|it| part.as_column() == Some(&it.name));
        let whole = column.and_then(|it| types::length(it.ty.canonical.as_deref()?));
        // The start of a value that is as long as any value is all of it.
        part.length = part
            .length
            .filter(|it| whole.is_none_or(|whole| *it < whole));
    }
}

/// The unique constraint that a unique index is, if it says nothing more.
fn plain_unique(index: &Index) -> Option<Unique> {
    let columns: Option<Vec<Ident>> = index
        .parts
        .iter()
        .map(|it| it.as_column().cloned())
        .collect();
    let unique = Unique::new(columns?).named(index.name.clone());
    let like = Index::new(unique.name.clone()?, unique.columns.clone()).unique();
    (*index == like).then_some(unique)
}
