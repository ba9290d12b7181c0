//! A database and a connection to it, and the usual ways to use them.

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::mysql::Mysql;
use aludel::dialect::{Dialect, Needs, Scope};
use aludel::diff::diff;
use aludel::ops::{Operation, Operations};
use aludel::schema::{Metadata, Schema, Table};
use aludel::{Error, Result};
use aludel_testdb::MariaDb;

/// A fresh database; none where there is no server.
pub struct Live {
    pub db: MariaDb,
    pub connection: Connection,
    pub dialect: Mysql,
}

impl Live {
    pub async fn start() -> Option<Self> {
        Some(Self::on(aludel_testdb::mariadb_or_skip()?).await)
    }

    pub async fn on(db: MariaDb) -> Self {
        let url = DbUrl::parse(&db.url()).unwrap();
        let mut connection = Connection::open(&url, Access::Write).await.unwrap();
        let dialect = Mysql::of_server(&mut connection).await.unwrap();
        Self {
            db,
            connection,
            dialect,
        }
    }

    pub async fn execute(&mut self, sql: &str) {
        if let Err(error) = self.connection.execute(sql).await {
            panic!("{error}\nin: {sql}");
        }
    }

    /// The first column of the first row, as text.
    pub async fn text(&mut self, sql: &str) -> String {
        let rows = self.connection.fetch(sql).await.unwrap();
        let text: Option<String> = rows[0].at(0).unwrap();
        text.unwrap_or_else(|| "NULL".into())
    }

    /// What the server says of a column.
    pub async fn definition(&mut self, table: &str, column: &str) -> String {
        let rows = self
            .connection
            .fetch(&format!("SHOW CREATE TABLE {table}"))
            .await
            .unwrap();
        let text: Vec<u8> = rows[0].at(1).unwrap();
        let text = String::from_utf8_lossy(&text);
        let line = text
            .lines()
            .find(|it| it.trim().starts_with(&format!("`{column}` ")));
        line.unwrap_or_default()
            .trim()
            .trim_end_matches(',')
            .to_string()
    }

    pub async fn inspect(&mut self) -> Schema {
        self.look(Scope::Schemas(Vec::new())).await
    }

    pub async fn look(&mut self, scope: Scope) -> Schema {
        self.dialect
            .inspect(&mut self.connection, &scope)
            .await
            .unwrap()
    }

    /// Runs one operation, as a runner does.
    pub async fn run(&mut self, operation: impl Into<Operation>) -> Result<()> {
        let operation = operation.into();
        let before = match self.dialect.needs(&operation) {
            Needs::Nothing => Schema::default(),
            Needs::Tables(tables) => self.look(Scope::Tables(tables)).await,
            Needs::Everything => self.look(Scope::Everything).await,
        };
        for statement in self.dialect.statements(&operation, &before)? {
            let done = self.connection.execute(&statement.sql).await;
            done.map_err(|source| Error::Statement {
                sql: statement.sql.clone(),
                source,
            })?;
        }
        Ok(())
    }

    /// Runs what a revision records.
    pub async fn upgrade(&mut self, record: impl FnOnce(&mut Operations)) {
        let mut op = Operations::new(aludel::db::Kind::MariaDb);
        record(&mut op);
        for recorded in op.into_recorded() {
            let summary = recorded.operation.summary();
            if let Err(error) = self.run(recorded.operation).await {
                panic!("{summary}: {error:#?}");
            }
        }
    }

    /// Leads the database from one schema to another.
    pub async fn change(&mut self, from: &Schema, to: &Schema) {
        for operation in diff(from, to) {
            let summary = operation.summary();
            if let Err(error) = self.run(operation).await {
                panic!("{summary}: {error:#?}");
            }
        }
    }

    /// A model as it is compared.
    pub async fn canonical(&mut self, model: &Schema) -> (Schema, bool) {
        let mut model = model.clone();
        self.dialect.normalize(&mut model);
        let asked = self
            .dialect
            .canonicalize(&mut self.connection, &mut model)
            .await;
        (model, asked.unwrap())
    }

    /// What autogenerate would find: the differences between a model and this database, in both directions.
    pub async fn differences(&mut self, model: &Schema, schemas: &[&str]) -> (Vec<String>, bool) {
        let scope = Scope::Schemas(schemas.iter().map(|it| it.to_string()).collect());
        let live = self.look(scope).await;
        let (model, asked) = self.canonical(model).await;
        let mut said = Vec::new();
        for operation in diff(&live, &model).iter().chain(&diff(&model, &live)) {
            let sql = self.dialect.statements(operation, &live);
            said.push(format!("{} -- {sql:?}", operation.summary()));
        }
        (said, asked)
    }
}

/// Models, as an application declares them.
pub fn model(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut metadata = Metadata::new();
    for table in tables {
        metadata = metadata.table(table);
    }
    metadata.schema().unwrap()
}
