//! Two schemas → the operations that turn one into the other, in an order in which they run.
//!
//! The diff knows no dialect: both schemas come in normal form, and what the database can rename is told. Of tables and columns, what
//! went and what came are two things, unless somebody said otherwise before.

use crate::ops::{
    CreateEnum, CreateTable, DropConstraint, DropEnum, DropTable, Operation,
    drop_constraint::Dropped,
};
use crate::schema::{Column, Constraint, Enum, ForeignKey, QualifiedName, Schema, Table};
use std::collections::BTreeSet;

mod changes;
mod column;
mod comments;
mod constraint;
mod enums;
mod family;
mod held;
mod keys;
mod matching;
mod names;
mod numbers;
mod objects;
mod options;
mod order;
mod rename;
mod table;
mod text;

pub use changes::{Change, Thing, Value, Verb, changes, renamed_changes};
pub use constraint::{names_agree, same_constraint};
pub(crate) use keys::Follows;
pub(crate) use matching::KeepsComputed;
pub use names::Renaming;
pub(crate) use objects::Touched;
pub(crate) use rename::names_renamed;
pub use rename::{Renamed, Renames, rename};

/// What turns `from` into `to`.
///
/// Enum types come before the columns that have them, tables before those that reference them, views and triggers after the
/// tables that they look at, and everything is undone in the opposite order. What looks at a column that changes, and would be in
/// the way, goes and comes again around the change. What differs in nothing but its name goes and comes, too, as not every database can
/// rename it: [`crate::dialect::difference`] does it in the ways of one of them. Names that only say what a database calls a constraint by itself are no difference.
///
/// ```
/// use aludel::diff::diff;
/// use aludel::schema::{Column, Schema, Table, Type};
///
/// let mut to = Schema::default();
/// to.add_table(Table::new("patients").column(Column::new("id", Type::Integer).primary_key()));
/// let operations = diff(&Schema::default(), &to);
/// assert_eq!(operations[0].summary(), "create table patients");
/// assert!(diff(&to, &to).is_empty());
/// ```
pub fn diff(from: &Schema, to: &Schema) -> Vec<Operation> {
    diff_by(from, to, &Ways::PLAIN)
}

/// What the order of operations owes to the database, beside what each wants.
pub(crate) struct Ways<'w> {
    /// What is renamed in place.
    pub renaming: Renaming,
    /// Which foreign keys stay while their columns get another type.
    pub follows: Follows<'w>,
    /// Which computed columns can be made ones that are not, with their values.
    pub keeps_computed: KeepsComputed<'w>,
    /// Whether a numbered column must be a key as long as it is numbered.
    pub numbers_need_key: bool,
    /// Whether a table may be without any column for a while.
    pub empty_tables: bool,
    /// Whether enum types exist by themselves, and cannot be made anew under a column that is computed from them.
    pub enum_types: bool,
}

impl Ways<'_> {
    /// The ways of no database in particular: nothing is renamed, and nothing stays that could be in the way.
    pub(crate) const PLAIN: Ways<'static> = Ways {
        renaming: Renaming::NONE,
        follows: &|_, _| false,
        keeps_computed: &|_| false,
        numbers_need_key: true,
        empty_tables: false,
        enum_types: true,
    };
}

/// As [`diff`], in the ways of one database.
pub(crate) fn diff_by(from: &Schema, to: &Schema, ways: &Ways<'_>) -> Vec<Operation> {
    match held::without(from, to).filter(|_| ways.enum_types) {
        Some((before, after)) => [
            diff_plain(from, &before, &before, ways),
            diff_plain(&before, &after, to, ways),
            diff_plain(&after, to, to, ways),
        ]
        .into_iter()
        .flatten()
        .collect(),
        None => diff_plain(from, to, to, ways),
    }
}

