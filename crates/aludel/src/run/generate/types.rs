//! Types of columns as types of Rust.

use super::Work;
use super::enums::Origin;
use crate::dialect::Dialect;
use crate::ops::code;
use crate::schema::{Column, MysqlType, PostgresType, Schema, Table, Type};

/// A type of Rust, and what is said of the column beside it.
#[derive(Debug, Clone)]
pub(super) struct RustType {
    /// The type.
    pub(super) text: String,
    /// The type of the column that it alone would give; none if it gives none.
    gives: Option<Type>,
    /// The feature that it needs.
    feature: Option<&'static str>,
    /// The enum that it is or holds.
    pub(super) of_enum: Option<String>,
}

/// What is said of a type, in `#[column(..)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing: the type of Rust says it.
    Nothing,
    /// `length = 32`
    Length(u32),
    /// `precision = 10, scale = 2`
    Decimal(u32, u32),
    /// `precision = 3`
    Precision(u32),
    /// `sql_type = Type::Text`
    Type(String),
    /// `type = "citext"`
    Name(String),
}

fn plain(text: &str, gives: Type) -> RustType {
    RustType {
        text: text.into(),
        gives: Some(gives),
        feature: None,
        of_enum: None,
    }
}

fn of(feature: &'static str, text: &str, gives: Type) -> RustType {
    RustType {
        feature: Some(feature),
        ..plain(text, gives)
    }
}

/// A type that holds the values, though its column is another one by itself.
fn like(text: &str) -> RustType {
    RustType {
        gives: None,
        ..plain(text, Type::Text)
    }
}

/// The type of a field, and what must be said beside it so that its column is the one that is there.
pub(super) fn field(work: &mut Work<'_>, table: &Table, column: &Column) -> (RustType, Said) {
    let ty = &column.ty.written;
    let origin = Origin::Column(table.name.clone(), column.name.clone());
    let rust = match work.names.enum_of(&origin) {
        Some(it) => RustType {
            of_enum: Some(it.ident.clone()),
            ..plain(&it.ident, Type::Enum(it.ty.clone()))
        },
        None => rust(work, ty),
    };
    work.features.extend(rust.feature);
    let same = |said: &Type| is_same(work.dialect, table, column, said);
    let said = match (&rust.gives, ty) {
        (Some(gives), _) if same(gives) => Said::Nothing,
        (Some(Type::String), Type::Varchar(length)) if same(ty) => Said::Length(*length),
        (Some(Type::Numeric), Type::Decimal(all, after)) if same(ty) => Said::Decimal(*all, *after),
        (Some(gives), Type::Precise(of, digits)) if gives == &**of && same(ty) => {
            Said::Precision(*digits)
        }
        (_, Type::Custom(name)) if !name.trim().is_empty() => Said::Name(name.clone()),
        _ => Said::Type(code::ty(ty)),
    };
    (rust, said)
}

/// The type that holds the values of a column type.
fn rust(work: &Work<'_>, ty: &Type) -> RustType {
    let utc = "chrono::DateTime<chrono::Utc>";
    match ty {
        Type::Boolean => plain("bool", ty.clone()),
        Type::TinyInteger => plain("i8", ty.clone()),
        Type::SmallInteger => plain("i16", ty.clone()),
        Type::Integer => plain("i32", ty.clone()),
        Type::BigInteger => plain("i64", ty.clone()),
        Type::Real => plain("f32", ty.clone()),
        Type::Double => plain("f64", ty.clone()),
        Type::Numeric | Type::Decimal(..) => {
            of("rust_decimal", "rust_decimal::Decimal", Type::Numeric)
        }
        Type::String | Type::Varchar(_) | Type::Char(_) | Type::Text => {
            plain("String", Type::String)
        }
        Type::Binary | Type::FixedBinary(_) | Type::Varbinary(_) => plain("Vec<u8>", Type::Binary),
        Type::Varbit(_) => of("bit-vec", "bit_vec::BitVec", Type::Varbit(None)),
        Type::Bit(_) if work.dialect.features().enum_types => {
            of("bit-vec", "bit_vec::BitVec", Type::Varbit(None))
        }
        Type::Bit(_) => like("u64"),
        Type::Date => of("chrono", "chrono::NaiveDate", ty.clone()),
        Type::Time => of("chrono", "chrono::NaiveTime", ty.clone()),
        Type::Timestamp => of("chrono", "chrono::NaiveDateTime", ty.clone()),
        Type::TimestampTz => of("chrono", utc, ty.clone()),
        Type::Uuid => of("uuid", "uuid::Uuid", ty.clone()),
        Type::Json | Type::Jsonb => of("json", "serde_json::Value", Type::Json),
        Type::Precise(item, _) => rust(work, item),
        Type::Unsigned(item) => match &**item {
            Type::TinyInteger => plain("u8", ty.clone()),
            Type::SmallInteger => plain("u16", ty.clone()),
            Type::Integer => plain("u32", ty.clone()),
            Type::BigInteger => plain("u64", ty.clone()),
            Type::Mysql(MysqlType::MediumInteger) => like("u32"),
            other => rust(work, other),
        },
        Type::Enum(it) => match work.names.enum_of(&Origin::Type(it.name.clone())) {
            Some(known) => RustType {
                of_enum: Some(known.ident.clone()),
                ..plain(&known.ident, ty.clone())
            },
            None => like("String"),
        },
        Type::Array(item) => {
            let item = rust(work, item);
            RustType {
                text: format!("Vec<{}>", item.text),
                gives: item.gives.map(Type::array),
                feature: item.feature,
                of_enum: item.of_enum,
            }
        }
        Type::Postgres(it) => vendor(*it),
        Type::Mysql(it) => match it {
            MysqlType::MediumInteger => like("i32"),
            MysqlType::Year => like("u16"),
            MysqlType::TinyText | MysqlType::MediumText | MysqlType::LongText => {
                plain("String", Type::String)
            }
            MysqlType::Inet4 | MysqlType::Inet6 => like("String"),
            _ => plain("Vec<u8>", Type::Binary),
        },
        Type::Custom(name) => named(work, name),
        Type::TimeTz | Type::Interval => like("String"),
    }
}

