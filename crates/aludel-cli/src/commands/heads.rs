//! `heads`: the revisions that no other follows.

use crate::args::Json;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::revisions::{Parts, RevisionsJson, Show};
use crate::session::Session;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only those that no other depends on either
    #[arg(long)]
    resolve_dependencies: bool,
    #[command(flatten)]
    json: Json,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let heads = match args.resolve_dependencies {
        true => history.map().effective_heads(),
        false => history.map().heads(),
    };
    let show = Show::new(&history, &session.here);
    if args.json.json {
        let revisions = heads.into_iter().filter_map(|it| show.json(it)).collect();
        report::json(&RevisionsJson { revisions })?;
        return Ok(Outcome::Done);
    }
    let parts = Parts {
        labels: true,
        ..Parts::default()
    };
    let text: String = match session.globals.verbose {
        true => heads.into_iter().map(|it| show.block(it)).collect(),
        false => heads.into_iter().map(|it| show.line(it, parts)).collect(),
    };
    report::answer(&text)?;
    Ok(Outcome::Done)
}
