//! Objects beside the tables at random, and what becomes of them.

use super::invent::OTHER;
use super::kinds::{self, Db, Flavor, Sort};
use super::objects::{Ground, Thing};
use super::rng::Rng;
use super::world::{Col, Said, Tab, World};
use aludel::prelude::*;
use aludel::schema::{Ident, PolicyCommand, QualifiedName, ViewCheck};

/// Where a query reads from, with the columns that it may name.
struct Source {
    name: QualifiedName,
    columns: Vec<(Ident, Option<Col>)>,
}

impl Source {
    fn ground(&self, column: &Ident, table: bool) -> Ground {
        match table {
            true => Ground::Column(self.name.clone(), column.clone()),
            false => Ground::View(self.name.clone(), column.clone()),
        }
    }
}

impl World {
    /// The name of something, as SQL text has it.
    pub fn sql_name(&self, name: &QualifiedName) -> String {
        super::rows::quoted(self.db, name)
    }

    /// The name of a domain, as a column's type says it.
    pub fn type_name(&self, name: &QualifiedName) -> String {
        self.sql_name(name)
    }

    fn fresh_name(&mut self, word: &str, rng: &mut Rng) -> QualifiedName {
        let name = self.fresh(word);
        match self.db == Db::Postgres && rng.chance(15) {
            true => (OTHER, name).into(),
            false => name.into(),
        }
    }

    fn plain_columns(tab: &Tab) -> Vec<&Col> {
        tab.cols.iter().filter(|it| !it.is_generated()).collect()
    }

    /// A table or a view to read from.
    fn source(&self, rng: &mut Rng) -> Option<(Source, bool)> {
        let views: Vec<&Thing> = self
            .objects
            .iter()
            .filter(|it| it.view().is_some())
            .collect();
        if let Some(view) = rng.any(&views).filter(|_| rng.chance(35)) {
            let columns = view.columns.iter().map(|it| (it.clone(), None)).collect();
            let name = view.name()?.clone();
            return Some((Source { name, columns }, false));
        }
        let tab = rng.any(&self.tables)?;
        let columns = Self::plain_columns(tab)
            .into_iter()
            .map(|it| (it.name().clone(), Some(it.clone())))
            .collect();
        let name = tab.name.clone();
        Some((Source { name, columns }, true))
    }

    pub fn add_view(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let name = self.fresh_name("view ", rng);
        let thing = self.view(name, rng)?;
        self.objects.push(thing);
        Some("add view")
    }

