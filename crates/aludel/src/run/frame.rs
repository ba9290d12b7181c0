//! The frame in which revisions run on a live database: which transaction is open, what is taken out of it, and what came of what
//! ran in it.

use super::attempts::Attempts;
use super::backend::prepare;
use super::check::outside;
use super::ledger::{Ledger, failure};
use super::log::{LogTable, Note};
use super::progress::{Progress, call};
use super::record::Recording;
use super::version::{self, VersionTable};
use super::{Busy, Stop};
use crate::db::DbError;
use crate::dialect::{Dialect, Needs, needs};
use crate::error::{Error, Fate, Left, Result};
use crate::ops::{Db, Operation, run::Run};
use crate::revision::{RevisionId, Step};
use crate::sql::{Bearing, Statement};
use std::time::Duration;

mod transaction;

/// What one transaction is put around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// A revision with its version rows; around its parts, where statements have to run between them.
    Revision,
    /// All revisions of a run.
    Run,
    /// Only the version rows: each statement counts at once, unless the revision opens transactions by itself.
    VersionRows,
}

/// A frame, from before the first statement of one revision, or of one run, until everything is settled.
pub(super) struct Frame<'r> {
    pub db: &'r mut Db,
    pub dialect: &'r dyn Dialect,
    pub version: &'r VersionTable,
    /// The record of what is done, where one is kept.
    pub log: Option<&'r LogTable>,
    /// What it says of the present step.
    pub note: &'r mut Option<Note>,
    pub around: Around,
    /// Whether foreign keys rest meanwhile.
    pub rebuilds: bool,
    /// How long a transaction waits to be opened while another one keeps the database.
    pub patience: Duration,
    pub busy: Busy,
    pub stop: Stop,
    pub state: State,
}

/// What has happened in a frame so far.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Whether a transaction is open.
    pub open: bool,
    /// Whether a statement outside the transaction may have changed a setting of the session.
    unsettled: bool,
    /// Whether names without a schema may be looked for elsewhere than before.
    pub moved: bool,
    /// Whether a step's code has run.
    code_ran: bool,
    /// What lets others in again that were kept out.
    lets_in: Option<&'static str>,
    /// Rows that referred to nothing before: `(table, parent, number of rows)`.
    dangling: Vec<(String, String, u64)>,
    pub ledger: Ledger,
    /// How far the step has come.
    pub progress: Progress,
    /// Whether the row of the step in the log was written in the transaction that is open.
    pub row_in_doubt: bool,
    /// By which number the server knows the connection, once that was asked.
    pub session: Option<String>,
}

