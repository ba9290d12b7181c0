//! A description of a database that can be edited at random: more than the models say, since each expression knows which columns
//! it needs and of what sort they must be. What an edit has left without ground, `mend` takes away.

use super::kinds::{self, Db, Flavor, Sort, can_be_indexed, can_be_key, sort};
use super::objects::Thing;
use super::options;
use aludel::prelude::*;
use aludel::schema::{Constraint, Enum, Ident, IndexKey, QualifiedName, TableOptions};

#[derive(Debug, Clone)]
pub struct World {
    pub db: Db,
    pub enums: Vec<Enum>,
    pub tables: Vec<Tab>,
    pub objects: Vec<Thing>,
    /// How many names were given.
    pub named: usize,
}

#[derive(Debug, Clone)]
pub struct Tab {
    pub name: QualifiedName,
    pub cols: Vec<Col>,
    pub constraints: Vec<Said<Constraint>>,
    pub indexes: Vec<Said<Index>>,
    pub comment: Option<String>,
    pub options: TableOptions,
}

#[derive(Debug, Clone)]
pub struct Col {
    pub column: Column,
    pub flavor: Flavor,
    /// What its expression needs, if it is a generated one.
    pub needs: Vec<Need>,
}

/// Something, and what its expressions need.
#[derive(Debug, Clone)]
pub struct Said<T> {
    pub it: T,
    pub needs: Vec<Need>,
}

impl<T> Said<T> {
    pub fn plain(it: impl Into<T>) -> Self {
        Self {
            it: it.into(),
            needs: Vec::new(),
        }
    }
}

/// A column of this sort, and a label that its type has.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    pub column: Ident,
    pub sort: Sort,
    pub label: Option<String>,
}

impl Col {
    pub fn name(&self) -> &Ident {
        &self.column.name
    }

    pub fn ty(&self) -> &Type {
        &self.column.ty.written
    }

    pub fn sort(&self) -> Sort {
        sort(self.ty())
    }

    pub fn is_generated(&self) -> bool {
        self.column.generated.is_some()
    }
}

impl Tab {
    pub fn col(&self, name: &str) -> Option<&Col> {
        self.cols.iter().find(|it| *it.name() == *name)
    }

    /// The columns that may be part of a key.
    pub fn key_columns(&self, db: Db) -> Vec<Ident> {
        let fits = |it: &&Col| !it.is_generated() && can_be_key(db, it.flavor, it.ty());
        self.cols
            .iter()
            .filter(fits)
            .map(|it| it.name().clone())
            .collect()
    }

    pub fn primary_key(&self) -> Option<&[Ident]> {
        self.constraints.iter().find_map(|it| match &it.it {
            Constraint::PrimaryKey(key) => Some(key.columns.as_slice()),
            _ => None,
        })
    }

    /// The lists of columns that a foreign key may refer to.
    pub fn targets(&self) -> Vec<Vec<Ident>> {
        let keys = self.constraints.iter().filter_map(|it| match &it.it {
            Constraint::PrimaryKey(it) if it.deferrable == Deferrable::No => {
                Some(it.columns.clone())
            }
            Constraint::Unique(it) if it.deferrable == Deferrable::No => Some(it.columns.clone()),
            _ => None,
        });
        let indexes = self
            .indexes
            .iter()
            .filter(|it| it.it.unique && it.it.predicate.is_none());
        let columns = indexes.filter_map(|it| {
            let plain = it
                .it
                .parts
                .iter()
                .all(|it| it.opclass.is_none() && !it.descending);
            let columns = it.it.parts.iter().map(|it| it.as_column().cloned());
            columns.collect::<Option<Vec<_>>>().filter(|_| plain)
        });
        keys.chain(columns).collect()
    }

    /// Whether a second NULL in the column would be refused.
    pub fn has_one_null(&self, name: &Ident) -> bool {
        let unique = self.constraints.iter().any(|it| match &it.it {
            Constraint::Unique(it) => it.nulls_not_distinct && it.columns.contains(name),
            _ => false,
        });
        let has = |it: &Index| it.parts.iter().any(|it| it.as_column() == Some(name));
        // A key may put the same value in the place of each.
        let replaced = |it: &Said<Index>| {
            let mut parts = it.it.parts.iter();
            let named = it.needs.iter().any(|it| it.column == *name);
            it.it.unique && named && parts.any(|it| it.as_column().is_none())
        };
        let mut indexes = self.indexes.iter();
        unique
            || indexes.any(|it| {
                let has_one = it.it.nulls_not_distinct && (has(&it.it) || !it.needs.is_empty());
                has_one || replaced(it)
            })
    }

    pub fn holds(&self, enums: &[Enum], needs: &[Need]) -> bool {
        needs.iter().all(|need| {
            let Some(col) = self.col(&need.column) else {
                return false;
            };
            let label = match (&need.label, col.flavor) {
                (Some(label), Flavor::Label(at)) => enums[at].values.contains(label),
                (Some(_), _) => false,
                (None, _) => true,
            };
            label && col.sort() == need.sort && !col.is_generated()
        })
    }

