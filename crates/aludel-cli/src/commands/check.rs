//! `check`: whether models and database agree. It writes nothing.

use crate::args::Json;
use crate::error::{CliError, CliResult, Outcome};
use crate::project::Who;
use crate::report;
use crate::session::Session;
use aludel::Error;
use aludel::db::Access;
use aludel::diff::Change;
use aludel::run::Transaction;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    json: Json,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    /// Whether models and database agree.
    up_to_date: bool,
    /// What would bring the database to the models, in words.
    operations: Vec<String>,
    /// What differs, as data.
    changes: Vec<Change>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = match session.with_models("`check`")? {
        Who::Here(history) => *history,
        Who::Elsewhere(outcome) => return Ok(outcome),
    };
    let models = session.env.models().ok_or(Error::NoModels)?;
    let options = session.autogenerate_options()?;
    let run = session.options(Transaction::PerRevision)?;
    let draft = session.run(Access::Read, history, run, async |runner| {
        runner.autogenerate(models, &options).await
    })?;
    let answer = Answer {
        up_to_date: draft.is_empty(),
        operations: draft.up.iter().map(|it| it.summary()).collect(),
        changes: draft.changes().to_vec(),
    };
    if args.json.json {
        report::json(&answer)?;
    } else if answer.up_to_date {
        report::answer("No new upgrade operations detected.\n")?;
    } else {
        let lines: String = answer.operations.iter().map(|it| format!("{it}\n")).collect();
        report::answer(&lines)?;
    }
    match answer.up_to_date {
        true => Ok(Outcome::Done),
        false => Err(CliError::Differs {
            message: "New upgrade operations detected",
            hint: "`aludel revision --autogenerate -m \"...\"` writes them into a revision",
        }),
    }
}
