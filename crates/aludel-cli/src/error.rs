//! What can go wrong in the command line itself. Errors carry data; `report` finds the words for people.

use std::io;
use std::path::PathBuf;

/// How a command ends when it did what it was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done.
    Done,
    /// Done; what was compared is not the same.
    Differs,
    /// Done by another program, which said how it went.
    #[cfg_attr(unix, allow(dead_code))]
    Passed(u8),
}

/// The result of a command.
pub(crate) type CliResult<T = Outcome> = std::result::Result<T, CliError>;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The library's answer.
    #[error(transparent)]
    Aludel(#[from] aludel::Error),
    /// A backup that could not be taken or restored.
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupError),
    /// Somebody has to say yes, and nobody can be asked.
    #[error("{message}")]
    Unasked {
        /// What is not done.
        message: String,
        /// What it would do, a line each.
        listing: Vec<String>,
    },
    /// Somebody was asked, and did not say yes.
    #[error("nothing was run, since the answer was no")]
    Declined,
    /// The run was stopped by a signal.
    #[error("{source}")]
    Signal {
        /// The exit code, as shells count it: 128 and the number of the signal.
        code: u8,
        /// How it ended.
        source: Box<CliError>,
    },
    /// No configuration file was named, and none is near.
    #[error("there is no `aludel.toml` in {} or a folder above it", .from.display())]
    NoConfig {
        /// Where the search began.
        from: PathBuf,
    },
    /// An environment was named, and there is no configuration file that could have it.
    #[error("there is no environment `{name}`, since there is no `aludel.toml` in {} or a folder above it", .from.display())]
    NoConfigFor {
        /// The environment.
        name: String,
        /// Where the search began.
        from: PathBuf,
    },
    /// A file could not be read, written or made.
    #[error("cannot {action} `{}`", .path.display())]
    Io {
        /// An infinitive: `read`, `write`, `create the folder`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file that was given for a schema, and is not there.
    #[error("there is no file `{}`", crate::report::path(.path))]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// A configuration file that makes no sense.
    #[error("{}:{line}: {message}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// A value in a configuration file that the library refuses.
    #[error("{}:{line}: {source}", .path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: Box<aludel::history::HistoryError>,
    },
    /// An environment that the configuration does not have.
    #[error("there is no environment `{name}` in {}", .path.display())]
    Environment {
        /// Its name.
        name: String,
        /// The file.
        path: PathBuf,
        /// Those that it has.
        known: Vec<String>,
    },
    /// A key without which the command cannot go on.
    #[error("`{key}` is not set in {}", .path.display())]
    Key {
        /// The key.
        key: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A variable that the configuration asks for.
    #[error("{name} is not set")]
    Variable {
        /// Its name.
        name: String,
        /// The file that asks for it.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Whether it stands in the `url`, for which there is an argument.
        url: bool,
    },
    /// A variable that is there and holds nothing, or no text.
    #[error("{name} {problem}")]
    VariableValue {
        /// Its name.
        name: String,
        /// `is empty`, `is not UTF-8`.
        problem: &'static str,
    },
    /// The `.env` file cannot be read. The line itself is not repeated, since it may hold a password.
    #[error("{}:{line}: this line does not read as NAME=value", .path.display())]
    DotEnv {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// `init` into a folder that holds something.
    #[error("Directory {} already exists and is not empty", .path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A Cargo.toml that cannot be read or that `init` cannot add to.
    #[error("cannot add to `{}`: {message}", .path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The user's program does not compile; cargo has said why.
    #[error("`{}` does not compile", .path.display())]
    Build {
        /// The folder of the program.
        path: PathBuf,
    },
    /// The user's program cannot be told apart from others, or is none.
    #[error("`{}` builds {}, where one program is wanted", .path.display(), if .found.is_empty() { "no program".to_string() } else { .found.join(" and ") })]
    Program {
        /// Its Cargo.toml.
        path: PathBuf,
        /// The programs that it builds.
        found: Vec<String>,
    },
    /// The user's program handed the command back.
    #[error("`{}` holds no revisions, so that the command has nowhere to go", .path.display())]
    Recursion {
        /// The folder of the program.
        path: PathBuf,
    },
    /// Files that have changed since the user's program was built.
    #[error("this program was built before {} changed", crate::report::list(&.files.iter().map(|it| format!("`{}`", crate::report::path(it))).collect::<Vec<_>>()))]
    Stale {
        /// The files.
        files: Vec<PathBuf>,
        /// Whether the program was built for this very command, and all the same before they changed.
        just_built: bool,
    },
    /// An identifier that another revision has.
    #[error("Revision {id} is present already: in {}", .path.display())]
    Taken {
        /// The identifier.
        id: String,
        /// Its file.
        path: PathBuf,
    },
    /// A revision to be based on several heads, or beside one.
    #[error("{message}")]
    Head {
        /// Alembic's sentence.
        message: String,
        /// The heads.
        heads: Vec<String>,
    },
    /// A folder for a new revision that is none of the project's, or one that has to be chosen.
    #[error("{message}")]
    Location {
        /// Alembic's sentence.
        message: String,
        /// The folders that there are.
        locations: Vec<String>,
    },
    /// A command that asks the models, where there is no program that knows them.
    #[error("{command} compares the database with models in Rust, and `{}` holds no program that knows any", .path.display())]
    NoProgram {
        /// What was asked for.
        command: &'static str,
        /// The folder of the revisions.
        path: PathBuf,
    },
    /// `check` found differences, or `current --check-heads` did.
    #[error("{message}")]
    Differs {
        /// What was found.
        message: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// What cannot be done with the revisions or the database as they are.
    #[error("{message}")]
    Refused {
        /// What is wrong.
        message: String,
        /// What it is about: identifiers, a line each.
        details: Vec<String>,
        /// What to do.
        hint: &'static str,
    },
    /// An argument that makes sense only with another, or not with it.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// One of `version_locations` is not there.
    #[error("{}: there is no such folder of revisions", crate::report::path(.path))]
    NoLocation {
        /// The folder.
        path: PathBuf,
    },
    /// A hook that failed, or that could not be started.
    #[error("post write hook '{name}' {problem}")]
    Hook {
        /// Its name.
        name: String,
        /// `failed: exit status: 1`, `cannot be started`.
        problem: String,
        /// What it said.
        output: String,
        /// The file that it was to work on, which stays.
        path: PathBuf,
        /// What the system said.
        source: Option<io::Error>,
    },
    /// A setting that is no such thing.
    #[error("{what}: {message}")]
    Setting {
        /// Which one.
        what: &'static str,
        /// What is wrong with it.
        message: String,
    },
}

impl CliError {
    /// A file that could not be worked with.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// Lets `?` take the errors of the library's rooms as well.
macro_rules! from_room {
    ($($error:ty),+) => {
        $(impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::Aludel(error.into())
            }
        })+
    };
}

from_room!(
    aludel::db::DbError,
    aludel::history::HistoryError,
    aludel::revision::GraphError
);
