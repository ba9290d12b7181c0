//! The record of what was done: the table `aludel_log`, a row for each step, beside the version table.
//!
//! It is written by the way: the row of a step that has a transaction around it is part of that transaction, the row of another
//! one is there before its first statement, and says how it ended. The version table alone decides where the database stands.

mod edited;
mod entry;
mod keep;
mod repair;
mod stamped;
mod standing;
mod tables;
mod unfinished;

pub use entry::{LogEntry, LogQuery};
pub(super) use unfinished::Unfinished;

use super::{Options, Origin};
use crate::db::Connection;
use crate::dialect::{Dialect, LogWords};
use crate::error::Result;
use crate::history::History;
use crate::revision::{Direction, RevisionId, Step};
use crate::schema::QualifiedName;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

/// The name of the table, in the schema of the version table.
const TABLE: &str = "aludel_log";

/// What wrote the rows.
const TOOL: &str = concat!("aludel ", env!("CARGO_PKG_VERSION"));

/// The longest text that is kept: a statement has to hold it, and a server may take no longer one.
const MOST_BYTES: usize = 1 << 20;

/// The statements about the log of one database.
#[derive(Debug)]
pub(super) struct LogTable {
    dialect: Arc<dyn Dialect>,
    words: LogWords,
    table: String,
    exists: String,
    /// The version table that the rows are about, as a literal: several may share a schema.
    about: String,
    origin: Origin,
}

/// How a step ended, or that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Running,
    Done,
    Failed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// What the log says of a step, apart from how it ends.
#[derive(Debug)]
pub(super) struct Note {
    revision: RevisionId,
    direction: &'static str,
    checksum: Option<String>,
    raw: Option<String>,
    text: Option<String>,
    reason: Option<String>,
    since: Instant,
    /// The number of its row, where that was written before the first statement; what is to be known of a step while it
    /// runs belongs to this row.
    live: Option<i64>,
}

impl Note {
    /// The note of a step that begins now.
    pub(super) fn of(history: &History, dialect: &dyn Dialect, step: &Step) -> Self {
        let direction = match step.direction {
            Direction::Up => "upgrade",
            Direction::Down => "downgrade",
            Direction::Stamp => "stamp",
        };
        Self::new(history, dialect, &step.revision, direction)
    }

    /// A note of something that is done at once.
    fn new(
        history: &History,
        dialect: &dyn Dialect,
        revision: &RevisionId,
        direction: &'static str,
    ) -> Self {
        let script = history.script(revision);
        let text = script.map(|it| it.text().to_string());
        Self {
            revision: revision.clone(),
            direction,
            checksum: script.map(|it| it.checksum(dialect.flavor()).to_string()),
            raw: script.map(|it| it.raw_checksum()),
            text: text.filter(|it| it.len() <= MOST_BYTES),
            reason: None,
            since: Instant::now(),
            live: None,
        }
    }

    /// Whether its row is written already, while the step runs.
    pub(super) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Its row was written in a transaction that was rolled back.
    pub(super) fn forget_row(&mut self) {
        self.live = None;
    }

    /// The same for a step that begins later than the note was made.
    pub(super) fn begun(self) -> Self {
        Self {
            since: Instant::now(),
            ..self
        }
    }
}

/// The columns that a row is written with, in the order of [`LogTable::values`].
const COLUMNS: [&str; 15] = [
    "version_table",
    "revision",
    "direction",
    "outcome",
    "started_at",
    "finished_at",
    "run_by",
    "run_from",
    "tool",
    "checksum",
    "raw",
    "text",
    "reason",
    "error",
    "id",
];

impl LogTable {
    pub(super) fn new(dialect: Arc<dyn Dialect>, options: &Options) -> Result<Self> {
        let version = &options.version_table;
        let name = QualifiedName {
            schema: version.schema.clone(),
            name: TABLE.into(),
        };
        Ok(Self {
            words: dialect.log(),
            table: dialect.qualified(&name)?,
            exists: dialect.exists(&name)?,
            about: dialect.string(&version.name)?,
            origin: options.origin.clone(),
            dialect,
        })
    }

