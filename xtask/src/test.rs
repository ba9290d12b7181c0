//! `cargo xtask test`: the whole test suite, with the database servers that it needs installed first.

use std::process::{Command, ExitCode};
use std::time::Instant;

/// Where property tests look for the seed of what they try.
const SEED: &str = "PROPTEST_RNG_SEED";

use aludel_testdb::{ONLY, find_mariadb, find_pgbouncer, find_postgres, find_sqlite3};
use clap::ValueEnum;

use crate::install::{self, Programs};

/// Runs the whole test suite.
///
/// The tests start database servers of their own, from the programs that are installed on this machine: on free ports, in
/// temporary folders, gone when the tests are done. Where such programs are missing, they are installed by the system's package
/// manager if this user may do that without a password; otherwise this says what to install, and exits with 1.
#[derive(clap::Args)]
pub struct Args {
    /// Do without the other databases: their tests are left out. Several are separated by commas
    #[arg(long, value_delimiter = ',', value_name = "DATABASE")]
    only: Vec<Database>,

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
    /// Needs MariaDB's programs; tests of SQLite run too
    #[value(name = "mariadb")]
    MariaDb,
}

impl Database {
    /// The name that the tests know.
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MariaDb => "mariadb",
        }
    }
}

/// Sees to the servers, runs the tests, and answers their exit code.
pub fn run(args: &Args) -> ExitCode {
    if let Err(missing) = see_to_servers(&args.only) {
        install::refuse(missing);
        return ExitCode::FAILURE;
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
    // Random tests try the same in every run, so that a failure is about the change; whoever wants others sets another seed.
    if std::env::var_os(SEED).is_none() {
        command.env(SEED, "2026");
    }
    // What the caller's environment happens to say must not leave tests out.
    let names: Vec<_> = args.only.iter().map(|only| only.name()).collect();
    let only = if names.is_empty() {
        command.env_remove(ONLY);
        String::new()
    } else {
        command.env(ONLY, names.join(","));
        format!(" ({ONLY}={})", names.join(","))
    };
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

/// Finds or installs what the tests of these databases need, all of them if none is named.
fn see_to_servers(only: &[Database]) -> Result<(), &'static Programs> {
    let wanted = |database| only.is_empty() || only.contains(&database);
    if wanted(Database::Postgres) && !install::ensure(&Programs::POSTGRES, find_postgres) {
        return Err(&Programs::POSTGRES);
    }
    if wanted(Database::Postgres) && !install::ensure(&Programs::PGBOUNCER, find_pgbouncer) {
        return Err(&Programs::PGBOUNCER);
    }
    if wanted(Database::MariaDb) && !install::ensure(&Programs::MARIADB, find_mariadb) {
        return Err(&Programs::MARIADB);
    }
    // SQLite itself is in the tests' own programs. They run scripts in its command line too, but must do where nothing can be installed.
    if !install::ensure(&Programs::SQLITE3, find_sqlite3) {
        eprintln!("note: what a script does in it is left out");
    }
    Ok(())
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
        assert!(line.args.only == [Database::Sqlite]);
        assert_eq!(line.args.cargo_args, ["-p", "aludel", "--", "--nocapture"]);
        assert!(Line::try_parse_from(["test", "--only", "oracle"]).is_err());
    }

    #[test]
    fn several_databases_can_be_named() {
        let line = Line::parse_from(["test", "--only", "sqlite,mariadb"]);
        assert!(line.args.only == [Database::Sqlite, Database::MariaDb]);
        assert!(Line::parse_from(["test"]).args.only.is_empty());
    }
}
