//! Functions and procedures.

use super::{Holds, QualifiedName};
use serde::{Deserialize, Serialize};

/// A function or a procedure of the database.
///
/// ```
/// use aludel::schema::Function;
///
/// let touch = Function::new("touch", "")
///     .returns("trigger")
///     .language("plpgsql")
///     .body("BEGIN NEW.changed := now(); RETURN NEW; END");
/// let archive = Function::procedure("archive", "before date")
///     .body("DELETE FROM visits WHERE visit_date < before");
/// assert!(archive.procedure && !touch.procedure);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// The name.
    pub name: QualifiedName,
    /// The arguments, as SQL text: `a integer, b text DEFAULT ''`.
    pub arguments: String,
    /// Whether it is a procedure.
    pub procedure: bool,
    /// What a function returns, as SQL text: `integer`, `SETOF visits`, `TABLE (id integer)`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub returns: Option<String>,
    /// The language, if not SQL.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub language: Option<String>,
    /// Other attributes, each as SQL text: `IMMUTABLE`, `SECURITY DEFINER`, `SET search_path = pg_catalog`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub attributes: Vec<String>,
    /// What it does.
    pub body: String,
    /// Whether the body stands there as SQL instead of as a text.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub sql_body: bool,
    /// What it holds on to in the database that it was inspected in: a body that is SQL does. No part of equality.
    #[serde(default, skip_serializing_if = "Holds::is_empty")]
    pub holds: Holds,
}

impl Function {
    /// A function in SQL without a body.
    pub fn new(name: impl Into<QualifiedName>, arguments: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            arguments: arguments.into(),
            procedure: false,
            returns: None,
            language: None,
            attributes: Vec::new(),
            body: String::new(),
            sql_body: false,
            holds: Holds::default(),
        }
    }

    /// A procedure in SQL without a body.
    pub fn procedure(name: impl Into<QualifiedName>, arguments: impl Into<String>) -> Self {
        Self {
            procedure: true,
            ..Self::new(name, arguments)
        }
    }

    /// What it returns, as SQL text.
    pub fn returns(mut self, sql: impl Into<String>) -> Self {
        self.returns = Some(sql.into());
        self
    }

    /// The language of its body, `plpgsql` (PostgreSQL).
    pub fn language(mut self, name: impl Into<String>) -> Self {
        self.language = Some(name.into());
        self
    }

    /// An attribute as SQL text, `IMMUTABLE`; call it again for more.
    pub fn attribute(mut self, sql: impl Into<String>) -> Self {
        self.attributes.push(sql.into());
        self
    }

    /// What it does. PostgreSQL keeps it as a text; quotes around it are added, whatever is in it.
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = text.into();
        self.sql_body = false;
        self
    }

    /// What it does, as SQL that is read when the function is created: `RETURN a + b`, `BEGIN ATOMIC … END` (PostgreSQL 14).
    pub fn sql_body(mut self, sql: impl Into<String>) -> Self {
        self.body = sql.into();
        self.sql_body = true;
        self
    }
}

impl Function {
    /// The arguments by which it is told from others of its name: without their defaults, which a `DROP` does not take.
    ///
    /// ```
    /// use aludel::schema::Function;
    ///
    /// let add = Function::new("add", "a integer, b numeric(4, 2) DEFAULT 0, c text = 'x, y'");
    /// assert_eq!(add.signature(), "a integer, b numeric(4, 2), c text");
    /// ```
    pub fn signature(&self) -> String {
        let mut kept = String::new();
        let (mut depth, mut quote, mut in_default) = (0_usize, None, false);
        for (at, c) in self.arguments.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(c),
                (None, '(' | '[') => depth += 1,
                (None, ')' | ']') => depth = depth.saturating_sub(1),
                (None, ',') if depth == 0 => in_default = false,
                (None, '=') if depth == 0 => in_default = true,
                (None, _) if depth == 0 && starts_default(&self.arguments, at) => in_default = true,
                _ => {}
            }
            if in_default {
                kept.truncate(kept.trim_end().trim_end_matches(':').len());
            } else {
                kept.push(c);
            }
        }
        kept
    }
}

/// Whether the word `DEFAULT` begins there.
fn starts_default(text: &str, at: usize) -> bool {
    const WORD: &str = "default";
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let here = text.get(at..at + WORD.len());
    here.is_some_and(|it| it.eq_ignore_ascii_case(WORD))
        && !text[..at].ends_with(is_word)
        && !text[at + WORD.len()..].starts_with(is_word)
}
