//! Types and expressions: what an author wrote, beside what a database makes of it.

use super::vendor::{MysqlType, PostgresType, instead_of_a_list};
use super::{Former, Ident, QualifiedName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A leaf of the schema that a database echoes in its own words: `now()` comes back as `CURRENT_TIMESTAMP`.
///
/// Both are kept. What is written goes into revisions; equality asks the canonical spelling where both sides have one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spelled<T> {
    /// As the author, or the database that was inspected, put it.
    pub written: T,
    /// As the dialect's normaliser, or the database itself, spells it.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub canonical: Option<String>,
}

impl<T> Spelled<T> {
    /// A leaf that no normaliser has seen yet.
    pub fn new(written: T) -> Self {
        Self {
            written,
            canonical: None,
        }
    }

    /// A leaf with its canonical spelling.
    pub fn canonical(written: T, canonical: impl Into<String>) -> Self {
        Self {
            written,
            canonical: Some(canonical.into()),
        }
    }
}

impl<T: PartialEq> PartialEq for Spelled<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.canonical, &other.canonical) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => self.written == other.written,
        }
    }
}

impl<T> From<T> for Spelled<T> {
    fn from(written: T) -> Self {
        Self::new(written)
    }
}

/// SQL text of an expression, taken as it is: a default, a check, an index key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expr(String);

impl Expr {
    /// Wraps SQL text. The text is not examined: it comes from the author of a model or revision.
    pub fn new(sql: impl Into<String>) -> Self {
        Self(sql.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: Into<String>> From<T> for Expr {
    fn from(sql: T) -> Self {
        Self(sql.into())
    }
}

impl From<&str> for Spelled<Expr> {
    fn from(sql: &str) -> Self {
        Self::new(sql.into())
    }
}

impl From<String> for Spelled<Expr> {
    fn from(sql: String) -> Self {
        Self::new(sql.into())
    }
}

/// The type of a column. Each dialect has a spelling for each; what is not listed passes by name through [`Type::Custom`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// `BOOLEAN`.
    Boolean,
    /// `TINYINT`, 8 bits, where the database has one.
    TinyInteger,
    /// `SMALLINT`, 16 bits.
    SmallInteger,
    /// `INTEGER`, 32 bits.
    Integer,
    /// `BIGINT`, 64 bits.
    BigInteger,
    /// `REAL`, a 32-bit float.
    Real,
    /// `DOUBLE PRECISION`, a 64-bit float.
    Double,
    /// `NUMERIC`, of any precision.
    Numeric,
    /// `NUMERIC(precision, scale)`: digits in all, digits after the point.
    Decimal(u32, u32),
    /// `VARCHAR` of any length.
    String,
    /// `VARCHAR(length)`, in characters.
    Varchar(u32),
    /// `CHAR(length)`, in characters, padded.
    Char(u32),
    /// `TEXT`.
    Text,
    /// Bytes: `BYTEA`, `BLOB`.
    Binary,
    /// `BINARY(length)`, in bytes, padded, where the database counts them.
    FixedBinary(u32),
    /// `VARBINARY(length)`, in bytes, where the database counts them.
    Varbinary(u32),
    /// `BIT(length)`.
    Bit(u32),
    /// `BIT VARYING(length)`, or of any length.
    Varbit(Option<u32>),
    /// `DATE`.
    Date,
    /// `TIME`, without a time zone.
    Time,
    /// `TIME WITH TIME ZONE`.
    TimeTz,
    /// `TIMESTAMP`, without a time zone.
    Timestamp,
    /// `TIMESTAMP WITH TIME ZONE`.
    TimestampTz,
    /// `INTERVAL`.
    Interval,
    /// `UUID`.
    Uuid,
    /// `JSON`.
    Json,
    /// `JSONB`, where the database has one.
    Jsonb,
    /// An enum type with its values: a type of its own on PostgreSQL, a checked text on SQLite.
    Enum(Enum),
    /// A time, a timestamp or an interval with this many digits of a second, `TIMESTAMP(3)`. See [`Type::precision`].
    Precise(Box<Type>, u32),
    /// A number without a sign: one of MySQL's, and the next larger type that holds it elsewhere. See [`Type::unsigned`].
    Unsigned(Box<Type>),
    /// An array of another type.
    Array(Box<Type>),
    /// A type that only PostgreSQL has.
    Postgres(PostgresType),
    /// A type that only MySQL or MariaDB has.
    Mysql(MysqlType),
    /// Any other type, by the name that the database knows: SQL text, taken as it is.
    Custom(String),
}

impl Type {
    /// An enum type by name and values, in the default schema.
    pub fn enumeration(
        name: impl Into<QualifiedName>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::Enum(Enum::new(name, values))
    }

    /// The same type with this many digits of a second: `Type::Timestamp.precision(3)`.
    pub fn precision(self, digits: u32) -> Self {
        Self::Precise(Box::new(self), digits)
    }

    /// The same number without a sign: `Type::Integer.unsigned()`.
    pub fn unsigned(self) -> Self {
        Self::Unsigned(Box::new(self))
    }

    /// An array of this type.
    pub fn array(self) -> Self {
        Self::Array(Box::new(self))
    }

    /// A type by the name that the database knows, such as `citext`.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(name.into())
    }

    /// True for the integer types, with a sign or without.
    pub fn is_integer(&self) -> bool {
        match self {
            Self::TinyInteger | Self::SmallInteger | Self::Integer | Self::BigInteger => true,
            Self::Mysql(MysqlType::MediumInteger) => true,
            Self::Unsigned(of) => of.is_integer(),
            _ => false,
        }
    }

    /// True for the types that count the digits of a second: times, timestamps, and intervals.
    pub fn has_seconds(&self) -> bool {
        matches!(
            self,
            Self::Time | Self::TimeTz | Self::Timestamp | Self::TimestampTz | Self::Interval
        )
    }

    /// What to take in a database that lacks this type, as Markdown; none for the types of which every database has a form,
    /// and for those by name, of which nothing is known.
    ///
    /// ```
    /// use aludel::schema::{MysqlType, PostgresType, Type};
    ///
    /// assert_eq!(Type::from(PostgresType::Inet).instead(), Some("`Type::Varchar(43)`"));
    /// assert_eq!(Type::from(MysqlType::Year).instead(), Some("`Type::SmallInteger`"));
    /// assert_eq!(Type::Text.array().instead(), Some("`Type::Json`, or a table of its own"));
    /// assert_eq!(Type::Text.instead(), None);
    /// ```
    pub fn instead(&self) -> Option<&'static str> {
        match self {
            Self::Postgres(it) => Some(it.instead()),
            Self::Mysql(it) => Some(it.instead()),
            Self::Array(_) => Some("`Type::Json`, or a table of its own"),
            Self::Interval => Some("`Type::BigInteger`, with a number of seconds"),
            Self::Bit(_) | Self::Varbit(_) => Some("`Type::Binary`, or a whole number"),
            Self::Unsigned(of) | Self::Precise(of, _) => of.instead(),
            Self::Custom(name) => instead_of_a_list(name),
            _ => None,
        }
    }

