//! Columns that number themselves, and the keys that they need meanwhile: a column is numbered no longer when its key goes, and
//! not before its key is there.

use super::column;
use super::matching::is_renamed_type;
use super::table::Change;
use crate::ops::{AddColumn, AlterColumn, Operation};
use crate::schema::{Column, Constraint, Ident, Index, PrimaryKey};

impl<'s> Change<'s> {
    /// Takes the numbers from the columns whose key goes, where they need one.
    pub(super) fn stop_numbers(&self, numbers_need_key: bool, out: &mut Vec<Operation>) {
        for old in &self.before.columns {
            if self.is_stopped(old, numbers_need_key) {
                let mut change = AlterColumn::new(self.before.name.clone(), old.name.clone());
                change.identity = Some(None);
                out.push(change.into());
            }
        }
    }

    /// Whether a key of the column goes, and none stays.
    fn is_stopped(&self, old: &Column, numbers_need_key: bool) -> bool {
        let key = |it: &Constraint| leads_key(it, &old.name);
        let index = |it: &Index| leads_index(it, &old.name);
        let goes = |it: &&Constraint| self.gone.iter().any(|gone| std::ptr::eq(*gone, *it));
        let index_goes = |it: &&Index| {
            self.indexes_gone
                .iter()
                .any(|gone| std::ptr::eq(*gone, *it))
        };
        let keys = self.before.constraints.iter().filter(|it| key(it));
        let indexes = self.before.indexes.iter().filter(|it| index(it));
        let (keys, indexes): (Vec<_>, Vec<_>) = (keys.collect(), indexes.collect());
        let had_any = !keys.is_empty() || !indexes.is_empty();
        numbers_need_key
            && old.identity.is_some()
            && had_any
            && keys.iter().all(goes)
            && indexes.iter().all(index_goes)
    }

    /// Whether a key or an index that comes has the column.
    fn key_comes(&self, name: &Ident) -> bool {
        let mut indexes = self.indexes_come.iter();
        self.come.iter().any(|it| leads_key(it, name)) || indexes.any(|it| leads_index(it, name))
    }

    /// The primary key that a numbered column brings with it.
    pub(super) fn key_with(&self, new: &Column) -> Option<&'s PrimaryKey> {
        let comes = !self.before.has_column(&new.name) || self.remade.contains(&&new.name);
        if new.identity.is_none() || !comes {
            return None;
        }
        self.come.iter().find_map(|it| match it {
            Constraint::PrimaryKey(key) if key.columns == [new.name.clone()] => Some(key),
            _ => None,
        })
    }

    /// Adds a column, as far as it can be there before its key.
    pub(super) fn add(&self, new: &Column, numbers_need_key: bool) -> Operation {
        let mut new = new.clone();
        column::leave_to_table(&mut new, self.after.options.collation.as_ref());
        let mut add = AddColumn::new(self.after.name.clone(), new);
        add.primary_key = self.key_with(&add.column).cloned();
        if numbers_need_key && add.primary_key.is_none() {
            add.column.identity = None;
        }
        add.into()
    }

    /// The change of a column, but for the number that waits for its key.
    pub(super) fn alter(
        &self,
        old: &Column,
        new: &Column,
        numbers_need_key: bool,
    ) -> Option<AlterColumn> {
        let (mut old, mut new) = (old.clone(), new.clone());
        if self.is_stopped(&old, numbers_need_key) {
            (old.identity, new.identity) = (None, None);
        }
        if self.waits(&old, &new) {
            new.identity = None;
        }
        let mut change = column::alter(&self.after.name, &old, &new)?;
        // What the table has from another gets its type there.
        if self.family.changes(&new.name) {
            change.ty = None;
            change.collation = None;
        }
        if is_renamed_type(self.before, self.after, &old, &new) {
            change.ty = None;
        }
        let nothing = AlterColumn::new(change.table.clone(), change.column.clone());
        (change != nothing).then_some(change)
    }

    fn waits(&self, old: &Column, new: &Column) -> bool {
        old.identity.is_none() && new.identity.is_some() && self.key_comes(&new.name)
    }

    /// Numbers what has waited for its key.
    pub(super) fn start_numbers(&self, numbers_need_key: bool, out: &mut Vec<Operation>) {
        for new in &self.after.columns {
            let is_made = self.remade.contains(&&new.name);
            let waits = match self.before.find_column(&new.name).filter(|_| !is_made) {
                None => numbers_need_key && new.identity.is_some() && self.key_with(new).is_none(),
                Some(old) if self.is_stopped(old, numbers_need_key) => new.identity.is_some(),
                Some(old) => self.waits(old, new),
            };
            if waits {
                let mut change = AlterColumn::new(self.after.name.clone(), new.name.clone());
                change.identity = Some(new.identity.clone());
                out.push(change.into());
            }
        }
    }
}

/// Whether a constraint is a key that begins with the column.
fn leads_key(constraint: &Constraint, name: &Ident) -> bool {
    match constraint {
        Constraint::PrimaryKey(_) | Constraint::Unique(_) => {
            constraint.columns().first() == Some(name)
        }
        _ => false,
    }
}

fn leads_index(index: &Index, name: &Ident) -> bool {
    index
        .parts
        .first()
        .is_some_and(|it| it.as_column() == Some(name))
}
