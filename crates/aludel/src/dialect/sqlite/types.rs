//! Types: how SQLite's tables spell them, and what a declared type means.
//!
//! SQLite keeps the declared text and derives an affinity from it (<https://www.sqlite.org/datatype3.html#affname>). The names
//! are chosen so that the affinity stores values as they are given, and so that sqlx reads them back as the Rust type that
//! asks for them. `STRICT` tables know six names only (<https://www.sqlite.org/stricttables.html>).

use super::text::Cursor;
use crate::error::{Error, Result};
use crate::schema::Type;

/// The text of a type.
pub(super) fn spell(ty: &Type, strict: bool) -> Result<String> {
    let text = match ty {
        Type::Custom(text) => return Ok(text.clone()),
        Type::Array(_) => {
            return Err(unsupported(
                "have a column of an array type",
                "keep the values as JSON, or in a table of their own",
            ));
        }
        Type::Interval => {
            return Err(unsupported(
                "have a column of type INTERVAL",
                "keep a number of seconds as BIGINT, or a text",
            ));
        }
        Type::Unsigned(of) | Type::Precise(of, _) => return spell(of, strict),
        Type::Postgres(_) | Type::Mysql(_) | Type::Bit(_) | Type::Varbit(_) => {
            return Err(unsupported(
                &format!("have a column of type {}", vendor_name(ty)),
                "keep it as TEXT, BLOB or INTEGER; a name of your own passes as `Type::custom`",
            ));
        }
        ty if strict => strict_name(ty),
        Type::Varchar(length) => return Ok(format!("VARCHAR({length})")),
        Type::Char(length) => return Ok(format!("CHAR({length})")),
        Type::Decimal(precision, scale) => return Ok(format!("NUMERIC({precision}, {scale})")),
        Type::Boolean => "BOOLEAN",
        Type::TinyInteger => "TINYINT",
        Type::SmallInteger => "SMALLINT",
        Type::Integer => "INTEGER",
        Type::BigInteger => "BIGINT",
        Type::Real => "REAL",
        Type::Double => "DOUBLE",
        Type::Numeric => "NUMERIC",
        Type::String | Type::Enum(_) => "VARCHAR",
        Type::Text => "TEXT",
        Type::Binary | Type::FixedBinary(_) | Type::Varbinary(_) => "BLOB",
        Type::Date => "DATE",
        Type::Time | Type::TimeTz => "TIME",
        Type::Timestamp => "TIMESTAMP",
        Type::TimestampTz => "DATETIME",
        // Plain `UUID` and `JSON` would have numeric affinity, which turns text that looks like a number into one.
        Type::Uuid => "UUID_BLOB",
        Type::Json | Type::Jsonb => "JSON_TEXT",
    };
    Ok(text.to_string())
}

fn vendor_name(ty: &Type) -> &'static str {
    match ty {
        Type::Postgres(it) => it.sql(),
        Type::Mysql(it) => it.sql(),
        Type::Varbit(_) => "BIT VARYING",
        _ => "BIT",
    }
}

/// sqlx stores a UUID as sixteen bytes, and everything about time as text.
fn strict_name(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean
        | Type::TinyInteger
        | Type::SmallInteger
        | Type::Integer
        | Type::BigInteger => "INTEGER",
        Type::Real | Type::Double | Type::Numeric | Type::Decimal(..) => "REAL",
        Type::Binary | Type::FixedBinary(_) | Type::Varbinary(_) | Type::Uuid => "BLOB",
        _ => "TEXT",
    }
}

/// The spelling in which two types are compared.
pub(super) fn canonical(ty: &Type, strict: bool) -> String {
    match ty {
        // The labels are compared as those of the schema's enum types.
        Type::Enum(it) => format!("ENUM {}", it.name.name),
        Type::Array(item) => format!("{}[]", canonical(item, strict)),
        Type::Interval => "INTERVAL".into(),
        Type::Custom(text) => match parse(text) {
            Type::Custom(text) => collapse(&text),
            known => canonical(&known, strict),
        },
        // Both are text to SQLite, with an offset or without.
        Type::TimestampTz if !strict => "TIMESTAMP".into(),
        ty => spell(ty, strict).unwrap_or_default(),
    }
}

/// Upper case, single spaces, none around parentheses.
fn collapse(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace(" (", "(").to_ascii_uppercase()
}