    /// The same type with the values of that enum type, if it is that enum type or an array of it.
    pub fn with_enum(&self, ty: &Enum) -> Self {
        match self {
            Self::Enum(it) if it.name == ty.name => Self::Enum(ty.clone()),
            Self::Array(item) => item.with_enum(ty).array(),
            other => other.clone(),
        }
    }

    /// The enum type that this type is, or is an array of.
    pub fn as_enum(&self) -> Option<&Enum> {
        match self {
            Self::Enum(ty) => Some(ty),
            Self::Array(item) => item.as_enum(),
            _ => None,
        }
    }
}

/// An enum type: a name, and its values in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// The name of the type.
    pub name: QualifiedName,
    /// The values, in their order.
    pub values: Vec<String>,
    /// The name that it had before, within its schema. No part of equality.
    #[serde(skip)]
    pub former: Former,
}

impl Enum {
    /// An enum type with its values in order.
    pub fn new(
        name: impl Into<QualifiedName>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            name: name.into(),
            values: values.into_iter().map(Into::into).collect(),
            former: Former::default(),
        }
    }

    /// The same type in a schema.
    pub fn schema(mut self, schema: impl Into<Ident>) -> Self {
        self.name.schema = Some(schema.into());
        self
    }

    /// The name that the type had before, within its schema: autogenerate renames the type of that name, and does nothing once it
    /// has (PostgreSQL, where enum types have names).
    pub fn renamed_from(mut self, name: impl Into<Ident>) -> Self {
        self.former = Former(Some(name.into()));
        self
    }
}

/// A Rust type that a column can hold. `#[derive(Enum)]` implements it; so may you, for a newtype of your own.
///
/// `Option<T>` is looked at by `#[derive(Table)]` itself: it makes the column nullable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no column type",
    note = "types of other crates need a feature of aludel: `chrono`, `time`, `jiff`, `uuid`, `json` (serde_json), `rust_decimal`, `bigdecimal`, `ipnetwork`, `mac_address`, `bit-vec`",
    note = "for a type of your own, implement `aludel::SqlType`, derive `Enum`, or name the type: `#[column(type = \"citext\")]`"
)]
pub trait SqlType {
    /// The type of a column that holds this Rust type.
    fn sql_type() -> Type;
}
