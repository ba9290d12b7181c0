//! MODELS: which Rust type is which column type, and how models are gathered.
//!
//! The derives of `aludel-macros` write code against this room. It knows the schema's nouns and nothing else of ours: no
//! database, no operation.

use crate::schema::{SqlType, Type};
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

/// A Rust type that holds decimal numbers, so that `#[column(precision = 10, scale = 2)]` makes it `NUMERIC(10, 2)`.
/// Implement it for a newtype of your own, as [`HasLength`].
#[diagnostic::on_unimplemented(
    message = "`precision` is for decimal numbers, and `{Self}` is none",
    label = "has no precision",
    note = "`rust_decimal::Decimal` is one, with the feature `rust_decimal` of aludel",
    note = "for a newtype of your own that holds decimal numbers, implement `aludel::model::HasPrecision`",
    note = "for any other type, name it: `#[column(sql_type = Type::Decimal(10, 2))]`"
)]
pub trait HasPrecision {}

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
    i8 => Type::SmallInteger;
    i16 => Type::SmallInteger;
    i32 => Type::Integer;
    i64 => Type::BigInteger;
    /// The next larger signed type, as for all unsigned ones: SQL has none.
    u8 => Type::SmallInteger;
    u16 => Type::Integer;
    u32 => Type::BigInteger;
    /// `u64::MAX` has 20 digits, more than `BIGINT` holds.
    u64 => Type::Decimal(20, 0);
    f32 => Type::Real;
    f64 => Type::Double;
    String => Type::String;
    Box<str> => Type::String;
    Rc<str> => Type::String;
    Arc<str> => Type::String;
    Cow<'_, str> => Type::String;
    Vec<u8> => Type::Binary;
    Box<[u8]> => Type::Binary;
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
    #[cfg(feature = "uuid")]
    uuid::Uuid => Type::Uuid;
    #[cfg(feature = "json")]
    serde_json::Value => Type::Json;
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal => Type::Numeric;
}

/// The application's own type, kept as JSON by the driver.
#[cfg(all(
    feature = "json",
    any(feature = "sqlite", feature = "postgres", feature = "mysql")
))]
impl<T> SqlType for sqlx::types::Json<T> {
    fn sql_type() -> Type {
        Type::Json
    }
}

marks! { ArrayItem:
    bool, i8, i16, i32, i64, u16, u32, u64, f32, f64, String, Box<str>, Rc<str>, Arc<str>, Cow<'_, str>, Vec<u8>, Box<[u8]>,
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
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
}

marks! { HasLength: String, Box<str>, Rc<str>, Arc<str>, Cow<'_, str>, }

marks! { HasPrecision:
    u64,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal,
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
    use super::{HasLength, HasPrecision};
    use crate::schema::{Column, Type};

    #[cfg(feature = "registered")]
    pub use super::registered::Registration;
    #[cfg(feature = "registered")]
    pub use inventory;

    /// A column that alone is the primary key: the database numbers it if it is an integer.
    pub fn numbered(column: Column) -> Column {
        if column.ty.written.is_integer() {
            column.identity()
        } else {
            column
        }
    }

    /// The type that was said, and nothing that could become one: a mistake is shown where it stands.
    pub fn ty(ty: Type) -> Type {
        ty
    }

    /// The type of a text column with a length.
    pub fn varchar<T: HasLength + ?Sized>(length: u32) -> Type {
        Type::Varchar(length)
    }

    /// The type of a column of decimal numbers with a precision.
    pub fn decimal<T: HasPrecision + ?Sized>(precision: u32, scale: u32) -> Type {
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
        assert_eq!(of::<i8>(), Type::SmallInteger);
        assert_eq!(of::<i16>(), Type::SmallInteger);
        assert_eq!(of::<i32>(), Type::Integer);
        assert_eq!(of::<i64>(), Type::BigInteger);
        assert_eq!(of::<u8>(), Type::SmallInteger);
        assert_eq!(of::<u16>(), Type::Integer);
        assert_eq!(of::<u32>(), Type::BigInteger);
        assert_eq!(of::<u64>(), Type::Decimal(20, 0));
        assert_eq!(u64::MAX.to_string().len(), 20);
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
