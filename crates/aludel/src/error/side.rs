//! What cannot be one side of a comparison of schemas.

use crate::db::{DbError, Kind};

/// Why something does not serve as one side of a comparison, or not beside the other one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SideError {
    /// A file with nothing in it: compared with a database, it would say that everything is to go.
    #[error("`{file}` is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// A `.json` file that is no JSON, or none of a schema.
    #[error("`{file}` is no dump of a schema: {reason}")]
    NoDump {
        /// The file.
        file: String,
        /// What is wrong with it, with line and column where these are known.
        reason: String,
    },
    /// A dump of a later version of this library.
    #[error("`{file}` is a dump in form {found}, and this program reads forms up to {known}")]
    Newer {
        /// The file.
        file: String,
        /// The form that it says it is in.
        found: u64,
        /// The latest one that is known here.
        known: u64,
    },
    /// A `.sql` file that cannot be cut into statements.
    #[error("`{file}`, {reason}")]
    Text {
        /// The file.
        file: String,
        /// The line and what is wrong there.
        reason: String,
    },
    /// A statement of a `.sql` file that is not run for a comparison.
    #[error("`{file}`, line {line}: `{statement}` {reason}")]
    Refused {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The statement, shortened.
        statement: String,
        /// Why not.
        reason: &'static str,
    },
    /// A statement of a `.sql` file that the database refused.
    #[error("`{file}`, line {line}: the database refuses `{statement}`")]
    Statement {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The statement, shortened.
        statement: String,
        /// What the database said.
        source: DbError,
    },
    /// No room could be made on the server for a script to be run in.
    #[error("the server has no room for a script to be tried out in")]
    NoRoom {
        /// What it said.
        source: DbError,
    },
    /// A `.sql` file that works on a schema which the server has already, where its statements are undone afterwards.
    #[error("`{file}` works on the schema `{schema}`, which is in the database already")]
    Outside {
        /// The file.
        file: String,
        /// The schema.
        schema: String,
    },
    /// Two databases of different kinds, whose definitions have no words in common.
    #[error("a schema of {from} and one of {to} cannot be compared", from = .from.name(), to = .to.name())]
    Kinds {
        /// The one.
        from: Kind,
        /// The other.
        to: Kind,
    },
    /// Nothing says which database a side is for.
    #[error("which database {what} is for is not known")]
    NoKind {
        /// The file, or `the models`.
        what: String,
    },
    /// A server is needed to run a script, or to ask how it spells definitions, and none is known.
    #[error("{what} needs a server of {kind} to be read", kind = .kind.name())]
    NoServer {
        /// The file, or `the models`.
        what: String,
        /// Of which database.
        kind: Kind,
    },
}
