//! A place in a text of MySQL's or MariaDB's that is read token by token, as far as it can be.

use super::words;
use crate::sql::split::{Flavor, Lexer, Token, TokenKind};

/// The tokens from the start up to where the text cannot be read any more, and a place among them.
pub(super) struct Cursor<'t> {
    pub sql: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(sql: &'t str) -> Self {
        let tokens = Lexer::new(sql, Flavor::Mysql).map_while(Result::ok);
        Self {
            sql,
            tokens: tokens.filter(|it| !it.kind.is_silent()).collect(),
            at: 0,
        }
    }

    pub fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// The text of the token at hand.
    pub fn text(&self) -> &'t str {
        self.ahead(0)
    }

    pub fn ahead(&self, by: usize) -> &'t str {
        let token = self.tokens.get(self.at + by);
        token.map_or("", |it| it.text(self.sql))
    }

    /// Where the token at hand starts.
    pub fn start(&self) -> usize {
        self.token().map_or(self.sql.len(), |it| it.start)
    }

    /// Where the token before ended.
    pub fn end(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or(0, |it| it.end)
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

    /// Steps behind the words, wherever they stand first from here on.
    pub fn seek(&mut self, words: &[&str]) -> Option<()> {
        while !self.eat(words) {
            self.token()?;
            self.at += 1;
        }
        Some(())
    }

    pub fn name(&mut self) -> Option<String> {
        let kind = self.token()?.kind;
        let named = matches!(
            kind,
            TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String
        );
        let name = named.then(|| words::unquoted(self.text()))?;
        self.at += 1;
        Some(name)
    }

    pub fn qualified_name(&mut self) -> Option<String> {
        let name = self.name()?;
        match self.eat(&["."]) {
            true => self.name(),
            false => Some(name),
        }
    }

    /// What stands in the parentheses that open here.
    pub fn group(&mut self) -> Option<&'t str> {
        self.eat(&["("]).then_some(())?;
        let start = self.end();
        let mut depth = 1;
        loop {
            let token = *self.token()?;
            match token.text(self.sql) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(&self.sql[start..token.start]);
            }
        }
    }

    /// What stands from here up to the end of its line; a line that ends within a token goes on.
    pub fn line(&mut self) -> &'t str {
        let start = self.start();
        let mut end = start;
        while let Some(token) = self.token().copied() {
            if end > start && self.sql[end..token.start].contains('\n') {
                break;
            }
            end = token.end;
            self.at += 1;
        }
        &self.sql[start..end]
    }

    pub fn number(&mut self) -> Option<i64> {
        let sign = if self.eat(&["-"]) { "-" } else { "" };
        let number = format!("{sign}{}", self.text()).parse().ok()?;
        self.at += 1;
        Some(number)
    }
}
