//! The name that a thing had before.

use super::Ident;
use std::cmp::Ordering;

/// The name that a table, a column or an enum type had in the database before its model was renamed, if that is said. Autogenerate
/// renames what has the old name, and does nothing once that is gone. Two of them are always equal, so that a declared thing equals an
/// inspected one of the same meaning.
///
/// ```
/// use aludel::schema::{Column, Type};
///
/// let column = Column::new("full_name", Type::Text).renamed_from("name");
/// assert_eq!(column.former.0, Some("name".into()));
/// assert_eq!(column, Column::new("full_name", Type::Text));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Former(pub Option<Ident>);

impl PartialEq for Former {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Former {}

impl PartialOrd for Former {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Former {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}
