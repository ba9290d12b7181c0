//! Commands of the vendors' own clients: whoever pastes a client's script must hear what of it is not SQL.

use super::lexer::{Token, TokenKind, is_space};
use super::{Flavor, SplitError};

/// The commands of MySQL's and MariaDB's client that are words, and with which no statement begins.
const MYSQL: [&str; 23] = [
    "charset",
    "clear",
    "connect",
    "costs",
    "edit",
    "ego",
    "exit",
    "go",
    "nopager",
    "notee",
    "nowarning",
    "pager",
    "print",
    "prompt",
    "query_attributes",
    "quit",
    "rehash",
    "resetconnection",
    "sandbox",
    "source",
    "status",
    "system",
    "tee",
];

/// What a statement's first token makes likely.
#[derive(Default)]
pub(super) struct Client {
    /// A word of [`MYSQL`], unless the next token makes it a label.
    suspect: Option<SplitError>,
}

impl Client {
    /// Takes notice of a token.
    ///
    /// A backslash outside of quotes is no SQL on PostgreSQL; on MySQL it is only in `\N`, which is NULL to older servers. SQLite's
    /// commands begin with a dot, but only where a statement would: elsewhere, a dot joins names.
    pub(super) fn check(
        &mut self,
        token: &Token,
        text: &str,
        flavor: Flavor,
        first: bool,
    ) -> Result<(), SplitError> {
        let found = token.text(text);
        if let Some(error) = self.suspect.take()
            && found != ":"
        {
            return Err(error);
        }
        let rest = &text[token.start..];
        let name = match (flavor, found) {
            (Flavor::Postgres, "\\") => up_to_space(rest),
            (Flavor::Sqlite, ".") if first => up_to_space(rest),
            (Flavor::Mysql, "\\") if !rest.starts_with("\\N") => {
                let second = rest.chars().nth(1).map_or(0, char::len_utf8);
                &rest[..1 + second]
            }
            (Flavor::Mysql, word) if first && is_command(token, word) => {
                self.suspect = Some(command(word, flavor, token.line));
                return Ok(());
            }
            _ => return Ok(()),
        };
        Err(command(name, flavor, token.line))
    }

    /// The statement is over.
    pub(super) fn done(self) -> Result<(), SplitError> {
        self.suspect.map_or(Ok(()), Err)
    }
}

fn is_command(token: &Token, word: &str) -> bool {
    token.kind == TokenKind::Word && MYSQL.iter().any(|name| name.eq_ignore_ascii_case(word))
}

fn up_to_space(text: &str) -> &str {
    text.split(is_space).next().unwrap_or_default()
}

fn command(name: &str, flavor: Flavor, line: usize) -> SplitError {
    SplitError::ClientCommand {
        name: name.trim_end().to_owned(),
        client: match flavor {
            Flavor::Postgres => "psql",
            Flavor::Sqlite => "sqlite3",
            Flavor::Mysql => "mysql",
        },
        line,
    }
}
