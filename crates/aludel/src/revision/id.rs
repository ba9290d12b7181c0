//! Names of revisions, and sets of them. Nothing here knows whether a name exists.

use std::collections::BTreeSet;
use std::collections::btree_set;
use std::fmt;
use std::str::FromStr;

/// Characters that mean something in a target, so that an identifier cannot hold them.
const RESERVED: [char; 4] = ['+', '-', ':', '@'];

/// Words that a target understands by themselves.
const WORDS: [&str; 4] = ["head", "heads", "base", "current"];

/// The identifier of a revision: any word that cannot be mistaken for part of a target.
///
/// ```
/// use aludel::revision::RevisionId;
///
/// assert_eq!(RevisionId::new("ae1027a6acf0")?.as_str(), "ae1027a6acf0");
/// assert!(RevisionId::new("head").is_err());
/// assert!(RevisionId::new("a-b").is_err());
/// # Ok::<(), aludel::revision::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(String);

impl RevisionId {
    /// Checks a text and takes it as an identifier.
    ///
    /// # Errors
    ///
    /// An [`IdError`] says what the text may not be or hold.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        let reserved: BTreeSet<char> = text.chars().filter(|c| RESERVED.contains(c)).collect();
        let other: BTreeSet<char> = text.chars().filter(|c| is_unfit(*c)).collect();
        if !reserved.is_empty() || !other.is_empty() {
            let characters = reserved.into_iter().chain(other).collect();
            return Err(IdError::Characters {
                id: text,
                characters,
            });
        }
        if WORDS.contains(&text.as_str()) {
            return Err(IdError::Word { id: text });
        }
        Ok(Self(text))
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// White space and commas separate identifiers in a header, quotes and backslashes would need
/// escaping in every script, a slash would leave the folder of the revision files, and control characters
/// cannot be seen.
fn is_unfit(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, ',' | '\'' | '"' | '`' | '\\' | '/')
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for RevisionId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for RevisionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for RevisionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

/// Why a text cannot be the identifier of a revision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// There is no text.
    #[error("a revision identifier cannot be empty")]
    Empty,
    /// The text holds characters that separate or combine identifiers.
    #[error(
        "Character(s) '{}' not allowed in revision identifier '{id}'",
        shown(characters)
    )]
    Characters {
        /// The text that was given.
        id: String,
        /// The characters at fault, each once.
        characters: Vec<char>,
    },
    /// The text is a word that targets understand by themselves.
    #[error("'{id}' cannot be a revision identifier: it is a word with a meaning of its own")]
    Word {
        /// The text that was given.
        id: String,
    },
}

fn shown(characters: &[char]) -> String {
    let shown: Vec<String> = characters
        .iter()
        .map(|c| match c {
            ' ' | '\'' | '"' | '\\' => c.to_string(),
            c => c.escape_debug().to_string(),
        })
        .collect();
    shown.join(", ")
}

macro_rules! id_set {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name(BTreeSet<RevisionId>);

        impl $name {
            /// Whether the revision is a member.
            pub fn contains(&self, id: &str) -> bool {
                self.0.contains(id)
            }

            /// The members, sorted by name.
            pub fn iter(&self) -> btree_set::Iter<'_, RevisionId> {
                self.0.iter()
            }

            /// How many members there are.
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether there is no member.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl FromIterator<RevisionId> for $name {
            fn from_iter<I: IntoIterator<Item = RevisionId>>(ids: I) -> Self {
                Self(ids.into_iter().collect())
            }
        }

        impl IntoIterator for $name {
            type Item = RevisionId;
            type IntoIter = btree_set::IntoIter<RevisionId>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<'a> IntoIterator for &'a $name {
            type Item = &'a RevisionId;
            type IntoIter = btree_set::Iter<'a, RevisionId>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
    };
}

id_set! {
    /// The rows of the version table: revisions that nothing applied stands upon, sorted by name.
    Heads
}

id_set! {
    /// Every revision that has been applied: the heads and all that lies below them.
    Applied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_are_named_in_order() {
        let error = RevisionId::new("a@b-c+d").unwrap_err();
        assert_eq!(
            error.to_string(),
            "Character(s) '+, -, @' not allowed in revision identifier 'a@b-c+d'"
        );
    }

    #[test]
    fn words_blanks_and_controls_are_refused() {
        for text in [
            "", "head", "heads", "base", "current", "a b", "a,b", "a'b", "a\"b", "a\tb", "a\u{7}b",
            "a\\b",
        ] {
            assert!(RevisionId::new(text).is_err(), "{text:?}");
        }
        for text in ["a", "0001", "ae1027a6acf0", "v1.2", "größe", "headless"] {
            assert!(RevisionId::new(text).is_ok(), "{text:?}");
        }
    }
}
