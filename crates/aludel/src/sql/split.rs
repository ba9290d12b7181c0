//! SQL text cut into statements. It knows how text is written (quotes, comments, bodies), not what it means.
//!
//! A semicolon ends a statement unless it stands inside a string, a quoted name, a comment, a dollar
//! quote, or the body of a trigger, function or procedure. Where the text alone does not tell, it is refused with the line and
//! what to write instead; nothing is guessed.
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
mod client;
mod lexer;
#[cfg(test)]
mod tests;

use body::Body;
use client::Client;
pub(crate) use lexer::Lexer;
use lexer::Reading;
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
    /// Something is opened and never closed. SQLite itself would let a comment run to the end of the text; with the rest of the
    /// statements in it, that is nothing that anybody wants.
    #[error("line {line}: {what} is never closed")]
    Unterminated {
        /// What was opened: `string`, `quoted name`, `comment`, `dollar quote`, `parenthesis`, `body`.
        what: &'static str,
        /// Where it was opened.
        line: usize,
    },
    /// A command of a vendor's own client, which no server understands.
    #[error("line {line}: `{name}` is a command of the {client} client, not SQL")]
    ClientCommand {
        /// The command.
        name: String,
        /// The client: `psql`, `sqlite3` or `mysql`.
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
    /// A character that no database takes as part of a statement.
    #[error("line {line}: found a NUL character; take it out, or write it as an escape")]
    Nul {
        /// Where it stands.
        line: usize,
    },
    /// Settings of the server decide where a string ends, and the statements are others with each.
    #[error(
        "line {line}: whether the backslash in front of a quote escapes it depends on the server's settings; write a quote in a \
         string twice, and end no string with a single backslash in a way that reads differently"
    )]
    AmbiguousBackslash {
        /// The statement that would be another one.
        line: usize,
    },
    /// The version of the server decides where a statement of MySQL or MariaDB ends.
    #[error(
        "line {line}: where this comment or its statement ends depends on the server's version; write the statement without \
         `/*!`, or between `DELIMITER //` and `//`"
    )]
    VersionComment {
        /// Where the comment, or the statement's end, stands.
        line: usize,
    },
    /// A body that MySQL may take by some setting, but whose end is not known here.
    #[error(
        "line {line}: where this body ends cannot be told; write `DELIMITER //` above it and `//` behind it"
    )]
    NeedsDelimiter {
        /// The word that is not understood.
        line: usize,
    },
    /// `DELIMITER` without a mark, or with one that MySQL's client does not take.
    #[error("line {line}: DELIMITER needs a mark without backslashes, as in `DELIMITER //`")]
    DelimiterWithoutMark {
        /// Where it stands.
        line: usize,
    },
    /// `DELIMITER //` inside of a statement, or in the middle of a line.
    #[error("line {line}: DELIMITER must start a line, and the statement above it must have ended")]
    DelimiterInside {
        /// Where it stands.
        line: usize,
    },
}

impl SplitError {
    /// The line of the text, counted from 1.
    pub fn line(&self) -> usize {
        *self.clone().place()
    }

    /// The same error, for a text in front of which the given number of lines was cut off.
    #[must_use]
    pub fn moved_down(mut self, lines: usize) -> Self {
        *self.place() += lines;
        self
    }

    fn place(&mut self) -> &mut usize {
        match self {
            Self::Unterminated { line, .. }
            | Self::ClientCommand { line, .. }
            | Self::CopyFromStdin { line }
            | Self::Nul { line }
            | Self::AmbiguousBackslash { line }
            | Self::VersionComment { line }
            | Self::NeedsDelimiter { line }
            | Self::DelimiterWithoutMark { line }
            | Self::DelimiterInside { line } => line,
        }
    }
}

/// Cuts a text into its statements. Pieces that hold none are left out.
///
/// # Errors
///
/// A [`SplitError`] with its line: something never closed, something that is not SQL, or something that can be read in two ways.
pub fn split(text: &str, flavor: Flavor) -> Result<Vec<Piece<'_>>, SplitError> {
    if let Some(at) = text.find('\0') {
        let line = text[..at].matches('\n').count() + 1;
        return Err(SplitError::Nul { line });
    }
    let usual = cut(text, Lexer::new(text, flavor), flavor);
    if text.contains("\\'") || text.contains("\\\"") {
        let set = mentions_setting(text, flavor);
        for reading in Reading::others(flavor) {
            let other = cut(text, Lexer::new(text, flavor).reading(*reading), flavor);
            agree(&usual, &other, set)?;
        }
    }
    usual
}

/// Whether a script may change itself how its backslashes are read. A server that is told so elsewhere is not thought of: an apostrophe
/// in a comment would be enough to refuse a script that has a backslash.
fn mentions_setting(text: &str, flavor: Flavor) -> bool {
    let names: &[&str] = match flavor {
        Flavor::Sqlite => &[],
        Flavor::Postgres => &["standard_conforming_strings"],
        Flavor::Mysql => &["ansi", "no_backslash_escapes"],
    };
    let text = text.to_ascii_lowercase();
    names.iter().any(|name| text.contains(name))
}

