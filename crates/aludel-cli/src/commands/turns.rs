//! Taking turns with other runners: the flags of the commands that change the version table.

use crate::duration::Length;
use aludel::run::Options;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Turns {
    /// How long to wait while another runner is at work on the database: 30, 30s, 5m [default: 5m, or the configuration's `lock_timeout`]
    #[arg(long, value_name = "TIME", conflicts_with = "no_lock")]
    lock_timeout: Option<Length>,
    /// Take no turns with other runners: where the database has no locks that this program could use, and only if nobody else
    /// runs anything
    #[arg(long)]
    no_lock: bool,
}

impl Turns {
    /// Lays the flags over what the configuration says.
    pub(crate) fn over(&self, mut options: Options) -> Options {
        if let Some(Length(patience)) = self.lock_timeout {
            options.turns.patience = patience;
        }
        options.turns.taken &= !self.no_lock;
        options
    }
}
