//! `repair`: accepts applied revisions as their files say them now.
//!
//! In JSON the answer is an object of `dry_run` and `revisions`, each an object of `id`, `path` and `difference`, from what was applied
//! to the present text, which is null if the former was too long to be kept.

use crate::args::Json;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::session::Session;
use aludel::db::Access;
use aludel::revision::Target;
use aludel::run::Transaction;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revisions: identifiers or their beginnings
    #[arg(value_name = "REV", required_unless_present = "all", allow_negative_numbers = true)]
    revisions: Vec<Target>,
    /// All that were edited since they were applied
    #[arg(long, conflicts_with = "revisions")]
    all: bool,
    /// Why, for the log
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Only show what would be accepted
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    json: Json,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    /// Whether nothing was written.
    dry_run: bool,
    /// What was accepted.
    revisions: Vec<Accepted>,
}

/// An edited revision, for programs.
#[derive(Debug, Serialize)]
struct Accepted {
    id: String,
    path: PathBuf,
    difference: Option<String>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let options = session.options(Transaction::PerRevision)?;
    let targets = Some(args.revisions.as_slice()).filter(|_| !args.all);
    // A row comes to a log that is there: where there is no database, none is to be made.
    let edits = session.run(Access::Read, history, options, async |runner| {
        let reason = args.reason.as_deref();
        runner.repair(targets, reason, args.dry_run).await
    })?;
    if args.json.json {
        let revisions = edits.into_iter().map(|edit| Accepted {
            id: edit.revision.to_string(),
            path: session.here.join(edit.path),
            difference: edit.difference,
        });
        report::json(&Answer {
            dry_run: args.dry_run,
            revisions: revisions.collect(),
        })?;
    } else if edits.is_empty() {
        report::answer("Nothing to accept: the statements are those that were applied.\n")?;
    } else {
        let word = match args.dry_run {
            true => "Would accept",
            false => "Accepted",
        };
        let blocks = edits.iter().map(|edit| {
            let lines = report::edited::lines(edit, usize::MAX).join("\n");
            format!("{word} {} as it is now:\n{}", edit.revision, report::indent(&lines, "  "))
        });
        report::answer(&blocks.collect::<String>())?;
    }
    Ok(Outcome::Done)
}
