//! Types: how tables of MySQL and MariaDB spell them, and what a declared type means.
//!
//! A time keeps six digits of its second here, as on the other databases, unless it is told otherwise: `DATETIME` alone would
//! round a value to whole seconds without a word. `Type::Timestamp.precision(0)` is plain `DATETIME`.

use super::Mysql;
use super::text;
use crate::error::Result;
use crate::schema::{Expr, MysqlType, Type};
use crate::sql::{Spell, closed};

/// How many digits of a second a type has, if it is one that has any.
pub(super) fn second_digits(ty: &Type) -> Option<u32> {
    match ty {
        Type::Time | Type::Timestamp | Type::TimestampTz => Some(6),
        Type::Precise(of, digits) => second_digits(of).map(|_| *digits),
        Type::Custom(text) => match parse(text) {
            Type::Custom(_) => None,
            known => second_digits(&known),
        },
        _ => None,
    }
}

/// The text of a type.
pub(super) fn spell(dialect: &Mysql, ty: &Type) -> Result<String> {
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("have a column of type {what}"), instead))
    };
    Ok(match ty {
        Type::Custom(text) => closed(text),
        Type::Enum(ty) => {
            let labels: Result<Vec<String>> =
                ty.values.iter().map(|it| dialect.string(it)).collect();
            format!("ENUM({})", labels?.join(", "))
        }
        Type::Varchar(length) => format!("VARCHAR({length})"),
        Type::Char(length) => format!("CHAR({length})"),
        Type::Decimal(precision, scale) => format!("DECIMAL({precision}, {scale})"),
        Type::FixedBinary(length) => format!("BINARY({length})"),
        Type::Varbinary(length) => format!("VARBINARY({length})"),
        Type::Bit(length) => format!("BIT({length})"),
        Type::Unsigned(of) => match **of {
            Type::Real | Type::Double | Type::Decimal(..) => {
                format!("{} UNSIGNED", spell(dialect, of)?)
            }
            _ if of.is_integer() => format!("{} UNSIGNED", spell(dialect, of)?),
            _ => {
                return refused(
                    "UNSIGNED that is no number",
                    "take the sign's absence to a check",
                );
            }
        },
        Type::Time | Type::Timestamp | Type::TimestampTz => time(ty, 6),
        Type::Precise(of, digits) => match **of {
            Type::Time | Type::Timestamp | Type::TimestampTz => time(of, *digits),
            Type::Interval => return spell(dialect, of),
            _ => {
                return refused(
                    "with digits of a second that has none",
                    "leave `precision` out",
                );
            }
        },
        Type::Mysql(MysqlType::Inet4) if !dialect.can.inet4 => {
            return refused("INET4", "keep the address as VARBINARY(4), by INET_ATON");
        }
        Type::Mysql(MysqlType::Inet6) if !dialect.can.inet6 => {
            return refused("INET6", "keep the address as VARBINARY(16), by INET6_ATON");
        }
        Type::Mysql(it) => it.sql().to_string(),
        Type::Numeric => {
            return refused(
                "NUMERIC without digits, which would keep no fraction",
                "say how many digits it has, `Type::Decimal(precision, scale)`",
            );
        }
        Type::Array(_) => {
            return refused(
                "ARRAY",
                "keep the values as JSON, or in a table of their own",
            );
        }
        Type::Interval => return refused("INTERVAL", "keep a number of seconds as BIGINT"),
        Type::TimeTz => return refused("TIME WITH TIME ZONE", "keep a TIME in UTC"),
        Type::Varbit(_) => return refused("BIT VARYING", "take BIT or VARBINARY of a length"),
        Type::Postgres(it) => {
            return refused(it.sql(), &format!("take {}", it.instead()));
        }
        plain => name(plain).to_string(),
    })
}

fn name(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "BOOL",
        Type::TinyInteger => "TINYINT",
        Type::SmallInteger => "SMALLINT",
        Type::Integer => "INTEGER",
        Type::BigInteger => "BIGINT",
        Type::Real => "FLOAT",
        Type::Double => "DOUBLE",
        Type::String => "VARCHAR(255)",
        Type::Binary => "LONGBLOB",
        Type::Date => "DATE",
        // The driver sends and reads a UUID as its sixteen bytes.
        Type::Uuid => "BINARY(16)",
        Type::Json | Type::Jsonb => "JSON",
        _ => "TEXT",
    }
}

fn time(ty: &Type, digits: u32) -> String {
    let name = match ty {
        Type::Time => "TIME",
        Type::Timestamp => "DATETIME",
        _ => "TIMESTAMP",
    };
    match digits {
        0 => name.to_string(),
        digits => format!("{name}({digits})"),
    }
}

