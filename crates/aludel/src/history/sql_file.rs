//! A revision written in SQL: `-- migrate:up` and `-- migrate:down`, each with its statements.
//!
//! It knows how the file is cut up, not what its statements do.

use std::borrow::Cow;

use super::header::is_marker;
use crate::sql::split::{Flavor, SplitError, Token, TokenKind, split, tokens};

/// The text of a `.sql` revision. It is cut up when somebody wants to run it, not when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlScript {
    text: Cow<'static, str>,
}

/// What a `.sql` revision does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlBody {
    /// What follows `-- migrate:up`.
    pub up: Section,
    /// What follows `-- migrate:down`, if the file has it.
    pub down: Option<Section>,
}

/// The statements of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// What the marker says about them.
    pub options: Options,
    /// The statements, in order.
    pub statements: Vec<SqlStatement>,
}

/// How a section wants to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether the statements run in a transaction; `transaction:false` says no.
    pub transaction: bool,
    /// Whether SQLite checks foreign keys meanwhile; `foreign_keys:off` says no.
    pub foreign_keys: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            transaction: true,
            foreign_keys: true,
        }
    }
}

/// One statement of a `.sql` revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlStatement {
    /// The statement, without its semicolon.
    pub text: String,
    /// The line of the file on which it starts, counted from 1.
    pub line: usize,
}

/// Why the body of a `.sql` revision cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SqlFileError {
    /// There is no section for upgrades.
    #[error("found no `-- migrate:up`, expected one line with it above the statements")]
    NoUp,
    /// A section is there twice.
    #[error("line {line}: found a second `-- migrate:{section}`, expected one")]
    Twice {
        /// The line of the second.
        line: usize,
        /// `up` or `down`.
        section: &'static str,
    },
    /// A marker names something else than a section.
    #[error("line {line}: found `{found}`, expected `-- migrate:up` or `-- migrate:down`")]
    UnknownSection {
        /// The line.
        line: usize,
        /// The marker.
        found: String,
    },
    /// A marker holds an option that does not exist, or a value that it does not take.
    #[error(
        "line {line}: found `{found}`, expected `transaction:true|false` or `foreign_keys:on|off`"
    )]
    UnknownOption {
        /// The line.
        line: usize,
        /// The option.
        found: String,
    },
    /// A statement belongs to no section.
    #[error(
        "line {line}: found a statement above the first marker, expected `-- migrate:up` before it"
    )]
    Outside {
        /// The line.
        line: usize,
    },
    /// The text cannot be cut into statements.
    #[error(transparent)]
    Split(#[from] SplitError),
}

impl SqlFileError {
    /// The line of the file, counted from 1, if it is about one.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::NoUp => None,
            Self::Twice { line, .. }
            | Self::UnknownSection { line, .. }
            | Self::UnknownOption { line, .. }
            | Self::Outside { line } => Some(*line),
            Self::Split(error) => Some(error.line()),
        }
    }
}

impl SqlScript {
    /// Takes the text of a whole file, header included.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into() }
    }

    /// The text of the whole file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Cuts the text into sections and statements, as the given database would.
    ///
    /// A marker is a line comment on a line of its own; in a string, a dollar quote or a block comment it is none.
    ///
    /// # Errors
    ///
    /// A [`SqlFileError`]: no `-- migrate:up`, a marker that cannot be read, statements outside of
    /// sections, or something that is never closed.
    pub fn body(&self, flavor: Flavor) -> Result<SqlBody, SqlFileError> {
        let text = self.text();
        let tokens = tokens(text, flavor)?;
        let markers = markers(text, &tokens);
        let first = markers.first().map_or(text.len(), |marker| marker.start);
        let outside = tokens
            .iter()
            .find(|token| !token.kind.is_silent() && token.start < first);
        if let Some(token) = outside {
            return Err(SqlFileError::Outside { line: token.line });
        }
        let (mut up, mut down) = (None, None);
        for (i, marker) in markers.iter().enumerate() {
            let end = markers.get(i + 1).map_or(text.len(), |next| next.start);
            let (name, options) = read_marker(marker, text)?;
            let (slot, section) = match name {
                "up" => (&mut up, "up"),
                "down" => (&mut down, "down"),
                _ => {
                    let found = marker.text(text).trim_end().to_owned();
                    return Err(SqlFileError::UnknownSection {
                        line: marker.line,
                        found,
                    });
                }
            };
            if slot.is_some() {
                return Err(SqlFileError::Twice {
                    line: marker.line,
                    section,
                });
            }
            let statements = statements(&text[marker.end..end], marker.line, flavor)?;
            *slot = Some(Section {
                options,
                statements,
            });
        }
        Ok(SqlBody {
            up: up.ok_or(SqlFileError::NoUp)?,
            down,
        })
    }
}

