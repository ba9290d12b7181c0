//! Creating an index while others write to its table.

use super::Postgres;
use crate::error::Result;
use crate::ops::{CreateIndex, DropIndex, Op};
use crate::schema::Schema;
use crate::sql::Statement;

/// The statements that create an index. One that was built concurrently and failed is still there, refuses nothing, serves no
/// query and keeps its name (<https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>):
/// `IF NOT EXISTS` would take it for the index.
pub(super) fn statements(
    dialect: &Postgres,
    op: &CreateIndex,
    before: &Schema,
) -> Result<Vec<Statement>> {
    let table = before.tables.get(&op.table);
    let is_leftover = table.is_some_and(|it| it.source.invalid_indexes.contains(&op.index.name));
    let mut statements = Vec::new();
    if is_leftover && op.concurrently {
        let drop = DropIndex {
            concurrently: true,
            ..DropIndex::new(op.table.clone(), op.index.name.clone())
        };
        statements.extend(drop.sql(dialect)?);
    }
    statements.extend(op.sql(dialect)?);
    Ok(statements)
}
