//! The comment that heads a revision file: its only identity, the same in `.rs` and `.sql`.
//!
//! It knows neither folders nor graphs; errors name a line, and whoever knows the file adds its name.

mod revise;

use std::fmt;

use crate::revision::{IdError, Revision, RevisionId};

/// What starts each line of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// `//!`
    Rust,
    /// `--`
    Sql,
}

impl Syntax {
    /// The characters that start a line.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Rust => "//!",
            Self::Sql => "--",
        }
    }
}

/// The header of a revision file.
///
/// ```
/// use aludel::history::{Header, Syntax};
///
/// let text = "//! Create patients\n//!\n//! Revision ID: 5f1d0a2b3c4e\n//! Create Date: 2025-11-08 14:30:00\n";
/// let header = Header::parse(text, Syntax::Rust)?;
/// assert_eq!(header.id.as_str(), "5f1d0a2b3c4e");
/// assert_eq!(header.write(Syntax::Rust)?, text);
/// # Ok::<(), aludel::history::HeaderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Everything above the keys, without the comment marks.
    pub message: String,
    /// `Revision ID`
    pub id: RevisionId,
    /// `Revises`
    pub down: Vec<RevisionId>,
    /// `Branch Labels`
    pub labels: Vec<String>,
    /// `Depends On`: identifiers or branch labels.
    pub depends_on: Vec<String>,
    /// `Create Date`, which is for people.
    pub create_date: Option<String>,
}

/// The keys of a header, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `Revision ID`
    RevisionId,
    /// `Revises`
    Revises,
    /// `Branch Labels`
    BranchLabels,
    /// `Depends On`
    DependsOn,
    /// `Create Date`
    CreateDate,
}

const KEYS: [Key; 5] = [
    Key::RevisionId,
    Key::Revises,
    Key::BranchLabels,
    Key::DependsOn,
    Key::CreateDate,
];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::RevisionId => "Revision ID",
            Self::Revises => "Revises",
            Self::BranchLabels => "Branch Labels",
            Self::DependsOn => "Depends On",
            Self::CreateDate => "Create Date",
        })
    }
}

/// Why a header cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// The file starts with something else.
    #[error("line {line}: found `{found}`, expected the header: `{prefix} <message>`")]
    Missing {
        /// The first line that is not empty.
        line: usize,
        /// What stands there.
        found: String,
        /// What should start it.
        prefix: &'static str,
    },
    /// There is nothing in the file.
    #[error("the file is empty, expected a header that starts with `{prefix}`")]
    Empty {
        /// What should start it.
        prefix: &'static str,
    },
    /// There is a header without an identifier.
    #[error("line {line}: the header ends without `{prefix} Revision ID: <id>`")]
    NoId {
        /// The last line of the header.
        line: usize,
        /// What starts its lines.
        prefix: &'static str,
    },
    /// A key stands there twice.
    #[error("line {line}: found a second `{key}`, expected one; the first is in line {first}")]
    Twice {
        /// The line of the second.
        line: usize,
        /// The key.
        key: Key,
        /// The line of the first.
        first: usize,
    },
    /// A line looks like a key and is none.
    #[error("line {line}: found `{found}`, expected {}", suggestion(expected))]
    UnknownKey {
        /// The line.
        line: usize,
        /// What stands there.
        found: String,
        /// The key that was probably meant, if one is near.
        expected: Option<Key>,
    },
    /// A key has no value.
    #[error("line {line}: `{key}` is empty; leave the line out instead")]
    NoValue {
        /// The line.
        line: usize,
        /// The key.
        key: Key,
    },
    /// A key that takes one value has several, or a list names something twice.
    #[error("line {line}: `{key}` holds `{value}` {}", if *repeated { "twice" } else { "where one value is expected" })]
    Extra {
        /// The line.
        line: usize,
        /// The key.
        key: Key,
        /// The value at fault.
        value: String,
        /// Whether it is there twice.
        repeated: bool,
    },
    /// An identifier is not well formed.
    #[error("line {line}: {source}")]
    Id {
        /// The line.
        line: usize,
        /// What is wrong with it.
        source: IdError,
    },
    /// A branch label is not well formed.
    #[error("line {line}: '{label}' cannot be a branch label: it {}", if *word { "is a word with a meaning of its own" } else { "holds characters that separate or combine names" })]
    Label {
        /// The line.
        line: usize,
        /// The label.
        label: String,
        /// Whether it is a word like `head`.
        word: bool,
    },
    /// A line of a message would be read as something else.
    #[error("the message cannot hold the line `{line}`: it would be read as a part of the header")]
    Message {
        /// The line.
        line: String,
    },
}