/// Whether a literal default must be written as an expression: these types take no other on MySQL
/// (<https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html>).
pub(super) fn takes_no_literal_default(canonical: &str) -> bool {
    let word = leading_word(canonical);
    word.ends_with("text") || word.ends_with("blob") || word == "json" || is_spatial(word)
}

/// Whether a type is one of text, which has a character set and a collation.
pub(super) fn is_text(canonical: &str) -> bool {
    let word = leading_word(canonical);
    matches!(word, "char" | "varchar" | "enum" | "set") || word.ends_with("text")
}

/// How many characters or bytes a value of a type has at most, where the type says so.
pub(super) fn length(canonical: &str) -> Option<u32> {
    let (name, rest) = canonical.split_once('(')?;
    let counted = matches!(name, "char" | "varchar" | "binary" | "varbinary");
    let length = rest.split_once(')')?.0.parse().ok();
    length.filter(|_| counted)
}

/// Whether a type is one of bytes.
pub(super) fn is_binary(canonical: &str) -> bool {
    matches!(leading_word(canonical), "binary" | "varbinary")
}

/// Whether a type is a point in time, that may follow the clock by itself.
pub(super) fn is_timestamp(canonical: &str) -> bool {
    matches!(leading_word(canonical), "timestamp" | "datetime")
}

/// Whether a type is a number.
pub(super) fn is_number(canonical: &str) -> bool {
    matches!(
        leading_word(canonical),
        "tinyint"
            | "smallint"
            | "mediumint"
            | "int"
            | "bigint"
            | "decimal"
            | "float"
            | "double"
            | "year"
    )
}

fn is_spatial(word: &str) -> bool {
    let types = [
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
        "geomcollection",
    ];
    types.contains(&word)
}

fn leading_word(canonical: &str) -> &str {
    canonical.split(['(', ' ']).next().unwrap_or_default()
}

/// The spelling in which two types are compared: the catalog's, without the display widths that mean nothing.
pub(super) fn canonical(dialect: &Mysql, ty: &Type) -> String {
    match ty {
        Type::Custom(text) => canonical_text(text),
        Type::Jsonb => canonical(dialect, &Type::Json),
        Type::Json => "json".into(),
        // What cannot be said is compared by what it is, and refused when it is spelled.
        ty => match spell(dialect, ty) {
            Ok(text) => canonical_text(&text),
            Err(_) => format!("{ty:?}"),
        },
    }
}

/// The canonical spelling of a declared type.
pub(super) fn canonical_text(declared: &str) -> String {
    let Some(read) = Read::of(declared) else {
        return text::canonical(declared);
    };
    let arguments: Vec<String> = read
        .arguments
        .iter()
        .map(|it| text::canonical(it))
        .collect();
    let mut text = match (synonym(&read.name), arguments.as_slice()) {
        ("bool" | "boolean", []) => "tinyint(1)".to_string(),
        ("tinyint", [one]) if one == "1" && !read.unsigned => "tinyint(1)".into(),
        // A display width is what it is called, and MySQL 8.0.19 leaves it out.
        (name @ ("tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year"), _) => {
            name.into()
        }
        ("serial", []) => "bigint unsigned".into(),
        ("decimal", []) => "decimal(10,0)".into(),
        ("decimal", [precision]) => format!("decimal({precision},0)"),
        ("float", [bits]) => match bits.parse::<u32>() {
            Ok(0..=24) => "float".into(),
            _ => "double".into(),
        },
        (name @ ("char" | "binary" | "bit"), []) => format!("{name}(1)"),
        (name @ ("time" | "datetime" | "timestamp"), [digits]) if digits == "0" => name.into(),
        (name @ ("enum" | "set"), labels) => {
            let labels: Vec<String> = labels
                .iter()
                .map(|it| it.trim_end_matches(' ').to_string())
                .collect();
            format!("{name}({})", labels.join(","))
        }
        ("json", []) => "json".into(),
        ("geomcollection", []) => "geometrycollection".into(),
        (name, []) => name.into(),
        (name, arguments) => format!("{name}({})", arguments.join(",")),
    };
    if read.unsigned && !text.ends_with("unsigned") {
        text += " unsigned";
    }
    if read.zerofill {
        text += " zerofill";
    }
    text
}

/// The catalog's name of a type that has several.
fn synonym(name: &str) -> &str {
    match name {
        "integer" | "int4" => "int",
        "int1" => "tinyint",
        "int2" => "smallint",
        "int3" | "middleint" => "mediumint",
        "int8" => "bigint",
        "dec" | "numeric" | "fixed" => "decimal",
        "real" | "float8" | "double precision" => "double",
        "float4" => "float",
        "character" | "nchar" | "national char" | "national character" => "char",
        "character varying" | "char varying" | "nvarchar" | "varcharacter" => "varchar",
        "national varchar" | "national char varying" | "national character varying" => "varchar",
        "long" | "long varchar" => "mediumtext",
        "long varbinary" => "mediumblob",
        other => other,
    }
}

