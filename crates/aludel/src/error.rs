//! Errors: kinds that a caller can act on, with the data that explains them. No advice and no colours: the command line
//! turns them into words for people, in one place.

use crate::db::DbError;
use crate::history::HistoryError;
use crate::revision::{GraphError, RevisionId};
use crate::schema::{MetadataError, QualifiedName};

mod edit;
mod failure;
mod side;
mod transaction;

pub use edit::Edit;
pub use failure::{Account, Entry, Failure, Fate, Left};
pub use side::SideError;
pub use transaction::TransactionError;

/// The result of this library's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that the database cannot hold.
    #[error("`{name}` cannot be a name on {dialect}: {reason}")]
    Name {
        /// The name, with control characters escaped.
        name: String,
        /// The dialect.
        dialect: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An operation that a dialect cannot say.
    #[error("{dialect} cannot {operation}")]
    Unsupported {
        /// The operation's summary, such as `add an exclusion constraint`.
        operation: String,
        /// The dialect.
        dialect: &'static str,
        /// What to do instead.
        instead: String,
    },
    /// An operation that does not fit the schema it meets: the table is not there, the column is there already.
    #[error("cannot {operation}: {reason}")]
    Schema {
        /// The operation's summary.
        operation: String,
        /// What does not fit.
        reason: String,
    },
    /// A table whose definition this library cannot rebuild without losing something of it.
    #[error("cannot rebuild `{table}`: {reason}")]
    Rebuild {
        /// The table.
        table: QualifiedName,
        /// What stands in the way.
        reason: String,
    },
    /// Models that contradict themselves.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// A rename that the caller spoke of, and that nothing in the database and the models fits.
    #[error("nothing can be renamed as `{rename}` says")]
    Rename {
        /// What was said.
        rename: String,
    },
    /// Models were needed, and there are none.
    #[error("no models are declared")]
    NoModels,
    /// The graph of revisions, or a target in it.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The files of the history.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The database, or the way to it.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A statement of an operation that the database refused.
    #[error("{source}")]
    Statement {
        /// The statement.
        sql: String,
        /// What the database said.
        source: DbError,
    },
    /// A revision that failed. [`Failure::left`] says what is left of it.
    #[error("revision {} failed", .0.revision)]
    Revision(Box<Failure>),
    /// The database is not at the head, where the command needs it to be.
    #[error("Target database is not up to date.")]
    NotUpToDate {
        /// The rows of the version table.
        current: Vec<RevisionId>,
        /// The heads of the history.
        heads: Vec<RevisionId>,
    },
    /// The version table holds something else than this run left there: another runner was at work.
    #[error("the version table changed while this run was at work: expected {expected} in it")]
    VersionTable {
        /// The row that was to be there.
        expected: String,
    },
    /// Somebody else was at work on the database for longer than this run was to wait; nothing was run.
    #[error("another runner is at work on this database")]
    Locked {
        /// Who it is, as far as the database tells.
        holder: Option<String>,
        /// Since when.
        since: Option<String>,
        /// How long this run waited.
        waited: std::time::Duration,
    },
    /// The run was stopped from outside ([`crate::run::Stop`]).
    #[error("the run was stopped")]
    Stopped,
    /// The version rows are not what the run has left there.
    #[error("the version table does not hold what this run has left there")]
    NotReached {
        /// The rows that were to be there.
        expected: Vec<RevisionId>,
        /// Those that are.
        found: Vec<RevisionId>,
    },
    /// An identifier for which the version table has no room; nothing was run.
    #[error("revision {id} has {length} characters, and `{table}` holds {room} of them")]
    LongId {
        /// The identifier.
        id: RevisionId,
        /// How long it is.
        length: usize,
        /// How many characters the column holds.
        room: usize,
        /// The version table.
        table: QualifiedName,
        /// The statement that makes the column wide enough.
        widen: String,
    },
    /// Applied revisions that say something else than what was applied; nothing was run.
    #[error("{}", edit::summary(.edits))]
    Edited {
        /// What was edited, in the order of the history's files.
        edits: Vec<Edit>,
    },
    /// A revision that cannot be repaired: the log does not say what of it was applied.
    #[error("revision {revision} {}", if *applied { "is not in the log" } else { "is not applied" })]
    NotRecorded {
        /// The revision.
        revision: RevisionId,
        /// Whether it is applied.
        applied: bool,
    },
    /// A step that needs data, and carries no SQL of its own, in a script that is written without a database.
    #[error("`{step}` needs the database, and an offline script has none")]
    Offline {
        /// The name of the step.
        step: String,
    },
    /// A script of a downgrade is to say where the database stands: it is not asked.
    #[error("downgrade with --sql requires <fromrev>:<torev>")]
    OfflineStart,
    /// A revision that does not go with the transaction it is to run in.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// What cannot be one side of a comparison of schemas.
    #[error(transparent)]
    Side(#[from] SideError),
    /// A `.rs` revision met by a program that does not contain it.
    #[error("revision {revision} is Rust code, which this program does not contain")]
    NotCompiled {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: std::path::PathBuf,
    },
    /// Rows that refer to nothing, left by a revision on SQLite.
    #[error("{rows} row(s) of `{table}` refer to a row of `{parent}` that does not exist")]
    ForeignKeys {
        /// The referencing table.
        table: String,
        /// The referenced table.
        parent: String,
        /// How many rows.
        rows: u64,
    },
    /// A [gate](crate::run::Gate) did not let a run begin; nothing was run.
    #[error("the run was not let begin")]
    Refused,
    /// A step of a revision returned an error of its own.
    #[error("{0}")]
    Step(
        String,
        #[source] Option<Box<dyn std::error::Error + Send + Sync>>,
    ),
}

impl From<Box<dyn std::error::Error + Send + Sync>> for Error {
    fn from(source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::Step(source.to_string(), source_of(source))
    }
}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Self::Step(message, None)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Self {
        message.to_string().into()
    }
}

/// The message is already in our own text, so that only what lies below it stays a cause.
fn source_of(
    error: Box<dyn std::error::Error + Send + Sync>,
) -> Option<Box<dyn std::error::Error + Send + Sync>> {
    error.source().map(|it| it.to_string().into())
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(DbError::from(source))
    }
}
