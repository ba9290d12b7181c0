//! Types: our spelling of them, and the spelling in which the database echoes them.

use super::pieces::{Kind, Piece, read};
use super::{Postgres, words};
use crate::error::{Error, Result};
use crate::schema::{Column, PostgresType, QualifiedName, Type};
use crate::sql::{Spell, closed};

/// The most digits of a second that are kept
/// (<https://www.postgresql.org/docs/current/datatype-datetime.html>); more are cut with a warning.
const DIGITS_OF_A_SECOND: u32 = 6;

/// A type in a statement.
pub(super) fn spell(dialect: &Postgres, ty: &Type) -> Result<String> {
    Ok(match ty {
        Type::Boolean => "BOOLEAN".into(),
        Type::TinyInteger | Type::SmallInteger => "SMALLINT".into(),
        Type::Integer => "INTEGER".into(),
        Type::BigInteger => "BIGINT".into(),
        Type::Real => "REAL".into(),
        Type::Double => "DOUBLE PRECISION".into(),
        Type::Numeric => "NUMERIC".into(),
        Type::Decimal(precision, scale) => format!("NUMERIC({precision}, {scale})"),
        Type::String => "VARCHAR".into(),
        Type::Varchar(length) => format!("VARCHAR({length})"),
        Type::Char(length) => format!("CHAR({length})"),
        Type::Text => "TEXT".into(),
        Type::Binary | Type::FixedBinary(_) | Type::Varbinary(_) => "BYTEA".into(),
        Type::Bit(length) => format!("BIT({length})"),
        Type::Varbit(None) => "BIT VARYING".into(),
        Type::Varbit(Some(length)) => format!("BIT VARYING({length})"),
        Type::Date => "DATE".into(),
        Type::Time => "TIME".into(),
        Type::TimeTz => "TIME WITH TIME ZONE".into(),
        Type::Timestamp => "TIMESTAMP".into(),
        Type::TimestampTz => "TIMESTAMP WITH TIME ZONE".into(),
        Type::Interval => "INTERVAL".into(),
        Type::Uuid => "UUID".into(),
        Type::Json => "JSON".into(),
        Type::Jsonb => "JSONB".into(),
        Type::Enum(it) => dialect.qualified(&it.name)?,
        Type::Array(item) => format!("{}[]", spell(dialect, item)?),
        Type::Unsigned(of) => spell(dialect, &signed(of))?,
        Type::Precise(of, digits) => {
            may_be_precise(dialect, of, *digits)?;
            precise(&spell(dialect, of)?, *digits)
        }
        Type::Postgres(it) if is_multirange(*it) && dialect.major < FIRST_MULTIRANGES => {
            return Err(lacking(dialect, it.sql(), ty));
        }
        Type::Postgres(it) => it.sql().into(),
        Type::Mysql(it) => return Err(lacking(dialect, it.sql(), ty)),
        Type::Custom(text) if ty.instead().is_some() => return Err(lacking(dialect, text, ty)),
        Type::Custom(text) => closed(text),
    })
}

/// The first version that has multiranges (<https://www.postgresql.org/docs/14/release-14.html>).
const FIRST_MULTIRANGES: u32 = 14;

fn is_multirange(ty: PostgresType) -> bool {
    ty.sql().ends_with("MULTIRANGE")
}

/// The refusal of a type that this server does not have.
fn lacking(dialect: &Postgres, name: &str, ty: &Type) -> Error {
    let instead = ty.instead().unwrap_or("`Type::Text`");
    dialect.unsupported(
        format!("have a column of type {name}"),
        format!("take {instead}"),
    )
}

/// Refuses digits of a second where there are no seconds, and more of them than are kept.
fn may_be_precise(dialect: &Postgres, of: &Type, digits: u32) -> Result<()> {
    if !of.has_seconds() {
        return Err(dialect.unsupported(
            "have digits of a second in a type without seconds",
            "take `Type::Decimal` for a number of digits",
        ));
    }
    if digits > DIGITS_OF_A_SECOND {
        return Err(dialect.unsupported(
            format!("keep {digits} digits of a second"),
            "take 6, which are microseconds, or a number of nanoseconds as `Type::BigInteger`",
        ));
    }
    Ok(())
}

/// Whether a type may be one of text, whose values have a collation. Of one by name nothing is known.
pub(super) fn may_be_collated(ty: &Type) -> bool {
    match ty {
        Type::String | Type::Varchar(_) | Type::Char(_) | Type::Text => true,
        Type::Postgres(it) => matches!(it, PostgresType::Citext | PostgresType::Name),
        Type::Custom(text) => match parse(&canonical_text(text)) {
            Type::Custom(_) => true,
            known => may_be_collated(&known),
        },
        Type::Array(item) => may_be_collated(item),
        _ => false,
    }
}

/// Refuses to number a column without a sign whose type is no integer here.
pub(super) fn may_be_numbered(dialect: &Postgres, column: &Column) -> Result<()> {
    match &column.ty.written {
        Type::Unsigned(of) if **of == Type::BigInteger => Err(dialect.unsupported(
            format!(
                "number the column {} of 64 bits without a sign",
                column.name
            ),
            "take `Type::BigInteger`, whose numbers are all that a sequence gives",
        )),
        _ => Ok(()),
    }
}

