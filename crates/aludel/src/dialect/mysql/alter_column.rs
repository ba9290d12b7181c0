//! Changing a column. It can only be said as a whole, in `MODIFY` or `CHANGE`, and what is not said is lost
//! (<https://dev.mysql.com/doc/refman/8.4/en/alter-table.html>): so all of it is said, as the table has it. A default or a name
//! alone have statements of their own.

use super::alter_table::one;
use super::{Mysql, ddl, tables, types};
use crate::error::{Error, Result};
use crate::ops::alter_column::Tuning;
use crate::ops::drop_column::mentions;
use crate::ops::{AlterColumn, Op};
use crate::schema::{Column, Constraint, Schema, Spelled, Table, Type};
use crate::sql::{Spell, Statement};

/// Whether the change depends on what the column is now.
pub(super) fn needs_table(dialect: &Mysql, op: &AlterColumn) -> bool {
    !(is_name_alone(op) && dialect.can.rename_column) || dialect.can.forgets_names
}

fn is_name_alone(op: &AlterColumn) -> bool {
    restates_nothing(op) && op.default.is_none() && op.rename.is_some()
}

/// Whether the change leaves alone all that can only be said with the whole column.
fn restates_nothing(op: &AlterColumn) -> bool {
    let whole = op.position.is_some()
        || op.identity.is_some()
        || op.comment.is_some()
        || op.drop_expression;
    let text = op.charset.is_some() || op.collation.is_some();
    let shown = op.on_update.is_some() || op.invisible.is_some();
    op.ty.is_none() && op.nullable.is_none() && !whole && !text && !shown
}

/// The statements of the change.
pub(super) fn statements(
    dialect: &Mysql,
    op: &AlterColumn,
    before: &Schema,
) -> Result<Vec<Statement>> {
    if op.using.is_some() {
        return Err(dialect.unsupported(
            format!("{} by an expression", op.summary()),
            "add another column, fill it with `execute`, drop this one, and rename that",
        ));
    }
    if op.tuning != Tuning::default() {
        return Err(dialect.unsupported(
            format!("{} in how its values are stored", op.summary()),
            "record it for PostgreSQL alone, by `op.database()`",
        ));
    }
    let table = dialect.qualified(&op.table)?;
    let known = dialect.known(before, &op.table);
    let place = tables::position(dialect, op.position.as_ref())?;
    if is_name_alone(op) && dialect.can.rename_column {
        let mut statements = reopened(dialect, op, known)?;
        statements.push(format!("ALTER TABLE {table} {}", rename(dialect, op)?).into());
        return Ok(statements);
    }
    if restates_nothing(op) && op.rename.is_none() {
        let now = known.and_then(|it| it.find_column(&op.column));
        return match &op.default {
            Some(default) => one(format!(
                "ALTER TABLE {table} {}",
                change_default(dialect, op, default.as_ref(), now)?
            )),
            None => Ok(Vec::new()),
        };
    }
    let Some(known) = known else {
        return one(blind(dialect, op)? + &place);
    };
    let Some(now) = known.find_column(&op.column) else {
        let reason = format!("`{}` has no column `{}`", op.table, op.column);
        return Err(Error::Schema {
            operation: op.summary(),
            reason,
        });
    };
    let mut new = changed(dialect, op, now);
    // A check that is the column's own names it; only a change of the name alone finds it there.
    let has_check = known.source.column_checks.contains_key(&op.column);
    let apart = has_check && dialect.can.rename_column;
    if let Some(name) = op.rename.as_ref().filter(|_| !apart) {
        new.name = name.clone();
    }
    if new.identity.is_some() && !ddl::leads_a_key(known, &op.column) {
        return Err(dialect.unsupported(
            format!(
                "{} into a numbered one, since it leads no key",
                op.summary()
            ),
            "make it the primary key, or put it first in a unique constraint or an index, before",
        ));
    }
    let mut statements = one(restated(dialect, known, &op.column, &new)? + &place)?;
    if apart && op.rename.is_some() {
        statements.push(format!("ALTER TABLE {table} {}", rename(dialect, op)?).into());
    }
    Ok(statements)
}

/// MariaDB fails to rename a column that an expression of its table names ("Unknown column") if a view has been made of the table since
/// it was opened. Saying its comment again changes nothing, and has it opened anew.
fn reopened(dialect: &Mysql, op: &AlterColumn, known: Option<&Table>) -> Result<Vec<Statement>> {
    let named = |table: &&Table| {
        let columns = table.columns.iter();
        let mut computed = columns.flat_map(|it| {
            let generated = it.generated.as_ref().map(|it| &it.expr);
            generated.into_iter().chain(&it.default)
        });
        let checks = table.constraints.iter().filter_map(|it| match it {
            Constraint::Check(it) => Some(&it.expr),
            _ => None,
        });
        let own = table.source.column_checks.get(&op.column);
        own.is_some()
            || computed
                .by_ref()
                .chain(checks)
                .any(|it| mentions(it.written.as_str(), &op.column))
    };
    let Some(known) = known.filter(|it| dialect.can.forgets_names && named(it)) else {
        return Ok(Vec::new());
    };
    let comment = dialect.string(known.comment.as_deref().unwrap_or_default())?;
    let table = dialect.qualified(&op.table)?;
    one(format!("ALTER TABLE {table} COMMENT {comment}"))
}

