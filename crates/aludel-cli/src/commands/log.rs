//! `log`: what was done with the database, newest first. It creates nothing there.
//!
//! In JSON the answer is an object of `entries`, each an object of `id`, `revision`, `direction` (`upgrade`, `downgrade`, `stamp`,
//! `unstamp`, `repair`), `outcome` (`running`, `done`, `failed`), `started_at` and `finished_at` (UTC, by the database's clock),
//! `run_by` (the database's user), `run_from`, `tool`, `checksum`, `raw`, `text` (with `-v`), `reason` and `error`.

use crate::args::Json;
use crate::commands::show::find;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::entries;
use crate::session::Session;
use aludel::db::Access;
use aludel::history::{History, Migrations};
use aludel::revision::{RevisionId, Target};
use aludel::run::{LogEntry, LogQuery, Transaction};
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this revision: an identifier or its beginning, `head`, `current`; the whole identifier of one that has no file any more
    #[arg(allow_negative_numbers = true)]
    revision: Option<Target>,
    /// Only the newest, so many of them
    #[arg(short, long, value_name = "N")]
    limit: Option<u32>,
    /// Only what failed, or never said how it ended
    #[arg(long)]
    failed: bool,
    #[command(flatten)]
    json: Json,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    /// The newest first.
    entries: Vec<LogEntry>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let verbose = session.globals.verbose;
    let revisions = match &args.revision {
        Some(target) => Some(named(session, target)?),
        None => None,
    };
    let query = LogQuery {
        revisions,
        failed: args.failed,
        limit: args.limit,
        texts: verbose,
    };
    // Of the revisions only what the log holds of them is told.
    let none = History::embedded(&Migrations::new("", &[]))?;
    let options = session.options(Transaction::PerRevision)?;
    let entries = session.run(Access::Read, none, options, async |runner| {
        runner.log(&query).await
    })?;
    if args.json.json {
        report::json(&Answer { entries })?;
    } else if entries.is_empty() {
        report::answer("Nothing is recorded.\n")?;
    } else if verbose {
        let blocks: String = entries.iter().map(entries::block).collect();
        report::answer(&blocks)?;
    } else {
        report::answer(&entries::lines(&entries))?;
    }
    Ok(Outcome::Done)
}

/// What a target names. A revision without a file may be in the log all the same.
fn named(session: &Session<'_>, target: &Target) -> CliResult<Vec<RevisionId>> {
    match find(session, &session.history()?, target) {
        Ok(found) => Ok(found),
        Err(error) => match RevisionId::new(target.to_string()) {
            Ok(id) => Ok(vec![id]),
            Err(_) => Err(error),
        },
    }
}
