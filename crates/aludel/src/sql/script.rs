//! How a statement stands in a script that a database's own client is to run.

use super::split::{Flavor, SplitError, Token, TokenKind, tokens};

/// A statement with its end, as `psql`, `sqlite3` or `mariadb` read it from a file: a semicolon that no comment swallows, and only
/// one. A body with semicolons of its own, which MySQL's client would cut up, stands between two `DELIMITER` lines.
///
/// # Errors
/// [`SplitError::Unterminated`] for a text in which something is never closed: it would take the rest of the script with it.
///
/// ```
/// use aludel::sql::{split::Flavor, terminated};
///
/// assert_eq!(terminated("SELECT 1", Flavor::Postgres)?, "SELECT 1;");
/// assert_eq!(terminated("SELECT 1 -- one", Flavor::Postgres)?, "SELECT 1 -- one\n;");
/// assert!(terminated("SELECT 'one", Flavor::Postgres).is_err());
/// # Ok::<(), aludel::sql::split::SplitError>(())
/// ```
pub fn terminated(sql: &str, flavor: Flavor) -> Result<String, SplitError> {
    let sql = sql.trim();
    let tokens = tokens(sql, flavor)?;
    let said: Vec<&Token> = tokens.iter().filter(|it| !it.kind.is_silent()).collect();
    let Some((last, before)) = said.split_last() else {
        return Ok(sql.to_string());
    };
    let ends = last.text(sql) == ";";
    if flavor == Flavor::Mysql && before.iter().chain([last]).any(|it| cuts(it, sql, !ends)) {
        let mark = delimiter(sql);
        let body = if ends { &sql[..last.start] } else { sql };
        return Ok(format!("DELIMITER {mark}\n{body}\n{mark}\nDELIMITER ;"));
    }
    let in_comment = tokens
        .last()
        .is_some_and(|it| it.kind == TokenKind::LineComment);
    Ok(match (ends, in_comment) {
        (true, _) => sql.to_string(),
        (false, true) => format!("{sql}\n;"),
        (false, false) => format!("{sql};"),
    })
}

/// Whether MySQL's client would end the statement within it: at a semicolon, or at one in a comment that is executed. The last
/// token is the statement's end if it is a semicolon.
fn cuts(token: &Token, sql: &str, even_last: bool) -> bool {
    match token.kind {
        TokenKind::Symbol => {
            token.text(sql) == ";" && (even_last || token.end < sql.trim_end().len())
        }
        TokenKind::ExecutableComment => token.text(sql).contains(';'),
        _ => false,
    }
}

/// A mark that the statement does not hold.
fn delimiter(sql: &str) -> String {
    let mut mark = String::from("//");
    while sql.contains(&mark) {
        mark.push('/');
        // A run of slashes is found in a longer one only, so that this ends.
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_semicolon_and_no_comment_swallows_it() {
        let end = |sql: &str| terminated(sql, Flavor::Sqlite).unwrap();
        assert_eq!(end("  SELECT 1\n"), "SELECT 1;");
        assert_eq!(end("SELECT 1;"), "SELECT 1;");
        assert_eq!(end("SELECT 1; -- x"), "SELECT 1; -- x");
        assert_eq!(end("SELECT ';' -- x;"), "SELECT ';' -- x;\n;");
        assert_eq!(end("SELECT 1 /* x */"), "SELECT 1 /* x */;");
        assert_eq!(end("-- nothing"), "-- nothing");
        let trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u; END";
        assert_eq!(end(trigger), format!("{trigger};"));
    }

    #[test]
    fn what_is_never_closed_takes_nothing_with_it() {
        for sql in ["SELECT 'a", "SELECT 1 /* a", "SELECT \"a"] {
            assert!(terminated(sql, Flavor::Sqlite).is_err(), "{sql}");
        }
        assert!(terminated("SELECT $a$ x $b$", Flavor::Postgres).is_err());
    }

    #[test]
    fn mysqls_client_is_told_where_a_body_ends() {
        let end = |sql: &str| terminated(sql, Flavor::Mysql).unwrap();
        let body = "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 'a//b'; END";
        assert_eq!(
            end(body),
            format!("DELIMITER ///\n{body}\n///\nDELIMITER ;")
        );
        assert_eq!(
            end("BEGIN NOT ATOMIC SELECT 1; END;"),
            "DELIMITER //\nBEGIN NOT ATOMIC SELECT 1; END\n//\nDELIMITER ;"
        );
        assert_eq!(end("SELECT ';' # x"), "SELECT ';' # x\n;");
        assert_eq!(end("SELECT 1;"), "SELECT 1;");
    }
}
