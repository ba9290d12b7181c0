//! Values of changes: what a leaf is called.

use super::Value;
use crate::ops::code;
use crate::schema::{Expr, Generated, Identity, IndexKey, IndexPart, OnConflict, Spelled, Type};

impl From<bool> for Value {
    fn from(it: bool) -> Self {
        Self::Flag(it)
    }
}

impl From<String> for Value {
    fn from(it: String) -> Self {
        Self::Text(it)
    }
}

impl From<&str> for Value {
    fn from(it: &str) -> Self {
        Self::Text(it.to_string())
    }
}

impl From<&String> for Value {
    fn from(it: &String) -> Self {
        Self::Text(it.clone())
    }
}

impl From<&Spelled<Expr>> for Value {
    fn from(it: &Spelled<Expr>) -> Self {
        Self::Text(expr(it))
    }
}

impl From<&Spelled<Type>> for Value {
    fn from(it: &Spelled<Type>) -> Self {
        let code = || code::ty(&it.written).trim_start_matches("Type::").into();
        Self::Text(it.canonical.clone().unwrap_or_else(code))
    }
}

impl From<&Generated> for Value {
    fn from(it: &Generated) -> Self {
        let stored = if it.stored { "STORED" } else { "VIRTUAL" };
        Self::Text(format!("({}) {stored}", expr(&it.expr)))
    }
}

impl From<&Identity> for Value {
    fn from(it: &Identity) -> Self {
        let mut words = vec![if it.always { "ALWAYS" } else { "BY DEFAULT" }.to_string()];
        let numbers = [
            ("START", it.start),
            ("INCREMENT", it.increment),
            ("MINVALUE", it.min),
            ("MAXVALUE", it.max),
            ("CACHE", it.cache),
        ];
        let said = |(word, number): (&str, Option<i64>)| Some(format!("{word} {}", number?));
        words.extend(numbers.into_iter().filter_map(said));
        if it.cycle {
            words.push("CYCLE".into());
        }
        Self::Text(words.join(" "))
    }
}

impl From<OnConflict> for Value {
    fn from(it: OnConflict) -> Self {
        Self::Text(it.sql().into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(it: Option<T>) -> Self {
        it.map_or(Self::None, Into::into)
    }
}

/// An expression as it stands where it was read: what the database echoes, or what the author wrote. The canonical spelling is
/// for comparing.
pub(super) fn expr(expr: &Spelled<Expr>) -> String {
    expr.written.to_string()
}

/// The keys of an index.
pub(super) fn keys<'p>(parts: impl IntoIterator<Item = &'p IndexPart>) -> Vec<String> {
    let key = |part: &IndexPart| match &part.key {
        IndexKey::Column(name) => name.to_string(),
        IndexKey::Expr(it) => expr(it),
    };
    parts.into_iter().map(key).collect()
}
