//! `current`: where the database stands. It creates nothing there.

use crate::args::Json;
use crate::commands::history::current_rows;
use crate::error::{CliError, CliResult, Outcome};
use crate::report;
use crate::report::revisions::{Parts, RevisionJson, Show};
use crate::session::Session;
use aludel::history::History;
use aludel::revision::RevisionId;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Fail unless every revision is applied
    #[arg(long)]
    check_heads: bool,
    #[command(flatten)]
    json: Json,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    /// The URL, its password masked.
    database: String,
    /// Whether every revision is applied.
    up_to_date: bool,
    revisions: Vec<RevisionJson>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let url = session.url()?;
    let history = session.history()?;
    let rows = current_rows(session)?;
    let (tips, complete) = tips(&history, &rows)?;
    let show = Show::new(&history, &session.here);
    if args.json.json {
        let show = show.current(&rows);
        report::json(&Answer {
            database: url.to_string(),
            up_to_date: complete,
            revisions: tips.iter().filter_map(|it| show.json(it)).collect(),
        })?;
    } else if session.globals.verbose {
        let blocks: String = tips.iter().map(|it| show.block(it)).collect();
        report::answer(&format!("Current revision(s) for {url}:\n{blocks}"))?;
    } else {
        let parts = Parts {
            tree: true,
            ..Parts::default()
        };
        let lines: String = tips.iter().map(|it| show.line(it, parts)).collect();
        report::answer(&lines)?;
    }
    if args.check_heads && !complete {
        return Err(CliError::Differs {
            message: "Database is not on all head revisions",
            hint: "`aludel upgrade heads` brings it there",
        });
    }
    Ok(Outcome::Done)
}

/// The applied revisions that no applied one follows, and whether all revisions are applied. A row that another one's
/// dependency has swallowed is applied all the same, so it is among them.
fn tips(history: &History, rows: &[RevisionId]) -> CliResult<(Vec<RevisionId>, bool)> {
    let map = history.map();
    let applied = map.applied(rows)?;
    let is_tip = |id: &&RevisionId| {
        let children = map.children(id.as_str());
        !children.iter().any(|it| applied.contains(it.as_str()))
    };
    let tips = applied.iter().filter(is_tip).cloned().collect();
    Ok((tips, applied.len() == map.len()))
}
