//! Creating a table, where `CREATE TABLE` would say less than it was told.

use super::Postgres;
use crate::error::Result;
use crate::ops::{CreateTable, CreateUniqueConstraint, Op};
use crate::schema::{Constraint, Table, Unique};
use crate::sql::Statement;

/// The statements that create a table. `CREATE TABLE` passes silently over a unique constraint that is equal to the primary key
/// or to another one, and `ALTER TABLE` does not.
pub(super) fn statements(dialect: &Postgres, op: &CreateTable) -> Result<Vec<Statement>> {
    let mut table = op.table.clone();
    let mut kept = Vec::new();
    let mut late = Vec::new();
    for constraint in std::mem::take(&mut table.constraints) {
        match constraint {
            Constraint::Unique(unique) if is_passed_over(&unique, &op.table, &kept) => {
                late.push(unique);
            }
            other => kept.push(other),
        }
    }
    table.constraints = kept;
    let mut statements = CreateTable { table }.sql(dialect)?;
    for unique in late {
        let table = op.table.name.clone();
        statements.extend(CreateUniqueConstraint { table, unique }.sql(dialect)?);
    }
    Ok(statements)
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
