//! The order of tables among themselves: what is referenced, inherited from or parted comes first.

use super::family::parents;
use crate::schema::{QualifiedName, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Each table after those it references; by name where that leaves a choice, and where a circle leaves none.
pub(super) fn creating<'s>(tables: &[&'s Table]) -> Vec<&'s Table> {
    let by_name: BTreeMap<&QualifiedName, &'s Table> =
        tables.iter().map(|table| (&table.name, *table)).collect();
    let mut done = BTreeSet::new();
    let mut order = Vec::new();
    for table in by_name.values() {
        visit(table, &by_name, &mut done, &mut order);
    }
    order
}

/// Each table before those it references.
pub(super) fn dropping<'s>(tables: &[&'s Table]) -> Vec<&'s Table> {
    let mut order = creating(tables);
    order.reverse();
    order
}

/// Depth first, without recursion: a chain of references may be as long as there are tables.
fn visit<'s>(
    start: &'s Table,
    by_name: &BTreeMap<&QualifiedName, &'s Table>,
    done: &mut BTreeSet<&'s QualifiedName>,
    order: &mut Vec<&'s Table>,
) {
    let mut stack = vec![(start, false)];
    while let Some((table, children_done)) = stack.pop() {
        if children_done {
            order.push(table);
            continue;
        }
        if !done.insert(&table.name) {
            continue;
        }
        stack.push((table, true));
        let mut targets: Vec<&QualifiedName> =
            table.foreign_keys().map(|key| &key.references).collect();
        targets.extend(parents(table));
        targets.sort();
        for target in targets.into_iter().rev() {
            if let Some(next) = by_name.get(target)
                && !done.contains(target)
            {
                stack.push((next, false));
            }
        }
    }
}
