//! What a step's handle on the database asks of the runner, which alone knows a dialect.

use super::check::shortened;
use super::spell::{look, spelled};
use crate::db::{Connection, LocalBoxFuture};
use crate::dialect::{Dialect, Scope, idle};
use crate::error::{Error, Result, TransactionError};
use crate::ops::{Backend, Operation, Recorded};
use crate::schema::{QualifiedName, Table};
use crate::sql::Statement;
use std::sync::Arc;

/// What a [`crate::ops::Db`] asks of its runner.
pub(super) struct LiveBackend {
    dialect: Arc<dyn Dialect>,
}

impl LiveBackend {
    pub(super) fn new(dialect: Arc<dyn Dialect>) -> Self {
        Self { dialect }
    }

    /// A statement that cannot run in a transaction can be taken out of it by a revision, not by a step in its middle.
    fn refuse_outside(&self, statements: &[Statement]) -> Result<()> {
        let outside = statements.iter().find(|it| !it.in_transaction);
        match outside.filter(|_| self.dialect.features().transactional_ddl) {
            Some(outside) => {
                let statement = shortened(&outside.sql);
                Err(TransactionError::InStep { statement }.into())
            }
            None => Ok(()),
        }
    }
}

impl Backend for LiveBackend {
    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        table: &'a QualifiedName,
    ) -> LocalBoxFuture<'a, Result<Option<Table>>> {
        Box::pin(async move {
            let scope = Scope::Tables(vec![table.clone()]);
            let mut schema = self.dialect.inspect(connection, &scope).await?;
            Ok(schema.tables.remove(table))
        })
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut Connection,
        operations: Vec<Recorded>,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for recorded in operations {
                let operation = recorded.operation;
                if matches!(operation, Operation::Run(_)) {
                    return Err("a step cannot record a step of its own: call the code".into());
                }
                let statements = prepare(&*self.dialect, connection, &operation).await?;
                self.refuse_outside(&statements)?;
                send(connection, &statements).await?;
            }
            Ok(())
        })
    }
}

/// The statements of an operation, in the state that the database is in; or why they would do harm there.
pub(super) async fn prepare(
    dialect: &dyn Dialect,
    connection: &mut Connection,
    operation: &Operation,
) -> Result<Vec<Statement>> {
    let before = look(dialect, connection, operation).await?;
    if let Some(reason) = idle(dialect, operation, &before) {
        tracing::info!(target: "aludel::run", "{reason}");
        return Ok(Vec::new());
    }
    dialect.guard(connection, operation, &before).await?;
    spelled(dialect, operation, &before)
}

/// Runs statements, one after the other.
pub(super) async fn send(connection: &mut Connection, statements: &[Statement]) -> Result<()> {
    for statement in statements {
        if let Err(source) = connection.execute(&statement.sql).await {
            let sql = statement.sql.clone();
            return Err(Error::Statement { sql, source });
        }
    }
    Ok(())
}