    pub fn table(&self) -> Table {
        let mut table = Table::new(self.name.clone());
        table.columns = self.cols.iter().map(|it| it.column.clone()).collect();
        table.constraints = self.constraints.iter().map(|it| it.it.clone()).collect();
        table.indexes = self.indexes.iter().map(|it| it.it.clone()).collect();
        table.comment = self.comment.clone();
        table.options = self.options.clone();
        table
    }
}

impl World {
    /// A name that nothing else has.
    pub fn fresh(&mut self, word: &str) -> String {
        self.named += 1;
        format!("{word}{}", self.named)
    }

    pub fn tab(&self, name: &QualifiedName) -> Option<&Tab> {
        self.tables.iter().find(|it| it.name == *name)
    }

    pub fn metadata(&self) -> Metadata {
        let lonely = Table::new("lonely").column(Column::new("id", Type::Integer).primary_key());
        let tables = self.tables.iter().map(Tab::table);
        self.declare(tables.fold(Metadata::new().table(lonely), Metadata::table))
    }

    /// Takes away what does not go with the rest.
    pub fn mend(&mut self) {
        loop {
            let before = format!("{self:?}");
            self.mend_tables();
            self.mend_objects();
            self.mend_options();
            if format!("{self:?}") == before {
                return;
            }
        }
    }

    fn mend_tables(&mut self) {
        let (db, enums) = (self.db, self.enums.clone());
        for tab in &mut self.tables {
            mend_columns(tab, db, &enums);
            mend_keys(tab, db);
            mend_numbers(tab, db);
            mend_expressions(tab, db, &enums);
            options::mend_exclusions(tab, db);
        }
        // A key that is not there is no target, but the foreign keys of one table never change the keys of another.
        let others = self.tables.clone();
        for tab in &mut self.tables {
            mend_foreign_keys(tab, &others, db);
        }
    }
}

fn mend_columns(tab: &mut Tab, db: Db, enums: &[Enum]) {
    for col in &mut tab.cols {
        if let (Flavor::Label(at), Type::Enum(_)) = (col.flavor, col.ty()) {
            col.column.ty = Type::Enum(enums[at].clone()).into();
        }
        let unknown = |text: &str| {
            let known = |ty: &Enum| ty.values.iter().any(|it| super::kinds::text(it) == text);
            match col.flavor {
                Flavor::Label(at) => !known(&enums[at]),
                _ => false,
            }
        };
        let default = col.column.default.as_ref();
        if default.is_some_and(|it| unknown(it.written.as_str())) {
            col.column.default = None;
        }
        if col.sort() != Sort::Text {
            col.column.collation = None;
        }
    }
    let before = tab.clone();
    tab.cols.retain(|it| before.holds(enums, &it.needs));
    if tab.cols.is_empty() {
        let column = Column::new("left", Type::Integer);
        tab.cols.push(Col {
            column,
            flavor: Flavor::Whole,
            needs: Vec::new(),
        });
    }
    if db == Db::Sqlite {
        tab.comment = None;
    }
}

fn mend_keys(tab: &mut Tab, db: Db) {
    let known = tab.key_columns(db);
    tab.constraints.retain(|it| match &it.it {
        Constraint::PrimaryKey(it) => it.columns.iter().all(|it| known.contains(it)),
        Constraint::Unique(it) => it.columns.iter().all(|it| known.contains(it)),
        _ => true,
    });
    let all: Vec<Ident> = tab.cols.iter().map(|it| it.name().clone()).collect();
    for said in &mut tab.constraints {
        if let Constraint::Unique(it) = &mut said.it {
            it.include.retain(|it| all.contains(it));
        }
    }
    let key = tab.primary_key().unwrap_or_default().to_vec();
    for col in &mut tab.cols {
        col.column.nullable &= !key.contains(&col.column.name);
    }
}

/// Who numbers itself.
fn mend_numbers(tab: &mut Tab, db: Db) {
    let key = tab.primary_key().unwrap_or_default().to_vec();
    for col in &mut tab.cols {
        let sole = key == [col.name().clone()];
        let fits = match (db, col.ty()) {
            (Db::Postgres, Type::SmallInteger | Type::Integer | Type::BigInteger) => true,
            (Db::Mariadb, ty) => sole && (ty.is_integer()),
            (Db::Sqlite, ty) => sole && *ty == Type::Integer,
            _ => false,
        };
        if !fits || col.is_generated() {
            col.column.identity = None;
        }
        if col.column.identity.is_some() {
            col.column.default = None;
            col.column.nullable = false;
        }
        if col.is_generated() {
            col.column.default = None;
        }
    }
}

