//! The one form in which schemas of SQLite are compared. Pure: no database is asked.
//!
//! What SQLite cannot hold goes where its absence changes no meaning: comments, the moment at which a unique constraint is
//! checked, the method `btree`, included columns, the place of NULLs in an index. A primary key of one integer column is always
//! an identity, and nothing else is one; a revision that asks for another is refused when it is spelled. What else would change
//! the meaning stays, and is refused there too.

use super::text::{Cursor, canonical, canonical_default, same_name, split_commas, unqualified};
use super::types;
use crate::schema::{
    Check, Column, Constraint, Deferrable, Enum, Expr, Ident, Identity, Index, IndexKey,
    OnConflict, QualifiedName, Schema, Spelled, Table, TableOptions, Type,
};
use std::collections::BTreeMap;

/// Brings a schema into normal form.
pub(super) fn normalize(schema: &mut Schema) {
    let mut enums: BTreeMap<QualifiedName, Enum> = BTreeMap::new();
    for table in schema.tables.values_mut() {
        declared_enums(table, &mut enums);
    }
    for table in schema.tables.values_mut() {
        fold_enum_checks(table, |ty| {
            let known = enums.entry(ty.name.clone()).or_insert_with(|| ty.clone());
            known.values == ty.values
        });
        normalize_table(table);
    }
    // An enum type that no column has is nowhere in the database.
    schema.enums = enums;
    resolve_references(schema);
}

/// Enum types of columns live where their table lives.
fn declared_enums(table: &mut Table, enums: &mut BTreeMap<QualifiedName, Enum>) {
    let schema = table.name.schema.clone();
    for column in &mut table.columns {
        if let Type::Enum(ty) = &mut column.ty.written {
            ty.name.schema = schema.clone();
            enums.entry(ty.name.clone()).or_insert_with(|| ty.clone());
        }
    }
}

/// Folds all checks of one enum type, whatever values they list. A revision that creates a table with the values that a type is
/// to have, and then alters the type, meets both lists.
pub(super) fn fold_all_of(schema: &mut Schema, name: &str) {
    for table in schema.tables.values_mut() {
        let enums = &mut schema.enums;
        fold_enum_checks(table, |ty| {
            let meant = ty.name.name == *name;
            if meant {
                enums.entry(ty.name.clone()).or_insert_with(|| ty.clone());
            }
            meant
        });
    }
}

/// Takes the checks that stand for enum types back into the types of their columns, as far as they are `wanted`. A second list
/// of values under the same name otherwise stays a check: it is another type, which only looks like the first.
fn fold_enum_checks(table: &mut Table, mut wanted: impl FnMut(&Enum) -> bool) {
    let schema = table.name.schema.clone();
    let strict = table.options.strict;
    let columns = &mut table.columns;
    table.constraints.retain(|constraint| {
        let Constraint::Check(check) = constraint else {
            return true;
        };
        let Some((name, ty)) = enum_of_check(check) else {
            return true;
        };
        let ty = Enum {
            name: QualifiedName {
                schema: schema.clone(),
                ..ty.name
            },
            ..ty
        };
        let Some(column) = columns.iter_mut().find(|it| same_name(&it.name, &name)) else {
            return true;
        };
        let is_text = match strict {
            true => column.ty.written == Type::Text,
            false => column.ty.written == Type::String,
        };
        if !is_text || !wanted(&ty) {
            return true;
        }
        let ty = Type::Enum(ty);
        let seen = column.ty.canonical.is_some();
        let canonical = seen.then(|| types::canonical(&ty, strict));
        column.ty = Spelled {
            written: ty,
            canonical,
        };
        false
    });
}

/// The column and the type that a check stands for, if it is one of those that [`super::ddl::enum_check`] makes.
pub(super) fn enum_of_check(check: &Check) -> Option<(String, Enum)> {
    let name = check.name.as_ref()?.strip_prefix("enum_")?;
    let mut cursor = Cursor::new(check.expr.written.as_str()).ok()?;
    let column = cursor.name().ok()?;
    cursor.need("IN").ok()?;
    let list = cursor.group().ok()?;
    if !cursor.is_done() || name.is_empty() {
        return None;
    }
    let mut values = Vec::new();
    for label in split_commas(list).ok()? {
        let label = label.trim();
        if label.is_empty() && values.is_empty() {
            break;
        }
        let tokens = super::text::significant(label).ok()?;
        if tokens.len() != 1 || !label.starts_with('\'') {
            return None;
        }
        values.push(super::text::unquote(label)?);
    }
    Some((column, Enum::new(name, values)))
}

fn normalize_table(table: &mut Table) {
    table.comment = None;
    table.options = TableOptions {
        strict: table.options.strict,
        without_rowid: table.options.without_rowid,
        autoincrement: table.options.autoincrement,
        temporary: table.options.temporary,
        ..TableOptions::default()
    };
    let names: Vec<Ident> = table.columns.iter().map(|it| it.name.clone()).collect();
    for constraint in &mut table.constraints {
        for column in constraint.columns_mut() {
            respell(column, &names);
        }
        normalize_constraint(constraint, &table.name.name);
    }
    normalize_columns(table);
    for index in &mut table.indexes {
        normalize_index(index, &table.columns, &table.name.name);
    }
}

/// SQLite finds a column whatever the case of its letters: the constraint says it as the column does.
fn respell(name: &mut Ident, names: &[Ident]) {
    if let Some(column) = names.iter().find(|it| same_name(it, name)) {
        *name = column.clone();
    }
}

