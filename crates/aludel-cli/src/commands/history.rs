//! `history`: the revisions, newest first, all of them or a range.

use crate::args::Json;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::graph::graph;
use crate::report::revisions::{Parts, RevisionsJson, Show};
use crate::session::Session;
use aludel::db::Access;
use aludel::history::{History, Migrations};
use aludel::revision::{Point, Range, RevisionId, Symbol, Target, TargetError};
use aludel::run::Transaction;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these: [start]:[end], [start]:, or :[end]
    #[arg(short, long, value_name = "RANGE", value_parser = a_range, allow_hyphen_values = true)]
    rev_range: Option<Range>,
    /// Mark the current revision, which asks the database
    #[arg(short, long)]
    indicate_current: bool,
    /// Draw how they hang together
    #[arg(long)]
    graph: bool,
    #[command(flatten)]
    json: Json,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let range = args.rev_range.unwrap_or(Range {
        from: None,
        to: None,
    });
    let asks = args.indicate_current || mentions_current(&Target::Range(range.clone()));
    let rows = asks.then(|| current_rows(session)).transpose()?;
    let order = history
        .map()
        .range(&range, rows.as_deref().unwrap_or_default())?;
    let mut show = Show::new(&history, &session.here);
    if let Some(rows) = rows.as_deref().filter(|_| args.indicate_current) {
        show = show.current(rows);
    }
    if args.json.json {
        let revisions = order.iter().filter_map(|it| show.json(it)).collect();
        report::json(&RevisionsJson { revisions })?;
        return Ok(Outcome::Done);
    }
    let parts = Parts {
        down: true,
        labels: true,
        tree: true,
        doc: true,
    };
    let verbose = session.globals.verbose;
    let text = |id: &RevisionId| match verbose {
        true => show.block(id),
        false => show.line(id, parts),
    };
    let text = match args.graph {
        true => graph(&history, &order, |id| show.is_current(id), text),
        false => order.iter().map(text).collect(),
    };
    report::answer(&text)?;
    Ok(Outcome::Done)
}

fn a_range(text: &str) -> Result<Range, String> {
    text.parse().map_err(|error| match error {
        TargetError::Range { .. } => {
            "History range requires [start]:[end], [start]:, or :[end]".to_string()
        }
        error => error.to_string(),
    })
}

/// The rows of the version table. No revision has to be read for that.
pub(crate) fn current_rows(session: &Session<'_>) -> CliResult<Vec<RevisionId>> {
    let none = History::embedded(&Migrations::new("", &[]))?;
    session.run(
        Access::Read,
        none,
        session.options(Transaction::PerRevision)?,
        async |runner| runner.current().await,
    )
}

/// Whether a target can be found only by asking the database.
fn mentions_current(target: &Target) -> bool {
    let is = |point: &Point| point.symbol() == Some(&Symbol::Current);
    match target {
        Target::Point(point) => is(point),
        Target::Range(range) => range.from.iter().chain(&range.to).any(is),
    }
}
