//! What autogenerate found, in Alembic's words.

use crate::ops::{AlterColumn, Operation, drop_constraint::Dropped};
use crate::schema::{
    Column, Constraint, ForeignKey, Ident, Index, IndexKey, QualifiedName, Schema,
};

mod objects;
mod options;

/// A line for each thing that an operation changes; `live` tells how it was.
pub(crate) fn lines(operations: &[Operation], live: &Schema) -> Vec<String> {
    lines_of(&[(operations, live)])
}

/// The same for a list in parts, each with the schema from which its tables start; objects start from the first.
pub(super) fn lines_of(parts: &[(&[Operation], &Schema)]) -> Vec<String> {
    let Some((_, first)) = parts.first() else {
        return Vec::new();
    };
    let all = parts.iter().flat_map(|(operations, _)| operations.iter());
    let objects = objects::Objects::new(all, first);
    let lines = parts.iter().flat_map(|(operations, live)| {
        let lines = |it| objects.said(it).unwrap_or_else(|| said(it, live));
        operations.iter().flat_map(lines)
    });
    lines.collect()
}

fn said(operation: &Operation, live: &Schema) -> Vec<String> {
    let one = |line: String| vec![line];
    match operation {
        Operation::CreateTable(it) => {
            let indexes = it.table.indexes.iter();
            let indexes = indexes.map(|index| added_index(&it.table.name, index));
            std::iter::once(format!("added table '{}'", it.table.name))
                .chain(indexes)
                .collect()
        }
        Operation::DropTable(it) => {
            let table = format!("removed table '{}'", it.table);
            let parts = live.tables.values().filter(|part| {
                let of = part.options.partition_of.as_ref();
                of.is_some_and(|of| of.parent == it.table)
            });
            let parts: Vec<String> = parts.map(|it| format!("'{}'", it.name)).collect();
            one(match parts.is_empty() {
                true => table,
                false => format!("{table} with its partitions {}", parts.join(", ")),
            })
        }
        Operation::SetTableOptions(it) => options::lines(it, live),
        Operation::AttachPartition(it) => one(format!(
            "added partition '{}' of table '{}'",
            it.partition, it.table
        )),
        Operation::DetachPartition(it) => one(format!(
            "removed partition '{}' of table '{}'",
            it.partition, it.table
        )),
        Operation::RenameTable(it) => one(format!("renamed table '{}' to '{}'", it.table, it.to)),
        Operation::CommentTable(it) => one(format!("changed comment of table '{}'", it.table)),
        Operation::AddColumn(it) => one(format!("added column '{}.{}'", it.table, it.column.name)),
        Operation::DropColumn(it) => one(format!("removed column '{}.{}'", it.table, it.column)),
        Operation::AlterColumn(it) => altered(it, live),
        Operation::CreateIndex(it) => one(added_index(&it.table, &it.index)),
        Operation::DropIndex(it) => one(format!("removed index '{}' on '{}'", it.name, it.table)),
        Operation::CreatePrimaryKey(it) => one(added(&it.table, &it.key.clone().into())),
        Operation::CreateUniqueConstraint(it) => one(added(&it.table, &it.unique.clone().into())),
        Operation::CreateForeignKey(it) => one(added(&it.table, &it.key.clone().into())),
        Operation::CreateCheckConstraint(it) => one(added(&it.table, &it.check.clone().into())),
        Operation::DropConstraint(it) => {
            let constraint = match &it.constraint {
                Dropped::Unnamed(constraint) => Some(&**constraint),
                Dropped::Named(name) => live
                    .tables
                    .get(&it.table)
                    .and_then(|it| it.find_constraint(name)),
            };
            match constraint {
                Some(constraint) => one(format!("removed {}", described(&it.table, constraint))),
                None => one(it_said(operation)),
            }
        }
        Operation::RenameIndex(it) => one(format!(
            "renamed index '{}' on '{}' to '{}'",
            it.name, it.table, it.to
        )),
        Operation::RenameConstraint(it) => one(format!(
            "renamed constraint '{}' on '{}' to '{}'",
            it.name, it.table, it.to
        )),
        Operation::ValidateConstraint(it) => one(format!(
            "rows that constraint '{}' on '{}' has not looked at",
            it.name, it.table
        )),
        Operation::CreateEnum(it) => one(format!("added enum type '{}'", it.ty.name)),
        Operation::DropEnum(it) => one(format!("removed enum type '{}'", it.name)),
        Operation::AlterEnum(it) => one(format!(
            "changed values of enum type '{}': ({}) to ({})",
            it.from.name,
            it.from.values.join(", "),
            it.values.join(", ")
        )),
        other => one(it_said(other)),
    }
}

