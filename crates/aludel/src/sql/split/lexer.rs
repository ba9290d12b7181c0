//! SQL text cut into tokens: the smallest parts that can be told apart without grammar.

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
/// [`SplitError::Unterminated`] if a string, a quoted name, a comment or a dollar quote is not closed.
pub fn tokens(text: &str, flavor: Flavor) -> Result<Vec<Token>, SplitError> {
    let mut lexer = Lexer {
        text,
        flavor,
        at: 0,
        line: 1,
        delimiter: None,
        at_start: true,
    };
    let mut tokens = Vec::new();
    while lexer.at < text.len() {
        let (start, line) = (lexer.at, lexer.line);
        let kind = lexer.token()?;
        let token = Token {
            kind,
            start,
            end: lexer.at,
            line,
        };
        lexer.line += token.text(text).matches('\n').count();
        if !kind.is_silent() {
            let ends = matches!(kind, TokenKind::Command | TokenKind::Terminator);
            lexer.at_start = ends || (token.text(text) == ";" && lexer.delimiter.is_none());
        }
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    flavor: Flavor,
    at: usize,
    line: usize,
    /// What MySQL's `DELIMITER` has set, unless it is the semicolon.
    delimiter: Option<&'a str>,
    /// Whether a statement could begin here.
    at_start: bool,
}

impl<'a> Lexer<'a> {
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
        match rest.chars().next().unwrap_or(' ') {
            c if is_space(c) => Ok(self.run(TokenKind::Space, is_space)),
            '-' if self.starts_line_comment(rest) => Ok(self.line_comment()),
            '#' if mysql => Ok(self.line_comment()),
            '/' if rest.starts_with("/*") => self.block_comment(),
            '\'' => self.quoted('\'', mysql, TokenKind::String),
            '"' if mysql => self.quoted('"', true, TokenKind::String),
            '"' => self.quoted('"', false, TokenKind::QuotedIdent),
            '`' if !self.is(Flavor::Postgres) => self.quoted('`', false, TokenKind::QuotedIdent),
            '[' if self.is(Flavor::Sqlite) => self.bracketed(),
            '$' if self.is(Flavor::Postgres) => self.dollar(),
            c if c.is_ascii_digit() => Ok(self.number()),
            c if starts_word(c) => self.word(),
            c => {
                self.at += c.len_utf8();
                Ok(TokenKind::Symbol)
            }
        }
    }

    fn run(&mut self, kind: TokenKind, member: impl Fn(char) -> bool) -> TokenKind {
        let rest = self.rest();
        self.at += rest.find(|c| !member(c)).unwrap_or(rest.len());
        kind
    }

    /// MySQL wants white space behind the dashes: `5--2` is 7 there (manual, "'--' as the Start of a Comment").
    fn starts_line_comment(&self, rest: &str) -> bool {
        rest.strip_prefix("--").is_some_and(|behind| {
            !self.is(Flavor::Mysql)
                || behind
                    .chars()
                    .next()
                    .is_none_or(|c| is_space(c) || c.is_control())
        })
    }

    fn line_comment(&mut self) -> TokenKind {
        self.run(TokenKind::LineComment, |c| c != '\n')
    }

    fn block_comment(&mut self) -> Result<TokenKind, SplitError> {
        let rest = self.rest();
        let mut depth = 1_usize;
        let mut at = 2;
        while depth > 0 {
            let behind = &rest[at..];
            if behind.starts_with("/*") && self.is(Flavor::Postgres) {
                depth += 1;
                at += 2;
            } else if behind.starts_with("*/") {
                depth -= 1;
                at += 2;
            } else {
                let c = behind
                    .chars()
                    .next()
                    .ok_or_else(|| self.unterminated("comment"))?;
                at += c.len_utf8();
            }
        }
        self.at += at;
        let executable = rest.starts_with("/*!") || rest.starts_with("/*M!");
        let runs = executable && self.is(Flavor::Mysql);
        Ok(if runs {
            TokenKind::ExecutableComment
        } else {
            TokenKind::BlockComment
        })
    }

    /// From the quote at the current place to its partner; a doubled quote stands for one.
    fn quoted(
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

    fn bracketed(&mut self) -> Result<TokenKind, SplitError> {
        let end = self
            .rest()
            .find(']')
            .ok_or_else(|| self.unterminated("quoted name"))?;
        self.at += end + 1;
        Ok(TokenKind::QuotedIdent)
    }

    /// `$$` or `$tag$`, up to the same again; any other dollar is a symbol, as in `$1`.
    fn dollar(&mut self) -> Result<TokenKind, SplitError> {
        let rest = self.rest();
        let inside = &rest[1..];
        let tag = inside
            .find(|c: char| !continues_tag(c))
            .unwrap_or(inside.len());
        if !inside[tag..].starts_with('$') || inside.starts_with(|c: char| c.is_ascii_digit()) {
            self.at += 1;
            return Ok(TokenKind::Symbol);
        }
        let (mark, body) = rest.split_at(tag + 2);
        let end = body
            .find(mark)
            .ok_or_else(|| self.unterminated("dollar quote"))?;
        self.at += mark.len() + end + mark.len();
        Ok(TokenKind::DollarString)
    }

    fn number(&mut self) -> TokenKind {
        let rest = self.rest();
        let hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
        let mut before = ' ';
        let end = rest.find(|c: char| {
            let sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E') && !hexadecimal;
            before = c;
            !(c.is_alphanumeric() || matches!(c, '_' | '.') || sign)
        });
        self.at += end.unwrap_or(rest.len());
        TokenKind::Number
    }

    /// A word, or what a word announces: a string with a prefix, or a line for the client.
    fn word(&mut self) -> Result<TokenKind, SplitError> {
        let rest = self.rest();
        let end = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        if self.is(Flavor::Mysql) && self.at_start && word.eq_ignore_ascii_case("delimiter") {
            return Ok(self.delimiter_line(word, behind));
        }
        self.at += end;
        let escapes = match (self.flavor, word) {
            (Flavor::Postgres, "e" | "E") => true,
            (Flavor::Postgres, "b" | "B" | "x" | "X" | "n" | "N") => false,
            (Flavor::Mysql, "n" | "N" | "b" | "B" | "x" | "X") => true,
            (Flavor::Sqlite, "x" | "X") => false,
            _ => return Ok(TokenKind::Word),
        };
        if behind.starts_with('\'') {
            return self.quoted('\'', escapes, TokenKind::String);
        }
        Ok(TokenKind::Word)
    }

    fn delimiter_line(&mut self, word: &str, behind: &'a str) -> TokenKind {
        let line = behind.split('\n').next().unwrap_or(behind);
        self.delimiter = line.split_whitespace().next().filter(|mark| *mark != ";");
        self.at += word.len() + line.len();
        TokenKind::Command
    }

    fn unterminated(&self, what: &'static str) -> SplitError {
        SplitError::Unterminated {
            what,
            line: self.line,
        }
    }
}

/// A byte order mark is nothing to a server.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || !c.is_ascii()
}

fn continues_word(c: char) -> bool {
    !is_space(c) && (c.is_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii())
}

fn continues_tag(c: char) -> bool {
    continues_word(c) && c != '$'
}