    /// A view of this name: columns of a table or of another view, some of them computed, some of the rows.
    pub fn view(&self, name: QualifiedName, rng: &mut Rng) -> Option<Thing> {
        let (source, of_table) = self.source(rng)?;
        if source.name == name {
            return None;
        }
        let db = self.db;
        let mut needs = vec![match of_table {
            true => Ground::Table(source.name.clone()),
            false => Ground::View(source.name.clone(), source.columns.first()?.0.clone()),
        }];
        let (mut list, mut columns) = (Vec::new(), Vec::new());
        let most = 1 + rng.below(3);
        for (column, col) in rng.some(&source.columns, most) {
            let c = db.quote(&column);
            let computed = col.as_ref().filter(|_| rng.chance(25)).and_then(|col| {
                let (need, label) = self.need(col, rng);
                let (sql, ..) = kinds::computed(db, need.sort, &c, &label, rng)?;
                Some((sql, need))
            });
            let alias: Ident = format!("of {column}").into();
            match computed {
                Some((sql, need)) => {
                    needs.push(Ground::Need(source.name.clone(), need));
                    list.push(format!("{sql} AS {}", db.quote(&alias)));
                    columns.push(alias);
                }
                None if rng.chance(20) => {
                    needs.push(source.ground(&column, of_table));
                    list.push(format!("{c} AS {}", db.quote(&alias)));
                    columns.push(alias);
                }
                None => {
                    needs.push(source.ground(&column, of_table));
                    list.push(c);
                    columns.push(column);
                }
            }
        }
        let functions = self.objects.iter().filter_map(Thing::function);
        let functions: Vec<&Function> = functions
            .filter(|it| it.arguments.starts_with('x'))
            .collect();
        let free = !columns.contains(&"called".into());
        if let Some(function) = rng.any(&functions).filter(|_| free && rng.chance(25)) {
            let call = self.sql_name(&function.name);
            list.push(format!("{call}(7) AS called"));
            columns.push("called".into());
            needs.push(Ground::Function(function.name.clone()));
        }
        let mut query = format!(
            "SELECT {} FROM {}",
            list.join(", "),
            self.sql_name(&source.name)
        );
        let of: Vec<&Col> = source
            .columns
            .iter()
            .filter_map(|it| it.1.as_ref())
            .collect();
        let mut filtered = false;
        if let Some(col) = rng.any(&of).filter(|_| rng.chance(40)) {
            let (need, label) = self.need(col, rng);
            let c = db.quote(col.name());
            query += &format!(" WHERE {}", kinds::predicate(need.sort, &c, &label, rng));
            needs.push(Ground::Need(source.name.clone(), need));
            filtered = true;
        }
        let plain = of_table
            && columns
                .iter()
                .all(|it| !it.starts_with("of ") && *it != "called");
        let mut view = View::new(name, query);
        match db {
            Db::Postgres if rng.chance(25) => view.materialized = true,
            Db::Postgres if rng.chance(15) => view = view.security_barrier(),
            Db::Postgres | Db::Mariadb if plain && filtered && rng.chance(30) => {
                view = view.check_option(*rng.pick(&[ViewCheck::Local, ViewCheck::Cascaded]));
            }
            _ => {}
        }
        let mut thing = Thing::new(view, needs);
        thing.columns = columns;
        Some(thing)
    }

    pub fn add_function(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let name = self.fresh_name("fn ", rng);
        let thing = self.function(name, rng);
        self.objects.push(thing);
        Some("add function")
    }

    /// A function of this name that answers a number, and may call another.
    pub fn function(&self, name: QualifiedName, rng: &mut Rng) -> Thing {
        let number = rng.below(9);
        let others = self.objects.iter().filter_map(Thing::function);
        let others: Vec<&Function> = others
            .filter(|it| it.arguments.starts_with('x') && self.is_older(&it.name, &name))
            .collect();
        let mut needs = Vec::new();
        let mut expr = format!("x + {number}");
        if let Some(other) = rng.any(&others).filter(|_| rng.chance(30)) {
            expr = format!("{}(x) + {number}", self.sql_name(&other.name));
            needs.push(Ground::Function(other.name.clone()));
        }
        let mut function = Function::new(name, "x bigint").returns("bigint");
        function = match self.db {
            Db::Postgres => {
                let function = function.language("sql").attribute("IMMUTABLE");
                match rng.below(4) {
                    0 => function.sql_body(format!("RETURN {expr}")),
                    1 => {
                        let body = format!("BEGIN RETURN {expr}; END");
                        function.language("plpgsql").body(body)
                    }
                    _ => function.body(format!("SELECT {expr}")),
                }
            }
            _ => function
                .attribute("DETERMINISTIC")
                .body(format!("RETURN {expr}")),
        };
        if rng.chance(25) {
            function = match self.db {
                Db::Postgres => function.attribute("STRICT"),
                _ => function.attribute("NO SQL"),
            };
        }
        Thing::new(function, needs)
    }

    /// Whether one was named before another, so that no circle of calls comes about.
    pub fn is_older(&self, one: &QualifiedName, other: &QualifiedName) -> bool {
        let number = |it: &QualifiedName| -> usize {
            let name = it.name.to_string();
            name.rsplit(' ').next().unwrap().parse().unwrap()
        };
        number(one) < number(other)
    }

