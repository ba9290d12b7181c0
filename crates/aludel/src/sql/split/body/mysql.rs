//! MySQL's and MariaDB's compound statements, where no `DELIMITER` says how far one goes.
//!
//! Which words open and close blocks is only certain where a statement begins, so that is what is followed: `IF`, `REPEAT` and
//! `END` are functions and names elsewhere. What is no part of this grammar (packages, `sql_mode=ORACLE`) is refused: with
//! `DELIMITER` it is cut without a look inside.

use super::Seen;
use super::mysql_head::{Head, HeadStep};
use crate::sql::split::SplitError;

/// A statement, which may be one with a body.
#[derive(Clone, Debug, Default)]
pub(in crate::sql::split) struct Routine {
    state: State,
    /// The blocks that are open, each with its line.
    blocks: Vec<(Block, usize)>,
    /// Whether it is the body of something that `CREATE` makes.
    created: bool,
    /// Whether a label stands in front of the statement.
    labelled: bool,
    /// Parentheses since the statement, or the last part of it that matters, began.
    depth: usize,
    /// The `CASE`s of an expression, by the parentheses around them.
    cases: Vec<usize>,
    last: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Begin,
    If,
    Case,
    Loop,
    Repeat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// A statement begins here.
    #[default]
    Start,
    /// Its first token has been read; a colon would make that a label.
    First,
    /// Nothing matters up to the semicolon.
    Plain,
    /// `BEGIN` outside of any body: a transaction, or `BEGIN NOT ATOMIC`.
    Transaction,
    /// `BEGIN NOT`, of `BEGIN NOT ATOMIC`.
    NotAtomic,
    /// MariaDB's `SET STATEMENT ... FOR`.
    SetStatement,
    /// The words from `CREATE` or `ALTER` to the body.
    Head(Head),
    /// An expression up to the given word.
    Expression(&'static str),
    /// `DECLARE ... HANDLER`.
    Declare,
    /// A condition of a handler, and what stands behind one.
    Condition,
    AfterCondition,
}

impl Routine {
    pub(super) fn unclosed(&self) -> Option<usize> {
        self.blocks.first().map(|(_, line)| *line)
    }

