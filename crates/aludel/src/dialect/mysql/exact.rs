//! What the catalog tells inexactly, asked for again. Its columns hold no bytes that are not text, and on MariaDB no character
//! beyond U+FFFF: question marks stand in their place (<https://mariadb.com/kb/en/information-schema/>). A definition that is said
//! again with these would lose what they stand for.

use super::catalog::{Place, Rows};
use super::{Mysql, inspect, probe, text, types};
use crate::db::Connection;
use crate::error::Result;
use crate::sql::Spell;
use std::collections::BTreeSet;

/// Completes the rows, by no query where there is no question mark, and by two at most.
pub(super) async fn complete(
    dialect: &Mysql,
    connection: &mut Connection,
    rows: &mut Rows,
) -> Result<()> {
    literals(dialect, connection, rows).await?;
    expressions(dialect, connection, rows).await
}

/// The values of literal defaults, as the database would fill them in.
async fn literals(dialect: &Mysql, connection: &mut Connection, rows: &mut Rows) -> Result<()> {
    let mut queries = Vec::new();
    for (at, row) in rows.columns.iter().enumerate() {
        let told = row.default.as_deref().filter(|it| it.contains('?'));
        if told.is_some_and(|it| !dialect.can.quoted_defaults || text::is_literal(it)) {
            let column = dialect.quote(&row.name)?;
            let table = dialect.qualified(&inspect::qualified(row.place.clone()))?;
            let value = match types::is_binary(&row.ty.to_ascii_lowercase()) {
                true => format!("DEFAULT(t.{column})"),
                false => format!("CONVERT(DEFAULT(t.{column}) USING utf8mb4)"),
            };
            queries.push(format!(
                "SELECT {at} AS at, HEX({value}) AS hex FROM (SELECT 1) one LEFT JOIN {table} t ON FALSE"
            ));
        }
    }
    if queries.is_empty() {
        return Ok(());
    }
    for row in connection.fetch(&queries.join(" UNION ALL ")).await? {
        let (at, hex): (i64, Option<String>) = (row.get("at")?, row.get("hex")?);
        let column = usize::try_from(at)
            .ok()
            .and_then(|at| rows.columns.get_mut(at));
        if let (Some(column), Some(hex)) = (column, hex) {
            column.default = literal(dialect, &column.ty, &hex);
        }
    }
    Ok(())
}

/// A default as the catalog would have told it.
fn literal(dialect: &Mysql, ty: &str, hex: &str) -> Option<String> {
    let binary = types::is_binary(&ty.to_ascii_lowercase());
    match (binary, dialect.can.quoted_defaults) {
        (true, true) => Some(format!("x'{}'", hex.to_ascii_lowercase())),
        (true, false) => Some(format!("0x{hex}")),
        (false, quoted) => {
            let digits: Vec<u8> = hex.bytes().filter_map(digit).collect();
            let bytes = digits
                .chunks(2)
                .map(|it| it.iter().fold(0, |sum, it| sum * 16 + it));
            let value = String::from_utf8(bytes.collect()).ok()?;
            Some(match quoted {
                true => text::literal(&value, dialect.session.backslash_escapes),
                false => value,
            })
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|it| u8::try_from(it).ok())
}

/// What stands in the place of a character of four bytes, in an expression.
const LOST: &str = "????";

/// Expressions, parts and parsers, as `SHOW CREATE TABLE` has them.
async fn expressions(dialect: &Mysql, connection: &mut Connection, rows: &mut Rows) -> Result<()> {
    let columns = rows.columns.iter().filter(|it| {
        it.generated.contains(LOST) || it.default.as_deref().is_some_and(|it| it.contains(LOST))
    });
    let checks = rows.checks.iter().filter(|it| it.clause.contains(LOST));
    let parted = rows.tables.iter().filter(|it| is_parted(&it.options));
    let searched = rows.keys.iter().filter(|it| it.kind == "FULLTEXT");
    let places: BTreeSet<Place> = columns
        .map(|it| it.place.clone())
        .chain(checks.map(|it| it.place.clone()))
        .chain(parted.map(|it| it.place.clone()))
        .chain(searched.map(|it| it.place.clone()))
        .collect();
    if places.is_empty() {
        return Ok(());
    }
    let mut sql = String::new();
    for place in &places {
        let table = dialect.qualified(&inspect::qualified(place.clone()))?;
        sql += &format!("SHOW CREATE TABLE {table}; ");
    }
    let answers = connection.fetch(&sql).await?;
    for (place, row) in places.iter().zip(answers) {
        let definition: Vec<u8> = row.at(1)?;
        if let Some(echo) = probe::read(&String::from_utf8_lossy(&definition)) {
            take_over(rows, place, &echo);
        }
    }
    Ok(())
}

/// The word without a value among the options.
fn is_parted(options: &str) -> bool {
    options.split_whitespace().any(|it| it == "partitioned")
}

fn take_over(rows: &mut Rows, place: &Place, echo: &probe::Echo) {
    if let Some(parts) = &echo.parts {
        rows.parts.insert(place.clone(), parts.clone());
    }
    for (index, parser) in &echo.parsers {
        let index = (place.clone(), index.clone());
        rows.parsers.insert(index, parser.clone());
    }
    for row in rows.columns.iter_mut().filter(|it| it.place == *place) {
        let Some(echo) = echo.columns.get(&row.name) else {
            continue;
        };
        if let Some(generated) = echo
            .generated
            .as_ref()
            .filter(|_| row.generated.contains(LOST))
        {
            row.generated = generated.clone();
        }
        let lost = row.default.as_deref().is_some_and(|it| it.contains(LOST));
        if let Some(default) = echo.default.as_ref().filter(|_| lost) {
            row.default = Some(default.clone());
        }
    }
    for row in rows.checks.iter_mut().filter(|it| it.place == *place) {
        let own = echo.columns.get(&row.name).filter(|_| row.of_column);
        let clause = match own {
            Some(column) => column.check.as_ref(),
            None => echo.expressions.get(&row.name),
        };
        if let Some(clause) = clause.filter(|_| row.clause.contains(LOST)) {
            row.clause = clause.clone();
        }
    }
}
