//! What a table has from the tables that it inherits from, or is a part of: it comes and goes with these, and is none of the
//! table's own.

use super::constraint::same_constraint;
use crate::schema::{Column, Constraint, Ident, Index, QualifiedName, Schema, Table};
use std::collections::BTreeSet;

/// The tables that a table has columns from.
pub(super) fn parents(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    let options = &table.options;
    let whole = options.partition_of.iter().map(|it| &it.parent);
    whole.chain(&options.inherits)
}

/// A partition of a table that goes as a whole goes with it.
pub(super) fn goes_with_parent(table: &Table, from: &Schema, to: &Schema) -> bool {
    let of = table.options.partition_of.as_ref();
    of.is_some_and(|it| from.tables.contains_key(&it.parent) && !to.tables.contains_key(&it.parent))
}

/// The table as a statement creates it: without what it has from others as they have it.
pub(super) fn alone(table: &Table, schema: &Schema) -> Table {
    let mut alone = table.clone();
    if table.options.partition_of.is_some() {
        alone.columns.clear();
    }
    let inherited: Vec<&Column> = parents(table).flat_map(|it| columns(it, schema)).collect();
    alone.columns.retain(|it| !inherited.contains(&it));
    alone
}

/// What two states of a table have from others.
#[derive(Default)]
pub(super) struct Family<'s> {
    /// Columns that it had from others.
    had: BTreeSet<&'s Ident>,
    /// Columns that it had from others that it stays with.
    kept: BTreeSet<&'s Ident>,
    /// Columns that it is to have from others.
    has: BTreeSet<&'s Ident>,
    /// Columns that it is to have from others that it is with already.
    stays: BTreeSet<&'s Ident>,
    /// The columns of others that it comes to, which it must have by then.
    asked: Vec<&'s Column>,
    /// The columns of others that it leaves, which stay with it.
    found: Vec<&'s Column>,
    /// The constraints of others that it leaves, which stay with it.
    pub left: Vec<&'s Constraint>,
    /// The constraints of others that it comes to.
    pub joined: Vec<&'s Constraint>,
    /// The constraints of all that it is to be with.
    with: Vec<&'s Constraint>,
    /// The indexes of the table that it was a part of, or is to be one of.
    indexes: Vec<&'s Index>,
}

impl<'s> Family<'s> {
    pub(super) fn new(before: (&'s Schema, &'s Table), after: (&'s Schema, &'s Table)) -> Self {
        let old: BTreeSet<&QualifiedName> = parents(before.1).collect();
        let new: BTreeSet<&QualifiedName> = parents(after.1).collect();
        if old.is_empty() && new.is_empty() {
            return Self::default();
        }
        let names = |parents: &mut dyn Iterator<Item = &&'s QualifiedName>, schema: &'s Schema| {
            let columns = parents.flat_map(|it| columns(it, schema));
            columns.map(|it| &it.name).collect::<BTreeSet<_>>()
        };
        let constraints = |parents: &mut dyn Iterator<Item = &&'s QualifiedName>,
                           schema: &'s Schema| {
            let tables = parents.filter_map(|it| schema.tables.get(*it));
            tables.flat_map(|it| &it.constraints).collect::<Vec<_>>()
        };
        Self {
            had: names(&mut old.iter(), before.0),
            kept: names(&mut old.intersection(&new), before.0),
            has: names(&mut new.iter(), after.0),
            stays: names(&mut new.intersection(&old), after.0),
            asked: new
                .difference(&old)
                .flat_map(|it| columns(it, after.0))
                .collect(),
            found: old
                .difference(&new)
                .flat_map(|it| columns(it, before.0))
                .collect(),
            left: constraints(&mut old.difference(&new), before.0),
            joined: constraints(&mut new.difference(&old), after.0),
            indexes: indexes(before, after),
            with: constraints(&mut new.iter(), after.0),
        }
    }

    /// Whether a column goes that the table itself is to have no longer.
    pub(super) fn lets_go(&self, column: &Ident) -> bool {
        !self.kept.contains(column) && !self.has.contains(column)
    }

    /// Whether a column comes that the table itself did not have.
    pub(super) fn lets_come(&self, column: &Ident) -> bool {
        !self.had.contains(column) && !self.stays.contains(column)
    }

    /// Whether a column is another's before and after, which changes it.
    pub(super) fn changes(&self, column: &Ident) -> bool {
        self.kept.contains(column) && self.stays.contains(column)
    }

    /// Whether a constraint that the table had before it came to others says what theirs does: it is theirs too.
    pub(super) fn shares(&self, constraint: &Constraint) -> bool {
        let mut checks = self.with.iter();
        checks.any(|it| matches!(it, Constraint::Check(_)) && same_constraint(it, constraint))
    }

    /// Whether an index of the table is made to one of the whole when the table becomes a part of it, or stays with the table.
    pub(super) fn takes_over(&self, index: &Index) -> bool {
        let same = |it: &&&Index| {
            Index {
                name: index.name.clone(),
                ..(**it).clone()
            } == *index
        };
        self.indexes.iter().any(|it| same(&it))
    }

    /// The columns that the table must have to come to others, but for those that it has.
    pub(super) fn asked(&self, before: &Table, after: &Table) -> impl Iterator<Item = &'s Column> {
        let new = |it: &&&Column| {
            let own = before.has_column(&it.name) || after.has_column(&it.name);
            !own && !self.had.contains(&it.name)
        };
        let asked: Vec<&Column> = self.asked.iter().filter(new).copied().collect();
        asked.into_iter()
    }

    /// The columns that stay with the table when it leaves others, though it is not to have them.
    pub(super) fn found(&self, before: &Table, after: &Table) -> impl Iterator<Item = &'s Column> {
        let unwanted = |it: &&&Column| {
            let own = before.has_column(&it.name) || after.has_column(&it.name);
            !own && self.lets_go(&it.name)
        };
        let found: Vec<&Column> = self.found.iter().filter(unwanted).copied().collect();
        found.into_iter()
    }
}

/// The indexes of the table that this one becomes a part of, or was one of.
fn indexes<'s>(before: (&'s Schema, &'s Table), after: (&'s Schema, &'s Table)) -> Vec<&'s Index> {
    let whole = |it: &'s Table| it.options.partition_of.as_ref().map(|it| &it.parent);
    let (old, new) = (whole(before.1), whole(after.1));
    let left = old
        .filter(|_| old != new)
        .and_then(|it| before.0.tables.get(it));
    let joined = new
        .filter(|_| old != new)
        .and_then(|it| after.0.tables.get(it));
    left.into_iter()
        .chain(joined)
        .flat_map(|it| &it.indexes)
        .collect()
}

/// The columns of a table, with those that it has from others itself.
fn columns<'s>(table: &QualifiedName, schema: &'s Schema) -> Vec<&'s Column> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut waiting: Vec<&Table> = schema.tables.get(table).into_iter().collect();
    while let Some(table) = waiting.pop() {
        if seen.insert(&table.name) {
            found.extend(&table.columns);
            waiting.extend(parents(table).filter_map(|it| schema.tables.get(it)));
        }
    }
    found
}
