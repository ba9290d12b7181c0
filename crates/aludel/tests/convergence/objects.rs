//! What is beside the tables: each object knows what it needs, and goes when an edit has taken that away.

use super::kinds::Db;
use super::rng::Rng;
use super::world::{Need, Tab, World};
use aludel::prelude::*;
use aludel::schema::{Constraint, Declared, Ident, ObjectKind, QualifiedName, RowSecurity};
use std::collections::{BTreeMap, BTreeSet};

/// An object beside the tables, and what it needs.
#[derive(Debug, Clone)]
pub struct Thing {
    pub it: Declared,
    pub needs: Vec<Ground>,
    /// The columns of a view.
    pub columns: Vec<Ident>,
}

/// What an object stands on.
#[derive(Debug, Clone)]
pub enum Ground {
    Table(QualifiedName),
    /// A column that is not computed, of any type.
    Column(QualifiedName, Ident),
    /// A column of a sort.
    Need(QualifiedName, Need),
    /// A view with such a column.
    View(QualifiedName, Ident),
    /// The same, and it keeps no rows.
    PlainView(QualifiedName, Ident),
    Function(QualifiedName),
}

impl Thing {
    pub fn new(it: impl Into<Declared>, needs: Vec<Ground>) -> Self {
        Self {
            it: it.into(),
            needs,
            columns: Vec::new(),
        }
    }

    pub fn name(&self) -> Option<&QualifiedName> {
        match &self.it {
            Declared::View(it) => Some(&it.name),
            Declared::Function(it) => Some(&it.name),
            Declared::Sequence(it) => Some(&it.name),
            Declared::Domain(it) => Some(&it.name),
            _ => None,
        }
    }

    pub fn view(&self) -> Option<&View> {
        match &self.it {
            Declared::View(it) => Some(it),
            _ => None,
        }
    }

    pub fn function(&self) -> Option<&Function> {
        match &self.it {
            Declared::Function(it) => Some(it),
            _ => None,
        }
    }

    pub fn domain(&self) -> Option<&Domain> {
        match &self.it {
            Declared::Domain(it) => Some(it),
            _ => None,
        }
    }
}

/// The kinds that are compared.
pub fn kinds(db: Db) -> BTreeSet<ObjectKind> {
    let all = ObjectKind::ALL.into_iter();
    all.filter(|it| match it {
        ObjectKind::Schemas | ObjectKind::Extensions => false,
        ObjectKind::Views | ObjectKind::Triggers => true,
        ObjectKind::Functions => db != Db::Sqlite,
        _ => db == Db::Postgres,
    })
    .collect()
}

impl World {
    /// Things beside the tables, and tables that use them.
    pub fn furnish(&mut self, rng: &mut Rng) {
        for _ in 0..1 + rng.below(7) {
            self.add_object(rng);
        }
        for at in 0..self.tables.len() {
            if rng.chance(30) {
                self.vary_options(at, rng);
            }
            if rng.chance(25) && self.db == Db::Postgres {
                self.add_exclusion(at, rng);
            }
        }
        self.mend();
    }

    pub fn add_object(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let postgres = self.db == Db::Postgres;
        match rng.below(14) {
            0..=3 => self.add_view(rng),
            4 | 5 => self.add_trigger(rng),
            6 | 7 if self.db != Db::Sqlite => self.add_function(rng),
            8 if postgres => self.use_function(rng),
            9 if postgres => self.add_policy(rng),
            10 if postgres => self.add_sequence(rng),
            11 | 12 if postgres => self.add_domain(rng),
            13 if postgres => self.add_row_security(rng),
            _ => self.add_view(rng),
        }
    }

