//! How the options of a table differ. The change is said in parts: some options must be gone before keys and columns change,
//! others ask for what comes with these.

use crate::ops::{
    AttachPartition, DetachPartition, Operation, SetTableOptions, detach_partition::Detach,
};
use crate::schema::{Table, TableOptions};
use std::collections::BTreeMap;

/// What goes before keys and columns change, and what can change at any time.
pub(super) fn first(before: &Table, after: &Table, out: &mut Vec<Operation>) {
    let (old, new) = (&before.options, &after.options);
    let mut change = SetTableOptions::new(after.name.clone());
    change.no_inherit = old.inherits.clone();
    change.no_inherit.retain(|it| !new.inherits.contains(it));
    change.strict = changed(&old.strict, &new.strict);
    let without_rowid = changed(&old.without_rowid, &new.without_rowid);
    change.without_rowid = match is_between_keys(before, after) {
        true => Some(false),
        false => without_rowid.filter(|it| !it || keeps_key(before, after)),
    };
    change.autoincrement = changed(&old.autoincrement, &new.autoincrement).filter(|it| !it);
    change.parameters = pairs(&old.parameters, &new.parameters);
    change.tablespace = changed(&old.tablespace, &new.tablespace);
    change.logged = changed(&old.unlogged, &new.unlogged).map(|it| !it);
    change.method = changed(&old.method, &new.method);
    // An engine that somebody chose has less than the usual one, so that a table has that while it changes.
    let engine = changed(&old.engine, &new.engine);
    change.engine = engine.filter(|it| it.is_none());
    change.charset = changed(&old.charset, &new.charset);
    change.collation = changed(&old.collation, &new.collation);
    change.others = pairs(&old.others, &new.others);
    push(change, out);
    if let Some(of) = old.partition_of.as_ref().filter(|_| leaves(old, new)) {
        let detach = DetachPartition {
            table: of.parent.clone(),
            partition: before.name.clone(),
            mode: Detach::AtOnce,
        };
        out.push(detach.into());
    }
    if old.partition_by.is_some() && new.partition_by.is_none() {
        push(parts(after), out);
    }
}

/// What asks for the columns and keys of the table as it is to be.
pub(super) fn last(before: &Table, after: &Table, out: &mut Vec<Operation>) {
    let (old, new) = (&before.options, &after.options);
    let mut change = SetTableOptions::new(after.name.clone());
    let without_rowid = changed(&old.without_rowid, &new.without_rowid);
    change.without_rowid = match is_between_keys(before, after) {
        true => Some(true),
        false => without_rowid.filter(|it| *it && !keeps_key(before, after)),
    };
    change.autoincrement = changed(&old.autoincrement, &new.autoincrement).filter(|it| *it);
    change.engine = changed(&old.engine, &new.engine).filter(Option::is_some);
    change.inherit = new.inherits.clone();
    change.inherit.retain(|it| !old.inherits.contains(it));
    push(change, out);
    if new.partition_by.is_some() && old.partition_by != new.partition_by {
        push(parts(after), out);
    }
    if let Some(of) = new.partition_of.as_ref().filter(|_| leaves(new, old)) {
        let attach = AttachPartition {
            table: of.parent.clone(),
            partition: after.name.clone(),
            bound: of.bound.written.clone(),
        };
        out.push(attach.into());
    }
}

/// A table that has its key already can do without rowids at once, so that its columns change as they do in such a table.
/// Whether rows live by their key before and after, and by another one: meanwhile there is none.
fn is_between_keys(before: &Table, after: &Table) -> bool {
    before.options.without_rowid && after.options.without_rowid && !keeps_key(before, after)
}

fn keeps_key(before: &Table, after: &Table) -> bool {
    let key = |it: &Table| it.find_primary_key().map(|it| it.columns.clone());
    before.find_primary_key().is_some() && key(before) == key(after)
}

/// Whether a partition has another place, or none, on the other side.
fn leaves(of: &TableOptions, other: &TableOptions) -> bool {
    of.partition_of.is_some() && of.partition_of != other.partition_of
}

/// How the rows are parted. It stands by itself, since not every database can change it.
fn parts(after: &Table) -> SetTableOptions {
    let by = after.options.partition_by.as_ref();
    let mut change = SetTableOptions::new(after.name.clone());
    change.partition_by = Some(by.map(|it| it.written.clone()));
    change
}

fn push(change: SetTableOptions, out: &mut Vec<Operation>) {
    if !change.is_empty() {
        out.push(change.into());
    }
}

fn changed<T: PartialEq + Clone>(old: &T, new: &T) -> Option<T> {
    (old != new).then(|| new.clone())
}

/// What is new or has another value, and what is gone.
fn pairs(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> BTreeMap<String, Option<String>> {
    let gone = old.keys().filter(|it| !new.contains_key(*it));
    let gone = gone.map(|it| (it.clone(), None));
    let come = new
        .iter()
        .filter(|(name, value)| old.get(*name) != Some(value));
    let come = come.map(|(name, value)| (name.clone(), Some(value.clone())));
    gone.chain(come).collect()
}