/// The type that holds every value of a type without a sign.
fn signed(of: &Type) -> Type {
    match of {
        Type::TinyInteger => Type::SmallInteger,
        Type::SmallInteger => Type::Integer,
        Type::Integer => Type::BigInteger,
        // Twenty digits: 2⁶⁴ − 1.
        Type::BigInteger => Type::Decimal(20, 0),
        other => other.clone(),
    }
}

/// The digits of a second stand behind the first word: `TIMESTAMP(3) WITH TIME ZONE`.
fn precise(name: &str, digits: u32) -> String {
    match name.split_once(' ') {
        Some((word, rest)) => format!("{word}({digits}) {rest}"),
        None => format!("{name}({digits})"),
    }
}

/// A name as the database would echo it, whether or not it could hold it.
pub(super) fn quoted(name: &QualifiedName) -> String {
    let last = words::quote(&name.name);
    match &name.schema {
        Some(schema) => format!("{}.{last}", words::quote(schema)),
        None => last,
    }
}

/// The spelling in which `format_type` echoes a type: `character varying(32)`.
pub(super) fn canonical(ty: &Type) -> String {
    match ty {
        Type::Enum(it) => quoted(&it.name),
        // An array is of any number of dimensions, whatever its declaration says.
        Type::Array(item) => match canonical(item) {
            item if item.ends_with("[]") => item,
            item => format!("{item}[]"),
        },
        Type::Decimal(precision, scale) => format!("numeric({precision},{scale})"),
        Type::Varchar(length) => format!("character varying({length})"),
        Type::Char(length) => format!("character({length})"),
        Type::Custom(text) => canonical_text(text),
        Type::Double => "double precision".into(),
        Type::String => "character varying".into(),
        Type::Binary => "bytea".into(),
        Type::FixedBinary(_) | Type::Varbinary(_) => "bytea".into(),
        Type::Bit(length) => format!("bit({length})"),
        Type::Varbit(None) => "bit varying".into(),
        Type::Varbit(Some(length)) => format!("bit varying({length})"),
        Type::BigInteger => "bigint".into(),
        Type::TinyInteger | Type::SmallInteger => "smallint".into(),
        Type::Unsigned(of) => canonical(&signed(of)),
        Type::Precise(of, digits) => precise(&canonical(of), *digits),
        Type::Postgres(it) => it.sql().to_lowercase(),
        Type::Mysql(it) => it.sql().to_lowercase(),
        Type::TimeTz => "time with time zone".into(),
        Type::Time => "time without time zone".into(),
        Type::Timestamp => "timestamp without time zone".into(),
        Type::TimestampTz => "timestamp with time zone".into(),
        plain => format!("{plain:?}").to_lowercase(),
    }
}

/// Whether a foreign key can compare columns of these types: those of one operator family, or of the same name.
pub(super) fn are_compared(one: &Type, other: &Type) -> bool {
    let (one, other) = (canonical(one), canonical(other));
    let name = |it: &str| match it.split_once('(') {
        Some((name, rest)) => format!("{name}{}", rest.split_once(')').map_or("", |it| it.1)),
        None => it.to_string(),
    };
    let (one, other) = (name(&one), name(&other));
    one == other
        || FAMILIES
            .iter()
            .any(|it| it.contains(&&*one) && it.contains(&&*other))
}

/// Types of one operator family (<https://www.postgresql.org/docs/current/btree-behavior.html>).
const FAMILIES: [&[&str]; 4] = [
    &["smallint", "integer", "bigint"],
    &["real", "double precision"],
    &["character varying", "text"],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
];

/// The type that a canonical spelling stands for.
pub(super) fn parse(canonical: &str) -> Type {
    if let Some(item) = canonical.strip_suffix("[]") {
        return parse(item).array();
    }
    match canonical {
        "boolean" => Type::Boolean,
        "smallint" => Type::SmallInteger,
        "integer" => Type::Integer,
        "bigint" => Type::BigInteger,
        "real" => Type::Real,
        "double precision" => Type::Double,
        "numeric" => Type::Numeric,
        "character varying" => Type::String,
        "text" => Type::Text,
        "bytea" => Type::Binary,
        "date" => Type::Date,
        "time without time zone" => Type::Time,
        "time with time zone" => Type::TimeTz,
        "timestamp without time zone" => Type::Timestamp,
        "timestamp with time zone" => Type::TimestampTz,
        "interval" => Type::Interval,
        "bit varying" => Type::Varbit(None),
        "uuid" => Type::Uuid,
        "json" => Type::Json,
        "jsonb" => Type::Jsonb,
        other => PostgresType::by_name(other)
            .map(Type::Postgres)
            .or_else(|| parse_sized(other))
            .unwrap_or_else(|| Type::Custom(other.to_string())),
    }
}

