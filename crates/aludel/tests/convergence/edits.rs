//! Random edits: what makes one database of another, so that a real change is between them.

use super::kinds::{self, Db, Flavor};
use super::rng::Rng;
use super::world::{Said, World};
use aludel::prelude::*;
use aludel::schema::{Constraint, Ident, QualifiedName};
use std::collections::BTreeSet;

/// Two databases, and what was done to the first, where the second comes from it. What is beside the tables has dice of its own.
pub fn pair(db: Db, rng: &mut Rng, beside: &mut Rng) -> (World, World, Vec<&'static str>) {
    let mut a = World::random(db, rng);
    let with_objects = beside.chance(75);
    if with_objects {
        a.furnish(beside);
    }
    if rng.chance(12) {
        let mut b = World::random(db, rng);
        if with_objects {
            b.furnish(beside);
        }
        return (a, b, vec!["another database"]);
    }
    let mut b = a.clone();
    let mut said = Vec::new();
    let wanted = 1 + rng.below(6);
    for _ in 0..wanted + 6 {
        if said.len() < wanted {
            said.extend(b.edit(rng));
            b.mend();
        }
    }
    if with_objects {
        for _ in 0..beside.below(5) {
            said.extend(b.edit_objects(beside));
            b.mend();
        }
    }
    (a, b, said)
}

impl World {
    fn edit(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let kind = rng.below(24);
        if kind == 0 {
            self.add_table(rng);
            return Some("add table");
        }
        if kind == 1 || kind == 2 {
            return self.change_enum(rng);
        }
        if self.tables.is_empty() {
            return None;
        }
        let at = rng.below(self.tables.len());
        Some(match kind {
            3 => {
                self.tables.remove(at);
                "drop table"
            }
            4 | 5 => {
                let mut tab = self.tables[at].clone();
                self.add_column(&mut tab, rng);
                self.tables[at] = tab;
                "add column"
            }
            6 | 7 => {
                let col = rng.below(self.tables[at].cols.len());
                self.tables[at].cols.remove(col);
                "drop column"
            }
            8..=10 => return self.retype(at, rng),
            11 | 12 => return self.change_column(at, rng),
            13 => return self.change_generated(at, rng),
            14 => self.change_primary_key(at, rng),
            15 => return self.rename_constraint(at, rng),
            16 => return self.swap_names(at, rng),
            17 => return self.drop_thing(at, rng),
            18 | 19 => {
                self.add_thing(at, rng);
                "add constraint or index"
            }
            20 => return self.change_foreign_key(at, rng),
            21 => return self.change_index(at, rng),
            22 => return self.circle(at, rng),
            _ => {
                self.tables[at].comment = self.comment(rng);
                "comment on table"
            }
        })
    }

    fn change_enum(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let at = rng.below(self.enums.len());
        let fresh = self.fresh("new ");
        let values = &mut self.enums[at].values;
        // The first two are those that rows have.
        Some(match rng.below(4) {
            0 => {
                values.push(fresh);
                "value at the end"
            }
            1 => {
                let place = rng.below(values.len());
                values.insert(place, fresh);
                "value between"
            }
            2 if values.len() > 2 => {
                values.pop();
                "value goes"
            }
            _ => {
                values.reverse();
                "values in another order"
            }
        })
    }

    /// A column and all that are compared with it by foreign keys.
    fn compared(&self, table: &QualifiedName, column: &Ident) -> BTreeSet<(QualifiedName, Ident)> {
        let mut all = BTreeSet::from([(table.clone(), column.clone())]);
        loop {
            let before = all.len();
            for tab in &self.tables {
                for said in &tab.constraints {
                    let Constraint::ForeignKey(key) = &said.it else {
                        continue;
                    };
                    for (here, there) in key.columns.iter().zip(&key.referred) {
                        let here = (tab.name.clone(), here.clone());
                        let there = (key.references.clone(), there.clone());
                        if all.contains(&here) || all.contains(&there) {
                            all.extend([here, there]);
                        }
                    }
                }
            }
            if all.len() == before {
                return all;
            }
        }
    }

