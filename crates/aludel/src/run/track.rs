//! Keeping track of a step of which something stays whatever comes after, and going on behind what an earlier run has done of it.

use super::frame::Frame;
use super::log::Unfinished;
use super::progress::{Current, Doubt, Sign, call};
use super::record::Recording;
use super::turn::Waiting;
use crate::dialect::Trace;
use crate::error::{Error, Result};
use crate::ops::Operation;
use crate::revision::Step;
use crate::sql::Statement;

impl Frame<'_> {
    /// Runs a step, from where an earlier run has left it if one did.
    pub(super) async fn step_from(
        &mut self,
        step: &Step,
        recording: Recording,
        begun: Option<Unfinished>,
    ) -> Result<()> {
        let Some(begun) = begun else {
            return self.step(step, recording).await;
        };
        let (done, from) = (begun.progress.ended(), &begun.from);
        tracing::info!(target: "aludel::run", "Going on with {}, of which {from} has done {done} operation(s)", step.revision);
        if let Some(log) = self.log {
            log.end_unfinished(self.db.connection(), &begun).await?;
        }
        self.step_behind(step, recording, begun.progress).await
    }

    /// Whether it is kept how far the step has come. Where names are looked for elsewhere by now, the log is not found.
    pub(super) fn is_tracked(&self) -> bool {
        let live = self.note.as_ref().is_some_and(|it| it.is_live());
        self.log.is_some() && live && !self.state.moved
    }

    /// Writes how far the step has come, in the transaction that is open, or else at once.
    pub(super) async fn track(&mut self) -> Result<()> {
        match (self.log, &*self.note) {
            (Some(log), Some(note)) if self.is_tracked() => {
                let connection = self.db.connection();
                log.keep(connection, note, &self.state.progress).await
            }
            _ => Ok(()),
        }
    }

    /// An operation is begun.
    pub(super) fn begun(&mut self, operation: &Operation, statements: &[Statement]) {
        let statements = statements
            .iter()
            .map(|it| (it.sql.clone(), it.in_transaction));
        self.state.progress.current = Some(Current {
            operation: call(operation),
            statements: statements.collect(),
            done: 0,
            doubt: None,
        });
    }

    /// Writes that something is begun that counts at once, and what shows whether it was done.
    pub(super) async fn doubt(&mut self, sql: Option<&str>) -> Result<()> {
        if !self.is_tracked() {
            return Ok(());
        }
        let sign = match sql {
            Some(sql) => self.sign(sql).await?,
            None => Sign::None,
        };
        if self.state.session.is_none()
            && let Some(query) = self.dialect.session()
        {
            let rows = self.db.connection().fetch(query).await?;
            self.state.session = rows.first().map(|row| row.at(0)).transpose()?;
        }
        let session = self.state.session.clone();
        if let Some(current) = &mut self.state.progress.current {
            current.doubt = Some(Doubt { session, sign });
        }
        self.track().await
    }

    /// A statement of the operation was done, for all that is known here.
    pub(super) fn done_one(&mut self) {
        if let Some(current) = &mut self.state.progress.current {
            current.done += 1;
            current.doubt = None;
        }
    }

    /// A statement was refused, and has done nothing.
    pub(super) async fn refused_one(&mut self) {
        let doubt = self
            .state
            .progress
            .current
            .as_mut()
            .and_then(|it| it.doubt.take());
        if doubt.is_some() {
            // The refusal is what is to be told. Where this fails, the catalog will tell.
            let _ = self.track().await;
        }
    }

    /// What the catalog says where a statement leaves its trace.
    async fn sign(&mut self, sql: &str) -> Result<Sign> {
        let queries = match self.dialect.trace(sql)? {
            Trace::Catalog(queries) => queries,
            Trace::Harmless => return Ok(Sign::Harmless),
            Trace::None => return Ok(Sign::None),
        };
        let mut said = Vec::new();
        for query in queries {
            let connection = self.db.connection();
            said.push(self.dialect.look(connection, &query).await?);
        }
        Ok(Sign::Before(said))
    }

    /// Goes on with an operation that an earlier run has begun.
    pub(super) async fn go_on(
        &mut self,
        step: &Step,
        operation: Operation,
        current: Current,
    ) -> Result<()> {
        let mut done = current.done;
        let next = current.statements.get(done).map(|it| it.0.clone());
        if let Some(doubt) = &current.doubt {
            let statement = next.clone().unwrap_or_else(|| operation.summary());
            self.wait_for(doubt).await?;
            match self.was_done(&doubt.sign, &statement).await? {
                Some(was_done) => done += usize::from(was_done),
                None => return Err(Error::InDoubt { statement }),
            }
            let fate = if done > current.done {
                "was done"
            } else {
                "was not done"
            };
            tracing::info!(target: "aludel::run", "What the last run had begun {fate}: {statement}");
        }
        if let Some(next) = current.statements.get(done) {
            self.clear_away(&next.0).await?;
        }
        if done == 0 {
            return self.operation(step, operation).await;
        }
        let statements = current
            .statements
            .iter()
            .map(|(sql, in_transaction)| Statement {
                sql: sql.clone(),
                in_transaction: *in_transaction,
            });
        let statements: Vec<Statement> = statements.collect();
        self.begun(&operation, &statements);
        self.state.ledger.spelled(&statements);
        for (at, statement) in statements.iter().enumerate() {
            match at < done {
                true => {
                    self.state.ledger.done_before();
                    self.done_one();
                }
                false => self.statement(step, statement).await?,
            }
        }
        Ok(())
    }

    /// Waits until the server is done with what it was told by somebody who is gone.
    async fn wait_for(&mut self, doubt: &Doubt) -> Result<()> {
        let query = doubt
            .session
            .as_ref()
            .and_then(|it| self.dialect.at_work(it));
        let Some(query) = query else {
            return Ok(());
        };
        let mut waiting = Waiting::new(self.patience, &self.stop);
        while !self.db.connection().fetch(&query).await?.is_empty() {
            waiting.on_somebody().await?;
        }
        Ok(())
    }

    /// Whether something was done, if there is a sign of it; false also where it may be done once more.
    async fn was_done(&mut self, before: &Sign, sql: &str) -> Result<Option<bool>> {
        let before = match before {
            Sign::Before(before) => before,
            Sign::Harmless => return Ok(Some(false)),
            Sign::None => return Ok(None),
        };
        let Sign::Before(now) = self.sign(sql).await? else {
            return Ok(None);
        };
        let differs = before.iter().zip(&now).filter(|(a, b)| a != b).count();
        Ok(match differs {
            0 => Some(false),
            all if all == before.len() => Some(true),
            _ => None,
        })
    }

    /// Takes away what an attempt at a statement that failed has left behind.
    async fn clear_away(&mut self, sql: &str) -> Result<()> {
        let Some(query) = self.dialect.remains(sql)? else {
            return Ok(());
        };
        for row in self.db.connection().fetch(&query).await? {
            let sql: String = row.at(0)?;
            self.part_of_what_is_open().await?;
            tracing::info!(target: "aludel::run", "Taking away what the last run has left: {sql}");
            if let Err(source) = self.db.connection().execute(&sql).await {
                return Err(Error::Statement { sql, source });
            }
        }
        Ok(())
    }
}
