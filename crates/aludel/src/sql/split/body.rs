//! Bodies of triggers, functions and procedures: statements inside a statement.
//!
//! In SQLite's triggers and PostgreSQL's `BEGIN ATOMIC`, each statement has its semicolon, so the body's `END` is the one behind a
//! semicolon; an `END` anywhere else closes a `CASE` or is a name. MySQL's blocks need more: see `body/mysql.rs`.

mod mysql;
mod mysql_head;

use super::lexer::{Token, TokenKind};
use super::{Flavor, SplitError};

/// Where the statement that is being read stands.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Sqlite(Trigger),
    Postgres(Atomic),
    Mysql(mysql::Routine),
}

impl Body {
    pub(super) fn new(flavor: Flavor) -> Self {
        match flavor {
            Flavor::Sqlite => Self::Sqlite(Trigger::default()),
            Flavor::Postgres => Self::Postgres(Atomic::default()),
            Flavor::Mysql => Self::Mysql(mysql::Routine::default()),
        }
    }

    /// Whether a semicolon here belongs to the statement.
    pub(super) fn is_open(&self) -> bool {
        self.unclosed().is_some()
    }

    /// What is still open, and since which line.
    pub(super) fn unclosed(&self) -> Option<(&'static str, usize)> {
        match self {
            Self::Sqlite(it) => it.open.map(|line| ("body", line)),
            Self::Postgres(it) => it.unclosed(),
            Self::Mysql(it) => it.unclosed().map(|line| ("body", line)),
        }
    }

    /// Takes notice of a token that is not silent.
    pub(super) fn step(&mut self, token: &Token, text: &str) -> Result<(), SplitError> {
        let seen = Seen::new(token, text);
        match self {
            Self::Sqlite(it) => it.step(seen, token.line),
            Self::Postgres(it) => return it.step(seen, token.line),
            Self::Mysql(it) => return it.step(seen, token.line),
        }
        Ok(())
    }
}

/// What a token is to a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    /// A keyword, in upper case; an empty one is any other word.
    Word(&'static str),
    Symbol(char),
    /// A quoted name, a string, a number.
    #[default]
    Other,
}

impl Seen {
    fn new(token: &Token, text: &str) -> Self {
        let text = token.text(text);
        match token.kind {
            TokenKind::Word => {
                let keyword = KEYWORDS.iter().find(|word| word.eq_ignore_ascii_case(text));
                Self::Word(keyword.copied().unwrap_or_default())
            }
            TokenKind::Symbol => Self::Symbol(text.chars().next().unwrap_or_default()),
            _ => Self::Other,
        }
    }

    fn is_any(self, words: &[&str]) -> bool {
        matches!(self, Self::Word(word) if words.contains(&word))
    }
}

/// The words that mean something to any of the bodies.
const KEYWORDS: [&str; 86] = [
    "AGGREGATE",
    "ALTER",
    "AND",
    "AS",
    "ATOMIC",
    "BEGIN",
    "BETWEEN",
    "BINARY",
    "CASE",
    "COLLATE",
    "COMMENT",
    "CONTAINS",
    "CONTINUE",
    "COPY",
    "CREATE",
    "CURRENT_ROLE",
    "CURRENT_USER",
    "DATA",
    "DECLARE",
    "DEFINER",
    "DETERMINISTIC",
    "DISTINCT",
    "DIV",
    "DO",
    "EACH",
    "ELSE",
    "ELSEIF",
    "ELSIF",
    "END",
    "ESCAPE",
    "EVENT",
    "EXCEPTION",
    "EXISTS",
    "EXIT",
    "EXPLAIN",
    "FOLLOWS",
    "FOR",
    "FROM",
    "FUNCTION",
    "HANDLER",
    "IF",
    "IN",
    "INTERVAL",
    "IS",
    "LANGUAGE",
    "LIKE",
    "LOOP",
    "MOD",
    "MODIFIES",
    "NO",
    "NOT",
    "OF",
    "OR",
    "PACKAGE",
    "PLAN",
    "PRECEDES",
    "PROCEDURE",
    "QUERY",
    "READS",
    "REGEXP",
    "REPEAT",
    "REPLACE",
    "RETURN",
    "RETURNS",
    "RLIKE",
    "ROW",
    "SECURITY",
    "SELECT",
    "SET",
    "SQL",
    "SQLSTATE",
    "STATEMENT",
    "STDIN",
    "STDOUT",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TO",
    "TRIGGER",
    "UNDO",
    "UNTIL",
    "VALUE",
    "WHEN",
    "WHILE",
    "WORK",
    "XOR",
];