fn rename(dialect: &Mysql, op: &AlterColumn) -> Result<String> {
    let from = dialect.quote(&op.column)?;
    let to = dialect.quote(op.rename.as_ref().unwrap_or(&op.column))?;
    Ok(format!("RENAME COLUMN {from} TO {to}"))
}

/// The column as it is to be, but for its name. What the new type cannot have goes with the old one.
fn changed(dialect: &Mysql, op: &AlterColumn, now: &Column) -> Column {
    let mut new = now.clone();
    if let Some(ty) = &op.ty {
        new.ty = Spelled::new(ty.clone());
        let canonical = types::canonical(dialect, ty);
        if !types::is_text(&canonical) {
            new.charset = None;
            new.collation = None;
        }
        new.on_update = new.on_update.filter(|_| types::is_timestamp(&canonical));
    }
    if let Some(nullable) = op.nullable {
        new.nullable = nullable;
    }
    if op.drop_expression {
        new.generated = None;
    }
    if let Some(default) = &op.default {
        new.default = default.clone().map(Spelled::new);
    }
    if let Some(identity) = &op.identity {
        new.identity = identity.clone();
        // A numbered column has no default beside its number, and takes no NULL.
        if identity.is_some() {
            new.default = None;
            new.nullable = false;
        }
    }
    if let Some(charset) = &op.charset {
        new.charset = charset.clone();
        new.collation = None;
    }
    if let Some(collation) = &op.collation {
        new.collation = collation.clone();
    }
    if let Some(on_update) = &op.on_update {
        new.on_update = on_update.clone().map(Spelled::new);
    }
    if let Some(invisible) = op.invisible {
        new.invisible = invisible;
    }
    if let Some(comment) = &op.comment {
        new.comment = comment.clone();
    }
    new
}

/// `MODIFY` or `CHANGE` with all that a column is to be. A check that is the column's own (MariaDB) is said too, under the name
/// that the column had.
pub(super) fn restated(dialect: &Mysql, table: &Table, name: &str, new: &Column) -> Result<String> {
    let check = table.source.column_checks.get(&name.into());
    let definition = ddl::definition(dialect, new, check.map(String::as_str))?;
    let alter = format!("ALTER TABLE {}", dialect.qualified(&table.name)?);
    let column = dialect.quote(name)?;
    Ok(match new.name == *name {
        true => format!("{alter} MODIFY {column} {definition}"),
        false => {
            let to = dialect.quote(&new.name)?;
            format!("{alter} CHANGE {column} {to} {definition}")
        }
    })
}

/// `SET DEFAULT` takes a literal, or an expression in parentheses, whatever stands behind `DEFAULT` of a new column.
fn change_default(
    dialect: &Mysql,
    op: &AlterColumn,
    default: Option<&crate::schema::Expr>,
    now: Option<&Column>,
) -> Result<String> {
    let column = format!("ALTER COLUMN {}", dialect.quote(&op.column)?);
    let Some(default) = default else {
        // Without any default, not even NULL, an insert that leaves the column out would fail.
        return Ok(match now.is_some_and(|it| it.nullable) {
            true => format!("{column} SET DEFAULT NULL"),
            false => format!("{column} DROP DEFAULT"),
        });
    };
    // Nothing is known of its type: what is no literal is an expression in any.
    let stand_in = Column::new(op.column.clone(), Type::Boolean);
    let spelled = ddl::default(dialect, now.unwrap_or(&stand_in), default)?;
    let is_bare_expression = !super::text::is_literal(&spelled) && !spelled.starts_with('(');
    Ok(
        match is_bare_expression && dialect.can.expression_defaults {
            true => format!("{column} SET DEFAULT ({spelled})"),
            false => format!("{column} SET DEFAULT {spelled}"),
        },
    )
}

/// The change of a column of which nothing is known: only if it says everything.
fn blind(dialect: &Mysql, op: &AlterColumn) -> Result<String> {
    let (Some(ty), Some(nullable), Some(default), Some(comment)) =
        (&op.ty, op.nullable, &op.default, &op.comment)
    else {
        return Err(dialect.unsupported(
            format!("{} without knowing the rest of the column", op.summary()),
            "start the script where the table is created, or say all of the column: `set_type`, \
             `set_not_null` or `drop_not_null`, `set_default` or `drop_default`, `set_comment` or `drop_comment`",
        ));
    };
    let name = op.rename.as_ref().unwrap_or(&op.column);
    let mut column = Column::new(name.clone(), ty.clone());
    column.nullable = nullable;
    column.default = default.clone().map(Spelled::new);
    column.comment = comment.clone();
    column.identity = op.identity.clone().flatten();
    column.charset = op.charset.clone().flatten();
    column.collation = op.collation.clone().flatten();
    column.on_update = op.on_update.clone().flatten().map(Spelled::new);
    column.invisible = op.invisible.unwrap_or(false);
    restated(dialect, &Table::new(op.table.clone()), &op.column, &column)
}
