//! A pair on a real database: there and back, with rows.

use super::invent::OTHER;
use super::kinds::Db;
use super::objects;
use super::rng::Rng;
use super::rows::{self, Kept, may_refuse};
use super::world::World;
use aludel::Error;
use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::{Dialect, Scope, of_connection};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Compare, Draft, Options, Pattern};
use aludel::run::{self, Runner};
use aludel::schema::Schema;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

thread_local! {
    /// What the revisions below record when they are asked, a list for each time: they are plain functions, and the operations
    /// are made as we go.
    static UP: RefCell<Vec<Vec<Operation>>> = const { RefCell::new(Vec::new()) };
    static DOWN: RefCell<Vec<Vec<Operation>>> = const { RefCell::new(Vec::new()) };
}

fn up(op: &mut Operations) {
    let next = UP.with_borrow_mut(Vec::pop);
    next.unwrap().into_iter().for_each(|it| op.record(it));
}

fn down(op: &mut Operations) {
    let next = DOWN.with_borrow_mut(Vec::pop);
    next.unwrap().into_iter().for_each(|it| op.record(it));
}

const FIRST: Embedded = Embedded {
    name: "1.rs",
    text: "//! A\n//!\n//! Revision ID: aaaa\n",
    up: Some(up),
    down: Some(down),
};
const SECOND: Embedded = Embedded {
    name: "2.rs",
    text: "//! B\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    up: Some(up),
    down: Some(down),
};
static NONE: &[Embedded] = &[];
static ONE: &[Embedded] = &[FIRST];
static TWO: &[Embedded] = &[FIRST, SECOND];

/// The second revision as a file of SQL.
fn with_sql(draft: &aludel::run::autogenerate::SqlDraft) -> &'static [Embedded] {
    let text = format!(
        "-- B\n--\n-- Revision ID: bbbb\n-- Revises: aaaa\n\n-- migrate:up{}\n{}\n\n-- migrate:down{}\n{}\n",
        draft.up_options, draft.up, draft.down_options, draft.down
    );
    let file = Embedded {
        name: "2.sql",
        text: text.leak(),
        up: None,
        down: None,
    };
    vec![FIRST, file].leak()
}

/// One database, at one of its stages.
pub struct Live {
    url: DbUrl,
    connection: Connection,
    dialect: Box<dyn Dialect>,
}

/// How a step ended that the rows may have made impossible.
#[derive(Debug, PartialEq)]
enum Step {
    Done,
    Refused(String),
}

impl Live {
    pub async fn open(url: &str) -> Self {
        let url = DbUrl::parse(url).unwrap();
        let mut connection = Connection::open(&url, Access::Write).await.unwrap();
        let dialect = of_connection(&mut connection).await.unwrap();
        Self {
            url,
            connection,
            dialect,
        }
    }

    async fn runner(&self, files: &'static [Embedded]) -> Runner {
        let history = History::embedded(&Migrations::new("versions", files)).unwrap();
        Runner::connect(&self.url, Access::Write, history, run::Options::default())
            .await
            .unwrap()
    }

    async fn draft(&self, files: &'static [Embedded], world: &World) -> Result<Draft, String> {
        let mut runner = self.runner(files).await;
        let include_schemas = match world.db {
            Db::Postgres => vec![Pattern::exactly(OTHER).unwrap()],
            _ => Vec::new(),
        };
        let kinds = objects::kinds(world.db).into_iter();
        let options = Options {
            include_schemas,
            kinds: kinds.map(|it| (it, Compare::On)).collect(),
            ..Options::default()
        };
        let draft = runner.autogenerate(&world.metadata(), &options).await;
        draft.map_err(|error| format!("autogenerate: {error}"))
    }

    /// Models and database agree, in both directions.
    async fn agrees(
        &self,
        files: &'static [Embedded],
        world: &World,
        when: &str,
    ) -> Result<(), String> {
        let left = self.draft(files, world).await?;
        if left.is_empty() && left.down.is_empty() {
            return Ok(());
        }
        let operations = left.up.iter().chain(&left.down);
        let all: Vec<String> = operations.map(|it| it.rust()).collect();
        Err(format!(
            "{when}, autogenerate finds {:?}\n{}",
            left.detected(),
            all.join("\n")
        ))
    }

