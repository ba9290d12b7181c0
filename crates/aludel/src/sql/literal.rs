//! Values that are written into SQL text.

use crate::schema::Expr;

/// A value to be written into SQL text, as `bulk_insert` does.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// NULL.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Text; dates, times and JSON too, which the database reads from text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID: text to one database, bytes to another.
    Uuid([u8; 16]),
    /// SQL text, taken as it is: `now()`.
    Sql(Expr),
}

macro_rules! from {
    ($($rust:ty => $variant:ident),* $(,)?) => {$(
        impl From<$rust> for Literal {
            fn from(value: $rust) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}
from! {
    bool => Bool, i8 => Integer, i16 => Integer, i32 => Integer, i64 => Integer, u8 => Integer,
    u16 => Integer, u32 => Integer, f32 => Float, f64 => Float, &str => Text, String => Text,
    Vec<u8> => Bytes, &[u8] => Bytes, Expr => Sql,
}

impl<T: Into<Literal>> From<Option<T>> for Literal {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for Literal {
    fn from(value: uuid::Uuid) -> Self {
        Self::Uuid(value.into_bytes())
    }
}

/// As text.
#[cfg(feature = "json")]
impl From<serde_json::Value> for Literal {
    fn from(value: serde_json::Value) -> Self {
        Self::Text(value.to_string())
    }
}

/// As a number with all its digits: nothing but digits, a point and a sign.
#[cfg(feature = "rust_decimal")]
impl From<rust_decimal::Decimal> for Literal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self::Sql(value.to_string().into())
    }
}

/// In the forms in which sqlx writes them to SQLite, where they are text. PostgreSQL and MySQL 8 read these too;
/// MariaDB reads no offset, and wants a `NaiveDateTime`.
#[cfg(feature = "chrono")]
mod moments {
    use super::Literal;
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone};

    impl From<NaiveDate> for Literal {
        fn from(value: NaiveDate) -> Self {
            Self::Text(value.to_string())
        }
    }

    impl From<NaiveTime> for Literal {
        fn from(value: NaiveTime) -> Self {
            Self::Text(value.format("%T%.f").to_string())
        }
    }

    impl From<NaiveDateTime> for Literal {
        fn from(value: NaiveDateTime) -> Self {
            Self::Text(value.format("%F %T%.f").to_string())
        }
    }

    impl<Tz: TimeZone> From<DateTime<Tz>> for Literal {
        fn from(value: DateTime<Tz>) -> Self {
            let utc = value.naive_utc().and_utc();
            Self::Text(utc.to_rfc3339_opts(SecondsFormat::AutoSi, false))
        }
    }
}

/// A UUID as people write it: `67e55044-10b1-426f-9247-bb680e5fe0c8`.
pub fn hyphenated(bytes: &[u8; 16]) -> String {
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&at) {
            text.push('-');
        }
        text += &format!("{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_other_crates() {
        let id = [
            0x67, 0xe5, 0x50, 0x44, 0x10, 0xb1, 0x42, 0x6f, 0x92, 0x47, 0xbb, 0x68, 0x0e, 0x5f,
            0xe0, 0xc8,
        ];
        assert_eq!(hyphenated(&id), "67e55044-10b1-426f-9247-bb680e5fe0c8");
        #[cfg(feature = "uuid")]
        assert_eq!(Literal::from(uuid::Uuid::from_bytes(id)), Literal::Uuid(id));
        #[cfg(feature = "json")]
        assert_eq!(
            Literal::from(serde_json::json!({"it's": [1, null]})),
            Literal::Text(r#"{"it's":[1,null]}"#.into())
        );
        #[cfg(feature = "rust_decimal")]
        assert_eq!(
            Literal::from(rust_decimal::Decimal::new(-12050, 3)),
            Literal::Sql("-12.050".into())
        );
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn moments() {
        let text = |it: Literal| match it {
            Literal::Text(text) => text,
            other => format!("{other:?}"),
        };
        let date = chrono::NaiveDate::from_ymd_opt(2026, 2, 9).unwrap();
        let time = chrono::NaiveTime::from_hms_milli_opt(8, 5, 0, 250).unwrap();
        let moment = date.and_time(time);
        assert_eq!(text(date.into()), "2026-02-09");
        assert_eq!(text(time.into()), "08:05:00.250");
        assert_eq!(text(moment.into()), "2026-02-09 08:05:00.250");
        assert_eq!(
            text(moment.and_utc().into()),
            "2026-02-09T08:05:00.250+00:00"
        );
        let east = chrono::FixedOffset::east_opt(3600).unwrap();
        let there = moment.and_utc().with_timezone(&east);
        assert_eq!(text(there.into()), "2026-02-09T08:05:00.250+00:00");
        assert_eq!(Literal::from(None::<chrono::NaiveDate>), Literal::Null);
    }
}
