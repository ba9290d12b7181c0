//! Foreign keys that stand in the way of a change, though they are the same before and after: no database lets a key go that a
//! foreign key refers to, and not every one lets a column change its type under one. They go before the change, and come again
//! after it.

use super::table::Change;
use crate::schema::{Constraint, ForeignKey, Ident, QualifiedName, Table, Type};

/// Whether a foreign key stays as it is while one of its columns gets another type: the old type, the new one.
pub(crate) type Follows<'f> = &'f dyn Fn(&Type, &Type) -> bool;

/// Takes the foreign keys that stay, and are in the way, into what goes and what comes.
pub(super) fn make_way(changes: &mut [Change<'_>], follows: Follows<'_>) {
    let mut going = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        for (before, after) in change.staying_keys() {
            if is_in_the_way(before, change, changes, follows) {
                going.push((at, before, after));
            }
        }
    }
    for (at, before, after) in going {
        changes[at].make_anew(before, after);
    }
}

/// Whether a constraint is a foreign key to or from what changes; `change` is that of its table.
pub(super) fn is_in_the_way(
    constraint: &Constraint,
    change: &Change<'_>,
    changes: &[Change<'_>],
    follows: Follows<'_>,
) -> bool {
    let Constraint::ForeignKey(key) = constraint else {
        return false;
    };
    let target = changes.iter().find(|it| it.is_of(&key.references));
    let lost = target.is_some_and(|it| it.disturbs_key(&key.referred, follows));
    lost || change.disturbs(&key.columns, follows)
}

/// The foreign keys of tables that go which refer to what changes before these are gone.
pub(super) fn of_dropped<'s>(
    dropped: &[&'s Table],
    changes: &[Change<'_>],
    follows: Follows<'_>,
) -> Vec<(&'s QualifiedName, &'s ForeignKey)> {
    let keys = dropped
        .iter()
        .flat_map(|table| table.foreign_keys().map(|key| (&table.name, key)));
    keys.filter(|(_, key)| {
        let target = changes.iter().find(|it| it.is_of(&key.references));
        target.is_some_and(|it| it.disturbs_key(&key.referred, follows) || it.becomes_unlogged())
    })
    .collect()
}

/// Whether a table has a key on these columns, in whatever order.
pub(super) fn is_key(constraint: &Constraint, columns: &[Ident]) -> bool {
    match constraint {
        Constraint::PrimaryKey(it) => same_columns(&it.columns, columns),
        Constraint::Unique(it) => same_columns(&it.columns, columns),
        _ => false,
    }
}

pub(super) fn same_columns(one: &[Ident], other: &[Ident]) -> bool {
    one.len() == other.len() && one.iter().all(|it| other.contains(it))
}
