//! The session in which probes are made, read and undone.

use crate::db::{Connection, DbError};
use crate::error::{Error, Result};
use crate::schema::Schema;

/// What must be known of a session before anything is tried in it.
#[derive(Debug)]
pub(super) struct Session {
    /// Whether a transaction is open.
    in_transaction: bool,
    /// Where names without a schema are created.
    pub default_schema: Option<String>,
    /// The access method of tables that say none.
    method: Option<String>,
    /// The tablespace of what says none.
    tablespace: Option<String>,
    /// As whom it acts, and as whom it logged in.
    pub roles: (String, String),
}

impl Session {
    /// A setting that is local to a transaction is gone with the next message where none is open. No error, and no warning in
    /// the server's log, is needed to find out.
    pub(super) async fn of(connection: &mut Connection) -> Result<Self> {
        let set = "SELECT pg_catalog.set_config('aludel.in_transaction', 'yes', true)";
        connection.fetch(set).await?;
        let sql = "SELECT COALESCE(pg_catalog.current_setting('aludel.in_transaction', true), '') = 'yes' AS inside, \
                   pg_catalog.current_schema()::text AS home, current_user::text AS role, session_user::text AS login, \
                   pg_catalog.current_setting('default_table_access_method', true) AS method, \
                   (SELECT t.spcname::text FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t \
                   ON t.oid = d.dattablespace WHERE d.datname = pg_catalog.current_database()) AS tablespace";
        let rows = connection.fetch(sql).await?;
        let mut session = Self {
            in_transaction: false,
            default_schema: None,
            method: None,
            tablespace: None,
            roles: Default::default(),
        };
        for row in rows {
            session.in_transaction = row.get("inside")?;
            session.default_schema = row.get("home")?;
            session.roles = (row.get("role")?, row.get("login")?);
            session.method = row.get("method")?;
            session.tablespace = row.get("tablespace")?;
        }
        Ok(session)
    }

    /// What tables and indexes have by themselves is not said.
    pub(super) fn leave_out_usual(&self, schema: &mut Schema) {
        for table in schema.tables.values_mut() {
            let options = &mut table.options;
            if options.method == self.method {
                options.method = None;
            }
            let indexes = table.indexes.iter_mut().map(|it| &mut it.tablespace);
            for tablespace in indexes.chain([&mut options.tablespace]) {
                if tablespace.as_deref() == self.tablespace.as_deref() {
                    *tablespace = None;
                }
            }
        }
    }

    /// Makes probes, reads them, and undoes everything. None if the database refused a statement.
    pub(super) async fn attempt<T>(
        &self,
        connection: &mut Connection,
        sql: &str,
        read: impl AsyncFnOnce(&mut Connection) -> Result<T>,
    ) -> Result<Option<T>> {
        let (open, undo) = match self.in_transaction {
            true => (
                "SAVEPOINT aludel_canonical",
                "ROLLBACK TO SAVEPOINT aludel_canonical; RELEASE SAVEPOINT aludel_canonical",
            ),
            false => ("BEGIN READ WRITE", "ROLLBACK"),
        };
        match connection.execute(open).await {
            // A standby server has no transactions that write.
            Err(DbError::Statement { .. }) if !self.in_transaction => return Ok(None),
            opened => opened?,
        };
        let outcome = match connection.execute(sql).await {
            Ok(_) => read(connection).await,
            Err(error) => Err(error.into()),
        };
        let undone = connection.execute(undo).await;
        match outcome {
            Err(Error::Database(DbError::Statement { .. })) => {
                undone?;
                Ok(None)
            }
            Err(error) => Err(error),
            Ok(echo) => {
                undone?;
                Ok(Some(echo))
            }
        }
    }
}
