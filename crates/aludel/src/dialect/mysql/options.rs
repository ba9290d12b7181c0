//! Options of a table that is there: storage engine, character set, parts, and all that engines bring along.

use super::alter_table::one;
use super::{Mysql, Product};
use crate::error::Result;
use crate::ops::{Op, SetTableOptions};
use crate::sql::{Spell, Statement};

/// Changes options of a table, all of them in one statement, so that the table is copied once.
pub(super) fn set(dialect: &Mysql, op: &SetTableOptions) -> Result<Vec<Statement>> {
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("{} {what}", op.summary()), instead))
    };
    if !op.parameters.is_empty() {
        return refused("that only PostgreSQL has", "`option(name, value)`");
    }
    if op.logged.is_some() {
        return refused("that only PostgreSQL has", "an engine such as MEMORY");
    }
    if op.says_postgres() {
        return refused("that only PostgreSQL has", FOR_POSTGRES);
    }
    if op.says_sqlite() {
        return refused("that only SQLite has", FOR_SQLITE);
    }
    let mut words = Vec::new();
    if let Some(engine) = &op.engine {
        let engine = engine.as_ref().unwrap_or(&dialect.session.engine);
        words.push(format!("ENGINE={engine}"));
    }
    words.extend(text(dialect, op)?);
    if let Some(tablespace) = &op.tablespace {
        if !dialect.can.tablespaces {
            return refused(
                "to another tablespace",
                "leave it out, or say `DATA DIRECTORY`",
            );
        }
        let tablespace = tablespace.as_deref().unwrap_or("innodb_file_per_table");
        words.push(format!("TABLESPACE {}", dialect.quote(tablespace)?));
    }
    for (name, value) in &op.others {
        words.push(match value {
            Some(value) => format!("{name}={value}"),
            None => unsaid(dialect, name),
        });
    }
    let partitions = op.partition_by.as_ref().map(|it| match it {
        Some(by) => format!("PARTITION BY {by}"),
        None => "REMOVE PARTITIONING".into(),
    });
    // The parts stand last, and behind no comma.
    let sql = [words.join(", "), partitions.unwrap_or_default()].join(" ");
    match sql.trim().is_empty() {
        true => Ok(Vec::new()),
        false => one(format!(
            "ALTER TABLE {} {}",
            dialect.qualified(&op.table)?,
            sql.trim()
        )),
    }
}

const FOR_POSTGRES: &str = "record it for PostgreSQL alone, by `op.database()`";
const FOR_SQLITE: &str = "record it for SQLite alone, by `op.database()`";

/// Character set and collation. `DEFAULT` is the database's character set with the collation of the database; behind a word for a
/// collation it is the character set's own instead (<https://mariadb.com/kb/en/setting-character-sets-and-collations/>).
fn text(dialect: &Mysql, op: &SetTableOptions) -> Result<Option<String>> {
    let collation = match &op.collation {
        Some(Some(collation)) => Some(dialect.quote(collation)?),
        _ => None,
    };
    let charset = match &op.charset {
        Some(Some(charset)) => dialect.quote(charset)?,
        None if op.convert => {
            return Err(dialect.unsupported(
                format!("{} by converting its text", op.summary()),
                "say the `charset` too",
            ));
        }
        Some(None) => "DEFAULT".into(),
        // It is the database's, which brings its character set along.
        None if op.collation == Some(None) => "DEFAULT".into(),
        None => return Ok(collation.map(|it| format!("COLLATE={it}"))),
    };
    let charset = match op.convert {
        true => format!("CONVERT TO CHARACTER SET {charset}"),
        false => format!("DEFAULT CHARSET={charset}"),
    };
    Ok(Some(match collation {
        // It belongs to the character set before it.
        Some(collation) => format!("{charset} COLLATE {collation}"),
        None => charset,
    }))
}

/// An option as it is when nobody says it
/// (<https://dev.mysql.com/doc/refman/8.4/en/create-table.html>, <https://mariadb.com/kb/en/create-table/>). Numbers and texts
/// know no word for that; on MariaDB, those that engines bring along do.
fn unsaid(dialect: &Mysql, name: &str) -> String {
    let name = name.trim().to_ascii_uppercase();
    let value = match name.as_str() {
        "AVG_ROW_LENGTH" | "MAX_ROWS" | "MIN_ROWS" | "KEY_BLOCK_SIZE" | "CHECKSUM"
        | "TABLE_CHECKSUM" | "DELAY_KEY_WRITE" => "0",
        "INSERT_METHOD" => "NO",
        "CONNECTION" | "PASSWORD" | "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" => "''",
        "ROW_FORMAT" | "PACK_KEYS" => "DEFAULT",
        name if name.starts_with("STATS_") || dialect.product == Product::MariaDb => "DEFAULT",
        "ENCRYPTION" => "'N'",
        "COMPRESSION" => "''",
        "SECONDARY_ENGINE" => "NULL",
        _ => "0",
    };
    format!("{name}={value}")
}
