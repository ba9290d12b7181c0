//! Changing a column: the parts of the change in an order in which each is allowed.
//!
//! A default stands in the way of another type, and of an identity
//! (<https://www.postgresql.org/docs/current/sql-altertable.html>, "Notes").

use super::{Postgres, expression, pieces, serial, types};
use crate::error::Result;
use crate::ops::{AlterColumn, Op as _};
use crate::schema::{Column, Identity, Schema, Type};
use crate::sql::{Spell, Statement};

/// Whether a computed column can become a plain one that keeps its values
/// (<https://www.postgresql.org/docs/13/release-13.html>).
pub(super) fn keeps_computed(dialect: &Postgres) -> bool {
    dialect.major >= 13
}

/// Whether the change depends on what the column is now.
pub(super) fn needs_table(op: &AlterColumn) -> bool {
    let retypes = op.ty.is_some() || op.collation.is_some();
    retypes || matches!(op.identity, Some(Some(_)))
}

/// The statements of the change. Where the column is not known, as in a script that starts in the middle, it is taken to have
/// no default and no identity.
pub(super) fn statements(
    dialect: &Postgres,
    op: &AlterColumn,
    before: &Schema,
) -> Result<Vec<Statement>> {
    op.refuse_position(dialect)?;
    if op.using.is_some() && op.ty.is_none() {
        return Err(dialect.unsupported(
            format!("{} by an expression without a type", op.summary()),
            "say the type too (`set_type`), or write the values with `execute` and `UPDATE`",
        ));
    }
    let now = before.tables.get(&op.table);
    let now = now.and_then(|it| it.find_column(&op.column));
    let table = dialect.qualified(&op.table)?;
    let column = dialect.quote(&op.column)?;
    let alter = format!("ALTER COLUMN {column}");
    let mut sql = Vec::new();
    if op.drop_expression {
        sql.push(format!("ALTER TABLE {table} {alter} DROP EXPRESSION"));
    }
    if op.identity == Some(None) {
        sql.push(format!("ALTER TABLE {table} {alter} DROP IDENTITY"));
    }
    match &op.ty {
        Some(ty) => sql.push(format!(
            "ALTER TABLE {table} {}",
            change_type(dialect, op, ty, now, &alter)?.join(", ")
        )),
        None if op.collation.is_some() => sql.push(format!(
            "ALTER TABLE {table} {}",
            change_collation(dialect, op, now, &alter)?.join(", ")
        )),
        None => sql.extend(change_default(
            op,
            now,
            &format!("ALTER TABLE {table} {alter}"),
        )),
    }
    match op.nullable {
        Some(true) => sql.push(format!("ALTER TABLE {table} {alter} DROP NOT NULL")),
        Some(false) => sql.push(format!("ALTER TABLE {table} {alter} SET NOT NULL")),
        None => {}
    }
    if let Some(Some(identity)) = &op.identity {
        sql.extend(identify(dialect, op, identity, now)?);
    }
    sql.extend(op.tuning.sql(&format!("ALTER TABLE {table} {alter}")));
    if let Some(comment) = &op.comment {
        let text = comment.as_ref();
        let text = text.map_or_else(|| Ok("NULL".into()), |it| dialect.string(it))?;
        sql.push(format!("COMMENT ON COLUMN {table}.{column} IS {text}"));
    }
    if let Some(name) = &op.rename {
        let name = dialect.quote(name)?;
        sql.push(format!(
            "ALTER TABLE {table} RENAME COLUMN {column} TO {name}"
        ));
    }
    Ok(sql.into_iter().map(Statement::from).collect())
}

/// The default goes, the type changes, the default comes back: in one statement, so that the table is rewritten once and is
/// never seen without its default.
fn change_type(
    dialect: &Postgres,
    op: &AlterColumn,
    ty: &Type,
    now: Option<&Column>,
    alter: &str,
) -> Result<Vec<String>> {
    let old = now.and_then(|it| it.default.as_ref());
    let becomes_identity = matches!(op.identity, Some(Some(_)));
    let new = match &op.default {
        Some(default) => default.as_ref().map(ToString::to_string),
        None if becomes_identity => None,
        None => old.map(|it| portable(it.written.as_str(), now)),
    };
    let mut actions = Vec::new();
    if old.is_some() || op.default.is_some() {
        actions.push(format!("{alter} DROP DEFAULT"));
    }
    let spelled = dialect.spell_type(ty)?;
    let using = match &op.using {
        Some(using) => format!(" USING {using}"),
        None => using_text(dialect, op, ty, &spelled)?,
    };
    let collate = collate(dialect, collation(op, ty, now))?;
    actions.push(format!("{alter} TYPE {spelled}{collate}{using}"));
    if let Some(default) = new {
        actions.push(format!("{alter} SET DEFAULT {default}"));
    }
    Ok(actions)
}