/// `last` is what comes in the end, where `to` is but half of the way: a value of an enum type may be needed only there.
fn diff_plain(from: &Schema, to: &Schema, last: &Schema, ways: &Ways<'_>) -> Vec<Operation> {
    let (follows, numbers_need_key) = (ways.follows, ways.numbers_need_key);
    let mut out = Vec::new();
    let mut changes = kept(from, to, ways.keeps_computed);
    let renames = names::rename(&mut changes, ways.renaming, follows);
    keys::make_way(&mut changes, follows);
    let mut dropped: Vec<&Table> = missing(from, to);
    dropped.retain(|it| !family::goes_with_parent(it, from, to));
    let touched = touched_before(from, to, last, ways.keeps_computed);
    let objects = objects::Plan::new(from, to, &touched);
    objects.first(&mut out);
    objects.undo(&mut out);
    enums_first(from, to, last, &mut out);
    objects.before_tables(&mut out);
    drop_cycles(
        &dropped,
        keys::of_dropped(&dropped, &changes, follows),
        &mut out,
    );
    for change in &changes {
        change.drop_foreign_keys(&mut out);
    }
    for change in &changes {
        change.options_first(&mut out);
    }
    let taken = table::names_are_taken(&changes, &dropped, &missing(to, from));
    if taken {
        drop_tables(&dropped, &mut out);
    }
    // A name of an index is free when the table that had it has let it go.
    let names_move = !renames.is_empty() || table::names_move(&changes);
    for change in changes.iter().filter(|_| names_move) {
        change.stop_numbers(numbers_need_key, &mut out);
        change.drop_indexes_and_constraints(&mut out);
    }
    out.extend(renames);
    for change in &changes {
        if !names_move {
            change.stop_numbers(numbers_need_key, &mut out);
            change.drop_indexes_and_constraints(&mut out);
        }
        change.columns(ways, &mut out);
        change.add_constraints_and_indexes(&mut out);
        change.start_numbers(numbers_need_key, &mut out);
    }
    let late_keys = create_tables(from, to, &mut out);
    for change in &changes {
        change.options_last(&mut out);
    }
    for change in &changes {
        change.add_foreign_keys(&mut out);
        change.look_at_rows(&mut out);
    }
    out.extend(late_keys);
    if !taken {
        drop_tables(&dropped, &mut out);
    }
    enum_values_last(from, to, &mut out);
    objects.drop_unneeded(&mut out);
    for before in missing_enums(from, to) {
        let name = before.name.clone();
        out.push(DropEnum { name }.into());
    }
    objects.drop_places(&mut out);
    objects.after_tables(&mut out);
    out
}

/// The tables that both schemas have.
fn kept<'s>(from: &'s Schema, to: &'s Schema, keeps: KeepsComputed<'_>) -> Vec<table::Change<'s>> {
    let both = to.tables.values().filter_map(|after| {
        let before = from.tables.get(&after.name)?;
        Some(table::Change::new((from, before), (to, after), keeps))
    });
    both.collect()
}

/// The columns that change in such a way that the database may want nothing to look at them meanwhile.
pub(crate) fn touched<'s>(
    from: &'s Schema,
    to: &'s Schema,
    keeps: KeepsComputed<'_>,
) -> Touched<'s> {
    touched_before(from, to, to, keeps)
}

/// As [`touched`], where `to` is but half of the way.
fn touched_before<'s>(
    from: &'s Schema,
    to: &'s Schema,
    last: &Schema,
    keeps: KeepsComputed<'_>,
) -> Touched<'s> {
    let of_dropped = missing(from, to)
        .into_iter()
        .flat_map(|table| table.columns.iter().map(|it| (&table.name, &it.name)));
    let changes = kept(from, to, keeps);
    let changed = changes.iter().flat_map(table::Change::touched);
    let remade = enums::remade(from, to, last);
    let has_remade = |ty: &Column| {
        let of = ty.ty.written.as_enum();
        of.is_some_and(|it| remade.contains(&it.name))
    };
    let of_enums = from.tables.values().flat_map(|table| {
        let columns = table.columns.iter().filter(|it| has_remade(it));
        columns.map(|it| (&table.name, &it.name))
    });
    of_dropped.chain(changed).chain(of_enums).collect()
}