    async fn upgrade(&self, files: &'static [Embedded]) -> Result<Step, String> {
        let mut runner = self.runner(files).await;
        step(runner.upgrade(&"head".parse().unwrap()).await.map(drop))
    }

    async fn downgrade(&self, files: &'static [Embedded]) -> Result<Step, String> {
        let mut runner = self.runner(files).await;
        step(runner.downgrade(&"-1".parse().unwrap()).await.map(drop))
    }

    async fn execute(&mut self, sql: &str) -> Result<(), String> {
        let done = self.connection.execute(sql).await;
        done.map(drop)
            .map_err(|error| format!("{error}\nin: {sql}"))
    }

    /// What is there, told by the database, in an order of its own.
    async fn inspect(&mut self, db: Db) -> Schema {
        let schemas = match db {
            Db::Postgres => vec![OTHER.to_string()],
            _ => Vec::new(),
        };
        let scope = Scope::Schemas(schemas);
        let mut schema = self
            .dialect
            .inspect(&mut self.connection, &scope)
            .await
            .unwrap();
        self.dialect
            .inspect_objects(
                &mut self.connection,
                &scope,
                &objects::kinds(db),
                &mut schema,
            )
            .await
            .unwrap();
        for domain in schema.objects.domains.values_mut() {
            domain.checks.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for table in schema.tables.values_mut() {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
            table.constraints.sort_by_key(|it| format!("{it:?}"));
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        }
        schema
    }

    /// Creates what the models say, by a revision that autogenerate writes.
    async fn create(&mut self, world: &World) -> Result<(), String> {
        let draft = self.draft(NONE, world).await?;
        UP.set(vec![draft.up]);
        let done = self.upgrade(ONE).await?;
        for (name, column) in world.kept_views() {
            let sql = format!("CREATE INDEX ON {name} (({column} IS NULL))");
            self.execute(&sql).await?;
        }
        match done {
            Step::Done => self.agrees(ONE, world, "after creating").await,
            Step::Refused(why) => Err(format!("creating: {why}")),
        }
    }

    /// The materialized views that have an index, as SQL text names them.
    async fn indexed_views(&mut self, db: Db) -> BTreeSet<String> {
        if db != Db::Postgres {
            return BTreeSet::new();
        }
        let sql = "SELECT DISTINCT c.oid::regclass::text FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relkind = 'm'";
        let found = self.connection.fetch(sql).await.unwrap();
        found.iter().map(|it| it.at(0).unwrap()).collect()
    }

    async fn fill(
        &mut self,
        a: &World,
        b: &World,
        rows: usize,
        rng: &mut Rng,
    ) -> Result<(), String> {
        let (before, after) = rows::unchecked(a.db);
        self.execute(before).await?;
        for sql in rows::inserts(a, b, rows, rng) {
            self.execute(&sql).await?;
        }
        self.execute(after).await
    }

    async fn empty(&mut self, world: &World) -> Result<(), String> {
        let (before, after) = rows::unchecked(world.db);
        self.execute(before).await?;
        for tab in &world.tables {
            self.execute(&format!(
                "DELETE FROM {}",
                rows::quoted(world.db, &tab.name)
            ))
            .await?;
        }
        self.execute(after).await
    }

    /// No row refers to nothing, and the file is whole.
    async fn is_whole(&mut self, db: Db) -> Result<(), String> {
        if db != Db::Sqlite {
            return Ok(());
        }
        for pragma in ["PRAGMA foreign_key_check", "PRAGMA integrity_check"] {
            let found = self.connection.fetch(pragma).await.unwrap();
            let bad = found
                .iter()
                .any(|it| it.at::<Option<String>>(0).ok().flatten() != Some("ok".into()));
            if bad {
                let first: Vec<String> = (0..4)
                    .map(|it| format!("{:?}", found[0].at::<Option<String>>(it)))
                    .collect();
                return Err(format!("{pragma}: {first:?}"));
            }
        }
        Ok(())
    }
}

fn step(outcome: Result<(), Error>) -> Result<Step, String> {
    let Err(error) = outcome else {
        return Ok(Step::Done);
    };
    let text = match &error {
        Error::Revision(it) => format!("{:?}: {:?} {}", it.operation, it.statement, it.source),
        other => format!("{other}"),
    };
    match is_about_rows(&text) {
        true => Ok(Step::Refused(text)),
        false => Err(text),
    }
}

/// The database says that a row does not go with a definition.
fn is_about_rows(text: &str) -> bool {
    let words = [
        "constraint failed",
        "Cannot add a NOT NULL column",
        "that does not exist",
        "contains null values",
        "could not create unique index",
        "violates foreign key constraint",
        "is violated by some row",
        "invalid input value for enum",
        "invalid input syntax for type",
        "value too long for type",
        "cannot cast jsonb",
        "out of range",
        "malformed array literal",
        "datatype mismatch",
        "could not create exclusion constraint",
        "conflicting key value violates exclusion constraint",
    ];
    words.iter().any(|it| text.contains(it))
}

/// What is asked of a pair.
pub struct Pair<'w> {
    pub a: &'w World,
    pub b: &'w World,
    pub rows: usize,
    pub as_sql: bool,
}

