//! A revision written in Rust, read without compiling it: its header, and nothing else.
//!
//! What its functions do is known only to a program that was built with it.

use super::header::{Header, HeaderError, Syntax};

/// Reads the identity of a `.rs` revision. The header must stand above all code.
///
/// # Errors
///
/// A [`HeaderError`] with the line.
pub fn identity(text: &str) -> Result<Header, HeaderError> {
    Header::parse(text, Syntax::Rust)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_above_the_header_is_an_error() {
        let error =
            identity("use aludel::prelude::*;\n//! One\n//!\n//! Revision ID: a\n").unwrap_err();
        assert!(
            matches!(error, HeaderError::Missing { line: 1, .. }),
            "{error}"
        );
    }

    #[test]
    fn the_body_is_not_looked_at() {
        let header = identity("//! One\n//!\n//! Revision ID: a\n\nthis does not compile").unwrap();
        assert_eq!(header.id.as_str(), "a");
    }
}
