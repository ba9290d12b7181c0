//! Databases at random.

use super::kinds::{self, Db, Flavor, Sort};
use super::rng::Rng;
use super::world::{Col, Need, Said, Tab, World};
use aludel::prelude::*;
use aludel::schema::{Constraint, Enum, Generated, Ident, Identity, QualifiedName};

const TABLES: [&str; 8] = [
    "patients",
    "Visits",
    "odd table",
    "select",
    "a \"b\"",
    "Größe",
    "x.y",
    "it's",
];
const COLUMNS: [&str; 12] = [
    "id", "Name", "order", "a b", "q\"t", "größe", "x-y", "new", "c`d", "code", "total", "100%",
];
const COMMENTS: [&str; 4] = ["what it is", "it's \"so\"", "a\nb", "-- ; /* no */"];

/// The schema beside the default one (PostgreSQL).
pub const OTHER: &str = "the Other";

impl World {
    pub fn random(db: Db, rng: &mut Rng) -> Self {
        let mut mood = vec!["sad", "it's ok", "so so", "glad"];
        mood.truncate(2 + rng.below(3));
        let place = |name: &str, rng: &mut Rng| -> QualifiedName {
            match db == Db::Postgres && rng.chance(20) {
                true => (OTHER, name).into(),
                false => name.into(),
            }
        };
        let enums = vec![
            Enum::new(place("mood", rng), mood),
            Enum::new(place("Of Kind", rng), ["a, b", "c\"d", "e"]),
        ];
        let mut world = Self {
            db,
            enums,
            tables: Vec::new(),
            objects: Vec::new(),
            named: 0,
        };
        for _ in 0..rng.below(6) {
            world.add_table(rng);
        }
        world.mend();
        world
    }

    pub fn add_table(&mut self, rng: &mut Rng) {
        let free: Vec<&str> = TABLES
            .into_iter()
            .filter(|name| !self.tables.iter().any(|it| it.name.name == **name))
            .collect();
        let Some(name) = rng.any(&free) else { return };
        let name = match self.db == Db::Postgres && rng.chance(15) {
            true => (OTHER, *name).into(),
            false => (*name).into(),
        };
        let mut tab = Tab {
            name,
            cols: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            options: aludel::schema::TableOptions::default(),
        };
        for _ in 0..1 + rng.below(6) {
            self.add_column(&mut tab, rng);
        }
        if rng.chance(75) {
            self.add_primary_key(&mut tab, rng);
        }
        if rng.chance(25) {
            tab.comment = self.comment(rng);
        }
        self.tables.push(tab);
        let at = self.tables.len() - 1;
        for _ in 0..rng.below(5) {
            self.add_thing(at, rng);
        }
    }

    pub fn comment(&self, rng: &mut Rng) -> Option<String> {
        (self.db != Db::Sqlite).then(|| rng.pick(&COMMENTS).to_string())
    }

    /// A constraint or an index.
    pub fn add_thing(&mut self, at: usize, rng: &mut Rng) {
        match rng.below(10) {
            0 | 1 => self.add_unique(at, rng),
            2 | 3 => self.add_check(at, rng),
            4..=6 => self.add_foreign_key(at, rng),
            _ => self.add_index(at, rng),
        }
    }

    fn free_column(tab: &Tab, rng: &mut Rng) -> Option<String> {
        let free: Vec<&str> = COLUMNS
            .into_iter()
            .filter(|name| tab.col(name).is_none())
            .collect();
        rng.any(&free).map(ToString::to_string)
    }

    pub fn add_column(&self, tab: &mut Tab, rng: &mut Rng) {
        let Some(name) = Self::free_column(tab, rng) else {
            return;
        };
        if rng.chance(15)
            && let Some(col) = self.generated(tab, name.clone(), rng)
        {
            tab.cols.push(col);
            return;
        }
        let flavor = *rng.pick(&self.db.flavors());
        let ty = rng
            .pick(&kinds::types(self.db, flavor, &self.enums))
            .clone();
        let mut column = Column::new(name, ty);
        column.nullable = rng.chance(65);
        let mut col = Col {
            column,
            flavor,
            needs: Vec::new(),
        };
        if rng.chance(35) {
            self.set_default(&mut col, rng);
        }
        if rng.chance(12) {
            col.column.identity = Some(self.identity(rng));
        }
        if rng.chance(15) {
            col.column.collation = self.collation(rng);
        }
        if rng.chance(15) {
            col.column.comment = self.comment(rng);
        }
        tab.cols.push(col);
    }

    pub fn collation(&self, rng: &mut Rng) -> Option<String> {
        let all: &[&str] = match self.db {
            Db::Sqlite => &["NOCASE", "RTRIM"],
            Db::Postgres => &["C", "POSIX"],
            Db::Mariadb => &["utf8mb4_bin", "latin1_swedish_ci"],
        };
        Some(rng.pick(all).to_string())
    }

    pub fn identity(&self, rng: &mut Rng) -> Identity {
        let mut identity = Identity::BY_DEFAULT;
        if self.db == Db::Postgres {
            identity.always = rng.chance(40);
            identity.start = rng.chance(20).then_some(100);
            identity.increment = rng.chance(20).then_some(5);
            identity.cycle = rng.chance(10);
            identity.cache = rng.chance(10).then_some(4);
        }
        identity
    }

