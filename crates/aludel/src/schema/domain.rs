//! Domains: types with checks.

use super::{Check, Expr, Ident, QualifiedName, Spelled, Type};
use serde::{Deserialize, Serialize};

/// A domain: a type with a default and checks of its own (PostgreSQL).
///
/// ```
/// use aludel::schema::{Check, Domain, Type};
///
/// let email = Domain::new("email", Type::Text)
///     .not_null()
///     .check(Check::new("VALUE LIKE '%@%'").named("ck_email"));
/// assert_eq!(email.checks.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The name.
    pub name: QualifiedName,
    /// The type below it.
    #[serde(rename = "type")]
    pub ty: Spelled<Type>,
    /// The collation, if not the type's own.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub collation: Option<Ident>,
    /// The default.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub default: Option<Spelled<Expr>>,
    /// Whether it refuses NULL.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub not_null: bool,
    /// Its checks, of `VALUE`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub checks: Vec<Check>,
}

impl Domain {
    /// A domain over a type.
    pub fn new(name: impl Into<QualifiedName>, ty: impl Into<Type>) -> Self {
        Self {
            name: name.into(),
            ty: Spelled::new(ty.into()),
            collation: None,
            default: None,
            not_null: false,
            checks: Vec::new(),
        }
    }

    /// The collation.
    pub fn collation(mut self, name: impl Into<Ident>) -> Self {
        self.collation = Some(name.into());
        self
    }

    /// The default, as SQL text.
    pub fn server_default(mut self, sql: impl Into<Expr>) -> Self {
        self.default = Some(Spelled::new(sql.into()));
        self
    }

    /// Refuses NULL.
    pub fn not_null(mut self) -> Self {
        self.not_null = true;
        self
    }

    /// A check, in which `VALUE` is the value.
    pub fn check(mut self, check: impl Into<Check>) -> Self {
        self.checks.push(check.into());
        self
    }
}
