//! SQL text as SQLite reads it: a cursor over tokens, names out of their quotes, and expressions in one canonical spelling.
//! This file knows no table.

use super::words;
use crate::sql::split::{Flavor, Token, TokenKind, tokens};

/// The tokens that mean something: no white space, no comments.
pub(super) fn significant(sql: &str) -> Result<Vec<Token>, String> {
    let all = tokens(sql, Flavor::Sqlite).map_err(|error| error.to_string())?;
    Ok(all.into_iter().filter(is_significant).collect())
}

fn is_significant(token: &Token) -> bool {
    !matches!(
        token.kind,
        TokenKind::Space | TokenKind::LineComment | TokenKind::BlockComment
    )
}

/// A name out of its quotes, if the token can be one. SQLite takes a string literal as a name too where only a name can stand.
pub(super) fn unquote(text: &str) -> Option<String> {
    let inner = |close: char| {
        let inner = text.get(1..text.len().checked_sub(1)?)?;
        Some(inner.replace(&format!("{close}{close}"), &close.to_string()))
    };
    match text.chars().next()? {
        quote @ ('"' | '`' | '\'') => inner(quote),
        '[' => Some(text.get(1..text.len().checked_sub(1)?)?.to_string()),
        first if first.is_alphabetic() || first == '_' || !first.is_ascii() => {
            (!text.ends_with('\'')).then(|| text.to_string())
        }
        _ => None,
    }
}

/// Whether two names are the same to SQLite, which folds the case of ASCII letters alone.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// A position in the significant tokens of a text.
#[derive(Clone)]
pub(super) struct Cursor<'t> {
    pub sql: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(sql: &'t str) -> Result<Self, String> {
        Ok(Self {
            sql,
            tokens: significant(sql)?,
            at: 0,
        })
    }

    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The text of the token at hand.
    pub fn text(&self) -> &'t str {
        self.ahead(0)
    }

    /// The text of the token that stands so many further on; nothing behind the end.
    pub fn ahead(&self, by: usize) -> &'t str {
        let token = self.tokens.get(self.at + by);
        token.map_or("", |it| &self.sql[it.start..it.end])
    }

    /// Where the token at hand starts.
    pub fn start(&self) -> usize {
        self.peek().map_or(self.sql.len(), |it| it.start)
    }

    /// Where the token before ended.
    pub fn end(&self) -> usize {
        match self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
            Some(token) => token.end,
            None => 0,
        }
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// Whether the word stands here, unquoted.
    pub fn is(&self, word: &str) -> bool {
        self.text().eq_ignore_ascii_case(word)
    }

    /// Steps over the words if they stand here, one after the other.
    pub fn eat(&mut self, words: &[&str]) -> bool {
        let mut offsets = words.iter().enumerate();
        let found = offsets.all(|(by, word)| self.ahead(by).eq_ignore_ascii_case(word));
        if found {
            self.at += words.len();
        }
        found
    }

    pub fn need(&mut self, word: &str) -> Result<(), String> {
        match self.eat(&[word]) {
            true => Ok(()),
            false => Err(self.unexpected(&format!("`{word}`"))),
        }
    }

    /// What to say when something else stands here than what was expected.
    pub fn unexpected(&self, expected: &str) -> String {
        match self.text() {
            "" => format!("its definition ends where {expected} should stand"),
            text => format!("its definition has `{text}` where {expected} should stand"),
        }
    }

    /// A name, out of its quotes.
    pub fn name(&mut self) -> Result<String, String> {
        let name = match self.peek().map(|it| it.kind) {
            Some(TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String) => {
                unquote(self.text())
            }
            _ => None,
        };
        let name = name.ok_or_else(|| self.unexpected("a name"))?;
        self.advance();
        Ok(name)
    }

    /// What stands in the parentheses that open here, to be read by a cursor of its own or taken as text.
    pub fn group(&mut self) -> Result<&'t str, String> {
        self.need("(")?;
        let start = self.end();
        let mut depth = 1;
        while let Some(token) = self.peek() {
            let token = *token;
            match &self.sql[token.start..token.end] {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            self.advance();
            if depth == 0 {
                return Ok(&self.sql[start..token.start]);
            }
        }
        Err(self.unexpected("`)`"))
    }

    /// Whether the token at hand touches the one before: a sign and its number, `x` and its string.
    pub fn touches(&self) -> bool {
        self.start() == self.end()
    }
}

/// The text between top-level commas.
pub(super) fn split_commas(sql: &str) -> Result<Vec<&str>, String> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for token in significant(sql)? {
        match &sql[token.start..token.end] {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&sql[start..token.start]);
                start = token.end;
            }
            _ => {}
        }
    }
    parts.push(&sql[start..]);
    Ok(parts)
}

