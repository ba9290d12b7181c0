//! Pieces: the tokens of an expression or type, each in one spelling, without white space and comments.

use super::words;
use crate::sql::split::{Flavor, TokenKind, tokens};

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name.
    Word,
    /// A string, as [`string_literal`] writes it, or as it stands if its escapes are not simple ones.
    String,
    /// A number.
    Number,
    /// An operator or other punctuation.
    Symbol,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub kind: Kind,
    pub text: String,
}

impl Piece {
    pub(super) fn symbol(text: &str) -> Self {
        Self {
            kind: Kind::Symbol,
            text: text.to_string(),
        }
    }

    pub(super) fn word(text: &str) -> Self {
        Self {
            kind: Kind::Word,
            text: text.to_string(),
        }
    }
}

/// Text as a literal that means the same whatever `standard_conforming_strings` is
/// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE>).
pub(super) fn string_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    match text.contains('\\') {
        true => format!("E'{}'", doubled.replace('\\', "\\\\")),
        false => format!("'{doubled}'"),
    }
}

/// The pieces of a text, or none if it does not even read as tokens.
pub(super) fn read(text: &str) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut end = 0;
    for token in tokens(text, Flavor::Postgres).ok()? {
        if token.kind.is_silent() {
            continue;
        }
        let source = token.text(text);
        let adjacent = end == token.start;
        end = token.end;
        let (kind, spelled) = match token.kind {
            TokenKind::Word => (Kind::Word, source.to_lowercase()),
            TokenKind::QuotedIdent => (Kind::Word, requoted(source)),
            TokenKind::Number => (Kind::Number, source.to_lowercase()),
            TokenKind::String | TokenKind::DollarString => (Kind::String, restrung(source)),
            _ => (Kind::Symbol, source.to_string()),
        };
        match pieces.last_mut() {
            Some(last) if adjacent && kind == Kind::Symbol && joins(&last.text, &spelled) => {
                last.text += &spelled;
            }
            _ => pieces.push(Piece {
                kind,
                text: spelled,
            }),
        }
    }
    Some(pieces)
}

/// Pieces as one text: apart by one space, but for the parts of a qualified name.
pub(super) fn join(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut dot = true;
    for piece in pieces {
        let is_dot = piece.kind == Kind::Symbol && piece.text == ".";
        if !dot && !is_dot {
            out.push(' ');
        }
        out += &piece.text;
        dot = is_dot;
    }
    out
}

const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";

/// Whether two adjacent symbols are one operator. One that ends in a sign must hold a character that no arithmetic has
/// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-OPERATORS>): `=-` is two.
fn joins(last: &str, next: &str) -> bool {
    if last == ":" && next == ":" {
        return true;
    }
    let operator = |text: &str| !text.is_empty() && text.chars().all(|c| OPERATOR.contains(c));
    let sign = matches!(next, "+" | "-");
    operator(last) && operator(next) && (!sign || last.chars().any(|c| "~!@#%^&|`?".contains(c)))
}

fn requoted(source: &str) -> String {
    match source.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inside) => words::quote(&inside.replace("\"\"", "\"")),
        None => source.to_string(),
    }
}

fn restrung(source: &str) -> String {
    value(source).map_or_else(|| source.to_string(), |it| string_literal(&it))
}

/// The text that a string literal stands for, if its escapes are simple.
fn value(source: &str) -> Option<String> {
    if let Some(rest) = source.strip_prefix('$') {
        let tag = &source[..rest.find('$')? + 2];
        return Some(source.strip_prefix(tag)?.strip_suffix(tag)?.to_string());
    }
    let open = source.find('\'')?;
    let inside = source.get(open + 1..)?.strip_suffix('\'')?;
    match &source[..open] {
        "" => Some(inside.replace("''", "'")),
        "e" | "E" => unescaped(inside),
        _ => None,
    }
}

fn unescaped(inside: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                c @ ('\\' | '\'' | '"') => c,
                _ => return None,
            }),
            '\'' => {
                chars.next();
                out.push('\'');
            }
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        read(text).unwrap().into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn one_spelling_for_each_token() {
        assert_eq!(
            texts("A <>\"a\"::Text -- x"),
            ["a", "<>", "a", "::", "text"]
        );
        assert_eq!(texts("a=-1"), ["a", "=", "-", "1"]);
        assert_eq!(texts("a @>- b"), ["a", "@>-", "b"]);
        assert_eq!(
            texts("E'a\\'b' $x$a'b$x$ 'a''b'"),
            ["'a''b'", "'a''b'", "'a''b'"]
        );
        assert_eq!(texts("E'\\\\' \"Ab\""), ["E'\\\\'", "\"Ab\""]);
        assert!(read("'open").is_none());
        assert_eq!(join(&read("a . B='c . d'").unwrap()), "a.b = 'c . d'");
    }
}
