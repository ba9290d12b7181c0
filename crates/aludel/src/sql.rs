//! SQL TEXT: statements, and how a dialect spells the nouns of a schema.
//!
//! Operations write their standard spelling with these pieces; a dialect supplies quoting, types and literals. This room knows
//! no operation, no connection and no particular database.

use crate::error::Result;
use crate::schema::{Column, Identity, QualifiedName, Type};

mod bearing;
mod follow;
mod fragment;
mod literal;
mod objects;
mod placeholder;
mod script;
pub mod split;

pub use bearing::{Bearing, words_after};
pub use follow::{Names, NewName};
pub use fragment::{
    closed, column_comment, column_list, columns, constraint, create_index, create_table,
    create_table_with_options, expression, foreign_key_tail, index_comment, index_parts,
    parameter_name, parameters,
};
pub use literal::{Literal, hyphenated};
pub use objects::{
    dollar_quoted, object_name, policy_conditions, query, roles, trigger_events, view_tail,
};
pub use placeholder::numbered_placeholders;
pub use script::terminated;

/// One statement, without its closing semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// Whether it may run inside a transaction.
    pub in_transaction: bool,
}

impl Statement {
    /// A statement that may run in a transaction.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            in_transaction: true,
        }
    }

    /// A statement that the database refuses inside a transaction.
    pub fn outside(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            in_transaction: false,
        }
    }
}

impl<T: Into<String>> From<T> for Statement {
    fn from(sql: T) -> Self {
        Self::new(sql)
    }
}

/// The operations whose statements have an `IF EXISTS` or `IF NOT EXISTS` on some database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the statement that it is called after")]
pub enum Clause {
    CreateTable,
    DropTable,
    AddColumn,
    DropColumn,
    CreateIndex,
    DropIndex,
    CreateConstraint,
    DropConstraint,
}

impl Clause {
    /// Whether it is `IF NOT EXISTS`.
    pub fn creates(self) -> bool {
        matches!(
            self,
            Self::CreateTable | Self::AddColumn | Self::CreateIndex | Self::CreateConstraint
        )
    }
}

/// How a dialect spells the leaves that all statements are made of.
pub trait Spell {
    /// The dialect's name in messages: `PostgreSQL`, `SQLite`.
    fn name(&self) -> &'static str;

    /// An identifier, quoted where it must be.
    ///
    /// # Errors
    /// [`crate::Error::Name`] if the database cannot hold the name: it is empty, has a NUL, or is longer than the database
    /// would keep (PostgreSQL cuts such a name silently).
    fn quote(&self, name: &str) -> Result<String>;

    /// A schema-qualified name.
    ///
    /// # Errors
    /// As [`Spell::quote`].
    fn qualified(&self, name: &QualifiedName) -> Result<String> {
        let last = self.quote(&name.name)?;
        Ok(match &name.schema {
            Some(schema) => format!("{}.{last}", self.quote(schema)?),
            None => last,
        })
    }

    /// Whether the database's statement takes `IF EXISTS` or `IF NOT EXISTS`. Where it does not, whoever runs the operation
    /// looks first.
    fn has_clause(&self, clause: Clause) -> bool {
        let _ = clause;
        false
    }

    /// Whether an index can be built, or dropped, without keeping others from its table, by a word in the statement. Where it
    /// cannot, the same is done without the word.
    fn has_concurrently(&self) -> bool {
        false
    }

    /// The name of an index where it stands alone, as in `DROP INDEX`: indexes live in their table's schema.
    ///
    /// # Errors
    /// As [`Spell::quote`].
    fn index_name(&self, table: &QualifiedName, index: &str) -> Result<String> {
        self.qualified(&QualifiedName {
            schema: table.schema.clone(),
            name: index.into(),
        })
    }

    /// A type.
    ///
    /// # Errors
    /// [`crate::Error::Unsupported`] if the database has no such type and none that stands for it.
    fn spell_type(&self, ty: &Type) -> Result<String>;

    /// A string literal.
    ///
    /// # Errors
    /// [`crate::Error::Name`] if the text has a NUL, which no database stores in text.
    fn string(&self, text: &str) -> Result<String>;

    /// A literal of any kind.
    ///
    /// # Errors
    /// As [`Spell::string`], and for a float that is not a number where the database has none.
    fn literal(&self, value: &Literal) -> Result<String>;

    /// The definition of a column, from its name to its last clause.
    ///
    /// # Errors
    /// As the parts it is made of.
    fn column(&self, column: &Column) -> Result<String>;

    /// The clause of an identity column.
    fn identity(&self, identity: &Identity) -> String {
        let kind = if identity.always {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        };
        let mut options = Vec::new();
        if let Some(start) = identity.start {
            options.push(format!("START WITH {start}"));
        }
        if let Some(increment) = identity.increment {
            options.push(format!("INCREMENT BY {increment}"));
        }
        let options = match options.is_empty() {
            true => String::new(),
            false => format!(" ({})", options.join(" ")),
        };
        format!("GENERATED {kind} AS IDENTITY{options}")
    }
}

/// Refuses what no supported database can hold as a name; `longest` is in bytes.
///
/// # Errors
/// [`crate::Error::Name`] saying which of the three it is.
pub fn check_name(name: &str, dialect: &'static str, longest: Option<usize>) -> Result<()> {
    let reason = if name.is_empty() {
        "it is empty".to_string()
    } else if name.contains('\0') {
        "it contains a NUL".to_string()
    } else if let Some(longest) = longest.filter(|longest| name.len() > *longest) {
        format!("it has {} bytes, and {longest} are kept", name.len())
    } else {
        return Ok(());
    };
    Err(crate::Error::Name {
        name: name.escape_debug().to_string(),
        dialect,
        reason,
    })
}

/// Quotes a name with double quotes unless it is a plain lower-case word that is not reserved.
pub fn quote_if_needed(name: &str, is_reserved: impl Fn(&str) -> bool) -> String {
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !is_reserved(name);
    match plain {
        true => name.to_string(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}
