//! `history`: the revisions, newest first, all of them or a range.

use crate::args::Json;
use crate::error::{CliError, CliResult, Outcome};
use crate::report;
use crate::report::revisions::{Parts, RevisionsJson, Show};
use crate::session::Session;
use aludel::db::Access;
use aludel::history::History;
use aludel::revision::{GraphError, Point, Range, RevisionId, RevisionMap, Symbol, Target};
use aludel::run::Transaction;
use std::collections::BTreeSet;

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
    let chosen = within(history.map(), &range, rows.as_deref().unwrap_or_default())?;
    let order = newest_first(&history)?;
    let order: Vec<&RevisionId> = order.iter().filter(|it| chosen.contains(*it)).collect();
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

/// The rows of the version table.
pub(crate) fn current_rows(session: &Session<'_>) -> CliResult<Vec<RevisionId>> {
    let history = session.history()?;
    session.run(Access::Read, history, Transaction::PerRevision, async |runner| {
        runner.current().await
    })
}

/// Whether a target can be found only by asking the database.
pub(crate) fn mentions_current(target: &Target) -> bool {
    let is = |point: &Point| {
        // Steps from nowhere are steps from the other end of a range.
        point.symbol() == Some(&Symbol::Current)
    };
    match target {
        Target::Point(point) => is(point),
        Target::Range(range) => range.from.iter().chain(&range.to).any(is),
    }
}

/// All revisions, from the last that an upgrade runs to the first.
fn newest_first(history: &History) -> CliResult<Vec<RevisionId>> {
    let none: [&str; 0] = [];
    let heads = Target::Point(point("heads")?);
    let plan = history.map().upgrade_plan(&none, &heads)?;
    let mut order: Vec<RevisionId> = plan.steps.into_iter().map(|it| it.revision).collect();
    order.reverse();
    Ok(order)
}

fn point(text: &str) -> CliResult<Point> {
    let point = text.parse::<Point>();
    point.map_err(|error| CliError::Aludel(GraphError::from(error).into()))
}

/// The revisions of a range, both ends included.
fn within(
    map: &RevisionMap,
    range: &Range,
    rows: &[RevisionId],
) -> CliResult<BTreeSet<RevisionId>> {
    let counts_up = |it: &Point| it.symbol().is_none() && it.steps().is_some_and(|it| it > 0);
    // An end that is only a number of steps counts from the other end, which is therefore found first.
    let (lower, upper) = if range.to.as_ref().is_some_and(counts_up) {
        let lower = lower_end(map, range, rows, &[])?;
        let upper = upper_end(map, range, rows, &lower)?;
        (lower, upper)
    } else {
        let upper = upper_end(map, range, rows, &[])?;
        let lower = lower_end(map, range, rows, &upper)?;
        (lower, upper)
    };
    let mut chosen: BTreeSet<RevisionId> = map.ancestors(&upper).into_iter().collect();
    if let Some(outside) = lower.iter().find(|it| !chosen.contains(*it)) {
        let to = range.to.as_ref().map_or("heads".to_string(), ToString::to_string);
        return Err(GraphError::RangeNotAncestor {
            from: range.from.as_ref().map_or(outside.to_string(), ToString::to_string),
            to,
        }
        .into());
    }
    for below in map.ancestors(&lower) {
        chosen.remove(&below);
    }
    chosen.extend(lower);
    Ok(chosen)
}

fn upper_end(
    map: &RevisionMap,
    range: &Range,
    rows: &[RevisionId],
    lower: &[RevisionId],
) -> CliResult<Vec<RevisionId>> {
    let branch = range.from.as_ref().and_then(Point::branch);
    let Some(to) = &range.to else {
        let heads = map.effective_heads().into_iter();
        // `billing@base:` means that branch alone.
        let on_branch = |id: &&RevisionId| {
            branch.is_none_or(|branch| map.labels(id.as_str()).contains(&branch))
        };
        return Ok(heads.filter(on_branch).cloned().collect());
    };
    let (to, from) = from_current(to, rows, lower)?;
    match to {
        None => Ok(from),
        Some(target) => match map.resolve_upgrade(&target, &from) {
            Err(GraphError::TooFewSteps { .. } | GraphError::WalkedTooFar { .. }) => {
                Ok(map.effective_heads().into_iter().cloned().collect())
            }
            found => Ok(found?),
        },
    }
}

fn lower_end(
    map: &RevisionMap,
    range: &Range,
    rows: &[RevisionId],
    upper: &[RevisionId],
) -> CliResult<Vec<RevisionId>> {
    let Some(from) = &range.from else {
        return Ok(Vec::new());
    };
    let (target, start) = from_current(from, rows, upper)?;
    match target {
        None => Ok(start),
        Some(target) if from.steps().is_some() => match map.resolve_downgrade(&target, &start) {
            // Further back than the first revision is the first revision.
            Err(GraphError::TooFewSteps { .. } | GraphError::WalkedTooFar { .. }) => Ok(Vec::new()),
            found => Ok(found?.1.into_iter().collect()),
        },
        Some(target) => Ok(map.resolve(&target, rows)?),
    }
}

/// `current` is the rows themselves, and `current-2` is two steps from them; other targets stay, with what they start from.
fn from_current(
    end: &Point,
    rows: &[RevisionId],
    other: &[RevisionId],
) -> CliResult<(Option<Target>, Vec<RevisionId>)> {
    if end.symbol() != Some(&Symbol::Current) {
        return Ok((Some(Target::Point(end.clone())), other.to_vec()));
    }
    match end.steps() {
        None => Ok((None, rows.to_vec())),
        Some(steps) => Ok((Some(Target::Point(point(&format!("{steps:+}"))?)), rows.to_vec())),
    }
}