    pub fn set_default(&self, col: &mut Col, rng: &mut Rng) {
        let text = match col.flavor {
            Flavor::Label(at) => Some(kinds::text(rng.pick::<String>(&self.enums[at].values))),
            flavor => kinds::default(self.db, flavor, col.ty(), rng),
        };
        col.column.default = text.map(|it| aludel::schema::Expr::new(it).into());
    }

    /// What an expression on a column of the table needs: the column quoted, its sort, and a label.
    pub fn need(&self, col: &Col, rng: &mut Rng) -> (Need, String) {
        let label = match (col.flavor, col.sort()) {
            (Flavor::Label(at), Sort::Enum) => Some(rng.pick(&self.enums[at].values).clone()),
            _ => None,
        };
        let literal = label.as_deref().map(kinds::text).unwrap_or_default();
        let need = Need {
            column: col.name().clone(),
            sort: col.sort(),
            label,
        };
        (need, literal)
    }

    pub fn generated(&self, tab: &Tab, name: String, rng: &mut Rng) -> Option<Col> {
        // What fills a CHAR depends on the session (MariaDB).
        let fits = |it: &&Col| !it.is_generated() && !matches!(it.ty(), Type::Char(_));
        let plain: Vec<&Col> = tab.cols.iter().filter(fits).collect();
        let of = *rng.any(&plain)?;
        let (need, label) = self.need(of, rng);
        let c = self.db.quote(of.name());
        let (expr, flavor, ty) = kinds::computed(self.db, need.sort, &c, &label, rng)?;
        let mut column = Column::new(name, ty);
        column.generated = Some(Generated {
            expr: expr.into(),
            stored: self.db == Db::Postgres || rng.chance(50),
        });
        Some(Col {
            column,
            flavor,
            needs: vec![need],
        })
    }

    pub fn add_primary_key(&mut self, tab: &mut Tab, rng: &mut Rng) {
        let keys = tab.key_columns(self.db);
        let most = 1 + rng.below(2);
        let columns = rng.some(&keys, most);
        if columns.is_empty() || tab.primary_key().is_some() {
            return;
        }
        let sole = columns.len() == 1;
        let mut key = PrimaryKey::new(columns.clone());
        if rng.chance(30) {
            key = key.named(self.fresh("pk "));
        }
        tab.constraints.push(Said::plain(key));
        for col in &mut tab.cols {
            if columns.contains(col.name()) {
                col.column.nullable = false;
                if sole && rng.chance(60) {
                    col.column.identity = Some(self.identity(rng));
                }
            }
        }
    }

    pub fn add_unique(&mut self, at: usize, rng: &mut Rng) {
        let keys = self.tables[at].key_columns(self.db);
        let most = 1 + rng.below(2);
        let columns = rng.some(&keys, most);
        let has = |it: &Said<Constraint>| match &it.it {
            Constraint::Unique(it) => it.columns == columns,
            _ => false,
        };
        if columns.is_empty() || self.tables[at].constraints.iter().any(has) {
            return;
        }
        let mut unique = Unique::new(columns.clone());
        if rng.chance(40) {
            unique = unique.named(self.fresh("uq\""));
        }
        if self.db == Db::Postgres {
            if rng.chance(15) {
                unique =
                    unique.deferrable(*rng.pick(&[Deferrable::Immediate, Deferrable::Deferred]));
            }
            unique.nulls_not_distinct = rng.chance(10);
        }
        self.tables[at].constraints.push(Said::plain(unique));
    }

    pub fn add_check(&mut self, at: usize, rng: &mut Rng) {
        let tab = &self.tables[at];
        let plain: Vec<&Col> = tab.cols.iter().filter(|it| !it.is_generated()).collect();
        let Some(of) = rng.any(&plain).copied() else {
            return;
        };
        let (need, label) = self.need(of, rng);
        let c = self.db.quote(of.name());
        let Some(expr) = kinds::condition(need.sort, &c, &label, rng) else {
            return;
        };
        let (mut needs, mut expr) = (vec![need], expr);
        let alike = plain
            .iter()
            .find(|it| it.sort() == of.sort() && it.name() != of.name());
        if let Some(other) = alike.filter(|_| rng.chance(25) && of.sort() == Sort::Number) {
            expr = format!("{c} < {} + 99999 AND ({expr})", self.db.quote(other.name()));
            needs.push(self.need(other, rng).0);
        }
        let mut check = Check::new(expr);
        if rng.chance(50) {
            check = check.named(self.fresh("ck_"));
        }
        self.tables[at].constraints.push(Said {
            it: check.into(),
            needs,
        });
    }