    /// A default, a check or a generated column that calls a function (PostgreSQL).
    pub fn use_function(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let functions = self.objects.iter().filter_map(Thing::function);
        let functions: Vec<&Function> = functions
            .filter(|it| it.arguments.starts_with('x'))
            .collect();
        let call = self.sql_name(&rng.any(&functions)?.name);
        if self.tables.is_empty() {
            return None;
        }
        let at = rng.below(self.tables.len());
        let plain = Self::plain_columns(&self.tables[at]);
        let numbers: Vec<Ident> = plain
            .iter()
            .filter(|it| it.ty().is_integer() && it.column.identity.is_none())
            .map(|it| it.name().clone())
            .collect();
        let column = rng.any(&numbers)?.clone();
        let col = self.tables[at].col(&column)?.clone();
        let c = self.db.quote(&column);
        match rng.below(3) {
            0 => {
                let cols = &mut self.tables[at].cols;
                let col = cols.iter_mut().find(|it| *it.name() == column)?;
                col.column.default = Some(aludel::schema::Expr::new(format!("{call}(7)")).into());
                Some("a default calls a function")
            }
            1 => {
                let name = self.fresh("ck fn ");
                let check = Check::new(format!("{call}({c}) > -99")).named(name);
                let needs = vec![self.need(&col, rng).0];
                let it = check.into();
                self.tables[at].constraints.push(Said { it, needs });
                Some("a check calls a function")
            }
            _ => {
                let name = self.fresh("computed ");
                let column = Column::new(name, Type::BigInteger);
                let needs = vec![self.need(&col, rng).0];
                let mut new = Col {
                    column,
                    flavor: Flavor::Whole,
                    needs,
                };
                let expr = format!("{call}({c})").into();
                new.column.generated = Some(aludel::schema::Generated { expr, stored: true });
                self.tables[at].cols.push(new);
                Some("a generated column calls a function")
            }
        }
    }

    pub fn add_sequence(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let name = self.fresh_name("seq ", rng);
        let mut sequence = Sequence::new(name.clone());
        vary_sequence(&mut sequence, rng);
        let mut needs = Vec::new();
        if !self.tables.is_empty() {
            let at = rng.below(self.tables.len());
            let table = self.tables[at].name.clone();
            let columns = self.tables[at].cols.iter_mut();
            let mut numbers: Vec<&mut Col> = columns
                .filter(|it| {
                    it.ty().is_integer() && it.column.identity.is_none() && !it.is_generated()
                })
                .collect();
            if !numbers.is_empty() {
                let which = rng.below(numbers.len());
                let col = &mut numbers[which];
                let text = super::rows::quoted(Db::Postgres, &name);
                let cast = if rng.chance(50) { "::regclass" } else { "" };
                let default = format!("nextval('{text}'{cast})");
                col.column.default = Some(aludel::schema::Expr::new(default).into());
                if rng.chance(30) && table.schema == name.schema {
                    needs.push(Ground::Column(table.clone(), col.name().clone()));
                    sequence = sequence.owned_by(table, col.name().clone());
                }
            }
        }
        self.objects.push(Thing::new(sequence, needs));
        Some("add sequence")
    }

    /// A domain, and columns of it.
    pub fn add_domain(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let text = rng.chance(50);
        let name = self.fresh_name("dom ", rng);
        let base = if text { Type::Text } else { Type::Integer };
        let mut domain = Domain::new(name.clone(), base.clone());
        vary_domain(&mut domain, text, rng);
        self.objects.push(Thing::new(domain, Vec::new()));
        let ty = Type::custom(self.type_name(&name));
        for tab in &mut self.tables {
            for col in &mut tab.cols {
                let fits = *col.ty() == base
                    && matches!(col.flavor, Flavor::Whole | Flavor::Odd)
                    && col.column.identity.is_none()
                    && !col.is_generated()
                    && (col.flavor == Flavor::Odd) == text;
                if fits && rng.chance(60) {
                    col.column.ty = ty.clone().into();
                    col.column.default = None;
                }
            }
        }
        Some("add domain")
    }