/// What a declared type means. What is not one of ours stays as its text.
pub(super) fn parse(declared: &str) -> Type {
    let custom = || Type::Custom(declared.to_string());
    let Some((name, arguments)) = read(declared) else {
        return custom();
    };
    match (name.as_str(), arguments.as_slice()) {
        ("BOOLEAN" | "BOOL", []) => Type::Boolean,
        ("TINYINT", []) => Type::TinyInteger,
        ("SMALLINT" | "INT2", []) => Type::SmallInteger,
        ("INTEGER" | "INT" | "INT4", []) => Type::Integer,
        ("BIGINT" | "INT8", []) => Type::BigInteger,
        ("REAL" | "FLOAT4", []) => Type::Real,
        ("DOUBLE" | "DOUBLE PRECISION" | "FLOAT" | "FLOAT8", []) => Type::Double,
        ("NUMERIC" | "DECIMAL", []) => Type::Numeric,
        ("NUMERIC" | "DECIMAL", [precision]) => Type::Decimal(*precision, 0),
        ("NUMERIC" | "DECIMAL", [precision, scale]) => Type::Decimal(*precision, *scale),
        ("VARCHAR" | "CHARACTER VARYING", []) => Type::String,
        ("VARCHAR" | "CHARACTER VARYING", [length]) => Type::Varchar(*length),
        ("CHAR" | "CHARACTER", [length]) => Type::Char(*length),
        ("TEXT", []) => Type::Text,
        ("BLOB", []) => Type::Binary,
        ("DATE", []) => Type::Date,
        ("TIME", []) => Type::Time,
        ("TIMESTAMP", []) => Type::Timestamp,
        ("DATETIME" | "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE", []) => Type::TimestampTz,
        ("UUID_BLOB" | "UUID", []) => Type::Uuid,
        ("JSON_TEXT" | "JSON", []) => Type::Json,
        ("JSONB_TEXT" | "JSONB", []) => Type::Jsonb,
        _ => custom(),
    }
}

/// The name of a type in upper case, and its arguments.
fn read(declared: &str) -> Option<(String, Vec<u32>)> {
    let mut cursor = Cursor::new(declared).ok()?;
    let mut words = Vec::new();
    while !cursor.is_done() && !cursor.is("(") {
        words.push(cursor.name().ok()?.to_ascii_uppercase());
    }
    let mut arguments = Vec::new();
    if !cursor.is_done() {
        let group = cursor.group().ok()?;
        for argument in group.split(',') {
            arguments.push(argument.trim().parse().ok()?);
        }
    }
    cursor.is_done().then(|| (words.join(" "), arguments))
}

pub(super) fn unsupported(operation: &str, instead: &str) -> Error {
    Error::Unsupported {
        operation: operation.to_string(),
        dialect: super::NAME,
        instead: instead.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Type] = &[
        Type::Boolean,
        Type::SmallInteger,
        Type::Integer,
        Type::BigInteger,
        Type::Real,
        Type::Double,
        Type::Numeric,
        Type::Decimal(10, 2),
        Type::String,
        Type::Varchar(30),
        Type::Char(3),
        Type::Text,
        Type::Binary,
        Type::Date,
        Type::Time,
        Type::Timestamp,
        Type::TimestampTz,
        Type::Uuid,
        Type::Json,
    ];

    #[test]
    fn what_is_spelled_is_read_back() {
        for ty in ALL {
            assert_eq!(parse(&spell(ty, false).unwrap()), *ty);
            let strict = spell(ty, true).unwrap();
            assert_eq!(
                canonical(&parse(&strict), true),
                canonical(ty, true),
                "{strict}"
            );
        }
        assert_eq!(parse("jsonb"), Type::Jsonb);
        assert_eq!(
            canonical(&Type::Jsonb, false),
            canonical(&Type::Json, false)
        );
    }

    #[test]
    fn lengths_tell_types_apart_and_spelling_does_not() {
        let canonical = |text: &str| canonical(&parse(text), false);
        assert_ne!(canonical("VARCHAR(30)"), canonical("varchar(255)"));
        assert_eq!(canonical("decimal(10,2)"), canonical("NUMERIC (10, 2)"));
        assert_eq!(canonical("int"), canonical("INTEGER"));
        assert_eq!(canonical("my  type ( 1 )"), canonical("MY TYPE( 1 )"));
        assert_eq!(canonical(""), "");
    }
}
