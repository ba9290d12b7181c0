//! What was renamed: what the models say of it, what the caller says, and what looks as if it were.

use super::Options;
use crate::dialect::{Dialect, Features};
use crate::diff::{self, Renames};
use crate::error::{Error, Result};
use crate::lint::Warning;
use crate::ops::Operation;
use crate::schema::{Column, Ident, Objects, QualifiedName, Schema, Table};
use crate::sql::Names;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

mod alike;
mod said;
mod suspects;

pub use said::{NoRename, Rename};
pub use suspects::Suspect;

fn warning(message: String) -> Warning {
    Warning {
        rule: "rename",
        operation: None,
        message,
    }
}

/// What was renamed, and what is to be said about it.
///
/// # Errors
/// [`Error::Rename`] if the caller says something that cannot be.
pub(super) fn settle(
    features: &Features,
    live: &Schema,
    model: &Schema,
    options: &Options,
) -> Result<(Renames, Vec<Warning>)> {
    let mut settling = Settling {
        tables: live
            .tables
            .iter()
            .map(|(name, it)| (name.clone(), it))
            .collect(),
        enums: live.enums.keys().cloned().collect(),
        features,
        model,
        options,
        told: options.renames.iter().collect(),
        renames: Renames::default(),
        warnings: Vec::new(),
        unfit: Vec::new(),
    };
    settling.enums();
    settling.tables();
    let tables: Vec<(&QualifiedName, &Table)> = model.tables.iter().collect();
    for (name, after) in tables {
        if let Some(before) = settling.tables.get(name).copied() {
            settling.columns(before, after);
        }
    }
    let mut unfit = settling.told.into_iter().chain(&settling.unfit);
    match unfit.next() {
        None => Ok((settling.renames, settling.warnings)),
        Some(rename) => Err(Error::Rename {
            rename: rename.to_string(),
        }),
    }
}

/// The database's schema on its way through the renames.
pub(super) struct Course {
    /// What renames, and what undoes it after the ordinary difference of the way back.
    pub(super) up: Vec<Operation>,
    pub(super) down: Vec<Operation>,
    /// The schema after the renames.
    pub(super) schema: Schema,
    /// As it was before them, and to what the ordinary difference of the way back leads, if these are others.
    others: Option<(Schema, Schema)>,
}

impl Course {
    /// Renames what is renamed.
    ///
    /// What goes before the renames and comes again after them is created from what was declared, and not from what the database
    /// made of it while the old names were there.
    pub(super) fn new(
        dialect: &dyn Dialect,
        live: Schema,
        model: &mut Schema,
        declared: &Objects,
        renames: &Renames,
    ) -> Result<Self> {
        if renames.is_empty() {
            return Ok(Self {
                up: Vec::new(),
                down: Vec::new(),
                schema: live,
                others: None,
            });
        }
        let quote = |name: &str| dialect.quote(name).unwrap_or_else(|_| name.to_string());
        let names = Names {
            flavor: dialect.flavor(),
            quote: &quote,
        };
        let renamed = diff::rename(&live, model, renames, names)?;
        let declared = Schema {
            objects: declared.clone(),
            ..Schema::default()
        };
        for (object, it) in declared.declared() {
            if renamed.aside.contains(&object) {
                it.put(model);
            }
        }
        Ok(Self {
            up: renamed.up,
            down: renamed.down,
            schema: renamed.schema,
            others: Some((live, renamed.back)),
        })
    }

    /// Objects that were taken into the schema to make room for a change are in the others, too.
    pub(super) fn share_objects(&mut self) {
        let Some((live, back)) = &mut self.others else {
            return;
        };
        for (object, it) in self.schema.declared() {
            if it.holds().is_some() && !live.knows(&object) {
                super::objects::take_in(&object, &it, &self.schema, back);
                super::objects::take_in(&object, &it, &self.schema, live);
            }
        }
    }

    /// As the database is.
    pub(super) fn live(&self) -> &Schema {
        self.others.as_ref().map_or(&self.schema, |(live, _)| live)
    }

