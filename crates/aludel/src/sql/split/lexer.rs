//! SQL text cut into tokens: the smallest parts that can be told apart without grammar.
//!
//! Each token is read once and never again, so that the time grows with the text and not faster.

mod mysql;
mod strings;

use super::{Flavor, SplitError};

/// One token of SQL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// The line on which it starts, counted from 1.
    pub line: usize,
}

impl Token {
    /// The part of the text that this token is.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A keyword or an unquoted name.
    Word,
    /// A name in quotes: `"a"`, `` `a` ``, `[a]`.
    QuotedIdent,
    /// A string in quotes, with its prefix: `'a'`, `E'a'`, and `"a"` on MySQL.
    String,
    /// A string between dollars: `$$a$$`, `$tag$a$tag$`.
    DollarString,
    /// A number.
    Number,
    /// A named parameter of SQLite: `:a`, or as Tcl writes variables, where parentheses may hold anything: `$a::b(;)`.
    Variable,
    /// One character of punctuation.
    Symbol,
    /// A comment up to the end of its line, which is not part of it.
    LineComment,
    /// A comment between `/*` and `*/`.
    BlockComment,
    /// A comment that MySQL executes: `/*!80013 ... */`.
    ExecutableComment,
    /// White space.
    Space,
    /// A line for the client: MySQL's `DELIMITER //`.
    Command,
    /// The end of a statement where `DELIMITER` has set another mark than a semicolon.
    Terminator,
}

impl TokenKind {
    /// Whether a server sees nothing of it: white space and comments.
    pub fn is_silent(self) -> bool {
        matches!(self, Self::Space | Self::LineComment | Self::BlockComment)
    }
}

/// Cuts a text into tokens. Together they are the whole text.
///
/// # Errors
///
/// [`SplitError::Unterminated`] if a string, a quoted name, a comment or a dollar quote is not closed, and what else of
/// [`SplitError`] is about a single token.
pub fn tokens(text: &str, flavor: Flavor) -> Result<Vec<Token>, SplitError> {
    Lexer::new(text, flavor).collect()
}

/// What a server's settings change about quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Whether a backslash escapes in a string without prefix: PostgreSQL's `standard_conforming_strings`, MySQL's
    /// `NO_BACKSLASH_ESCAPES`.
    escapes: bool,
    /// Whether double quotes hold names on MySQL, by `ANSI_QUOTES`.
    ansi: bool,
}

impl Reading {
    /// How a server reads that was left as it came.
    fn usual(flavor: Flavor) -> Self {
        Self {
            escapes: flavor == Flavor::Mysql,
            ansi: false,
        }
    }

    /// How else servers can be told to read.
    pub(super) fn others(flavor: Flavor) -> &'static [Self] {
        const fn reading(escapes: bool, ansi: bool) -> Reading {
            Reading { escapes, ansi }
        }
        match flavor {
            Flavor::Sqlite => &[],
            Flavor::Postgres => &const { [reading(true, false)] },
            Flavor::Mysql => {
                &const {
                    [
                        reading(false, false),
                        reading(true, true),
                        reading(false, true),
                    ]
                }
            }
        }
    }
}