fn normalize_columns(table: &mut Table) {
    let key: Vec<Ident> = match table.find_primary_key() {
        Some(key) => key.columns.clone(),
        None => Vec::new(),
    };
    let options = table.options.clone();
    for column in &mut table.columns {
        let in_key = key.contains(&column.name);
        let declared = column.ty.canonical.is_none();
        // The primary key of a model refuses NULL. SQLite's own, if it was not told so, takes it.
        if in_key && (declared || options.strict || options.without_rowid) {
            column.nullable = false;
        }
        let may_be_rowid = in_key && key.len() == 1 && !options.without_rowid;
        column.identity = None;
        if may_be_rowid && declared {
            named_key_type(column);
        }
        if may_be_rowid && column.ty.written.is_integer() {
            column.identity = Some(Identity::BY_DEFAULT);
            column.ty.canonical = Some("INTEGER".into());
            column.nullable = false;
        }
        normalize_column(column, options.strict, &table.name.name);
    }
}

/// The key of a model whose type is given by name: `INTEGER` is the rowid, and every other name of an integer is not.
fn named_key_type(column: &mut Column) {
    let Type::Custom(text) = &column.ty.written else {
        return;
    };
    let name = text.trim().to_ascii_uppercase();
    if name == "INTEGER" {
        column.ty = Spelled::new(Type::Integer);
    } else if types::parse(text).is_integer() {
        column.ty.canonical = Some(name);
    }
}

fn normalize_column(column: &mut Column, strict: bool, table: &str) {
    column.comment = None;
    column.charset = None;
    column.on_update = None;
    column.invisible = false;
    if column.ty.canonical.is_none() {
        column.ty.canonical = Some(types::canonical(&column.ty.written, strict));
    }
    if let Some(default) = &mut column.default {
        match canonical_default(default.written.as_str()) {
            Some(canonical) => default.canonical = Some(canonical),
            None => column.default = None,
        }
    }
    if let Some(generated) = &mut column.generated {
        spell(&mut generated.expr, table);
    }
    column.collation = column.collation.take().and_then(collation);
    column.not_null_on_conflict = column
        .not_null_on_conflict
        .filter(|it| *it != OnConflict::Abort && !column.nullable);
}

/// The three collations that SQLite has of itself are the same in any case; `BINARY` is what it does without one.
fn collation(name: String) -> Option<String> {
    match name.to_ascii_uppercase() {
        upper if upper == "BINARY" => None,
        upper if upper == "NOCASE" || upper == "RTRIM" => Some(upper),
        _ => Some(name),
    }
}

fn spell(expr: &mut Spelled<Expr>, table: &str) {
    if expr.canonical.is_none() {
        expr.canonical = Some(canonical(&unqualified(expr.written.as_str(), table)));
    }
}

fn normalize_constraint(constraint: &mut Constraint, table: &str) {
    let default = |it: Option<OnConflict>| it.filter(|it| *it != OnConflict::Abort);
    match constraint {
        Constraint::PrimaryKey(it) => {
            it.on_conflict = default(it.on_conflict);
            it.deferrable = Deferrable::No;
            it.include.clear();
        }
        Constraint::Unique(it) => {
            it.on_conflict = default(it.on_conflict);
            it.deferrable = Deferrable::No;
            it.include.clear();
        }
        Constraint::ForeignKey(it) => {
            it.match_full &= it.columns.len() > 1;
            it.not_valid = false;
        }
        Constraint::Check(it) => {
            spell(&mut it.expr, table);
            it.not_valid = false;
            it.no_inherit = false;
        }
        // It has none; a revision that asks for one is refused.
        Constraint::Exclude(_) => {}
    }
}

fn normalize_index(index: &mut Index, columns: &[Column], table: &str) {
    let names: Vec<Ident> = columns.iter().map(|it| it.name.clone()).collect();
    index.method = index
        .method
        .take()
        .filter(|it| !it.eq_ignore_ascii_case("btree"));
    index.include.clear();
    index.comment = None;
    index.parameters.clear();
    index.tablespace = None;
    index.invisible = false;
    for part in &mut index.parts {
        part.nulls = None;
        part.length = None;
        let said = part.collation.take();
        part.collation = said.map(|it| collation(it.clone()).unwrap_or_else(|| "BINARY".into()));
        match &mut part.key {
            IndexKey::Column(name) => {
                respell(name, &names);
                let own = columns.iter().find(|it| it.name == *name);
                let own = own
                    .and_then(|it| it.collation.as_deref())
                    .unwrap_or("BINARY");
                part.collation = part.collation.take().filter(|it| it != own);
            }
            IndexKey::Expr(expr) => spell(expr, table),
        }
    }
    if let Some(predicate) = &mut index.predicate {
        spell(predicate, table);
    }
}

/// Foreign keys name the table and its columns as these are spelled, and the columns even where the primary key was meant
/// without being named.
fn resolve_references(schema: &mut Schema) {
    // As it is found, whatever the case: the table's name, its columns, its primary key.
    let mut known = BTreeMap::new();
    for table in schema.tables.values() {
        let columns: Vec<Ident> = table.columns.iter().map(|it| it.name.clone()).collect();
        let key = table.find_primary_key().map(|it| it.columns.clone());
        let found = (table.name.clone(), columns, key.unwrap_or_default());
        known.insert(folded(&table.name), found);
    }
    for constraint in schema
        .tables
        .values_mut()
        .flat_map(|it| &mut it.constraints)
    {
        let Constraint::ForeignKey(key) = constraint else {
            continue;
        };
        if let Some((name, columns, primary)) = known.get(&folded(&key.references)) {
            key.references = name.clone();
            for column in &mut key.referred {
                respell(column, columns);
            }
            if key.referred.is_empty() {
                key.referred = primary.clone();
            }
        }
    }
}

fn folded(name: &QualifiedName) -> QualifiedName {
    name.renamed(name.name.to_ascii_lowercase())
}
