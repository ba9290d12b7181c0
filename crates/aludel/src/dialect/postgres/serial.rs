//! `serial`: an integer whose default is the next number of a sequence that belongs to the column
//! (<https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL>).
//!
//! The database keeps nothing of the word. What it echoes is a default that names a sequence, which goes with its column: where
//! such a column is created, the sequence must be there before.

use super::{Postgres, pieces, types};
use crate::error::Result;
use crate::schema::{Column, QualifiedName, Type};
use crate::sql::Spell;

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

/// The default that comes with the type.
pub(super) fn default(table: &QualifiedName, column: &Column) -> String {
    let sequence = QualifiedName {
        schema: table.schema.clone(),
        name: format!("{}_{}_seq", table.name, column.name).into(),
    };
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
    let usual = types::quoted(&format!("{}_{}_seq", table.name, column.name).into());
    let is_usual = sequence == usual || sequence.ends_with(&format!(".{usual}"));
    is_usual.then_some(sequence)
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
