//! `heads`: the revisions that no other follows.

use crate::args::Json;
use crate::error::{CliError, CliResult, Outcome};
use crate::report;
use crate::report::revisions::{Parts, RevisionsJson, Show};
use crate::session::Session;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only those that no other depends on either
    #[arg(long)]
    resolve_dependencies: bool,
    /// Fail if there are several
    #[arg(long)]
    check: bool,
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
    let parts = Parts {
        labels: true,
        ..Parts::default()
    };
    if args.json.json {
        let revisions = heads.iter().filter_map(|it| show.json(it)).collect();
        report::json(&RevisionsJson { revisions })?;
    } else {
        let text: String = match session.globals.verbose {
            true => heads.iter().map(|it| show.block(it)).collect(),
            false => heads.iter().map(|it| show.line(it, parts)).collect(),
        };
        report::answer(&text)?;
    }
    if args.check && heads.len() > 1 {
        return Err(CliError::Refused {
            message: format!("there are {} heads", heads.len()),
            details: heads.iter().map(ToString::to_string).collect(),
            hint: "`aludel merge heads` joins them",
        });
    }
    Ok(Outcome::Done)
}
