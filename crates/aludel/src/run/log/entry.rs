//! What the log holds, read.

use super::LogTable;
use crate::db::Connection;
use crate::error::Result;
use crate::revision::RevisionId;
use crate::run::Runner;
use serde::Serialize;

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Its number, which grows.
    pub id: i64,
    /// The revision.
    pub revision: String,
    /// What was done with it: `upgrade`, `downgrade`, `stamp` or `unstamp` (from then on it counted as applied, or no longer
    /// did), `repair` (its present text was accepted as what was applied).
    pub direction: String,
    /// `running`, `done` or `failed`. A step that runs in a transaction is never seen running; one that is, and that nobody
    /// runs, was broken off.
    pub outcome: String,
    /// When it began, by the database's clock: `2025-11-08T14:30:00.000000Z`.
    pub started_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// The database's user, where it has users.
    pub run_by: Option<String>,
    /// The user of the operating system, the machine and the process: `ada@laptop (pid 4711)`.
    pub run_from: String,
    /// The program and its version.
    pub tool: String,
    /// The checksum of the revision's meaning, after the version of its algorithm and a colon.
    pub checksum: Option<String>,
    /// The SHA-256 of the revision's text.
    pub raw: Option<String>,
    /// The revision's text, if it was asked for and is not longer than a megabyte.
    pub text: Option<String>,
    /// Why it was repaired, if that was said.
    pub reason: Option<String>,
    /// What was said when it failed.
    pub error: Option<String>,
}

/// Which rows of the log to read. The default is all of them, without the texts.
///
/// ```
/// use aludel::run::LogQuery;
///
/// let last_failures = LogQuery { failed: true, limit: Some(10), ..LogQuery::default() };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Those of these revisions alone.
    pub revisions: Option<Vec<RevisionId>>,
    /// Those alone that failed, or never said how they ended.
    pub failed: bool,
    /// The newest alone, so many of them.
    pub limit: Option<u32>,
    /// With the texts of the revisions.
    pub texts: bool,
}

impl Runner {
    /// The rows of the log, newest first; none if there is no log. Nothing is created.
    ///
    /// # Errors
    /// [`crate::Error::Database`] with what the database said.
    pub async fn log(&mut self, query: &LogQuery) -> Result<Vec<LogEntry>> {
        let connection = self.db.connection();
        match self.log.is_there(connection).await? {
            true => self.log.read(connection, query).await,
            false => Ok(Vec::new()),
        }
    }
}

impl LogTable {
    async fn read(&self, connection: &mut Connection, query: &LogQuery) -> Result<Vec<LogEntry>> {
        let mut entries = Vec::new();
        for row in connection.fetch(&self.select(query)?).await? {
            entries.push(LogEntry {
                id: row.at(0)?,
                revision: row.at(1)?,
                direction: row.at(2)?,
                outcome: row.at(3)?,
                started_at: row.at(4)?,
                finished_at: row.at(5)?,
                run_by: row.at(6)?,
                run_from: row.at(7)?,
                tool: row.at(8)?,
                checksum: row.at(9)?,
                raw: row.at(10)?,
                reason: row.at(11)?,
                error: row.at(12)?,
                text: row.at(13)?,
            });
        }
        Ok(entries)
    }

    fn select(&self, query: &LogQuery) -> Result<String> {
        let iso = self.words.iso;
        let text = match query.texts {
            true => self.column("text")?,
            false => "NULL".into(),
        };
        let mut sql = format!(
            "SELECT id, revision, direction, outcome, {}, {}, run_by, run_from, tool, {}, {}, reason, error, {text} \
             FROM {} WHERE version_table = {}",
            iso("started_at"),
            iso("finished_at"),
            self.column("checksum")?,
            self.column("raw")?,
            self.table,
            self.about
        );
        if let Some(ids) = &query.revisions {
            let ids = ids.iter().map(|it| self.literal(it.as_str()));
            let ids: Vec<String> = ids.collect::<Result<_>>()?;
            sql.push_str(&match ids.is_empty() {
                true => " AND 1 = 0".to_string(),
                false => format!(" AND revision IN ({})", ids.join(", ")),
            });
        }
        if query.failed {
            sql.push_str(" AND outcome <> 'done'");
        }
        sql.push_str(" ORDER BY id DESC");
        if let Some(limit) = query.limit {
            sql.push_str(&format!(" LIMIT {limit}"));
        }
        Ok(sql)
    }
}
