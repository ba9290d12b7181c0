//! The account of one revision, or of one run: what was begun, what counts, what was undone.

use crate::error::{Account, Entry, Error, Failure, Fate, Left};
use crate::ops::{Location, Recorded};
use crate::revision::Step;
use crate::sql::Statement;

/// Keeps the account while a revision runs.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// All parts of the revision; those before `next` have been begun.
    entries: Vec<Entry>,
    next: usize,
    /// The first part that runs in the transaction that is open.
    open_from: usize,
    version: Fate,
    version_open: bool,
    /// Whether the part that failed ran in no transaction, so that it may have left something.
    loose: bool,
    /// Whether the connection was lost while a transaction was committed.
    lost: bool,
}

impl Ledger {
    /// Begins the account of a revision.
    pub(super) fn open(&mut self, operations: &[Recorded]) {
        let entries = operations.iter().enumerate().map(|(at, recorded)| Entry {
            number: at + 1,
            operation: recorded.operation.summary(),
            at: recorded.at.clone(),
            statement: None,
            fate: Fate::NotRun,
        });
        *self = Self {
            entries: entries.collect(),
            ..Self::default()
        };
    }

    /// The next operation is these statements.
    pub(super) fn spelled(&mut self, statements: &[Statement]) {
        let Some(entry) = self.entries.get(self.next).cloned() else {
            return;
        };
        let parts = statements.iter().map(|statement| Entry {
            statement: Some(statement.sql.clone()),
            ..entry.clone()
        });
        self.entries.splice(self.next..=self.next, parts);
    }

    /// The next part ran, in the transaction that is open.
    pub(super) fn ran(&mut self) {
        self.next += 1;
    }

    /// The next part was done by an earlier run, and stays.
    pub(super) fn done_before(&mut self) {
        if let Some(entry) = self.entries.get_mut(self.next) {
            entry.fate = Fate::Committed;
        }
        self.next += 1;
        self.open_from = self.next;
    }

    /// The next part failed; `loose` if no transaction was around it.
    pub(super) fn failed(&mut self, fate: Fate, loose: bool) {
        if let Some(entry) = self.entries.get_mut(self.next) {
            entry.fate = fate;
        }
        self.loose = loose;
    }

    /// The version rows were written, in the transaction that is open.
    pub(super) fn version_written(&mut self) {
        self.version_open = true;
    }

    /// What became of the transaction that was open.
    pub(super) fn settled(&mut self, fate: Fate) {
        for entry in &mut self.entries[self.open_from..self.next] {
            entry.fate = fate;
        }
        self.open_from = self.next;
        if std::mem::take(&mut self.version_open) {
            self.version = fate;
        }
        self.lost |= fate == Fate::Unknown;
    }

    /// What is left of the revision; `whole` if one transaction was around the whole run.
    /// `goes_on` if the next run goes on behind what is done.
    pub(super) fn left(self, whole: bool, goes_on: bool) -> Left {
        let is = |fate: Fate| self.version == fate || self.entries.iter().any(|it| it.fate == fate);
        match (self.lost, whole) {
            (true, true) => Left::AllOrNothingOfTheRun,
            (false, true) => Left::NothingOfTheRun,
            (true, false) if !is(Fate::Committed) && !self.loose => Left::AllOrNothing,
            (false, false) if !is(Fate::Committed) && !self.loose => Left::Nothing,
            (_, false) => Left::Part(Account {
                entries: self.entries,
                version: self.version,
                goes_on,
            }),
        }
    }
}

/// A failed step with the place it failed at; one that has a place already keeps it.
pub(super) fn failure(
    step: &Step,
    operation: Option<String>,
    at: Option<Location>,
    source: Error,
) -> Error {
    let (statement, source) = match source {
        Error::Revision(failed) => return Error::Revision(failed),
        Error::Statement { sql, source } => (Some(sql), Error::Database(source)),
        other => (None, other),
    };
    Error::Revision(Box::new(Failure {
        revision: step.revision.clone(),
        direction: step.direction,
        operation,
        at,
        statement,
        left: Left::NotRun,
        source,
    }))
}

/// Says what is left, in an error that may have come from any part of the step.
pub(super) fn account(step: &Step, left: Left, error: Error) -> Error {
    match failure(step, None, None, error) {
        Error::Revision(mut failed) => {
            failed.left = left;
            Error::Revision(failed)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Execute, Operation};

    fn ledger(statements: &[&str]) -> Ledger {
        let recorded = statements.iter().map(|it| {
            let sql = it.to_string();
            Recorded::from(Operation::from(Execute { sql }))
        });
        let mut ledger = Ledger::default();
        ledger.open(&recorded.collect::<Vec<_>>());
        ledger
    }

    #[test]
    fn what_was_committed_before_a_failure_stays() {
        let mut it = ledger(&["a", "b", "c", "d"]);
        it.spelled(&["a1".into(), "a2".into()]);
        it.ran();
        it.ran();
        it.settled(Fate::Committed);
        it.ran();
        it.failed(Fate::Failed, false);
        it.settled(Fate::RolledBack);
        let Left::Part(account) = it.left(false, false) else {
            panic!("not a part");
        };
        let said: Vec<_> = account
            .entries
            .iter()
            .map(|it| (it.number, it.fate))
            .collect();
        let (kept, undone) = (Fate::Committed, Fate::RolledBack);
        assert_eq!(
            said,
            [
                (1, kept),
                (1, kept),
                (2, undone),
                (3, Fate::Failed),
                (4, Fate::NotRun)
            ]
        );
        assert_eq!(account.entries[1].statement.as_deref(), Some("a2"));
        assert_eq!(account.version, Fate::NotRun);
    }

    #[test]
    fn one_transaction_is_all_or_nothing() {
        let run = |fate| {
            let mut it = ledger(&["a"]);
            it.ran();
            it.version_written();
            it.settled(fate);
            it
        };
        assert_eq!(run(Fate::RolledBack).left(false, false), Left::Nothing);
        assert_eq!(
            run(Fate::RolledBack).left(true, false),
            Left::NothingOfTheRun
        );
        assert_eq!(run(Fate::Unknown).left(false, false), Left::AllOrNothing);
        assert_eq!(
            run(Fate::Unknown).left(true, false),
            Left::AllOrNothingOfTheRun
        );
        assert!(
            matches!(run(Fate::Committed).left(false, false), Left::Part(it) if it.version == Fate::Committed)
        );
    }

    #[test]
    fn what_fails_outside_a_transaction_may_leave_something() {
        let mut it = ledger(&["a"]);
        it.failed(Fate::Failed, true);
        assert!(matches!(it.left(false, false), Left::Part(_)));
    }
}
