//! What a table is beside its columns and keys: options, and exclusion constraints.

use super::kinds::Db;
use super::rng::Rng;
use super::world::{Said, Tab, World};
use aludel::prelude::*;
use aludel::schema::{Constraint, Exclude, Ident, IndexPart, PostgresType, TableOptions};

impl World {
    /// Other options, or none.
    pub fn vary_options(&mut self, at: usize, rng: &mut Rng) {
        let mut options = TableOptions::default();
        match self.db {
            Db::Sqlite => {
                options.strict = rng.chance(50);
                options.without_rowid = rng.chance(40);
                options.autoincrement = rng.chance(40);
            }
            Db::Postgres => {
                options.unlogged = rng.chance(35);
                if rng.chance(60) {
                    let value = rng.pick(&["70", "90", "100"]).to_string();
                    options.parameters.insert("fillfactor".into(), value);
                }
                if rng.chance(20) {
                    let name = "autovacuum_enabled".to_string();
                    options.parameters.insert(name, "false".into());
                }
            }
            Db::Mariadb => {
                if rng.chance(50) {
                    let all = ["utf8mb4_bin", "utf8mb4_unicode_ci", "latin1_swedish_ci"];
                    options.collation = Some(rng.pick(&all).to_string());
                }
                if rng.chance(40) {
                    let format = rng.pick(&["DYNAMIC", "COMPRESSED"]).to_string();
                    options.others.insert("ROW_FORMAT".into(), format);
                }
                if rng.chance(20) {
                    let name = "STATS_PERSISTENT".to_string();
                    options
                        .others
                        .insert(name, rng.pick(&["0", "1"]).to_string());
                }
                if rng.chance(20) {
                    options.engine = Some("Aria".into());
                }
            }
        }
        self.tables[at].options = options;
    }

    /// An exclusion constraint that the values of the rows satisfy.
    pub fn add_exclusion(&mut self, at: usize, rng: &mut Rng) {
        let name = self.fresh("ex ");
        let tab = &self.tables[at];
        let is_address = |it: &Ident| {
            let inet: Type = PostgresType::Inet.into();
            tab.col(it).is_some_and(|it| *it.ty() == inet)
        };
        let mut columns = tab.key_columns(self.db);
        let addresses = tab.cols.iter().map(|it| it.name().clone());
        columns.extend(addresses.filter(|it| is_address(it)));
        let Some(column) = rng.any(&columns) else {
            return;
        };
        // Of two that are the same, a table is created with one.
        let has = |it: &Said<Constraint>| match &it.it {
            Constraint::Exclude(it) => it
                .elements
                .iter()
                .any(|it| it.part.as_column() == Some(column)),
            _ => false,
        };
        if tab.constraints.iter().any(has) {
            return;
        }
        let mut exclude = match is_address(column) {
            true => {
                let part = IndexPart::column(column.clone()).opclass("inet_ops");
                Exclude::new([(part, "&&")]).method("gist")
            }
            false => Exclude::new([(IndexPart::column(column.clone()), "=")]),
        };
        exclude.name = rng.chance(70).then(|| name.into());
        if rng.chance(30) {
            let c = self.db.quote(column);
            exclude = exclude.predicate(format!("{c} IS NOT NULL"));
        }
        if rng.chance(30) {
            exclude = exclude.deferrable(*rng.pick(&[Deferrable::Immediate, Deferrable::Deferred]));
        }
        self.tables[at].constraints.push(Said::plain(exclude));
    }

    /// Takes away the options that do not go with the rest.
    pub fn mend_options(&mut self) {
        let referring = |tab: &Tab| {
            let keys = tab.constraints.iter();
            keys.filter_map(|it| match &it.it {
                Constraint::ForeignKey(key) => Some(key.references.clone()),
                _ => None,
            })
            .collect::<Vec<_>>()
        };
        let referred: Vec<_> = self.tables.iter().flat_map(referring).collect();
        for tab in &mut self.tables {
            let alone = referring(tab).is_empty() && !referred.contains(&tab.name);
            let numbered = tab.cols.iter().any(|it| it.column.identity.is_some());
            let has_key = tab.primary_key().is_some();
            let lone_integer = tab.primary_key().is_some_and(|key| {
                key.len() == 1 && tab.col(&key[0]).is_some_and(|it| *it.ty() == Type::Integer)
            });
            let strict = tab.cols.iter().all(|it| {
                let known = [Type::Integer, Type::Text, Type::Binary];
                known.contains(it.ty())
            });
            let computed = tab.cols.iter().any(|it| it.is_generated());
            let options = &mut tab.options;
            options.strict &= strict;
            options.without_rowid &= has_key && !numbered && !lone_integer;
            options.autoincrement &= numbered && !options.without_rowid;
            options.unlogged &= alone;
            if !alone || computed {
                options.engine = None;
            }
            if options.engine.is_some() {
                options.others.clear();
            }
        }
    }
}

/// Takes away the exclusion constraints whose column they no longer fit.
pub fn mend_exclusions(tab: &mut Tab, db: Db) {
    let keys = tab.key_columns(db);
    let cols = tab.cols.clone();
    tab.constraints.retain(|it| match &it.it {
        Constraint::Exclude(it) => it.elements.iter().all(|it| {
            let Some(name) = it.part.as_column() else {
                return false;
            };
            let inet: Type = PostgresType::Inet.into();
            let mut cols = cols.iter().filter(|it| it.name() == name);
            match it.operator.as_str() {
                "=" => keys.contains(name),
                _ => cols.any(|it| *it.ty() == inet),
            }
        }),
        _ => true,
    });
}
