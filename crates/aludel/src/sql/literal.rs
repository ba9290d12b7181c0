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
    /// Text; dates, times, UUIDs and JSON too, which the database reads from text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
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
