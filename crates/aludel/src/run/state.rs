//! The state of a database that is not there: what an offline script, or a revision written as SQL, may take for granted at
//! each of its statements.

use super::backend::{prepare, send};
use super::spell::spelled;
use crate::db::Connection;
use crate::dialect::{Dialect, idle};
use crate::diff::diff;
use crate::error::Result;
use crate::ops::Operation;
use crate::schema::{QualifiedName, Schema};
use crate::sql::{Statement, words_after};
use std::sync::Arc;

/// A database to imagine statements on.
pub(super) struct State {
    dialect: Arc<dyn Dialect>,
    kind: StateKind,
}

enum StateKind {
    /// None: no operation depends on any.
    Unneeded,
    /// A real database in memory, without rows.
    Scratch(Connection),
    /// A schema to which every operation is applied. What SQL text does to it is not known.
    Replay(Box<Schema>),
}

impl State {
    /// Whatever it is: operations that depend on it are spelled as in an empty database.
    pub(super) fn unneeded(dialect: Arc<dyn Dialect>) -> Self {
        let kind = StateKind::Unneeded;
        Self { dialect, kind }
    }

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

    /// A database with this schema, of which nothing else is known.
    pub(super) async fn of(dialect: Arc<dyn Dialect>, schema: Schema) -> Result<Self> {
        let mut state = Self::empty(dialect).await?;
        match &mut state.kind {
            StateKind::Replay(known) => **known = schema,
            _ => {
                for operation in diff(&Schema::default(), &schema) {
                    state.spell(&operation).await?;
                }
            }
        }
        Ok(state)
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
        let dialect = &*self.dialect;
        match &mut self.kind {
            StateKind::Unneeded => spelled(dialect, operation, &Schema::default()),
            StateKind::Scratch(connection) => {
                let statements = prepare(dialect, connection, operation).await?;
                let mut tried = statements.clone();
                tried.retain(|it| !is_text(operation) || defines(dialect, it));
                send(connection, &tried).await?;
                Ok(statements)
            }
            StateKind::Replay(schema) => {
                if idle(dialect, operation, schema).is_some() {
                    return Ok(Vec::new());
                }
                let statements = spelled(dialect, operation, schema)?;
                if is_text(operation) {
                    for statement in &statements {
                        forget(dialect, schema, &statement.sql);
                    }
                } else if operation.apply(schema).is_ok() {
                    // Where SQL text has made what an operation works on, the schema cannot follow; a dialect that must know
                    // it says so itself.
                    dialect.normalize(schema);
                }
                Ok(statements)
            }
        }
    }
}

/// Whether an operation's statements are somebody's own text, or rows.
fn is_text(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Execute(_) | Operation::BulkInsert(_) | Operation::Run(_)
    )
}

/// Whether a text changes definitions: nothing else of it has to be tried out. Rows are not there, and `ATTACH` would make a
/// file.
fn defines(dialect: &dyn Dialect, statement: &Statement) -> bool {
    let first = ["create", "alter", "drop"];
    !words_after(&statement.sql, dialect.flavor(), &first).is_empty()
}

/// What a text has done to a table is not known, so that nothing is known of the table any more.
fn forget(dialect: &dyn Dialect, schema: &mut Schema, sql: &str) {
    let first = ["create", "alter", "drop", "rename"];
    let words = words_after(sql, dialect.flavor(), &first);
    if !words.iter().take(4).any(|word| word == "table") {
        return;
    }
    let is_named = |name: &QualifiedName| {
        let name = name.name.to_lowercase();
        let bare = |word: &String| word.trim_matches(['"', '`', '[', ']']) == name;
        words.iter().any(bare)
    };
    schema.tables.retain(|name, _| !is_named(name));
}