    /// To what the ordinary difference of the way back leads.
    pub(super) fn back(&self) -> &Schema {
        self.others.as_ref().map_or(&self.schema, |(_, back)| back)
    }

    /// The tables as they are after the renames, and those that are there under their old names alone.
    pub(super) fn either(&self) -> Cow<'_, Schema> {
        let Some((live, _)) = &self.others else {
            return Cow::Borrowed(&self.schema);
        };
        let mut either = self.schema.clone();
        for (name, table) in &live.tables {
            let tables = either.tables.entry(name.clone());
            tables.or_insert_with(|| table.clone());
        }
        Cow::Owned(either)
    }

    /// The schema as the database is, alone.
    pub(super) fn into_live(self) -> Schema {
        self.others.map_or(self.schema, |(live, _)| live)
    }
}

struct Settling<'s> {
    features: &'s Features,
    /// The tables of the database, under the names that they have by now.
    tables: BTreeMap<QualifiedName, &'s Table>,
    enums: BTreeSet<QualifiedName>,
    model: &'s Schema,
    options: &'s Options,
    /// What the caller said, and nothing was found for yet.
    told: Vec<&'s Rename>,
    renames: Renames,
    warnings: Vec<Warning>,
    /// What the caller said, and could not be done.
    unfit: Vec<Rename>,
}

impl<'s> Settling<'s> {
    fn enums(&mut self) {
        let model = self.model;
        let formers = model.enums.values().filter_map(|it| {
            let old = it.name.renamed(it.former.0.clone()?);
            Some((old, it.name.name.clone()))
        });
        let mut all: Vec<(QualifiedName, Ident)> = formers.collect();
        let told = self.told_of_places(|settling, old, new| {
            settling.enums.contains(old) && model.enums.contains_key(new)
        });
        all.extend(told.iter().cloned());
        let enums = &mut self.enums;
        self.renames.enums = in_order(all, |(old, new)| {
            let new = old.renamed(new.clone());
            !enums.contains(&new) && enums.remove(old) && enums.insert(new)
        });
        let done = &self.renames.enums;
        self.unfit.extend(
            told.iter()
                .filter(|it| !done.contains(it))
                .map(|(old, new)| Suspect::of_table(old, &old.renamed(new.clone())).rename()),
        );
    }