fn suggestion(key: &Option<Key>) -> String {
    match key {
        Some(key) => format!("`{key}: `"),
        None => "one of `Revision ID`, `Revises`, `Branch Labels`, `Depends On`, `Create Date`"
            .to_owned(),
    }
}

impl Header {
    /// Reads the header at the top of a file.
    ///
    /// # Errors
    ///
    /// A [`HeaderError`] with the line, what was found and what is expected.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Self, HeaderError> {
        let lines = comment_lines(text, syntax)?;
        let mut message: Vec<&str> = Vec::new();
        let mut values: Vec<(Key, usize, &str)> = Vec::new();
        for &(line, content) in &lines {
            match classify(content, !values.is_empty()) {
                Line::Text => message.push(content),
                Line::Blank => {}
                Line::Unknown(expected) => {
                    return Err(HeaderError::UnknownKey {
                        line,
                        found: content.to_owned(),
                        expected,
                    });
                }
                Line::Key(key, value) => {
                    if let Some(&(_, first, _)) = values.iter().find(|(other, ..)| *other == key) {
                        return Err(HeaderError::Twice { line, key, first });
                    }
                    if value.is_empty() {
                        return Err(HeaderError::NoValue { line, key });
                    }
                    values.push((key, line, value));
                }
            }
        }
        let last = lines.last().map_or(1, |(line, _)| *line);
        let value = |key: Key| {
            values
                .iter()
                .find(|(other, ..)| *other == key)
                .map(|v| (v.1, v.2))
        };
        let (line, id) = value(Key::RevisionId).ok_or(HeaderError::NoId {
            line: last,
            prefix: syntax.prefix(),
        })?;
        let id = match list(line, Key::RevisionId, id)?[..] {
            [id] => identifier(line, id)?,
            _ => {
                let value = id.to_owned();
                return Err(HeaderError::Extra {
                    line,
                    key: Key::RevisionId,
                    value,
                    repeated: false,
                });
            }
        };
        let names = |key: Key| match value(key) {
            Some((line, value)) => list(line, key, value).map(|names| (line, names)),
            None => Ok((0, Vec::new())),
        };
        let (line, down) = names(Key::Revises)?;
        let down = down
            .into_iter()
            .map(|id| identifier(line, id))
            .collect::<Result<_, _>>()?;
        let (line, labels) = names(Key::BranchLabels)?;
        let labels = labels
            .into_iter()
            .map(|name| label(line, name))
            .collect::<Result<_, _>>()?;
        let (line, others) = names(Key::DependsOn)?;
        let depends_on = others
            .into_iter()
            .map(|name| label(line, name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            message: trimmed(&message),
            id,
            down,
            labels,
            depends_on,
            create_date: value(Key::CreateDate).map(|(_, date)| date.to_owned()),
        })
    }

    /// The header as text, each line with its mark and a line break.
    ///
    /// Reading it again gives the same header, with white space at the ends of the message's lines removed.
    ///
    /// # Errors
    ///
    /// [`HeaderError::Message`] if a line of the message would be read as a key or a section marker.
    pub fn write(&self, syntax: Syntax) -> Result<String, HeaderError> {
        let lines: Vec<&str> = self.message.lines().map(str::trim_end).collect();
        let message = trimmed(&lines);
        let mut text = String::new();
        let mut push = |line: &str| {
            text.push_str(syntax.prefix());
            if !line.is_empty() {
                text.push(' ');
                text.push_str(line);
            }
            text.push('\n');
        };
        for line in message.lines() {
            if !matches!(classify(line, false), Line::Text) || line.contains('\r') {
                return Err(HeaderError::Message {
                    line: line.to_owned(),
                });
            }
            push(line);
        }
        if !message.is_empty() {
            push("");
        }
        let down: Vec<&str> = self.down.iter().map(RevisionId::as_str).collect();
        push(&format!("{}: {}", Key::RevisionId, self.id));
        for (key, values) in [
            (Key::Revises, down.join(", ")),
            (Key::BranchLabels, self.labels.join(", ")),
            (Key::DependsOn, self.depends_on.join(", ")),
            (
                Key::CreateDate,
                self.create_date.clone().unwrap_or_default(),
            ),
        ] {
            if !values.is_empty() {
                push(&format!("{key}: {values}"));
            }
        }
        Ok(text)
    }

    /// The first paragraph of the message, its lines joined by a space.
    pub fn doc(&self) -> String {
        let paragraph: Vec<&str> = self
            .message
            .lines()
            .map(str::trim)
            .take_while(|line| !line.is_empty())
            .collect();
        paragraph.join(" ")
    }

    /// The revision that this header describes, for the graph.
    pub fn revision(&self) -> Revision {
        Revision {
            id: self.id.clone(),
            down: self.down.clone(),
            depends_on: self.depends_on.clone(),
            labels: self.labels.clone(),
            doc: self.doc(),
        }
    }
}

