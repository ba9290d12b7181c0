//! Migrating from within an application, at its start.

use super::{Options, Runner};
use crate::db::{Access, DbUrl};
use crate::error::Result;
use crate::history::{History, Migrations};
use crate::revision::{RevisionId, Step, Target};

/// The revisions that are compiled into an application, ready to be run: `Migrator::new(migrations!("migrations/versions"))`.
///
/// The futures are `Send`, although the steps of a revision need not be: a run has a thread of its own.
///
/// ```no_run
/// # async fn start(migrations: aludel::history::Migrations) -> aludel::Result<()> {
/// let migrator = aludel::run::Migrator::new(migrations);
/// migrator.upgrade("sqlite:clinic.db", "head").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Migrator {
    migrations: Migrations,
    options: Options,
}

impl Migrator {
    /// With the default options.
    pub fn new(migrations: Migrations) -> Self {
        Self {
            migrations,
            options: Options::default(),
        }
    }

    /// With other options.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Runs the upgrades that the target needs; answers the steps that were done.
    ///
    /// # Errors
    /// As [`Runner::upgrade`]; and for a URL or a target that cannot be read.
    pub async fn upgrade(&self, url: &str, target: &str) -> Result<Vec<Step>> {
        let target = parse(target)?;
        self.run(url, Access::Write, async move |runner: &mut Runner| {
            runner.upgrade(&target).await
        })
        .await
    }

    /// Runs the downgrades that lead to the target; answers the steps that were done.
    ///
    /// # Errors
    /// As [`Self::upgrade`].
    pub async fn downgrade(&self, url: &str, target: &str) -> Result<Vec<Step>> {
        let target = parse(target)?;
        self.run(url, Access::Write, async move |runner: &mut Runner| {
            runner.downgrade(&target).await
        })
        .await
    }

    /// Where the database stands: the rows of its version table.
    ///
    /// # Errors
    /// [`crate::Error::Database`] if it cannot be read.
    pub async fn current(&self, url: &str) -> Result<Vec<RevisionId>> {
        self.run(url, Access::Read, async |runner: &mut Runner| {
            runner.current().await
        })
        .await
    }

    /// Does something with a runner, on a thread of its own.
    async fn run<T, F>(&self, url: &str, access: Access, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&mut Runner) -> Result<T> + Send + 'static,
    {
        let url = DbUrl::parse(url)?;
        let history = History::embedded(&self.migrations)?;
        let options = self.options.clone();
        on_own_thread(move || {
            Box::pin(async move {
                let mut runner = Runner::connect(&url, access, history, options).await?;
                let outcome = work(&mut runner).await;
                runner.close().await?;
                outcome
            })
        })
        .await
    }
}

fn parse(target: &str) -> Result<Target> {
    target
        .parse()
        .map_err(|error: crate::revision::TargetError| crate::Error::from(error.to_string()))
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
async fn on_own_thread<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> crate::db::LocalBoxFuture<'static, Result<T>> + Send + 'static,
{
    let (send, receive) = tokio::sync::oneshot::channel();
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| crate::Error::from(error.to_string()))?;
        tracing::dispatcher::with_default(&dispatch, || runtime.block_on(work()))
    };
    std::thread::Builder::new()
        .name("aludel".into())
        .spawn(move || send.send(run()))
        .map_err(|error| crate::Error::from(error.to_string()))?;
    receive
        .await
        .unwrap_or_else(|_| Err("a step of a revision panicked".into()))
}

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
async fn on_own_thread<T, F>(work: F) -> Result<T>
where
    F: FnOnce() -> crate::db::LocalBoxFuture<'static, Result<T>>,
{
    work().await
}
