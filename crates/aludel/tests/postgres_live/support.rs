//! A database and a connection to it, and the usual ways to use them.

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::postgres::Postgres;
use aludel::dialect::{Dialect, Needs, Scope, idle, needs};
use aludel::diff::diff;
use aludel::ops::{CreateEnum, CreateTable, Operation, Operations};
use aludel::schema::{Metadata, Schema, Table};
use aludel::{Error, Result};
use aludel_testdb::Database;

/// A fresh database; none where there is no server.
pub struct Live {
    pub db: Database,
    pub connection: Connection,
    pub dialect: Postgres,
}

impl Live {
    pub async fn start() -> Option<Self> {
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

    /// The first column of the first row, as text.
    pub async fn text(&mut self, sql: &str) -> String {
        self.texts(sql).await.into_iter().next().unwrap_or_default()
    }

    /// The first column of all rows, as text.
    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = format!("SELECT (x.*)::text AS t FROM ({sql}) x");
        let rows = self.connection.fetch(&sql).await.unwrap();
        rows.iter()
            .map(|row| {
                let row: String = row.get("t").unwrap();
                let inside = row.trim_start_matches('(').trim_end_matches(')');
                inside.to_string()
            })
            .collect()
    }

    pub async fn inspect(&mut self) -> Schema {
        self.inspect_also(&[]).await
    }

    pub async fn inspect_also(&mut self, schemas: &[&str]) -> Schema {
        let scope = Scope::Schemas(schemas.iter().map(|it| it.to_string()).collect());
        self.dialect
            .inspect(&mut self.connection, &scope)
            .await
            .unwrap()
    }

    /// Runs one operation, as a runner does.
    pub async fn run(&mut self, operation: impl Into<Operation>) -> Result<()> {
        let operation = operation.into();
        let before = match needs(&self.dialect, &operation) {
            Needs::Nothing => Schema::default(),
            Needs::Tables(tables) => self.look(Scope::Tables(tables)).await,
            Needs::Everything => self.look(Scope::Everything).await,
        };
        if idle(&self.dialect, &operation, &before).is_some() {
            return Ok(());
        }
        self.dialect
            .guard(&mut self.connection, &operation, &before)
            .await?;
        for statement in self.dialect.statements(&operation, &before)? {
            self.connection
                .execute(&statement.sql)
                .await
                .map_err(|source| Error::Statement {
                    sql: statement.sql.clone(),
                    source,
                })?;
        }
        Ok(())
    }

    /// Runs what a revision records.
    pub async fn upgrade(&mut self, record: impl FnOnce(&mut Operations)) -> Result<()> {
        let mut op = Operations::new(aludel::db::Kind::Postgres);
        record(&mut op);
        for recorded in op.into_recorded() {
            self.run(recorded.operation).await?;
        }
        Ok(())
    }

    async fn look(&mut self, scope: Scope) -> Schema {
        self.dialect
            .inspect(&mut self.connection, &scope)
            .await
            .unwrap()
    }

    /// Creates everything that a schema holds, in an order that the difference to nothing gives.
    pub async fn create(&mut self, schema: &Schema) {
        for operation in diff(&Schema::default(), schema) {
            if let Err(error) = self.run(operation).await {
                panic!("{error:#?}");
            }
        }
    }

    /// What autogenerate would find: the differences between a model and this database, in both directions.
    pub async fn differences(&mut self, model: &Schema, schemas: &[&str]) -> (Vec<String>, bool) {
        let live = self.inspect_also(schemas).await;
        let mut model = model.clone();
        self.dialect.normalize(&mut model);
        let asked = self
            .dialect
            .canonicalize(&mut self.connection, &mut model)
            .await
            .unwrap();
        let mut said = Vec::new();
        for operation in diff(&live, &model).iter().chain(&diff(&model, &live)) {
            let sql = self.dialect.statements(operation, &live);
            said.push(format!("{} -- {sql:?}", operation.summary()));
        }
        (said, asked)
    }
}

pub async fn connect(url: &str) -> Connection {
    let url = DbUrl::parse(url).unwrap();
    Connection::open(&url, Access::Write).await.unwrap()
}

/// Models, as an application declares them.
pub fn model(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut metadata = Metadata::new();
    for table in tables {
        metadata = metadata.table(table);
    }
    metadata.schema().unwrap()
}

/// Operations that create one table, for tests that only need it there.
pub fn creating(table: Table) -> Vec<Operation> {
    let enums = table
        .columns
        .iter()
        .filter_map(|it| it.ty.written.as_enum());
    let mut operations: Vec<Operation> = enums
        .map(|ty| CreateEnum { ty: ty.clone() }.into())
        .collect();
    operations.push(CreateTable::new(table).into());
    operations
}
