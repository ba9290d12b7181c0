//! `serial`: an integer whose default is the next number of a sequence that belongs to the column
//! (<https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL>).
//!
//! The database keeps nothing of the word. What it echoes is a default that names a sequence, which goes with its column: where
//! such a column is created, the sequence must be there before.

use super::{Postgres, pieces, types};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Column, Ident, QualifiedName, Schema, Type};
use crate::sql::Spell;
use std::collections::BTreeSet;

/// Whether this is one of the spellings of such a type.
pub(super) fn is_serial(ty: &Type) -> bool {
    let Type::Custom(text) = ty else { return false };
    let word = text.trim().to_ascii_lowercase();
    [
        "serial",
        "bigserial",
        "smallserial",
        "serial2",
        "serial4",
        "serial8",
    ]
    .contains(&word.as_str())
}

/// The sequence that comes with the type.
pub(super) fn sequence_name(table: &QualifiedName, column: &Ident) -> QualifiedName {
    QualifiedName {
        schema: table.schema.clone(),
        name: usual_name(&table.name, column).into(),
    }
}

/// The name that the database makes from table and column, of which the longer one is cut until all fits into a name.
fn usual_name(table: &str, column: &str) -> String {
    const ROOM: usize = 63 - "__seq".len();
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > ROOM {
        match first > second {
            true => first -= 1,
            false => second -= 1,
        }
    }
    let cut = |text: &str, mut end: usize| {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_string()
    };
    format!("{}_{}_seq", cut(table, first), cut(column, second))
}

/// A column with such a default as an author would write it: by the word that brings the default along.
pub(super) fn as_written(table: &QualifiedName, column: &Column) -> Column {
    let word = match column.ty.canonical.as_deref() {
        Some("smallint") => "SMALLSERIAL",
        Some("integer") => "SERIAL",
        Some("bigint") => "BIGSERIAL",
        _ => return column.clone(),
    };
    if column.nullable || sequence(table, column).is_none() {
        return column.clone();
    }
    Column {
        ty: Type::custom(word).into(),
        default: None,
        ..column.clone()
    }
}

/// The default that comes with the type.
pub(super) fn default(table: &QualifiedName, column: &Column) -> String {
    let sequence = sequence_name(table, &column.name);
    let name = types::quoted(&sequence).replace('\'', "''");
    format!("nextval('{name}'::regclass)")
}

/// The sequence that `serial` has made for a column, as the column's default names it.
pub(super) fn sequence(table: &QualifiedName, column: &Column) -> Option<String> {
    let default = column.default.as_ref()?;
    let pieces = pieces::read(default.written.as_str())?;
    let [call, open, name, ..] = pieces.as_slice() else {
        return None;
    };
    if call.text != "nextval" || open.text != "(" {
        return None;
    }
    let text = name.text.strip_prefix('\'')?.strip_suffix('\'')?;
    let sequence = text.replace("''", "'");
    let usual = types::quoted(&sequence_name(table, &column.name).name.to_string().into());
    let is_usual = sequence == usual || sequence.ends_with(&format!(".{usual}"));
    is_usual.then_some(sequence)
}

/// Those of the sequences that `serial` would make which are not there.
pub(super) async fn absent(
    connection: &mut Connection,
    schema: &Schema,
) -> Result<BTreeSet<String>> {
    let all = schema.tables.values().flat_map(|table| {
        let columns = table.columns.iter();
        columns.filter_map(|it| sequence(&table.name, it))
    });
    let names: Vec<String> = all
        .map(|it| format!("({})", pieces::string_literal(&it)))
        .collect();
    let mut absent = BTreeSet::new();
    if names.is_empty() {
        return Ok(absent);
    }
    let sql = format!(
        "SELECT v.name FROM (VALUES {}) v(name) WHERE pg_catalog.to_regclass(v.name) IS NULL",
        names.join(", ")
    );
    for row in connection.fetch(&sql).await? {
        absent.insert(row.get("name")?);
    }
    Ok(absent)
}

/// What comes before a column with such a default is created, and what comes behind: a sequence that may be there already,
/// and the word that it belongs to the column.
pub(super) fn around(
    dialect: &Postgres,
    table: &QualifiedName,
    column: &Column,
) -> Result<Option<(String, String)>> {
    if is_serial(&column.ty.written) {
        return Ok(None);
    }
    let Some(sequence) = sequence(table, column) else {
        return Ok(None);
    };
    let ty = match column.ty.written {
        Type::SmallInteger | Type::Integer => {
            format!(" AS {}", types::canonical(&column.ty.written))
        }
        _ => String::new(),
    };
    let owner = format!(
        "{}.{}",
        dialect.qualified(table)?,
        dialect.quote(&column.name)?
    );
    Ok(Some((
        format!("CREATE SEQUENCE IF NOT EXISTS {sequence}{ty}"),
        format!("ALTER SEQUENCE {sequence} OWNED BY {owner}"),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_is_cut() {
        assert_eq!(usual_name("t", "id"), "t_id_seq");
        let name = usual_name(&"x".repeat(63), "id");
        assert_eq!(name, format!("{}_id_seq", "x".repeat(56)));
        let both = usual_name(&"x".repeat(40), &"y".repeat(50));
        assert_eq!(both, format!("{}_{}_seq", "x".repeat(29), "y".repeat(29)));
        assert!(usual_name(&"ä".repeat(30), &"ö".repeat(30)).len() <= 63);
    }
}
