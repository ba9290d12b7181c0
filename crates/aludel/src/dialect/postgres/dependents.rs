//! What stands in the way of a column's new type and cannot be set aside: views, rules, triggers and policies that read the
//! column (<https://www.postgresql.org/docs/current/sql-altertable.html>, "Notes"). They are found before anything is changed.

use super::Postgres;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::ops::Operation;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::Spell as _;

/// Refuses to change the type of a column that something reads.
pub(super) async fn refuse(
    dialect: &Postgres,
    connection: &mut Connection,
    operation: &Operation,
    before: &Schema,
) -> Result<()> {
    let columns = retyped(operation, before);
    if columns.is_empty() {
        return Ok(());
    }
    let sql = dependents(dialect, &columns)?;
    let rows = connection.fetch(&sql).await?;
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let at: i64 = row.get("at")?;
    let dependent: String = row.get("dependent")?;
    let at = usize::try_from(at).unwrap_or_default();
    let Some((table, column)) = columns.get(at) else {
        return Ok(());
    };
    Err(Error::Rebuild {
        table: (*table).clone(),
        reason: format!(
            "{dependent} depends on the column `{column}`, whose type changes: drop it before, and create it again behind"
        ),
    })
}

/// The columns whose type an operation changes.
fn retyped<'o>(
    operation: &'o Operation,
    before: &'o Schema,
) -> Vec<(&'o QualifiedName, &'o Ident)> {
    match operation {
        Operation::AlterColumn(it) if it.ty.is_some() || it.collation.is_some() => {
            vec![(&it.table, &it.column)]
        }
        Operation::AlterEnum(it) if !it.adds_in_place() => {
            let columns = before.tables.values().flat_map(|table| {
                let columns = table.columns.iter();
                columns.map(|column| (&table.name, column))
            });
            let of_type = columns.filter(|(_, column)| {
                let ty = column.ty.written.as_enum();
                ty.is_some_and(|ty| ty.name == it.from.name)
            });
            of_type
                .map(|(table, column)| (table, &column.name))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The first dependent of each column, in words. A view is what its rule `_RETURN` belongs to.
fn dependents(dialect: &Postgres, columns: &[(&QualifiedName, &Ident)]) -> Result<String> {
    let mut values = Vec::new();
    for (at, (table, column)) in columns.iter().enumerate() {
        let schema = match &table.schema {
            Some(schema) => dialect.string(schema)?,
            None => "pg_catalog.current_schema()::pg_catalog.text".into(),
        };
        let (table, column) = (dialect.string(&table.name)?, dialect.string(column)?);
        values.push(format!(
            "({at}::pg_catalog.int8, {schema}, {table}, {column})"
        ));
    }
    Ok(format!(
        "SELECT w.at, CASE WHEN r.rulename = '_RETURN' \
         THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, r.ev_class, 0) \
         ELSE pg_catalog.pg_describe_object(d.classid, d.objid, 0) END AS dependent \
         FROM (VALUES {}) w(at, nspname, relname, attname) \
         JOIN pg_catalog.pg_namespace n ON n.nspname = w.nspname \
         JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.relname \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = w.attname \
         JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND d.refobjid = c.oid AND d.refobjsubid = a.attnum \
         AND d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass, \
         'pg_catalog.pg_trigger'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass) \
         LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass \
         AND r.oid = d.objid ORDER BY w.at, dependent LIMIT 1",
        values.join(", ")
    ))
}
