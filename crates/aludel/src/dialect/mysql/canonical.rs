//! The database's own spelling of what a model says: its tables are made as temporary ones, read back, and dropped.
//!
//! A temporary table is seen by nobody else, is gone with the session, commits no transaction, and needs no privilege but that of
//! temporary tables (<https://dev.mysql.com/doc/refman/8.4/en/create-temporary-table.html>). The catalog does not list it; `SHOW
//! CREATE TABLE` tells of it in the words that the catalog has for a real one.

use super::probe::{self, Echo};
use super::usual::{Server, forget_numbers, name_engines};
use super::{Mysql, normalize, parts, text, types};
use crate::db::{Connection, DbError};
use crate::error::Result;
use crate::schema::{Constraint, IndexKey, QualifiedName, Schema, Spelled, Table, Type};

/// A table of the model as it is asked about.
struct Probe {
    table: QualifiedName,
    create: String,
}

/// Gives the leaves of a model the spelling of the database. False if it refused some, which are then compared as text.
pub(super) async fn canonicalize(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &mut Schema,
) -> Result<bool> {
    normalize::forget(schema);
    forget_numbers(dialect, connection, schema).await?;
    name_engines(connection, schema).await?;
    let mut all = parts::evaluate(dialect, connection, schema).await?;
    let wanted: Vec<&Table> = schema
        .tables
        .values()
        .filter(|it| probe::is_wanted(it))
        .collect();
    if wanted.is_empty() {
        return Ok(all);
    }
    let session = &dialect.session;
    if session.database.is_none() || !session.backslash_escapes || !session.quotes_are_strings {
        return Ok(false);
    }
    let server = Server::of(connection).await?;
    let mut probes = Vec::new();
    for (number, table) in wanted.iter().enumerate() {
        if let Ok(create) = probe::create(dialect, &name(number), table, server.usual(table)) {
            let table = table.name.clone();
            probes.push((number, Probe { table, create }));
        }
    }
    all &= probes.len() == wanted.len();
    let mut open = batches(&probes, server.packet / 2);
    open.reverse();
    while let Some(batch) = open.pop() {
        match ask(connection, batch).await? {
            Some(echoes) => {
                for (table, echo) in echoes {
                    if let Some(table) = schema.tables.get_mut(table) {
                        take_over(table, &echo, &server);
                    }
                }
            }
            // One of them was refused; the others need not suffer for it.
            None if batch.len() > 1 => {
                let (first, second) = batch.split_at(batch.len() / 2);
                open.extend([second, first]);
            }
            None => all = false,
        }
    }
    Ok(all)
}

fn name(number: usize) -> String {
    format!("aludel_probe_{number}")
}

/// As many probes in one message as the server takes, which is all of them but for the largest schemas.
fn batches(probes: &[(usize, Probe)], bytes: usize) -> Vec<&[(usize, Probe)]> {
    let mut batches = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, (number, probe)) in probes.iter().enumerate() {
        let needs = asking(*number, probe).len();
        if at > start && size + needs > bytes {
            batches.push(&probes[start..at]);
            (start, size) = (at, 0);
        }
        size += needs;
    }
    batches.push(&probes[start..]);
    batches
}

fn asking(number: usize, probe: &Probe) -> String {
    let (create, name) = (&probe.create, name(number));
    format!("{create}; SHOW CREATE TABLE {name}; DROP TEMPORARY TABLE {name}; ")
}

/// Makes probes, reads them, and drops them. None if the database refused one of them.
async fn ask<'p>(
    connection: &mut Connection,
    probes: &'p [(usize, Probe)],
) -> Result<Option<Vec<(&'p QualifiedName, Echo)>>> {
    let sql: String = probes
        .iter()
        .map(|(number, it)| asking(*number, it))
        .collect();
    let rows = match connection.fetch(&sql).await {
        Ok(rows) => rows,
        Err(DbError::Statement { .. }) => {
            let names: Vec<String> = probes.iter().map(|(number, _)| name(*number)).collect();
            let drop = format!("DROP TEMPORARY TABLE IF EXISTS {}", names.join(", "));
            connection.execute(&drop).await?;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    if rows.len() != probes.len() {
        return Ok(None);
    }
    // The answers come in the order of the questions.
    let mut found = Vec::new();
    for (row, (_, probe)) in rows.iter().zip(probes) {
        // A default of bytes stands there as bytes.
        let definition: Vec<u8> = row.at(1)?;
        match probe::read(&String::from_utf8_lossy(&definition)) {
            Some(echo) => found.push((&probe.table, echo)),
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// Writes what the database said into the model.
fn take_over(table: &mut Table, echo: &Echo, server: &Server) {
    let usual = server.usual(table).to_string();
    let of_table = server.told(echo.collation.as_ref(), echo.charset.as_ref());
    let name = table.name.clone();
    let expression = |sql: &str| normalize::expression(sql, &name);
    let options = &mut table.options;
    if options.charset.is_some() || options.collation.is_some() {
        options.charset = None;
        options.collation = of_table.clone().filter(|it| *it != usual);
    }
    let says_own = options.collation.is_some();
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
        let says = by_name || column.collation.is_some() || column.charset.is_some();
        if is_text && (says || says_own) {
            column.charset = None;
            let told = server.told(echo.collation.as_ref(), echo.charset.as_ref());
            column.collation = told.or_else(|| of_table.clone().filter(|_| says_own));
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
