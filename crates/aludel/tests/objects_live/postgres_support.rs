//! A database with some tables, and how a model of objects is made, changed and compared there.

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::postgres::Postgres;
use aludel::dialect::{Dialect, Scope};
use aludel::diff::diff;
use aludel::ops::Operation;
use aludel::schema::{Metadata, ObjectKind, Schema};
use aludel_testdb::Database;
use std::collections::BTreeSet;

const TABLES: &str = r#"
    CREATE SCHEMA other; CREATE SCHEMA "Other one";
    CREATE TYPE status AS ENUM ('planned', 'done');
    CREATE TABLE visits (id integer PRIMARY KEY, patient integer, name varchar(20), cost numeric(10, 2), doctor text,
        status status, at timestamptz, day date, "Odd ""name" text, "user" text);
    CREATE TABLE patients (id integer PRIMARY KEY, name text, doctor text, tags text[]);
    CREATE TABLE other.visits (id integer, "Key" text);
    CREATE TABLE "Other one"."Odd.table" (id integer, "A b" text);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION other.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION "Other one"."Touch it"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
"#;

/// A fresh database; none where there is no server.
pub struct Live {
    pub db: Database,
    pub connection: Connection,
    pub dialect: Postgres,
}

pub async fn connect(url: &str) -> Connection {
    let url = DbUrl::parse(url).unwrap();
    Connection::open(&url, Access::Write).await.unwrap()
}

impl Live {
    /// With the tables of these tests, and functions for their triggers, which no comparison looks at unless it is about functions.
    pub async fn start() -> Option<Self> {
        let mut live = Self::empty().await?;
        live.execute(TABLES).await;
        Some(live)
    }

    pub async fn empty() -> Option<Self> {
        let db = aludel_testdb::postgres_or_skip()?;
        let mut connection = connect(&db.url()).await;
        let dialect = Postgres::of_server(&mut connection).await.unwrap();
        Some(Self {
            db,
            connection,
            dialect,
        })
    }

    pub async fn execute(&mut self, sql: &str) {
        if let Err(error) = self.connection.execute(sql).await {
            panic!("{error}\nin: {sql}");
        }
    }

    /// The first column of all rows, which is text.
    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows = self.connection.fetch(sql).await.unwrap();
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }

    /// Creates the objects of a model.
    pub async fn create(&mut self, objects: Metadata) {
        self.create_all(&objects.schema().unwrap()).await;
    }

    pub async fn create_all(&mut self, schema: &Schema) {
        for operation in diff(&Schema::default(), schema) {
            self.run(&operation).await;
        }
    }

    pub async fn run(&mut self, operation: &Operation) {
        for statement in self
            .dialect
            .statements(operation, &Schema::default())
            .unwrap()
        {
            self.execute(&statement.sql).await;
        }
    }

    /// The schema of everything, with the objects of these kinds.
    pub async fn inspect(&mut self, kinds: &BTreeSet<ObjectKind>) -> Schema {
        let (dialect, scope) = (self.dialect.clone(), Scope::Everything);
        let connection = &mut self.connection;
        let mut schema = dialect.inspect(connection, &scope).await.unwrap();
        let objects = dialect.inspect_objects(connection, &scope, kinds, &mut schema);
        objects.await.unwrap();
        schema
    }

    /// What autogenerate would say, in both directions, about the kinds that a model declares, and whether the database was asked
    /// about everything.
    pub async fn differences(&mut self, objects: Metadata) -> (Vec<String>, bool) {
        let kinds = objects.kinds();
        let live = self.inspect(&kinds).await;
        let mut model = objects.schema().unwrap();
        model.tables = live.tables.clone();
        model.enums = live.enums.clone();
        self.dialect.normalize(&mut model);
        let connection = &mut self.connection;
        let asked = self
            .dialect
            .canonicalize_objects(connection, &mut model, &live);
        let asked = asked.await.unwrap();
        let both = diff(&live, &model).into_iter().chain(diff(&model, &live));
        (both.map(|it| it.summary()).collect(), asked)
    }

    /// Whether a model is what is there.
    pub async fn is_same(&mut self, objects: Metadata) -> bool {
        let (differences, asked) = self.differences(objects).await;
        assert!(asked, "{differences:?}");
        differences.is_empty()
    }

    pub async fn assert_same(&mut self, objects: Metadata) {
        let said = self.differences(objects).await;
        assert_eq!(said, (vec![], true));
    }
}

/// The first of a list, one of it, and the two behind that, with their places: not all pairs are tried, and each is with some.
pub fn some<T>(all: &[T], one: usize) -> impl Iterator<Item = (usize, &T)> {
    let places = [0, one, one + 1, one + 2].map(|it| it % all.len());
    places.into_iter().map(|it| (it, &all[it]))
}

/// Everything in the catalog that a probe could leave behind, and the state of the session.
pub const TRACES: &str = "SELECT concat_ws(' ', (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_type), \
    (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_namespace), (SELECT count(*) FROM pg_rewrite), \
    (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_policy), (SELECT count(*) FROM pg_depend), \
    (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_description), pg_my_temp_schema(), \
    current_setting('search_path'), current_setting('check_function_bodies'), \
    NULLIF(current_setting('aludel.forbidden', true), ''))";
