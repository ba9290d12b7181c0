//! `show`: all about one revision, or those that a word such as `heads` names.

use crate::args::Json;
use crate::commands::history::{current_rows, mentions_current};
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::revisions::{RevisionsJson, Show};
use crate::session::Session;
use aludel::revision::Target;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An identifier or its beginning, a branch label, `head`, `heads`, `current`
    #[arg(allow_negative_numbers = true)]
    revision: Target,
    #[command(flatten)]
    json: Json,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let rows = match mentions_current(&args.revision) {
        true => current_rows(session)?,
        false => Vec::new(),
    };
    let found = history.map().resolve(&args.revision, &rows)?;
    let show = Show::new(&history, &session.here);
    if args.json.json {
        let revisions = found.iter().filter_map(|it| show.json(it)).collect();
        report::json(&RevisionsJson { revisions })?;
    } else {
        let text: String = found.iter().map(|it| show.block(it)).collect();
        report::answer(&text)?;
    }
    Ok(Outcome::Done)
}
