//! What a comparison looks at, and what it is told.

use super::objects::Compare;
use super::renames::{Rename, Suspect};
use crate::schema::ObjectKind;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What is compared.
#[derive(Debug, Clone)]
pub struct Options {
    /// Schemas to look at beside the default one and those that models are in.
    pub include_schemas: Vec<String>,
    /// Tables to leave alone: `name`, or `schema.name`.
    pub exclude_tables: Vec<String>,
    /// Whether types are compared.
    pub compare_type: bool,
    /// Whether server defaults are compared.
    pub compare_server_default: bool,
    /// Which kinds of objects beside the tables are compared; those that are not here are if the models declare one.
    pub kinds: BTreeMap<ObjectKind, Compare>,
    /// What was renamed, beside what the models say.
    pub renames: Vec<Rename>,
    /// Asked about what could have been renamed; without it, that is dropped and added, with a warning.
    pub ask: Option<Ask>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            include_schemas: Vec::new(),
            exclude_tables: Vec::new(),
            compare_type: true,
            compare_server_default: true,
            kinds: BTreeMap::new(),
            renames: Vec::new(),
            ask: None,
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
