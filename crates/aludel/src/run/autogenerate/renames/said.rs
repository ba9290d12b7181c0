//! What the caller says was renamed, as text.

use crate::schema::{Ident, QualifiedName};
use std::fmt;
use std::str::FromStr;

/// Something that the caller says was renamed: `patients.name=full_name`, `old_table=new_table`, with the schema before the table where
/// it is not the default one. A name with a dot or an equals sign in it is said in double quotes.
///
/// ```
/// use aludel::run::autogenerate::Rename;
///
/// let rename: Rename = r#"patients."Full Name"=name"#.parse().unwrap();
/// assert_eq!(rename.to_string(), r#"patients."Full Name"=name"#);
/// assert!("patients.name".parse::<Rename>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    pub(super) from: Vec<Ident>,
    pub(super) to: Ident,
}

/// A text that says no rename.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is to read TABLE.COLUMN=NEW_NAME or TABLE=NEW_NAME")]
pub struct NoRename;

impl FromStr for Rename {
    type Err = NoRename;

    fn from_str(text: &str) -> Result<Self, NoRename> {
        let mut parts: Vec<Vec<Ident>> = vec![Vec::new()];
        let mut rest = text.trim();
        loop {
            let (name, behind) = one_name(rest).ok_or(NoRename)?;
            if let Some(names) = parts.last_mut() {
                names.push(name);
            }
            let Some(mark) = behind.chars().next() else {
                break;
            };
            if mark == '=' {
                parts.push(Vec::new());
            }
            rest = &behind[1..];
        }
        match <[Vec<Ident>; 2]>::try_from(parts) {
            Ok([from, to]) if from.len() <= 3 => match <[Ident; 1]>::try_from(to) {
                Ok([to]) => Ok(Self { from, to }),
                Err(_) => Err(NoRename),
            },
            _ => Err(NoRename),
        }
    }
}

/// The name at the beginning, and what stands behind it: nothing, or a dot or an equals sign.
fn one_name(text: &str) -> Option<(Ident, &str)> {
    let (name, behind) = match text.strip_prefix('"') {
        None => {
            let end = text.find(['.', '=']).unwrap_or(text.len());
            (text[..end].to_string(), &text[end..])
        }
        Some(quoted) => {
            let mut name = String::new();
            let mut rest = quoted;
            loop {
                let end = rest.find('"')?;
                name.push_str(&rest[..end]);
                rest = &rest[end + 1..];
                match rest.strip_prefix('"') {
                    Some(more) => {
                        name.push('"');
                        rest = more;
                    }
                    None => break (name, rest),
                }
            }
        }
    };
    let ends = behind.is_empty() || behind.starts_with(['.', '=']);
    (!name.is_empty() && ends).then(|| (Ident::new(name), behind))
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from: Vec<String> = self.from.iter().map(|it| spelled(it)).collect();
        write!(f, "{}={}", from.join("."), spelled(&self.to))
    }
}

/// A name as [`Rename`] reads it.
fn spelled(name: &str) -> String {
    match name.contains(['.', '=', '"', ' ']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_string(),
    }
}

impl Rename {
    /// The tables, or enum types, that can be meant by what stands before the equals sign; and the columns, each with its table.
    pub(super) fn readings(&self) -> (Option<QualifiedName>, Option<(QualifiedName, Ident)>) {
        let plain = |name: &Ident| QualifiedName {
            schema: None,
            name: name.clone(),
        };
        let within = |schema: &Ident, name: &Ident| QualifiedName {
            schema: Some(schema.clone()),
            name: name.clone(),
        };
        match self.from.as_slice() {
            [table] => (Some(plain(table)), None),
            [a, b] => (Some(within(a, b)), Some((plain(a), b.clone()))),
            [schema, table, column] => (None, Some((within(schema, table), column.clone()))),
            _ => (None, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_and_without_quotes() {
        for same in [
            "patients=people",
            "patients.name=full_name",
            "billing.invoices.total=sum",
            "\"a.b\".\"c=d\"=\"e\"\"f\"",
        ] {
            assert_eq!(same.parse::<Rename>().unwrap().to_string(), same);
        }
        for wrong in [
            "",
            "a",
            "a=",
            "=a",
            "a=b=c",
            "a.b.c.d=e",
            "a=b.c",
            "a..b=c",
            "\"a=b",
            "\"a\"b=c",
        ] {
            assert!(wrong.parse::<Rename>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn two_names_can_be_a_column_or_a_table() {
        let rename: Rename = "a.b=c".parse().unwrap();
        let (table, column) = rename.readings();
        assert_eq!(table, Some(("a", "b").into()));
        assert_eq!(column, Some(("a".into(), "b".into())));
    }
}
