//! `downgrade`: takes revisions back, or writes that as a script.

use crate::commands::offline::Offline;
use crate::commands::upgrade::Wrap;
use crate::error::{CliResult, Outcome};
use crate::project::Who;
use crate::session::Session;
use aludel::db::Access;
use aludel::revision::{Direction, Target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to: `-1`, `base`, an identifier or its beginning, `label@base`; with --sql `from:to`
    #[arg(allow_negative_numbers = true)]
    target: Target,
    #[command(flatten)]
    offline: Offline,
    /// What one transaction holds
    #[arg(long, value_enum, default_value_t = Wrap::Revision)]
    transaction: Wrap,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = match session.runnable()? {
        Who::Here(history) => *history,
        Who::Elsewhere(outcome) => return Ok(outcome),
    };
    let (target, transaction) = (args.target, args.transaction.into());
    if args.offline.sql {
        let direction = Direction::Down;
        args.offline.print(session, &history, direction, &target, transaction)?;
    } else {
        session.precheck(&history, &target)?;
        session.run(Access::Write, history, transaction, async |runner| {
            runner.downgrade(&target).await
        })?;
    }
    Ok(Outcome::Done)
}
