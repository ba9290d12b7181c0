//! How far a step has come, where what is done of it stays whatever comes after: kept in its row of the log while it runs, so that the
//! next run goes on behind it. What was begun and is not known to be done is told by a look into the catalog.

use crate::error::{Error, Result};
use crate::ops::{Operation, Recorded};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How far a step has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// How many operations are done whole.
    pub done: usize,
    /// What these operations are, summed up.
    pub digest: String,
    /// The one that was begun.
    pub current: Option<Current>,
}

/// An operation that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Current {
    /// The operation, as [`call`] says it.
    pub operation: String,
    /// Its statements, as they were spelled in the state that the database was in, and whether each can run in a transaction; none
    /// for code.
    pub statements: Vec<(String, bool)>,
    /// How many of these are done.
    pub done: usize,
    /// What is known of the next one, if it was begun.
    pub doubt: Option<Doubt>,
}

/// Something that was begun, and of which nobody has said how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Doubt {
    /// By which number the server knew the connection.
    pub session: Option<String>,
    /// What shows whether it was done.
    pub sign: Sign,
}

/// What shows whether something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Sign {
    /// What the catalog said before, to be compared with what it says now.
    Before(Vec<String>),
    /// Nothing, but to do it twice is no harm.
    Harmless,
    /// Nothing.
    None,
}

impl Progress {
    /// Whether nothing has been done yet.
    pub(super) fn is_nothing(&self) -> bool {
        let begun = |it: &Current| it.done > 0 || it.doubt.is_some();
        self.done == 0 && !self.current.as_ref().is_some_and(begun)
    }

    /// How many operations have nothing left to do.
    pub(super) fn ended(&self) -> usize {
        let whole = |it: &&Current| it.done > 0 && it.done == it.statements.len();
        self.done + usize::from(self.current.as_ref().filter(whole).is_some())
    }

    /// An operation is done whole.
    pub(super) fn end(&mut self, operation: &str) {
        self.done += 1;
        self.digest = digest(&self.digest, operation);
        self.current = None;
    }

    /// Refuses to go on with a step whose operations are not those that were begun.
    pub(super) fn fits(&self, operations: &[Recorded]) -> Result<()> {
        let mut sum = String::new();
        for recorded in operations.iter().take(self.done) {
            sum = digest(&sum, &call(&recorded.operation));
        }
        let same = operations.len() >= self.done && sum == self.digest;
        let begun = self
            .current
            .as_ref()
            .filter(|it| it.done > 0 || it.doubt.is_some());
        let next = operations.get(self.done).map(|it| call(&it.operation));
        match begun {
            _ if !same => Err(Error::DoneDiffers { done: self.done }),
            Some(begun) if next.as_ref() != Some(&begun.operation) => Err(Error::DoneDiffers {
                done: self.done + 1,
            }),
            _ => Ok(()),
        }
    }
}

/// An operation, as one text that tells it from every other.
pub(super) fn call(operation: &Operation) -> String {
    operation.rust()
}

/// The sum of what came before and of one operation more.
fn digest(before: &str, operation: &str) -> String {
    let mut sum = Sha256::new();
    sum.update(before);
    sum.update([0]);
    sum.update(operation);
    sum.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::Execute;

    fn operations(texts: &[&str]) -> Vec<Recorded> {
        let recorded = texts.iter().map(|it| {
            Recorded::from(Operation::from(Execute {
                sql: it.to_string(),
            }))
        });
        recorded.collect()
    }

    fn at(done: &[&str], current: Option<Current>) -> Progress {
        let mut progress = Progress::default();
        for recorded in operations(done) {
            progress.end(&call(&recorded.operation));
        }
        Progress {
            current,
            ..progress
        }
    }

    #[test]
    fn what_is_done_may_not_change_and_what_comes_may() {
        let progress = at(&["a", "b"], None);
        assert!(progress.fits(&operations(&["a", "b", "c"])).is_ok());
        assert!(progress.fits(&operations(&["a", "b", "other"])).is_ok());
        assert!(progress.fits(&operations(&["a", "b"])).is_ok());
        for other in [
            &["a", "x", "c"][..],
            &["b", "a", "c"],
            &["a"],
            &["ab", "", "c"],
        ] {
            assert!(
                matches!(
                    progress.fits(&operations(other)),
                    Err(Error::DoneDiffers { done: 2 })
                ),
                "{other:?}"
            );
        }
    }

    #[test]
    fn what_was_begun_may_change_until_something_of_it_is_done() {
        let [begun] = operations(&["b"]).try_into().unwrap();
        let current = |done, doubt| Current {
            operation: call(&begun.operation),
            statements: vec![("b".into(), true)],
            done,
            doubt,
        };
        let other = operations(&["a", "other"]);
        assert!(at(&["a"], Some(current(0, None))).fits(&other).is_ok());
        assert!(at(&["a"], Some(current(1, None))).fits(&other).is_err());
        let doubt = Doubt {
            session: None,
            sign: Sign::None,
        };
        let progress = at(&["a"], Some(current(0, Some(doubt))));
        assert!(progress.fits(&other).is_err());
        assert!(progress.fits(&operations(&["a", "b"])).is_ok());
        let text = serde_json::to_string(&progress).unwrap();
        assert_eq!(serde_json::from_str::<Progress>(&text).unwrap(), progress);
    }
}