/// The tables of one schema that the other lacks.
fn missing<'s>(from: &'s Schema, to: &Schema) -> Vec<&'s Table> {
    let gone = |it: &&Table| !to.tables.contains_key(&it.name);
    from.tables.values().filter(gone).collect()
}

/// New enum types, and new values: columns may need them.
fn enums_first(from: &Schema, to: &Schema, last: &Schema, out: &mut Vec<Operation>) {
    for ty in to.enums.values() {
        match from.enums.get(&ty.name) {
            None => out.push(CreateEnum { ty: ty.clone() }.into()),
            Some(before) => out.extend(enums::additions(before, ty, last).map(Operation::from)),
        }
    }
}

/// Values that go: when no column needs them any more.
fn enum_values_last(from: &Schema, to: &Schema, out: &mut Vec<Operation>) {
    for before in from.enums.values() {
        let after = to.enums.get(&before.name);
        let Some(removals) = after.and_then(|it| enums::removals(before, it)) else {
            continue;
        };
        for operation in out.iter_mut() {
            enums::for_now(operation, &removals.from);
        }
        out.push(removals.into());
    }
}

/// The enum types of one schema that the other lacks.
fn missing_enums<'s>(from: &'s Schema, to: &Schema) -> impl Iterator<Item = &'s Enum> {
    let gone = |it: &&Enum| !to.enums.contains_key(&it.name);
    from.enums.values().filter(gone)
}

/// Creates the new tables, each after those it references. Where they reference each other in a circle, the key that
/// closes it comes when all are there; these are returned.
fn create_tables(from: &Schema, to: &Schema, out: &mut Vec<Operation>) -> Vec<Operation> {
    let new: Vec<&Table> = missing(to, from);
    let mut there: BTreeSet<&QualifiedName> = from.tables.keys().collect();
    let mut late = Vec::new();
    for table in order::creating(&new) {
        there.insert(&table.name);
        let mut now = family::alone(table, to);
        let collation = now.options.collation.clone();
        for column in &mut now.columns {
            column::leave_to_table(column, collation.as_ref());
        }
        now.constraints.retain(|constraint| match constraint {
            Constraint::ForeignKey(key) if !there.contains(&key.references) => {
                late.push(constraint::create(table.name.clone(), constraint.clone()));
                false
            }
            _ => true,
        });
        out.push(CreateTable::new(now).into());
    }
    late
}

fn drop_tables(dropped: &[&Table], out: &mut Vec<Operation>) {
    for table in order::dropping(dropped) {
        out.push(DropTable::new(table.name.clone()).into());
    }
}

/// Foreign keys of tables that go which must go first: those that close a circle, and those that are `in_the_way`.
fn drop_cycles(
    dropped: &[&Table],
    in_the_way: Vec<(&QualifiedName, &ForeignKey)>,
    out: &mut Vec<Operation>,
) {
    let mut keys = in_the_way;
    let mut gone: BTreeSet<&QualifiedName> = BTreeSet::new();
    for table in order::dropping(dropped) {
        gone.insert(&table.name);
        for other in dropped.iter().filter(|it| !gone.contains(&it.name)) {
            let closing = other
                .foreign_keys()
                .filter(|key| key.references == table.name);
            keys.extend(closing.map(|key| (&other.name, key)));
        }
    }
    for (table, key) in keys {
        let dropped = match &key.name {
            Some(name) => Dropped::Named(name.clone()),
            None => Dropped::Unnamed(Box::new(key.clone().into())),
        };
        out.push(DropConstraint::new(table.clone(), dropped).into());
    }
}

#[cfg(test)]
mod tests;
