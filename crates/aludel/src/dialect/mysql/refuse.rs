//! What other databases can say, and these cannot: refused before anything is spelled.

use super::Mysql;
use crate::error::Result;
use crate::ops::Operation;
use crate::schema::{Column, Constraint};

/// Refuses an operation with clauses of SQLite's, which would change what a table does if they were left out.
pub(super) fn operation(dialect: &Mysql, operation: &Operation) -> Result<()> {
    let found = match operation {
        Operation::CreateTable(it) => {
            it.table.constraints.iter().any(has_clause)
                || it.table.columns.iter().any(says_conflict)
        }
        Operation::AddColumn(it) => {
            let key = it.primary_key.as_ref();
            says_conflict(&it.column) || key.is_some_and(|it| it.on_conflict.is_some())
        }
        Operation::AlterColumn(it) => it.not_null_on_conflict.is_some(),
        Operation::CreatePrimaryKey(it) => it.key.on_conflict.is_some(),
        Operation::CreateUniqueConstraint(it) => it.unique.on_conflict.is_some(),
        _ => false,
    };
    let instead = match operation {
        Operation::ValidateConstraint(_) => {
            Some("leave it out: a constraint holds for all rows from the start")
        }
        Operation::AttachPartition(_) | Operation::DetachPartition(_) => Some(
            "`ALTER TABLE .. EXCHANGE PARTITION`, by `execute`: a partition is no table of its own",
        ),
        _ => None,
    };
    if let Some(instead) = instead {
        return Err(dialect.unsupported(operation.summary(), instead));
    }
    match found {
        true => Err(dialect.unsupported(
            format!("{} with a conflict clause", operation.summary()),
            "say `INSERT IGNORE` or `ON DUPLICATE KEY UPDATE` in the statement that inserts",
        )),
        false => Ok(()),
    }
}

fn has_clause(constraint: &Constraint) -> bool {
    constraint.on_conflict().is_some()
}

fn says_conflict(column: &Column) -> bool {
    column.not_null_on_conflict.is_some()
}
