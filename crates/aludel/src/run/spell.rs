//! What an operation's statements mean for the transaction around them.

use crate::db::Connection;
use crate::dialect::{Dialect, Needs, Scope, needs};
use crate::error::Result;
use crate::ops::Operation;
use crate::schema::Schema;
use crate::sql::{Bearing, Statement};

/// The statements of an operation, those that cannot run in a transaction marked, whether the operation says so or the
/// statement itself does.
pub(super) fn spelled(
    dialect: &dyn Dialect,
    operation: &Operation,
    before: &Schema,
) -> Result<Vec<Statement>> {
    let mut statements = dialect.statements(operation, before)?;
    for statement in &mut statements {
        if dialect.bearing(&statement.sql) == Bearing::Outside {
            statement.in_transaction = false;
        }
    }
    Ok(statements)
}

/// As much of the database as the dialect needs to spell an operation, as it is now.
pub(super) async fn look(
    dialect: &dyn Dialect,
    connection: &mut Connection,
    operation: &Operation,
) -> Result<Schema> {
    let scope = match needs(dialect, operation) {
        Needs::Nothing => return Ok(Schema::default()),
        Needs::Tables(tables) => Scope::Tables(tables),
        Needs::Everything => Scope::Everything,
    };
    dialect.inspect(connection, &scope).await
}
