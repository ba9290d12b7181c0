//! MODELS: which Rust type is which column type, and how models are gathered.
//!
//! The derives of `aludel-macros` write code against this room. It knows the schema's nouns and nothing else of ours: no
//! database, no operation.

use crate::schema::{PostgresType, SqlType, Type};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

#[cfg(feature = "registered")]
mod registered;

/// The metadata of some models: `metadata![Patient, Visit]`.
///
/// ```
/// use aludel::prelude::*;
///
/// #[derive(Table)]
/// #[table(name = "patients")]
/// struct Patient {
///     #[column(primary_key)]
///     id: i32,
/// }
///
/// let metadata = metadata![Patient];
/// assert!(metadata.schema().unwrap().table("patients").is_some());
/// assert!(metadata![].is_empty());
/// ```
#[macro_export]
macro_rules! metadata {
    ($($model:ty),* $(,)?) => {
        $crate::schema::Metadata::new()$(.model::<$model>())*
    };
}

/// A Rust type of which a column can hold an array: `Vec<T>` is then a column type too (PostgreSQL).
///
/// Every column type of this crate is one, except `u8`, since `Vec<u8>` is bytes; `#[derive(Enum)]` implements it.
///
/// ```
/// use aludel::schema::{SqlType, Type};
///
/// assert_eq!(Vec::<i32>::sql_type(), Type::Integer.array());
/// assert_eq!(Vec::<u8>::sql_type(), Type::Binary);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no column type of which there could be an array",
    note = "derive `Enum`, or implement `aludel::SqlType` and `aludel::model::ArrayItem`, or name the type: `#[column(sql_type = ..)]`"
)]
pub trait ArrayItem: SqlType {}

impl<T: ArrayItem> SqlType for Vec<T> {
    fn sql_type() -> Type {
        T::sql_type().array()
    }
}

/// An array that may hold NULLs: SQL makes no difference, so neither does the type.
impl<T: ArrayItem> SqlType for Vec<Option<T>> {
    fn sql_type() -> Type {
        T::sql_type().array()
    }
}

/// A Rust type that holds text, so that `#[column(length = 32)]` makes it `VARCHAR(32)`. Implement it for a newtype of
/// your own.
///
/// ```
/// use aludel::prelude::*;
///
/// struct Email(String);
/// impl SqlType for Email {
///     fn sql_type() -> Type {
///         Type::String
///     }
/// }
/// impl aludel::model::HasLength for Email {}
///
/// #[derive(Table)]
/// struct Patient {
///     #[column(length = 254)]
///     email: Email,
/// }
/// assert_eq!(Patient::table().columns[0].ty.written, Type::Varchar(254));
/// ```
#[diagnostic::on_unimplemented(
    message = "`length` is for text, and `{Self}` is none",
    label = "has no length",
    note = "for a newtype of your own that holds text, implement `aludel::model::HasLength`",
    note = "for any other type, name it: `#[column(type = \"bit(8)\")]`"
)]
pub trait HasLength {}

/// A Rust type that counts digits, so that `#[column(precision = 3)]` says how many: a time, whose digits are those of a
/// second, or a decimal number, whose digits are counted in all. Implement it for a newtype of your own, as [`HasLength`].
///
/// ```
/// use aludel::prelude::*;
///
/// struct Moment(i64);
/// impl SqlType for Moment {
///     fn sql_type() -> Type {
///         Type::TimestampTz
///     }
/// }
/// impl aludel::model::HasPrecision for Moment {}
///
/// #[derive(Table)]
/// struct Visit {
///     #[column(precision = 3)]
///     at: Moment,
/// }
/// assert_eq!(Visit::table().columns[0].ty.written, Type::TimestampTz.precision(3));
/// ```
#[diagnostic::on_unimplemented(
    message = "`precision` is for decimal numbers and times, and `{Self}` is neither",
    label = "has no precision",
    note = "the types of `chrono`, `time`, `jiff`, `rust_decimal` and `bigdecimal` have one, with the feature of aludel that is named like the crate",
    note = "for a newtype of your own that holds a decimal number or a time, implement `aludel::model::HasPrecision`",
    note = "for any other type, name it: `#[column(sql_type = Type::Decimal(10, 2))]`"
)]
pub trait HasPrecision: SqlType {}

/// A Rust type that holds decimal numbers, so that `#[column(precision = 10, scale = 2)]` makes it `NUMERIC(10, 2)`.
/// Implement it for a newtype of your own, beside [`HasPrecision`].
#[diagnostic::on_unimplemented(
    message = "`scale` is for decimal numbers, and `{Self}` is none",
    label = "has no scale",
    note = "`rust_decimal::Decimal` and `bigdecimal::BigDecimal` have one, with the feature of aludel that is named like the crate",
    note = "for a newtype of your own that holds decimal numbers, implement `aludel::model::HasScale`",
    note = "for any other type, name it: `#[column(sql_type = Type::Decimal(10, 2))]`"
)]
pub trait HasScale: HasPrecision {}

