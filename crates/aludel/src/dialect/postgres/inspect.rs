//! Rows of the catalog → a schema. Nothing here touches a database.

use super::catalog::{ColumnRow, ConstraintRow, KeyRow, OptionsRow, Place, Rows};
use super::{expression, parts, types};
use crate::schema::{
    Action, Check, Column, Constraint, Deferrable, Enum, Exclude, ExcludeElement, Expr, ForeignKey,
    Generated, Ident, Identity, Index, IndexKey, IndexPart, Nulls, PartitionOf, PrimaryKey, Schema,
    Spelled, Table, TableOptions, Type, Unique,
};
use std::collections::BTreeMap;

/// The schema that the rows describe. Every leaf is in the database's own words, which are its canonical spelling too.
///
/// A `serial` column is an integer with the default `nextval('…'::regclass)`: that is all that the database keeps of it.
pub(super) fn build(rows: Rows) -> Schema {
    let mut schema = Schema::default();
    let mut enums = BTreeMap::new();
    for row in rows.enums {
        let ty = Enum::new(row.place.qualified(), row.values);
        enums.insert(row.id, ty.clone());
        schema.add_enum(ty);
    }
    let mut tables: BTreeMap<i64, Table> = BTreeMap::new();
    for row in rows.tables {
        let mut table = Table::new(row.place.qualified());
        table.comment = row.comment;
        table.options = options(row.options);
        tables.insert(row.id, table);
    }
    for row in rows.columns {
        if let Some(table) = tables.get_mut(&row.table) {
            table.columns.push(column(row, &enums));
        }
    }
    for row in rows.constraints {
        if let Some(table) = tables.get_mut(&row.table) {
            table.constraints.extend(constraint(row));
        }
    }
    for row in rows.keys {
        if let Some(table) = tables.get_mut(&row.table) {
            add_key(table, row);
        }
    }
    tables.into_values().for_each(|it| schema.add_table(it));
    schema
}

fn options(row: OptionsRow) -> TableOptions {
    let of = row.parents.first().zip(row.bound);
    let partition_of = of.map(|(parent, bound)| PartitionOf {
        parent: parent.qualified(),
        bound: parts::echoed(bound),
    });
    let inherits = match partition_of {
        Some(_) => Vec::new(),
        None => row.parents.iter().map(Place::qualified).collect(),
    };
    TableOptions {
        unlogged: row.unlogged,
        partition_by: row.partition_by.map(parts::echoed),
        partition_of,
        inherits,
        method: row.method,
        parameters: pairs(&row.parameters),
        tablespace: row.tablespace.map(Ident::from),
        ..TableOptions::default()
    }
}

/// Parameters, each as `name=value`.
fn pairs(told: &[String]) -> BTreeMap<String, String> {
    let pairs = told.iter().filter_map(|it| it.split_once('='));
    pairs
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}

fn column(row: ColumnRow, enums: &BTreeMap<i64, Enum>) -> Column {
    let enumeration = row.enumeration.and_then(|id| enums.get(&id));
    let mut column = Column::new(row.name, Type::Text);
    column.ty = match enumeration {
        Some(ty) if row.is_array => spelled_type(Type::Enum(ty.clone()).array()),
        Some(ty) => spelled_type(Type::Enum(ty.clone())),
        None => echoed_type(&row.ty),
    };
    column.nullable = !row.not_null;
    column.collation = row.collation;
    column.comment = row.comment;
    if let Some(expr) = row.expr {
        if row.generated.is_empty() {
            let kept = expression::default(&expr, &row.ty);
            let canonical = expression::canonical(&kept);
            column.default = Some(Spelled::canonical(kept.into(), canonical));
        } else {
            column.generated = Some(Generated {
                expr: echoed(&expr),
                stored: row.generated == "s",
            });
        }
    }
    if !row.identity.is_empty() {
        column.identity = Some(Identity {
            always: row.identity == "a",
            start: row.start,
            increment: row.increment,
            min: row.min,
            max: row.max,
            cycle: row.cycle.unwrap_or(false),
            cache: row.cache,
        });
    }
    column
}

fn spelled_type(ty: Type) -> Spelled<Type> {
    let canonical = types::canonical(&ty);
    Spelled::canonical(ty, canonical)
}

pub(super) fn echoed_type(echo: &str) -> Spelled<Type> {
    let canonical = types::canonical_text(echo);
    let written = match types::parse(&canonical) {
        Type::Custom(_) => Type::Custom(echo.to_string()),
        known => known,
    };
    Spelled::canonical(written, canonical)
}