    fn tables(&mut self) {
        let model = self.model;
        let formers = model.tables.values().filter_map(|it| {
            let old = it.name.renamed(it.former.0.clone()?);
            Some((old, it.name.name.clone()))
        });
        // Where case makes no difference, what differs in case alone is the same one, and is written otherwise in the end.
        let fold = self.features.table_names_fold;
        let formers = formers.filter(|(old, new)| !(fold && old.name.eq_ignore_ascii_case(new)));
        let formers: Vec<(QualifiedName, Ident)> = formers.collect();
        let told = self.told_of_places(|settling, old, new| {
            settling.tables.contains_key(old) && model.tables.contains_key(new)
        });
        let all = formers.iter().chain(&told).cloned().collect();
        let tables = &mut self.tables;
        let mut renamed = in_order(all, |(old, new): &(QualifiedName, Ident)| {
            let new = old.renamed(new.clone());
            move_free(tables, old, new)
        });
        let name = |it: &Ident, like: &QualifiedName| like.renamed(it.clone());
        let schemas: BTreeSet<Option<Ident>> = formers
            .iter()
            .chain(&told)
            .map(|(old, _)| old.schema.clone())
            .collect();
        for schema in schemas {
            let here = |(old, new): &(QualifiedName, Ident)| {
                (old.schema == schema).then(|| (old.name.clone(), new.clone()))
            };
            let like = QualifiedName {
                schema: schema.clone(),
                name: Ident::new(""),
            };
            let left = formers
                .iter()
                .chain(&told)
                .filter(|it| !renamed.contains(it));
            let left: Vec<(Ident, Ident)> = left.filter_map(here).collect();
            let told: Vec<(Ident, Ident)> = told.iter().filter_map(here).collect();
            for circle in circles(&left) {
                let fits = |old: &Ident, new: &Ident| {
                    let before = self.tables.get(&name(old, &like)).copied();
                    let pair = before.zip(model.tables.get(&name(new, &like)));
                    pair.is_some_and(|(old, new)| {
                        let same = old
                            .columns
                            .iter()
                            .all(|it| new.find_column(&it.name).is_some_and(|new| new.ty == it.ty));
                        same && old.columns.len() == new.columns.len()
                    })
                };
                match is_swapped(&circle, &told, fits) {
                    Some(true) => {
                        let moved = circle.iter().filter_map(|(old, new)| {
                            let table = self.tables.get(&name(old, &like))?;
                            Some((name(new, &like), *table))
                        });
                        let moved: Vec<_> = moved.collect();
                        self.tables.extend(moved);
                        let circle = circle.into_iter();
                        renamed.extend(circle.map(|(old, new)| (name(&old, &like), new)));
                    }
                    Some(false) => {}
                    None => self.warnings.push(untold("tables", &like, &circle)),
                }
            }
        }
        for (old, new) in told.iter().filter(|it| !renamed.contains(it)) {
            let unfit = Suspect::of_table(old, &old.renamed(new.clone()));
            self.unfit.push(unfit.rename());
        }
        for (old, new) in formers.iter().filter(|it| !renamed.contains(it)) {
            let full = |name: &Ident| old.renamed(name.clone()).to_string();
            let is_there = self.tables.contains_key(&old.renamed(new.clone()));
            if self.tables.contains_key(old) && !model.tables.contains_key(old) && is_there {
                let both = beside("table", full(&old.name), full(new));
                self.warnings.push(both);
            }
            if let Some((_, other)) = renamed
                .iter()
                .find(|(it, _)| it == old)
                .filter(|_| !is_there)
            {
                let both = claimed("table", full(&old.name), full(new), full(other));
                self.warnings.push(both);
            }
        }
        let gone: Vec<(&QualifiedName, &Table)> = self
            .tables
            .iter()
            .filter(|(name, _)| !model.tables.contains_key(*name))
            .map(|(name, it)| (name, *it))
            .collect();
        let come = model.tables.values();
        let come = come.filter(|it| !self.tables.contains_key(&it.name));
        let fold = self.features.table_names_fold;
        let pairs = pairs(&gone, come, |(old, before), after| {
            let alike = old.schema == after.name.schema
                && !(fold && old.name.eq_ignore_ascii_case(&after.name.name))
                && alike::tables(before, after);
            alike.then(|| Suspect::of_table(old, &after.name))
        });
        for suspect in self.decide(pairs) {
            let (old, new) = suspect.names();
            if move_free(&mut self.tables, old, new.clone()) {
                renamed.push((old.clone(), new.name.clone()));
            }
        }
        self.renames.tables = renamed;
    }

