//! Bodies of triggers, functions and procedures: statements inside a statement.

use super::Flavor;
use super::lexer::{Token, TokenKind};

/// Where a statement stands: what its first words announce, and how deep inside a body it is.
#[derive(Default)]
pub(super) struct Body {
    kind: Kind,
    words: usize,
    /// Blocks that are open: `BEGIN`, `CASE`, `IF` and so on.
    depth: usize,
    /// Whether the body of an SQLite trigger has begun.
    trigger: bool,
    /// Parentheses that are open. PostgreSQL's `CREATE RULE ... DO (a; b)` has semicolons inside.
    parentheses: usize,
    /// Where the first block was opened.
    opened: usize,
    /// The two last tokens.
    last: [Last; 2],
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// It could still become a statement with a body.
    #[default]
    Unknown,
    /// It is one.
    WithBody,
    /// It is none.
    Plain,
}

/// What a token means to the blocks around it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    /// Nothing in particular.
    #[default]
    Other,
    Dot,
    Semicolon,
    /// After it, a statement of a MySQL body begins.
    Opener,
    End,
}

impl Body {
    /// Whether a semicolon here belongs to the statement.
    pub(super) fn is_open(&self) -> bool {
        self.parentheses > 0 || self.in_block()
    }

    /// The line of a block that is still open.
    pub(super) fn unclosed(&self) -> Option<usize> {
        self.in_block().then_some(self.opened)
    }

    /// SQLite's own rule for a complete trigger (`sqlite3_complete`) is that it ends with `; END ;`. A bare `END`
    /// will not do, since it closes a `CASE` as well. The others' blocks are counted.
    fn in_block(&self) -> bool {
        let at_end = self.last == [Last::Semicolon, Last::End];
        self.depth > 0 || (self.trigger && !at_end)
    }

    /// Takes notice of a token.
    pub(super) fn step(&mut self, token: &Token, text: &str, flavor: Flavor) {
        let word = match token.kind {
            TokenKind::Word | TokenKind::Symbol => token.text(text).to_ascii_uppercase(),
            _ => String::new(),
        };
        match word.as_str() {
            "(" if flavor == Flavor::Postgres => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        if self.kind == Kind::Unknown {
            self.look_at_first_words(&word, flavor);
        }
        let before = self.last[1];
        let was_open = self.in_block();
        if self.kind == Kind::WithBody && before != Last::Dot {
            match flavor {
                Flavor::Sqlite => self.trigger |= word == "BEGIN",
                Flavor::Postgres => self.count_postgres(&word),
                Flavor::Mysql => self.count_mysql(&word, before),
            }
        }
        self.last = [before, meaning(&word)];
        self.words += 1;
        if !was_open && self.in_block() {
            self.opened = token.line;
        }
    }

    /// `CREATE [OR REPLACE] [TEMP] [DEFINER = ...] TRIGGER | FUNCTION | PROCEDURE | EVENT`.
    fn look_at_first_words(&mut self, word: &str, flavor: Flavor) {
        let with_body: &[&str] = match flavor {
            Flavor::Sqlite => &["TRIGGER"],
            Flavor::Postgres => &["FUNCTION", "PROCEDURE"],
            Flavor::Mysql => &["TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"],
        };
        // Once one of these has come, the words above are names.
        let plain = [
            "TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "USER", "ROLE", "SERVER", "AS",
        ];
        if self.words == 0 {
            // MariaDB runs a block outside of any routine: BEGIN NOT ATOMIC ... END.
            let block = flavor == Flavor::Mysql && word == "BEGIN";
            if word != "CREATE" && word != "ALTER" && !block {
                self.kind = Kind::Plain;
            }
        } else if with_body.contains(&word) {
            self.kind = Kind::WithBody;
        } else if flavor == Flavor::Mysql && self.words == 2 && word == "ATOMIC" {
            self.kind = Kind::WithBody;
            self.depth = 1;
        } else if plain.contains(&word) {
            self.kind = Kind::Plain;
        }
    }

    /// PostgreSQL has one kind of body that is not a string: `BEGIN ATOMIC ... END`.
    fn count_postgres(&mut self, word: &str) {
        match word {
            "BEGIN" => self.depth += 1,
            "CASE" if self.depth > 0 => self.depth += 1,
            "END" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// `IF`, `LOOP`, `WHILE` and `REPEAT` open a block only where a statement begins: there are
    /// functions of these names, too. A body without `BEGIN` is one such statement.
    fn count_mysql(&mut self, word: &str, before: Last) {
        let second_word = before == Last::End;
        let starts = matches!(before, Last::Semicolon | Last::Opener);
        match word {
            "BEGIN" | "CASE" if !second_word => self.depth += 1,
            "IF" | "LOOP" | "WHILE" | "REPEAT" if starts => self.depth += 1,
            "END" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn meaning(word: &str) -> Last {
    match word {
        "." => Last::Dot,
        ";" => Last::Semicolon,
        // Behind the last four and a closing parenthesis, the head of a routine is over.
        ":" | "BEGIN" | "THEN" | "ELSE" | "DO" | "LOOP" | "REPEAT" | "ROW" | "DETERMINISTIC"
        | "DATA" | "SQL" | ")" => Last::Opener,
        "END" => Last::End,
        _ => Last::Other,
    }
}
