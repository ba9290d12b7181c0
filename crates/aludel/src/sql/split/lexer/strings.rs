//! Strings and quoted names: what closes them.

use super::{Lexer, TokenKind, continues_word, starts_word};
use crate::sql::split::{Flavor, SplitError};

impl Lexer<'_> {
    /// A string without a prefix. PostgreSQL reads one that continues `E'...'` on a later line as its kind (manual, "String Constants").
    pub(super) fn string(&mut self) -> Result<TokenKind, SplitError> {
        if self.continues == Some(true) {
            return self.escape_string();
        }
        self.quoted('\'', self.reading.escapes, TokenKind::String)
    }

    /// The quotes of PostgreSQL's `E'...'`.
    pub(super) fn escape_string(&mut self) -> Result<TokenKind, SplitError> {
        let kind = self.quoted('\'', true, TokenKind::String)?;
        // `pass_string`, which sees every token, must know this one.
        self.continues = Some(false);
        Ok(kind)
    }

    /// Between a string and the one that continues it there is white space with a line's end, and comments up to one.
    pub(super) fn pass_string(&mut self, kind: TokenKind, text: &str) {
        self.continues = match (self.continues, kind) {
            (Some(_), TokenKind::Space) if text.contains(['\n', '\r']) => Some(true),
            (before, TokenKind::Space | TokenKind::LineComment) => before,
            // A string that was just read says so itself; another one would have begun with `Some(true)`.
            (Some(false), TokenKind::String) => Some(false),
            _ => None,
        };
    }

    /// Whether a word makes one string with the quotes behind it, and if so, whether backslashes escape in them.
    pub(super) fn prefix_of_string(&self, word: &str) -> Option<bool> {
        match (self.flavor, word) {
            (Flavor::Postgres, "e" | "E") => Some(true),
            (Flavor::Postgres, "b" | "B" | "x" | "X") => Some(false),
            (Flavor::Postgres | Flavor::Mysql, "n" | "N") => Some(self.reading.escapes),
            (Flavor::Mysql, "b" | "B" | "x" | "X") => Some(self.reading.escapes),
            (Flavor::Sqlite, "x" | "X") => Some(false),
            _ => None,
        }
    }

    /// From the quote at the current place to its partner; a doubled quote stands for one.
    pub(super) fn quoted(
        &mut self,
        quote: char,
        escapes: bool,
        kind: TokenKind,
    ) -> Result<TokenKind, SplitError> {
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((i, c)) = chars.next() {
            if c == '\\' && escapes {
                chars.next();
            } else if c == quote && chars.next_if(|&(_, next)| next == quote).is_none() {
                self.at += i + c.len_utf8();
                return Ok(kind);
            }
        }
        let what = if kind == TokenKind::String {
            "string"
        } else {
            "quoted name"
        };
        Err(self.unterminated(what))
    }

    pub(super) fn bracketed(&mut self) -> Result<TokenKind, SplitError> {
        let end = self
            .rest()
            .find(']')
            .ok_or_else(|| self.unterminated("quoted name"))?;
        self.at += end + 1;
        Ok(TokenKind::QuotedIdent)
    }

    /// `$$` or `$tag$`, up to the same again; any other dollar is a symbol, as in `$1`.
    pub(super) fn dollar(&mut self) -> Result<TokenKind, SplitError> {
        let rest = self.rest();
        let inside = &rest[1..];
        let tag = match inside.chars().next() {
            Some(c) if starts_word(c) => inside
                .find(|c| c == '$' || !continues_word(c))
                .unwrap_or(inside.len()),
            _ => 0,
        };
        if !inside[tag..].starts_with('$') {
            return Ok(self.symbol(TokenKind::Symbol));
        }
        let (mark, body) = rest.split_at(tag + 2);
        let end = body
            .find(mark)
            .ok_or_else(|| self.unterminated("dollar quote"))?;
        self.at += mark.len() + end + mark.len();
        Ok(TokenKind::DollarString)
    }
}