    /// A foreign key to a table that is there, or to the table itself; its columns are new, or those that fit.
    pub fn add_foreign_key(&mut self, at: usize, rng: &mut Rng) {
        let to = rng.below(self.tables.len());
        let target = self.tables[to].clone();
        let Some(referred) = rng.any(&target.targets()).cloned() else {
            return;
        };
        let mut columns: Vec<Ident> = Vec::new();
        for there in &referred {
            let Some(there) = target.col(there) else {
                return;
            };
            let tab = &self.tables[at];
            let fits = |it: &&Col| {
                !it.is_generated()
                    && it.flavor == there.flavor
                    && it.ty() == there.ty()
                    && it.column.collation == there.column.collation
                    && !columns.contains(it.name())
            };
            let fitting: Vec<&Col> = tab.cols.iter().filter(fits).collect();
            if let Some(here) = rng.any(&fitting).filter(|_| rng.chance(30)) {
                columns.push(here.name().clone());
                continue;
            }
            let Some(name) = Self::free_column(tab, rng) else {
                return;
            };
            let mut column = Column::new(name.clone(), there.ty().clone());
            column.collation = there.column.collation.clone();
            column.nullable = rng.chance(75);
            columns.push(name.into());
            self.tables[at].cols.push(Col {
                column,
                flavor: there.flavor,
                needs: Vec::new(),
            });
        }
        let mut key = ForeignKey::new(columns, target.name.clone(), referred);
        self.vary_foreign_key(&mut key, rng);
        if rng.chance(40) {
            key = key.named(self.fresh("fk "));
        }
        self.tables[at].constraints.push(Said::plain(key));
    }

    pub fn vary_foreign_key(&self, key: &mut ForeignKey, rng: &mut Rng) {
        let actions = [
            Action::NoAction,
            Action::Restrict,
            Action::Cascade,
            Action::SetNull,
            Action::SetDefault,
        ];
        key.on_delete = *rng.pick(&actions);
        key.on_update = *rng.pick(&actions);
        key.deferrable = *rng.pick(&[
            Deferrable::No,
            Deferrable::No,
            Deferrable::Immediate,
            Deferrable::Deferred,
        ]);
        key.match_full = rng.chance(30);
    }

    pub fn add_index(&mut self, at: usize, rng: &mut Rng) {
        let name = {
            let word = *rng.pick(&["ix_", "Index ", "i\"x"]);
            self.fresh(word)
        };
        let db = self.db;
        let tab = &self.tables[at];
        let unique = rng.chance(25);
        let keys = tab.key_columns(db);
        let mut needs = Vec::new();
        let mut parts = Vec::new();
        let most = 1 + usize::from(rng.chance(40));
        for col in rng.some(&tab.cols, most) {
            let c = db.quote(col.name());
            if rng.chance(25)
                && !col.is_generated()
                && let Some(expr) = kinds::key_expression(db, col.sort(), &c, rng)
            {
                parts.push(IndexPart::expr(expr));
                needs.push(self.need(&col, rng).0);
                if unique && !keys.contains(col.name()) {
                    return;
                }
                continue;
            }
            let mut part = IndexPart::column(col.name().clone());
            if rng.chance(25) {
                part = part.desc();
            }
            match db {
                Db::Postgres if rng.chance(15) => part = part.nulls_first(),
                Db::Postgres if col.sort() == Sort::Text && rng.chance(20) => {
                    // A CHAR has operator classes of its own.
                    let char = matches!(col.ty(), Type::Char(_) | Type::Varchar(_) | Type::String);
                    if !char {
                        part = part.opclass("text_pattern_ops");
                    }
                }
                Db::Mariadb if col.sort() == Sort::Text && !kinds::can_be_indexed(db, col.ty()) => {
                    part = part.length(5 + u32::try_from(rng.below(5)).unwrap());
                }
                _ => {}
            }
            parts.push(part);
        }
        if parts.is_empty() {
            return;
        }
        let mut index = Index::new(name, parts);
        index.unique = unique && index.parts.iter().all(|it| it.length.is_none());
        if db != Db::Mariadb
            && rng.chance(25)
            && let Some(col) = rng.any(&tab.cols).filter(|it| !it.is_generated())
        {
            let (need, label) = self.need(col, rng);
            let predicate = kinds::predicate(need.sort, &db.quote(col.name()), &label, rng);
            index = index.predicate(predicate);
            needs.push(need);
        }
        if db == Db::Postgres {
            let plain = index
                .parts
                .iter()
                .all(|it| !it.descending && it.nulls.is_none() && it.opclass.is_none());
            let one = index.parts.len() == 1 && plain && !index.unique;
            let list = index
                .parts
                .iter()
                .filter_map(IndexPart::as_column)
                .filter_map(|it| tab.col(it));
            let all_lists =
                list.filter(|it| it.flavor == Flavor::List).count() == index.parts.len();
            if all_lists && plain && !index.unique {
                index = index.method("gin");
            } else if one && rng.chance(15) && needs.is_empty() {
                index = index.method("hash");
            } else if rng.chance(15)
                && let Some(col) = rng.any(&tab.cols)
            {
                let in_key = index
                    .parts
                    .iter()
                    .any(|it| it.as_column() == Some(col.name()));
                if !in_key {
                    index = index.include([col.name().clone()]);
                }
            }
            index.nulls_not_distinct = index.unique && rng.chance(15);
        }
        self.tables[at].indexes.push(Said { it: index, needs });
    }
}