    /// Changes something beside the tables, or what tables have of it.
    pub fn edit_objects(&mut self, rng: &mut Rng) -> Option<&'static str> {
        match rng.below(10) {
            0..=2 => self.add_object(rng),
            3 | 4 => {
                let at = rng.below(self.objects.len().max(1));
                (at < self.objects.len()).then(|| {
                    self.objects.remove(at);
                    "drop object"
                })
            }
            5..=7 => self.change_object(rng),
            8 if !self.tables.is_empty() => {
                let at = rng.below(self.tables.len());
                self.vary_options(at, rng);
                Some("options of a table")
            }
            9 if self.db == Db::Postgres && !self.tables.is_empty() => {
                let at = rng.below(self.tables.len());
                self.add_exclusion(at, rng);
                Some("exclusion constraint")
            }
            _ => None,
        }
    }

    fn add_row_security(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let table = rng.any(&self.tables)?.name.clone();
        let taken = |it: &Thing| matches!(&it.it, Declared::RowSecurity(name, _) if *name == table);
        if self.objects.iter().any(taken) {
            return None;
        }
        let enabled = rng.chance(80);
        let forced = rng.chance(30) || !enabled;
        let security = RowSecurity { enabled, forced };
        self.objects.push(Thing::new(
            Declared::RowSecurity(table.clone(), security),
            vec![Ground::Table(table)],
        ));
        Some("row security")
    }

    /// The materialized views, as SQL text names them, each with a column.
    pub fn kept_views(&self) -> Vec<(String, String)> {
        let kept = self
            .objects
            .iter()
            .filter(|it| it.view().is_some_and(|it| it.materialized));
        kept.map(|it| {
            let column = self.db.quote(&it.columns[0]);
            (self.sql_name(it.name().unwrap()), column)
        })
        .collect()
    }

    /// Those that another world has in the same words.
    pub fn kept_views_as(&self, other: &Self) -> impl Iterator<Item = String> {
        let stays = |it: &&Thing| {
            let mut others = other.objects.iter();
            it.view().is_some_and(|it| it.materialized) && others.any(|other| other.it == it.it)
        };
        let names = self.objects.iter().filter(stays);
        names.map(|it| self.sql_name(it.name().unwrap()))
    }

    /// The metadata of all that is beside the tables.
    pub fn declare(&self, metadata: Metadata) -> Metadata {
        let objects = self.objects.iter().map(|it| it.it.clone());
        objects.fold(metadata, Metadata::object)
    }

    /// Takes away the objects that have lost what they need, and from the tables what needed an object that is gone.
    pub fn mend_objects(&mut self) {
        loop {
            let before = self.objects.len();
            let known = self.clone();
            self.objects
                .retain(|it| it.needs.iter().all(|it| known.stands(it)));
            if self.objects.len() == before {
                break;
            }
        }
        let functions: BTreeSet<String> = self
            .objects
            .iter()
            .filter_map(|it| Some(format!("\"{}\"", it.function()?.name.name)))
            .collect();
        let sequences: BTreeSet<String> = self
            .objects
            .iter()
            .filter(|it| matches!(it.it, Declared::Sequence(_)))
            .filter_map(|it| Some(format!("\"{}\"", it.name()?.name)))
            .collect();
        let domains: BTreeMap<String, Domain> = self
            .objects
            .iter()
            .filter_map(|it| Some((self.type_name(it.name()?), it.domain()?.clone())))
            .collect();
        let is_lost = |sql: &str| {
            [("\"fn ", &functions), ("\"seq ", &sequences)]
                .iter()
                .any(|(start, known)| {
                    sql.match_indices(start).any(|(at, _)| {
                        let rest = &sql[at..];
                        let end = rest[1..].find('"').unwrap() + 2;
                        !known.contains(&rest[..end])
                    })
                })
        };
        for tab in &mut self.tables {
            mend_table(tab, &domains, &is_lost);
        }
    }

    fn stands(&self, ground: &Ground) -> bool {
        match ground {
            Ground::Table(name) => self.tab(name).is_some(),
            Ground::Column(table, column) => self
                .tab(table)
                .and_then(|it| it.col(column))
                .is_some_and(|it| !it.is_generated()),
            Ground::Need(table, need) => self
                .tab(table)
                .is_some_and(|it| it.holds(&self.enums, std::slice::from_ref(need))),
            Ground::View(name, column) => self.objects.iter().any(|it| {
                it.view().is_some() && it.name() == Some(name) && it.columns.contains(column)
            }),
            Ground::PlainView(name, column) => self.objects.iter().any(|it| {
                let is_plain = it.view().is_some_and(|it| !it.materialized);
                is_plain && it.name() == Some(name) && it.columns.contains(column)
            }),
            Ground::Function(name) => self
                .objects
                .iter()
                .any(|it| it.function().is_some() && it.name() == Some(name)),
        }
    }
}

fn mend_table(tab: &mut Tab, domains: &BTreeMap<String, Domain>, is_lost: &impl Fn(&str) -> bool) {
    for col in &mut tab.cols {
        if let Type::Custom(name) = col.ty()
            && name.starts_with('"')
            && !domains.contains_key(name)
        {
            let base = match col.flavor {
                super::kinds::Flavor::Whole => Type::Integer,
                _ => Type::Text,
            };
            col.column.ty = base.into();
        }
        let default = col.column.default.as_ref();
        if default.is_some_and(|it| is_lost(it.written.as_str())) {
            col.column.default = None;
        }
    }
    tab.cols.retain(|it| {
        let generated = it.column.generated.as_ref();
        !generated.is_some_and(|it| is_lost(it.expr.written.as_str()))
    });
    tab.constraints.retain(|it| match &it.it {
        Constraint::Check(it) => !is_lost(it.expr.written.as_str()),
        _ => true,
    });
}