    pub fn add_policy(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let name = self.fresh("policy ");
        let tab = rng.any(&self.tables)?;
        let thing = self.policy(&name, tab, rng)?;
        self.objects.push(thing);
        Some("add policy")
    }

    pub fn policy(&self, name: &str, tab: &Tab, rng: &mut Rng) -> Option<Thing> {
        let plain = Self::plain_columns(tab);
        let col = *rng.any(&plain)?;
        let (need, label) = self.need(col, rng);
        let sql = kinds::predicate(need.sort, &self.db.quote(col.name()), &label, rng);
        let command = *rng.pick(&[
            PolicyCommand::All,
            PolicyCommand::Select,
            PolicyCommand::Insert,
            PolicyCommand::Update,
            PolicyCommand::Delete,
        ]);
        let mut policy = Policy::new(name, tab.name.clone()).command(command);
        let (using, check) = match command {
            PolicyCommand::Insert => (false, true),
            PolicyCommand::Select | PolicyCommand::Delete => (true, false),
            _ => (true, rng.chance(50)),
        };
        if using {
            policy = policy.using(sql.clone());
        }
        if check {
            policy = policy.with_check(sql);
        }
        if rng.chance(20) {
            policy = policy.restrictive();
        }
        let need = Ground::Need(tab.name.clone(), need);
        Some(Thing::new(policy, vec![need]))
    }

    pub fn add_trigger(&mut self, rng: &mut Rng) -> Option<&'static str> {
        let name = self.fresh("trigger ");
        if self.db != Db::Mariadb && rng.chance(25) {
            let thing = self.trigger_of_view(&name, rng)?;
            self.objects.push(thing);
            return Some("add trigger of a view");
        }
        let tab = rng.any(&self.tables)?.clone();
        let thing = self.trigger(&name, &tab, rng)?;
        self.objects.push(thing);
        Some("add trigger")
    }

    /// A trigger in place of what would change a view.
    fn trigger_of_view(&mut self, name: &str, rng: &mut Rng) -> Option<Thing> {
        let views = self
            .objects
            .iter()
            .filter(|it| it.view().is_some_and(|it| !it.materialized));
        let views: Vec<(QualifiedName, Ident)> = views
            .map(|it| (it.name().unwrap().clone(), it.columns[0].clone()))
            .collect();
        let (view, column) = rng.any(&views)?.clone();
        let mut trigger = Trigger::new(name, view.clone()).instead_of();
        trigger = match rng.below(3) {
            0 => trigger.delete(),
            1 => trigger.update(),
            _ => trigger.insert(),
        };
        let mut needs = vec![Ground::PlainView(view.clone(), column.clone())];
        if self.db == Db::Sqlite {
            trigger.body = Some(format!("SELECT {}", rng.below(9)));
        } else {
            let function = self.trigger_function(rng);
            trigger.execute = Some(format!("{}()", self.sql_name(&function)));
            needs.push(Ground::Function(function));
        }
        Some(Thing::new(trigger, needs))
    }

    /// A trigger that changes nothing, whatever happens.
    pub fn trigger(&mut self, name: &str, tab: &Tab, rng: &mut Rng) -> Option<Thing> {
        let plain: Vec<Col> = Self::plain_columns(tab).into_iter().cloned().collect();
        let col = rng.any(&plain)?;
        let c = self.db.quote(col.name());
        let table = tab.name.clone();
        let mut needs = vec![Ground::Column(table.clone(), col.name().clone())];
        let mut trigger = Trigger::new(name, table.clone());
        if rng.chance(50) {
            trigger = trigger.before();
        }
        let row = match rng.below(4) {
            0 => {
                trigger = trigger.delete();
                "OLD"
            }
            1 if self.db != Db::Mariadb => {
                trigger = trigger.update_of([col.name().clone()]);
                "NEW"
            }
            2 => {
                trigger = trigger.update();
                "NEW"
            }
            _ => {
                trigger = trigger.insert();
                "NEW"
            }
        };
        if self.db != Db::Mariadb && rng.chance(35) {
            let (need, label) = self.need(col, rng);
            let c = format!("{row}.{c}");
            trigger = trigger.when(kinds::predicate(need.sort, &c, &label, rng));
            needs.push(Ground::Need(table.clone(), need));
        }
        match self.db {
            Db::Sqlite => trigger.body = Some(self.sqlite_body(row, &c, tab, rng)),
            Db::Mariadb => {
                trigger.body = Some(match rng.below(3) {
                    0 => format!("SET @seen = {row}.{c}"),
                    1 => format!(
                        "BEGIN IF {row}.{c} IS NULL THEN SET @seen = {}; END IF; END",
                        rng.below(9)
                    ),
                    _ => format!("SET @seen = {}", rng.below(9)),
                });
            }
            Db::Postgres => {
                let function = self.trigger_function(rng);
                trigger.execute = Some(format!("{}()", self.sql_name(&function)));
                needs.push(Ground::Function(function));
            }
        }
        Some(Thing::new(trigger, needs))
    }

    fn sqlite_body(&self, row: &str, c: &str, tab: &Tab, rng: &mut Rng) -> String {
        let table = self.sql_name(&tab.name);
        match rng.below(3) {
            0 => format!("SELECT {row}.{c}, {}", rng.below(9)),
            1 => format!("UPDATE {table} SET {c} = {row}.{c} WHERE 0"),
            _ => format!(
                "DELETE FROM {table} WHERE {c} <> {c}; SELECT {}",
                rng.below(9)
            ),
        }
    }

    /// A function for triggers: one that is there, or a new one.
    fn trigger_function(&mut self, rng: &mut Rng) -> QualifiedName {
        let known = self.objects.iter().filter_map(Thing::function);
        let known: Vec<QualifiedName> = known
            .filter(|it| it.arguments.is_empty())
            .map(|it| it.name.clone())
            .collect();
        if let Some(name) = rng.any(&known).filter(|_| rng.chance(50)) {
            return name.clone();
        }
        let name = self.fresh_name("fn ", rng);
        let function = Function::new(name.clone(), "")
            .returns("trigger")
            .language("plpgsql")
            .body(trigger_body(rng));
        self.objects.push(Thing::new(function, Vec::new()));
        name
    }
}

