//! Coming again: what failed because others use the same tables, and has left nothing, is tried again a little later.

use super::Busy;
use super::pause::{Backoff, pause};
use crate::db::DbError;
use crate::dialect::Dialect;
use crate::error::{Error, Left, Result};
use std::time::Duration;

/// The attempts at one thing.
pub(super) struct Attempts {
    left: u32,
    backoff: Backoff,
}

impl Attempts {
    pub(super) fn new(busy: &Busy) -> Self {
        Self {
            left: busy.retries,
            backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(8)),
        }
    }

    /// Waits until a revision that failed may be tried again.
    ///
    /// # Errors
    /// The error, if it is not for others that the revision failed, if something of it was left, or if this was the last attempt.
    pub(super) async fn after(&mut self, dialect: &dyn Dialect, error: Error) -> Result<()> {
        let said = match &error {
            Error::Revision(failed) => {
                let nothing = matches!(
                    failed.left,
                    Left::NotRun | Left::Nothing | Left::NothingOfTheRun
                );
                said_by_database(&failed.source)
                    .filter(|_| nothing)
                    .cloned()
            }
            _ => None,
        };
        match said {
            Some(said) if self.again(dialect, &said).await => Ok(()),
            _ => Err(error),
        }
    }

    /// Waits, if what the database said may be said no more a little later, and answers whether it is to be tried again.
    pub(super) async fn again(&mut self, dialect: &dyn Dialect, said: &DbError) -> bool {
        if self.left == 0 || !dialect.is_busy(said) {
            return false;
        }
        self.left -= 1;
        let wait = self.backoff.next();
        let (seconds, left) = (wait.as_secs_f64(), self.left);
        tracing::warn!(target: "aludel::run", "Others are in the way ({said}): trying again in {seconds:.1} s, {left} more times if need be");
        pause(wait).await;
        true
    }
}

fn said_by_database(error: &Error) -> Option<&DbError> {
    match error {
        Error::Database(error) | Error::Statement { source: error, .. } => Some(error),
        _ => None,
    }
}