/// The lines of the comment at the top, numbered, without their marks.
fn comment_lines(text: &str, syntax: Syntax) -> Result<Vec<(usize, &str)>, HeaderError> {
    let prefix = syntax.prefix();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines: Vec<(usize, &str)> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim_end();
        let Some(content) = line.strip_prefix(prefix) else {
            // A licence, or blank lines, may stand above the header.
            let above = line.is_empty() || (syntax == Syntax::Rust && line.starts_with("//"));
            if lines.is_empty() && above {
                continue;
            }
            if lines.is_empty() {
                return Err(HeaderError::Missing {
                    line: i + 1,
                    found: line.to_owned(),
                    prefix,
                });
            }
            break;
        };
        if syntax == Syntax::Sql && is_marker(content) {
            break;
        }
        lines.push((i + 1, content.strip_prefix(' ').unwrap_or(content)));
    }
    if lines.is_empty() {
        return Err(HeaderError::Empty { prefix });
    }
    Ok(lines)
}

/// Whether a comment's content opens a section of a `.sql` revision, or is close enough that it must not pass for a comment.
pub(super) fn is_marker(content: &str) -> bool {
    content
        .split_once(':')
        .is_some_and(|(word, _)| word.trim().eq_ignore_ascii_case("migrate"))
}

/// What a line of a header is.
enum Line<'a> {
    Text,
    Blank,
    Key(Key, &'a str),
    Unknown(Option<Key>),
}

/// Above the keys stands the message, in which only a misspelled key is suspicious; below the first
/// key everything must be one.
fn classify(line: &str, below_keys: bool) -> Line<'_> {
    if below_keys && line.trim().is_empty() {
        return Line::Blank;
    }
    let split = line
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()));
    let Some((name, value)) = split else {
        return if below_keys {
            Line::Unknown(None)
        } else {
            Line::Text
        };
    };
    if let Some(&key) = KEYS.iter().find(|key| key.to_string() == name) {
        return Line::Key(key, value);
    }
    let near = KEYS.into_iter().find(|key| is_near(&key.to_string(), name));
    match near {
        _ if !below_keys && is_marker(line) => Line::Unknown(None),
        None if !below_keys => Line::Text,
        near => Line::Unknown(near),
    }
}

/// Whether a name is a key in another case, or but for two letters.
fn is_near(key: &str, name: &str) -> bool {
    let (key, name) = (key.to_lowercase(), name.to_lowercase());
    let squeezed = |text: &str| text.replace([' ', '-', '_'], "");
    squeezed(&key) == squeezed(&name) || crate::revision::edit_distance(&key, &name, 2).is_some()
}

fn list(line: usize, key: Key, value: &str) -> Result<Vec<&str>, HeaderError> {
    let mut names: Vec<&str> = Vec::new();
    for name in value.split(',').map(str::trim) {
        if name.is_empty() {
            return Err(HeaderError::NoValue { line, key });
        }
        if names.contains(&name) {
            return Err(HeaderError::Extra {
                line,
                key,
                value: name.to_owned(),
                repeated: true,
            });
        }
        names.push(name);
    }
    Ok(names)
}

fn identifier(line: usize, id: &str) -> Result<RevisionId, HeaderError> {
    RevisionId::new(id).map_err(|source| HeaderError::Id { line, source })
}

/// A label may hold a dash, unless digits follow: `a-1` is one step below `a`.
fn label(line: usize, name: &str) -> Result<String, HeaderError> {
    let steps = name
        .split('-')
        .skip(1)
        .any(|behind| behind.starts_with(|c: char| c.is_ascii_digit()));
    let word = match RevisionId::new(name.replace('-', "_")) {
        Ok(_) if !steps => return Ok(name.to_owned()),
        Err(IdError::Word { .. }) => true,
        _ => false,
    };
    Err(HeaderError::Label {
        line,
        label: name.to_owned(),
        word,
    })
}

fn trimmed(lines: &[&str]) -> String {
    let is_text = |line: &&str| !line.trim().is_empty();
    let Some(first) = lines.iter().position(is_text) else {
        return String::new();
    };
    let last = lines.iter().rposition(is_text).unwrap_or(first);
    lines[first..=last].join("\n")
}

#[cfg(test)]
mod tests;