    /// Whether the table is there.
    async fn is_there(&self, connection: &mut Connection) -> Result<bool> {
        Ok(!connection.fetch(&self.exists).await?.is_empty())
    }

    /// The statement that creates it.
    fn create(&self) -> Result<String> {
        let words = &self.words;
        let mut columns = vec![format!("{} {}", self.column("id")?, words.id)];
        for name in COLUMNS.iter().filter(|it| **it != "id") {
            let (ty, null) = match *name {
                "started_at" => (words.moment, " NOT NULL"),
                "finished_at" => (words.moment, ""),
                "text" | "reason" | "error" => (words.text, ""),
                "run_by" | "checksum" | "raw" => (words.short, ""),
                _ => (words.short, " NOT NULL"),
            };
            columns.push(format!("{} {ty}{null}", self.column(name)?));
        }
        columns.push(format!("{} {}", self.column("progress")?, words.text));
        let (columns, tail) = (columns.join(",\n    "), words.tail);
        Ok(format!(
            "CREATE TABLE {} (\n    {columns}\n){tail}",
            self.table
        ))
    }

    fn column(&self, name: &str) -> Result<String> {
        self.dialect.quote(name)
    }

    /// A row of its own for each of these.
    fn insert<'n>(
        &self,
        notes: impl IntoIterator<Item = &'n Note>,
        outcome: Outcome,
        error: Option<&str>,
    ) -> Result<String> {
        let columns = COLUMNS.iter().filter(|it| **it != "id");
        let columns: Vec<String> = columns.map(|it| self.column(it)).collect::<Result<_>>()?;
        let mut rows = Vec::new();
        for note in notes {
            rows.push(self.values(note, outcome, error)?);
        }
        Ok(format!(
            "INSERT INTO {} ({}) VALUES {}",
            self.table,
            columns.join(", "),
            rows.join(", ")
        ))
    }

    fn values(&self, note: &Note, outcome: Outcome, error: Option<&str>) -> Result<String> {
        let or_null = |text: Option<&str>| match text {
            Some(text) => self.literal(text),
            None => Ok("NULL".to_string()),
        };
        let words = &self.words;
        // The time that the step took is measured here, and is the same by any clock; the moments are by the database's.
        let (started, finished) = match outcome {
            Outcome::Running => (words.now.to_string(), "NULL"),
            _ => ((words.ago)(note.since.elapsed().as_micros()), words.now),
        };
        let values = [
            self.about.clone(),
            self.literal(note.revision.as_str())?,
            self.literal(note.direction)?,
            self.literal(outcome.word())?,
            started,
            finished.to_string(),
            words.user.to_string(),
            self.literal(&self.origin.to_string())?,
            self.literal(TOOL)?,
            or_null(note.checksum.as_deref())?,
            or_null(note.raw.as_deref())?,
            or_null(note.text.as_deref())?,
            or_null(note.reason.as_deref())?,
            or_null(error)?,
        ];
        Ok(format!("({})", values.join(", ")))
    }

    /// How the row ends that said `running`.
    fn update(&self, id: i64, outcome: Outcome, error: Option<&str>) -> Result<String> {
        let mut sql = format!(
            "UPDATE {} SET outcome = {}, finished_at = {}",
            self.table,
            self.literal(outcome.word())?,
            self.words.now
        );
        if let Some(error) = error {
            let _ = write!(sql, ", error = {}", self.literal(error)?);
        }
        let _ = write!(sql, " WHERE id = {id}");
        Ok(sql)
    }

    /// Text as the session reads it, whatever a revision has made of its settings. What cannot be held is replaced.
    fn literal(&self, text: &str) -> Result<String> {
        let held = |it: char| it != '\0' && (self.words.unicode || it.is_ascii());
        let text: String = text
            .chars()
            .map(|it| match (held(it), self.words.unicode) {
                (true, _) => it,
                (false, true) => char::REPLACEMENT_CHARACTER,
                (false, false) => '?',
            })
            .collect();
        let plain = text.is_ascii() && !text.contains('\\');
        match self.words.hex.filter(|_| !plain) {
            Some((before, behind)) => {
                let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
                Ok(format!("{before}{digits}{behind}"))
            }
            None => self.dialect.string(&text),
        }
    }
}
