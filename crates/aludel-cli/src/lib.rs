//! The command line of Aludel.
//!
//! A migrations program is one call: it gives the revisions that are compiled into it, and the models, to [`main`].
//!
//! ```no_run
//! use aludel::prelude::*;
//!
//! fn main() -> ExitCode {
//!     # let migrations = aludel::history::Migrations::new("versions", &[]);
//!     aludel_cli::main(Env::new(migrations).metadata(Metadata::new()))
//! }
//! ```
//!
//! The binary `aludel` is the same command line with nothing compiled in. It answers from files what files can answer, and
//! builds and runs the user's program for the rest.
//!
//! # Streams and exit codes
//!
//! Answers go to standard output; log lines (`INFO  [aludel::run] ...`) and failures (one line `error: ...`, what explains it,
//! `hint: ...`) to standard error. The exit code is 0 when it is done, 1 when it was refused, failed or found differences, 2 when
//! the command line makes no sense, 6 when another runner was at work for longer than this one was to wait; a run that a signal has
//! stopped answers 128 and the signal's number, as shells count.
//!
//! # Answers for programs
//!
//! With `--json` the commands that report answer one JSON object. Keys may be added to it, and none will be taken away.
//!
//! - `history`, `heads`, `show`: `{"revisions": [...]}`, in the order in which they are printed.
//! - `branches`: `{"branches": [{"revision": {...}, "children": [...]}]}`.
//! - `current`: `{"database": "...", "up_to_date": true, "revisions": [...]}`; the URL has `***` for its password.
//! - `check`: `{"up_to_date": false, "operations": ["add column patients.email"], "changes": [...]}`.
//! - `schema diff`: `{"changes": [{"kind": "add_column", "schema": null, "table": "patients", "name": "email"}]}`: `kind` is `add`,
//!   `remove` or `modify` with what it is about, `schema` is null for the default one; `old` and `new` say what is modified. `check`
//!   has `rename`, too, with the old and the new name, and the new one as `name`.
//! - `schema dump --format json`: `{"aludel": 1, "dialect": "postgresql", "release": "15", "tables": [...], ...}`, the whole schema.
//! - `list-templates`: `{"templates": [{"name": "rust", "description": "..."}]}`.
//!
//! A revision is `{"id", "down": [], "depends_on": [], "labels": [], "message", "create_date", "path", "head", "effective_head",
//! "branchpoint", "mergepoint", "current"}`: `down` is what it follows, `head` says that nothing follows it or depends on it,
//! `effective_head` that nothing follows it and something depends on it, and `current` is null where the database was not asked.
//!
//! # Variables of the environment
//!
//! `ALUDEL_CONFIG` names the configuration file, `ALUDEL_ENVIRONMENT` the table `[environments.NAME]` in it; `${NAME}` in that file asks for any variable; `SOURCE_DATE_EPOCH`
//! (seconds since 1970) is the clock of new revisions, so that they come out the same each time.

mod args;
mod backup;
mod commands;
mod config;
mod duration;
mod error;
mod forward;
mod guard;
mod project;
mod report;
mod session;
mod sides;
mod signals;
mod writing;

use aludel::Env;
use clap::Parser as _;
use error::{CliResult, Outcome};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

/// Reads the command line and does what it says; answers the exit code.
pub fn main(env: Env) -> ExitCode {
    let argv: Vec<OsString> = std::env::args_os().collect();
    let cli = match args::Cli::try_parse_from(&argv) {
        Ok(cli) => cli,
        Err(error) => return report::usage(&error),
    };
    match run(&env, cli, argv) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Differs) => ExitCode::from(1),
        Ok(Outcome::Passed(code)) => ExitCode::from(code),
        Err(error) => report::failure(&error),
    }
}

fn run(env: &Env, cli: args::Cli, argv: Vec<OsString>) -> CliResult {
    let (globals, command) = cli.into_parts();
    report::start_log(globals.quiet, globals.verbose);
    let session = session::Session::new(env, globals, argv)?;
    command.run(&session)
}

/// What `-x KEY=VALUE` gave on the command line, for a program that chooses its models or revisions by it.
///
/// A command line that makes no sense gives nothing here: [`main`] tells about it.
pub fn x_arguments() -> BTreeMap<String, String> {
    match args::Cli::try_parse() {
        Ok(cli) => cli.into_parts().0.x(),
        Err(_) => BTreeMap::new(),
    }
}
