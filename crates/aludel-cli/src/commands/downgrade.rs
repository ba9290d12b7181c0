//! `downgrade`: takes revisions back, or writes that as a script.

use crate::commands::offline::Way;
use crate::error::CliResult;
use crate::session::Session;
use aludel::revision::{Direction, Target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to: `-1`, `base`, an identifier or its beginning, `label@base`; with --sql `from:to`
    #[arg(allow_negative_numbers = true)]
    target: Target,
    #[command(flatten)]
    way: Way,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    args.way.go(session, Direction::Down, &args.target)
}
