//! The database's own spelling of what a model says: its tables are made as temporary ones, read back, and dropped.
//!
//! A temporary table is seen by nobody else, is gone with the session, commits no transaction, and needs no privilege but that of
//! temporary tables (<https://dev.mysql.com/doc/refman/8.4/en/create-temporary-table.html>). The catalog does not list it; `SHOW
//! CREATE TABLE` tells of it in the words that the catalog has for a real one.

use super::probe::{self, Echo};
use super::{Mysql, normalize, text, types};
use crate::db::{Connection, DbError};
use crate::error::Result;
use crate::schema::{Constraint, IndexKey, QualifiedName, Schema, Spelled, Table, Type};
use std::collections::BTreeMap;

/// Probes in one message: few enough for the smallest packet that a server takes.
const AT_ONCE: usize = 200;

/// Gives the leaves of a model the spelling of the database. False if it refused some, which are then compared as text.
pub(super) async fn canonicalize(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &mut Schema,
) -> Result<bool> {
    normalize::forget(schema);
    let wanted: Vec<QualifiedName> = schema
        .tables
        .values()
        .filter(|it| probe::is_wanted(it))
        .map(|it| it.name.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(true);
    }
    let session = &dialect.session;
    if session.database.is_none() || !session.backslash_escapes || !session.quotes_are_strings {
        return Ok(false);
    }
    let usual = usual_collation(connection).await?;
    let mut all = true;
    for names in wanted.chunks(AT_ONCE) {
        let mut echoes = ask(dialect, connection, schema, names).await?;
        if echoes.is_none() {
            // One of them was refused; the others need not suffer for it.
            let mut found = BTreeMap::new();
            for name in names {
                let one = ask(dialect, connection, schema, std::slice::from_ref(name)).await?;
                all &= one.is_some();
                found.extend(one.unwrap_or_default());
            }
            echoes = Some(found);
        }
        for (name, echo) in echoes.unwrap_or_default() {
            if let Some(table) = schema.tables.get_mut(&name) {
                take_over(table, &echo, &usual);
            }
        }
    }
    Ok(all)
}

async fn usual_collation(connection: &mut Connection) -> Result<String> {
    let rows = connection.fetch("SELECT @@collation_database").await?;
    Ok(match rows.first() {
        Some(row) => row.at(0)?,
        None => String::new(),
    })
}

/// Makes probes, reads them, and drops them. None if the database refused one of them.
async fn ask(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &Schema,
    names: &[QualifiedName],
) -> Result<Option<BTreeMap<QualifiedName, Echo>>> {
    let mut sql = String::new();
    let mut probes = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let Some(table) = schema.tables.get(name) else {
            continue;
        };
        let probe = format!("aludel_probe_{number}");
        let Ok(create) = probe::create(dialect, &probe, table) else {
            return Ok(None);
        };
        sql += &format!("{create}; SHOW CREATE TABLE {probe}; DROP TEMPORARY TABLE {probe}; ");
        probes.push((probe, name.clone()));
    }
    let rows = match connection.fetch(&sql).await {
        Ok(rows) => rows,
        Err(DbError::Statement { .. }) => {
            let probes: Vec<&str> = probes.iter().map(|it| it.0.as_str()).collect();
            let drop = format!("DROP TEMPORARY TABLE IF EXISTS {}", probes.join(", "));
            connection.execute(&drop).await?;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let mut found = BTreeMap::new();
    for row in rows {
        let (probe, definition): (String, Vec<u8>) = (row.at(0)?, row.at(1)?);
        // A default of bytes stands there as bytes.
        let definition = String::from_utf8_lossy(&definition);
        let name = probes
            .iter()
            .find(|it| it.0 == probe)
            .map(|it| it.1.clone());
        match (name, probe::read(&definition)) {
            (Some(name), Some(echo)) => found.insert(name, echo),
            _ => return Ok(None),
        };
    }
    Ok((found.len() == probes.len()).then_some(found))
}

/// Writes what the database said into the model.
fn take_over(table: &mut Table, echo: &Echo, usual: &str) {
    let name = table.name.clone();
    let expression = |sql: &str| normalize::expression(sql, &name);
    let options = &mut table.options;
    if options.charset.is_some() || options.collation.is_some() {
        options.charset = None;
        options.collation = echo.collation.clone().filter(|it| it != usual);
    }
    for column in &mut table.columns {
        let Some(echo) = echo.columns.get(column.name.as_str()) else {
            continue;
        };
        let by_name = matches!(column.ty.written, Type::Custom(_)) && !is_json(&column.ty);
        if by_name && let Some(said) = &echo.ty {
            column.ty.canonical = Some(types::canonical_text(said));
        }
        let ty = column.ty.clone();
        match (&mut column.default, &echo.default) {
            (Some(mine), Some(echo)) if !is_inexact(&ty, echo) => {
                mine.canonical = Some(normalize::default(&ty, &echo.as_str().into()));
            }
            (mine, None) => *mine = None,
            _ => {}
        }
        if let (Some(mine), Some(echo)) = (&mut column.generated, &echo.generated) {
            mine.expr.canonical = Some(expression(echo));
        }
        let is_text = types::is_text(ty.canonical.as_deref().unwrap_or_default());
        if is_text && (by_name || column.collation.is_some() || column.charset.is_some()) {
            column.charset = None;
            column.collation = echo.collation.clone();
        }
    }
    for (number, it) in table.constraints.iter_mut().enumerate() {
        if let (Constraint::Check(check), Some(expr)) =
            (it, echo.expressions.get(&format!("aludel_c{number}")))
        {
            check.expr.canonical = Some(expression(expr));
        }
    }
    for (at, index) in table.indexes.iter_mut().enumerate() {
        for (number, part) in index.parts.iter_mut().enumerate() {
            let said = echo.expressions.get(&format!("k{at}_{number}"));
            if let (IndexKey::Expr(expr), Some(said)) = (&mut part.key, said) {
                expr.canonical = Some(expression(said));
            }
        }
    }
}

/// MariaDB tells of it as a text with a check.
fn is_json(ty: &Spelled<Type>) -> bool {
    ty.canonical.as_deref() == Some("json")
}

/// Whether a default is told with question marks for what it is, or with bytes: the text of the model says it better.
fn is_inexact(ty: &Spelled<Type>, echo: &str) -> bool {
    let binary = types::is_binary(ty.canonical.as_deref().unwrap_or_default());
    binary || (text::is_literal(echo) && echo.contains('?'))
}
