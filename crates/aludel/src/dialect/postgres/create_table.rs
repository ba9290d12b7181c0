//! Creating a table or a column, where the standard spelling would say less than it was told.

use super::{Postgres, serial};
use crate::error::Result;
use crate::ops::{AddColumn, CreateForeignKey, CreateTable, CreateUniqueConstraint, Op, Operation};
use crate::schema::{
    Column, Constraint, Deferrable, ForeignKey, Ident, QualifiedName, Table, Unique,
};
use crate::sql::Statement;

/// The statements that create a table. `CREATE TABLE` passes silently over a unique constraint that is equal to the primary key
/// or to another one, and `ALTER TABLE` does not. A foreign key of the table to itself comes behind the unique index that it
/// refers to.
pub(super) fn statements(dialect: &Postgres, op: &CreateTable) -> Result<Vec<Statement>> {
    let mut table = op.table.clone();
    let mut kept = Vec::new();
    let mut late: Vec<Operation> = Vec::new();
    for constraint in std::mem::take(&mut table.constraints) {
        match constraint {
            Constraint::Unique(unique) if is_passed_over(&unique, &op.table, &kept) => {
                late.push(CreateUniqueConstraint::new(op.table.name.clone(), unique).into());
            }
            Constraint::ForeignKey(key) if refers_to_index(&key, &op.table) => {
                late.push(CreateForeignKey::new(op.table.name.clone(), key).into());
            }
            other => kept.push(other),
        }
    }
    table.constraints = kept;
    if op.if_not_exists && !late.is_empty() {
        return Err(dialect.unsupported(
            format!(
                "{} unless it exists, with what comes in statements of its own: {}",
                op.summary(),
                late.iter()
                    .map(|it| it.summary())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            "leave it out, and create it by an operation of its own",
        ));
    }
    let create = CreateTable {
        table,
        if_not_exists: op.if_not_exists,
    };
    let mut statements = create.sql(dialect)?;
    for operation in late {
        statements.extend(operation.sql(dialect)?);
    }
    with_sequences(dialect, &op.table.name, &op.table.columns, statements)
}

/// The statements that add a column.
pub(super) fn add_column(dialect: &Postgres, op: &AddColumn) -> Result<Vec<Statement>> {
    let column = std::slice::from_ref(&op.column);
    with_sequences(dialect, &op.table, column, op.sql(dialect)?)
}

/// The sequences of `serial` columns come before, and are given to their columns behind.
fn with_sequences(
    dialect: &Postgres,
    table: &QualifiedName,
    columns: &[Column],
    statements: Vec<Statement>,
) -> Result<Vec<Statement>> {
    let mut before = Vec::new();
    let mut behind = Vec::new();
    for column in columns {
        if let Some((create, give)) = serial::around(dialect, table, column)? {
            before.push(Statement::new(create));
            behind.push(Statement::new(give));
        }
    }
    Ok([before, statements, behind].concat())
}

/// Whether a foreign key refers to columns of its own table that only an index makes unique; a constraint that is checked later is no
/// ground for one.
fn refers_to_index(key: &ForeignKey, table: &Table) -> bool {
    let covers = |it: &[Ident]| {
        it.len() == key.referred.len() && it.iter().all(|name| key.referred.contains(name))
    };
    let by_constraint = table.constraints.iter().any(|it| match it {
        Constraint::PrimaryKey(it) => it.deferrable == Deferrable::No && covers(&it.columns),
        Constraint::Unique(it) => it.deferrable == Deferrable::No && covers(&it.columns),
        _ => false,
    });
    key.references == table.name && !key.referred.is_empty() && !by_constraint
}

fn is_passed_over(unique: &Unique, table: &Table, before: &[Constraint]) -> bool {
    let like_key = *unique
        == Unique {
            name: unique.name.clone(),
            ..Unique::new(unique.columns.clone())
        };
    let key = table.find_primary_key();
    let same = |it: &Constraint| match it {
        Constraint::Unique(it) => {
            Unique {
                name: None,
                ..it.clone()
            } == Unique {
                name: None,
                ..unique.clone()
            }
        }
        _ => false,
    };
    (like_key && key.is_some_and(|it| it.columns == unique.columns)) || before.iter().any(same)
}
