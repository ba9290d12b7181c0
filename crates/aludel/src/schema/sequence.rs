//! Sequences.

use super::{Ident, QualifiedName, Type};
use serde::{Deserialize, Serialize};

/// A sequence of numbers.
///
/// ```
/// use aludel::schema::{Sequence, Type};
///
/// let numbers = Sequence::new(("billing", "invoice_number")).ty(Type::Integer).start(1000);
/// assert_eq!(numbers.start, Some(1000));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// The name.
    pub name: QualifiedName,
    /// The type of its numbers, if not the database's default, a 64-bit integer.
    #[serde(rename = "type", default, skip_serializing_if = "super::absent")]
    pub ty: Option<Type>,
    /// The first number.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub start: Option<i64>,
    /// The step from one number to the next.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub increment: Option<i64>,
    /// The least number.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub min: Option<i64>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub max: Option<i64>,
    /// How many numbers a session takes at once.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub cache: Option<i64>,
    /// Whether it starts again at its end.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub cycle: bool,
    /// The column with which it goes.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub owned_by: Option<(QualifiedName, Ident)>,
}

impl Sequence {
    /// A sequence 1, 2, 3, …
    pub fn new(name: impl Into<QualifiedName>) -> Self {
        Self {
            name: name.into(),
            ty: None,
            start: None,
            increment: None,
            min: None,
            max: None,
            cache: None,
            cycle: false,
            owned_by: None,
        }
    }

    /// The type of its numbers (PostgreSQL).
    pub fn ty(mut self, ty: Type) -> Self {
        self.ty = Some(ty);
        self
    }

    /// The first number.
    pub fn start(mut self, number: i64) -> Self {
        self.start = Some(number);
        self
    }

    /// The step from one number to the next.
    pub fn increment(mut self, by: i64) -> Self {
        self.increment = Some(by);
        self
    }

    /// The least number.
    pub fn min(mut self, number: i64) -> Self {
        self.min = Some(number);
        self
    }

    /// The greatest number.
    pub fn max(mut self, number: i64) -> Self {
        self.max = Some(number);
        self
    }

    /// How many numbers a session takes at once.
    pub fn cache(mut self, numbers: i64) -> Self {
        self.cache = Some(numbers);
        self
    }

    /// Starts again at its end.
    pub fn cycle(mut self) -> Self {
        self.cycle = true;
        self
    }

    /// Goes when this column goes (PostgreSQL).
    pub fn owned_by(mut self, table: impl Into<QualifiedName>, column: impl Into<Ident>) -> Self {
        self.owned_by = Some((table.into(), column.into()));
        self
    }
}

impl<T: Into<QualifiedName>> From<T> for Sequence {
    fn from(name: T) -> Self {
        Self::new(name)
    }
}
