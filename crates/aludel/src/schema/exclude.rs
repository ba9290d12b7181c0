//! Exclusion constraints, which PostgreSQL alone has.

use super::{Deferrable, Expr, Ident, IndexPart, Spelled};
use serde::{Deserialize, Serialize};

/// No two rows may answer true to all of its operators
/// (<https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE>).
///
/// ```
/// use aludel::schema::Exclude;
///
/// let one_at_a_time = Exclude::new([("room", "="), ("during", "&&")]).method("gist");
/// assert_eq!(one_at_a_time.elements.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclude {
    /// The name, if it has one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub name: Option<Ident>,
    /// What is compared, and by which operator.
    pub elements: Vec<ExcludeElement>,
    /// The access method of its index, if not the database's default: `gist`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub method: Option<String>,
    /// Only the rows for which this holds.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub predicate: Option<Spelled<Expr>>,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub deferrable: Deferrable,
}

/// What an exclusion constraint compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExcludeElement {
    /// A column or an expression, as a key of the index.
    pub part: IndexPart,
    /// The operator, as SQL text: `=`, `&&`.
    pub operator: String,
}

impl Exclude {
    /// Columns (given as text) or [`IndexPart`]s, each with its operator.
    pub fn new(
        elements: impl IntoIterator<Item = (impl Into<IndexPart>, impl Into<String>)>,
    ) -> Self {
        let elements = elements.into_iter().map(|(part, operator)| ExcludeElement {
            part: part.into(),
            operator: operator.into(),
        });
        Self {
            name: None,
            elements: elements.collect(),
            method: None,
            predicate: None,
            deferrable: Deferrable::No,
        }
    }

    /// By this access method: `gist`.
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.method = Some(name.into());
        self
    }

    /// Only the rows for which this holds.
    pub fn predicate(mut self, sql: impl Into<Expr>) -> Self {
        self.predicate = Some(Spelled::new(sql.into()));
        self
    }

    /// When it is checked.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = deferrable;
        self
    }
}
