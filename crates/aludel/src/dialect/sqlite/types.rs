//! Types: how SQLite's tables spell them, and what a declared type means.
//!
//! SQLite keeps the declared text and derives an affinity from it (<https://www.sqlite.org/datatype3.html#affname>). The names
//! are chosen so that the affinity stores values as they are given, and so that sqlx reads them back as the Rust type that
//! asks for them. `STRICT` tables know six names only (<https://www.sqlite.org/stricttables.html>).

use super::text::{Cursor, significant, unquote};
use crate::error::{Error, Result};
use crate::schema::Type;
use crate::sql::closed;

/// The text of a type.
pub(super) fn spell(ty: &Type, strict: bool) -> Result<String> {
    let text = match ty {
        Type::Array(_)
        | Type::Interval
        | Type::Bit(_)
        | Type::Varbit(_)
        | Type::Postgres(_)
        | Type::Mysql(_) => return Err(lacking(ty)),
        Type::Custom(text) => {
            return match ty.instead() {
                Some(_) => Err(lacking(ty)),
                None => Ok(closed(text)),
            };
        }
        Type::Precise(of, _) if !of.has_seconds() => {
            return Err(unsupported(
                "have digits of a second in a type without seconds",
                "take `Type::Decimal` for a number of digits",
            ));
        }
        // The text of a time holds as many digits as it is given, and any integer has 64 bits.
        Type::Unsigned(of) | Type::Precise(of, _) => return spell(of, strict),
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

/// The refusal of a type that SQLite does not have.
fn lacking(ty: &Type) -> Error {
    let operation = format!("have a column of type {}", name(ty));
    let instead = ty.instead().unwrap_or("`Type::Text`");
    unsupported(&operation, &format!("take {instead}"))
}

/// What a type is called where it is refused.
fn name(ty: &Type) -> String {
    match ty {
        Type::Array(item) => format!("{}[]", spell(item, false).unwrap_or_else(|_| name(item))),
        Type::Interval => "INTERVAL".into(),
        Type::Bit(length) => format!("BIT({length})"),
        Type::Varbit(Some(length)) => format!("BIT VARYING({length})"),
        Type::Varbit(None) => "BIT VARYING".into(),
        Type::Postgres(it) => it.sql().into(),
        Type::Mysql(it) => it.sql().into(),
        Type::Custom(text) => text.clone(),
        other => spell(other, false).unwrap_or_default(),
    }
}

/// The most digits of which a `REAL` keeps every one.
const DIGITS_OF_A_REAL: u32 = 15;

/// sqlx stores a UUID as sixteen bytes, and everything about time as text. A number of more digits than a float keeps is `ANY`,
/// the one type that stores what it is given; `REAL` would round even an integer.
fn strict_name(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean
        | Type::TinyInteger
        | Type::SmallInteger
        | Type::Integer
        | Type::BigInteger => "INTEGER",
        Type::Numeric => "ANY",
        Type::Decimal(precision, _) if *precision > DIGITS_OF_A_REAL => "ANY",
        Type::Real | Type::Double | Type::Decimal(..) => "REAL",
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
        Type::Custom(text) => match parse(text) {
            Type::Custom(text) => collapse(&text),
            known => canonical(&known, strict),
        },
        // Both are text to SQLite, with an offset or without.
        Type::TimestampTz if !strict => "TIMESTAMP".into(),
        Type::Unsigned(of) | Type::Precise(of, _) => canonical(of, strict),
        ty => spell(ty, strict).unwrap_or_else(|_| name(ty)),
    }
}

/// Upper case, names out of their quotes, one space between words, none in parentheses.
fn collapse(text: &str) -> String {
    let Ok(tokens) = significant(text) else {
        return text.trim().to_ascii_uppercase();
    };
    let mut out = String::new();
    let mut depth = 0;
    for token in tokens {
        let source = &text[token.start..token.end];
        let word = unquote(source).unwrap_or_else(|| source.to_string());
        match source {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if depth == 0 && !out.is_empty() => out.push(' '),
            _ => {}
        }
        out += &word.to_ascii_uppercase();
    }
    out
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
        ("TEXT" | "CLOB", []) => Type::Text,
        ("BLOB", []) => Type::Binary,
        ("DATE", []) => Type::Date,
        ("TIME", []) => Type::Time,
        ("TIME", [digits]) => Type::Time.precision(*digits),
        ("TIMESTAMP", []) => Type::Timestamp,
        ("TIMESTAMP", [digits]) => Type::Timestamp.precision(*digits),
        ("DATETIME" | "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE", []) => Type::TimestampTz,
        ("DATETIME", [digits]) => Type::TimestampTz.precision(*digits),
        ("UUID_BLOB" | "UUID", []) => Type::Uuid,
        ("JSON_TEXT" | "JSON", []) => Type::Json,
        ("JSONB_TEXT" | "JSONB", []) => Type::Jsonb,
        _ => custom(),
    }
}

/// What a declared type means, for making it again: the text itself where values are stored otherwise under our own name. A
/// column that was declared `JSON` keeps the numbers that it made of its texts.
pub(super) fn as_declared(declared: &str) -> Type {
    let ty = parse(declared);
    match spell(&ty, false) {
        Ok(own) if affinity(&own) != affinity(declared) => Type::Custom(declared.to_string()),
        _ => ty,
    }
}