/// A collation is said with the type, which stays as it is. A default means the same by any collation.
fn change_collation(
    dialect: &Postgres,
    op: &AlterColumn,
    now: Option<&Column>,
    alter: &str,
) -> Result<Vec<String>> {
    let Some(now) = now else {
        return Err(dialect.unsupported(
            format!("{} in its collation without knowing its type", op.summary()),
            "start the script where the table is created, or say the type too (`set_type`)",
        ));
    };
    let ty = dialect.spell_type(&now.ty.written)?;
    let collate = collate(dialect, op.collation.clone().flatten())?;
    let mut actions = vec![format!("{alter} TYPE {ty}{collate}")];
    actions.extend(change_default(op, Some(now), alter));
    Ok(actions)
}

/// The collation that a column of another type is to have. It has its old one for as long as nothing else is said, and the
/// type is one of text: without a word, the database would give it the type's own.
fn collation(op: &AlterColumn, ty: &Type, now: Option<&Column>) -> Option<String> {
    match &op.collation {
        Some(collation) => collation.clone(),
        None => now
            .and_then(|it| it.collation.clone())
            .filter(|_| types::may_be_collated(ty)),
    }
}

fn collate(dialect: &Postgres, collation: Option<String>) -> Result<String> {
    match collation {
        Some(collation) => Ok(format!(" COLLATE {}", dialect.quote(&collation)?)),
        None => Ok(String::new()),
    }
}

/// Nothing but text becomes a value of an enum type.
fn using_text(dialect: &Postgres, op: &AlterColumn, ty: &Type, spelled: &str) -> Result<String> {
    if ty.as_enum().is_none() {
        return Ok(String::new());
    }
    let column = dialect.quote(&op.column)?;
    let text = if matches!(ty, Type::Array(_)) {
        "text[]"
    } else {
        "text"
    };
    Ok(format!(" USING {column}::{text}::{spelled}"))
}

/// A default without the mention of the old type: the literal means something to the new one.
pub(super) fn portable(written: &str, column: Option<&Column>) -> String {
    let ty = column.map(|it| types::canonical(&it.ty.written));
    let literal = pieces::read(written)
        .zip(ty)
        .and_then(|(pieces, ty)| expression::literal(&pieces, &ty));
    literal.unwrap_or_else(|| written.to_string())
}

fn change_default(op: &AlterColumn, now: Option<&Column>, alter: &str) -> Option<String> {
    match &op.default {
        Some(Some(default)) => Some(format!("{alter} SET DEFAULT {default}")),
        Some(None) => Some(format!("{alter} DROP DEFAULT")),
        // The default of a `serial` column, which is to be an identity.
        None if matches!(op.identity, Some(Some(_))) => {
            now?.default.as_ref()?;
            Some(format!("{alter} DROP DEFAULT"))
        }
        None => None,
    }
}

/// Makes the column an identity, or changes the one that it is. One that counts the other way is another one: the bounds of
/// its sequence, and where it stands, are of no use to it.
fn identify(
    dialect: &Postgres,
    op: &AlterColumn,
    identity: &Identity,
    now: Option<&Column>,
) -> Result<Vec<String>> {
    let table = dialect.qualified(&op.table)?;
    let column = dialect.quote(&op.column)?;
    let alter = format!("ALTER TABLE {table} ALTER COLUMN {column}");
    let mut sql = Vec::new();
    match now.and_then(|it| it.identity.as_ref()) {
        Some(old) if is_down(old) == is_down(identity) => {
            return Ok(vec![format!("{alter}{}", changed_identity(identity, old))]);
        }
        Some(_) => sql.push(format!("{alter} DROP IDENTITY")),
        None if op.nullable.is_none() && now.is_some_and(|it| it.nullable) => {
            sql.push(format!("{alter} SET NOT NULL"));
        }
        None => {}
    }
    let serial = now.and_then(|it| serial::sequence(&op.table, it));
    if let Some(sequence) = &serial {
        sql.push(format!("ALTER SEQUENCE {sequence} OWNED BY NONE"));
    }
    sql.push(format!("{alter} ADD {}", dialect.identity(identity)));
    sql.push(go_on_behind(dialect, op, identity, serial.as_deref())?);
    if let Some(sequence) = &serial {
        sql.push(format!("DROP SEQUENCE {sequence}"));
    }
    Ok(sql)
}

