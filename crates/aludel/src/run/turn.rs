//! Taking turns: one runner at a time works on a database, the others wait and look again.

use super::pause::{Backoff, pause};
use super::{Runner, Stop};
use crate::db::{Access, Connection, DbUrl};
use crate::dialect::Lock;
use crate::error::{Error, Result};
use std::time::{Duration, Instant};

/// How often somebody who waits is told that it still does.
const REMINDER: Duration = Duration::from_secs(10);

/// A turn that was taken. The database takes it back by itself when the connection that holds it ends, however that comes.
enum Turn {
    /// Nothing holds it but the transactions of the runner.
    Untaken,
    /// Held by a connection that does nothing else.
    Apart(Connection, Lock),
    /// Held by the connection that works.
    Here(Lock),
}

impl Runner {
    /// Does something while no other runner works on this database.
    pub(super) async fn in_turn<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let turn = self.take_turn().await?;
        let outcome = self
            .stoppably(async |runner| runner.patiently(work).await)
            .await;
        self.give_turn_back(turn).await;
        outcome
    }

    /// Does something in a session whose statements wait as long as they are to.
    async fn patiently<T>(&mut self, work: impl AsyncFnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let Some((first, last)) = self.dialect.session_waits(&self.options.busy.waits) else {
            return work(self).await;
        };
        self.db.connection().execute(&first).await?;
        let outcome = work(self).await;
        // Where this fails the session is at its end, and what it waited for with it.
        let _ = self.db.connection().execute(&last).await;
        outcome
    }

    async fn take_turn(&mut self) -> Result<Turn> {
        if !self.options.turns.taken {
            return Ok(Turn::Untaken);
        }
        let (table, origin) = (&self.options.version_table, self.options.origin.to_string());
        let url = self.url.as_ref().filter(|_| self.dialect.locks_apart());
        let Some(lock) = self.dialect.lock(table, &origin, url.is_some())? else {
            return Ok(Turn::Untaken);
        };
        let mut waiting = Waiting::new(self.options.turns.patience, &self.stop);
        match url.cloned() {
            Some(url) => loop {
                let holder = match Holder::ask(self.db.connection(), &lock.holder).await? {
                    // Only who may go ahead needs a second connection: a server has not so many of them.
                    None => match apart(&url, &lock).await? {
                        Some(connection) => return Ok(Turn::Apart(connection, lock)),
                        None => Holder::default(),
                    },
                    Some(holder) => holder,
                };
                waiting.on(&holder).await?;
            },
            None => {
                let connection = self.db.connection();
                connection.execute(&lock.open.join(";\n")).await?;
                while !attempt(connection, &lock).await? {
                    let holder = Holder::ask(connection, &lock.holder).await?;
                    waiting.on(&holder.unwrap_or_default()).await?;
                }
                Ok(Turn::Here(lock))
            }
        }
    }

    /// Gives the turn back at once. Where the connection is lost, the database has taken it back.
    async fn give_turn_back(&mut self, turn: Turn) {
        let freed = match turn {
            Turn::Untaken => return,
            Turn::Apart(mut connection, lock) => {
                let freed = connection.execute(&lock.release).await;
                freed.and(connection.close().await)
            }
            Turn::Here(lock) => {
                let freed = self.db.connection().execute(&lock.release).await;
                freed.map(drop)
            }
        };
        if let Err(error) = freed {
            tracing::debug!(target: "aludel::run", "The lock was freed with its connection: {error}");
        }
    }
}

/// A connection that holds the lock, if it is to be had.
async fn apart(url: &DbUrl, lock: &Lock) -> Result<Option<Connection>> {
    let mut connection = Connection::open(url, Access::Write).await?;
    connection.execute(&lock.open.join(";\n")).await?;
    match attempt(&mut connection, lock).await? {
        true => Ok(Some(connection)),
        false => {
            connection.close().await?;
            Ok(None)
        }
    }
}

/// Asks for the lock, and answers whether it is held now.
async fn attempt(connection: &mut Connection, lock: &Lock) -> Result<bool> {
    let rows = connection.fetch(&lock.attempt).await?;
    let got: Option<Option<i64>> = rows.first().map(|row| row.at(0)).transpose()?;
    Ok(got.flatten() == Some(1))
}

/// Who is waited for, as far as the database tells.
#[derive(Debug, Default)]
struct Holder {
    who: Option<String>,
    since: Option<String>,
}

impl Holder {
    async fn ask(connection: &mut Connection, query: &str) -> Result<Option<Self>> {
        Ok(match connection.fetch(query).await?.first() {
            Some(row) => Some(Self {
                who: row.at(0)?,
                since: row.at(1)?,
            }),
            None => None,
        })
    }
}

/// The wait of one who is not alone.
pub(super) struct Waiting {
    since: Instant,
    patience: Duration,
    backoff: Backoff,
    told: Option<Instant>,
    stop: Stop,
}

impl Waiting {
    pub(super) fn new(patience: Duration, stop: &Stop) -> Self {
        Self {
            since: Instant::now(),
            patience,
            backoff: Backoff::new(Duration::from_millis(50), Duration::from_secs(1)),
            told: None,
            stop: stop.clone(),
        }
    }

    /// Waits a little for nobody in particular.
    pub(super) async fn on_somebody(&mut self) -> Result<()> {
        self.on(&Holder::default()).await
    }

    /// Waits a little, unless that has been going on for too long.
    async fn on(&mut self, holder: &Holder) -> Result<()> {
        if self.told.is_none_or(|it| it.elapsed() >= REMINDER) {
            self.tell(holder);
        }
        let waited = self.since.elapsed();
        if waited >= self.patience {
            return Err(Error::Locked {
                holder: holder.who.clone(),
                since: holder.since.clone(),
                waited,
            });
        }
        pause(self.backoff.next().min(self.patience - waited)).await;
        self.stop.check()
    }

    fn tell(&mut self, holder: &Holder) {
        let who = holder.who.as_deref().unwrap_or("another connection");
        let since = holder.since.as_ref().map(|it| format!(" since {it}"));
        let since = since.unwrap_or_default();
        match self.told {
            None => {
                tracing::info!(target: "aludel::run", "Waiting for {who}, at work on this database{since}");
            }
            Some(_) => {
                let waited = self.since.elapsed().as_secs();
                tracing::info!(target: "aludel::run", "Still waiting, after {waited} s, for {who}, at work on this database{since}");
            }
        }
        self.told = Some(Instant::now());
    }
}
