//! What a comparison looks at, and what it is told.

use super::objects::Compare;
use super::pattern::{Pattern, TablePattern};
use super::renames::{Rename, Suspect};
use crate::env::autogenerate::Autogenerate;
use crate::schema::ObjectKind;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What is compared.
///
/// Tables are always compared; what they are made of is unless it is switched off, and then it is taken to be as the database has it.
///
/// ```
/// use aludel::run::autogenerate::Options;
///
/// let options = Options {
///     exclude_tables: vec!["audit_*".parse().unwrap(), "billing.*".parse().unwrap()],
///     compare_comment: false,
///     ..Options::default()
/// };
/// assert!(options.compare_type);
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// Schemas to look at beside the default one and those that models are in.
    pub include_schemas: Vec<Pattern>,
    /// Schemas to leave alone, of the database and of the models alike.
    pub exclude_schemas: Vec<Pattern>,
    /// The tables to look at; all where there is no pattern.
    pub include_tables: Vec<TablePattern>,
    /// Tables to leave alone, of the database and of the models alike.
    pub exclude_tables: Vec<TablePattern>,
    /// Whether types are compared.
    pub compare_type: bool,
    /// Whether server defaults are compared.
    pub compare_server_default: bool,
    /// Whether comments are compared.
    pub compare_comment: bool,
    /// Whether check constraints are compared.
    pub compare_checks: bool,
    /// Whether unique constraints are compared.
    pub compare_uniques: bool,
    /// Whether foreign keys are compared.
    pub compare_foreign_keys: bool,
    /// Whether indexes are compared.
    pub compare_indexes: bool,
    /// Which kinds of objects beside the tables are compared; those that are not here are if the models declare one.
    pub kinds: BTreeMap<ObjectKind, Compare>,
    /// What was renamed, beside what the models say.
    pub renames: Vec<Rename>,
    /// Asked about what could have been renamed; without it, that is dropped and added, with a warning.
    pub ask: Option<Ask>,
    /// What the project's own code says.
    pub project: Autogenerate,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            include_schemas: Vec::new(),
            exclude_schemas: Vec::new(),
            include_tables: Vec::new(),
            exclude_tables: Vec::new(),
            compare_type: true,
            compare_server_default: true,
            compare_comment: true,
            compare_checks: true,
            compare_uniques: true,
            compare_foreign_keys: true,
            compare_indexes: true,
            kinds: BTreeMap::new(),
            renames: Vec::new(),
            ask: None,
            project: Autogenerate::default(),
        }
    }
}

/// Whoever knows whether something was renamed.
///
/// ```
/// use aludel::run::autogenerate::{Ask, Options};
///
/// let options = Options {
///     ask: Some(Ask::new(|suspect| suspect.from() == "patients.name")),
///     ..Options::default()
/// };
/// assert!(options.ask.is_some());
/// ```
#[derive(Clone)]
pub struct Ask(Arc<dyn Fn(&Suspect) -> bool + Send + Sync>);

impl Ask {
    /// Asks this function, in the order of the tables and their columns.
    pub fn new(ask: impl Fn(&Suspect) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    pub(super) fn about(&self, suspect: &Suspect) -> bool {
        (self.0)(suspect)
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ask")
    }
}
