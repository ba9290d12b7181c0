//! Types as the corpus writes them: `Varchar(32)`, `Integer.unsigned`, `Enum(mood: sad, ok)` are the library's own, anything else
//! is a name that the database knows.

use aludel::schema::{MysqlType, PostgresType, QualifiedName, Type};

/// The type that a text stands for. Enum types live in the schema, if one is given.
pub fn read(text: &str, schema: Option<&str>) -> Type {
    let text = text.trim();
    if let Some(item) = text.strip_suffix(".array") {
        return read(item, schema).array();
    }
    if let Some(of) = text.strip_suffix(".unsigned") {
        return read(of, schema).unsigned();
    }
    if let Some((of, digits)) = text.split_once(".precision(") {
        let digits = digits.trim_end_matches(')').parse().expect("digits");
        return read(of, schema).precision(digits);
    }
    if let Some(inside) = text.strip_prefix("Enum(") {
        let inside = inside.strip_suffix(')').expect("a closing parenthesis");
        let (name, values) = inside.split_once(':').expect("a name and values");
        let values = values.split(',').map(str::trim);
        let name = match schema {
            Some(schema) => QualifiedName::from((schema, name)),
            None => name.into(),
        };
        return Type::enumeration(name, values);
    }
    if let Some(name) = text.strip_prefix("Postgres.") {
        let found = PostgresType::by_name(name).expect("a type of PostgreSQL");
        return found.into();
    }
    if let Some(name) = text.strip_prefix("Mysql.") {
        return MysqlType::by_name(name).expect("a type of MySQL").into();
    }
    let (name, numbers) = text.split_once('(').unwrap_or((text, ""));
    let numbers: Vec<u32> = numbers
        .trim_end_matches(')')
        .split(',')
        .filter_map(|it| it.trim().parse().ok())
        .collect();
    match (name, numbers[..].as_ref()) {
        ("Boolean", []) => Type::Boolean,
        ("TinyInteger", []) => Type::TinyInteger,
        ("SmallInteger", []) => Type::SmallInteger,
        ("Integer", []) => Type::Integer,
        ("BigInteger", []) => Type::BigInteger,
        ("Real", []) => Type::Real,
        ("Double", []) => Type::Double,
        ("Numeric", []) => Type::Numeric,
        ("Decimal", [precision, scale]) => Type::Decimal(*precision, *scale),
        ("String", []) => Type::String,
        ("Varchar", [length]) => Type::Varchar(*length),
        ("Char", [length]) => Type::Char(*length),
        ("Text", []) => Type::Text,
        ("Binary", []) => Type::Binary,
        ("FixedBinary", [length]) => Type::FixedBinary(*length),
        ("Varbinary", [length]) => Type::Varbinary(*length),
        ("Bit", [length]) => Type::Bit(*length),
        ("Varbit", []) => Type::Varbit(None),
        ("Varbit", [length]) => Type::Varbit(Some(*length)),
        ("Date", []) => Type::Date,
        ("Time", []) => Type::Time,
        ("TimeTz", []) => Type::TimeTz,
        ("Timestamp", []) => Type::Timestamp,
        ("TimestampTz", []) => Type::TimestampTz,
        ("Interval", []) => Type::Interval,
        ("Uuid", []) => Type::Uuid,
        ("Json", []) => Type::Json,
        ("Jsonb", []) => Type::Jsonb,
        _ => Type::custom(text),
    }
}