fn is_down(identity: &Identity) -> bool {
    identity.increment.is_some_and(|it| it < 0)
}

/// Sets a new identity behind the numbers that are there, and behind those that the sequence of `serial` has given already:
/// rows that are gone keep their numbers for themselves.
fn go_on_behind(
    dialect: &Postgres,
    op: &AlterColumn,
    identity: &Identity,
    serial: Option<&str>,
) -> Result<String> {
    let table = dialect.qualified(&op.table)?;
    let column = dialect.quote(&op.column)?;
    let (name, plain) = (dialect.string(&table)?, dialect.string(&op.column)?);
    let down = is_down(identity);
    let (last, beyond, first) = match down {
        true => ("min", "<=", -1),
        false => ("max", ">=", 1),
    };
    let first = identity.start.unwrap_or(first);
    let mut number = format!("{last}({column})");
    if let Some(sequence) = serial.filter(|_| !down) {
        number = format!("greatest({number}, (SELECT last_value FROM {sequence} WHERE is_called))");
    }
    Ok(format!(
        "SELECT setval(pg_get_serial_sequence({name}, {plain}), {number}) FROM {table} HAVING {number} {beyond} {first}"
    ))
}

/// The options of an identity's sequence, each behind `SET ` where it is changed.
pub(super) fn sequence(identity: &Identity, set: &str) -> Vec<String> {
    let (min, max) = bounds(identity);
    let numbers = [
        ("MINVALUE", min),
        ("MAXVALUE", max),
        ("START WITH", identity.start),
        ("INCREMENT BY", identity.increment),
        ("CACHE", identity.cache),
    ];
    let said = numbers
        .into_iter()
        .filter_map(|(word, it)| Some(format!("{set}{word} {}", it?)));
    let cycle = identity.cycle.then(|| format!("{set}CYCLE"));
    said.chain(cycle).collect()
}

/// The bounds that are said, and those that a start beyond the usual ones needs.
fn bounds(identity: &Identity) -> (Option<i64>, Option<i64>) {
    let down = is_down(identity);
    let beyond = |it: &i64| if down { *it >= 0 } else { *it <= 0 };
    let start = identity.start.filter(beyond);
    match down {
        true => (identity.min, identity.max.or(start)),
        false => (identity.min.or(start), identity.max),
    }
}

fn changed_identity(new: &Identity, old: &Identity) -> String {
    let kind = if new.always { "ALWAYS" } else { "BY DEFAULT" };
    let mut options = vec![format!("SET GENERATED {kind}")];
    let (min, max) = bounds(new);
    for (word, was, is) in [
        ("MINVALUE", bounds(old).0, min),
        ("MAXVALUE", bounds(old).1, max),
    ] {
        if was.is_some() && is.is_none() {
            options.push(format!("SET NO {word}"));
        }
    }
    let first = if is_down(new) {
        max.unwrap_or(-1)
    } else {
        min.unwrap_or(1)
    };
    let counting = |it: &Identity| (it.start, it.increment, it.min, it.max);
    let changes = counting(new) != counting(old);
    let all = Identity {
        start: new.start.or(Some(first)).filter(|_| changes),
        increment: new.increment.or(Some(1)).filter(|_| changes),
        cache: (new.cache != old.cache).then(|| new.cache.unwrap_or(1)),
        cycle: new.cycle && !old.cycle,
        min: new.min.filter(|_| changes),
        max: new.max.filter(|_| changes),
        always: new.always,
    };
    options.extend(sequence(&all, "SET "));
    if old.cycle && !new.cycle {
        options.push("SET NO CYCLE".into());
    }
    format!(" {}", options.join(" "))
}