    fn retype(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let plain: Vec<_> = self.tables[at]
            .cols
            .iter()
            .filter(|it| !it.is_generated())
            .collect();
        let col = (*rng.any(&plain)?).clone();
        let mut all = kinds::types(self.db, col.flavor, &self.enums);
        all.retain(|it| it != col.ty());
        let ty = rng.any(&all)?.clone();
        let mut which = self.compared(&self.tables[at].name, col.name());
        if rng.chance(20) {
            which = BTreeSet::from([(self.tables[at].name.clone(), col.name().clone())]);
        }
        let keeps = kinds::sort(&ty) == col.sort() && rng.chance(60);
        for tab in &mut self.tables {
            for col in &mut tab.cols {
                if which.contains(&(tab.name.clone(), col.name().clone())) {
                    col.column.ty = ty.clone().into();
                    let literal = matches!(col.flavor, Flavor::Whole | Flavor::Fraction);
                    if !(keeps && literal) {
                        col.column.default = None;
                    }
                }
            }
        }
        if rng.chance(40) {
            let name = col.name().clone();
            let mut col = self.tables[at]
                .cols
                .iter()
                .find(|it| *it.name() == name)?
                .clone();
            self.set_default(&mut col, rng);
            let place = self.tables[at]
                .cols
                .iter_mut()
                .find(|it| *it.name() == name)?;
            *place = col;
        }
        Some("another type")
    }

    fn change_column(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let place = rng.below(self.tables[at].cols.len());
        let mut col = self.tables[at].cols[place].clone();
        let said = match rng.below(8) {
            // What is computed may be NULL.
            0..=2 if !col.is_generated() => {
                col.column.nullable = !col.column.nullable;
                "nullable"
            }
            3 | 4 => {
                self.set_default(&mut col, rng);
                "default"
            }
            5 => {
                col.column.default = None;
                "no default"
            }
            6 if self.db == Db::Postgres || rng.chance(50) => {
                col.column.identity = match &col.column.identity {
                    Some(_) if rng.chance(60) => None,
                    _ => Some(self.identity(rng)),
                };
                "identity"
            }
            6 => {
                col.column.collation = match &col.column.collation {
                    Some(_) => None,
                    None => self.collation(rng),
                };
                "collation"
            }
            _ => {
                col.column.comment = self.comment(rng);
                "comment on column"
            }
        };
        self.tables[at].cols[place] = col;
        Some(said)
    }

    /// A generated column computes something else, or becomes a plain one, or the other way round.
    fn change_generated(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let tab = self.tables[at].clone();
        let generated: Vec<usize> = (0..tab.cols.len())
            .filter(|it| tab.cols[*it].is_generated())
            .collect();
        let place = match rng.any(&generated) {
            Some(place) => *place,
            None => rng.below(tab.cols.len()),
        };
        let old = &tab.cols[place];
        let mut without = tab.clone();
        without.cols.remove(place);
        if old.is_generated() && rng.chance(30) {
            let col = &mut self.tables[at].cols[place];
            col.column.generated = None;
            col.column.nullable = true;
            col.needs.clear();
            return Some("no more generated");
        }
        let new = self.generated(&without, old.name().to_string(), rng)?;
        self.tables[at].cols[place] = new;
        Some("generated")
    }