fn mend_expressions(tab: &mut Tab, db: Db, enums: &[Enum]) {
    let before = tab.clone();
    // MariaDB has no word for a number that is not given yet.
    let numbered = |need: &Need| {
        let col = before.col(&need.column);
        db == Db::Mariadb && col.is_some_and(|it| it.column.identity.is_some())
    };
    let holds = |needs: &[Need]| before.holds(enums, needs) && !needs.iter().any(numbered);
    // What fills a CHAR depends on the session (MariaDB).
    let filled = |need: &Need| {
        let col = before.col(&need.column);
        db == Db::Mariadb && col.is_some_and(|it| matches!(it.ty(), Type::Char(_)))
    };
    tab.cols
        .retain(|it| holds(&it.needs) && !it.needs.iter().any(filled));
    let cols = tab.cols.clone();
    let find = |name: &Ident| cols.iter().find(|it| it.name() == name);
    tab.constraints.retain(|it| holds(&it.needs));
    let keys = tab.key_columns(db);
    for said in &mut tab.indexes {
        said.it.include.retain(|it| find(it).is_some());
        for part in &mut said.it.parts {
            let col = part.as_column().and_then(find);
            let is_text = col.is_some_and(|it| it.sort() == Sort::Text);
            part.opclass = part.opclass.take().filter(|_| is_text);
            part.length = part
                .length
                .filter(|_| col.is_some_and(|it| !can_be_indexed(db, it.ty())));
        }
    }
    tab.indexes.retain(|said| {
        let fits = |part: &IndexPart| match &part.key {
            IndexKey::Expr(_) => true,
            IndexKey::Column(name) => find(name).is_some_and(|it| {
                let indexed = can_be_indexed(db, it.ty()) || part.length.is_some();
                let method = said.it.method.as_deref();
                let by = method != Some("gin") || it.flavor == Flavor::List;
                let key = !said.it.unique || keys.contains(name);
                indexed && by && key
            }),
        };
        holds(&said.needs) && said.it.parts.iter().all(fits)
    });
}

fn mend_foreign_keys(tab: &mut Tab, others: &[Tab], db: Db) {
    let cols = tab.cols.clone();
    let collation = tab.options.collation.clone();
    let find = |name: &Ident| cols.iter().find(|it| it.name() == name);
    let computed_from = |name: &Ident| {
        let mut needs = cols.iter().flat_map(|it| &it.needs);
        needs.any(|it| it.column == *name)
    };
    let checked: Vec<Need> = tab
        .constraints
        .iter()
        .flat_map(|it| it.needs.clone())
        .collect();
    tab.constraints.retain_mut(|said| {
        let Constraint::ForeignKey(key) = &mut said.it else {
            return true;
        };
        let Some(target) = others.iter().find(|it| it.name == key.references) else {
            return false;
        };
        if !target.targets().contains(&key.referred) {
            return false;
        }
        let pairs = key.columns.iter().zip(&key.referred);
        let alike = pairs
            .map(|(here, there)| (find(here), target.col(there)))
            .all(|pair| {
                let (Some(here), Some(there)) = pair else {
                    return false;
                };
                let types = match db {
                    Db::Mariadb => {
                        let of = |col: &Col, table: &Option<String>| {
                            let is_text = col.sort() == Sort::Text;
                            let own = col.column.collation.clone().or_else(|| table.clone());
                            own.filter(|_| is_text)
                        };
                        here.ty() == there.ty()
                            && of(here, &collation) == of(there, &target.options.collation)
                    }
                    Db::Postgres => kinds::are_compared(here.ty(), there.ty()),
                    Db::Sqlite => true,
                };
                types && here.flavor == there.flavor && !here.is_generated()
            });
        let stored = db == Db::Mariadb && key.columns.iter().any(computed_from);
        let nullable = key
            .columns
            .iter()
            .all(|it| find(it).is_some_and(|it| it.column.nullable));
        let fixed = key
            .columns
            .iter()
            .all(|it| find(it).is_some_and(|it| !it.column.nullable));
        for action in [&mut key.on_delete, &mut key.on_update] {
            let impossible = match action {
                Action::SetNull => !nullable,
                Action::SetDefault => db == Db::Mariadb,
                _ => false,
            };
            if impossible {
                *action = Action::NoAction;
            }
        }
        // It hands no NULL on to a column that refuses it.
        let takes_less = key.columns.iter().zip(&key.referred).any(|(here, there)| {
            let nullable = |it: Option<&Col>| it.is_some_and(|it| it.column.nullable);
            !nullable(find(here)) && nullable(target.col(there))
        });
        if db == Db::Mariadb && takes_less {
            key.on_update = Action::NoAction;
        }
        // MariaDB checks no column that something else may change.
        let is_checked = |name: &Ident| checked.iter().any(|it| it.column == *name);
        if db == Db::Mariadb && key.columns.iter().any(is_checked) {
            (key.on_delete, key.on_update) = (Action::NoAction, Action::NoAction);
        }
        key.match_full &= fixed && db == Db::Postgres;
        if db == Db::Mariadb {
            key.deferrable = Deferrable::No;
        }
        alike && !stored
    });
}