/// How far the words at a statement's start have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    Create,
    /// The statement can have a body.
    Made,
    Plain,
}

/// `CREATE [TEMP] TRIGGER`, which ends with `; END` and never without.
#[derive(Clone, Debug, Default)]
pub(super) struct Trigger {
    head: Head,
    last: Seen,
    /// The line of the first `BEGIN`, or of the word before there is one.
    open: Option<usize>,
    begun: bool,
}

impl Trigger {
    fn step(&mut self, seen: Seen, line: usize) {
        let Seen::Word(word) = seen else {
            self.last = seen;
            return self.head = if self.head == Head::Made {
                Head::Made
            } else {
                Head::Plain
            };
        };
        self.head = match (self.head, word) {
            (Head::Start, "EXPLAIN" | "QUERY" | "PLAN") => Head::Start,
            (Head::Start, "CREATE") | (Head::Create, "TEMP" | "TEMPORARY") => Head::Create,
            (Head::Create, "TRIGGER") | (Head::Made, _) => Head::Made,
            _ => Head::Plain,
        };
        if self.head == Head::Made {
            let ends = word == "END" && self.last == Seen::Symbol(';');
            let begins = word == "BEGIN" && !self.begun;
            self.begun |= begins;
            self.open = match self.open {
                _ if ends => None,
                Some(before) if !begins => Some(before),
                _ => Some(line),
            };
        }
        self.last = seen;
    }
}

/// PostgreSQL's `BEGIN ATOMIC ... END`, and its parentheses: `CREATE RULE ... DO (a; b)` has semicolons inside.
#[derive(Clone, Debug, Default)]
pub(super) struct Atomic {
    head: Head,
    last: Seen,
    /// Where the last `BEGIN` stands.
    begin: usize,
    /// Where the body was opened.
    body: Option<usize>,
    parentheses: usize,
    /// Where the outermost parenthesis was opened.
    parenthesis: usize,
    copy: Option<usize>,
}

impl Atomic {
    fn unclosed(&self) -> Option<(&'static str, usize)> {
        let body = self.body.map(|line| ("body", line));
        let parenthesis = (self.parentheses > 0).then_some(("parenthesis", self.parenthesis));
        body.or(parenthesis)
    }

    fn step(&mut self, seen: Seen, line: usize) -> Result<(), SplitError> {
        match seen {
            Seen::Symbol('(') => {
                if self.parentheses == 0 {
                    self.parenthesis = line;
                }
                self.parentheses += 1;
            }
            Seen::Symbol(')') => self.parentheses = self.parentheses.saturating_sub(1),
            Seen::Word(word) if self.parentheses == 0 => self.word(word, line)?,
            _ => {}
        }
        if self.head == Head::Start {
            self.head = Head::Plain;
        }
        self.last = seen;
        Ok(())
    }

    fn word(&mut self, word: &str, line: usize) -> Result<(), SplitError> {
        if word == "BEGIN" {
            self.begin = line;
        }
        if self.head == Head::Start && word == "COPY" {
            self.copy = Some(line);
        }
        if let Some(line) = self.copy
            && self.last == Seen::Word("FROM")
            && matches!(word, "STDIN" | "STDOUT")
        {
            return Err(SplitError::CopyFromStdin { line });
        }
        self.head = match (self.head, word) {
            (Head::Start, "CREATE") | (Head::Create, "OR" | "REPLACE") => Head::Create,
            (Head::Create, "FUNCTION" | "PROCEDURE") | (Head::Made, _) => Head::Made,
            _ => Head::Plain,
        };
        if self.head != Head::Made {
            return Ok(());
        }
        if self.body.is_none() && word == "ATOMIC" && self.last == Seen::Word("BEGIN") {
            self.body = Some(self.begin);
        } else if word == "END" && matches!(self.last, Seen::Symbol(';') | Seen::Word("ATOMIC")) {
            // An END right behind `BEGIN ATOMIC` closes an empty body.
            self.body = None;
        }
        Ok(())
    }
}
