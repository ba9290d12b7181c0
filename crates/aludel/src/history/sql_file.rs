//! A revision written in SQL: `-- migrate:up` and `-- migrate:down`, each with its statements.
//!
//! It knows how the file is cut up, not what its statements do.

use std::borrow::Cow;

use super::header::is_marker;
use crate::sql::split::{Flavor, Lexer, SplitError, Token, TokenKind, split};

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
    /// A marker holds an option twice.
    #[error("line {line}: found a second `{option}`, expected one")]
    OptionTwice {
        /// The line.
        line: usize,
        /// The name of the option.
        option: &'static str,
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
            | Self::OptionTwice { line, .. }
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
    /// A marker is a line comment on a line of its own, in any case and with any white space; in a string, a dollar quote or a block
    /// comment it is none. What `DELIMITER` sets holds up to the end of its section.
    ///
    /// # Errors
    ///
    /// A [`SqlFileError`]: no `-- migrate:up`, a marker that cannot be read, statements outside of
    /// sections, or something that is never closed.
    pub fn body(&self, flavor: Flavor) -> Result<SqlBody, SqlFileError> {
        let text = self.text();
        let (mut up, mut down) = (None, None);
        let mut marker = first_marker(text, flavor)?;
        while let Some(this) = marker {
            let (section, options) = read_marker(&this, text)?;
            let slot = match section {
                "up" => &mut up,
                _ => &mut down,
            };
            if slot.is_some() {
                return Err(SqlFileError::Twice {
                    line: this.line,
                    section,
                });
            }
            let above = this.line - 1;
            let next = next_marker(&text[this.end..], flavor).map(|mut next| {
                next.start += this.end;
                next.end += this.end;
                next.line += above;
                next
            });
            let end = next.map_or(text.len(), |next| next.start);
            *slot = Some(Section {
                options,
                statements: statements(&text[this.end..end], above, flavor)?,
            });
            marker = next;
        }
        Ok(SqlBody {
            up: up.ok_or(SqlFileError::NoUp)?,
            down,
        })
    }
}

/// The first marker, above which nothing but comments may stand.
fn first_marker(text: &str, flavor: Flavor) -> Result<Option<Token>, SqlFileError> {
    for token in Lexer::new(text, flavor) {
        let token = token?;
        if opens_section(&token, text) {
            return Ok(Some(token));
        }
        if !token.kind.is_silent() {
            return Err(SqlFileError::Outside { line: token.line });
        }
    }
    Ok(None)
}

/// The next marker, as far as the text can be read: whoever cuts it up hears why it cannot be.
fn next_marker(text: &str, flavor: Flavor) -> Option<Token> {
    Lexer::new(text, flavor)
        .map_while(Result::ok)
        .find(|token| opens_section(token, text))
}

/// Whether a token is a line comment `migrate:` on a line of its own. The `#` of MySQL is taken for one here, so that it is refused.
fn opens_section(token: &Token, text: &str) -> bool {
    let comment = token.text(text);
    let content = comment.strip_prefix("--").or(comment.strip_prefix('#'));
    if token.kind != TokenKind::LineComment || !content.is_some_and(is_marker) {
        return false;
    }
    let before = &text[..token.start];
    before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..]
        .trim_start_matches('\u{feff}')
        .trim()
        .is_empty()
}

fn read_marker(marker: &Token, text: &str) -> Result<(&'static str, Options), SqlFileError> {
    let (line, found) = (marker.line, marker.text(text).trim_end());
    // `migrate : up` is one word, as far as its author is concerned.
    let content = found.split_once(':').map_or("", |(_, behind)| behind);
    let mut words = content.split_whitespace();
    let name = words.next().unwrap_or_default();
    let section = ["up", "down"]
        .into_iter()
        .find(|section| section.eq_ignore_ascii_case(name) && found.starts_with("--"));
    let section = section.ok_or_else(|| SqlFileError::UnknownSection {
        line,
        found: found.to_owned(),
    })?;
    let mut options = Options::default();
    let mut seen = Vec::new();
    for word in words {
        let (option, slot, value) = match word {
            "transaction:true" => ("transaction", &mut options.transaction, true),
            "transaction:false" => ("transaction", &mut options.transaction, false),
            "foreign_keys:on" => ("foreign_keys", &mut options.foreign_keys, true),
            "foreign_keys:off" => ("foreign_keys", &mut options.foreign_keys, false),
            _ => {
                return Err(SqlFileError::UnknownOption {
                    line,
                    found: word.to_owned(),
                });
            }
        };
        if seen.contains(&option) {
            return Err(SqlFileError::OptionTwice { line, option });
        }
        seen.push(option);
        *slot = value;
    }
    Ok((section, options))
}

/// The statements behind a marker. The text starts on the marker's own line, below the given number of lines.
fn statements(text: &str, above: usize, flavor: Flavor) -> Result<Vec<SqlStatement>, SqlFileError> {
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

    #[test]
    fn markers_may_be_written_in_any_way_that_a_person_reads_as_one() {
        for marker in [
            "--migrate:down",
            "  --   Migrate:Down \r",
            "\t-- MIGRATE : down",
            "---- migrate:down",
        ] {
            for flavor in [Flavor::Sqlite, Flavor::Postgres, Flavor::Mysql] {
                let text = format!("\u{feff}-- a\n-- migrate:up\nSELECT 1;\n{marker}\nSELECT 2");
                let body = SqlScript::new(text).body(flavor);
                if marker.starts_with("----") {
                    // Four dashes are a line that somebody drew.
                    assert_eq!(body.unwrap().down, None, "{flavor:?}");
                } else {
                    let down = body.unwrap().down.unwrap();
                    assert_eq!(lines(&down), [(5, "SELECT 2")], "{flavor:?} {marker}");
                }
            }
        }
        let error = SqlScript::new("# migrate:up\nSELECT 1").body(Flavor::Mysql);
        let unknown = "line 1: found `# migrate:up`, expected `-- migrate:up` or `-- migrate:down`";
        assert_eq!(error.unwrap_err().to_string(), unknown);
        let twice = body("-- migrate:up transaction:true transaction:false").unwrap_err();
        assert_eq!(
            twice.to_string(),
            "line 1: found a second `transaction`, expected one"
        );
    }

    #[test]
    fn a_delimiter_ends_with_its_section() {
        let text = "-- migrate:up\nDELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\n-- migrate:down\nDROP TABLE a;\nDROP TABLE b;";
        let body = SqlScript::new(text).body(Flavor::Mysql).unwrap();
        assert_eq!(
            lines(&body.up),
            [(3, "CREATE PROCEDURE p() BEGIN SELECT 1; END")]
        );
        assert_eq!(
            lines(&body.down.unwrap()),
            [(5, "DROP TABLE a"), (6, "DROP TABLE b")]
        );
    }

    #[test]
    fn rows_behind_copy_are_told_of_as_that() {
        let text = "-- migrate:up\nCOPY a FROM STDIN;\nit's\n\\.\n-- migrate:down\nDROP TABLE a;";
        let error = body(text).unwrap_err();
        assert_eq!(
            error,
            SqlFileError::Split(SplitError::CopyFromStdin { line: 2 })
        );
    }
}
