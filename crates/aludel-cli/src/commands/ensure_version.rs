//! `ensure-version`: creates the version table, and nothing else.

use crate::commands::offline::Offline;
use crate::commands::turns::Turns;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::session::Session;
use aludel::db::Access;
use aludel::run::{self, Transaction};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    turns: Turns,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    if args.offline.sql {
        let dialect = session.script_dialect(args.offline.dialect)?;
        let options = session.options(Transaction::PerRevision)?;
        let history = session.history()?;
        report::answer(&run::version_table_script(&history, &*dialect, &options)?)?;
    } else {
        let history = session.history()?;
        let options = args.turns.over(session.options(Transaction::PerRevision)?);
        session.run(Access::Write, history, options, async |runner| {
            runner.ensure_version().await
        })?;
    }
    Ok(Outcome::Done)
}
