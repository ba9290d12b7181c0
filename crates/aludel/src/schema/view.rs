//! Views, materialized ones too.

use super::{Expr, Holds, Ident, QualifiedName, Spelled};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A view: a query with a name.
///
/// ```
/// use aludel::schema::View;
///
/// let open = View::new("open_visits", "SELECT id FROM visits WHERE status = 'planned'");
/// let counts = View::materialized("visit_counts", "SELECT patient_id, count(*) FROM visits GROUP BY 1")
///     .columns(["patient_id", "visits"]);
/// assert!(counts.materialized && !open.materialized);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The name.
    pub name: QualifiedName,
    /// The query, as SQL text.
    pub query: Spelled<Expr>,
    /// The names of its columns; empty takes those of the query.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub columns: Vec<Ident>,
    /// Whether its rows are kept.
    pub materialized: bool,
    /// PostgreSQL: options as `WITH (security_barrier = true)`, or storage parameters if it is materialized; each with its
    /// value as SQL text. MySQL and MariaDB: `algorithm`, `definer`, and `security_invoker`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub options: BTreeMap<String, String>,
    /// Whether rows that are written through it must be seen by it.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub check: Option<ViewCheck>,
    /// A materialized view that is empty until it is refreshed.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub no_data: bool,
    /// Where a materialized view is stored.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub tablespace: Option<Ident>,
    /// What it holds on to in the database that it was inspected in. No part of equality.
    #[serde(default, skip_serializing_if = "Holds::is_empty")]
    pub holds: Holds,
    /// The indexes of a materialized view that was inspected. No part of equality.
    #[serde(default, skip_serializing_if = "ViewIndexes::is_empty")]
    pub indexes: ViewIndexes,
}

/// The statements that create the indexes of a materialized view, by name. Models declare none; only an inspection fills it, so that
/// a view which is made anew around a change has them again. Two of them are always equal.
///
/// ```
/// use aludel::schema::View;
///
/// let mut inspected = View::materialized("open", "SELECT id FROM visits");
/// let sql = "CREATE INDEX ix_open ON open (id)".to_string();
/// inspected.indexes.0.insert("ix_open".into(), sql);
/// assert_eq!(inspected, View::materialized("open", "SELECT id FROM visits"));
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ViewIndexes(pub BTreeMap<Ident, String>);

impl ViewIndexes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for ViewIndexes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is asked of a row that is written through a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewCheck {
    /// That this view sees it.
    Local,
    /// That this view and those below it see it.
    Cascaded,
}

impl ViewCheck {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Local => "LOCAL",
            Self::Cascaded => "CASCADED",
        }
    }
}

impl View {
    /// A view of a query.
    pub fn new(name: impl Into<QualifiedName>, query: impl Into<Expr>) -> Self {
        Self {
            name: name.into(),
            query: Spelled::new(query.into()),
            columns: Vec::new(),
            materialized: false,
            options: BTreeMap::new(),
            check: None,
            no_data: false,
            tablespace: None,
            holds: Holds::default(),
            indexes: ViewIndexes::default(),
        }
    }

    /// A view whose rows are kept, as they are when it is created and refreshed (PostgreSQL).
    pub fn materialized(name: impl Into<QualifiedName>, query: impl Into<Expr>) -> Self {
        Self {
            materialized: true,
            ..Self::new(name, query)
        }
    }

    /// Names for its columns.
    pub fn columns(mut self, names: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.columns = names.into_iter().map(Into::into).collect();
        self
    }

    /// An option, its value as SQL text: `option("security_barrier", "true")` (PostgreSQL), `option("algorithm", "merge")` and
    /// `option("definer", "'app'@'%'")` (MySQL, MariaDB).
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.insert(name.into(), value.into());
        self
    }

    /// Reads with the rights of whoever asks, not of its owner (PostgreSQL 15, MySQL, MariaDB).
    pub fn security_invoker(self) -> Self {
        self.option("security_invoker", "true")
    }

    /// Shows no row to a function before its own conditions have let it pass (PostgreSQL).
    pub fn security_barrier(self) -> Self {
        self.option("security_barrier", "true")
    }

    /// Refuses to write a row that the view does not see.
    pub fn check_option(mut self, check: ViewCheck) -> Self {
        self.check = Some(check);
        self
    }

    /// A materialized view stays empty until it is refreshed.
    pub fn with_no_data(mut self) -> Self {
        self.no_data = true;
        self
    }

    /// Where a materialized view is stored.
    pub fn tablespace(mut self, name: impl Into<Ident>) -> Self {
        self.tablespace = Some(name.into());
        self
    }
}
