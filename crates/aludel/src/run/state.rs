//! The state of a database that is not there: what an offline script, or a revision written as SQL, may take for granted at
//! each of its statements.

use super::live::run_statements;
use crate::db::Connection;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::ops::Operation;
use crate::schema::Schema;
use crate::sql::Statement;
use std::sync::Arc;

/// A database to imagine statements on.
pub(super) struct State {
    dialect: Arc<dyn Dialect>,
    kind: StateKind,
}

enum StateKind {
    /// A real database in memory, without rows.
    Scratch(Connection),
    /// A schema to which every operation is applied. What SQL text does to it is not known.
    Replay(Box<Schema>),
}

impl State {
    /// An empty database.
    pub(super) async fn empty(dialect: Arc<dyn Dialect>) -> Result<Self> {
        let scratch = dialect.scratch(None).await?;
        Self::new(dialect, scratch, Schema::default()).await
    }

    /// A database like the connected one, whose schema is known already.
    pub(super) async fn like(
        dialect: Arc<dyn Dialect>,
        connection: &mut Connection,
        schema: Schema,
    ) -> Result<Self> {
        let scratch = dialect.scratch(Some(connection)).await?;
        Self::new(dialect, scratch, schema).await
    }

    async fn new(
        dialect: Arc<dyn Dialect>,
        scratch: Option<Connection>,
        schema: Schema,
    ) -> Result<Self> {
        let kind = match scratch {
            Some(mut connection) => {
                if let Some((first, _)) = dialect.features().around_rebuild {
                    connection.execute(first).await?;
                }
                StateKind::Scratch(connection)
            }
            None => StateKind::Replay(Box::new(schema)),
        };
        Ok(Self { dialect, kind })
    }

    /// The statements of an operation in this state, which is then as they leave it.
    pub(super) async fn spell(&mut self, operation: &Operation) -> Result<Vec<Statement>> {
        match &mut self.kind {
            StateKind::Scratch(connection) => {
                run_statements(&self.dialect, connection, operation).await
            }
            StateKind::Replay(schema) => {
                let statements = self.dialect.statements(operation, schema)?;
                // Where SQL text has made what an operation works on, the schema cannot follow; a dialect that must know
                // it says so itself.
                if operation.apply(schema).is_ok() {
                    self.dialect.normalize(schema);
                }
                Ok(statements)
            }
        }
    }
}
