//! Extensions, which PostgreSQL alone has.

use super::Ident;
use serde::{Deserialize, Serialize};

/// An extension (<https://www.postgresql.org/docs/current/sql-createextension.html>).
///
/// ```
/// use aludel::schema::Extension;
///
/// let hstore = Extension::new("hstore").schema("extensions").version("1.8");
/// assert_eq!(hstore.version.as_deref(), Some("1.8"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The name.
    pub name: Ident,
    /// The schema that its objects are put into, if not the default one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub schema: Option<Ident>,
    /// The version, if not the one that the server has ready.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub version: Option<String>,
    /// Whether what it needs is created, too.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub cascade: bool,
}

impl Extension {
    /// An extension in the version that the server has ready.
    pub fn new(name: impl Into<Ident>) -> Self {
        Self {
            name: name.into(),
            schema: None,
            version: None,
            cascade: false,
        }
    }

    /// The schema that its objects are put into.
    pub fn schema(mut self, name: impl Into<Ident>) -> Self {
        self.schema = Some(name.into());
        self
    }

    /// The version.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Creates what it needs, too.
    pub fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }
}

impl<T: Into<Ident>> From<T> for Extension {
    fn from(name: T) -> Self {
        Self::new(name)
    }
}
