//! Patterns of names: `audit_*`, `billing.*`.

use crate::schema::QualifiedName;
use std::fmt;
use std::str::FromStr;

/// A pattern of the name of a schema: `*` stands for any characters, `?` for one, `[abc]` for one of these. A character between
/// brackets stands for itself, so that a name that holds one of these signs can be said: `a[*]b`.
///
/// ```
/// use aludel::run::autogenerate::Pattern;
///
/// let tenants: Pattern = "tenant_*".parse().unwrap();
/// assert!(tenants.matches("tenant_7") && !tenants.matches("tenants"));
/// assert!("tenant_[".parse::<Pattern>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    glob: glob::Pattern,
    /// The name, if it is one and stands for nothing else.
    exact: Option<String>,
}

/// A pattern of the name of a table, with a pattern of its schema before it or without: `audit_*` are tables of the default schema,
/// `billing.*` all of another, `*.audit_*` those of any. The default schema can be named, too.
///
/// ```
/// use aludel::run::autogenerate::TablePattern;
///
/// let audits: TablePattern = "audit_*".parse().unwrap();
/// assert!(audits.matches(&"audit_log".into(), Some("public")));
/// assert!(!audits.matches(&("billing", "audit_log").into(), Some("public")));
/// let billing: TablePattern = "billing.*".parse().unwrap();
/// assert!(billing.matches(&("billing", "invoices").into(), Some("public")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePattern {
    schema: Option<Pattern>,
    name: Pattern,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no pattern: {reason}")]
pub struct NoPattern {
    /// The text.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl FromStr for Pattern {
    type Err = NoPattern;

    fn from_str(text: &str) -> Result<Self, NoPattern> {
        let error = |reason| NoPattern {
            pattern: text.to_string(),
            reason,
        };
        if text.is_empty() {
            return Err(error("it is empty"));
        }
        let glob = glob::Pattern::new(text).map_err(|problem| error(problem.msg))?;
        Ok(Self {
            text: text.to_string(),
            glob,
            exact: (!text.contains(['*', '?', '['])).then(|| text.to_string()),
        })
    }
}

impl Pattern {
    /// This name and no other, whatever signs are in it.
    ///
    /// # Errors
    /// As for any pattern, if the name is empty.
    pub fn exactly(name: &str) -> Result<Self, NoPattern> {
        let pattern: Self = glob::Pattern::escape(name).parse()?;
        Ok(Self {
            exact: Some(name.to_string()),
            ..pattern
        })
    }

    /// Whether it is the name.
    pub fn matches(&self, name: &str) -> bool {
        self.glob.matches(name)
    }

    /// The name, if it is one and stands for nothing else.
    pub(super) fn name(&self) -> Option<&str> {
        self.exact.as_deref()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for TablePattern {
    type Err = NoPattern;

    fn from_str(text: &str) -> Result<Self, NoPattern> {
        let (schema, name) = match dot(text) {
            None => (None, text),
            Some(at) => (Some(&text[..at]), &text[at + 1..]),
        };
        let part = |part: &str| {
            part.parse::<Pattern>().map_err(|error| NoPattern {
                pattern: text.to_string(),
                ..error
            })
        };
        Ok(Self {
            schema: schema.map(part).transpose()?,
            name: part(name)?,
        })
    }
}

/// The first dot that is not between brackets.
fn dot(text: &str) -> Option<usize> {
    let mut inside = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            '.' if !inside => return Some(at),
            _ => {}
        }
    }
    None
}

impl TablePattern {
    /// Whether it is the table, where `default` is the name of the default schema, if that is known.
    pub fn matches(&self, table: &QualifiedName, default: Option<&str>) -> bool {
        let in_schema = match (&self.schema, &table.schema) {
            (None, schema) => schema.is_none(),
            (Some(pattern), Some(schema)) => pattern.matches(schema),
            (Some(pattern), None) => match default {
                Some(default) => pattern.matches(default),
                None => pattern.matches(""),
            },
        };
        in_schema && self.name.matches(&table.name)
    }
}

impl fmt::Display for TablePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => self.name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_by_schema_and_name() {
        let matches = |pattern: &str, table: QualifiedName| {
            let pattern: TablePattern = pattern.parse().unwrap();
            pattern.matches(&table, Some("public"))
        };
        for (pattern, table) in [
            ("log", "log".into()),
            ("public.log", "log".into()),
            ("*.log", "log".into()),
            ("*.log", ("billing", "log").into()),
            ("bill*.l?g", ("billing", "log").into()),
            ("a[.]b", "a.b".into()),
            ("a[*]", "a*".into()),
        ] {
            assert!(matches(pattern, table), "{pattern}");
        }
        for (pattern, table) in [
            ("log", ("billing", "log").into()),
            ("billing.log", "log".into()),
            ("Log", "log".into()),
            ("l*", "blog".into()),
        ] {
            assert!(!matches(pattern, table), "{pattern}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let error = |pattern: &str| pattern.parse::<TablePattern>().unwrap_err().to_string();
        assert_eq!(error(""), "`` is no pattern: it is empty");
        assert_eq!(error("a."), "`a.` is no pattern: it is empty");
        assert_eq!(error("a[b"), "`a[b` is no pattern: invalid range pattern");
        assert!(error("a***").starts_with("`a***` is no pattern: wildcards are"));
    }
}
