//! Constraints, read from the text of a `CREATE TABLE`: those of a table whole, and the clauses that those on columns share.

use super::parse::{ConstraintText, Named, named};
use super::text::{Cursor, split_commas};
use crate::schema::{
    Action, Check, Constraint, Deferrable, ForeignKey, Ident, OnConflict, PrimaryKey,
    QualifiedName, Unique,
};

pub(super) fn check(cursor: &mut Cursor<'_>, name: Option<Ident>) -> Result<Constraint, String> {
    let expr = cursor.group()?.trim();
    Ok(Check {
        name,
        ..Check::new(expr)
    }
    .into())
}

pub(super) fn on_conflict(cursor: &mut Cursor<'_>) -> Result<Option<OnConflict>, String> {
    if !cursor.eat(&["ON", "CONFLICT"]) {
        return Ok(None);
    }
    for resolution in [
        OnConflict::Rollback,
        OnConflict::Abort,
        OnConflict::Fail,
        OnConflict::Ignore,
        OnConflict::Replace,
    ] {
        if cursor.eat(&[resolution.sql()]) {
            return Ok(Some(resolution));
        }
    }
    Err(cursor.unexpected("a conflict resolution"))
}

pub(super) fn table_constraint(cursor: &mut Cursor<'_>) -> Result<ConstraintText, String> {
    let mut of: Option<Named> = None;
    while cursor.eat(&["CONSTRAINT"]) {
        of = Some(named(cursor)?);
    }
    let (name, place) = of.unzip();
    let mut autoincrement = false;
    let constraint: Constraint = if cursor.eat(&["PRIMARY", "KEY"]) {
        let (columns, numbered) = key_columns(cursor.group()?)?;
        autoincrement = numbered;
        let on_conflict = on_conflict(cursor)?;
        PrimaryKey {
            name,
            on_conflict,
            ..PrimaryKey::new(columns)
        }
        .into()
    } else if cursor.eat(&["UNIQUE"]) {
        let (columns, _) = key_columns(cursor.group()?)?;
        let mut unique = Unique::new(columns);
        unique.name = name;
        unique.on_conflict = on_conflict(cursor)?;
        unique.into()
    } else if cursor.eat(&["CHECK"]) {
        let check = check(cursor, name)?;
        on_conflict(cursor)?;
        check
    } else if cursor.eat(&["FOREIGN", "KEY"]) {
        let columns = names(cursor.group()?)?;
        let mut key = references(cursor, name, columns)?;
        key.deferrable = deferrable(cursor).unwrap_or_default();
        key.into()
    } else {
        return Err(cursor.unexpected("a constraint"));
    };
    Ok(ConstraintText {
        constraint,
        name: place,
        autoincrement,
        descending: false,
    })
}

/// The columns of a key, each of which may carry a collation and an order, and the last `AUTOINCREMENT`.
fn key_columns(group: &str) -> Result<(Vec<Ident>, bool), String> {
    let mut columns = Vec::new();
    let mut autoincrement = false;
    for part in split_commas(group)? {
        let mut cursor = Cursor::new(part)?;
        columns.push(cursor.name()?.into());
        if cursor.eat(&["COLLATE"]) {
            cursor.name()?;
        }
        let _ = cursor.eat(&["ASC"]) || cursor.eat(&["DESC"]);
        autoincrement |= cursor.eat(&["AUTOINCREMENT"]);
        if !cursor.is_done() {
            return Err(cursor.unexpected("`,`"));
        }
    }
    Ok((columns, autoincrement))
}

fn names(group: &str) -> Result<Vec<Ident>, String> {
    Ok(key_columns(group)?.0)
}

pub(super) fn references(
    cursor: &mut Cursor<'_>,
    name: Option<Ident>,
    columns: Vec<Ident>,
) -> Result<ForeignKey, String> {
    cursor.need("REFERENCES")?;
    let table = QualifiedName::from(cursor.name()?);
    let mut key = ForeignKey::new(columns, table, Vec::<Ident>::new());
    key.name = name;
    if cursor.is("(") {
        key.referred = names(cursor.group()?)?;
    }
    loop {
        if cursor.eat(&["ON", "DELETE"]) {
            key.on_delete = action(cursor)?;
        } else if cursor.eat(&["ON", "UPDATE"]) {
            key.on_update = action(cursor)?;
        } else if cursor.eat(&["ON", "INSERT"]) {
            action(cursor)?;
        } else if cursor.eat(&["MATCH"]) {
            key.match_full = cursor.name()?.eq_ignore_ascii_case("FULL");
        } else {
            return Ok(key);
        }
    }
}

fn action(cursor: &mut Cursor<'_>) -> Result<Action, String> {
    for (words, action) in [
        (&["NO", "ACTION"][..], Action::NoAction),
        (&["RESTRICT"], Action::Restrict),
        (&["CASCADE"], Action::Cascade),
        (&["SET", "NULL"], Action::SetNull),
        (&["SET", "DEFAULT"], Action::SetDefault),
    ] {
        if cursor.eat(words) {
            return Ok(action);
        }
    }
    Err(cursor.unexpected("an action"))
}

/// `[NOT] DEFERRABLE [INITIALLY DEFERRED | INITIALLY IMMEDIATE]`, if it stands here.
pub(super) fn deferrable(cursor: &mut Cursor<'_>) -> Option<Deferrable> {
    let not = cursor.eat(&["NOT", "DEFERRABLE"]);
    if !not && !cursor.eat(&["DEFERRABLE"]) {
        return None;
    }
    let deferred = cursor.eat(&["INITIALLY", "DEFERRED"]);
    let _ = cursor.eat(&["INITIALLY", "IMMEDIATE"]);
    Some(match (not, deferred) {
        (true, _) => Deferrable::No,
        (false, true) => Deferrable::Deferred,
        (false, false) => Deferrable::Immediate,
    })
}
