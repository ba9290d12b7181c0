//! `history`: the revisions, newest first, all of them or a range.

use crate::args::Json;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::revisions::{Parts, RevisionsJson, Show};
use crate::session::Session;
use aludel::db::Access;
use aludel::history::{History, Migrations};
use aludel::revision::{Point, Range, RevisionId, Symbol, Target};
use aludel::run::Transaction;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these: [start]:[end], [start]:, or :[end]
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    rev_range: Option<Range>,
    /// Mark the current revision, which asks the database
    #[arg(short, long)]
    indicate_current: bool,
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
    let text: String = match session.globals.verbose {
        true => order.iter().map(|it| show.block(it)).collect(),
        false => order.iter().map(|it| show.line(it, parts)).collect(),
    };
    report::answer(&text)?;
    Ok(Outcome::Done)
}

/// The rows of the version table. No revision has to be read for that.
pub(crate) fn current_rows(session: &Session<'_>) -> CliResult<Vec<RevisionId>> {
    let none = History::embedded(&Migrations::new("", &[]))?;
    session.run(
        Access::Read,
        none,
        Transaction::PerRevision,
        async |runner| runner.current().await,
    )
}

/// Whether a target can be found only by asking the database.
pub(crate) fn mentions_current(target: &Target) -> bool {
    let is = |point: &Point| point.symbol() == Some(&Symbol::Current);
    match target {
        Target::Point(point) => is(point),
        Target::Range(range) => range.from.iter().chain(&range.to).any(is),
    }
}
