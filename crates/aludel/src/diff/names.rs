//! Constraints and indexes that are the same but for their name: they are renamed, where the database can, and not made anew.

use super::constraint::nameless;
use super::keys::{self, Follows};
use super::table::Change;
use crate::ops::{Operation, RenameConstraint, RenameIndex};
use crate::schema::{Constraint, Ident, Index, QualifiedName};

/// What a database renames in place. What it does not is dropped, and created under its new name.
///
/// ```
/// use aludel::diff::Renaming;
///
/// assert!(Renaming::ALL.indexes && !Renaming::NONE.indexes);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renaming {
    /// Indexes.
    pub indexes: bool,
    /// Unique constraints.
    pub uniques: bool,
    /// Constraints of any other kind.
    pub constraints: bool,
}

impl Renaming {
    /// Everything is renamed.
    pub const ALL: Self = Self {
        indexes: true,
        uniques: true,
        constraints: true,
    };

    /// Nothing is.
    pub const NONE: Self = Self {
        indexes: false,
        uniques: false,
        constraints: false,
    };

    /// Whether one index becomes the other by another name alone, which the database can give it.
    pub(super) fn of_index(self, before: &Index, after: &Index) -> bool {
        let name = before.name.clone();
        let same = || {
            *before
                == Index {
                    name,
                    ..after.clone()
                }
        };
        self.indexes && before.name != after.name && same()
    }

    /// The same of two constraints.
    pub(super) fn of_constraint(self, before: &Constraint, after: &Constraint) -> bool {
        let can = match before {
            Constraint::Unique(_) => self.uniques,
            _ => self.constraints,
        };
        let (from, to) = (before.name(), after.name());
        can && from.is_some() && to.is_some() && from != to && nameless(before) == nameless(after)
    }
}

/// Two of a table that are the same but for their names, before and after.
#[derive(Clone, Copy)]
pub(super) enum Pair<'s> {
    Index(&'s Index, &'s Index),
    Constraint(&'s Constraint, &'s Constraint),
}

/// A name that is to change.
pub(super) struct NameChange<'s> {
    pub(super) table: &'s QualifiedName,
    from: &'s Ident,
    to: &'s Ident,
    pub(super) pair: Pair<'s>,
}

impl<'s> NameChange<'s> {
    pub(super) fn new(table: &'s QualifiedName, pair: Pair<'s>) -> Option<Self> {
        let (from, to) = match pair {
            Pair::Index(before, after) => (&before.name, &after.name),
            Pair::Constraint(before, after) => (before.name()?, after.name()?),
        };
        Some(Self {
            table,
            from,
            to,
            pair,
        })
    }

    /// Whether it takes the name that the other still has. Some databases have one room of names for a whole schema.
    fn waits_for(&self, other: &Self) -> bool {
        self.to == other.from && self.table.schema == other.table.schema
    }

    fn operation(&self) -> Operation {
        let (table, name, to) = (self.table.clone(), self.from.clone(), self.to.clone());
        match self.pair {
            Pair::Index(..) => RenameIndex { table, name, to }.into(),
            Pair::Constraint(..) => RenameConstraint { table, name, to }.into(),
        }
    }
}

/// Takes what is only renamed out of the changes; answers the operations, each when the name that it gives is free. Those that
/// wait for each other in a circle stay in the changes, and so do foreign keys that are in the way of a change.
pub(super) fn rename(
    changes: &mut [Change<'_>],
    renaming: Renaming,
    follows: Follows<'_>,
) -> Vec<Operation> {
    let mut waiting: Vec<NameChange<'_>> = Vec::new();
    for change in changes.iter_mut() {
        waiting.extend(change.take_renamed(renaming));
    }
    let mut ready = Vec::new();
    loop {
        let free = |it: &NameChange<'_>| !waiting.iter().any(|other| it.waits_for(other));
        let Some(at) = waiting.iter().position(free) else {
            break;
        };
        ready.push(waiting.remove(at));
    }
    give_back(changes, waiting);
    let in_the_way = |it: &NameChange<'_>| match it.pair {
        Pair::Constraint(before, _) => changes
            .iter()
            .find(|change| change.is_of(it.table))
            .is_some_and(|change| keys::is_in_the_way(before, change, changes, follows)),
        Pair::Index(..) => false,
    };
    let (going, staying): (Vec<_>, Vec<_>) = ready.into_iter().partition(in_the_way);
    give_back(changes, going);
    staying.iter().map(NameChange::operation).collect()
}

