//! Names: identifiers, schema-qualified names, and the convention that names what nobody named.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The name of one object: a table, a column, a constraint. Any text is allowed; whoever spells it as SQL quotes it, and
/// refuses what no database can hold (an empty name, a NUL, too many bytes).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ident(String);

impl Ident {
    /// Wraps a name as it is, without folding its case.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text, unquoted.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: Into<String>> From<T> for Ident {
    fn from(name: T) -> Self {
        Self(name.into())
    }
}

impl std::ops::Deref for Ident {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// The name of a table or a type, with the schema that holds it, or none for the connection's default schema.
///
/// A string is taken as a name in the default schema, dots and all; a pair is `(schema, name)`.
///
/// ```
/// use aludel::schema::QualifiedName;
///
/// assert_eq!(QualifiedName::from("patients").to_string(), "patients");
/// assert_eq!(QualifiedName::from(("billing", "invoices")).to_string(), "billing.invoices");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualifiedName {
    /// The schema, or `None` for the default one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub schema: Option<Ident>,
    /// The name within the schema.
    pub name: Ident,
}

impl QualifiedName {
    /// The same name in the same schema, with another last part: how a rename names its result.
    pub fn renamed(&self, name: impl Into<Ident>) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.into(),
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => self.name.fmt(f),
        }
    }
}

impl From<&str> for QualifiedName {
    fn from(name: &str) -> Self {
        Self {
            schema: None,
            name: name.into(),
        }
    }
}

impl From<String> for QualifiedName {
    fn from(name: String) -> Self {
        name.as_str().into()
    }
}

impl From<&QualifiedName> for QualifiedName {
    fn from(name: &QualifiedName) -> Self {
        name.clone()
    }
}

impl<S: Into<Ident>, N: Into<Ident>> From<(S, N)> for QualifiedName {
    fn from((schema, name): (S, N)) -> Self {
        Self {
            schema: Some(schema.into()),
            name: name.into(),
        }
    }
}

/// How constraints and indexes are named that were given no name: `pk_visits`, `uq_patients_email`,
/// `fk_visits_patient_id_patients`, `ix_visits_patient_id_visit_date`, `ck_visits_visit_date`.
///
/// The placeholders are `{table}`, `{columns}` (joined by `_`), and for foreign keys `{referred}`. A name of more than 63
/// bytes, the most that PostgreSQL keeps, is cut and closed with a short hash of the whole, so that it stays unique and
/// the same on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamingConvention {
    /// Primary keys.
    pub primary_key: String,
    /// Unique constraints.
    pub unique: String,
    /// Foreign keys.
    pub foreign_key: String,
    /// Check constraints.
    pub check: String,
    /// Exclusion constraints.
    pub exclude: String,
    /// Indexes.
    pub index: String,
}

impl Default for NamingConvention {
    fn default() -> Self {
        Self {
            primary_key: "pk_{table}".into(),
            unique: "uq_{table}_{columns}".into(),
            foreign_key: "fk_{table}_{columns}_{referred}".into(),
            check: "ck_{table}_{columns}".into(),
            exclude: "ex_{table}_{columns}".into(),
            index: "ix_{table}_{columns}".into(),
        }
    }
}

/// The most bytes that every supported database keeps of a name.
const LONGEST: usize = 63;

impl NamingConvention {
    /// Fills in one of the patterns.
    pub(crate) fn fill(pattern: &str, table: &str, columns: &[&str], referred: &str) -> Ident {
        let name = pattern
            .replace("{table}", table)
            .replace("{columns}", &columns.join("_"))
            .replace("{referred}", referred);
        Ident(shorten(name))
    }
}

fn shorten(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(name.as_bytes());
    let mark: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
    let mut end = LONGEST - mark.len() - 1;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{mark}", &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_stay_distinct() {
        let long = |last: &str| {
            NamingConvention::fill("uq_{table}_{columns}", &"ä".repeat(40), &["a", last], "")
        };
        assert!(long("b").len() <= LONGEST);
        assert_ne!(long("b"), long("c"));
        assert_eq!(long("b"), long("b"));
    }
}