pub(super) fn echoed(echo: &str) -> Spelled<Expr> {
    let text = expression::without_outer_parens(echo);
    Spelled::canonical(text.into(), expression::canonical(text))
}

fn idents(names: Vec<String>) -> Vec<Ident> {
    names.into_iter().map(Ident::from).collect()
}

pub(super) fn deferrable(deferrable: bool, deferred: bool) -> Deferrable {
    match (deferrable, deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::Immediate,
        (true, true) => Deferrable::Deferred,
    }
}

fn constraint(row: ConstraintRow) -> Option<Constraint> {
    let name = Some(Ident::from(row.name));
    let deferrable = deferrable(row.deferrable, row.deferred);
    match (row.kind.as_str(), row.references, row.expr) {
        ("p", _, _) => {
            let mut key = PrimaryKey::new(idents(row.columns));
            key.name = name;
            key.deferrable = deferrable;
            key.include = idents(row.include);
            Some(key.into())
        }
        ("u", _, _) => {
            let mut unique = Unique::new(idents(row.columns)).deferrable(deferrable);
            unique.name = name;
            unique.nulls_not_distinct = row.nulls_not_distinct;
            unique.include = idents(row.include);
            Some(unique.into())
        }
        ("f", Some(references), _) => {
            let referred = idents(row.referred);
            let mut key = ForeignKey::new(idents(row.columns), references.qualified(), referred);
            key.name = name;
            key.on_delete = action(&row.on_delete);
            key.on_update = action(&row.on_update);
            key.deferrable = deferrable;
            key.match_full = row.match_full;
            key.not_valid = !row.validated;
            Some(key.into())
        }
        ("c", _, Some(expr)) => {
            let mut check = Check::new(expr.as_str());
            check.name = name;
            check.expr = echoed(&expr);
            // What is not held to was never looked at.
            check.not_valid = !row.validated && !row.not_enforced;
            check.no_inherit = row.no_inherit;
            check.not_enforced = row.not_enforced;
            Some(check.into())
        }
        _ => None,
    }
}

/// By the letters of <https://www.postgresql.org/docs/current/catalog-pg-constraint.html>.
fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// Adds one key to its index; the first one brings the index.
fn add_key(table: &mut Table, row: KeyRow) {
    if row.operator.is_some() {
        return add_element(table, row);
    }
    let same = table.indexes.last().is_some_and(|it| it.name == *row.index);
    if !same {
        let none: [IndexPart; 0] = [];
        let mut index = Index::new(row.index.as_str(), none);
        index.unique = row.unique;
        index.method = Some(row.method.clone()).filter(|it| it != "btree");
        index.predicate = row.predicate.as_deref().map(echoed);
        index.nulls_not_distinct = row.nulls_not_distinct;
        index.comment = row.comment.clone();
        index.tablespace = row.tablespace.clone().map(Ident::from);
        index.parameters = pairs(&row.parameters);
        if !row.valid {
            table.source.invalid_indexes.push(index.name.clone());
        }
        table.indexes.push(index);
    }
    let Some(index) = table.indexes.last_mut() else {
        return;
    };
    if row.included {
        index.include.extend(row.column.map(Ident::from));
        return;
    }
    index.parts.push(part(row));
}

/// A key of an exclusion constraint, whose name is that of its index.
fn add_element(table: &mut Table, row: KeyRow) {
    let same = |it: &Constraint| it.name().is_some_and(|name| *name == *row.index);
    if !table.constraints.last().is_some_and(same) {
        let none: [(IndexPart, &str); 0] = [];
        let mut exclude = Exclude::new(none).deferrable(deferrable(row.deferrable, row.deferred));
        exclude.name = Some(row.index.as_str().into());
        exclude.method = Some(row.method.clone()).filter(|it| it != "btree");
        exclude.predicate = row.predicate.as_deref().map(echoed);
        table.constraints.push(exclude.into());
    }
    if let Some(Constraint::Exclude(exclude)) = table.constraints.last_mut() {
        exclude.elements.push(ExcludeElement {
            operator: row.operator.clone().unwrap_or_default(),
            part: part(row),
        });
    }
}

fn part(row: KeyRow) -> IndexPart {
    let key = match (row.column, row.expr) {
        (Some(column), _) => IndexKey::Column(column.into()),
        (None, expr) => IndexKey::Expr(echoed(&expr.unwrap_or_default())),
    };
    let mut part = IndexPart::new(key);
    part.descending = row.descending;
    part.nulls = match (row.descending, row.nulls_first) {
        (false, true) => Some(Nulls::First),
        (true, false) => Some(Nulls::Last),
        _ => None,
    };
    part.collation = row.collation;
    part.opclass = row.opclass;
    part
}
