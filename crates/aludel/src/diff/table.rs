//! How one table differs from its successor, in the steps in which the whole difference is said.

use super::constraint::{create, same_constraint, same_rule};
use super::family::Family;
use super::{column, options};
use crate::ops::{
    AddColumn, AlterColumn, CommentOn, CommentTable, CreateIndex, DropColumn, DropConstraint,
    DropIndex, Operation, drop_column::mentions, drop_constraint::Dropped,
};
use crate::schema::{
    Column, Constraint, Ident, Index, IndexKey, Object, QualifiedName, Schema, Table,
};

/// A table before and after.
pub(super) struct Change<'s> {
    before: &'s Table,
    after: &'s Table,
    family: Family<'s>,
    /// Columns that cannot be changed into their successors, and are made anew.
    remade: Vec<&'s Ident>,
    gone: Vec<&'s Constraint>,
    come: Vec<&'s Constraint>,
    indexes_gone: Vec<&'s Index>,
    indexes_come: Vec<&'s Index>,
    /// Indexes of which the comment alone changes.
    commented: Vec<&'s Index>,
}

impl<'s> Change<'s> {
    /// Each with the schema that it is in.
    pub(super) fn new(
        (from, before): (&'s Schema, &'s Table),
        (to, after): (&'s Schema, &'s Table),
    ) -> Self {
        let family = Family::new((from, before), (to, after));
        let remade = remade(before, after);
        let (gone, come) = match_constraints(before, after, &family, &remade);
        let index_stays = |it: &&Index, other: &Table| {
            other.find_index(&it.name) == Some(it)
                && !remade.iter().any(|name| index_uses(it, name))
        };
        let gone_from = |of: &'s Table, other: &Table| {
            let indexes = of.indexes.iter();
            indexes
                .filter(|it| !index_stays(it, other) && !family.takes_over(it))
                .collect()
        };
        let mut indexes_gone: Vec<&Index> = gone_from(before, after);
        let mut indexes_come: Vec<&Index> = gone_from(after, before);
        let mut commented = indexes_come.clone();
        commented.retain(|new| {
            let old = indexes_gone.iter().find(|it| it.name == new.name);
            old.is_some_and(|old| differ_in_comment(old, new))
                && is_only_one(from, before, new)
                && !remade.iter().any(|name| index_uses(new, name))
        });
        let stays = |it: &&Index| !commented.iter().any(|other| other.name == it.name);
        indexes_gone.retain(stays);
        indexes_come.retain(stays);
        Self {
            before,
            after,
            indexes_gone,
            indexes_come,
            commented,
            family,
            remade,
            gone,
            come,
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
    /// goes before them and comes after them.
    pub(super) fn columns(&self, out: &mut Vec<Operation>) {
        let is_remade = |it: &Column| self.remade.contains(&&it.name);
        let is_gone =
            |it: &Column| !self.after.has_column(&it.name) && self.family.lets_go(&it.name);
        let is_new =
            |it: &Column| !self.before.has_column(&it.name) && self.family.lets_come(&it.name);
        let computed = |it: &Column| it.generated.is_some();
        for old in self.before.columns.iter().rev() {
            if is_remade(old) || (is_gone(old) && computed(old)) {
                out.push(self.drop(&old.name));
            }
        }
        let late = |it: &Column| is_remade(it) || (is_new(it) && computed(it));
        for new in self
            .after
            .columns
            .iter()
            .filter(|it| is_new(it) && !computed(it))
        {
            out.push(self.add(new));
        }
        for new in self.family.asked(self.before, self.after) {
            out.push(self.add(new));
        }
        for new in self.after.columns.iter().filter(|it| !is_remade(it)) {
            out.extend(self.alter(new));
        }
        for new in self.after.columns.iter().filter(|it| late(it)) {
            out.push(self.add(new));
        }
        for old in self.family.found(self.before, self.after) {
            out.push(self.drop(&old.name));
        }
        for old in self.before.columns.iter().rev() {
            if is_gone(old) && !computed(old) {
                out.push(self.drop(&old.name));
            }
        }
    }

    fn add(&self, column: &Column) -> Operation {
        let mut column = column.clone();
        column::leave_to_table(&mut column, self.after.options.collation.as_ref());
        AddColumn::new(self.after.name.clone(), column).into()
    }

    /// The change of a column that stays. What the table has from another gets its type there, and one that becomes strict has
    /// other names for the same types.
    fn alter(&self, new: &Column) -> Option<Operation> {
        let old = self.before.find_column(&new.name)?;
        let mut change = column::alter(&self.after.name, old, new)?;
        if self.family.changes(&new.name) {
            change.ty = None;
            change.collation = None;
        }
        if becomes_strict(self.before, self.after) && old.ty.written == new.ty.written {
            change.ty = None;
        }
        let says_nothing = change == AlterColumn::new(change.table.clone(), change.column.clone());
        (!says_nothing).then(|| change.into())
    }

    fn drop(&self, column: &Ident) -> Operation {
        DropColumn::new(self.before.name.clone(), column.clone()).into()
    }

    pub(super) fn add_constraints_and_indexes(&self, out: &mut Vec<Operation>) {
        for constraint in &self.come {
            if !matches!(constraint, Constraint::ForeignKey(_)) {
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

fn becomes_strict(before: &Table, after: &Table) -> bool {
    after.options.strict && !before.options.strict
}

fn is_retyped(before: &Table, after: &Table, old: &Column, new: &Column) -> bool {
    let name_alone = becomes_strict(before, after) && old.ty.written == new.ty.written;
    match name_alone {
        true => column::is_ordered_anew(old, new),
        false => column::is_retyped(old, new),
    }
}

/// Columns that are computed otherwise than before, or from a column whose type changes: what they hold is computed again.
fn remade<'s>(before: &'s Table, after: &'s Table) -> Vec<&'s Ident> {
    let retyped: Vec<&Ident> = after
        .columns
        .iter()
        .filter(|new| {
            let old = before.find_column(&new.name);
            old.is_some_and(|old| is_retyped(before, after, old, new))
        })
        .map(|it| &it.name)
        .collect();
    let is_remade = |new: &&Column| {
        let Some(old) = before.find_column(&new.name) else {
            return false;
        };
        let computed_from = |it: &Column| match &it.generated {
            Some(generated) => {
                let text = generated.expr.written.as_str();
                retyped.iter().any(|name| mentions(text, name))
            }
            None => false,
        };
        old.generated != new.generated || computed_from(new)
    };
    after
        .columns
        .iter()
        .filter(is_remade)
        .map(|it| &it.name)
        .collect()
}

/// The constraints that went and those that came: each that stays is matched with exactly one of the other side.
///
/// The constraints of a table that this one leaves stay with it. Those of a table that it comes to are matched too; a check it
/// must have by then, a key it gets.
fn match_constraints<'s>(
    before: &'s Table,
    after: &'s Table,
    family: &Family<'s>,
    remade: &[&Ident],
) -> (Vec<&'s Constraint>, Vec<&'s Constraint>) {
    let mut gone: Vec<&Constraint> = before.constraints.iter().collect();
    gone.extend(&family.left);
    let mut come = Vec::new();
    for new in after
        .constraints
        .iter()
        .chain(family.joined.iter().copied())
    {
        let is_joined = family.joined.iter().any(|it| std::ptr::eq(*it, new));
        let is_left = |old: &Constraint| family.left.iter().any(|it| std::ptr::eq(*it, old));
        let exact = gone.iter().position(|old| *old == new);
        let alike = exact.or_else(|| gone.iter().position(|old| same_constraint(old, new)));
        let alike = alike.or_else(|| {
            gone.iter()
                .position(|old| (is_joined || is_left(old)) && same_rule(old, new))
        });
        match alike.filter(|_| !remade.iter().any(|name| constraint_uses(new, name))) {
            Some(at) => {
                gone.remove(at);
            }
            None if is_joined && !matches!(new, Constraint::Check(_)) => {}
            None => come.push(new),
        }
    }
    // A key that a table had as a part of another has a name of its own, which nobody knows here.
    let own = |old: &&Constraint| before.constraints.iter().any(|it| std::ptr::eq(it, *old));
    gone.retain(|it| (own(it) || matches!(it, Constraint::Check(_))) && !family.shares(it));
    (gone, come)
}

fn constraint_uses(constraint: &Constraint, column: &Ident) -> bool {
    match constraint {
        Constraint::Check(check) => mentions(check.expr.written.as_str(), column),
        other => other.columns().contains(column),
    }
}

fn index_uses(index: &Index, column: &Ident) -> bool {
    let predicate = index.predicate.as_ref();
    index.include.contains(column)
        || predicate.is_some_and(|it| mentions(it.written.as_str(), column))
        || index.parts.iter().any(|part| match &part.key {
            IndexKey::Column(name) => name == column,
            IndexKey::Expr(expr) => mentions(expr.written.as_str(), column),
        })
}
