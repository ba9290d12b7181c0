//! TEMPORARY: to be replaced by the real splitter and lexer, which have this interface.
use std::fmt;
/// Which rules a script is split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Flavor {
    Sqlite,
    Postgres,
    Mysql,
}
/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TokenKind {
    Word,
    QuotedIdent,
    String,
    DollarString,
    Number,
    Symbol,
    LineComment,
    BlockComment,
    Space,
}
/// Why a text cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("unterminated at line {0}")]
pub struct SplitError(usize);
/// A token: `start..end` in bytes, line from 1. Symbols are single characters.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
    pub line: usize,
}
/// All tokens, white space and comments included, without gaps.
pub fn tokens(text: &str, _: Flavor) -> Result<Vec<Token>, SplitError> {
    let bytes = text.as_bytes();
    let mut out: Vec<Token> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let rest = &text[at..];
        let c = bytes[at];
        let quoted = |close: char| -> Option<usize> {
            let mut chars = rest.char_indices().skip(1).peekable();
            while let Some((i, c)) = chars.next() {
                if c == close {
                    if close != ']' && chars.peek().is_some_and(|(_, c)| *c == close) {
                        chars.next();
                    } else {
                        return Some(i + c.len_utf8());
                    }
                }
            }
            None
        };
        let while_ = |f: &dyn Fn(char) -> bool| rest.find(|c| !f(c)).unwrap_or(rest.len());
        let (kind, len) = if c.is_ascii_whitespace() {
            (TokenKind::Space, while_(&|c: char| c.is_ascii_whitespace()))
        } else if rest.starts_with("--") {
            (
                TokenKind::LineComment,
                rest.find('\n').unwrap_or(rest.len()),
            )
        } else if rest.starts_with("/*") {
            (
                TokenKind::BlockComment,
                rest.find("*/").ok_or(SplitError(line))? + 2,
            )
        } else if c == b'\'' {
            (TokenKind::String, quoted('\'').ok_or(SplitError(line))?)
        } else if c == b'"' || c == b'`' {
            (
                TokenKind::QuotedIdent,
                quoted(c as char).ok_or(SplitError(line))?,
            )
        } else if c == b'[' {
            (TokenKind::QuotedIdent, quoted(']').ok_or(SplitError(line))?)
        } else if c.is_ascii_digit() {
            (
                TokenKind::Number,
                while_(&|c: char| c.is_ascii_alphanumeric() || c == '.'),
            )
        } else if c.is_ascii_alphabetic() || c == b'_' || c >= 128 {
            (
                TokenKind::Word,
                while_(&|c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()),
            )
        } else {
            (TokenKind::Symbol, 1)
        };
        out.push(Token {
            kind,
            start: at,
            end: at + len,
            line,
        });
        line += text[at..at + len].matches('\n').count();
        at += len;
    }
    Ok(out)
}