    fn columns(&mut self, before: &'s Table, after: &'s Table) {
        let mut columns: BTreeMap<Ident, &Column> = BTreeMap::new();
        columns.extend(before.columns.iter().map(|it| (it.name.clone(), it)));
        let formers = after.columns.iter();
        let formers = formers.filter_map(|it| Some((it.former.0.clone()?, it.name.clone())));
        let formers: Vec<(Ident, Ident)> = formers.collect();
        let told = self.told_of_columns(before, after);
        let all = formers.iter().chain(&told).cloned().collect();
        let mut renamed = in_order(all, |(old, new)| move_free(&mut columns, old, new.clone()));
        let left = formers
            .iter()
            .chain(&told)
            .filter(|it| !renamed.contains(it));
        let left: Vec<(Ident, Ident)> = left.cloned().collect();
        for circle in circles(&left) {
            let fits = |old: &Ident, new: &Ident| {
                let pair = before.find_column(old).zip(after.find_column(new));
                pair.is_some_and(|(old, new)| old.ty == new.ty)
            };
            match is_swapped(&circle, &told, fits) {
                Some(true) => {
                    let moved = circle
                        .iter()
                        .filter_map(|(old, new)| Some((new.clone(), *columns.get(old)?)));
                    let moved: Vec<_> = moved.collect();
                    columns.extend(moved);
                    renamed.extend(circle);
                }
                Some(false) => {}
                None => self.warnings.push(untold("columns", &after.name, &circle)),
            }
        }
        for (old, new) in told.iter().filter(|it| !renamed.contains(it)) {
            let unfit = Suspect::of_column(&before.name, old, new);
            self.unfit.push(unfit.rename());
        }
        let full = |name: &Ident| format!("{}.{name}", after.name);
        for (old, new) in formers.iter().filter(|it| !renamed.contains(it)) {
            let is_there = columns.contains_key(new);
            if columns.contains_key(old) && !after.has_column(old) && is_there {
                let both = beside("column", full(old), full(new));
                self.warnings.push(both);
            }
            if let Some((_, other)) = renamed
                .iter()
                .find(|(it, _)| it == old)
                .filter(|_| !is_there)
            {
                let both = claimed("column", full(old), full(new), full(other));
                self.warnings.push(both);
            }
        }
        let gone: Vec<(&Ident, &Column)> = before
            .columns
            .iter()
            .map(|it| (&it.name, it))
            .filter(|(name, _)| columns.contains_key(*name) && !after.has_column(name))
            .collect();
        let come = after.columns.iter();
        let come = come.filter(|it| !columns.contains_key(&it.name));
        let fold = self.features.column_names_fold;
        let pairs = pairs(&gone, come, |(old, before), new| {
            // Where case makes no difference, what differs in case alone is the same one.
            let same = fold && old.eq_ignore_ascii_case(&new.name);
            let alike = !same && alike::columns(before, new);
            alike.then(|| Suspect::of_column(&after.name, old, &new.name))
        });
        for suspect in self.decide(pairs) {
            let (old, new) = suspect.names();
            renamed.push((old.name.clone(), new.name.clone()));
        }
        let of_table = renamed.into_iter();
        let of_table = of_table.map(|(old, new)| (after.name.clone(), old, new));
        self.renames.columns.extend(of_table);
    }

    /// Asks about each pair of which neither was found before; without anybody to ask, warns of all of them.
    fn decide(&mut self, pairs: Vec<Suspect>) -> Vec<Suspect> {
        let Some(ask) = &self.options.ask else {
            self.warnings.extend(suspects::warnings(&pairs));
            return Vec::new();
        };
        let mut found: Vec<Suspect> = Vec::new();
        for suspect in pairs {
            if !found.iter().any(|it| it.shares(&suspect)) && ask.about(&suspect) {
                found.push(suspect);
            }
        }
        found
    }

    /// Takes what the caller said of tables or enum types for which `fits` holds.
    fn told_of_places(
        &mut self,
        fits: impl Fn(&Self, &QualifiedName, &QualifiedName) -> bool,
    ) -> Vec<(QualifiedName, Ident)> {
        let mut found = Vec::new();
        for rename in std::mem::take(&mut self.told) {
            let (place, _) = rename.readings();
            match place.filter(|old| fits(self, old, &old.renamed(rename.to.clone()))) {
                Some(old) => found.push((old, rename.to.clone())),
                None => self.told.push(rename),
            }
        }
        found
    }

    /// Takes what the caller said of columns of a table, which may be called by its old name or by its new one.
    fn told_of_columns(&mut self, before: &Table, after: &Table) -> Vec<(Ident, Ident)> {
        let mut found = Vec::new();
        self.told.retain(|rename| {
            let (_, column) = rename.readings();
            let meant = column.filter(|(table, old)| {
                (*table == before.name || *table == after.name)
                    && before.has_column(old)
                    && after.has_column(&rename.to)
            });
            found.extend(meant.clone().map(|(_, old)| (old, rename.to.clone())));
            meant.is_none()
        });
        found
    }
}

