//! Indexes of which the comment alone changes: that needs no index anew.

use crate::schema::{Index, Schema, Table};

/// Those that come which say what one that goes does, but for the comment.
pub(super) fn alone<'s>(
    from: &Schema,
    before: &Table,
    gone: &[&'s Index],
    come: &[&'s Index],
) -> Vec<&'s Index> {
    let mut found = come.to_vec();
    found.retain(|new| {
        let old = gone.iter().find(|it| it.name == new.name);
        old.is_some_and(|old| differ_in_comment(old, new)) && is_only_one(from, before, new)
    });
    found
}

fn differ_in_comment(old: &Index, new: &Index) -> bool {
    let with = Index {
        comment: new.comment.clone(),
        ..old.clone()
    };
    old.comment != new.comment && with == *new
}

/// Whether the name of an index says which it is: where indexes are named within their tables, another table may have one of it.
fn is_only_one(schema: &Schema, table: &Table, index: &Index) -> bool {
    let mut others = schema.tables.values().filter(|it| {
        it.name != table.name && it.name.schema == table.name.schema && it.has_index(&index.name)
    });
    others.next().is_none()
}
