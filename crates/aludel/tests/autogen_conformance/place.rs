//! A database of its own for one side of a vector, and what is done there.

use crate::look::{Facts, Names};
use crate::vector::{Side, Vector, looks_around};
use crate::{look_postgres, look_sqlite};
use aludel::Error;
use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::{self, Scope};
use aludel::diff::diff;
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::{Operation, Operations};
use aludel::run::autogenerate::{Draft, Options, Pattern};
use aludel::run::{self, Runner};
use aludel::schema::{Metadata, Schema};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Mutex;

thread_local! {
    /// What the revisions below record when they are asked: they are plain functions, and the operations are made as we go.
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

const FIRST: Embedded = revision("1.rs", "//! A\n//!\n//! Revision ID: aaaa\n");
const SECOND: Embedded = revision(
    "2.rs",
    "//! B\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
);
static ONE: &[Embedded] = &[FIRST];
static TWO: &[Embedded] = &[FIRST, SECOND];

/// Databases of PostgreSQL that are free: to empty one is quicker than to make one.
static FREE: Mutex<Vec<aludel_testdb::Database>> = Mutex::new(Vec::new());

/// Leaves nothing in a database but its extensions.
const EMPTY: &str = "DO $$ DECLARE name text; BEGIN \
     FOR name IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' LOOP \
     EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP; EXECUTE 'CREATE SCHEMA public'; END $$";

/// A database that holds what it is given.
pub(crate) struct Place {
    url: String,
    database: Held,
}

enum Held {
    Sqlite(#[allow(dead_code, reason = "the file goes with it")] aludel_testdb::SqliteFile),
    Postgres(Option<aludel_testdb::Database>),
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Held::Postgres(database) = &mut self.database {
            FREE.lock().unwrap().extend(database.take());
        }
    }
}

/// The words of an error, with the statement that failed.
pub(crate) fn words(error: &Error) -> String {
    match error {
        Error::Revision(it) => format!("{:?}: {:?} {}", it.operation, it.statement, it.source),
        other => other.to_string(),
    }
}

impl Place {
    /// A database that holds one side, made as a program without models of its own would make it: what has no name is left to the
    /// database. None where this database is left out.
    pub(crate) async fn holding(vector: &Vector, side: &Side) -> Option<Result<Self, String>> {
        let place = match vector.database() {
            "sqlite" => {
                let file = aludel_testdb::sqlite();
                Self {
                    url: file.url(),
                    database: Held::Sqlite(file),
                }
            }
            _ => {
                let free = FREE.lock().unwrap().pop();
                let database = match free {
                    Some(database) => database,
                    None => aludel_testdb::postgres_or_skip()?,
                };
                Self {
                    url: database.url(),
                    database: Held::Postgres(Some(database)),
                }
            }
        };
        Some(place.filled(vector, side).await)
    }

    async fn filled(self, vector: &Vector, side: &Side) -> Result<Self, String> {
        let mut connection = self.open().await;
        if self.is_postgres() {
            connection.execute(EMPTY).await.unwrap();
            // Each takes longer than all else that is done here.
            let text = vector.json.to_string();
            for (extension, word) in [
                ("citext", "CITEXT"),
                ("hstore", "HSTORE"),
                ("btree_gist", "exclude"),
            ] {
                if !text.contains(word) {
                    continue;
                }
                let sql = format!("CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA pg_catalog");
                connection
                    .execute(&sql)
                    .await
                    .map_err(|it| it.to_string())?;
            }
        }
        for schema in vector.schemas() {
            let sql = format!("CREATE SCHEMA \"{}\"", schema.replace('"', "\"\""));
            connection
                .execute(&sql)
                .await
                .map_err(|it| it.to_string())?;
        }
        drop(connection);
        UP.set(diff(&Schema::default(), &side.schema()));
        self.upgrade_along(ONE).await?;
        Ok(self)
    }

    fn is_postgres(&self) -> bool {
        matches!(self.database, Held::Postgres(_))
    }

    async fn open(&self) -> Connection {
        let url = DbUrl::parse(&self.url).unwrap();
        Connection::open(&url, Access::Write).await.unwrap()
    }

    async fn runner(&self, files: &'static [Embedded]) -> Runner {
        let history = History::embedded(&Migrations::new("versions", files)).unwrap();
        let url = DbUrl::parse(&self.url).unwrap();
        Runner::connect(&url, Access::Write, history, run::Options::default())
            .await
            .unwrap()
    }

    async fn upgrade_along(&self, files: &'static [Embedded]) -> Result<(), String> {
        let head = "head".parse().unwrap();
        let done = self.runner(files).await.upgrade(&head).await;
        done.map(drop).map_err(|it| words(&it))
    }

    /// What autogenerate finds before the upgrade, or after it.
    pub(crate) async fn compare(
        &self,
        vector: &Vector,
        side: &Side,
        upgraded: bool,
    ) -> Result<Draft, Error> {
        let models = side.tables.iter().cloned();
        let models = models.fold(Metadata::new(), Metadata::table);
        let options = Options {
            include_schemas: match looks_around(vector) {
                true => vector
                    .schemas()
                    .iter()
                    .map(|it| Pattern::exactly(it).unwrap())
                    .collect(),
                false => Vec::new(),
            },
            compare_type: vector.option("compare_type").unwrap_or(true),
            compare_server_default: vector.option("compare_server_default").unwrap_or(true),
            ..Options::default()
        };
        let files = if upgraded { TWO } else { ONE };
        self.runner(files)
            .await
            .autogenerate(&models, &options)
            .await
    }

    /// Runs an upgrade.
    pub(crate) async fn upgrade(&self, operations: Vec<Operation>) -> Result<(), String> {
        UP.set(operations);
        self.upgrade_along(TWO).await
    }

    /// Runs the downgrade of it.
    pub(crate) async fn downgrade(&self, operations: Vec<Operation>) -> Result<(), String> {
        DOWN.set(operations);
        let back = "-1".parse().unwrap();
        let done = self.runner(TWO).await.downgrade(&back).await;
        done.map(drop).map_err(|it| words(&it))
    }

    /// What there is, as the library sees it.
    pub(crate) async fn inspected(&self) -> Schema {
        let mut connection = self.open().await;
        let dialect = dialect::of_connection(&mut connection).await.unwrap();
        let mut schema = dialect
            .inspect(&mut connection, &Scope::Everything)
            .await
            .unwrap();
        schema.tables.retain(|name, _| {
            !name.name.starts_with("alembic_") && !name.name.starts_with("aludel_")
        });
        schema
    }

    /// What there is, by the database's own words; the order of columns aside.
    pub(crate) async fn facts(&self, given: &BTreeSet<String>) -> Facts {
        let mut connection = self.open().await;
        let names = Names {
            given,
            places: false,
        };
        let mut facts = match self.is_postgres() {
            true => look_postgres::look(&mut connection, &names).await,
            false => look_sqlite::look(&mut connection, &names).await,
        };
        facts.retain(|it| !it.contains("alembic_version") && !it.contains("aludel_log"));
        facts
    }
}