/// Refuses a text that a server with other settings would accept: as other statements where the text makes these settings, and
/// at all where the usual ones leave a string open.
fn agree(
    usual: &Result<Vec<Piece<'_>>, SplitError>,
    other: &Result<Vec<Piece<'_>>, SplitError>,
    set: bool,
) -> Result<(), SplitError> {
    let line = match (usual, other) {
        (Ok(usual), Ok(other)) if set => {
            let differs = |pair: &(&Piece<'_>, &Piece<'_>)| pair.0 != pair.1;
            let pair = usual.iter().zip(other).find(differs);
            let rest = usual.get(other.len()).or(other.get(usual.len()));
            pair.map(|pair| pair.0).or(rest).map(|piece| piece.line)
        }
        (
            Err(SplitError::Unterminated {
                what: "string" | "quoted name",
                line,
            }),
            Ok(_),
        ) => Some(*line),
        _ => None,
    };
    line.map_or(Ok(()), |line| Err(SplitError::AmbiguousBackslash { line }))
}

fn cut<'a>(
    text: &'a str,
    mut tokens: Lexer<'a>,
    flavor: Flavor,
) -> Result<Vec<Piece<'a>>, SplitError> {
    let mut pieces = Vec::new();
    let mut open = Open::new(flavor);
    while let Some(token) = tokens.next().transpose()? {
        match token.kind {
            // The client takes a command away.
            kind if kind.is_silent() || kind == TokenKind::Command => {}
            TokenKind::Terminator => pieces.extend(open.take(text)?),
            _ if is_semicolon(&token, text)
                && !tokens.has_own_delimiter()
                && !open.goes_on(token.line)? =>
            {
                pieces.extend(open.take(text)?);
            }
            _ => open.push(&token, text, &tokens)?,
        }
    }
    pieces.extend(open.close(text)?);
    Ok(pieces)
}

fn is_semicolon(token: &Token, text: &str) -> bool {
    token.kind == TokenKind::Symbol && token.text(text) == ";"
}

/// The statement that is being read.
struct Open {
    flavor: Flavor,
    /// Its first token, and its last one that is no semicolon at its end.
    ends: Option<(Token, Token)>,
    body: Body,
    /// The same for a server that executes no comment of which that depends on its version.
    unversioned: Body,
    client: Client,
}

impl Open {
    fn new(flavor: Flavor) -> Self {
        Self {
            flavor,
            ends: None,
            body: Body::new(flavor),
            unversioned: Body::new(flavor),
            client: Client::default(),
        }
    }

    /// Whether a semicolon here belongs to the statement.
    fn goes_on(&self, line: usize) -> Result<bool, SplitError> {
        match (self.body.is_open(), self.unversioned.is_open()) {
            (one, other) if one == other => Ok(one),
            _ => Err(SplitError::VersionComment { line }),
        }
    }

    fn push(&mut self, token: &Token, text: &str, lexer: &Lexer<'_>) -> Result<(), SplitError> {
        self.client
            .check(token, text, self.flavor, self.ends.is_none())?;
        if lexer.has_own_delimiter() {
            // Only its delimiter ends this statement. A server takes a semicolon at the end or leaves it.
            if !is_semicolon(token, text) {
                self.extend(token);
            }
            return Ok(());
        }
        self.extend(token);
        if token.kind == TokenKind::ExecutableComment {
            return self.push_executed(token, text, lexer);
        }
        self.body.step(token, text)?;
        self.unversioned.step(token, text)
    }

    fn push_executed(
        &mut self,
        comment: &Token,
        text: &str,
        lexer: &Lexer<'_>,
    ) -> Result<(), SplitError> {
        let (tokens, always) = lexer.inside(comment);
        for token in tokens {
            let token = token?;
            if token.kind.is_silent() {
                continue;
            }
            self.client.check(&token, text, self.flavor, false)?;
            self.body.step(&token, text)?;
            if always {
                self.unversioned.step(&token, text)?;
            }
        }
        Ok(())
    }

    fn extend(&mut self, token: &Token) {
        let first = self.ends.map_or(*token, |(first, _)| first);
        self.ends = Some((first, *token));
    }

    fn take<'a>(&mut self, text: &'a str) -> Result<Option<Piece<'a>>, SplitError> {
        let done = std::mem::replace(self, Self::new(self.flavor));
        done.client.done()?;
        Ok(done.ends.map(|(first, last)| Piece {
            text: &text[first.start..last.end],
            line: first.line,
        }))
    }

    /// The statement at the end of the text, whose body must be at its end, too.
    fn close<'a>(&mut self, text: &'a str) -> Result<Option<Piece<'a>>, SplitError> {
        let unclosed = self.body.unclosed().or(self.unversioned.unclosed());
        match unclosed {
            Some((what, line)) => Err(SplitError::Unterminated { what, line }),
            None => self.take(text),
        }
    }
}
