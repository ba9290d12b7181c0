//! What a data step is given: the connection of its revision, and ways to look at the schema and change it.

use super::{Operations, Recorded};
use crate::db::{Connection, Driver, Kind, LocalBoxFuture, Params, Row};
use crate::error::{Error, Result, TransactionError};
use crate::schema::{QualifiedName, Table};
use crate::sql::split::Flavor;

/// What a [`Db`] needs from whoever runs it: only a runner knows a dialect.
pub trait Backend {
    /// The table of that name as it is now, or none.
    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        table: &'a QualifiedName,
    ) -> LocalBoxFuture<'a, Result<Option<Table>>>;

    /// Runs operations at once, in the transaction that is open.
    fn apply<'a>(
        &'a self,
        connection: &'a mut Connection,
        operations: Vec<Recorded>,
    ) -> LocalBoxFuture<'a, Result<()>>;
}

/// The database, as a step of [`Operations::run`] sees it: inside the revision's own transaction.
///
/// Times are in UTC, as the driver reads and writes them: on MySQL and MariaDB the session's time zone is UTC while the code of a
/// step runs, and the server's before and after.
pub struct Db {
    connection: Connection,
    backend: Box<dyn Backend>,
    recorder: Operations,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.connection).finish()
    }
}

impl Db {
    /// A connection, and the one who can inspect and apply on it.
    pub fn new(connection: Connection, backend: Box<dyn Backend>) -> Self {
        Self {
            recorder: Operations::new(connection.kind()),
            connection,
            backend,
        }
    }

    /// The connection below. Statements are sent as they are, placeholders included.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Gives the connection back.
    pub fn into_connection(self) -> Connection {
        self.connection
    }

    /// Which database it is.
    pub fn database(&self) -> Kind {
        self.connection.kind()
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// [`Error::Database`] with what the database said.
    pub async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>> {
        self.fetch_with(sql, ()).await
    }

    /// The rows of a query with arguments: `?` stands for each, on every database.
    ///
    /// A `?` inside a string, a quoted name or a comment is no placeholder; PostgreSQL's operator `?` is written `??`.
    ///
    /// # Errors
    /// [`Error::Database`] with what the database said.
    pub async fn fetch_with<'q>(&mut self, sql: &str, params: impl Params<'q>) -> Result<Vec<Row>> {
        let sql = self.placeholders(sql)?;
        let mut arguments = self.connection.arguments();
        params.add_to(&mut arguments)?;
        Ok(self.connection.fetch_with(&sql, arguments).await?)
    }

    /// Runs SQL text, one statement or several; answers how many rows it touched.
    ///
    /// # Errors
    /// [`Error::Database`] with what the database said.
    pub async fn execute(&mut self, sql: &str) -> Result<u64> {
        Ok(self.connection.execute(sql).await?)
    }

    /// Runs one statement with arguments, as [`Self::fetch_with`] takes them; answers how many rows it touched.
    ///
    /// # Errors
    /// [`Error::Database`] with what the database said.
    pub async fn execute_with<'q>(&mut self, sql: &str, params: impl Params<'q>) -> Result<u64> {
        let sql = self.placeholders(sql)?;
        let mut arguments = self.connection.arguments();
        params.add_to(&mut arguments)?;
        Ok(self.connection.execute_with(&sql, arguments).await?)
    }

    /// The table as it is now.
    ///
    /// # Errors
    /// [`Error::Schema`] if there is no such table; [`Error::Database`] with what the database said.
    pub async fn inspect(&mut self, table: impl Into<QualifiedName>) -> Result<Table> {
        let table = table.into();
        let found = self.backend.inspect(&mut self.connection, &table).await?;
        found.ok_or_else(|| Error::Schema {
            operation: format!("inspect {table}"),
            reason: "there is no such table".into(),
        })
    }

    /// Whether there is such a table now.
    ///
    /// # Errors
    /// [`Error::Database`] with what the database said.
    pub async fn has_table(&mut self, table: impl Into<QualifiedName>) -> Result<bool> {
        let table = table.into();
        let found = self.backend.inspect(&mut self.connection, &table).await?;
        Ok(found.is_some())
    }

    /// Records operations and runs them at once: how a migration depends on what it finds.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # async fn step(db: &mut Db) -> Result<()> {
    /// if !db.inspect("patients").await?.has_column("email") {
    ///     db.apply(|op| op.add_column("patients", Column::new("email", Type::String))).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the operations.
    pub async fn apply<'op, R>(
        &'op mut self,
        record: impl FnOnce(&'op mut Operations) -> R,
    ) -> Result<()> {
        let recorded = self.recorder.recorded.clone();
        // An operation that the closure answers is recorded when it is dropped.
        let in_transaction = self.recorder.in_transaction.clone();
        drop(record(&mut self.recorder));
        if !in_transaction.replace(true) {
            let statement = "op.transaction(false)".to_string();
            return Err(TransactionError::InStep { statement }.into());
        }
        self.backend
            .apply(&mut self.connection, recorded.take())
            .await
    }

    /// The driver's own connection, inside the same transaction, for the application's own code:
    /// `migrate_legacy_data(db.sqlx()?).await`. Its type says which database is meant.
    ///
    /// # Errors
    /// [`Error::Database`] if the connection is another database's.
    pub fn sqlx<C: Driver>(&mut self) -> Result<&mut C> {
        Ok(self.connection.driver()?)
    }

    /// `?` as this database counts its placeholders.
    fn placeholders(&self, sql: &str) -> Result<String> {
        if self.database() != Kind::Postgres || !sql.contains('?') {
            return Ok(sql.to_string());
        }
        crate::sql::numbered_placeholders(sql, Flavor::Postgres)
    }
}
