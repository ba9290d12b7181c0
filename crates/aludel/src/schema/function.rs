//! Functions and procedures.

use super::QualifiedName;

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
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The name.
    pub name: QualifiedName,
    /// The arguments, as SQL text: `a integer, b text DEFAULT ''`.
    pub arguments: String,
    /// Whether it is a procedure.
    pub procedure: bool,
    /// What a function returns, as SQL text: `integer`, `SETOF visits`, `TABLE (id integer)`.
    pub returns: Option<String>,
    /// The language, if not SQL.
    pub language: Option<String>,
    /// Other attributes, each as SQL text: `IMMUTABLE`, `SECURITY DEFINER`, `SET search_path = pg_catalog`.
    pub attributes: Vec<String>,
    /// What it does.
    pub body: String,
    /// Whether the body stands there as SQL instead of as a text.
    pub sql_body: bool,
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