    pub(super) fn step(&mut self, seen: Seen, line: usize) -> Result<(), SplitError> {
        match seen {
            Seen::Symbol('(') => self.depth += 1,
            Seen::Symbol(')') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let state = match self.state {
            State::Expression(_) if seen == Seen::Symbol(';') => return Err(needs_delimiter(line)),
            _ if seen == Seen::Symbol(';') => State::Start,
            State::Start => self.start(seen, line)?,
            State::First => self.second(seen),
            State::Plain => State::Plain,
            State::Transaction => self.transaction(seen, line)?,
            State::NotAtomic if seen == Seen::Word("ATOMIC") => State::Start,
            State::NotAtomic => State::Plain,
            State::SetStatement if seen == Seen::Word("FOR") && self.depth == 0 => State::Start,
            State::SetStatement => State::SetStatement,
            State::Head(head) => self.head(head, seen, line)?,
            State::Expression(end) => self.expression(end, seen),
            State::Declare => self.declare(seen),
            State::Condition if self.names_condition(seen) => State::AfterCondition,
            State::Condition => State::Condition,
            State::AfterCondition if seen == Seen::Symbol(',') => State::Condition,
            State::AfterCondition => self.start(seen, line)?,
        };
        if state == State::Start {
            self.depth = 0;
        }
        self.labelled = state == State::Start && seen == Seen::Symbol(':');
        self.state = state;
        self.last = seen;
        Ok(())
    }

    /// The first word of a statement.
    fn start(&mut self, seen: Seen, line: usize) -> Result<State, SplitError> {
        let Seen::Word(word) = seen else {
            return Ok(State::First);
        };
        let top = self.blocks.last().map(|(block, _)| *block);
        let bare = top.is_none() && !self.created && !self.labelled;
        let (block, state) = match word {
            "BEGIN" if bare => return Ok(State::Transaction),
            "BEGIN" => (Block::Begin, State::Start),
            "IF" => (Block::If, self.begin_expression("THEN")),
            "CASE" => (Block::Case, self.begin_expression("THEN")),
            "WHILE" | "FOR" => (Block::Loop, self.begin_expression("DO")),
            "LOOP" => (Block::Loop, State::Start),
            "REPEAT" => (Block::Repeat, State::Start),
            _ => return self.inside_block(word, top, line),
        };
        self.blocks.push((block, line));
        Ok(state)
    }

    /// The first word of a statement that opens no block.
    fn inside_block(
        &mut self,
        word: &str,
        top: Option<Block>,
        line: usize,
    ) -> Result<State, SplitError> {
        Ok(match (word, top) {
            ("ELSEIF" | "ELSIF", Some(Block::If)) | ("WHEN", Some(Block::Case)) => {
                self.begin_expression("THEN")
            }
            ("ELSE", Some(Block::If | Block::Case)) => State::Start,
            ("UNTIL", Some(Block::Repeat)) => self.begin_expression("END"),
            ("END", Some(_)) => {
                self.blocks.pop();
                State::Plain
            }
            ("NOT", _) if self.last == Seen::Word("BEGIN") => State::NotAtomic,
            ("DECLARE", None) | ("EXCEPTION", Some(_)) => return Err(needs_delimiter(line)),
            ("DECLARE", Some(_)) => State::Declare,
            ("CREATE" | "ALTER", _) => State::Head(Head::new(word)),
            _ => State::First,
        })
    }

    fn second(&self, seen: Seen) -> State {
        match (self.last, seen) {
            (_, Seen::Symbol(':')) => State::Start,
            (Seen::Word("SET"), Seen::Word("STATEMENT")) => State::SetStatement,
            _ => State::Plain,
        }
    }

    /// Behind a bare `BEGIN`. A block of statements there is one of `sql_mode=ORACLE`.
    fn transaction(&mut self, seen: Seen, line: usize) -> Result<State, SplitError> {
        match seen {
            Seen::Word("WORK") => Ok(State::Plain),
            Seen::Word("NOT") => {
                self.blocks.push((Block::Begin, line));
                Ok(State::NotAtomic)
            }
            _ => Err(needs_delimiter(line)),
        }
    }

    fn head(&mut self, head: Head, seen: Seen, line: usize) -> Result<State, SplitError> {
        match head.step(self.last, seen, self.depth) {
            HeadStep::Stay(head) => Ok(State::Head(head)),
            HeadStep::Plain => Ok(State::Plain),
            HeadStep::Unknown => Err(needs_delimiter(line)),
            // No routine makes another one, so this would be no grammar that is known here.
            HeadStep::Body | HeadStep::BodyBehind if self.created || !self.blocks.is_empty() => {
                Err(needs_delimiter(line))
            }
            HeadStep::BodyBehind => {
                self.created = true;
                Ok(State::Start)
            }
            HeadStep::Body => {
                self.created = true;
                self.start(seen, line)
            }
        }
    }

    fn begin_expression(&mut self, end: &'static str) -> State {
        self.depth = 0;
        self.cases.clear();
        State::Expression(end)
    }

    /// `END` closes a `CASE`, and `DO` and `END` an expression, only behind an operand; elsewhere they are names.
    fn expression(&mut self, end: &'static str, seen: Seen) -> State {
        while self.cases.last().is_some_and(|depth| *depth > self.depth) {
            self.cases.pop();
        }
        let Seen::Word(word) = seen else {
            // `UNTIL` was a label.
            let label = seen == Seen::Symbol(':') && self.last == Seen::Word("UNTIL");
            return if label {
                State::Start
            } else {
                State::Expression(end)
            };
        };
        let behind_operand = ends_operand(self.last);
        if self.last == Seen::Symbol('.') {
            return State::Expression(end);
        }
        if word == "CASE" {
            self.cases.push(self.depth);
        } else if word == "END" && behind_operand && self.cases.last() == Some(&self.depth) {
            self.cases.pop();
        } else if word == end && self.cases.is_empty() && self.depth == 0 {
            return match word {
                "THEN" => State::Start,
                "DO" if behind_operand => State::Start,
                "END" if behind_operand => {
                    self.blocks.pop();
                    State::Plain
                }
                _ => State::Expression(end),
            };
        }
        State::Expression(end)
    }

    /// `DECLARE CONTINUE HANDLER FOR`; other declarations hold no statement.
    fn declare(&self, seen: Seen) -> State {
        match (self.last, seen) {
            (Seen::Word("DECLARE"), Seen::Word("CONTINUE" | "EXIT" | "UNDO"))
            | (Seen::Word("CONTINUE" | "EXIT" | "UNDO"), Seen::Word("HANDLER")) => State::Declare,
            (Seen::Word("HANDLER"), Seen::Word("FOR")) => State::Condition,
            _ => State::Plain,
        }
    }

    /// Whether a token completes a condition: `SQLSTATE VALUE '23000'`, `NOT FOUND`, `1062`, a name.
    fn names_condition(&self, seen: Seen) -> bool {
        let value = seen == Seen::Word("VALUE") && self.last == Seen::Word("SQLSTATE");
        !(value || seen.is_any(&["SQLSTATE", "NOT"]))
    }
}

fn needs_delimiter(line: usize) -> SplitError {
    SplitError::NeedsDelimiter { line }
}

/// Whether an operand of an expression is complete with the given token.
fn ends_operand(last: Seen) -> bool {
    match last {
        Seen::Symbol(c) => c == ')',
        Seen::Other => true,
        Seen::Word(_) => !last.is_any(&[
            "AND", "BETWEEN", "BINARY", "CASE", "COLLATE", "DISTINCT", "DIV", "ELSE", "ELSEIF",
            "ELSIF", "ESCAPE", "IF", "IN", "INTERVAL", "IS", "LIKE", "MOD", "NOT", "OF", "OR",
            "REGEXP", "RLIKE", "THEN", "UNTIL", "WHEN", "WHILE", "XOR",
        ]),
    }
}
