//! How one table differs from its successor, in the steps in which the whole difference is said.

use super::constraint::{create, is_not_valid, same_constraint};
use super::family::Family;
use super::keys::{Follows, is_key, same_columns};
use super::matching::{
    KeepsComputed, Matched, constraint_uses, is_retyped, match_constraints, remade,
};
use super::names::{NameChange, Pair, Renaming, pair};
use super::{Ways, column, comments, options};
use crate::ops::{
    AlterColumn, CommentOn, CommentTable, CreateIndex, DropColumn, DropConstraint, DropIndex,
    Operation, ValidateConstraint, drop_column::mentions, drop_constraint::Dropped,
};
use crate::schema::{
    Column, Constraint, Ident, Index, IndexKey, Object, PrimaryKey, QualifiedName, Schema, Table,
    Type,
};
use std::collections::{BTreeMap, BTreeSet};

/// A column that a table has for as long as all others are made anew.
const SPARE: &str = "aludel_spare";

/// A table before and after.
pub(super) struct Change<'s> {
    pub(super) before: &'s Table,
    pub(super) after: &'s Table,
    /// What it has from other tables.
    pub(super) family: Family<'s>,
    /// Columns that cannot be changed into their successors, and are made anew.
    pub(super) remade: Vec<&'s Ident>,
    pub(super) gone: Vec<&'s Constraint>,
    pub(super) come: Vec<&'s Constraint>,
    pub(super) indexes_gone: Vec<&'s Index>,
    pub(super) indexes_come: Vec<&'s Index>,
    /// Constraints that stay, and are to hold for the rows that were there before them; under the names that they will have.
    unchecked: Vec<&'s Constraint>,
    /// Indexes of which the comment alone changes.
    commented: Vec<&'s Index>,
}

impl<'s> Change<'s> {
    /// Each with the schema that it is in.
    pub(super) fn new(
        (from, before): (&'s Schema, &'s Table),
        (to, after): (&'s Schema, &'s Table),
        keeps: KeepsComputed<'_>,
    ) -> Self {
        let family = Family::new((from, before), (to, after));
        let remade = remade(before, after, keeps);
        let Matched {
            gone,
            come,
            unchecked,
        } = match_constraints(before, after, &family, &remade);
        let is_remade = |it: &Index| remade.iter().any(|name| index_uses(it, name));
        let stays = |it: &Index, other: &Table| {
            (other.find_index(&it.name) == Some(it) && !is_remade(it)) || family.takes_over(it)
        };
        let gone_from = |of: &'s Table, other: &Table| -> Vec<&'s Index> {
            of.indexes.iter().filter(|it| !stays(it, other)).collect()
        };
        let mut indexes_gone = gone_from(before, after);
        let mut indexes_come = gone_from(after, before);
        let mut commented = comments::alone(from, before, &indexes_gone, &indexes_come);
        commented.retain(|it| !is_remade(it));
        let moves = |it: &&Index| !commented.iter().any(|other| other.name == it.name);
        indexes_gone.retain(moves);
        indexes_come.retain(moves);
        Self {
            before,
            after,
            indexes_gone,
            indexes_come,
            commented,
            unchecked,
            family,
            remade,
            gone,
            come,
        }
    }

    pub(super) fn is_of(&self, table: &QualifiedName) -> bool {
        self.after.name == *table
    }