fn it_said(operation: &Operation) -> String {
    operation.summary()
}

fn added(table: &QualifiedName, constraint: &Constraint) -> String {
    format!("added {}", described(table, constraint))
}

fn described(table: &QualifiedName, constraint: &Constraint) -> String {
    match constraint {
        Constraint::PrimaryKey(it) => format!("primary key on '{table}({})'", list(&it.columns)),
        Constraint::Unique(it) => {
            format!("unique constraint on '{table}({})'", list(&it.columns))
        }
        Constraint::ForeignKey(it) => foreign_key(table, it),
        Constraint::Check(it) => match &it.name {
            Some(name) => format!("check constraint '{name}' on '{table}'"),
            None => format!("check constraint on '{table}': {}", it.expr.written),
        },
        Constraint::Exclude(it) => match &it.name {
            Some(name) => format!("exclusion constraint '{name}' on '{table}'"),
            None => format!("exclusion constraint on '{table}'"),
        },
    }
}

fn foreign_key(table: &QualifiedName, key: &ForeignKey) -> String {
    format!(
        "foreign key from '{table}({})' to '{}({})'",
        list(&key.columns),
        key.references,
        list(&key.referred)
    )
}

fn added_index(table: &QualifiedName, index: &Index) -> String {
    let keys: Vec<&str> = index
        .parts
        .iter()
        .map(|part| match &part.key {
            IndexKey::Column(name) => name.as_str(),
            IndexKey::Expr(expr) => expr.written.as_str(),
        })
        .collect();
    let unique = if index.unique { "unique " } else { "" };
    format!(
        "added {unique}index '{}' on '{table}({})'",
        index.name,
        keys.join(", ")
    )
}

fn list(columns: &[Ident]) -> String {
    let columns: Vec<&str> = columns.iter().map(Ident::as_str).collect();
    columns.join(", ")
}

fn altered(alter: &AlterColumn, live: &Schema) -> Vec<String> {
    let table = live.tables.get(&alter.table);
    let before = table.and_then(|it| it.find_column(&alter.column));
    let column = format!("'{}.{}'", alter.table, alter.column);
    let mut lines = Vec::new();
    if let Some(ty) = &alter.ty {
        let from = before.map_or_else(String::new, |it| format!(" from {}", type_name(it)));
        let to = crate::ops::code::ty(ty);
        let to = to.trim_start_matches("Type::");
        lines.push(format!("type change{from} to {to} on {column}"));
    }
    match alter.nullable {
        Some(true) => lines.push(format!("NULL on column {column}")),
        Some(false) => lines.push(format!("NOT NULL on column {column}")),
        None => {}
    }
    if alter.drop_expression {
        lines.push(format!("computation on column {column}"));
    }
    if alter.default.is_some() {
        lines.push(format!("server default on column {column}"));
    }
    if alter.identity.is_some() {
        lines.push(format!("identity on column {column}"));
    }
    for (changes, what) in [
        (alter.charset.is_some(), "character set"),
        (alter.collation.is_some(), "collation"),
        (alter.on_update.is_some(), "ON UPDATE"),
        (alter.invisible.is_some(), "visibility"),
        (
            alter.not_null_on_conflict.is_some(),
            "conflict clause of NOT NULL",
        ),
    ] {
        if changes {
            lines.push(format!("{what} on column {column}"));
        }
    }
    if alter.comment.is_some() {
        lines.push(format!("comment on column {column}"));
    }
    if let Some(to) = &alter.rename {
        lines.push(format!("renamed column {column} to '{}.{to}'", alter.table));
    }
    lines
}

fn type_name(column: &Column) -> String {
    let code = crate::ops::code::ty(&column.ty.written);
    code.trim_start_matches("Type::").to_string()
}
