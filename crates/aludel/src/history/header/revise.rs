//! Writing another `Revises` into a file that exists, and leaving every other byte of it alone.

use super::{Header, HeaderError, Key, Line, Syntax, classify, comment_lines};
use crate::revision::RevisionId;

impl Header {
    /// The text of a file whose revision follows these ones instead; all else stays byte for byte.
    ///
    /// ```
    /// use aludel::history::{Header, Syntax};
    /// use aludel::revision::RevisionId;
    ///
    /// let text = "-- Add bills\n--\n-- Revision ID: c3\n-- Revises: a1\n\n-- migrate:up\n";
    /// let onto = [RevisionId::new("b2")?];
    /// assert_eq!(Header::revise(text, Syntax::Sql, &onto)?, text.replace("a1", "b2"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Header::parse`], and [`HeaderError::Extra`] if a revision is named twice.
    pub fn revise(text: &str, syntax: Syntax, down: &[RevisionId]) -> Result<String, HeaderError> {
        Self::parse(text, syntax)?;
        let (mut id, mut revises) = (None, None);
        for (number, content) in comment_lines(text, syntax)? {
            match classify(content, id.is_some() || revises.is_some()) {
                Line::Key(Key::RevisionId, _) => id = Some(number - 1),
                Line::Key(Key::Revises, _) => revises = Some(number - 1),
                _ => {}
            }
        }
        let names: Vec<&str> = down.iter().map(RevisionId::as_str).collect();
        let names = names.join(", ");
        let mut revised = String::with_capacity(text.len() + names.len());
        for (at, line) in text.split_inclusive('\n').enumerate() {
            match () {
                () if revises == Some(at) && down.is_empty() => {}
                () if revises == Some(at) => revised.push_str(&with_value(line, &names)),
                () if revises.is_none() && id == Some(at) && !down.is_empty() => {
                    revised.push_str(&with_line_below(line, &names));
                }
                () => revised.push_str(line),
            }
        }
        Self::parse(&revised, syntax)?;
        Ok(revised)
    }
}

/// `-- Revises: a1` with another value; the white space around it stays.
fn with_value(line: &str, names: &str) -> String {
    let (key, value) = line.split_once(':').unwrap_or((line, ""));
    let before = &value[..value.len() - value.trim_start().len()];
    let after = &value[value.trim_end().len()..];
    format!("{key}:{before}{names}{after}")
}

/// `-- Revision ID: c3`, and below it a line of the same make that names what it follows.
fn with_line_below(line: &str, names: &str) -> String {
    let mark = line.find(|c: char| c.is_alphabetic()).unwrap_or(0);
    let mark = line[..mark].trim_start_matches('\u{feff}');
    let (content, end) = match line.trim_end_matches(['\r', '\n']) {
        whole if whole.len() == line.len() => (line, "\n"),
        content => (content, &line[content.len()..]),
    };
    let last = &line[content.len()..];
    format!("{content}{end}{mark}{}: {names}{last}", Key::Revises)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &str) -> Vec<RevisionId> {
        let names = names.split(' ').filter(|it| !it.is_empty());
        names.map(|it| RevisionId::new(it).unwrap()).collect()
    }

    fn revised(text: &str, names: &str) -> String {
        Header::revise(text, Syntax::Sql, &ids(names)).unwrap()
    }

    #[test]
    fn nothing_else_changes() {
        let text = "\u{feff}--  odd:  \r\n--\r\n-- Revision ID: c3\r\n--Revises:\ta1 , b2  \r\n-- Create Date: x\r\n\r\n-- migrate:up\r\n-- Revises: a1\r\n";
        let expected = text.replace("a1 , b2", "d4");
        assert_eq!(revised(text, "d4"), expected);
        assert_eq!(
            revised(&expected, "a1 b2"),
            text.replace("a1 , b2", "a1, b2")
        );
        assert_eq!(
            revised(text, ""),
            text.replace("--Revises:\ta1 , b2  \r\n", "")
        );
    }

    #[test]
    fn a_base_gets_a_line() {
        assert_eq!(
            revised("-- m\n--\n-- Revision ID: c3\n-- Create Date: x\n", "a1"),
            "-- m\n--\n-- Revision ID: c3\n-- Revises: a1\n-- Create Date: x\n"
        );
        assert_eq!(
            revised("-- Revision ID: c3\r\n", "a1"),
            "-- Revision ID: c3\r\n-- Revises: a1\r\n"
        );
        assert_eq!(
            revised("-- Revision ID: c3", "a1"),
            "-- Revision ID: c3\n-- Revises: a1"
        );
        assert_eq!(
            revised("\u{feff}-- Revision ID: c3\n", "a1"),
            "\u{feff}-- Revision ID: c3\n-- Revises: a1\n"
        );
        let rust = Header::revise(
            "// licence\n\n//! m\n//!\n//! Revision ID: c3\n\nfn a() {}\n",
            Syntax::Rust,
            &ids("a1 b2"),
        );
        assert_eq!(
            rust.unwrap(),
            "// licence\n\n//! m\n//!\n//! Revision ID: c3\n//! Revises: a1, b2\n\nfn a() {}\n"
        );
        assert_eq!(revised("-- Revision ID: c3\n", ""), "-- Revision ID: c3\n");
    }

    #[test]
    fn what_cannot_be_read_cannot_be_revised() {
        assert!(Header::revise("SELECT 1;", Syntax::Sql, &ids("a1")).is_err());
        assert!(Header::revise("-- Revision ID: c3\n", Syntax::Sql, &ids("a1 a1")).is_err());
    }
}
