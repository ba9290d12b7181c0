//! What keeps a backup from being taken or restored. Texts only, and none of them can carry a password.

use std::path::PathBuf;

/// Why a backup was not taken or restored.
#[derive(Debug, thiserror::Error)]
// Some of it is about SQLite alone.
#[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
pub(crate) enum BackupError {
    /// What is to be the folder is none.
    #[error("`{}` is no folder for backups", crate::report::path(.path))]
    NoFolder {
        /// What stands there.
        path: PathBuf,
    },
    /// The database lives in memory and nowhere else.
    #[error("a database in memory has no file that could be backed up or restored")]
    InMemory,
    /// A database whose name no shell could be told.
    #[error("a name with a NUL in it cannot be given to a program")]
    Unspeakable,
    /// A program that is not there.
    #[error("the program `{program}` is not installed")]
    NoProgram {
        /// Its name.
        program: &'static str,
        /// Whose program it is.
        database: &'static str,
    },
    /// A program that failed.
    #[error("`{program}` could not take the backup: {status}")]
    Program {
        /// Its name.
        program: String,
        /// How it ended.
        status: String,
        /// What it said.
        said: String,
    },
    /// A file that is no database of SQLite's.
    #[error("`{}` is no SQLite database", crate::report::path(.path))]
    NoDatabase {
        /// The file.
        path: PathBuf,
    },
    /// A database that is damaged.
    #[error("`{}` is damaged", crate::report::path(.path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the database says it.
        found: Vec<String>,
    },
    /// The file is the very database that it is to replace.
    #[error("`{}` is the database itself", crate::report::path(.path))]
    Same {
        /// The file.
        path: PathBuf,
    },
    /// Others use the database.
    #[error("`{}` is in use", crate::report::path(.path))]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// What SQLite said.
    #[error("{action} `{}`", crate::report::path(.path))]
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    Sqlite {
        /// What was done: `cannot back up`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What it said.
        said: String,
    },
    /// A server's database, which its own programs restore.
    #[error("`restore` is for SQLite: the programs of {database} restore its backups")]
    OwnPrograms {
        /// The database.
        database: &'static str,
        /// The command that does.
        command: String,
    },
}