/// An expression without the parentheses, the white space and the comments that surround all of it.
pub(super) fn bare(sql: &str) -> &str {
    let Ok(tokens) = significant(sql) else {
        return sql.trim();
    };
    let (mut first, mut last) = (0, tokens.len());
    while last > first + 1 && closes(sql, &tokens[first..last]) == Some(last - first - 1) {
        first += 1;
        last -= 1;
    }
    match (
        tokens.get(first),
        last.checked_sub(1).and_then(|at| tokens.get(at)),
    ) {
        (Some(from), Some(to)) if first < last => &sql[from.start..to.end],
        _ => sql.trim(),
    }
}

/// Where the parenthesis closes that the first token opens.
fn closes(sql: &str, tokens: &[Token]) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match &sql[token.start..token.end] {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then_some(at);
        }
    }
    None
}

/// An expression in the spelling in which it is compared: keywords and names in lower case, names without quotes where they
/// need none, one space between tokens, no comments, no parentheses around the whole. Text that cannot be read stays as it is.
pub(super) fn canonical(sql: &str) -> String {
    let sql = bare(sql);
    let Ok(tokens) = significant(sql) else {
        return sql.to_string();
    };
    let mut units: Vec<String> = Vec::new();
    let mut before: Option<Token> = None;
    for token in tokens {
        let word = canonical_token(token.kind, &sql[token.start..token.end]);
        let glued = before.is_some_and(|it| it.end == token.start && glues(sql, it, token));
        match units.last_mut().filter(|_| glued) {
            Some(unit) => *unit += &word,
            None => units.push(word),
        }
        before = Some(token);
    }
    let same = |unit: &String| match unit.as_str() {
        "!=" => "<>".to_string(),
        "==" => "=".to_string(),
        other => other.to_string(),
    };
    units.iter().map(same).collect::<Vec<_>>().join(" ")
}

fn canonical_token(kind: TokenKind, text: &str) -> String {
    match kind {
        TokenKind::String if text.starts_with('\'') => text.to_string(),
        TokenKind::QuotedIdent => {
            let name = unquote(text).unwrap_or_default().to_ascii_lowercase();
            crate::sql::quote_if_needed(&name, super::words::is_reserved)
        }
        _ => text.to_ascii_lowercase(),
    }
}

/// Whether two tokens that touch are one to SQLite: `<=`, `->>`, `x'00'`, `1.5e+3`. A lexer that gives single characters, or
/// numbers in pieces, would otherwise make `a<=b` and `a <= b` differ.
fn glues(sql: &str, left: Token, right: Token) -> bool {
    let operator = |token: Token| {
        let text = &sql[token.start..token.end];
        token.kind == TokenKind::Symbol && text.chars().all(|c| "<>=!|&-".contains(c))
    };
    let number = |token: Token| {
        let text = &sql[token.start..token.end];
        token.kind == TokenKind::Number || text == "."
    };
    let left_text = &sql[left.start..left.end];
    (operator(left) && operator(right) && !sql[..right.end].ends_with("--"))
        || (number(left) && number(right))
        || (left.kind == TokenKind::Word && right.kind == TokenKind::String)
        || (left.kind == TokenKind::Number && left_text.ends_with(['e', 'E']))
}

/// A default in the spelling in which it is compared; none for `NULL`, which is the same as no default.
pub(super) fn canonical_default(sql: &str) -> Option<String> {
    let text = bare(sql);
    if let Some(string) = name_as_string(text) {
        return Some(string);
    }
    let canonical = canonical(text);
    match canonical.as_str() {
        "null" => None,
        "true" => Some("1".into()),
        "false" => Some("0".into()),
        other => Some(other.strip_prefix("+ ").unwrap_or(other).to_string()),
    }
}

/// As a default, a name in double quotes is a string (<https://www.sqlite.org/quirks.html#dblquote>): in the quotes of one.
pub(super) fn name_as_string(text: &str) -> Option<String> {
    let is_name = text.starts_with('"') && significant(text).is_ok_and(|it| it.len() == 1);
    let inner = unquote(text).filter(|_| is_name)?;
    Some(format!("'{}'", inner.replace('\'', "''")))
}

/// What a default is made of, as far as `CREATE TABLE` and `ADD COLUMN` ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DefaultKind {
    /// A literal: needs no parentheses, and may be added to a table that has rows.
    Literal,
    /// `CURRENT_TIMESTAMP` and its kind: needs no parentheses, and may not.
    Clock,
    /// An expression.
    Expression,
}

/// Which kind a default is, by its text without surrounding parentheses.
pub(super) fn default_kind(sql: &str) -> DefaultKind {
    if name_as_string(sql).is_some() {
        return DefaultKind::Literal;
    }
    let text = canonical(sql);
    if ["current_timestamp", "current_date", "current_time"].contains(&text.as_str()) {
        return DefaultKind::Clock;
    }
    if ["null", "true", "false"].contains(&text.as_str()) || is_number(&text) || is_string(&text) {
        return DefaultKind::Literal;
    }
    DefaultKind::Expression
}

fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text).trim_start();
    let hex = text.strip_prefix("0x");
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && (text.parse::<f64>().is_ok()
            || hex.is_some_and(|it| u64::from_str_radix(it, 16).is_ok()))
}

fn is_string(text: &str) -> bool {
    let text = text.strip_prefix('x').unwrap_or(text);
    text.starts_with('\'') && significant(text).is_ok_and(|it| it.len() == 1)
}

/// The text without the table's name before its columns: `patients.age` is `age` within the table's own definition, and stays
/// true while the table has another name.
pub(super) fn unqualified(sql: &str, table: &str) -> String {
    let tokens = significant(sql).unwrap_or_default();
    let mut out = String::new();
    let mut from = 0;
    for pair in tokens.windows(2) {
        let [name, dot] = pair else {
            continue;
        };
        let is_table = name.kind != TokenKind::String
            && unquote(&sql[name.start..name.end]).is_some_and(|it| same_name(&it, table));
        if is_table && &sql[dot.start..dot.end] == "." {
            out += &sql[from..name.start];
            from = dot.end;
        }
    }
    out + &sql[from..]
}

/// Whether a text mentions a name, as a word or in quotes of any kind.
pub(super) fn mentions(sql: &str, name: &str) -> bool {
    names_in(sql).iter().any(|it| same_name(it, name))
}

/// Every word that may be a name, and every quoted name of a text; what cannot be read mentions all of its words.
pub(super) fn names_in(sql: &str) -> Vec<String> {
    let Ok(tokens) = significant(sql) else {
        let words = sql.split(|c: char| !c.is_alphanumeric() && c != '_');
        return words.map(str::to_string).collect();
    };
    let named = tokens.iter().filter(|it| match it.kind {
        TokenKind::Word => !words::is_never_a_name(&sql[it.start..it.end]),
        kind => kind == TokenKind::QuotedIdent,
    });
    named
        .filter_map(|it| unquote(&sql[it.start..it.end]))
        .collect()
}

/// Whether a query or a trigger mentions a column of this name. What stands before a dot is a table, or the row of a trigger; what
/// stands behind some words can only be a table.
pub(super) fn mentions_column(sql: &str, name: &str) -> bool {
    let Ok(tokens) = significant(sql) else {
        return mentions(sql, name);
    };
    let text = |it: &Token| &sql[it.start..it.end];
    tokens.iter().enumerate().any(|(at, token)| {
        let qualifies = tokens.get(at + 1).is_some_and(|it| text(it) == ".");
        let before = at.checked_sub(1).map_or("", |it| text(&tokens[it]));
        let mut words = ["from", "join", "into", "update"].iter();
        let is_table = words.any(|it| before.eq_ignore_ascii_case(it));
        !qualifies && !is_table && mentions(text(token), name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_that_mean_the_same_are_spelled_the_same() {
        for (a, b) in [
            ("(a>0)", "A > 0"),
            ("((\"a\") >= 1)", "([A]) >= 1 -- why"),
            ("length( name )<>0", "LENGTH(name) != 0"),
            ("a == x'00'", "a=X'00'"),
            ("a IN ('x','y')", "a in ('x', 'y')"),
            ("CURRENT_TIMESTAMP", "current_timestamp"),
        ] {
            assert_eq!(canonical(a), canonical(b));
        }
        for (a, b) in [
            ("a = 'X'", "a = 'x'"),
            ("(a) + (b)", "a) + (b"),
            ("1 - -1", "1 - 1"),
        ] {
            assert_ne!(canonical(a), canonical(b));
        }
    }

    #[test]
    fn canonical_text_is_its_own_canonical_text() {
        for sql in [
            "((a<=b))",
            "\"my col\" || 'x''y'",
            "-1.5e+3",
            "a ->> '$.b'",
            "(",
            "'",
        ] {
            assert_eq!(canonical(&canonical(sql)), canonical(sql));
        }
    }

    #[test]
    fn defaults() {
        assert_eq!(canonical_default("NULL"), None);
        assert_eq!(canonical_default("(TRUE)"), canonical_default("1"));
        assert_eq!(canonical_default("\"Abc\""), Some("'Abc'".into()));
        for literal in [
            "1", "-1", "+ 2", "1.5", "'a''b'", "x'00'", "NULL", "(0)", "0x1F",
        ] {
            assert_eq!(default_kind(literal), DefaultKind::Literal, "{literal}");
        }
        for expression in ["lower('x')", "1 + 1", "'a' || 'b'", "now()", "-a"] {
            assert_eq!(
                default_kind(expression),
                DefaultKind::Expression,
                "{expression}"
            );
        }
        assert_eq!(default_kind("Current_Date"), DefaultKind::Clock);
    }
}