    /// What is the same but for its name, and is neither dropped nor created any more.
    pub(super) fn take_renamed(&mut self, renaming: Renaming) -> Vec<NameChange<'s>> {
        let (table, remade) = (&self.after.name, &self.remade);
        let constraints = pair(&mut self.gone, &mut self.come, |before, after| {
            let made_anew = remade.iter().any(|it| constraint_uses(after, it));
            !made_anew && renaming.of_constraint(before, after)
        });
        let indexes = pair(
            &mut self.indexes_gone,
            &mut self.indexes_come,
            |before, after| {
                let made_anew = remade.iter().any(|it| index_uses(after, it));
                !made_anew && renaming.of_index(before, after)
            },
        );
        let held = |(before, after): &&(&Constraint, &Constraint)| {
            is_not_valid(before) && !is_not_valid(after)
        };
        let unchecked = constraints.iter().filter(held).map(|it| it.1);
        self.unchecked.extend(unchecked);
        let constraints = constraints
            .into_iter()
            .map(|(before, after)| Pair::Constraint(before, after));
        let indexes = indexes
            .into_iter()
            .map(|(before, after)| Pair::Index(before, after));
        constraints
            .chain(indexes)
            .filter_map(|it| NameChange::new(table, it))
            .collect()
    }

    /// What cannot be renamed after all.
    pub(super) fn give_back(&mut self, pair: Pair<'s>) {
        match pair {
            Pair::Index(before, after) => {
                self.indexes_gone.push(before);
                self.indexes_come.push(after);
            }
            Pair::Constraint(before, after) => {
                self.gone.push(before);
                self.come.push(after);
            }
        }
    }

    /// The columns that go, are made anew, or get another type or collation.
    pub(super) fn touched(&self) -> impl Iterator<Item = (&'s QualifiedName, &'s Ident)> {
        let (before, after) = (self.before, self.after);
        let changes = |it: &&Column| match after.find_column(&it.name) {
            Some(new) => is_retyped(before, after, it, new),
            None => self.family.lets_go(&it.name),
        };
        let changed = before.columns.iter().filter(changes).map(|it| &it.name);
        let all = changed.chain(self.remade.iter().copied());
        all.map(|it| (&before.name, it))
    }

    /// Options that must be gone before keys and columns change, or that can change at any time.
    pub(super) fn options_first(&self, out: &mut Vec<Operation>) {
        options::first(self.before, self.after, out);
    }

    /// Options that ask for the keys and columns that are to be.
    pub(super) fn options_last(&self, out: &mut Vec<Operation>) {
        options::last(self.before, self.after, out);
    }

    /// The foreign keys that are the same before and after, as they are on both sides.
    pub(super) fn staying_keys(&self) -> Vec<(&'s Constraint, &'s Constraint)> {
        let stays = |it: &&Constraint, moving: &[&Constraint]| {
            let is_key = matches!(it, Constraint::ForeignKey(_));
            is_key && !moving.iter().any(|other| std::ptr::eq(*other, *it))
        };
        let after: Vec<&Constraint> = self.after.constraints.iter().collect();
        let mut after: Vec<&Constraint> = after
            .into_iter()
            .filter(|it| stays(it, &self.come))
            .collect();
        let mut pairs = Vec::new();
        for before in self
            .before
            .constraints
            .iter()
            .filter(|it| stays(it, &self.gone))
        {
            let exact = after.iter().position(|it| *it == before);
            let alike = exact.or_else(|| after.iter().position(|it| same_constraint(before, it)));
            if let Some(at) = alike {
                pairs.push((before, after.remove(at)));
            }
        }
        pairs
    }

    /// A constraint that stays goes and comes again.
    pub(super) fn make_anew(&mut self, before: &'s Constraint, after: &'s Constraint) {
        self.gone.push(before);
        self.come.push(after);
    }

    /// Whether one of these columns gets another type, and a foreign key on it does not follow.
    pub(super) fn disturbs(&self, columns: &[Ident], follows: Follows<'_>) -> bool {
        columns.iter().any(|name| {
            let both = self
                .before
                .find_column(name)
                .zip(self.after.find_column(name));
            both.is_none_or(|(old, new)| {
                let (from, to) = (&old.ty.written, &new.ty.written);
                self.remade.contains(&name) || column::is_retyped(old, new) && !follows(from, to)
            })
        })
    }

    /// Whether a foreign key to these columns loses its ground, if only for a while.
    pub(super) fn disturbs_key(&self, columns: &[Ident], follows: Follows<'_>) -> bool {
        let goes = self.gone.iter().any(|it| is_key(it, columns));
        goes || self.indexes_gone.iter().any(|it| is_key_index(it, columns))
            || self.disturbs(columns, follows)
    }

    /// Whether a table that is logged could not refer to this one any more (PostgreSQL).
    pub(super) fn becomes_unlogged(&self) -> bool {
        self.after.options.unlogged && !self.before.options.unlogged
    }

    /// Foreign keys go before anything that they refer to.
    pub(super) fn drop_foreign_keys(&self, out: &mut Vec<Operation>) {
        self.drop_constraints(out, |it| matches!(it, Constraint::ForeignKey(_)));
    }

    pub(super) fn drop_indexes_and_constraints(&self, out: &mut Vec<Operation>) {
        for index in &self.indexes_gone {
            let drop = DropIndex::new(self.before.name.clone(), index.name.clone());
            out.push(drop.into());
        }
        self.drop_constraints(out, |it| !matches!(it, Constraint::ForeignKey(_)));
    }

    fn drop_constraints(&self, out: &mut Vec<Operation>, which: impl Fn(&Constraint) -> bool) {
        for constraint in self.gone.iter().rev().filter(|it| which(it)) {
            let dropped = match constraint.name() {
                Some(name) => Dropped::Named(name.clone()),
                None => Dropped::Unnamed(Box::new((*constraint).clone())),
            };
            out.push(DropConstraint::new(self.before.name.clone(), dropped).into());
        }
    }

    /// Columns come, change, and go, in this order, so that a table is never left without any. What is computed from others
    /// goes before them and comes after them; what is computed no more is left alone by whatever happens to these.
    pub(super) fn columns(&self, ways: &Ways<'_>, out: &mut Vec<Operation>) {
        let numbers_need_key = ways.numbers_need_key;
        let is_remade = |it: &Column| self.remade.contains(&&it.name);
        let is_gone =
            |it: &Column| !self.after.has_column(&it.name) && self.family.lets_go(&it.name);
        let is_new =
            |it: &Column| !self.before.has_column(&it.name) && self.family.lets_come(&it.name);
        let computed = |it: &Column| it.generated.is_some();
        let late = |it: &Column| is_remade(it) || (is_new(it) && computed(it));
        for new in self.after.columns.iter().filter(|it| !is_remade(it)) {
            let old = self.before.find_column(&new.name);
            if old.is_some_and(|old| self.loses_expression(old, new)) {
                let mut change = AlterColumn::new(self.after.name.clone(), new.name.clone());
                change.drop_expression = true;
                out.push(change.into());
            }
        }
        for new in self
            .after
            .columns
            .iter()
            .filter(|it| is_new(it) && !computed(it))
        {
            out.push(self.add(new, numbers_need_key));
        }
        // No column comes before the last one goes, and none stays.
        let stays = |it: &Column| {
            is_new(it) && !computed(it) || !is_remade(it) && self.before.has_column(&it.name)
        };
        let kept = |it: &Column| !is_remade(it) && !computed(it);
        let spare = !ways.empty_tables
            && !self.before.columns.iter().any(kept)
            && !self.after.columns.iter().any(stays);
        let spare = spare.then(|| Column::new(SPARE, Type::Integer));
        out.extend(spare.iter().map(|it| self.add(it, numbers_need_key)));
        for old in self.before.columns.iter().rev() {
            if is_remade(old) || (is_gone(old) && computed(old)) {
                out.push(self.drop(&old.name));
            }
        }
        for new in self.family.asked(self.before, self.after) {
            out.push(self.add(new, numbers_need_key));
        }
        for new in self.after.columns.iter().filter(|it| !is_remade(it)) {
            let old = self.before.find_column(&new.name);
            if let Some(change) = old.and_then(|old| self.alter(old, new, numbers_need_key)) {
                out.push(change.into());
            }
        }
        for new in self.after.columns.iter().filter(|it| late(it)) {
            out.push(self.add(new, numbers_need_key));
        }
        for old in self.family.found(self.before, self.after) {
            out.push(self.drop(&old.name));
        }
        for old in self.before.columns.iter().rev() {
            if is_gone(old) && !computed(old) {
                out.push(self.drop(&old.name));
            }
        }
        out.extend(spare.iter().map(|it| self.drop(&it.name)));
    }

    /// Whether a column that stays is computed no more, by its own table's word.
    fn loses_expression(&self, old: &Column, new: &Column) -> bool {
        old.generated.is_some() && new.generated.is_none() && !self.family.changes(&new.name)
    }

    fn drop(&self, column: &Ident) -> Operation {
        DropColumn::new(self.before.name.clone(), column.clone()).into()
    }

    pub(super) fn add_constraints_and_indexes(&self, out: &mut Vec<Operation>) {
        let new = self.after.columns.iter();
        let brought: Vec<&PrimaryKey> = new.filter_map(|it| self.key_with(it)).collect();
        let is_there = |it: &Constraint| match it {
            Constraint::PrimaryKey(key) => brought.contains(&key),
            Constraint::ForeignKey(_) => true,
            _ => false,
        };
        for constraint in &self.come {
            if !is_there(constraint) {
                out.push(create(self.after.name.clone(), (*constraint).clone()));
            }
        }
        for index in &self.indexes_come {
            let create = CreateIndex::new(self.after.name.clone(), (*index).clone());
            out.push(create.into());
        }
        for index in &self.commented {
            let object = Object::Index(self.after.name.renamed(index.name.clone()));
            let comment = index.comment.clone();
            out.push(CommentOn { object, comment }.into());
        }
        if self.before.comment != self.after.comment {
            out.push(
                CommentTable {
                    table: self.after.name.clone(),
                    comment: self.after.comment.clone(),
                }
                .into(),
            );
        }
    }

    /// Foreign keys come when everything that they refer to is there.
    pub(super) fn add_foreign_keys(&self, out: &mut Vec<Operation>) {
        for constraint in &self.come {
            if matches!(constraint, Constraint::ForeignKey(_)) {
                out.push(create(self.after.name.clone(), (*constraint).clone()));
            }
        }
    }
}

