//! A revision that failed: where, and exactly what is left of it in the database.

use super::Error;
use crate::ops::Location;
use crate::revision::{Direction, RevisionId};

/// A revision that failed, and where.
#[derive(Debug)]
pub struct Failure {
    /// The revision.
    pub revision: RevisionId,
    /// Which of its two ways failed.
    pub direction: Direction,
    /// The operation that failed, as its summary says it; `None` when it failed before or after its operations.
    pub operation: Option<String>,
    /// Where that operation was recorded, or stands in a `.sql` file.
    pub at: Option<Location>,
    /// The statement that the database refused.
    pub statement: Option<String>,
    /// What is left of it in the database.
    pub left: Left,
    /// What went wrong.
    pub source: Error,
}

/// What a revision that failed has left in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// Nothing: it failed before anything was run.
    NotRun,
    /// Nothing of this revision; those before it stay.
    Nothing,
    /// Nothing of the whole run, which was one transaction.
    NothingOfTheRun,
    /// Either all of this revision or nothing of it: the connection was lost while its one transaction was committed.
    AllOrNothing,
    /// Either all of the run or nothing of it: the connection was lost while its one transaction was committed.
    AllOrNothingOfTheRun,
    /// What the account says: some of it ran outside a transaction, or in one that was committed before the failure.
    Part(Account),
}

/// What became of each part of a revision that failed half-way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its parts, in order.
    pub entries: Vec<Entry>,
    /// What became of the revision's version rows.
    pub version: Fate,
    /// Whether the next run goes on behind what is committed.
    pub goes_on: bool,
}

/// A statement of a revision, or an operation that is no statement or was never spelled as any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which operation of the revision it belongs to, from 1; in a `.sql` revision, which statement it is.
    pub number: usize,
    /// The operation, as its summary says it.
    pub operation: String,
    /// Where the operation was recorded, or stands in a `.sql` file.
    pub at: Option<Location>,
    /// The statement, if the operation had come so far as to be spelled.
    pub statement: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a part of a revision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is in the database and stays there.
    Committed,
    /// It ran, and was undone with its transaction.
    RolledBack,
    /// The database refused it.
    Failed,
    /// It cannot be known from here whether it is in the database: the connection was lost meanwhile, or code that ran
    /// outside a transaction gave up in its middle.
    Unknown,
    /// It was not begun.
    #[default]
    NotRun,
}
