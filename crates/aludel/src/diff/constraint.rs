//! When two constraints, or two indexes, are the same.

use crate::ops::Operation;
use crate::schema::{Constraint, Ident, QualifiedName};

pub(super) fn create(table: QualifiedName, constraint: Constraint) -> Operation {
    crate::ops::add_column::create_constraint(table, constraint)
}

/// Whether two constraints say the same, and no name that somebody chose was changed. Whether the rows that were there before
/// them were looked at is no part of what they say: those that were not are looked at where the other one asks for it.
pub fn same_constraint(a: &Constraint, b: &Constraint) -> bool {
    names_agree(a.name(), b.name()) && same_rule(a, b)
}

/// Whether two constraints say the same, whatever their names.
pub(super) fn same_rule(a: &Constraint, b: &Constraint) -> bool {
    nameless(a) == nameless(b)
}

/// What a constraint says.
pub(super) fn nameless(constraint: &Constraint) -> Constraint {
    let mut it = constraint.clone();
    it.set_name(None);
    match &mut it {
        Constraint::ForeignKey(key) => key.not_valid = false,
        Constraint::Check(check) => check.not_valid = false,
        _ => {}
    }
    it
}

/// Whether the rows that were there before a constraint were never looked at.
pub(super) fn is_not_valid(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::ForeignKey(key) => key.not_valid,
        Constraint::Check(check) => check.not_valid,
        _ => false,
    }
}

/// Whether two names may belong to one constraint: they are equal, one side has none, or one is of the kind that a
/// database gives by itself (`patients_email_key`).
pub fn names_agree(a: Option<&Ident>, b: Option<&Ident>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || given_by_database(a) || given_by_database(b),
        _ => true,
    }
}

/// PostgreSQL's own names: <https://www.postgresql.org/docs/current/sql-createtable.html>, from `ChooseConstraintName`.
fn given_by_database(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    ["_pkey", "_key", "_fkey", "_check"]
        .iter()
        .any(|ending| stem.ends_with(ending))
}
