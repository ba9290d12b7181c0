//! What the SQLite tests share: a database of their own, and operations run as a runner runs them.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use aludel::db::{Access, Connection, DbUrl, Kind};
use aludel::dialect::sqlite::Sqlite;
use aludel::dialect::{Dialect, Needs, Scope};
use aludel::ops::{Operation, Operations, Recorded};
use aludel::schema::Schema;
use aludel::{Error, Result};

/// A database in memory, with foreign keys on, as every connection has them.
pub struct Database {
    pub connection: Connection,
    pub dialect: Sqlite,
}

impl Database {
    pub async fn new() -> Self {
        let url = DbUrl::parse("sqlite::memory:").unwrap();
        let connection = Connection::open(&url, Access::Write).await.unwrap();
        let dialect = Sqlite::new();
        Self {
            connection,
            dialect,
        }
    }

    /// A database in which these statements were run.
    pub async fn with(sql: &str) -> Self {
        let mut database = Self::new().await;
        database.execute(sql).await;
        database
    }

    pub async fn execute(&mut self, sql: &str) {
        let done = self.connection.execute(sql).await;
        done.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    /// The rows of a query, each value as SQLite's `quote` writes it, joined by `|`.
    pub async fn rows(&mut self, query: &str, columns: &[&str]) -> Vec<String> {
        let quoted: Vec<String> = columns.iter().map(|it| format!("quote({it})")).collect();
        let sql = format!("SELECT {} AS row FROM {query}", quoted.join(" || '|' || "));
        let rows = self.connection.fetch(&sql).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        rows.iter().map(|row| row.get("row").unwrap()).collect()
    }

    /// The statement that SQLite keeps of an object.
    pub async fn sql_of(&mut self, name: &str) -> String {
        let name = name.replace('\'', "''");
        let query = format!("SELECT sql FROM sqlite_schema WHERE name = '{name}'");
        let rows = self.connection.fetch(&query).await.unwrap();
        rows.first()
            .map(|row| row.get("sql").unwrap())
            .unwrap_or_default()
    }

    /// The whole schema of the default database.
    pub async fn inspect(&mut self) -> Schema {
        let scope = Scope::Schemas(Vec::new());
        self.dialect
            .inspect(&mut self.connection, &scope)
            .await
            .unwrap()
    }

    async fn before(&mut self, operation: &Operation) -> Result<Schema> {
        let scope = match self.dialect.needs(operation) {
            Needs::Nothing => return Ok(Schema::default()),
            Needs::Tables(tables) => Scope::Tables(tables),
            Needs::Everything => Scope::Everything,
        };
        self.dialect.inspect(&mut self.connection, &scope).await
    }

    /// Runs operations in the transaction that may be open.
    pub async fn apply(&mut self, operations: Vec<Recorded>) -> Result<Vec<String>> {
        let mut said = Vec::new();
        for recorded in operations {
            let operation = recorded.operation;
            let before = self.before(&operation).await?;
            let statements = self.dialect.statements(&operation, &before)?;
            self.dialect
                .guard(&mut self.connection, &operation, &before)
                .await?;
            for statement in statements {
                assert!(statement.in_transaction);
                self.connection.execute(&statement.sql).await?;
                said.push(statement.sql);
            }
        }
        Ok(said)
    }

    /// Runs a revision: pragmas around, a transaction, dangling rows compared.
    pub async fn run(&mut self, record: impl FnOnce(&mut Operations)) -> Result<Vec<String>> {
        let operations = recorded(record);
        let rebuilds = operations
            .iter()
            .any(|it| self.dialect.rebuilds(&it.operation));
        let around = self.dialect.features().around_rebuild.filter(|_| rebuilds);
        if let Some((first, _)) = around {
            self.connection.execute(first).await?;
        }
        let dangling = self.dialect.dangling(&mut self.connection).await?;
        self.connection
            .execute(self.dialect.features().begin)
            .await?;
        let mut said = self.apply(operations).await;
        let left = self.dialect.dangling(&mut self.connection).await?;
        if let Some((table, parent, rows)) = left.into_iter().find(|it| !dangling.contains(it)) {
            said = said.and(Err(Error::ForeignKeys {
                table,
                parent,
                rows,
            }));
        }
        let end = if said.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.connection.execute(end).await?;
        if let Some((_, last)) = around {
            self.connection.execute(last).await?;
        }
        let pragmas = self.rows(
            "pragma_foreign_keys, pragma_legacy_alter_table",
            &["foreign_keys", "legacy_alter_table"],
        );
        assert_eq!(pragmas.await, ["1|0"]);
        said
    }

    /// Runs a revision, and holds that the database then is what the operations make of the schema in memory.
    pub async fn run_and_compare(&mut self, record: impl Fn(&mut Operations)) -> Vec<String> {
        let mut expected = self.inspect().await;
        let said = self.run(&record).await;
        let said = said.unwrap_or_else(|error| panic!("{error}"));
        for recorded in recorded(record) {
            recorded.operation.apply(&mut expected).unwrap();
        }
        self.dialect.normalize(&mut expected);
        assert_eq!(sorted(self.inspect().await), sorted(expected));
        said
    }
}

pub fn recorded(record: impl FnOnce(&mut Operations)) -> Vec<Recorded> {
    let mut op = Operations::new(Kind::Sqlite);
    record(&mut op);
    op.into_recorded()
}

/// The order of constraints and indexes says nothing.
pub fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.constraints.sort_by_key(|it| format!("{it:?}"));
        table.indexes.sort_by_key(|it| it.name.clone());
    }
    schema
}

/// The statements of operations on the schema that is given, without a database.
pub fn spelled(before: &Schema, record: impl FnOnce(&mut Operations)) -> String {
    let dialect = Sqlite::new();
    let mut out = Vec::new();
    for recorded in recorded(record) {
        match dialect.statements(&recorded.operation, before) {
            Ok(statements) => out.extend(statements.into_iter().map(|it| format!("{};", it.sql))),
            Err(error) => out.push(format!("error: {error}")),
        }
    }
    out.join("\n")
}
