//! Stopping a run from outside: by a signal, or because nobody waits for it any more. What is open is rolled back.

use super::Runner;
use super::pause::pause;
use crate::db::{Access, Connection, DbUrl};
use crate::error::{Error, Result};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

/// Stops a run, from wherever it is held. The statement that runs is cancelled on the server, its transaction rolled back, and the
/// lock freed; the run then answers [`Error::Stopped`], or an [`Error::Revision`] that says what is left.
///
/// ```
/// use aludel::run::Stop;
///
/// let stop = Stop::default();
/// assert!(!stop.is_stopped());
/// stop.clone().stop();
/// assert!(stop.is_stopped());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    stopped: Arc<AtomicBool>,
    /// Whether a statement runs that may be cancelled: none that puts things in order.
    at_work: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Stop {
    /// Stops the run.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        let mut waker = self.0.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = waker.take() {
            waker.wake();
        }
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::SeqCst)
    }

    /// Refuses to go on if it was stopped.
    pub(super) fn check(&self) -> Result<()> {
        match self.is_stopped() {
            true => Err(Error::Stopped),
            false => Ok(()),
        }
    }

    /// Says whether what runs now may be cancelled.
    pub(super) fn at_work(&self, is: bool) {
        self.0.at_work.store(is, Ordering::SeqCst);
    }

    /// Ends when it is stopped.
    async fn requested(&self) {
        poll_fn(|context| {
            let mut waker = self.0.waker.lock().unwrap_or_else(PoisonError::into_inner);
            *waker = Some(context.waker().clone());
            match self.is_stopped() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }

    /// Does some work, and cancels what it asks of the server once it is stopped.
    async fn watch<T>(&self, target: Option<Target>, work: impl Future<Output = T>) -> T {
        let cancel = async {
            self.requested().await;
            // A step's code may ask the database for one thing after the other.
            while let Some(target) = &target {
                if self.0.at_work.load(Ordering::SeqCst)
                    && let Err(error) = target.cancel().await
                {
                    tracing::warn!(target: "aludel::run", "The statement that runs cannot be cancelled: {error}");
                }
                pause(Duration::from_millis(500)).await;
            }
        };
        let (mut work, mut cancel) = (pin!(work), pin!(cancel));
        let mut cancelled = false;
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            if !cancelled {
                cancelled = cancel.as_mut().poll(context).is_ready();
            }
            Poll::Pending
        })
        .await
    }
}

/// What a second connection says to a server to cancel what the first one waits for.
struct Target {
    url: DbUrl,
    sql: String,
}

impl Target {
    async fn cancel(&self) -> Result<()> {
        let mut connection = Connection::open(&self.url, Access::Write).await?;
        connection.fetch(&self.sql).await?;
        Ok(connection.close().await?)
    }
}

impl Runner {
    /// What stops this runner while it works.
    pub fn stopper(&self) -> Stop {
        self.stop.clone()
    }

    /// Does something that can be stopped meanwhile.
    pub(super) async fn stoppably<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.stop.check()?;
        let mut target = None;
        if let (Some(url), Some(query)) = (&self.url, self.dialect.session()) {
            let rows = self.db.connection().fetch(query).await?;
            if let Some(row) = rows.first() {
                let session: String = row.at(0)?;
                let (url, sql) = (url.clone(), self.dialect.cancel(&session));
                target = Some(Target { url, sql });
            }
        }
        self.db
            .connection()
            .interrupt_by(self.stop.0.stopped.clone())
            .await?;
        let stop = self.stop.clone();
        let outcome = stop.watch(target, work(self)).await;
        let freed = self.db.connection().interrupt_by_nobody().await;
        outcome.and_then(|done| Ok(freed.map(|()| done)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_to_its_end_whether_it_is_stopped_or_not() {
        let stop = Stop::default();
        assert_eq!(stop.watch(None, async { 1 }).await, 1);
        let (work, ()) = tokio::join!(
            stop.watch(None, async {
                stop.requested().await;
                pause(Duration::from_millis(5)).await;
                2
            }),
            async {
                pause(Duration::from_millis(5)).await;
                stop.stop();
            }
        );
        assert_eq!(work, 2);
        assert!(matches!(stop.check(), Err(Error::Stopped)));
    }
}
