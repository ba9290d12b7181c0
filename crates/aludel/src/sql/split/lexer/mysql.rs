//! What only MySQL and MariaDB have: `DELIMITER`, comments that are executed, and routines in other languages.

use super::{BYTE_ORDER_MARK, Flavor, Lexer, Token, TokenKind, comment_end, is_space};
use crate::sql::split::SplitError;

/// What is known about the language of the routine that a statement makes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Sql,
    /// The word `LANGUAGE` was read.
    Asked,
    /// It is JavaScript, whose text may stand between dollars (MySQL 9, "JavaScript Stored Programs").
    Other,
}

/// Versions below this one are older than any server that is still kept up: what asks for them is executed everywhere.
/// (MariaDB executes nothing that asks for a MySQL from 5.7 on.)
const ALWAYS: u32 = 50_700;

/// Whether a comment is one that MySQL or MariaDB executes. None has the version 999999: in such a comment, a dump of MariaDB's says
/// something to the client, and servers pass over it.
pub(super) fn is_executable(text: &str) -> bool {
    let inside = text
        .strip_prefix("/*M!")
        .or_else(|| text.strip_prefix("/*!"));
    inside.is_some_and(|it| !it.starts_with("999999"))
}

/// Where the text of an executable comment begins, and whether every server executes it.
fn executed(comment: &str) -> (usize, bool) {
    let mark = if comment.starts_with("/*M") { 4 } else { 3 };
    let digits = comment[mark..]
        .bytes()
        .take(6)
        .take_while(u8::is_ascii_digit)
        .count();
    if digits < 5 {
        return (mark, mark == 3);
    }
    let version: u32 = comment[mark..mark + digits].parse().unwrap_or(ALWAYS);
    (mark + digits, mark == 3 && version < ALWAYS)
}

impl<'a> Lexer<'a> {
    pub(super) fn takes_dollar_quotes(&self) -> bool {
        match self.flavor {
            Flavor::Postgres => true,
            Flavor::Mysql => self.language == Language::Other,
            Flavor::Sqlite => false,
        }
    }

    pub(super) fn pass_language(&mut self, kind: TokenKind, text: &str) {
        self.language = match (self.language, kind) {
            _ if !self.is(Flavor::Mysql) || self.at_start => Language::Sql,
            (Language::Asked, TokenKind::Word) if !text.eq_ignore_ascii_case("sql") => {
                Language::Other
            }
            (Language::Other, _) => Language::Other,
            (_, TokenKind::Word) if text.eq_ignore_ascii_case("language") => Language::Asked,
            _ => Language::Sql,
        };
    }

    /// The client sees its mark in the middle of a word, too: `END$$`. The word at the current place, which ends at the given place,
    /// is cut off there.
    pub(super) fn up_to_delimiter(&self, end: usize) -> usize {
        let Some(mark) = self.delimiter else {
            return end;
        };
        let rest = self.rest();
        let last = rest.floor_char_boundary(end + mark.len() - 1);
        rest[..last].find(mark).map_or(end, |at| at.min(end))
    }

    /// `DELIMITER //`, which goes up to the end of its line. Elsewhere than at a statement's start the word is a name.
    pub(super) fn delimiter_line(
        &mut self,
        word: &str,
        behind: &'a str,
    ) -> Result<Option<TokenKind>, SplitError> {
        let is_alone = behind.chars().next().is_none_or(is_space);
        if self.inside || !word.eq_ignore_ascii_case("delimiter") || !is_alone {
            return Ok(None);
        }
        let line = behind.split('\n').next().unwrap_or(behind);
        let mark = argument(line.trim());
        let before = self.text[..self.at].trim_end_matches([' ', '\t', BYTE_ORDER_MARK]);
        let first_of_line = before.is_empty() || before.ends_with(['\n', '\r']);
        let forgotten = first_of_line && matches!(line.trim(), "//" | "$$");
        match (self.at_start, first_of_line) {
            (true, true) => {}
            (false, _) if !forgotten => return Ok(None),
            // In the middle of a line, clients differ: MariaDB's sees no command there.
            _ => return Err(SplitError::DelimiterInside { line: self.line }),
        }
        if mark.is_empty() || mark.contains('\\') {
            return Err(SplitError::DelimiterWithoutMark { line: self.line });
        }
        self.delimiter = Some(mark).filter(|mark| *mark != ";");
        self.at += word.len() + line.len();
        Ok(Some(TokenKind::Command))
    }

    /// A comment that is executed ends where its statement's text does: `*/` in a string is not its end. A server whose version it is
    /// not for looks for `*/` alone; where the two differ, the text does not tell.
    pub(super) fn executable_comment(&mut self) -> Result<TokenKind, SplitError> {
        let comment = self.rest();
        let (start, always) = executed(comment);
        let lexed = self.executed_end(start);
        if !always && comment_end(comment, 2) != lexed.as_ref().ok().copied() {
            return Err(SplitError::VersionComment { line: self.line });
        }
        self.at += lexed?;
        Ok(TokenKind::ExecutableComment)
    }

    fn executed_end(&self, start: usize) -> Result<usize, SplitError> {
        let mut inside = self.inside_from(self.at + start, self.text);
        while !inside.rest().starts_with("*/") {
            if inside.next().transpose()?.is_none() {
                return Err(self.unterminated("comment"));
            }
        }
        Ok(inside.at + 2 - self.at)
    }

    fn inside_from(&self, at: usize, text: &'a str) -> Self {
        Self {
            text,
            at,
            delimiter: None,
            inside: true,
            ..self.clone()
        }
    }

    /// The tokens in a comment that is executed, and whether every server executes it.
    pub(in crate::sql::split) fn inside(&self, comment: &Token) -> (Self, bool) {
        let (start, always) = executed(comment.text(self.text));
        let mut inside = self.inside_from(comment.start + start, &self.text[..comment.end - 2]);
        inside.line = comment.line;
        (inside, always)
    }
}

/// The mark may stand in quotes.
fn argument(line: &str) -> &str {
    match line.chars().next() {
        Some(quote @ ('\'' | '"' | '`')) => line[1..].split(quote).next().unwrap_or_default(),
        _ => line.split(is_space).next().unwrap_or_default(),
    }
}
