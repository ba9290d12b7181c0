//! `restore`: goes back to a backup of a SQLite database.

use crate::backup::{self, BackupError};
use crate::error::CliResult;
use crate::guard::Consent;
use crate::project::block_on;
use crate::session::Session;
use aludel::db::Kind;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The backup: a SQLite database, as `upgrade --backup` writes it
    file: PathBuf,
    #[command(flatten)]
    consent: Consent,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let url = session.url()?;
    let file = session.here.join(&args.file);
    let database = match url.kind() {
        Kind::Sqlite => return sqlite(&args, session, &url, &file),
        Kind::Postgres => "PostgreSQL",
        Kind::Mysql | Kind::MariaDb => "MySQL and MariaDB",
    };
    let command = block_on(backup::restore_command(&url, &file))?;
    Err(BackupError::OwnPrograms { database, command }.into())
}

#[cfg(feature = "sqlite")]
fn sqlite(
    args: &Args,
    session: &Session<'_>,
    url: &aludel::db::DbUrl,
    file: &std::path::Path,
) -> CliResult {
    use crate::backup::sqlite::{Restore, file_of};
    use crate::error::{CliError, Outcome};
    use crate::report;
    use aludel::run::Transaction;

    let options = session.options(Transaction::PerRevision)?;
    let restore = Restore::look(file, file_of(url)?, &options.version_table)?;
    let (goes, comes) = (at(restore.goes.as_deref()), at(restore.comes.as_deref()));
    let (place, file) = (session.place(url)?, report::path(file));
    let question = format!("Replace what is in {place}, {goes}, by {file}, {comes}?");
    if !args.consent.yes && !session.can_ask() {
        return Err(CliError::Unasked {
            message: format!("{place} is not replaced, since nobody can be asked"),
            listing: vec![
                format!("the database is {goes}"),
                format!("{file} is {comes}"),
            ],
        });
    }
    if !args.consent.yes && !report::confirm(&question) {
        return Err(CliError::Declined);
    }
    restore.run()?;
    tracing::info!(target: "aludel::backup", "Restored {url} from {file}: it was {goes}, and is {comes}");
    Ok(Outcome::Done)
}

/// Where a database stands, in words.
#[cfg(feature = "sqlite")]
fn at(revisions: Option<&[String]>) -> String {
    match revisions {
        None => "without revisions".into(),
        Some([]) => "at <base>".into(),
        Some(revisions) => format!("at {}", crate::report::list(revisions)),
    }
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(
    _: &Args,
    _: &Session<'_>,
    _: &aludel::db::DbUrl,
    _: &std::path::Path,
) -> CliResult {
    Err(backup::no_sqlite())
}
