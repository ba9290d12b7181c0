//! What a revision means, as a checksum: an edited comment leaves it as it is, an edited statement does not.
//!
//! The meaning is a list of words. Comments, white space, the header and the kind of line ends are no part of it, nor is what a
//! formatter alone changes. The list is hashed with the length of each word, and the checksum names the algorithm, so that a
//! better one is never taken for an edit. It knows how files are written, and no database.

mod rust;
mod sql;
#[cfg(test)]
mod tests;

use super::Syntax;
use crate::sql::split::Flavor;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The checksum of a revision's meaning, written `1:` and 64 hexadecimal digits.
///
/// ```
/// use aludel::history::{Checksum, Syntax};
/// use aludel::sql::split::Flavor;
///
/// let of = |text| Checksum::of(text, Syntax::Sql, Flavor::Postgres);
/// let before = of("-- A\n--\n-- Revision ID: a\n\n-- migrate:up\nSELECT 1;\n");
/// assert_eq!(of("-- B\n--\n-- Revision ID: a\n\n-- migrate:up\n/* why */ SELECT  1\n"), before);
/// assert_ne!(of("-- A\n--\n-- Revision ID: a\n\n-- migrate:up\nSELECT 2;\n"), before);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    hex: String,
}

/// The version of the algorithm. Whoever changes what the words of a text are counts it up, so that checksums of before are
/// compared with nothing.
const ALGORITHM: &str = "1";

impl Checksum {
    /// The checksum of the text of a file. What cannot be read as revisions are read counts as it stands, byte by byte.
    pub fn of(text: &str, syntax: Syntax, flavor: Flavor) -> Self {
        let text = text.replace("\r\n", "\n");
        let words = match syntax {
            Syntax::Rust => rust::words(&text),
            Syntax::Sql => sql::words(&text, flavor),
        };
        let words = words.unwrap_or_else(|| vec!["text".into(), text]);
        let mut hash = Sha256::new();
        for word in &words {
            hash.update((word.len() as u64).to_le_bytes());
            hash.update(word);
        }
        Self {
            hex: hex(&hash.finalize()),
        }
    }

    /// Whether a checksum that was written down is of this algorithm, so that the two can be compared.
    pub fn is_comparable(written: &str) -> bool {
        written.split_once(':').is_some_and(|it| it.0 == ALGORITHM)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM}:{}", self.hex)
    }
}

/// The SHA-256 of a text as it stands: where it is the same, the meaning is.
pub(super) fn of_bytes(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