impl Change<'_> {
    /// Holds constraints that stay to the rows that were there before them.
    pub(super) fn look_at_rows(&self, out: &mut Vec<Operation>) {
        let anew = |it: &&&Constraint| {
            let mut moving = self.gone.iter().chain(&self.come);
            moving.any(|other| std::ptr::eq(*other, **it))
        };
        for constraint in self.unchecked.iter().filter(|it| !anew(it)) {
            if let Some(name) = constraint.name().cloned() {
                let table = self.after.name.clone();
                out.push(ValidateConstraint { table, name }.into());
            }
        }
    }
}

/// Whether an index or a constraint of a table comes by a name that one of another table has had until now.
pub(super) fn names_move(changes: &[Change<'_>]) -> bool {
    let mut gone: BTreeMap<&Ident, &QualifiedName> = BTreeMap::new();
    for change in changes {
        let names = names(&change.indexes_gone, &change.gone).into_iter();
        gone.extend(names.map(|it| (it, &change.before.name)));
    }
    changes.iter().any(|change| {
        let mut come = names(&change.indexes_come, &change.come).into_iter();
        come.any(|it| gone.get(it).is_some_and(|had| **had != change.after.name))
    })
}

/// Whether tables that go have names which something that comes is to have. Tables go last, unless they are in the way.
pub(super) fn names_are_taken(changes: &[Change<'_>], gone: &[&Table], come: &[&Table]) -> bool {
    let of_table = |table: &&'_ Table| -> Vec<Ident> {
        let (indexes, constraints) = (table.indexes.iter(), table.constraints.iter());
        let names = names(
            &indexes.collect::<Vec<_>>(),
            &constraints.collect::<Vec<_>>(),
        );
        names.into_iter().cloned().collect()
    };
    let gone: BTreeSet<Ident> = gone.iter().flat_map(of_table).collect();
    let new = come.iter().flat_map(of_table);
    let of_changes = changes
        .iter()
        .flat_map(|it| names(&it.indexes_come, &it.come));
    new.chain(of_changes.cloned()).any(|it| gone.contains(&it))
}

fn names<'s>(indexes: &[&'s Index], constraints: &[&'s Constraint]) -> Vec<&'s Ident> {
    let constraints = constraints.iter().filter_map(|it| it.name());
    let indexes = indexes.iter().map(|it| &it.name);
    indexes.chain(constraints).collect()
}

/// Whether a foreign key may refer to these columns because of an index.
fn is_key_index(index: &Index, columns: &[Ident]) -> bool {
    let parts = index.parts.iter().map(|it| it.as_column().cloned());
    let all: Option<Vec<Ident>> = parts.collect();
    index.unique && index.predicate.is_none() && all.is_some_and(|it| same_columns(&it, columns))
}

pub(super) fn index_uses(index: &Index, column: &Ident) -> bool {
    let predicate = index.predicate.as_ref();
    index.include.contains(column)
        || predicate.is_some_and(|it| mentions(it.written.as_str(), column))
        || index.parts.iter().any(|part| match &part.key {
            IndexKey::Column(name) => name == column,
            IndexKey::Expr(expr) => mentions(expr.written.as_str(), column),
        })
}
