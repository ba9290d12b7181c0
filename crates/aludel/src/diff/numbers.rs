//! Columns that number themselves, and the keys that they need meanwhile: a column is numbered no longer when its key goes, and
//! not before its key is there.

use super::column;
use super::table::Change;
use crate::ops::{AddColumn, AlterColumn, Operation};
use crate::schema::{Column, Constraint, Ident, IndexKey, PrimaryKey};

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

    fn is_stopped(&self, old: &Column, numbers_need_key: bool) -> bool {
        let indexes = self.indexes_gone.iter();
        let leads = |it: &&crate::schema::Index| match it.parts.first().map(|it| &it.key) {
            Some(IndexKey::Column(name)) => *name == old.name,
            _ => false,
        };
        numbers_need_key
            && old.identity.is_some()
            && (leads_any(&self.gone, &old.name) || indexes.clone().any(|it| leads(&it)))
    }

    /// Whether a key or an index that comes has the column.
    fn key_comes(&self, name: &Ident) -> bool {
        let indexes = self.indexes_come.iter();
        leads_any(&self.come, name)
            || indexes
                .clone()
                .any(|it| it.parts.iter().any(|it| it.as_column() == Some(name)))
    }

    /// The primary key that a numbered column brings with it.
    pub(super) fn key_with(&self, new: &Column) -> Option<&'s PrimaryKey> {
        if new.identity.is_none() || self.before.has_column(&new.name) {
            return None;
        }
        self.come.iter().find_map(|it| match it {
            Constraint::PrimaryKey(key) if key.columns == [new.name.clone()] => Some(key),
            _ => None,
        })
    }

    /// Adds a column, as far as it can be there before its key.
    pub(super) fn add(&self, new: &Column, numbers_need_key: bool) -> Operation {
        let mut add = AddColumn::new(self.after.name.clone(), new.clone());
        add.primary_key = self.key_with(new).cloned();
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
            old.identity = None;
        }
        if self.waits(&old, &new) {
            new.identity = None;
        }
        column::alter(&self.after.name, &old, &new)
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

/// Whether a key among these constraints has the column.
fn leads_any(constraints: &[&Constraint], name: &Ident) -> bool {
    constraints.iter().any(|it| match it {
        Constraint::PrimaryKey(_) | Constraint::Unique(_) => it.columns().contains(name),
        _ => false,
    })
}
