//! The database's own spelling of what a model says: its tables are made as temporary ones, read back, and dropped.
//!
//! A temporary table is seen by nobody else, is gone with the session, commits no transaction, and needs no privilege but that of
//! temporary tables (<https://dev.mysql.com/doc/refman/8.4/en/create-temporary-table.html>). The catalog does not list it; `SHOW
//! CREATE TABLE` tells of it in the words that the catalog has for a real one.

use super::probe::{self, Echo};
use super::{Mysql, catalog, inspect, normalize, parts, text, types};
use crate::db::{Connection, DbError};
use crate::error::Result;
use crate::schema::{Column, Constraint, IndexKey, QualifiedName, Schema, Spelled, Table, Type};
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
    forget_numbers(dialect, connection, schema).await?;
    name_engines(connection, schema).await?;
    let mut all = parts::evaluate(dialect, connection, schema).await?;
    let wanted: Vec<QualifiedName> = schema
        .tables
        .values()
        .filter(|it| probe::is_wanted(it))
        .map(|it| it.name.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(all);
    }
    let session = &dialect.session;
    if session.database.is_none() || !session.backslash_escapes || !session.quotes_are_strings {
        return Ok(false);
    }
    let collations = Collations::of(connection).await?;
    for names in wanted.chunks(AT_ONCE) {
        let mut echoes = ask(dialect, connection, schema, names, &collations).await?;
        if echoes.is_none() {
            // One of them was refused; the others need not suffer for it.
            let mut found = BTreeMap::new();
            for name in names {
                let name = std::slice::from_ref(name);
                let one = ask(dialect, connection, schema, name, &collations).await?;
                all &= one.is_some();
                found.extend(one.unwrap_or_default());
            }
            echoes = Some(found);
        }
        for (name, echo) in echoes.unwrap_or_default() {
            if let Some(table) = schema.tables.get_mut(&name) {
                take_over(table, &echo, &collations);
            }
        }
    }
    Ok(all)
}

/// Which collations stand behind what is not said.
struct Collations {
    /// Of databases, by name; that of the connection has none.
    homes: BTreeMap<Option<String>, String>,
    /// Of character sets.
    charsets: BTreeMap<String, String>,
}

impl Collations {
    async fn of(connection: &mut Connection) -> Result<Self> {
        let homes = "SELECT NULLIF(SCHEMA_NAME, DATABASE()), DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA";
        let charsets = "SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS";
        let mut found = Self {
            homes: BTreeMap::new(),
            charsets: BTreeMap::new(),
        };
        for row in connection.fetch(homes).await? {
            found.homes.insert(row.at(0)?, row.at(1)?);
        }
        for row in connection.fetch(charsets).await? {
            found.charsets.insert(row.at(0)?, row.at(1)?);
        }
        Ok(found)
    }

    /// That of the database in which a table is.
    fn usual(&self, table: &Table) -> &str {
        let home = table.name.schema.as_ref().map(ToString::to_string);
        self.homes.get(&home).map_or("", String::as_str)
    }

    /// The collation that is told, or that of the character set that is told.
    fn told(&self, collation: Option<&String>, charset: Option<&String>) -> Option<String> {
        let of_charset = || self.charsets.get(charset?);
        collation.or_else(of_charset).cloned()
    }
}

/// Engines are known by any case of their letters, and told in one.
async fn name_engines(connection: &mut Connection, schema: &mut Schema) -> Result<()> {
    let said = |it: &Table| it.options.engine.is_some();
    if !schema.tables.values().any(said) {
        return Ok(());
    }
    let mut names = Vec::new();
    let engines = "SELECT ENGINE FROM information_schema.ENGINES";
    for row in connection.fetch(engines).await? {
        names.push(row.at::<String>(0)?);
    }
    for engine in schema
        .tables
        .values_mut()
        .filter_map(|it| it.options.engine.as_mut())
    {
        if let Some(name) = names.iter().find(|it| it.eq_ignore_ascii_case(engine)) {
            engine.clone_from(name);
        }
    }
    Ok(())
}

