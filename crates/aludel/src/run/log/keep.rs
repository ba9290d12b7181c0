//! The rows of a frame's steps, written while they run.

use super::{LogTable, Note, Outcome};
use crate::db::Connection;
use crate::error::{Error, Fate, Left, Result};
use crate::run::Runner;
use crate::run::frame::Frame;

impl Frame<'_> {
    /// Writes the row of the present step before something of it stays whatever comes after, unless it is written.
    pub(in crate::run) async fn log_running(&mut self) -> Result<()> {
        let Some((log, note)) = self.unwritten() else {
            return Ok(());
        };
        let insert = log.insert([note], Outcome::Running, None)?;
        let sql = format!("{insert}{}", log.words.numbered);
        let rows = match self.db.connection().fetch(&sql).await {
            Ok(rows) => rows,
            Err(source) => {
                return Err(Error::Statement {
                    sql: insert,
                    source,
                });
            }
        };
        if let (Some(row), Some(note)) = (rows.first(), &mut *self.note) {
            note.live = Some(row.at(0)?);
            self.state.row_in_doubt = self.state.open;
        }
        Ok(())
    }

    /// Writes that the present step is done, beside its version rows and in their transaction.
    pub(in crate::run) async fn log_done(&mut self) -> Result<()> {
        match (self.log, &*self.note) {
            (Some(log), Some(note)) => {
                let connection = self.db.connection();
                log.end(connection, note, Outcome::Done, None).await
            }
            _ => Ok(()),
        }
    }

    fn unwritten(&self) -> Option<(&LogTable, &Note)> {
        let note = self.note.as_ref().filter(|it| it.live.is_none())?;
        Some((self.log?, note))
    }
}

impl Runner {
    /// Writes that the present step failed, when everything is settled. Where that fails too, the first error is the one to
    /// tell; where it is not known what became of the step, or the step is done, nothing is written.
    pub(in crate::run) async fn log_failed(&mut self, error: &Error) {
        let failed = matches!(error, Error::Revision(_)) && !is_lost(error) && !is_done(error);
        if let Some(note) = self.note.take().filter(|_| failed) {
            let connection = self.db.connection();
            let said = said(error);
            let ended = self
                .log
                .end(connection, &note, Outcome::Failed, Some(&said));
            if let Err(error) = ended.await {
                tracing::debug!(target: "aludel::run", "The failure is not in the log: {error}");
            }
        }
    }
}

impl LogTable {
    async fn end(
        &self,
        connection: &mut Connection,
        note: &Note,
        outcome: Outcome,
        error: Option<&str>,
    ) -> Result<()> {
        if let Some(id) = note.live {
            let sql = self.update(id, outcome, error)?;
            // The row may have gone with a transaction that was rolled back.
            if send(connection, sql).await? == 1 {
                return Ok(());
            }
        }
        let sql = self.insert([note], outcome, error)?;
        send(connection, sql).await.map(drop)
    }
}

/// An error of ours shows its statement.
pub(super) async fn send(connection: &mut Connection, sql: String) -> Result<u64> {
    match connection.execute(&sql).await {
        Ok(touched) => Ok(touched),
        Err(source) => Err(Error::Statement { sql, source }),
    }
}

fn is_lost(error: &Error) -> bool {
    match error {
        Error::Revision(failure) => is_lost(&failure.source),
        Error::Database(source) | Error::Statement { source, .. } => source.is_lost(),
        _ => false,
    }
}

/// Whether what failed came behind the step.
fn is_done(error: &Error) -> bool {
    let Error::Revision(failure) = error else {
        return false;
    };
    matches!(&failure.left, Left::Part(account) if account.version == Fate::Committed)
}

/// What was said: the operation, its place, and the causes from the top down.
fn said(error: &Error) -> String {
    let mut parts = Vec::new();
    let mut next: &dyn std::error::Error = error;
    if let Error::Revision(failure) = error {
        let at = failure.at.as_ref();
        let at = at.map(|it| format!(" ({}:{})", it.file, it.line));
        let operation = failure.operation.clone();
        parts.extend(operation.map(|it| it + &at.unwrap_or_default()));
        next = &failure.source;
    }
    parts.push(next.to_string());
    while let Some(cause) = next.source() {
        let text = cause.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        next = cause;
    }
    parts.join(": ")
}
