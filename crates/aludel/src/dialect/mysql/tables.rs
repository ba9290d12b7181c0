//! Operations on tables that this family says in words of its own: other names, places of columns.

use super::alter_table::{add_constraint, one};
use super::{Mysql, drop};
use crate::error::Result;
use crate::ops::{DropConstraint, Op, RenameConstraint, RenameIndex, drop_constraint::Dropped};
use crate::schema::{Constraint, Position, Schema};
use crate::sql::{Spell, Statement};

/// ` FIRST`, ` AFTER …`, or nothing.
pub(super) fn position(dialect: &Mysql, position: Option<&Position>) -> Result<String> {
    Ok(match position {
        Some(Position::First) => " FIRST".into(),
        Some(Position::After(column)) => format!(" AFTER {}", dialect.quote(column)?),
        None => String::new(),
    })
}

/// Renames an index.
pub(super) fn rename_index(dialect: &Mysql, op: &RenameIndex) -> Result<Vec<Statement>> {
    if !dialect.can.rename_index {
        return Err(dialect.unsupported(op.summary(), "create another index, then drop this one"));
    }
    one(format!(
        "ALTER TABLE {} RENAME INDEX {} TO {}",
        dialect.qualified(&op.table)?,
        dialect.quote(&op.name)?,
        dialect.quote(&op.to)?
    ))
}

/// Renames a constraint: a unique one is its index; any other goes, and comes again under its new name.
pub(super) fn rename_constraint(
    dialect: &Mysql,
    op: &RenameConstraint,
    before: &Schema,
) -> Result<Vec<Statement>> {
    let table = before.tables.get(&op.table);
    let Some(found) = table.and_then(|it| it.find_constraint(&op.name)) else {
        return Err(dialect.unsupported(
            format!("{}: the table is not known to have it", op.summary()),
            "leave a primary key out, which is always called PRIMARY; start a script where the constraint is created",
        ));
    };
    op.apply(&mut before.clone())?;
    let mut renamed = found.clone();
    renamed.set_name(Some(op.to.clone()));
    match renamed {
        Constraint::Unique(_) => rename_index(
            dialect,
            &RenameIndex {
                table: op.table.clone(),
                name: op.name.clone(),
                to: op.to.clone(),
            },
        ),
        renamed => {
            let dropped = Dropped::Named(op.name.clone());
            let dropped = DropConstraint::new(op.table.clone(), dropped);
            let mut statements = drop::constraint(dialect, &dropped, before)?;
            statements.extend(add_constraint(dialect, &op.table, &renamed)?);
            Ok(statements)
        }
    }
}