/// Those that can be done, in an order in which they can: one may make room for another.
fn in_order<T>(mut waiting: Vec<T>, mut done: impl FnMut(&T) -> bool) -> Vec<T> {
    let mut order = Vec::new();
    while let Some(at) = waiting.iter().position(&mut done) {
        order.push(waiting.remove(at));
    }
    order
}

/// The circles among those that could not be done: each takes a name that another one of them has. The last one of a circle makes room for
/// the one before it, and the first one waits for all others.
fn circles(waiting: &[(Ident, Ident)]) -> Vec<Vec<(Ident, Ident)>> {
    let mut circles: Vec<Vec<(Ident, Ident)>> = Vec::new();
    for first in waiting {
        if circles.iter().flatten().any(|it| it == first) {
            continue;
        }
        let mut circle = vec![first.clone()];
        let closed = loop {
            let Some((_, taken)) = circle.last() else {
                break false;
            };
            if *taken == first.0 {
                break true;
            }
            match waiting.iter().find(|(old, _)| old == taken) {
                Some(next) if !circle.contains(next) => circle.push(next.clone()),
                _ => break false,
            }
        };
        if closed && circle.len() > 1 {
            circle[1..].reverse();
            circles.push(circle);
        }
    }
    circles
}

/// Whether what takes each other's names is to do so: what is told is. What stands in the models may have been done already, which only
/// what they are tells; none if it does not.
fn is_swapped(
    circle: &[(Ident, Ident)],
    told: &[(Ident, Ident)],
    fits: impl Fn(&Ident, &Ident) -> bool,
) -> Option<bool> {
    if circle.iter().all(|it| told.contains(it)) {
        return Some(true);
    }
    let swapped = circle.iter().all(|(old, new)| fits(old, new));
    let stays = circle.iter().all(|(_, new)| fits(new, new));
    (swapped != stays).then_some(swapped)
}

/// Puts something under another name that nothing has; false if it is not there, or the name is taken.
fn move_free<K: Ord, V>(map: &mut BTreeMap<K, V>, old: &K, new: K) -> bool {
    if map.contains_key(&new) {
        return false;
    }
    let found = map.remove(old);
    found.is_some_and(|it| map.insert(new, it).is_none())
}

/// What went and what came, in the order in which it came.
fn pairs<'n, O, N: 'n>(
    gone: &[O],
    come: impl Iterator<Item = &'n N>,
    suspect: impl Fn(&O, &N) -> Option<Suspect>,
) -> Vec<Suspect> {
    come.flat_map(|new| {
        gone.iter()
            .filter_map(|old| suspect(old, new))
            .collect::<Vec<_>>()
    })
    .collect()
}

fn beside(kind: &str, old: impl fmt::Display, new: impl fmt::Display) -> Warning {
    warning(format!(
        "The model says that the {kind} '{new}' was '{old}', and the database has both: nothing is renamed, and '{old}' would be dropped \
         with what it holds"
    ))
}

/// The name of the table of columns, or one that is no more than the schema of tables.
fn untold(kind: &str, of: &QualifiedName, circle: &[(Ident, Ident)]) -> Warning {
    let place: Vec<&str> = [of.schema.as_deref(), Some(of.name.as_str())]
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .collect();
    let place = place.join(".");
    let full = |name: &Ident| match place.is_empty() {
        true => name.to_string(),
        false => format!("{place}.{name}"),
    };
    let names: Vec<String> = circle
        .iter()
        .map(|(old, _)| format!("'{}'", full(old)))
        .collect();
    let told: Vec<String> = circle
        .iter()
        .map(|(old, new)| format!("`--rename {}={new}`", full(old)))
        .collect();
    warning(format!(
        "The models say that the {kind} {} had each other's names, and nothing tells whether that was done: they stay as they are. If they are \
         to be renamed, say {} once; if they were, take `renamed_from` out of the models",
        names.join(", "),
        told.join(" ")
    ))
}

fn claimed(kind: &str, old: String, new: String, other: String) -> Warning {
    warning(format!(
        "The models say that the {kind} '{new}' was '{old}', and that '{other}' was: only the latter is renamed, and '{new}' is added"
    ))
}
