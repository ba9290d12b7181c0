//! `upgrade`: runs revisions, or writes them as a script.

use crate::commands::offline::Offline;
use crate::error::{CliResult, Outcome};
use crate::project::Who;
use crate::session::Session;
use aludel::db::Access;
use aludel::revision::{Direction, Target};
use aludel::run::Transaction;
use clap::ValueEnum;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to: `head`, `heads`, `+1`, an identifier or its beginning, `label@head`; with --sql also `from:to`
    #[arg(allow_negative_numbers = true)]
    target: Target,
    #[command(flatten)]
    offline: Offline,
    /// What one transaction holds
    #[arg(long, value_enum, default_value_t = Wrap::Revision)]
    transaction: Wrap,
}

/// What one transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wrap {
    /// One revision, with its version row
    Revision,
    /// The whole run
    All,
}

impl From<Wrap> for Transaction {
    fn from(wrap: Wrap) -> Self {
        match wrap {
            Wrap::Revision => Self::PerRevision,
            Wrap::All => Self::All,
        }
    }
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = match session.runnable()? {
        Who::Here(history) => *history,
        Who::Elsewhere(outcome) => return Ok(outcome),
    };
    let (target, transaction) = (args.target, args.transaction.into());
    if args.offline.sql {
        let direction = Direction::Up;
        args.offline.print(session, &history, direction, &target, transaction)?;
    } else {
        session.precheck(&history, &target)?;
        session.run(Access::Write, history, transaction, async |runner| {
            runner.upgrade(&target).await
        })?;
    }
    Ok(Outcome::Done)
}
