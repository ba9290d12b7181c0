//! `ensure-version`: creates the version table, and nothing else.

use crate::commands::offline::Offline;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::session::Session;
use aludel::db::Access;
use aludel::run::{self, Transaction};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    offline: Offline,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    if args.offline.sql {
        let dialect = session.script_dialect(args.offline.dialect)?;
        let options = session.options(Transaction::PerRevision)?;
        let history = session.history()?;
        report::answer(&run::version_table_script(&history, &*dialect, &options)?)?;
    } else {
        let history = session.history()?;
        session.run(Access::Write, history, Transaction::PerRevision, async |runner| {
            runner.ensure_version().await
        })?;
    }
    Ok(Outcome::Done)
}