/// Where numbers begin is a matter of creating a table: of one that is there, it is data.
async fn forget_numbers(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &mut Schema,
) -> Result<()> {
    let begins = |table: &Table| {
        let said = table.options.others.contains_key(AUTO_INCREMENT);
        let start = |it: &Column| it.identity.as_ref().is_some_and(|it| it.start.is_some());
        said || table.columns.iter().any(start)
    };
    let mut among = Vec::new();
    for table in schema.tables.values().filter(|it| begins(it)) {
        let (schema, name) = catalog::place(dialect, &table.name)?;
        among.push(format!("({schema}, {name})"));
    }
    if among.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT NULLIF(TABLE_SCHEMA, DATABASE()), TABLE_NAME FROM information_schema.TABLES \
         WHERE (TABLE_SCHEMA, TABLE_NAME) IN ({})",
        among.join(", ")
    );
    for row in connection.fetch(&sql).await? {
        let name = inspect::qualified((row.at(0)?, row.at(1)?));
        if let Some(table) = schema.tables.get_mut(&name) {
            table.options.others.remove(AUTO_INCREMENT);
            let identities = table
                .columns
                .iter_mut()
                .filter_map(|it| it.identity.as_mut());
            identities.for_each(|it| it.start = None);
        }
    }
    Ok(())
}

/// The option that says where numbers begin.
const AUTO_INCREMENT: &str = "AUTO_INCREMENT";

/// Makes probes, reads them, and drops them. None if the database refused one of them.
async fn ask(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &Schema,
    names: &[QualifiedName],
    collations: &Collations,
) -> Result<Option<BTreeMap<QualifiedName, Echo>>> {
    let mut sql = String::new();
    let mut probes = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let Some(table) = schema.tables.get(name) else {
            continue;
        };
        let probe = format!("aludel_probe_{number}");
        let Ok(create) = probe::create(dialect, &probe, table, collations.usual(table)) else {
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
fn take_over(table: &mut Table, echo: &Echo, collations: &Collations) {
    let usual = collations.usual(table).to_string();
    let of_table = collations.told(echo.collation.as_ref(), echo.charset.as_ref());
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
        let ty = column.ty.clone();
        match (&mut column.default, &echo.default) {
            (Some(mine), Some(echo)) if !is_inexact(&ty, echo) => {
                mine.canonical = Some(normalize::default(&ty, &echo.as_str().into()));
            }
            (mine, None) => *mine = None,
            _ => {}
        }
        if let (Some(mine), Some(echo)) = (&mut column.generated, &echo.generated) {
            mine.expr.canonical = Some(text::canonical(echo));
        }
        let is_text = types::is_text(ty.canonical.as_deref().unwrap_or_default());
        if is_text && (says_own || column.collation.is_some() || column.charset.is_some()) {
            column.charset = None;
            let told = collations.told(echo.collation.as_ref(), echo.charset.as_ref());
            column.collation = told.or_else(|| of_table.clone().filter(|_| says_own));
        }
    }
    for (number, it) in table.constraints.iter_mut().enumerate() {
        if let (Constraint::Check(check), Some(expr)) =
            (it, echo.expressions.get(&format!("aludel_c{number}")))
        {
            check.expr.canonical = Some(text::canonical(expr));
        }
    }
    for (at, index) in table.indexes.iter_mut().enumerate() {
        for (number, part) in index.parts.iter_mut().enumerate() {
            let said = echo.expressions.get(&format!("k{at}_{number}"));
            if let (IndexKey::Expr(expr), Some(said)) = (&mut part.key, said) {
                expr.canonical = Some(text::canonical(said));
            }
        }
    }
}

/// Whether a default is told with question marks for what it is, or with bytes: the text of the model says it better.
fn is_inexact(ty: &Spelled<Type>, echo: &str) -> bool {
    let binary = types::is_binary(ty.canonical.as_deref().unwrap_or_default());
    binary || (text::is_literal(echo) && echo.contains('?'))
}