fn give_back<'s>(changes: &mut [Change<'s>], names: Vec<NameChange<'s>>) {
    for name in names {
        let of_table = changes.iter_mut().find(|it| it.is_of(name.table));
        if let Some(change) = of_table {
            change.give_back(name.pair);
        }
    }
}

/// Takes from both lists what is the same, each with its counterpart.
pub(super) fn pair<'s, T>(
    gone: &mut Vec<&'s T>,
    come: &mut Vec<&'s T>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(&'s T, &'s T)> {
    let mut pairs = Vec::new();
    come.retain(|after| {
        let found = gone.iter().position(|before| same(before, after));
        if let Some(at) = found {
            pairs.push((gone.remove(at), *after));
        }
        found.is_none()
    });
    pairs
}

#[cfg(test)]
mod tests {
    use crate::diff::{Renaming, Ways, diff, diff_by};
    use crate::schema::{Check, Column, Index, Schema, Table, Type, Unique};

    fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
        let mut schema = Schema::default();
        tables.into_iter().for_each(|it| schema.add_table(it));
        schema
    }

    fn table(name: &str) -> Table {
        Table::new(name)
            .column(Column::new("a", Type::Integer))
            .column(Column::new("b", Type::Integer))
    }

    fn said(from: &Schema, to: &Schema, renaming: Renaming) -> Vec<String> {
        let ways = Ways {
            renaming,
            ..Ways::PLAIN
        };
        let operations = diff_by(from, to, &ways);
        operations.iter().map(|it| it.summary()).collect()
    }

    #[test]
    fn each_is_renamed_where_the_database_can() {
        let before = schema([table("t")
            .constraint(Unique::new(["a"]).named("one"))
            .check(Check::new("a > 0").named("two"))
            .index(Index::new("three", ["b"]))]);
        let after = schema([table("t")
            .constraint(Unique::new(["a"]).named("uq_t_a"))
            .check(Check::new("a > 0").named("ck_t_a"))
            .index(Index::new("ix_t_b", ["b"]))]);
        let all = [
            "rename constraint one on t to uq_t_a",
            "rename constraint two on t to ck_t_a",
            "rename index three on t to ix_t_b",
        ];
        assert_eq!(said(&before, &after, Renaming::ALL), all);
        let uniques = Renaming {
            uniques: true,
            ..Renaming::NONE
        };
        let some = said(&before, &after, uniques);
        assert_eq!(some.len(), 5, "{some:?}");
        assert!(some.contains(&all[0].to_string()));
        assert_eq!(diff(&before, &after).len(), 6);
    }

    #[test]
    fn a_name_is_given_when_it_is_free() {
        let with = |on_t: [&str; 2], on_s: &str| {
            schema([
                table("s").index(Index::new(on_s, ["a"])),
                table("t")
                    .index(Index::new(on_t[0], ["a"]))
                    .index(Index::new(on_t[1], ["b"])),
            ])
        };
        let chain = said(
            &with(["one", "two"], "three"),
            &with(["two", "three"], "four"),
            Renaming::ALL,
        );
        assert_eq!(
            chain,
            [
                "rename index three on s to four",
                "rename index two on t to three",
                "rename index one on t to two",
            ]
        );
        let circle = said(
            &with(["one", "two"], "three"),
            &with(["two", "one"], "four"),
            Renaming::ALL,
        );
        assert_eq!(circle.len(), 5, "{circle:?}");
        assert!(circle.contains(&"rename index three on s to four".to_string()));
        assert!(
            circle.contains(&"drop index one on t".to_string()),
            "{circle:?}"
        );
    }
}
