//! MODELS: which Rust type is which column type, and how models are gathered.
//!
//! The derives of `aludel-macros` write code against this room. It knows the schema's nouns and nothing else of ours: no
//! database, no operation.

use crate::schema::{SqlType, Type};

#[cfg(feature = "registered")]
mod registered;
mod types;

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