fn markers(text: &str, tokens: &[Token]) -> Vec<Token> {
    let alone = |token: &Token| {
        let before = &text[..token.start];
        before[before.rfind('\n').map_or(0, |at| at + 1)..]
            .trim()
            .is_empty()
    };
    let comment = |token: &Token| token.text(text).strip_prefix("--").is_some_and(is_marker);
    let is =
        |token: &&Token| token.kind == TokenKind::LineComment && comment(token) && alone(token);
    tokens.iter().filter(is).copied().collect()
}

fn read_marker<'a>(marker: &Token, text: &'a str) -> Result<(&'a str, Options), SqlFileError> {
    let mut words = marker.text(text).trim_start_matches('-').split_whitespace();
    let name = words
        .next()
        .and_then(|word| word.strip_prefix("migrate:"))
        .unwrap_or_default();
    let mut options = Options::default();
    for word in words {
        match word {
            "transaction:true" => options.transaction = true,
            "transaction:false" => options.transaction = false,
            "foreign_keys:on" => options.foreign_keys = true,
            "foreign_keys:off" => options.foreign_keys = false,
            _ => {
                return Err(SqlFileError::UnknownOption {
                    line: marker.line,
                    found: word.to_owned(),
                });
            }
        }
    }
    Ok((name, options))
}

/// The statements behind a marker. The text starts on the marker's own line.
fn statements(text: &str, line: usize, flavor: Flavor) -> Result<Vec<SqlStatement>, SqlFileError> {
    let above = line - 1;
    let pieces = split(text, flavor).map_err(|error| error.moved_down(above))?;
    let statement = |piece: crate::sql::split::Piece<'_>| SqlStatement {
        text: piece.text.to_owned(),
        line: piece.line + above,
    };
    Ok(pieces.into_iter().map(statement).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &'static str) -> Result<SqlBody, SqlFileError> {
        SqlScript::new(text).body(Flavor::Postgres)
    }

    fn lines(section: &Section) -> Vec<(usize, &str)> {
        section
            .statements
            .iter()
            .map(|s| (s.line, s.text.as_str()))
            .collect()
    }

    #[test]
    fn sections_hold_statements_with_their_lines() {
        let text = "-- One\n--\n-- Revision ID: a\n\n-- migrate:up transaction:false\nSELECT 1;\n\nSELECT\n2;\n\
                    -- migrate:down foreign_keys:off\r\nSELECT 3\n";
        let body = body(text).unwrap();
        assert_eq!(lines(&body.up), [(6, "SELECT 1"), (8, "SELECT\n2")]);
        assert_eq!(
            body.up.options,
            Options {
                transaction: false,
                foreign_keys: true
            }
        );
        let down = body.down.unwrap();
        assert_eq!(lines(&down), [(11, "SELECT 3")]);
        assert_eq!(
            down.options,
            Options {
                transaction: true,
                foreign_keys: false
            }
        );
    }

    #[test]
    fn a_missing_downgrade_is_legal_and_an_empty_section_too() {
        let body = body("-- migrate:up\n").unwrap();
        assert_eq!(
            body,
            SqlBody {
                up: Section::default(),
                down: None
            }
        );
    }

    #[test]
    fn hidden_markers_are_none() {
        let text = "-- migrate:up\nSELECT '\n-- migrate:down\n', $$\n-- migrate:down\n$$;\n/*\n-- migrate:down\n*/\n\
                    SELECT 1 -- migrate:down\n";
        let body = body(text).unwrap();
        assert_eq!(body.up.statements.len(), 2);
        assert_eq!(body.down, None);
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text| body(text).unwrap_err();
        assert_eq!(error("-- Revision ID: a\n"), SqlFileError::NoUp);
        assert_eq!(
            error("\nSELECT 1;\n-- migrate:up"),
            SqlFileError::Outside { line: 2 }
        );
        assert_eq!(error("SELECT 1"), SqlFileError::Outside { line: 1 });
        assert_eq!(
            error("-- migrate:up\n-- migrate:up"),
            SqlFileError::Twice {
                line: 2,
                section: "up"
            }
        );
        let unknown =
            "line 1: found `-- migrate:upp`, expected `-- migrate:up` or `-- migrate:down`";
        assert_eq!(error("-- migrate:upp").to_string(), unknown);
        assert!(matches!(
            error("-- migrate:up tx:false"),
            SqlFileError::UnknownOption { line: 1, .. }
        ));
        let split = error("-- migrate:up\nSELECT 1;\n-- migrate:down\n\\copy a");
        assert_eq!(split.line(), Some(4), "{split}");
        assert_eq!(error("-- migrate:up\nSELECT 1;\nSELECT 'a").line(), Some(3));
    }
}
