//! `show`: all about one revision, or those that a word such as `heads` names.

use crate::args::Json;
use crate::commands::history::current_rows;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::revisions::{RevisionsJson, Show};
use crate::session::Session;
use aludel::history::History;
use aludel::revision::{GraphError, RevisionId, Symbol, Target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An identifier or its beginning, a branch label, `head`, `heads`, `current`, `head-1`
    #[arg(allow_negative_numbers = true)]
    revision: Target,
    #[command(flatten)]
    json: Json,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let found = find(session, &history, &args.revision)?;
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

/// The revisions that a target names. Steps count from the revision that they are added to, `+1` from where the database
/// stands, and `-1` from the heads, as in Alembic.
pub(crate) fn find(
    session: &Session<'_>,
    history: &History,
    target: &Target,
) -> CliResult<Vec<RevisionId>> {
    let map = history.map();
    let none: [&str; 0] = [];
    let Target::Point(point) = target else {
        return Ok(map.resolve(target, &none)?);
    };
    Ok(match (point.symbol(), point.steps()) {
        (Some(Symbol::Current), None) => map.resolve(target, &current_rows(session)?)?,
        (Some(Symbol::Current), Some(steps)) if point.branch().is_none() => {
            beside_current(session, history, steps)?
        }
        (None, Some(1..)) => map.resolve_upgrade(target, &current_rows(session)?)?,
        (Some(_), Some(_)) => map.resolve_upgrade(target, &none)?,
        _ => map.resolve(target, &none)?,
    })
}

/// So many steps from each revision at which the database stands; from the base, if it stands nowhere.
fn beside_current(
    session: &Session<'_>,
    history: &History,
    steps: i64,
) -> CliResult<Vec<RevisionId>> {
    let rows = current_rows(session)?;
    let starts: Vec<&str> = match rows.as_slice() {
        [] => vec![""],
        rows => rows.iter().map(RevisionId::as_str).collect(),
    };
    let none: [&str; 0] = [];
    let mut found: Vec<RevisionId> = Vec::new();
    for start in starts {
        let target = format!("{start}{steps:+}").parse().map_err(GraphError::from)?;
        for id in history.map().resolve_upgrade(&target, &none)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    Ok(found)
}
