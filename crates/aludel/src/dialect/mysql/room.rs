//! Room for a script on a server: a database of its own, since nothing here undoes a definition.

use super::words;
use crate::db::Connection;
use crate::dialect::Room;
use crate::error::{Result, SideError};
use crate::sql::split::{Flavor, Token, TokenKind, tokens};
use crate::sql::words_after;
use std::collections::BTreeSet;

/// It has the character set and the collation of the connection's own database, which its tables take over.
pub(super) async fn make(connection: &mut Connection, name: &str) -> Result<Room> {
    let rows = connection
        .fetch("SELECT @@character_set_database, @@collation_database")
        .await?;
    let mut create = format!("CREATE DATABASE {}", words::quote(name));
    for row in rows {
        let (charset, collation): (String, String) = (row.at(0)?, row.at(1)?);
        create += &format!(" CHARACTER SET {charset} COLLATE {collation}");
    }
    if let Err(source) = connection.execute(&create).await {
        return Err(SideError::NoRoom { source }.into());
    }
    Ok(Room {
        drop: Some(format!("DROP DATABASE IF EXISTS {}", words::quote(name))),
        ..Room::default()
    })
}

/// What is the server's, and what names another database of it: nothing would undo that.
pub(super) async fn reaches_out(
    connection: &mut Connection,
    statements: &[&str],
) -> Result<Option<(usize, &'static str)>> {
    let mut others: BTreeSet<String> = BTreeSet::new();
    for row in connection
        .fetch("SELECT CONVERT(schema_name USING utf8mb4) FROM information_schema.schemata")
        .await?
    {
        let name: String = row.at(0)?;
        others.insert(name.to_lowercase());
    }
    // What these hold can be read by anybody, and views do.
    others.remove("information_schema");
    for (at, sql) in statements.iter().enumerate() {
        if is_the_servers(sql) {
            return Ok(Some((at, "is about the whole server")));
        }
        if names_one_of(sql, &others) {
            return Ok(Some((at, "names another database of the server")));
        }
    }
    Ok(None)
}

fn is_the_servers(sql: &str) -> bool {
    const FIRST: &[&str] = &[
        "alter",
        "change",
        "create",
        "drop",
        "flush",
        "grant",
        "install",
        "load",
        "purge",
        "rename",
        "reset",
        "revoke",
        "set",
        "shutdown",
        "start",
        "stop",
        "uninstall",
        "use",
    ];
    let words = words_after(sql, Flavor::Mysql, FIRST);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["alter" | "create" | "drop" | "rename", rest @ ..] => {
            let rest = match rest {
                ["or", "replace", rest @ ..] => rest,
                rest => rest,
            };
            matches!(
                rest,
                [
                    "database"
                        | "schema"
                        | "user"
                        | "role"
                        | "server"
                        | "tablespace"
                        | "instance"
                        | "logfile",
                    ..
                ]
            )
        }
        ["set", rest @ ..] => rest
            .iter()
            .any(|word| ["global", "persist", "persist_only", "password", "role"].contains(word)),
        ["start", "transaction", ..] => false,
        ["load", next, ..] => *next == "data" || *next == "xml",
        [] => false,
        _ => true,
    }
}

/// Whether a name of these stands before a dot, in a comment that is executed, too.
fn names_one_of(sql: &str, names: &BTreeSet<String>) -> bool {
    let Ok(tokens) = tokens(sql, Flavor::Mysql) else {
        return false;
    };
    let said: Vec<&Token> = tokens.iter().filter(|it| !it.kind.is_silent()).collect();
    let is_dot = |token: Option<&&Token>| token.is_some_and(|it| it.text(sql) == ".");
    said.iter().enumerate().any(|(at, token)| {
        let text = token.text(sql);
        match token.kind {
            TokenKind::ExecutableComment => {
                let inside = text.trim_start_matches(|c: char| !c.is_whitespace());
                names_one_of(inside.trim_end_matches("*/"), names)
            }
            TokenKind::Word | TokenKind::QuotedIdent if is_dot(said.get(at + 1)) => {
                let name = text.trim_matches('`').replace("``", "`").to_lowercase();
                names.contains(&name) && !is_dot(at.checked_sub(1).and_then(|it| said.get(it)))
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_servers_is_known_by_its_words() {
        for sql in [
            "CREATE DATABASE d",
            "create or replace schema d",
            "USE d",
            "DROP USER ada",
            "GRANT SELECT ON t TO ada",
            "SET GLOBAL event_scheduler = ON",
            "LOAD DATA INFILE 'x' INTO TABLE t",
        ] {
            assert!(is_the_servers(sql), "{sql}");
        }
        for sql in [
            "CREATE TABLE user (a int)",
            "SET NAMES utf8mb4",
            "/*!40101 SET @saved_cs_client = @@character_set_client */",
            "START TRANSACTION",
            "DROP TABLE IF EXISTS t",
            "INSERT INTO t VALUES ('use d')",
        ] {
            assert!(!is_the_servers(sql), "{sql}");
        }
    }

    #[test]
    fn another_database_is_known_before_its_dot() {
        let names = BTreeSet::from(["app".to_string(), "a`b".to_string()]);
        for sql in [
            "DROP TABLE app.t",
            "drop table `App` . `t`",
            "SELECT * FROM `a``b`.t",
            "/*!50001 DROP VIEW `app`.`v` */",
        ] {
            assert!(names_one_of(sql, &names), "{sql}");
        }
        for sql in [
            "SELECT t.app FROM t",
            "SELECT 'app.t'",
            "CREATE TABLE app (a int)",
        ] {
            assert!(!names_one_of(sql, &names), "{sql}");
        }
    }
}
