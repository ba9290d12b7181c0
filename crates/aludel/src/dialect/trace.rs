//! What a statement leaves in the catalog, for whoever has to find out whether one that was begun was done.

use crate::sql::split::{Flavor, Token, TokenKind, tokens};

/// What shows whether a statement was done that counts at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// Queries whose answers are other ones afterwards, each of them.
    Catalog(Vec<String>),
    /// Nothing, but to do it twice is no harm.
    Harmless,
    /// Nothing.
    None,
}

/// The words of a statement, as far as a dialect has to read it: keywords in lower case beside the text as it was written.
pub(super) struct Words {
    all: Vec<(String, String)>,
    next: usize,
}

impl Words {
    /// Those of a statement; none if it cannot be read.
    pub(super) fn of(sql: &str, flavor: Flavor) -> Self {
        let tokens = tokens(sql, flavor).unwrap_or_default();
        let said = tokens.iter().filter(|it| !it.kind.is_silent());
        let word = |token: &Token| {
            let text = token.text(sql).to_string();
            let keyword = match token.kind {
                TokenKind::QuotedIdent | TokenKind::String => String::new(),
                _ => text.to_lowercase(),
            };
            (keyword, text)
        };
        Self {
            all: said.map(word).collect(),
            next: 0,
        }
    }

    /// The next keyword, which is then behind.
    pub(super) fn take(&mut self) -> &str {
        let at = self.next;
        self.next += 1;
        self.all.get(at).map_or("", |it| it.0.as_str())
    }

    /// The next keyword.
    pub(super) fn peek(&self) -> &str {
        self.all.get(self.next).map_or("", |it| it.0.as_str())
    }

    /// Leaves these words behind, as long as one of them is next.
    pub(super) fn skip(&mut self, words: &[&str]) {
        while !self.peek().is_empty() && words.contains(&self.peek()) {
            self.next += 1;
        }
    }

    /// Whether the word is next; it is then behind.
    pub(super) fn is(&mut self, word: &str) -> bool {
        let is = self.peek() == word;
        self.next += usize::from(is);
        is
    }

    /// Goes behind the first of these words, and answers it.
    pub(super) fn until(&mut self, words: &[&str]) -> Option<String> {
        while self.next < self.all.len() {
            let word = self.take().to_string();
            if words.contains(&word.as_str()) {
                return Some(word);
            }
        }
        None
    }

    /// The name that is next, as it was written, schema and all.
    pub(super) fn name(&mut self) -> Option<String> {
        let mut name = self.all.get(self.next)?.1.clone();
        self.next += 1;
        while self.is(".") {
            name = format!("{name}.{}", self.all.get(self.next)?.1);
            self.next += 1;
        }
        Some(name)
    }
}