/// `numeric(10,2)`, and `timestamp(3) with time zone`, whose size stands behind the first word.
fn parse_sized(canonical: &str) -> Option<Type> {
    let (base, rest) = canonical.split_once('(')?;
    let (size, zone) = rest.split_once(')')?;
    let number = || size.parse::<u32>().ok();
    Some(match (base, zone) {
        ("numeric", "") => {
            let (precision, scale) = size.split_once(',')?;
            Type::Decimal(precision.parse().ok()?, scale.parse().ok()?)
        }
        ("character varying", "") => Type::Varchar(number()?),
        ("character", "") => Type::Char(number()?),
        ("bit", "") => Type::Bit(number()?),
        ("bit varying", "") => Type::Varbit(Some(number()?)),
        ("interval", "") => Type::Interval.precision(number()?),
        ("time" | "timestamp", _) => match parse(&format!("{base}{zone}")) {
            Type::Custom(_) => return None,
            whole => whole.precision(number()?),
        },
        _ => return None,
    })
}

/// A type that somebody wrote, as `format_type` echoes it. What is not known passes, its case folded.
pub(super) fn canonical_text(text: &str) -> String {
    let Some(mut pieces) = read(text) else {
        return text.trim().to_string();
    };
    let is_array = strip_array(&mut pieces);
    let name = canonical_item(&pieces);
    match is_array {
        true => format!("{name}[]"),
        false => name,
    }
}

/// Takes `[]`, `[3]` and `ARRAY` off the end.
fn strip_array(pieces: &mut Vec<Piece>) -> bool {
    let before = pieces.len();
    loop {
        match pieces.last().map(|it| it.text.as_str()) {
            Some("]") => match pieces.iter().rposition(|it| it.text == "[") {
                Some(open) => pieces.truncate(open),
                None => break,
            },
            Some("array") => {
                pieces.pop();
            }
            _ => break,
        }
    }
    pieces.len() < before
}

fn canonical_item(pieces: &[Piece]) -> String {
    let open = pieces.iter().position(|it| it.text == "(");
    let close = pieces.iter().rposition(|it| it.text == ")");
    let (base, size, rest) = match (open, close) {
        (Some(open), Some(close)) if open < close => (
            &pieces[..open],
            &pieces[open + 1..close],
            &pieces[close + 1..],
        ),
        _ => (pieces, &pieces[..0], &pieces[..0]),
    };
    let base = match base {
        [schema, dot, name @ ..] if schema.text == "pg_catalog" && dot.text == "." => name,
        other => other,
    };
    let size: String = size.iter().map(|it| it.text.as_str()).collect();
    let rest = joined(rest);
    let base = joined(base);
    let (name, zone) = match base.split_once(' ') {
        Some((name @ ("time" | "timestamp"), zone)) => (name, zone.to_string()),
        _ => (base.as_str(), rest.clone()),
    };
    let sized = |name: &str, size: &str| match size {
        "" => name.to_string(),
        size => format!("{name}({size})"),
    };
    let or_one = |size: &str| {
        if size.is_empty() {
            "1".into()
        } else {
            size.to_string()
        }
    };
    match name {
        "int" | "int4" | "integer" | "serial" | "serial4" => "integer".into(),
        "bigint" | "int8" | "bigserial" | "serial8" => "bigint".into(),
        "smallint" | "int2" | "smallserial" | "serial2" => "smallint".into(),
        "bool" | "boolean" => "boolean".into(),
        "float4" | "real" => "real".into(),
        "float" if size.parse::<u32>().is_ok_and(|bits| bits <= 24) => "real".into(),
        "float" | "float8" | "double precision" => "double precision".into(),
        "decimal" | "dec" | "numeric" if !size.is_empty() && !size.contains(',') => {
            format!("numeric({size},0)")
        }
        "decimal" | "dec" | "numeric" => sized("numeric", &size),
        "varchar"
        | "character varying"
        | "char varying"
        | "nchar varying"
        | "national character varying"
        | "national char varying" => sized("character varying", &size),
        "char" | "character" | "nchar" | "national character" | "national char" => {
            sized("character", &or_one(&size))
        }
        "bpchar" if !size.is_empty() => sized("character", &size),
        "varbit" | "bit varying" => sized("bit varying", &size),
        "bit" => sized("bit", &or_one(&size)),
        "timestamptz" | "timetz" => {
            format!(
                "{} with time zone",
                sized(name.trim_end_matches("tz"), &size)
            )
        }
        "timestamp" | "time" if zone == "with time zone" => {
            format!("{} with time zone", sized(name, &size))
        }
        "timestamp" | "time" => format!("{} without time zone", sized(name, &size)),
        other if rest.is_empty() => sized(other, &size),
        other => format!("{} {rest}", sized(other, &size)),
    }
}

/// Words apart by one space, the parts of a qualified name by their dot alone.
fn joined(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let tight = out.is_empty() || piece.kind == Kind::Symbol || out.ends_with('.');
        if !tight {
            out.push(' ');
        }
        out += &piece.text;
    }
    out
}

#[cfg(test)]
mod tests;
