//! Which Rust type is which column type. `docs/types.md` shows how each database spells it.

use super::{ArrayItem, HasLength, HasPrecision, HasScale};
use crate::schema::{PostgresType, SqlType, Type};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

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

    #[cfg(all(feature = "time", feature = "jiff", feature = "bigdecimal"))]
    #[test]
    fn digits_are_those_of_a_second_or_of_the_number() {
        use crate::model::__private::{decimal, precise};
        let at = Type::TimestampTz.precision(3);
        assert_eq!(precise::<time::OffsetDateTime>(3), at);
        assert_eq!(precise::<jiff::Timestamp>(3), at);
        assert_eq!(precise::<jiff::Span>(0), Type::Interval.precision(0));
        assert_eq!(precise::<bigdecimal::BigDecimal>(7), Type::Decimal(7, 0));
        assert_eq!(decimal::<bigdecimal::BigDecimal>(7, 2), Type::Decimal(7, 2));
    }
}
