//! `stamp`: tells where the database stands, and runs nothing.

use crate::commands::offline::Offline;
use crate::commands::turns::Turns;
use crate::error::{CliError, CliResult, Outcome};
use crate::guard::{Asks, Consent};
use crate::session::Session;
use aludel::revision::{Direction, Target};
use aludel::run::Transaction;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revisions: `head`, `base`, an identifier or its beginning
    #[arg(required = true, allow_negative_numbers = true)]
    targets: Vec<Target>,
    /// Empty the version table first, whatever it holds
    #[arg(long)]
    purge: bool,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    turns: Turns,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    if !args.offline.sql {
        session.precheck(&history, Direction::Stamp, &args.targets)?;
        let asks = match args.purge && !args.consent.yes {
            true => Asks::Always,
            false => Asks::Never,
        };
        let options = args.turns.over(session.options(Transaction::PerRevision)?);
        session.run_guarded(history, options, asks, None, async |runner| {
            runner.stamp(&args.targets, args.purge).await
        })?;
        return Ok(Outcome::Done);
    }
    if args.purge {
        return Err(usage("Can't use --purge with --sql mode"));
    }
    let [target] = args.targets.as_slice() else {
        return Err(usage(
            "Stamp operation with --sql only supports a single starting revision at a time",
        ));
    };
    let (direction, transaction) = (Direction::Stamp, Transaction::PerRevision);
    args.offline.print(session, &history, direction, target, transaction)?;
    Ok(Outcome::Done)
}

fn usage(message: &str) -> CliError {
    CliError::Usage {
        message: message.into(),
        hint: None,
    }
}
