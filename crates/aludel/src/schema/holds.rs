//! What an object holds on to in the database that it was inspected in.

use super::{Ident, QualifiedName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The columns that a database will neither retype nor drop while the object that holds them is there, by table or view. Only an
/// inspection fills it, and only where the database is like that (PostgreSQL). Two of them are always equal, so that an inspected
/// object equals a declared one of the same meaning.
///
/// ```
/// use aludel::schema::{Holds, View};
///
/// let mut inspected = View::new("open", "SELECT id FROM visits");
/// inspected.holds.0.insert(("visits".into(), "id".into()));
/// assert_eq!(inspected, View::new("open", "SELECT id FROM visits"));
/// assert!(inspected.holds.of(&"visits".into()).any(|it| it == "id"));
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holds(pub BTreeSet<(QualifiedName, Ident)>);

impl Holds {
    /// Whether it holds on to nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The held columns of a table or a view.
    pub fn of<'h>(&'h self, table: &'h QualifiedName) -> impl Iterator<Item = &'h Ident> {
        let held = self.0.iter().filter(move |(it, _)| it == table);
        held.map(|(_, column)| column)
    }
}

impl PartialEq for Holds {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
