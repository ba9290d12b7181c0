//! A database that models are taken to, and back.

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::{self, Needs, Scope};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Draft, Options};
use aludel::run::{self, Runner};
use aludel::schema::{Constraint, QualifiedName, Schema};
use std::any::Any;
use std::cell::RefCell;

thread_local! {
    /// What the revisions record when they are asked: they are plain functions, and the operations are made as we go.
    static UP: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
    static DOWN: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
}

fn up(op: &mut Operations) {
    UP.take().into_iter().for_each(|it| op.record(it));
}

fn down(op: &mut Operations) {
    DOWN.take().into_iter().for_each(|it| op.record(it));
}

const fn revision(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: Some(up),
        down: Some(down),
    }
}

static NONE: &[Embedded] = &[];
static ONE: &[Embedded] = &[revision("1.rs", "//! A\n//!\n//! Revision ID: aaaa\n")];
static TWO: &[Embedded] = &[
    revision("1.rs", "//! A\n//!\n//! Revision ID: aaaa\n"),
    revision(
        "2.rs",
        "//! B\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    ),
];

/// A fresh database.
pub struct Live {
    url: DbUrl,
    _kept: Box<dyn Any>,
}

impl Live {
    pub fn sqlite() -> Option<Self> {
        let file = aludel_testdb::sqlite();
        Some(Self::new(&file.url(), file))
    }

    pub fn postgres() -> Option<Self> {
        aludel_testdb::postgres_or_skip().map(|it| Self::new(&it.url(), it))
    }

    pub fn mariadb() -> Option<Self> {
        aludel_testdb::mariadb_or_skip().map(|it| Self::new(&it.url(), it))
    }

    fn new(url: &str, kept: impl Any) -> Self {
        Self {
            url: DbUrl::parse(url).unwrap(),
            _kept: Box::new(kept),
        }
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.kind() == aludel::db::Kind::Sqlite
    }

    /// The name of a table as this database quotes it.
    pub fn table(&self, name: &str) -> String {
        match self.url.kind() {
            aludel::db::Kind::Mysql | aludel::db::Kind::MariaDb => format!("`{name}`"),
            _ => format!("\"{name}\""),
        }
    }

    pub async fn connection(&self) -> Connection {
        Connection::open(&self.url, Access::Write).await.unwrap()
    }

    pub async fn execute(&self, sql: &str) {
        let done = self.connection().await.execute(sql).await;
        done.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
    }

    /// The first column of a query, as text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        let rows = self.connection().await.fetch(sql).await.unwrap();
        let text = |it: &aludel::db::Row| it.at::<Option<String>>(0).unwrap();
        rows.iter()
            .map(|it| text(it).unwrap_or_else(|| "NULL".into()))
            .collect()
    }

    async fn runner(&self, files: &'static [Embedded]) -> Runner {
        let history = History::embedded(&Migrations::new("versions", files)).unwrap();
        Runner::connect(&self.url, Access::Write, history, run::Options::default())
            .await
            .unwrap()
    }

    async fn draft(&self, files: &'static [Embedded], models: &Metadata) -> Draft {
        let mut runner = self.runner(files).await;
        runner
            .autogenerate(models, &Options::default())
            .await
            .unwrap()
    }

    /// What is in the database, but for the version table.
    pub async fn look(&self) -> Schema {
        let mut connection = self.connection().await;
        let dialect = dialect::of_connection(&mut connection).await.unwrap();
        let scope = Scope::Schemas(Vec::new());
        let mut schema = dialect.inspect(&mut connection, &scope).await.unwrap();
        let version = QualifiedName::from("alembic_version");
        schema.tables.remove(&version);
        for table in schema.tables.values_mut() {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            let text = |it: &Constraint| format!("{it:?}");
            table.constraints.sort_by_key(text);
        }
        schema
    }

    /// Takes a fresh database to the models, by what autogenerate says.
    pub async fn create(&self, models: &Metadata) {
        let first = self.draft(NONE, models).await;
        UP.set(first.up);
        self.upgrade(ONE).await.unwrap();
        self.agrees(ONE, models, "after it was created").await;
    }

    /// Takes the database to other models for good: what comes after begins there.
    pub async fn settle(&self, models: &Metadata) {
        let draft = self.difference(models).await;
        let mut connection = self.connection().await;
        let dialect = dialect::of_connection(&mut connection).await.unwrap();
        for operation in draft.up {
            let scope = match dialect.needs(&operation) {
                Needs::Nothing => None,
                Needs::Tables(tables) => Some(Scope::Tables(tables)),
                Needs::Everything => Some(Scope::Everything),
            };
            let mut before = Schema::default();
            if let Some(scope) = scope {
                before = dialect.inspect(&mut connection, &scope).await.unwrap();
            }
            for statement in dialect.statements(&operation, &before).unwrap() {
                let done = connection.execute(&statement.sql).await;
                done.unwrap_or_else(|error| panic!("{error}\nin: {}", statement.sql));
            }
        }
        self.agrees(ONE, models, "after it was changed").await;
    }

    /// What autogenerate finds between the models that [`Self::create`] was given, or what was done since, and these.
    pub async fn difference(&self, models: &Metadata) -> Draft {
        self.draft(ONE, models).await
    }

    /// What autogenerate says of an empty database.
    pub async fn first(&self, models: &Metadata) -> Draft {
        self.draft(NONE, models).await
    }

    async fn agrees(&self, files: &'static [Embedded], models: &Metadata, when: &str) {
        let left = self.draft(files, models).await;
        let none: [String; 0] = [];
        assert_eq!(left.detected(), none, "{when}: {:#?}", left.up);
        assert!(left.is_empty(), "{when}");
    }

    async fn upgrade(&self, files: &'static [Embedded]) -> Result<(), String> {
        let head = "head".parse().unwrap();
        let mut runner = self.runner(files).await;
        runner.upgrade(&head).await.map(drop).map_err(told)
    }

    /// Changes a database that has been created from `a` to `b`, and back to `a`. What autogenerate detected.
    pub async fn there_and_back(&self, a: &Metadata, b: &Metadata) -> Vec<String> {
        let before = self.look().await;
        let detected = self.found_there_and_back(a, b).await;
        assert_eq!(self.look().await, before, "after {detected:?} was undone");
        detected
    }

    /// The same, where what is found is all that is as before: what was another table's is the table's own.
    pub async fn found_there_and_back(&self, a: &Metadata, b: &Metadata) -> Vec<String> {
        let draft = self.difference(b).await;
        let detected = draft.detected().to_vec();
        assert!(!draft.is_empty(), "nothing was detected");
        let downgrade = draft.down;
        UP.set(draft.up);
        self.upgrade(TWO).await.unwrap();
        self.agrees(TWO, b, &format!("after {detected:?}")).await;
        DOWN.set(downgrade);
        let back = "-1".parse().unwrap();
        let mut runner = self.runner(TWO).await;
        runner.downgrade(&back).await.map_err(told).unwrap();
        self.agrees(ONE, a, &format!("after {detected:?} was undone"))
            .await;
        detected
    }

    /// Runs what autogenerate says, which the database refuses, in these words.
    pub async fn refused(&self, models: &Metadata) -> String {
        let draft = self.difference(models).await;
        UP.set(draft.up);
        self.upgrade(TWO).await.unwrap_err()
    }
}

fn told(error: aludel::Error) -> String {
    match error {
        aludel::Error::Revision(it) => {
            format!("{:?}: {:?} {}", it.operation, it.statement, it.source)
        }
        other => other.to_string(),
    }
}

/// A model of one table.
pub fn model(table: Table) -> Metadata {
    Metadata::new().table(table)
}
