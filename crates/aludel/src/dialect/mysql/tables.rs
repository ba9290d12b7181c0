//! Operations on tables that this family says in words of its own: options, other names, places of columns.

use super::alter_table::{add_constraint, one};
use super::{Mysql, drop};
use crate::error::Result;
use crate::ops::{
    DropConstraint, Op, RenameConstraint, RenameIndex, SetTableOptions, drop_constraint::Dropped,
};
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

/// Changes options of a table, all of them in one statement, so that the table is copied once.
pub(super) fn set_options(dialect: &Mysql, op: &SetTableOptions) -> Result<Vec<Statement>> {
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("{} {what}", op.summary()), instead))
    };
    if !op.parameters.is_empty() {
        return refused("that only PostgreSQL has", "`option(name, value)`");
    }
    if op.logged.is_some() {
        return refused("that only PostgreSQL has", "an engine such as MEMORY");
    }
    let mut words = Vec::new();
    if let Some(engine) = &op.engine {
        words.push(format!("ENGINE={engine}"));
    }
    match (&op.charset, op.convert) {
        (Some(charset), true) => {
            words.push(format!(
                "CONVERT TO CHARACTER SET {}",
                dialect.quote(charset)?
            ));
        }
        (Some(charset), false) => {
            words.push(format!("DEFAULT CHARSET={}", dialect.quote(charset)?))
        }
        (None, true) => return refused("by converting its text", "say the `charset` too"),
        (None, false) => {}
    }
    if let Some(collation) = &op.collation {
        let collation = dialect.quote(collation)?;
        // It belongs to the character set before it, without which it stands by itself.
        match words.last_mut().filter(|_| op.charset.is_some()) {
            Some(charset) => *charset += &format!(" COLLATE {collation}"),
            None => words.push(format!("COLLATE={collation}")),
        }
    }
    if let Some(tablespace) = &op.tablespace {
        if !dialect.can.tablespaces {
            return refused(
                "to another tablespace",
                "leave it out, or say `DATA DIRECTORY`",
            );
        }
        words.push(format!("TABLESPACE {}", dialect.quote(tablespace)?));
    }
    for (name, value) in &op.others {
        words.push(format!("{name}={value}"));
    }
    match words.is_empty() {
        true => Ok(Vec::new()),
        false => one(format!(
            "ALTER TABLE {} {}",
            dialect.qualified(&op.table)?,
            words.join(", ")
        )),
    }
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