fn vendor(ty: PostgresType) -> RustType {
    let gives = Type::Postgres(ty);
    match ty {
        PostgresType::Inet => plain("std::net::IpAddr", gives),
        PostgresType::Cidr => of(
            "ipnetwork",
            "ipnetwork::IpNetwork",
            Type::Postgres(PostgresType::Inet),
        ),
        PostgresType::MacAddr => of("mac_address", "mac_address::MacAddress", gives),
        PostgresType::Money => like("i64"),
        PostgresType::Oid => like("u32"),
        _ => like("String"),
    }
}

/// A domain holds what the type below it holds; a `serial` is a number.
fn named(work: &Work<'_>, name: &str) -> RustType {
    let domains = work.schema.objects.domains.values();
    let mut same = domains.filter(|it| it.name.name == *name || it.name.to_string() == *name);
    if let Some(domain) = same.next() {
        return RustType {
            gives: None,
            ..rust(work, &domain.ty.written)
        };
    }
    match name.to_ascii_lowercase().as_str() {
        "serial" | "serial4" => like("i32"),
        "bigserial" | "serial8" => like("i64"),
        "smallserial" | "serial2" => like("i16"),
        _ => like("String"),
    }
}

/// Whether a column of the type that was said is the one that is there.
pub(super) fn is_same(dialect: &dyn Dialect, table: &Table, column: &Column, said: &Type) -> bool {
    let mut tried = Table::new(table.name.clone());
    tried.options = table.options.clone();
    tried.columns.push(Column {
        ty: said.clone().into(),
        ..column.clone()
    });
    let mut schema = Schema::default();
    if let Type::Enum(ty) = said {
        schema.add_enum(ty.clone());
    }
    schema.add_table(tried);
    dialect.normalize(&mut schema);
    let tried = schema.tables.get(&table.name);
    let found = tried.and_then(|it| it.find_column(&column.name));
    found.is_some_and(|it| it.ty == column.ty && schema.tables[&table.name].constraints.is_empty())
}

/// The values of a column that lists them itself: `enum('a', 'b')`.
pub(super) fn listed(ty: &Type) -> Option<Vec<String>> {
    let Type::Custom(text) = ty else { return None };
    let rest = text.trim().get(4..)?.trim_start();
    if !text.trim().get(..4)?.eq_ignore_ascii_case("enum") {
        return None;
    }
    let mut inside = rest.strip_prefix('(')?.strip_suffix(')')?.trim();
    let mut values = Vec::new();
    loop {
        let mut value = String::new();
        let mut chars = inside.strip_prefix('\'')?.char_indices();
        let end = loop {
            match chars.next()? {
                (at, '\'') if inside[at + 2..].starts_with('\'') => {
                    value.push('\'');
                    chars.next();
                }
                (at, '\'') => break at + 2,
                // What is escaped reads differently by the server's settings.
                (_, '\\') => return None,
                (_, c) => value.push(c),
            }
        };
        values.push(value);
        inside = inside[end..].trim_start();
        match inside.strip_prefix(',') {
            Some(rest) => inside = rest.trim_start(),
            None if inside.is_empty() => return Some(values),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_values_are_read() {
        let listed = |text: &str| listed(&Type::custom(text));
        assert_eq!(
            listed("enum('a','it''s',',b')").unwrap(),
            ["a", "it's", ",b"]
        );
        assert_eq!(listed("ENUM ( 'ä' , '' )").unwrap(), ["ä", ""]);
        for other in [
            "set('a')",
            "enum",
            "enum()",
            "enum('a'",
            "enum('a' 'b')",
            "enum('a\\n')",
        ] {
            assert_eq!(listed(other), None, "{other}");
        }
    }
}