/// What came of it.
#[derive(Debug, Default, Clone, Copy)]
pub struct Count {
    pub pairs: usize,
    pub same: usize,
    pub rows: usize,
    pub as_sql: usize,
    pub refused_up: usize,
    pub refused_down: usize,
}

impl Pair<'_> {
    /// Takes a database to `a`, to `b`, and back; another one to `b` at once. Answers what differs where nothing should.
    pub async fn run(
        &self,
        live: &mut Live,
        fresh: &mut Live,
        rng: &mut Rng,
        count: &mut Count,
    ) -> Result<(), String> {
        let (a, b) = (self.a, self.b);
        fresh
            .create(b)
            .await
            .map_err(|it| format!("B at once: {it}"))?;
        live.create(a).await.map_err(|it| format!("A: {it}"))?;
        live.fill(a, b, self.rows, rng).await?;
        count.pairs += 1;
        count.as_sql += usize::from(self.as_sql);
        let draft = live.draft(ONE, b).await?;
        count.same += usize::from(draft.is_empty());
        let mut said = String::new();
        for it in &draft.up {
            let _ = writeln!(said, "    {}", it.rust());
        }
        said += "  and back:\n";
        for it in &draft.down {
            let _ = writeln!(said, "    {}", it.rust());
        }
        let sql = live.runner(ONE).await.sql(&draft).await;
        let sql = sql.map_err(|it| format!("as SQL: {it}\n{said}"))?;
        let _ = writeln!(
            said,
            "  as SQL:{}\n{}\n  and back:{}\n{}",
            sql.up_options, sql.up, sql.down_options, sql.down
        );
        let files = if self.as_sql { with_sql(&sql) } else { TWO };
        // What is refused is tried again.
        let again = live.draft(ONE, b).await?;
        UP.set(vec![draft.up, again.up]);
        DOWN.set(vec![draft.down, again.down]);
        let done = self.there_and_back(live, fresh, files, count).await;
        done.map_err(|it| format!("{it}\n  upgrade:\n{said}"))
    }

    async fn there_and_back(
        &self,
        live: &mut Live,
        fresh: &mut Live,
        files: &'static [Embedded],
        count: &mut Count,
    ) -> Result<(), String> {
        let (a, b, db) = (self.a, self.b, self.a.db);
        let at_first = live.inspect(db).await;
        let mut kept = Kept::read(a, &mut live.connection).await;
        count.rows += kept.count();
        live.is_whole(db).await?;
        if may_refuse(a, b) && db == Db::Mariadb {
            live.empty(a).await?;
            kept = Kept::read(a, &mut live.connection).await;
        }
        if let Step::Refused(why) = live.upgrade(files).await? {
            count.refused_up += 1;
            self.is_rightly_refused(live, (a, b), &at_first, &kept, &why)
                .await?;
            live.empty(a).await?;
            kept = Kept::read(a, &mut live.connection).await;
            if let Step::Refused(why) = live.upgrade(files).await? {
                return Err(format!("upgrade without rows: {why}"));
            }
        }
        live.agrees(files, b, "after the upgrade").await?;
        let (now, wanted) = (live.inspect(db).await, fresh.inspect(db).await);
        same(&now, &wanted, "after the upgrade")?;
        let unchanged: BTreeSet<String> = a.kept_views_as(b).collect();
        let indexed = live.indexed_views(db).await;
        if !unchanged.is_subset(&indexed) {
            return Err(format!(
                "after the upgrade, {indexed:?} are indexed, not {unchanged:?}"
            ));
        }
        live.is_whole(db).await?;
        let mut later = Kept::read(b, &mut live.connection).await;
        if let Some(lost) = kept.lost(&later, &[a, b]) {
            return Err(format!("after the upgrade, {lost}"));
        }
        if may_refuse(b, a) && db == Db::Mariadb {
            live.empty(b).await?;
            later = Kept::read(b, &mut live.connection).await;
        }
        if let Step::Refused(why) = live.downgrade(files).await? {
            count.refused_down += 1;
            self.is_rightly_refused(live, (b, a), &now, &later, &why)
                .await?;
            live.empty(b).await?;
            later = Kept::read(b, &mut live.connection).await;
            if let Step::Refused(why) = live.downgrade(files).await? {
                return Err(format!("downgrade without rows: {why}"));
            }
        }
        live.agrees(ONE, a, "after the downgrade").await?;
        let now = live.inspect(db).await;
        same(&now, &at_first, "after the downgrade")?;
        let indexed = live.indexed_views(db).await;
        let all: BTreeSet<String> = a.kept_views().into_iter().map(|it| it.0).collect();
        if indexed != all {
            return Err(format!(
                "after the downgrade, {indexed:?} are indexed, not {all:?}"
            ));
        }
        live.is_whole(db).await?;
        let at_last = Kept::read(a, &mut live.connection).await;
        match later.lost(&at_last, &[b, a]).or_else(|| {
            let whole = at_last.count() > 0 || kept.count() == 0;
            whole.then(|| kept.lost(&at_last, &[a, b, a])).flatten()
        }) {
            Some(lost) => Err(format!("after the downgrade, {lost}")),
            None => Ok(()),
        }
    }

    /// A refusal is due to the rows, and has changed nothing.
    async fn is_rightly_refused(
        &self,
        live: &mut Live,
        (from, to): (&World, &World),
        schema: &Schema,
        kept: &Kept,
        why: &str,
    ) -> Result<(), String> {
        if !may_refuse(from, to) || kept.count() == 0 {
            return Err(why.to_string());
        }
        same(&live.inspect(from.db).await, schema, "after a refusal")?;
        match Kept::read(from, &mut live.connection).await == *kept {
            true => Ok(()),
            false => Err(format!("a refusal changed rows: {why}")),
        }
    }
}

/// Two inspections of what should be the same.
fn same(found: &Schema, wanted: &Schema, when: &str) -> Result<(), String> {
    let same_objects = found.objects == wanted.objects;
    if found.tables == wanted.tables && found.enums == wanted.enums && same_objects {
        return Ok(());
    }
    let mut text = format!("{when}, the database is not what it should be:\n");
    for (name, table) in &found.tables {
        match wanted.tables.get(name) {
            Some(other) if other == table => {}
            other => {
                let _ = writeln!(text, "found {table:#?}\nwanted {other:#?}");
            }
        }
    }
    for name in wanted
        .tables
        .keys()
        .filter(|it| !found.tables.contains_key(*it))
    {
        let _ = writeln!(text, "{name} is missing");
    }
    if !same_objects {
        let _ = writeln!(
            text,
            "found {:#?}\nwanted {:#?}",
            found.objects, wanted.objects
        );
    }
    if found.enums != wanted.enums {
        let _ = writeln!(text, "found {:#?}\nwanted {:#?}", found.enums, wanted.enums);
    }
    Err(text)
}