pub fn trigger_body(rng: &mut Rng) -> String {
    let number = rng.below(9);
    rng.pick(&[
        format!("BEGIN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END -- {number}"),
        format!("DECLARE\n  x integer := {number};\nBEGIN\n  RETURN coalesce(NEW, OLD);\nEND;"),
    ])
    .clone()
}

pub fn vary_sequence(sequence: &mut Sequence, rng: &mut Rng) {
    sequence.start = rng
        .chance(40)
        .then(|| 100 + i64::try_from(rng.below(9)).unwrap());
    sequence.increment = rng.chance(30).then_some(5);
    sequence.cache = rng.chance(20).then_some(4);
    sequence.max = rng.chance(20).then_some(30_000);
    sequence.cycle = rng.chance(20);
}

pub fn vary_domain(domain: &mut Domain, text: bool, rng: &mut Rng) {
    let sort = if text { Sort::Text } else { Sort::Number };
    domain.checks.clear();
    for number in 0..rng.below(3) {
        if let Some(sql) = kinds::condition(sort, "VALUE", "", rng) {
            let mut check = Check::new(sql);
            check.name = Some(format!("dom check {number}").into());
            domain.checks.push(check);
        }
    }
    domain.default = rng.chance(30).then(|| {
        let sql = match text {
            true => *rng.pick(&["'it''s'", "upper('x')"]),
            false => *rng.pick(&["7", "3 + 4"]),
        };
        aludel::schema::Expr::new(sql).into()
    });
}
