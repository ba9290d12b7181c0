//! Two schemas → the operations that turn one into the other on a certain database: what the diff says, as this database wants it
//! said.

use super::Dialect;
use crate::diff::{Ways, diff_by};
use crate::ops::{AlterColumn, Operation, RenameTable};
use crate::schema::{Ident, QualifiedName, Schema, Table};
use std::collections::BTreeSet;

/// What turns `from` into `to` on this database; both come in normal form.
///
/// Where the case of letters tells no two names apart, a table or column that is written otherwise than before is the same one
/// under another name, and keeps its rows.
pub fn difference(dialect: &dyn Dialect, from: &Schema, to: &Schema) -> Vec<Operation> {
    let mut from = from.clone();
    let mut out = Vec::new();
    if dialect.features().table_names_fold {
        for (table, name) in respelled_tables(&from, to) {
            let between = free_name(&from, to, &table);
            let there = table.renamed(between.clone());
            apply(rename_table(table, between), &mut from, &mut out);
            apply(rename_table(there, name), &mut from, &mut out);
        }
    }
    if dialect.features().column_names_fold {
        for (table, column, name) in respelled_columns(&from, to) {
            let mut rename = AlterColumn::new(table, column);
            rename.rename = Some(name);
            apply(rename.into(), &mut from, &mut out);
        }
    }
    let ways = Ways {
        renaming: dialect.features().renaming,
        follows: &|from, to| dialect.key_follows(from, to),
        keeps_computed: &|it| dialect.keeps_computed(it),
        numbers_need_key: dialect.features().numbers_need_key,
        empty_tables: dialect.features().empty_tables,
        enum_types: dialect.features().enum_types,
    };
    let operations = diff_by(&from, to, &ways);
    let operations = dialect.refine(&from, to, operations);
    out.extend(operations);
    out
}

/// An operation that does not fit is left out: its names went and came then, as different names do.
fn apply(operation: Operation, schema: &mut Schema, out: &mut Vec<Operation>) {
    let mut changed = schema.clone();
    if operation.apply(&mut changed).is_ok() {
        *schema = changed;
        out.push(operation);
    }
}

fn rename_table(table: QualifiedName, to: Ident) -> Operation {
    RenameTable { table, to }.into()
}

/// A database takes a name for its own even if only the case of its letters changes: such a table is renamed by way of this one.
fn free_name(from: &Schema, to: &Schema, table: &QualifiedName) -> Ident {
    let taken = |name: &str| {
        let tables = from.tables.keys().chain(to.tables.keys());
        tables
            .chain(from.objects.views.keys())
            .any(|it| it.name.eq_ignore_ascii_case(name))
    };
    let mut name = format!("{}_", table.name);
    while taken(&name) {
        name.push('_');
    }
    name.into()
}

fn respelled_tables(from: &Schema, to: &Schema) -> Vec<(QualifiedName, Ident)> {
    let gone = from.tables.keys().filter(|it| !to.tables.contains_key(*it));
    let come = |gone: &QualifiedName| {
        let mut come = to.tables.keys().filter(|it| !from.tables.contains_key(*it));
        come.find(|it| it.schema == gone.schema && it.name.eq_ignore_ascii_case(&gone.name))
    };
    gone.filter_map(|it| Some((it.clone(), come(it)?.name.clone())))
        .collect()
}

fn respelled_columns(from: &Schema, to: &Schema) -> Vec<(QualifiedName, Ident, Ident)> {
    let mut respelled = Vec::new();
    for after in to.tables.values() {
        let Some(before) = from.tables.get(&after.name) else {
            continue;
        };
        let mut taken: BTreeSet<&Ident> = BTreeSet::new();
        for column in lacking(before, after) {
            let mut come = lacking(after, before);
            let other = come.find(|it| it.eq_ignore_ascii_case(column) && !taken.contains(it));
            if let Some(other) = other {
                taken.insert(other);
                respelled.push((after.name.clone(), column.clone(), other.clone()));
            }
        }
    }
    respelled
}

/// The columns of one table that the other lacks.
fn lacking<'t>(of: &'t Table, other: &Table) -> impl Iterator<Item = &'t Ident> {
    let columns = of.columns.iter().map(|it| &it.name);
    columns.filter(|it| !other.has_column(it))
}