impl Frame<'_> {
    /// Lets foreign keys rest where that is needed, opens the transaction that is put around, and sees to it that the version rows
    /// are these, and stay these. False if they are not: somebody else was here, and nothing may be run.
    pub(super) async fn enter(&mut self, rows: &[RevisionId]) -> Result<bool> {
        if self.rebuilds
            && let Some((first, _)) = self.dialect.features().around_rebuild
        {
            self.db.connection().execute(first).await?;
        }
        let query = self.version.query();
        let found = match self.dialect.features().transactional_ddl {
            true => {
                if self.around == Around::VersionRows {
                    self.keep_out().await?;
                }
                self.open_with(Some(&query)).await?
            }
            false => self.db.connection().fetch(&query).await?,
        };
        if self.rebuilds {
            self.state.dangling = self.dialect.dangling(self.db.connection()).await?;
        }
        if self.around == Around::VersionRows {
            self.commit().await?;
        }
        Ok(version::read(&found)? == rows)
    }

    /// Ends a frame in which nothing was run.
    pub(super) async fn leave(&mut self) -> Result<()> {
        if std::mem::take(&mut self.state.open) {
            self.db.connection().execute("ROLLBACK").await?;
        }
        self.settle(Ok(())).await
    }

    /// Creates the version table and the log, unless somebody else has meanwhile.
    pub(super) async fn make_tables(&mut self) -> Result<()> {
        if self.dialect.features().transactional_ddl {
            self.open_by(self.dialect.features().begin).await?;
        }
        let connection = self.db.connection();
        if !self.version.is_there(connection).await? {
            connection.execute(self.version.create_statement()).await?;
        }
        match self.log {
            Some(log) => log.make(connection).await,
            None => Ok(()),
        }
    }

    /// Runs the operations of a step, and writes its version rows.
    pub(super) async fn step(&mut self, step: &Step, recording: Recording) -> Result<()> {
        self.step_behind(step, recording, Progress::default()).await
    }

    /// Runs the operations of a step that are not done yet, and writes its version rows.
    pub(super) async fn step_behind(
        &mut self,
        step: &Step,
        recording: Recording,
        begun: Progress,
    ) -> Result<()> {
        self.state.ledger.open(&recording.operations);
        self.state.progress = Progress::default();
        let stays = match self.around {
            _ if !begun.is_nothing() => true,
            Around::Revision => !self.dialect.features().transactional_ddl,
            Around::Run => false,
            Around::VersionRows => true,
        };
        if stays {
            self.log_running()
                .await
                .map_err(|source| failure(step, None, None, source))?;
        }
        let (before, mut current) = (begun.done, begun.current.clone());
        if !begun.is_nothing() {
            self.state.progress = begun;
            self.track()
                .await
                .map_err(|source| failure(step, None, None, source))?;
        }
        for (number, recorded) in recording.operations.into_iter().enumerate() {
            if number < before {
                self.state.ledger.done_before();
                continue;
            }
            let summary = recorded.operation.summary();
            let at = recorded.at;
            let said = self.log.map(|_| call(&recorded.operation));
            let done = match current.take() {
                Some(current) => self.go_on(step, recorded.operation, current).await,
                None => self.operation(step, recorded.operation).await,
            };
            done.map_err(|source| failure(step, Some(summary), at, source))?;
            if let Some(said) = said {
                self.state.progress.end(&said);
            }
        }
        self.stop
            .check()
            .map_err(|source| failure(step, None, None, source))?;
        self.version_rows(step)
            .await
            .map_err(|source| failure(step, None, None, source))
    }

    /// Writes the version rows of a step.
    pub(super) async fn version_rows(&mut self, step: &Step) -> Result<()> {
        let own = self.around == Around::VersionRows;
        if own {
            self.no_new_dangling().await?;
        }
        self.move_back().await?;
        self.open().await?;
        for op in &step.version_ops {
            let connection = self.db.connection();
            self.version.write(self.dialect, connection, op).await?;
        }
        self.log_done().await?;
        self.state.ledger.version_written();
        match own {
            true => self.commit().await,
            false => Ok(()),
        }
    }

    /// Empties the version table.
    pub(super) async fn purge(&mut self) -> Result<()> {
        self.open().await?;
        let sql = self.version.purge_statement();
        self.db.connection().execute(&sql).await?;
        Ok(())
    }

    /// Commits what went well, rolls back what did not, and restores the session either way; whatever happens, no
    /// transaction is left open.
    pub(super) async fn settle(&mut self, outcome: Result<()>) -> Result<()> {
        let mut outcome = outcome;
        if outcome.is_ok() {
            outcome = self.commit().await;
        }
        if std::mem::take(&mut self.state.open) {
            // The first error is the one to tell. Where this fails there is no transaction any more: the database has ended it
            // itself, or the connection is lost, and the server ends what it had not been told to commit.
            let _ = self.db.connection().execute("ROLLBACK").await;
            self.state.ledger.settled(Fate::RolledBack);
            // The search path went back with it, and the row of the log is not there.
            self.state.moved = false;
            if std::mem::take(&mut self.state.row_in_doubt)
                && let Some(note) = &mut *self.note
            {
                note.forget_row();
            }
        }
        if outcome.is_err() {
            // The log is looked for where the version table is.
            let _ = self.move_back().await;
        }
        let around = self.dialect.features().around_rebuild;
        let around = around.filter(|_| self.rebuilds || self.state.unsettled);
        if let Some((_, last)) = around {
            let restored = self.db.connection().execute(last).await;
            outcome = outcome.and(restored.map(drop).map_err(Error::from));
        }
        if let Some(last) = self.state.lets_in.take() {
            let let_in = self.db.connection().execute(last).await;
            outcome = outcome.and(let_in.map(drop).map_err(Error::from));
        }
        outcome
    }

    /// What is left of a revision, or of a run, that failed.
    pub(super) fn left(&mut self) -> Left {
        let ledger = std::mem::take(&mut self.state.ledger);
        let goes_on = self.is_tracked();
        ledger.left(self.around == Around::Run, goes_on)
    }

    pub(super) async fn operation(&mut self, step: &Step, operation: Operation) -> Result<()> {
        self.stop.check()?;
        if self.log.is_some() {
            self.begun(&operation, &[]);
        }
        let operation = match operation {
            Operation::Run(run) => return self.code(step, run).await,
            operation => operation,
        };
        let prepared = self.prepare(&operation).await;
        if prepared.is_err() {
            self.state.ledger.failed(Fate::Failed, false);
        }
        let statements = prepared?;
        self.state.ledger.spelled(&statements);
        if self.log.is_some() {
            self.begun(&operation, &statements);
        }
        for statement in &statements {
            self.statement(step, statement).await?;
        }
        Ok(())
    }

    async fn prepare(&mut self, operation: &Operation) -> Result<Vec<Statement>> {
        // What is looked at must not change until the statements have run.
        let holds = self.dialect.features().transactional_ddl;
        if holds && needs(self.dialect, operation) != Needs::Nothing {
            self.begin().await?;
        }
        prepare(self.dialect, self.db.connection(), operation).await
    }

    /// Runs a step's code. Where a definition ends the transaction around it, code may do so at any moment: it is a part by
    /// itself, and nobody knows how far it came when it fails.
    async fn code(&mut self, step: &Step, run: Run) -> Result<()> {
        let alone = !self.dialect.features().transactional_ddl && self.around == Around::Revision;
        if alone {
            self.part(step).await?;
        }
        self.begin().await?;
        // What is written here is seen only if the code ends the transaction, and then nobody knows how far it came.
        if alone || self.around == Around::VersionRows {
            self.doubt(None).await?;
        }
        self.keep_place().await?;
        let certain = self.state.open && !alone;
        self.state.code_ran = true;
        if let Err(error) = self.call(run).await {
            let fate = if certain { Fate::Failed } else { Fate::Unknown };
            self.state.ledger.failed(fate, !certain);
            return Err(error);
        }
        self.state.ledger.ran();
        self.done_one();
        if alone {
            self.part(step).await?;
        }
        self.follow(Bearing::Within);
        Ok(())
    }

    /// Calls the code, in a session that is as the driver takes it to be, and puts the session back.
    async fn call(&mut self, run: Run) -> Result<()> {
        let around = self.dialect.features().around_step;
        if let Some((first, _)) = around {
            self.db.connection().execute(first).await?;
        }
        self.stop.at_work(true);
        let done = (run.step)(self.db).await;
        self.stop.at_work(false);
        match around {
            Some((_, last)) => {
                let restored = self.db.connection().execute(last).await;
                done.and(restored.map(drop).map_err(Error::from))
            }
            None => done,
        }
    }

    pub(super) async fn statement(&mut self, step: &Step, statement: &Statement) -> Result<()> {
        self.stop.check()?;
        let mut wrapped = false;
        match self.around {
            Around::VersionRows => wrapped = self.alone(&statement.sql).await?,
            _ if statement.in_transaction => self.begin().await?,
            Around::Run => return Err(outside(self.dialect, &statement.sql)),
            Around::Revision => {
                // Where names are looked for elsewhere by now, the log is not found before its turn.
                if !self.state.moved {
                    self.log_running().await?;
                }
                self.doubt(Some(&statement.sql)).await?;
                self.part(step).await?;
                self.state.unsettled = true;
            }
        }
        if self.dialect.moves(&statement.sql) {
            self.keep_place().await?;
        }
        if let Err(source) = self.send(&statement.sql).await {
            let loose = !self.state.open;
            let fate = match loose && source.is_lost() {
                true => Fate::Unknown,
                false => Fate::Failed,
            };
            self.state.ledger.failed(fate, loose);
            if loose && !source.is_lost() {
                self.refused_one().await;
            }
            let sql = statement.sql.clone();
            return Err(Error::Statement { sql, source });
        }
        self.state.ledger.ran();
        self.done_one();
        if wrapped {
            self.track().await?;
            return self.commit().await;
        }
        let bearing = match self.around {
            Around::VersionRows => self.dialect.bearing(&statement.sql),
            _ => Bearing::Within,
        };
        self.follow(bearing);
        Ok(())
    }

    /// Sees to it that a statement that counts at once is known to be done when it is: in one transaction with that knowledge, where
    /// that can be, which is answered; or else by what is written before it.
    async fn alone(&mut self, sql: &str) -> Result<bool> {
        let bearing = self.dialect.bearing(sql);
        if self.state.open {
            // The transaction is the revision's own.
            if bearing == Bearing::Commits && self.is_tracked() {
                let before = self.state.progress.clone();
                self.done_one();
                self.track().await?;
                self.state.progress = before;
            }
            return Ok(false);
        }
        if !self.is_tracked() || bearing.is_control() {
            return Ok(false);
        }
        let wraps = bearing == Bearing::Within
            && !self.dialect.stands_alone(sql)
            && !self.dialect.moves(sql);
        match wraps {
            true => {
                self.open_by(self.dialect.features().begin).await?;
                Ok(true)
            }
            false => {
                self.doubt(Some(sql)).await?;
                Ok(false)
            }
        }
    }

    /// Sends a statement, and again if others were in its way and it is not part of a transaction that has to be begun again: a
    /// statement that is refused has done nothing.
    async fn send(&mut self, sql: &str) -> std::result::Result<(), DbError> {
        let alone = !self.state.open && !self.dialect.features().transactional_ddl;
        let mut attempts = Attempts::new(&self.busy);
        loop {
            self.stop.at_work(true);
            let sent = self.db.connection().execute(sql).await;
            self.stop.at_work(false);
            match sent {
                Err(said) if alone && attempts.again(self.dialect, &said).await => {}
                sent => return sent.map(drop),
            }
        }
    }

    /// Remembers where names without a schema are looked for, before something may change that.
    async fn keep_place(&mut self) -> Result<()> {
        match self.dialect.features().around_move {
            Some((keep, _)) if !self.state.moved => {
                self.db.connection().execute(keep).await?;
                self.state.moved = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The version table is looked for where it was found.
    async fn move_back(&mut self) -> Result<()> {
        let around = self.dialect.features().around_move;
        match around.filter(|_| std::mem::take(&mut self.state.moved)) {
            Some((_, back)) => {
                self.db.connection().execute(back).await?;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Keeps the account of what ran without a transaction of ours.
    fn follow(&mut self, bearing: Bearing) {
        match bearing {
            Bearing::Begins => self.state.open = true,
            Bearing::RollsBack => {
                self.state.open = false;
                self.state.ledger.settled(Fate::RolledBack);
            }
            Bearing::Commits => {
                self.state.open = false;
                self.state.ledger.settled(Fate::Committed);
            }
            _ if self.state.open => {}
            _ => self.state.ledger.settled(Fate::Committed),
        }
    }
}