/// How values are stored in a column of a declared type (<https://www.sqlite.org/datatype3.html>, section 3.1).
fn affinity(declared: &str) -> &'static str {
    let name = declared.to_ascii_uppercase();
    let has = |parts: &[&str]| parts.iter().any(|it| name.contains(it));
    match () {
        () if has(&["INT"]) => "INTEGER",
        () if has(&["CHAR", "CLOB", "TEXT"]) => "TEXT",
        () if has(&["BLOB"]) || name.trim().is_empty() => "BLOB",
        () if has(&["REAL", "FLOA", "DOUB"]) => "REAL",
        () => "NUMERIC",
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
    use crate::schema::{MysqlType, PostgresType};

    const ALL: &[Type] = &[
        Type::Boolean,
        Type::TinyInteger,
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
    fn what_would_be_stored_otherwise_keeps_its_name() {
        for (declared, ty) in [
            ("JSON", Type::custom("JSON")),
            ("uuid", Type::custom("uuid")),
            ("JSON_TEXT", Type::Json),
            ("INT", Type::Integer),
            ("FLOAT", Type::Double),
            ("DATETIME", Type::TimestampTz),
        ] {
            assert_eq!(as_declared(declared), ty);
        }
        let json = canonical(&as_declared("JSON"), false);
        assert_eq!(json, canonical(&Type::Json, false));
    }

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
    fn what_any_database_may_declare_is_read() {
        for (declared, ty) in [
            ("clob", Type::Text),
            ("double   precision", Type::Double),
            ("\"VARCHAR\" ( 20 )", Type::Varchar(20)),
            ("[decimal](10 , 2)", Type::Decimal(10, 2)),
            ("timestamp(3)", Type::Timestamp.precision(3)),
            ("Time /* of day */ (6)", Type::Time.precision(6)),
            ("INT", Type::Integer),
            ("TINYINT", Type::TinyInteger),
        ] {
            assert_eq!(parse(declared), ty, "{declared}");
        }
        for name in [
            "NVARCHAR(20)",
            "TINYINT(1)",
            "ANY",
            "BINARY(16)",
            "POINT",
            "",
        ] {
            assert_eq!(parse(name), Type::custom(name));
        }
    }

    #[test]
    fn digits_of_a_second_and_signs_do_not_tell_types_apart() {
        for (written, same) in [
            (Type::TimestampTz.precision(3), Type::Timestamp),
            (Type::Time.precision(0), Type::TimeTz),
            (Type::Integer.unsigned(), Type::Integer),
            (Type::BigInteger.unsigned(), Type::BigInteger),
        ] {
            assert_eq!(canonical(&written, false), canonical(&same, false));
            assert_eq!(canonical(&written, true), canonical(&same, true));
        }
    }

    #[test]
    fn each_type_that_is_missing_has_its_own_alternative() {
        let instead = |ty: Type| match spell(&ty, false) {
            Err(Error::Unsupported {
                operation, instead, ..
            }) => format!("{operation}: {instead}"),
            other => format!("{other:?}"),
        };
        let inet = instead(PostgresType::Inet.into());
        assert_eq!(inet, "have a column of type INET: take `Type::Varchar(43)`");
        let year = instead(MysqlType::Year.into());
        assert_eq!(
            year,
            "have a column of type YEAR: take `Type::SmallInteger`"
        );
        assert!(
            instead(Type::Varchar(3).array()).starts_with("have a column of type VARCHAR(3)[]: ")
        );
        assert!(instead(Type::Varbit(Some(5)).array()).contains("BIT VARYING(5)[]"));
        assert!(instead(Type::Interval.precision(3)).contains("number of seconds"));
        assert!(instead(Type::custom("SET('a', 'b')")).contains("a table of its own"));
        assert!(instead(Type::Integer.precision(3)).contains("without seconds"));
        assert_ne!(
            canonical(&PostgresType::Inet.into(), false),
            canonical(&PostgresType::Cidr.into(), false)
        );
    }

    #[test]
    fn numbers_of_many_digits_are_not_rounded_in_strict_tables() {
        for (ty, strict) in [
            (Type::Decimal(15, 2), "REAL"),
            (Type::Decimal(16, 2), "ANY"),
            (Type::Numeric, "ANY"),
            (Type::Double, "REAL"),
        ] {
            assert_eq!(spell(&ty, true).unwrap(), strict);
        }
    }

    #[test]
    fn lengths_tell_types_apart_and_spelling_does_not() {
        let canonical = |text: &str| canonical(&parse(text), false);
        assert_ne!(canonical("VARCHAR(30)"), canonical("varchar(255)"));
        assert_eq!(canonical("decimal(10,2)"), canonical("NUMERIC (10, 2)"));
        assert_eq!(canonical("int"), canonical("INTEGER"));
        for text in [
            "MY TYPE( 1,2 )",
            "my  type ( 1 , 2)",
            "\"My\" [type](1, 2)",
            "my/**/type(1,2)",
        ] {
            assert_eq!(canonical(text), "MY TYPE(1,2)");
        }
        assert_ne!(canonical("my type"), canonical("mytype"));
        assert_eq!(canonical(""), "");
    }
}
