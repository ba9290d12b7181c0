//! `schema diff`: what turns one schema into another.

use crate::args::Json;
use crate::commands::offline::kind;
use crate::error::{CliResult, Outcome};
use crate::project::block_on;
use crate::report;
use crate::session::Session;
use crate::sides::Given;
use aludel::db::Kind;
use aludel::diff::Change;
use aludel::run;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A database URL, a `.sql` file of definitions, a `.json` dump, or the word `models`
    from: String,
    /// The same
    to: String,
    /// A schema to look at beside the default one and those that either side names (repeatable)
    #[arg(long = "schema", value_name = "NAME")]
    schemas: Vec<String>,
    /// Print the statements that turn the one into the other
    #[arg(long, conflicts_with = "json")]
    sql: bool,
    /// The database that a `.sql` file or the models are for, where no URL says so: sqlite, postgresql, mysql, mariadb
    #[arg(long, value_name = "NAME", value_parser = kind)]
    dialect: Option<Kind>,
    #[command(flatten)]
    json: Json,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    changes: &'a [Change],
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let (from, to) = (Given::read(&args.from)?, Given::read(&args.to)?);
    if let Some(outcome) = session.elsewhere(&[&from, &to], "`schema diff` with `models`")? {
        return Ok(outcome);
    }
    let mut settings = session.side_settings(&args.schemas, args.dialect)?;
    settings.script = args.sql;
    let (from, to) = (from.side(session)?, to.side(session)?);
    let found = block_on(run::difference(&from, &to, &settings))?;
    if args.json.json {
        report::json(&Answer {
            changes: &found.changes,
        })?;
    } else if let Some(script) = &found.script {
        report::answer(script)?;
    } else {
        let lines: String = found.lines.iter().map(|it| format!("{it}\n")).collect();
        report::answer(&lines)?;
    }
    if found.is_empty() {
        tracing::info!(target: "aludel::run", "No differences");
        return Ok(Outcome::Done);
    }
    Ok(Outcome::Differs)
}
