//! A database in memory that stands for one that is not there, or must not be touched.

use crate::db::{Access, Connection, DbUrl};
use crate::error::Result;

/// An empty database in memory, or one with the definitions of the connected one. Shadow tables are made by the virtual
/// tables that they belong to.
pub(super) async fn scratch(connection: Option<&mut Connection>) -> Result<Connection> {
    let url = DbUrl::parse("sqlite::memory:")?;
    let mut scratch = Connection::open(&url, Access::Write).await?;
    let Some(connection) = connection else {
        return Ok(scratch);
    };
    let definitions = connection
        .fetch(
            "SELECT sql FROM sqlite_schema AS it
             WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
               AND NOT EXISTS (
                   SELECT 1 FROM pragma_table_list AS shadow
                   WHERE shadow.schema = 'main' AND shadow.type = 'shadow' AND shadow.name = it.tbl_name
               )
             ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid",
        )
        .await?;
    for row in definitions {
        let sql: String = row.get("sql")?;
        scratch.execute(&sql).await?;
    }
    Ok(scratch)
}
