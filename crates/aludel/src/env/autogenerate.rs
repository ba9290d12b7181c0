//! What a project has to say about its comparisons: which things are compared, when two are the same, and what becomes of the
//! operations.

use crate::db::Kind;
use crate::ops::Operation;
use crate::schema::{Column, Constraint, Declared, Index, QualifiedName, Table};
use std::fmt;
use std::sync::Arc;

/// What a project's own code says when models are compared with a database; [`crate::Env::autogenerate`] takes it.
///
/// ```
/// use aludel::prelude::*;
/// use aludel::run::autogenerate::{Part, Script};
///
/// let autogenerate = Autogenerate::new()
///     // Indexes that operators make by hand stay.
///     .include_object(|it| match &it.part {
///         Part::Index(_, index) => !index.name.starts_with("tuning_"),
///         _ => true,
///     })
///     // Two names of one type.
///     .compare_type_with(|pair| match (&pair.database.ty.written, &pair.model.ty.written) {
///         (Type::Custom(a), Type::Custom(b)) => Some(!a.eq_ignore_ascii_case(b)),
///         _ => None,
///     })
///     .rewrite(|script: &mut Script| script.down.clear());
/// let env = Env::files().autogenerate(autogenerate);
/// # let _ = env;
/// ```
#[derive(Clone, Default)]
pub struct Autogenerate {
    include_object: Vec<Arc<Include>>,
    rewrite: Vec<Arc<Rewrite>>,
    compare_type: Option<Arc<Differs>>,
    compare_server_default: Option<Arc<Differs>>,
}

type Include = dyn Fn(&Candidate<'_>) -> bool + Send + Sync;
type Rewrite = dyn Fn(&mut Script) + Send + Sync;
type Differs = dyn Fn(&ColumnPair<'_>) -> Option<bool> + Send + Sync;

/// Something that is about to be compared.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'c> {
    /// What it is: as the models have it, or as the database has it if the models do not.
    pub part: Part<'c>,
    /// Where it is from.
    pub origin: Origin,
    /// What the database has in its place, if both have it.
    pub counterpart: Option<Part<'c>>,
}

/// Where a [`Candidate`] is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The models.
    Models,
    /// The database, and not the models.
    Database,
}

/// A part of a schema.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Part<'p> {
    /// A table.
    Table(&'p Table),
    /// A column of a table.
    Column(&'p Table, &'p Column),
    /// A constraint of a table.
    Constraint(&'p Table, &'p Constraint),
    /// An index of a table.
    Index(&'p Table, &'p Index),
    /// An object beside the tables.
    Object(&'p Declared),
}

impl<'p> Part<'p> {
    /// The table that it is, or that it is a part of.
    pub fn table(&self) -> Option<&'p QualifiedName> {
        match self {
            Self::Table(it)
            | Self::Column(it, _)
            | Self::Constraint(it, _)
            | Self::Index(it, _) => Some(&it.name),
            Self::Object(Declared::Trigger(it)) => Some(&it.table),
            Self::Object(Declared::Policy(it)) => Some(&it.table),
            Self::Object(Declared::RowSecurity(table, _)) => Some(table),
            Self::Object(_) => None,
        }
    }
}

/// `table 'patients'`, `column 'patients.email'`.
impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(it) => write!(f, "table '{}'", it.name),
            Self::Column(table, it) => write!(f, "column '{}.{}'", table.name, it.name),
            Self::Constraint(table, it) => match it.name() {
                Some(name) => write!(f, "constraint '{name}' on '{}'", table.name),
                None => write!(f, "an unnamed constraint on '{}'", table.name),
            },
            Self::Index(table, it) => write!(f, "index '{}' on '{}'", it.name, table.name),
            Self::Object(it) => f.write_str(&it.name()),
        }
    }
}

/// A column on both sides.
#[derive(Debug, Clone, Copy)]
pub struct ColumnPair<'p> {
    /// Which database it is.
    pub kind: Kind,
    /// The table.
    pub table: &'p QualifiedName,
    /// The column as the database has it.
    pub database: &'p Column,
    /// The column as the model has it.
    pub model: &'p Column,
}

/// The operations of a revision that is not written yet.
#[derive(Debug, Default)]
pub struct Script {
    /// What its upgrade records.
    pub up: Vec<Operation>,
    /// What its downgrade records.
    pub down: Vec<Operation>,
}

impl Autogenerate {
    /// Nothing to say.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only that is compared for which this answers true; asked once of each thing on either side: tables and objects first, then what the
    /// tables that are compared are made of. What is left out stays as the database has it. Said twice, both have to agree.
    pub fn include_object(
        mut self,
        include: impl Fn(&Candidate<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.include_object.push(Arc::new(include));
        self
    }

    /// Changes the operations before they are written: the last word on a new revision. If it leaves none, there is no
    /// difference. Said twice, the second sees what the first has left.
    pub fn rewrite(mut self, rewrite: impl Fn(&mut Script) + Send + Sync + 'static) -> Self {
        self.rewrite.push(Arc::new(rewrite));
        self
    }

    /// Says whether the types of a column differ: `Some(true)` they do, `Some(false)` they do not, `None` as it would be without.
    /// A column that has an enum type on both sides has the same one by its name.
    pub fn compare_type_with(
        mut self,
        differs: impl Fn(&ColumnPair<'_>) -> Option<bool> + Send + Sync + 'static,
    ) -> Self {
        self.compare_type = Some(Arc::new(differs));
        self
    }

    /// Says the same of the server defaults of a column, of which one side may have none.
    pub fn compare_server_default_with(
        mut self,
        differs: impl Fn(&ColumnPair<'_>) -> Option<bool> + Send + Sync + 'static,
    ) -> Self {
        self.compare_server_default = Some(Arc::new(differs));
        self
    }

    /// Whether something is compared.
    pub fn includes(&self, candidate: &Candidate<'_>) -> bool {
        self.include_object.iter().all(|include| include(candidate))
    }

    /// Whether anything may be left out.
    pub fn filters(&self) -> bool {
        !self.include_object.is_empty()
    }

    /// What the project makes of the operations.
    pub fn rewritten(&self, mut script: Script) -> Script {
        for rewrite in &self.rewrite {
            rewrite(&mut script);
        }
        script
    }

    /// What the project says of the types of a column.
    pub fn type_differs(&self, pair: &ColumnPair<'_>) -> Option<bool> {
        self.compare_type.as_ref().and_then(|differs| differs(pair))
    }

    /// What the project says of the server defaults of a column.
    pub fn server_default_differs(&self, pair: &ColumnPair<'_>) -> Option<bool> {
        let differs = self.compare_server_default.as_ref();
        differs.and_then(|differs| differs(pair))
    }
}

impl fmt::Debug for Autogenerate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Autogenerate")
            .field("include_object", &self.include_object.len())
            .field("rewrite", &self.rewrite.len())
            .field("compare_type_with", &self.compare_type.is_some())
            .field(
                "compare_server_default_with",
                &self.compare_server_default.is_some(),
            )
            .finish()
    }
}