/// A declared type in its parts.
struct Read {
    /// In lower case, single spaces.
    name: String,
    /// As they stand.
    arguments: Vec<String>,
    unsigned: bool,
    zerofill: bool,
}

impl Read {
    fn of(declared: &str) -> Option<Self> {
        let declared = declared.trim();
        let (name, rest) = match declared.find('(') {
            Some(open) => {
                let close = text::closing(declared, open)?;
                let arguments = text::split_commas(&declared[open + 1..close]);
                let rest = declared[close + 1..].to_ascii_lowercase();
                return Self::with(&declared[..open], arguments, &rest);
            }
            None => {
                let lower = declared.to_ascii_lowercase();
                let at = lower.find(" unsigned").or_else(|| lower.find(" zerofill"));
                match at {
                    Some(at) => (declared[..at].to_string(), lower[at..].to_string()),
                    None => (declared.to_string(), String::new()),
                }
            }
        };
        Self::with(&name, Vec::new(), &rest)
    }

    fn with(name: &str, arguments: Vec<String>, rest: &str) -> Option<Self> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let known = |word: &&str| matches!(*word, "unsigned" | "zerofill" | "signed");
        if !words.iter().all(known) {
            return None;
        }
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let zerofill = words.contains(&"zerofill");
        Some(Self {
            name: name.to_ascii_lowercase(),
            arguments,
            unsigned: zerofill || words.contains(&"unsigned"),
            zerofill,
        })
    }

    fn numbers(&self) -> Option<Vec<u32>> {
        self.arguments
            .iter()
            .map(|it| it.trim().parse().ok())
            .collect()
    }
}

/// What a declared type means. What is not one of ours stays as its text.
pub(super) fn parse(declared: &str) -> Type {
    let custom = || Type::Custom(declared.to_string());
    let Some(read) = Read::of(declared).filter(|it| !it.zerofill) else {
        return custom();
    };
    let Some(numbers) = read.numbers() else {
        return custom();
    };
    let ty = match (synonym(&read.name), numbers.as_slice()) {
        ("bool" | "boolean", []) | ("tinyint", [1]) => Type::Boolean,
        ("tinyint", _) => Type::TinyInteger,
        ("smallint", _) => Type::SmallInteger,
        ("mediumint", _) => Type::Mysql(MysqlType::MediumInteger),
        ("int", _) => Type::Integer,
        ("bigint", _) => Type::BigInteger,
        ("float", []) => Type::Real,
        ("double", []) => Type::Double,
        ("decimal", [precision]) => Type::Decimal(*precision, 0),
        ("decimal", [precision, scale]) => Type::Decimal(*precision, *scale),
        ("varchar", [255]) => Type::String,
        ("varchar", [length]) => Type::Varchar(*length),
        ("char", []) => Type::Char(1),
        ("char", [length]) => Type::Char(*length),
        ("text", []) => Type::Text,
        ("longblob", []) => Type::Binary,
        ("binary", [length]) => Type::FixedBinary(*length),
        ("varbinary", [length]) => Type::Varbinary(*length),
        ("bit", [length]) => Type::Bit(*length),
        ("date", []) => Type::Date,
        ("time", digits) => precise(Type::Time, digits),
        ("datetime", digits) => precise(Type::Timestamp, digits),
        ("timestamp", digits) => precise(Type::TimestampTz, digits),
        ("json", []) => Type::Json,
        ("year", _) => Type::Mysql(MysqlType::Year),
        (name, []) => match vendor(name) {
            Some(it) => Type::Mysql(it),
            None => return custom(),
        },
        _ => return custom(),
    };
    match read.unsigned {
        true if ty == Type::Boolean => Type::TinyInteger.unsigned(),
        true => ty.unsigned(),
        false => ty,
    }
}

fn vendor(name: &str) -> Option<MysqlType> {
    let mut all = MysqlType::ALL.iter();
    all.find(|it| it.sql().eq_ignore_ascii_case(name)).copied()
}

fn precise(ty: Type, digits: &[u32]) -> Type {
    match digits {
        [6] => ty,
        [digits] => ty.precision(*digits),
        _ => ty.precision(0),
    }
}

/// A default that follows the clock says as many digits as its column has, which MySQL asks for
/// (<https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html>).
pub(super) fn with_digits(expr: &Expr, ty: &Type) -> String {
    match (text::is_clock(expr.as_str()), second_digits(ty)) {
        (true, Some(0)) => "CURRENT_TIMESTAMP".into(),
        (true, Some(digits)) => format!("CURRENT_TIMESTAMP({digits})"),
        _ => expr.to_string(),
    }
}
