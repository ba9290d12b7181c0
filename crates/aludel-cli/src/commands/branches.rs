//! `branches`: the revisions that several follow, and those that do.

use crate::args::Json;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::report::revisions::{Parts, RevisionJson, Show};
use crate::session::Session;
use aludel::revision::{Range, RevisionId};
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    json: Json,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    branches: Vec<Branch>,
}

/// A branch point, and what follows it.
#[derive(Debug, Serialize)]
struct Branch {
    revision: RevisionJson,
    children: Vec<RevisionJson>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let map = history.map();
    let none: [&str; 0] = [];
    let all = map.range(&Range { from: None, to: None }, &none)?;
    let points: Vec<RevisionId> = all.into_iter().filter(|it| map.is_branchpoint(it.as_str())).collect();
    let show = Show::new(&history, &session.here);
    if args.json.json {
        let branches = points.iter().filter_map(|point| {
            let children = map.children(point.as_str());
            Some(Branch {
                revision: show.json(point)?,
                children: children.into_iter().filter_map(|it| show.json(it)).collect(),
            })
        });
        report::json(&Answer { branches: branches.collect() })?;
        return Ok(Outcome::Done);
    }
    let verbose = session.globals.verbose;
    let parts = Parts { labels: true, tree: true, ..Parts::default() };
    let mut text = String::new();
    for point in &points {
        text.push_str(&match verbose {
            true => show.block(point),
            false => show.line(point, parts),
        });
        let margin = " ".repeat(point.as_str().chars().count());
        let of_child = Parts { doc: verbose, ..parts };
        for child in map.children(point.as_str()) {
            text.push_str(&format!("{margin} -> {}", show.line(child, of_child)));
        }
        text.push('\n');
    }
    report::answer(&text)?;
    Ok(Outcome::Done)
}
