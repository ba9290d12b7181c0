//! `cargo xtask test`: the whole test suite, with the database servers that it needs installed first.

use std::process::{Command, ExitCode};
use std::time::Instant;

use aludel_testdb::{ONLY, find_mariadb, find_postgres};
use clap::ValueEnum;

use crate::install::{self, Server};

/// Runs the whole test suite.
///
/// The tests start database servers of their own, from the programs that are installed on this machine: on free ports, in
/// temporary folders, gone when the tests are done. Where such programs are missing, they are installed by the system's package
/// manager if this user may do that without a password; otherwise this says what to install, and exits with 1.
#[derive(clap::Args)]
pub struct Args {
    /// Do without the other databases: their tests are left out
    #[arg(long)]
    only: Option<Database>,

    /// Passed on to `cargo test`: a test's name, `-p aludel`, `-- --nocapture`
    #[arg(last = true, allow_hyphen_values = true)]
    cargo_args: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    /// Needs no server
    Sqlite,
    /// Needs PostgreSQL's programs; tests of SQLite run too, since it is always there
    Postgres,
}

impl Database {
    /// The name that the tests know.
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Sees to the servers, runs the tests, and answers their exit code.
pub fn run(args: &Args) -> ExitCode {
    if args.only != Some(Database::Sqlite) && !install::ensure(&Server::POSTGRES, find_postgres) {
        return ExitCode::FAILURE;
    }
    if args.only.is_none() {
        // No test starts a MariaDB server yet, so its absence is no reason to install or to fail.
        match find_mariadb() {
            Some(program) => eprintln!("MariaDB: {}", program.display()),
            None => eprintln!("MariaDB: not installed, and no test needs it"),
        }
    }

    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--all-features", "--no-fail-fast"]);
    let one_package =
        |arg: &String| arg == "--package" || arg.starts_with("--package=") || arg.starts_with("-p");
    if !args
        .cargo_args
        .iter()
        .take_while(|arg| *arg != "--")
        .any(one_package)
    {
        command.arg("--workspace");
    }
    command.args(&args.cargo_args);
    // What the caller's environment happens to say must not leave tests out.
    match args.only {
        Some(only) => command.env(ONLY, only.name()),
        None => command.env_remove(ONLY),
    };
    let only = args
        .only
        .map(|only| format!(" ({ONLY}={})", only.name()))
        .unwrap_or_default();
    let said = format!(
        "cargo {}{only}",
        command
            .get_args()
            .map(|arg| arg.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    );

    eprintln!("running {said}");
    let begin = Instant::now();
    let status = match command.status() {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            return ExitCode::FAILURE;
        }
    };
    let seconds = begin.elapsed().as_secs();
    if status.success() {
        eprintln!("xtask test: PASSED in {seconds} s: {said}");
        ExitCode::SUCCESS
    } else {
        eprintln!("xtask test: FAILED in {seconds} s ({status}): {said}");
        // A command that was ended by a signal has no code.
        ExitCode::from(
            status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .unwrap_or(1),
        )
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn what_follows_the_dashes_is_for_cargo() {
        let line = Line::parse_from([
            "test",
            "--only",
            "sqlite",
            "--",
            "-p",
            "aludel",
            "--",
            "--nocapture",
        ]);
        assert!(line.args.only == Some(Database::Sqlite));
        assert_eq!(line.args.cargo_args, ["-p", "aludel", "--", "--nocapture"]);
        assert!(Line::try_parse_from(["test", "--only", "oracle"]).is_err());
    }
}
