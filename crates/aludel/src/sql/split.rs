//! SQL text cut into statements. It knows how text is written (quotes, comments, bodies), not what it means.
//!
//! A semicolon ends a statement unless it stands inside a string, a quoted name, a comment, a dollar
//! quote, or the body of a trigger, function or procedure.
//!
//! ```
//! use aludel::sql::split::{Flavor, split};
//!
//! let pieces = split("SELECT ';'; -- done\nSELECT 2", Flavor::Postgres)?;
//! assert_eq!(pieces[0].text, "SELECT ';'");
//! assert_eq!((pieces[1].text, pieces[1].line), ("SELECT 2", 2));
//! # Ok::<(), aludel::sql::split::SplitError>(())
//! ```

mod body;
mod lexer;
#[cfg(test)]
mod tests;

use body::Body;
pub use lexer::{Token, TokenKind, tokens};

/// Whose way of writing SQL a text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// SQLite: four kinds of quotes, triggers with bodies.
    Sqlite,
    /// PostgreSQL: dollar quotes, nested comments, `BEGIN ATOMIC`.
    Postgres,
    /// MySQL and MariaDB: backslashes in strings, `#` comments, `DELIMITER`, routines with bodies.
    Mysql,
}

/// One statement: from its first to its last token, without the semicolon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The statement.
    pub text: &'a str,
    /// The line on which it starts, counted from 1.
    pub line: usize,
}

/// Why a text cannot be cut into statements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// Something is opened and never closed.
    #[error("line {line}: {what} is never closed")]
    Unterminated {
        /// What was opened: `string`, `quoted name`, `comment`, `dollar quote`, `body`.
        what: &'static str,
        /// Where it was opened.
        line: usize,
    },
    /// A command of a vendor's own client, which no server understands.
    #[error("line {line}: `{name}` is a command of the {client} client, not SQL")]
    ClientCommand {
        /// The command.
        name: String,
        /// The client: `psql` or `sqlite3`.
        client: &'static str,
        /// Where it stands.
        line: usize,
    },
    /// `COPY ... FROM STDIN`: the rows that follow it are not SQL.
    #[error(
        "line {line}: COPY FROM STDIN reads rows from a client; write INSERT statements instead"
    )]
    CopyFromStdin {
        /// Where the statement starts.
        line: usize,
    },
}

impl SplitError {
    /// The line of the text, counted from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Unterminated { line, .. }
            | Self::ClientCommand { line, .. }
            | Self::CopyFromStdin { line } => *line,
        }
    }

    /// The same error, for a text in front of which the given number of lines was cut off.
    #[must_use]
    pub fn moved_down(mut self, lines: usize) -> Self {
        match &mut self {
            Self::Unterminated { line, .. }
            | Self::ClientCommand { line, .. }
            | Self::CopyFromStdin { line } => *line += lines,
        }
        self
    }
}

/// Cuts a text into its statements. Pieces that hold none are left out.
///
/// # Errors
///
/// A [`SplitError`] with its line: something never closed, or something that is not SQL.
pub fn split(text: &str, flavor: Flavor) -> Result<Vec<Piece<'_>>, SplitError> {
    let tokens = tokens(text, flavor)?;
    let mut pieces = Vec::new();
    let mut open = Open::default();
    let mut own_delimiter = false;
    for token in &tokens {
        let is_semicolon = token.kind == TokenKind::Symbol && token.text(text) == ";";
        match token.kind {
            kind if kind.is_silent() => {}
            TokenKind::Command => {
                // The client takes this line away; the next statement ends where it says.
                let mark = token.text(text).split_whitespace().nth(1);
                own_delimiter = mark.is_some_and(|mark| mark != ";");
            }
            TokenKind::Terminator => pieces.extend(open.take(text)),
            _ if is_semicolon && !own_delimiter && !open.body.is_open() => {
                open.refuse_copy(text, flavor)?;
                pieces.extend(open.take(text));
            }
            _ => open.push(token, text, flavor)?,
        }
    }
    pieces.extend(open.close(text)?);
    Ok(pieces)
}

/// The statement that is being read.
#[derive(Default)]
struct Open {
    tokens: Vec<Token>,
    body: Body,
}

impl Open {
    fn push(&mut self, token: &Token, text: &str, flavor: Flavor) -> Result<(), SplitError> {
        if self.tokens.is_empty() {
            refuse_client_command(token, text, flavor)?;
        }
        self.body.step(token, text, flavor);
        self.tokens.push(*token);
        Ok(())
    }

    fn take<'a>(&mut self, text: &'a str) -> Option<Piece<'a>> {
        let tokens = std::mem::take(&mut self.tokens);
        self.body = Body::default();
        let (first, last) = (tokens.first()?, tokens.last()?);
        Some(Piece {
            text: &text[first.start..last.end],
            line: first.line,
        })
    }

    /// The statement at the end of the text, whose body must be at its end, too.
    fn close<'a>(&mut self, text: &'a str) -> Result<Option<Piece<'a>>, SplitError> {
        match self.body.unclosed() {
            Some(line) => Err(SplitError::Unterminated { what: "body", line }),
            None => Ok(self.take(text)),
        }
    }

    fn refuse_copy(&self, text: &str, flavor: Flavor) -> Result<(), SplitError> {
        let is = |token: &Token, word: &str| token.text(text).eq_ignore_ascii_case(word);
        let Some(first) = self.tokens.first().filter(|first| is(first, "copy")) else {
            return Ok(());
        };
        let reads = |pair: &[Token]| is(&pair[0], "from") && is(&pair[1], "stdin");
        if flavor == Flavor::Postgres && self.tokens.windows(2).any(reads) {
            return Err(SplitError::CopyFromStdin { line: first.line });
        }
        Ok(())
    }
}

/// Refuses `\copy` and `.read`: whoever pastes a client's script must hear what of it is not SQL.
fn refuse_client_command(first: &Token, text: &str, flavor: Flavor) -> Result<(), SplitError> {
    let (mark, client) = match flavor {
        Flavor::Postgres => ("\\", "psql"),
        Flavor::Sqlite => (".", "sqlite3"),
        Flavor::Mysql => return Ok(()),
    };
    if first.text(text) != mark {
        return Ok(());
    }
    let name = text[first.start..]
        .split_whitespace()
        .next()
        .unwrap_or(mark);
    Err(SplitError::ClientCommand {
        name: name.to_owned(),
        client,
        line: first.line,
    })
}
