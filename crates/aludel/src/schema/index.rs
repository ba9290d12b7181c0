//! Indexes.

use super::{Expr, Ident, Spelled};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An index of a table.
///
/// ```
/// use aludel::schema::Index;
///
/// let index = Index::new("ix_visits_open", ["patient_id"]).predicate("status <> 'completed'");
/// assert_eq!(index.parts.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The name; empty until the naming convention has given one (see [`Index::on`]).
    pub name: Ident,
    /// What it is on, in order.
    pub parts: Vec<IndexPart>,
    /// Whether it refuses equal keys.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub unique: bool,
    /// The access method, if not the database's default: `gin`, `hash` (PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub method: Option<String>,
    /// The condition of a partial index.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub predicate: Option<Spelled<Expr>>,
    /// Columns that it carries without searching by them (`INCLUDE`, PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub include: Vec<Ident>,
    /// Whether two NULLs count as equal in a unique index (PostgreSQL 15).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub nulls_not_distinct: bool,
    /// Storage parameters, `WITH (fillfactor = 70)`, each with its value as SQL text (PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub parameters: BTreeMap<String, String>,
    /// Where it is stored (PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub tablespace: Option<Ident>,
    /// `FULLTEXT` or `SPATIAL` (MySQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub class: Option<IndexClass>,
    /// The parser of a full-text index (MySQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub parser: Option<String>,
    /// The comment, where the database keeps comments of indexes.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub comment: Option<String>,
    /// Kept, and used by no query: `INVISIBLE` (MySQL 8), `IGNORED` (MariaDB 10.6).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub invisible: bool,
}

/// The two kinds of index that MySQL does not search by comparing keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexClass {
    /// `FULLTEXT`.
    FullText,
    /// `SPATIAL`.
    Spatial,
}

impl IndexClass {
    /// As SQL spells it.
    pub fn sql(self) -> &'static str {
        match self {
            Self::FullText => "FULLTEXT",
            Self::Spatial => "SPATIAL",
        }
    }
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexPart {
    /// A column or an expression.
    pub key: IndexKey,
    /// `DESC`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub descending: bool,
    /// Where NULLs go, if not where the database puts them by itself.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub nulls: Option<Nulls>,
    /// A collation by name.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub collation: Option<String>,
    /// An operator class by name (PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub opclass: Option<String>,
    /// How many characters or bytes from the start of the value are indexed, if not all (MySQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub length: Option<u32>,
}

/// What a key of an index is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKey {
    /// A column.
    Column(Ident),
    /// An expression.
    Expr(Spelled<Expr>),
}

/// Where an index puts NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Before all other values.
    First,
    /// After all other values.
    Last,
}

impl IndexPart {
    /// A column, ascending.
    pub fn column(name: impl Into<Ident>) -> Self {
        Self::new(IndexKey::Column(name.into()))
    }

    /// An expression, ascending.
    pub fn expr(sql: impl Into<Expr>) -> Self {
        Self::new(IndexKey::Expr(Spelled::new(sql.into())))
    }

    /// A key, ascending.
    pub fn new(key: IndexKey) -> Self {
        Self {
            key,
            descending: false,
            nulls: None,
            collation: None,
            opclass: None,
            length: None,
        }
    }

    /// Descending.
    pub fn desc(mut self) -> Self {
        self.descending = true;
        self
    }

    /// NULLs first.
    pub fn nulls_first(mut self) -> Self {
        self.nulls = Some(Nulls::First);
        self
    }

    /// NULLs last.
    pub fn nulls_last(mut self) -> Self {
        self.nulls = Some(Nulls::Last);
        self
    }

    /// By this collation.
    pub fn collation(mut self, name: impl Into<String>) -> Self {
        self.collation = Some(name.into());
        self
    }

    /// By this operator class (PostgreSQL).
    pub fn opclass(mut self, name: impl Into<String>) -> Self {
        self.opclass = Some(name.into());
        self
    }

    /// This many characters or bytes from the start of the value (MySQL).
    pub fn length(mut self, length: u32) -> Self {
        self.length = Some(length);
        self
    }

    /// The column, if it is one.
    pub fn as_column(&self) -> Option<&Ident> {
        match &self.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expr(_) => None,
        }
    }
}

impl<T: Into<Ident>> From<T> for IndexPart {
    fn from(column: T) -> Self {
        Self::column(column)
    }
}

impl Index {
    /// An index on columns (given as text) or on [`IndexPart`]s.
    pub fn new(
        name: impl Into<Ident>,
        parts: impl IntoIterator<Item = impl Into<IndexPart>>,
    ) -> Self {
        Self {
            name: name.into(),
            parts: parts.into_iter().map(Into::into).collect(),
            unique: false,
            method: None,
            predicate: None,
            include: Vec::new(),
            nulls_not_distinct: false,
            parameters: BTreeMap::new(),
            tablespace: None,
            class: None,
            parser: None,
            comment: None,
            invisible: false,
        }
    }

    /// An index that the naming convention is to name.
    pub fn on(parts: impl IntoIterator<Item = impl Into<IndexPart>>) -> Self {
        Self::new("", parts)
    }

    /// Refuses equal keys.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// By this access method (PostgreSQL: `btree`, `hash`, `gin`, `gist`, `brin`).
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.method = Some(name.into());
        self
    }

    /// Only the rows for which this holds.
    pub fn predicate(mut self, sql: impl Into<Expr>) -> Self {
        self.predicate = Some(Spelled::new(sql.into()));
        self
    }

    /// Carries these columns too (PostgreSQL).
    pub fn include(mut self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Two NULLs count as equal (PostgreSQL 15).
    pub fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    /// A storage parameter, its value as SQL text: `parameter("fillfactor", "70")` (PostgreSQL).
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// Where it is stored (PostgreSQL).
    pub fn tablespace(mut self, name: impl Into<Ident>) -> Self {
        self.tablespace = Some(name.into());
        self
    }

    /// `FULLTEXT` or `SPATIAL` (MySQL).
    pub fn class(mut self, class: IndexClass) -> Self {
        self.class = Some(class);
        self
    }

    /// The parser of a full-text index, `ngram` (MySQL).
    pub fn parser(mut self, name: impl Into<String>) -> Self {
        self.parser = Some(name.into());
        self
    }

    /// Kept, and used by no query: `INVISIBLE` (MySQL 8), `IGNORED` (MariaDB 10.6).
    pub fn invisible(mut self) -> Self {
        self.invisible = true;
        self
    }

    /// The comment, where the database keeps comments of indexes.
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }
}