macro_rules! types {
    ($($(#[$attr:meta])* $rust:ty => $sql:expr;)+) => {$(
        $(#[$attr])*
        impl SqlType for $rust {
            fn sql_type() -> Type {
                $sql
            }
        }
    )+};
}

macro_rules! marks {
    ($mark:ident: $($(#[$attr:meta])* $rust:ty,)+) => {$(
        $(#[$attr])*
        impl $mark for $rust {}
    )+};
}

types! {
    bool => Type::Boolean;
    i8 => Type::TinyInteger;
    i16 => Type::SmallInteger;
    i32 => Type::Integer;
    i64 => Type::BigInteger;
    /// Without a sign where the database has such a type, and the next larger one elsewhere.
    u8 => Type::TinyInteger.unsigned();
    u16 => Type::SmallInteger.unsigned();
    u32 => Type::Integer.unsigned();
    u64 => Type::BigInteger.unsigned();
    f32 => Type::Real;
    f64 => Type::Double;
    String => Type::String;
    Box<str> => Type::String;
    Rc<str> => Type::String;
    Arc<str> => Type::String;
    Cow<'_, str> => Type::String;
    Vec<u8> => Type::Binary;
    Box<[u8]> => Type::Binary;
    /// PostgreSQL alone has a type for it.
    std::net::IpAddr => PostgresType::Inet.into();
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc> => Type::TimestampTz;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Local> => Type::TimestampTz;
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::FixedOffset> => Type::TimestampTz;
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime => Type::Timestamp;
    #[cfg(feature = "chrono")]
    chrono::NaiveDate => Type::Date;
    #[cfg(feature = "chrono")]
    chrono::NaiveTime => Type::Time;
    #[cfg(feature = "time")]
    time::OffsetDateTime => Type::TimestampTz;
    #[cfg(feature = "time")]
    time::PrimitiveDateTime => Type::Timestamp;
    #[cfg(feature = "time")]
    time::Date => Type::Date;
    #[cfg(feature = "time")]
    time::Time => Type::Time;
    #[cfg(feature = "jiff")]
    jiff::Timestamp => Type::TimestampTz;
    #[cfg(feature = "jiff")]
    jiff::civil::DateTime => Type::Timestamp;
    #[cfg(feature = "jiff")]
    jiff::civil::Date => Type::Date;
    #[cfg(feature = "jiff")]
    jiff::civil::Time => Type::Time;
    #[cfg(feature = "jiff")]
    jiff::Span => Type::Interval;
    #[cfg(feature = "uuid")]
    uuid::Uuid => Type::Uuid;
    #[cfg(feature = "json")]
    serde_json::Value => Type::Json;
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal => Type::Numeric;
    #[cfg(feature = "bigdecimal")]
    bigdecimal::BigDecimal => Type::Numeric;
    #[cfg(feature = "ipnetwork")]
    ipnetwork::IpNetwork => PostgresType::Inet.into();
    #[cfg(feature = "mac_address")]
    mac_address::MacAddress => PostgresType::MacAddr.into();
    #[cfg(feature = "bit-vec")]
    bit_vec::BitVec => Type::Varbit(None);
}

/// The application's own type, kept as JSON by the driver.
#[cfg(all(feature = "json", any(feature = "sqlite", feature = "postgres")))]
impl<T> SqlType for sqlx::types::Json<T> {
    fn sql_type() -> Type {
        Type::Json
    }
}

marks! { ArrayItem:
    bool, i8, i16, i32, i64, u16, u32, u64, f32, f64, String, Box<str>, Rc<str>, Arc<str>, Cow<'_, str>, Vec<u8>, Box<[u8]>, std::net::IpAddr,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Local>,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::FixedOffset>,
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime,
    #[cfg(feature = "chrono")]
    chrono::NaiveDate,
    #[cfg(feature = "chrono")]
    chrono::NaiveTime,
    #[cfg(feature = "uuid")]
    uuid::Uuid,
    #[cfg(feature = "json")]
    serde_json::Value,
    #[cfg(feature = "time")]
    time::OffsetDateTime,
    #[cfg(feature = "time")]
    time::PrimitiveDateTime,
    #[cfg(feature = "time")]
    time::Date,
    #[cfg(feature = "time")]
    time::Time,
    #[cfg(feature = "jiff")]
    jiff::Timestamp,
    #[cfg(feature = "jiff")]
    jiff::civil::DateTime,
    #[cfg(feature = "jiff")]
    jiff::civil::Date,
    #[cfg(feature = "jiff")]
    jiff::civil::Time,
    #[cfg(feature = "jiff")]
    jiff::Span,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
    #[cfg(feature = "bigdecimal")]
    bigdecimal::BigDecimal,
    #[cfg(feature = "ipnetwork")]
    ipnetwork::IpNetwork,
    #[cfg(feature = "mac_address")]
    mac_address::MacAddress,
    #[cfg(feature = "bit-vec")]
    bit_vec::BitVec,
}

marks! { HasLength: String, Box<str>, Rc<str>, Arc<str>, Cow<'_, str>, }

marks! { HasPrecision:
    u64,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
    #[cfg(feature = "bigdecimal")]
    bigdecimal::BigDecimal,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Utc>,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::Local>,
    #[cfg(feature = "chrono")]
    chrono::DateTime<chrono::FixedOffset>,
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime,
    #[cfg(feature = "chrono")]
    chrono::NaiveTime,
    #[cfg(feature = "time")]
    time::OffsetDateTime,
    #[cfg(feature = "time")]
    time::PrimitiveDateTime,
    #[cfg(feature = "time")]
    time::Time,
    #[cfg(feature = "jiff")]
    jiff::Timestamp,
    #[cfg(feature = "jiff")]
    jiff::civil::DateTime,
    #[cfg(feature = "jiff")]
    jiff::civil::Time,
    #[cfg(feature = "jiff")]
    jiff::Span,
}

marks! { HasScale:
    u64,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
    #[cfg(feature = "bigdecimal")]
    bigdecimal::BigDecimal,
}

/// Leaves the record of a derived table.
#[cfg(feature = "registered")]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($model:ty) => {
        $crate::model::__private::inventory::submit! {
            $crate::model::__private::Registration(<$model as $crate::schema::Model>::table)
        }
    };
}

/// Leaves no record: models are not registered in this build.
#[cfg(not(feature = "registered"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($model:ty) => {};
}

/// What the code that the derives write calls. Not for anyone else, and not stable.
#[doc(hidden)]
pub mod __private {
    use super::{HasLength, HasPrecision, HasScale};
    use crate::schema::{Column, MysqlType, PostgresType, Type};

    #[cfg(feature = "registered")]
    pub use super::registered::Registration;
    #[cfg(feature = "registered")]
    pub use inventory;

    /// A column that alone is the primary key: the database numbers it if it is an integer of which it has a sequence. Those of
    /// PostgreSQL end where signed numbers do.
    pub fn numbered(column: Column) -> Column {
        let ty = &column.ty.written;
        if ty.is_integer() && *ty != Type::BigInteger.unsigned() {
            column.identity()
        } else {
            column
        }
    }

    /// What `sql_type = ..` may be: a mistake is shown where it stands.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is no column type",
        label = "is no type",
        note = "a type is `Type::Text`, or one of a single database, `PostgresType::Inet`",
        note = "to name a type in SQL, write `#[column(type = \"citext\")]`"
    )]
    pub trait ColumnType: Into<Type> {}
    impl ColumnType for Type {}
    impl ColumnType for PostgresType {}
    impl ColumnType for MysqlType {}

    /// The type that was said.
    pub fn ty(ty: impl ColumnType) -> Type {
        ty.into()
    }

    /// The type of a text column with a length.
    pub fn varchar<T: HasLength + ?Sized>(length: u32) -> Type {
        Type::Varchar(length)
    }

    /// The type of a column of times or decimal numbers with a precision.
    pub fn precise<T: HasPrecision + ?Sized>(precision: u32) -> Type {
        match T::sql_type() {
            ty if ty.has_seconds() => ty.precision(precision),
            _ => Type::Decimal(precision, 0),
        }
    }

    /// The type of a column of decimal numbers with a precision and a scale.
    pub fn decimal<T: HasScale + ?Sized>(precision: u32, scale: u32) -> Type {
        Type::Decimal(precision, scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<T: SqlType>() -> Type {
        T::sql_type()
    }

    #[test]
    fn every_integer_fits_its_column() {
        assert_eq!(of::<i8>(), Type::TinyInteger);
        assert_eq!(of::<i16>(), Type::SmallInteger);
        assert_eq!(of::<i32>(), Type::Integer);
        assert_eq!(of::<i64>(), Type::BigInteger);
        assert_eq!(of::<u8>(), Type::TinyInteger.unsigned());
        assert_eq!(of::<u16>(), Type::SmallInteger.unsigned());
        assert_eq!(of::<u32>(), Type::Integer.unsigned());
        assert_eq!(of::<u64>(), Type::BigInteger.unsigned());
    }

    #[test]
    fn text_bytes_and_arrays() {
        assert_eq!(of::<Cow<'static, str>>(), Type::String);
        assert_eq!(of::<Arc<str>>(), Type::String);
        assert_eq!(of::<Vec<u8>>(), Type::Binary);
        assert_eq!(of::<Vec<Vec<u8>>>(), Type::Binary.array());
        assert_eq!(of::<Vec<Option<bool>>>(), Type::Boolean.array());
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn only_a_chrono_type_with_a_zone_has_one_in_the_database() {
        assert_eq!(of::<chrono::DateTime<chrono::Utc>>(), Type::TimestampTz);
        assert_eq!(of::<chrono::DateTime<chrono::Local>>(), Type::TimestampTz);
        let fixed = of::<chrono::DateTime<chrono::FixedOffset>>();
        assert_eq!(fixed, Type::TimestampTz);
        assert_eq!(of::<chrono::NaiveDateTime>(), Type::Timestamp);
        assert_eq!(of::<chrono::NaiveDate>(), Type::Date);
        assert_eq!(of::<chrono::NaiveTime>(), Type::Time);
    }
}