/// Reads one token after the other, and nothing after an error.
#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    flavor: Flavor,
    reading: Reading,
    at: usize,
    line: usize,
    /// What MySQL's `DELIMITER` has set, unless it is the semicolon.
    delimiter: Option<&'a str>,
    /// Whether a statement could begin here.
    at_start: bool,
    /// Behind one of PostgreSQL's `E'...'`, which another string on a later line continues: whether that line has begun.
    continues: Option<bool>,
    /// Whether MySQL's `LANGUAGE` has just been read, or has named another language than SQL.
    language: mysql::Language,
    /// Whether the text is inside of a comment that MySQL executes.
    inside: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, flavor: Flavor) -> Self {
        Self {
            text,
            flavor,
            reading: Reading::usual(flavor),
            at: 0,
            line: 1,
            delimiter: None,
            at_start: true,
            continues: None,
            language: mysql::Language::Sql,
            inside: false,
        }
    }

    /// Reads as a server with other settings would.
    pub(super) fn reading(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// Whether statements end at a mark that `DELIMITER` has set.
    pub(super) fn has_own_delimiter(&self) -> bool {
        self.delimiter.is_some()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn is(&self, flavor: Flavor) -> bool {
        self.flavor == flavor
    }

    /// Moves over one token and tells what it was. At least one character is left.
    fn token(&mut self) -> Result<TokenKind, SplitError> {
        let rest = self.rest();
        if let Some(delimiter) = self.delimiter.filter(|mark| rest.starts_with(*mark)) {
            self.at += delimiter.len();
            return Ok(TokenKind::Terminator);
        }
        let mysql = self.is(Flavor::Mysql);
        let names = TokenKind::QuotedIdent;
        match rest.chars().next().unwrap_or(' ') {
            BYTE_ORDER_MARK if self.at == 0 || self.is(Flavor::Sqlite) => {
                Ok(self.symbol(TokenKind::Space))
            }
            c if is_space(c) => Ok(self.run(TokenKind::Space, is_space)),
            '-' if self.starts_line_comment(rest) => Ok(self.line_comment()),
            '#' if mysql => Ok(self.line_comment()),
            '/' if rest.starts_with("/*") => self.comment(),
            '\'' => self.string(),
            '"' if mysql && !self.reading.ansi => {
                self.quoted('"', self.reading.escapes, TokenKind::String)
            }
            '"' => self.quoted('"', false, names),
            '`' if !self.is(Flavor::Postgres) => self.quoted('`', false, names),
            '[' if self.is(Flavor::Sqlite) => self.bracketed(),
            '$' | '@' | ':' | '#' if self.is(Flavor::Sqlite) => Ok(self.variable()),
            '$' if self.takes_dollar_quotes() => self.dollar(),
            c if c.is_ascii_digit() => Ok(self.number()),
            c if starts_word(c) || (mysql && c == '$') => self.word(),
            _ => Ok(self.symbol(TokenKind::Symbol)),
        }
    }

    fn symbol(&mut self, kind: TokenKind) -> TokenKind {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        kind
    }

    fn run(&mut self, kind: TokenKind, member: impl Fn(char) -> bool) -> TokenKind {
        let rest = self.rest();
        self.at += rest.find(|c| !member(c)).unwrap_or(rest.len());
        kind
    }

    /// MySQL wants white space behind the dashes: `5--2` is 7 there (manual, "'--' as the Start of a Comment"). But no statement begins
    /// with a minus, and there its client takes two for a comment, too.
    fn starts_line_comment(&self, rest: &str) -> bool {
        rest.strip_prefix("--").is_some_and(|behind| {
            let blank = |c: char| is_space(c) || c.is_ascii_control();
            !self.is(Flavor::Mysql)
                || behind.chars().next().is_none_or(blank)
                || (self.at_start && !self.inside)
        })
    }

    /// For PostgreSQL, a lone carriage return ends a line, too.
    fn line_comment(&mut self) -> TokenKind {
        let postgres = self.is(Flavor::Postgres);
        self.run(TokenKind::LineComment, |c| {
            c != '\n' && !(postgres && c == '\r')
        })
    }

    fn comment(&mut self) -> Result<TokenKind, SplitError> {
        if self.is(Flavor::Mysql) && !self.inside && mysql::is_executable(self.rest()) {
            return self.executable_comment();
        }
        let nested = if self.is(Flavor::Postgres) {
            usize::MAX
        } else {
            1
        };
        let end = comment_end(self.rest(), nested).ok_or_else(|| self.unterminated("comment"))?;
        self.at += end;
        Ok(TokenKind::BlockComment)
    }

    /// `$a`, `:a`, `@a`, `#a`, with `::` and parentheses as Tcl writes variables (SQLite's `tokenize.c`). The parentheses hold anything but
    /// white space.
    fn variable(&mut self) -> TokenKind {
        let rest = self.rest();
        let mut end = 1;
        loop {
            let behind = &rest[end..];
            let name = behind.find(|c| !continues_word(c)).unwrap_or(behind.len());
            end += name;
            if !rest[end..].starts_with("::") {
                break;
            }
            end += 2;
        }
        if end == 1 {
            return self.symbol(TokenKind::Symbol);
        }
        let named = rest[1..end].chars().any(continues_word);
        if !named || !rest[end..].starts_with('(') {
            self.at += end;
            return TokenKind::Variable;
        }
        let inside = &rest[end..];
        let close = inside.find(|c| is_space(c) || c == ')');
        self.at += end
            + close.map_or(inside.len(), |at| {
                at + usize::from(inside[at..].starts_with(')'))
            });
        TokenKind::Variable
    }

    /// Digits, a fraction, an exponent. What follows without a gap is a word to PostgreSQL (before version 15: `1a` is 1 named
    /// a), part of a name to MySQL, and an error to SQLite.
    fn number(&mut self) -> TokenKind {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut end = 0;
        while digit(end)
            || bytes.get(end) == Some(&b'.')
            || (bytes.get(end) == Some(&b'_') && digit(end + 1))
        {
            end += 1;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if digit(end + 1 + sign) {
                end += 1 + sign;
                while digit(end) {
                    end += 1;
                }
            }
        }
        let radix = bytes[0] == b'0'
            && matches!(bytes.get(1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B'));
        if radix || !self.is(Flavor::Postgres) {
            let tail = &rest[end..];
            end += tail.find(|c| !continues_word(c)).unwrap_or(tail.len());
        }
        self.at += self.up_to_delimiter(end);
        TokenKind::Number
    }

    /// A word, or what a word announces: a string with a prefix, or a line for the client.
    fn word(&mut self) -> Result<TokenKind, SplitError> {
        let rest = self.rest();
        let end = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
        if self.is(Flavor::Mysql)
            && let Some(kind) = self.delimiter_line(&rest[..end], &rest[end..])?
        {
            return Ok(kind);
        }
        let (word, behind) = rest.split_at(self.up_to_delimiter(end));
        self.at += word.len();
        if behind.starts_with('\'')
            && let Some(escapes) = self.prefix_of_string(word)
        {
            if word.eq_ignore_ascii_case("e") {
                return self.escape_string();
            }
            return self.quoted('\'', escapes, TokenKind::String);
        }
        Ok(TokenKind::Word)
    }

    fn unterminated(&self, what: &'static str) -> SplitError {
        SplitError::Unterminated {
            what,
            line: self.line,
        }
    }

    /// Remembers of a token what the next ones depend on.
    fn pass(&mut self, token: &Token) {
        let text = token.text(self.text);
        let lines = text.matches('\n').count();
        self.line += lines;
        self.pass_string(token.kind, text);
        if !token.kind.is_silent() {
            let ends = matches!(token.kind, TokenKind::Command | TokenKind::Terminator);
            self.at_start = ends || (text == ";" && self.delimiter.is_none());
            self.pass_language(token.kind, text);
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Result<Token, SplitError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        let kind = match self.token() {
            Ok(kind) => kind,
            Err(error) => {
                self.at = self.text.len();
                return Some(Err(error));
            }
        };
        let token = Token {
            kind,
            start,
            end: self.at,
            line,
        };
        self.pass(&token);
        Some(Ok(token))
    }
}

/// Where a comment that the text starts with ends, if comments in it count up to the given depth.
fn comment_end(text: &str, deepest: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (1_usize, 2);
    while depth > 0 {
        match bytes.get(at..at + 2)? {
            b"/*" if depth < deepest => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    Some(at)
}

/// Some editors put it in front of a file. Clients take it away; in the middle of a text it is part of a name, except on SQLite.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// No server takes anything outside of ASCII for white space: a no-break space is part of a name.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

fn starts_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_ascii_digit() || c == '$'
}
