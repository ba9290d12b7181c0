//! `merge`: writes a revision that follows several, so that a history has one head again.

use crate::commands::revision::{place, syntax};
use crate::config::Format;
use crate::error::{CliError, CliResult, Outcome};
use crate::session::Session;
use aludel::history::NewRevision;
use aludel::revision::{RevisionId, Target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The heads that it joins: identifiers, labels, or `heads` for all of them
    #[arg(required = true, allow_negative_numbers = true)]
    revisions: Vec<Target>,
    /// What it is for, for people
    #[arg(short, long, default_value = "")]
    message: String,
    /// A name for the branch that begins with it (repeatable)
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// Its identifier [default: twelve random digits]
    #[arg(long, value_name = "ID")]
    rev_id: Option<RevisionId>,
    /// Let it follow revisions that are no heads
    #[arg(long)]
    splice: bool,
    /// What it is written in [default: the configuration's `format`]
    #[arg(long, value_enum)]
    format: Option<Format>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let down = place::parents(&args.revisions, args.splice, &history)?;
    if down.is_empty() && history.map().is_empty() {
        return Err(CliError::Head {
            message: "There is no revision to merge".into(),
            heads: Vec::new(),
        });
    }
    let folder = session.folder_for(&history, &down, None)?;
    let revision = NewRevision {
        id: place::new_id(args.rev_id, &history)?,
        down,
        labels: args.branch_label,
        depends_on: Vec::new(),
        message: args.message,
        syntax: syntax(session, args.format)?,
        upgrades: String::new(),
        downgrades: String::new(),
        up_options: String::new(),
        down_options: String::new(),
    };
    place::check(session, &revision, &history)?;
    session.write_revision(&revision, &folder)?;
    Ok(Outcome::Done)
}