    fn change_primary_key(&mut self, at: usize, rng: &mut Rng) -> &'static str {
        let mut tab = self.tables[at].clone();
        tab.constraints
            .retain(|it| !matches!(it.it, Constraint::PrimaryKey(_)));
        if rng.chance(75) {
            self.add_primary_key(&mut tab, rng);
        }
        self.tables[at] = tab;
        "primary key"
    }

    fn rename_constraint(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let name = self.fresh("renamed ");
        let constraints = &mut self.tables[at].constraints;
        if constraints.is_empty() {
            return None;
        }
        let which = rng.below(constraints.len());
        constraints[which].it.set_name(Some(name.into()));
        Some("rename constraint")
    }

    /// Two constraints change their names.
    fn swap_names(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let constraints = &mut self.tables[at].constraints;
        let named: Vec<usize> = (0..constraints.len())
            .filter(|it| constraints[*it].it.name().is_some())
            .collect();
        let two = rng.some(&named, 2);
        let [one, other] = two.as_slice() else {
            return None;
        };
        let first = constraints[*one].it.name().cloned();
        let second = constraints[*other].it.name().cloned();
        constraints[*one].it.set_name(second);
        constraints[*other].it.set_name(first);
        Some("swap names")
    }

    fn drop_thing(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let tab = &mut self.tables[at];
        if !tab.indexes.is_empty() && rng.chance(50) {
            tab.indexes.remove(rng.below(tab.indexes.len()));
            return Some("drop index");
        }
        if tab.constraints.is_empty() {
            return None;
        }
        tab.constraints.remove(rng.below(tab.constraints.len()));
        Some("drop constraint")
    }

    fn change_foreign_key(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let constraints = &self.tables[at].constraints;
        let keys: Vec<usize> = (0..constraints.len())
            .filter(|it| matches!(constraints[*it].it, Constraint::ForeignKey(_)))
            .collect();
        let place = *rng.any(&keys)?;
        let mut said = self.tables[at].constraints[place].clone();
        let Constraint::ForeignKey(key) = &mut said.it else {
            return None;
        };
        let mut done = "options of a foreign key";
        if rng.chance(50) {
            self.vary_foreign_key(key, rng);
        } else {
            let other = rng.pick(&self.tables);
            let targets = other.targets();
            let mut fitting = targets.iter().filter(|it| it.len() == key.columns.len());
            key.referred = fitting.next()?.clone();
            key.references = other.name.clone();
            done = "target of a foreign key";
        }
        self.tables[at].constraints[place] = said;
        Some(done)
    }

    fn change_index(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let db = self.db;
        let indexes = &mut self.tables[at].indexes;
        if indexes.is_empty() {
            return None;
        }
        let which = rng.below(indexes.len());
        let index = &mut indexes[which].it;
        match rng.below(4) {
            0 if index.method.is_none() => {
                let part = index.parts.last_mut()?;
                part.descending = !part.descending;
            }
            1 if index.method.is_none() => {
                index.unique = !index.unique && index.parts.iter().all(|it| it.length.is_none());
                index.nulls_not_distinct = false;
                let only_columns = index.parts.iter().all(|it| it.as_column().is_some());
                index.unique &= only_columns;
            }
            2 => index.predicate = None,
            3 if db != Db::Mariadb => index.parts.reverse(),
            _ => return None,
        }
        Some("change index")
    }

    /// Two tables that refer to each other.
    fn circle(&mut self, at: usize, rng: &mut Rng) -> Option<&'static str> {
        let other = rng.below(self.tables.len());
        for (from, to) in [(at, other), (other, at)] {
            let target = self.tables[to].clone();
            let referred = rng.any(&target.targets())?.clone();
            let mut columns: Vec<Ident> = Vec::new();
            for there in &referred {
                let there = target.col(there)?.clone();
                let name = format!("{} of {to}", there.name());
                let mut col = there;
                col.column.name = name.clone().into();
                col.column.identity = None;
                col.column.default = None;
                col.column.nullable = true;
                if self.tables[from].col(&name).is_none() {
                    self.tables[from].cols.push(col);
                }
                columns.push(name.into());
            }
            let mut key = ForeignKey::new(columns, target.name.clone(), referred);
            self.vary_foreign_key(&mut key, rng);
            self.tables[from].constraints.push(Said::plain(key));
        }
        Some("circle")
    }
}
