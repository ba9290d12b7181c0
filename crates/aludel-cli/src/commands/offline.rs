//! Working on a database, or writing a script instead: the flags of the commands that can do both, and what they share.

use crate::commands::turns::Turns;
use crate::config::Wrap;
use crate::error::{CliResult, Outcome};
use crate::guard::{Asks, Before, Consent};
use crate::project::{Who, block_on};
use crate::report;
use crate::session::Session;
use aludel::db::Kind;
use aludel::history::History;
use aludel::revision::{Direction, Target};
use aludel::run::{self, Transaction};

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Offline {
    /// Print the SQL instead of running it; nothing is connected to. Let the client stop at the first error: `psql -v
    /// ON_ERROR_STOP=1`, `sqlite3 -bail`; `mariadb --comments` keeps the comments in bodies
    #[arg(long)]
    pub(crate) sql: bool,
    /// The database that the SQL is for: sqlite, postgresql, mysql, mariadb [default: by the URL]
    #[arg(long, value_name = "NAME", requires = "sql", value_parser = kind)]
    pub(crate) dialect: Option<Kind>,
}

impl Offline {
    /// Prints what a command would run.
    pub(crate) fn print(
        &self,
        session: &Session<'_>,
        history: &History,
        direction: Direction,
        target: &Target,
        transaction: Transaction,
    ) -> CliResult<()> {
        let dialect = session.script_dialect(self.dialect)?;
        let options = session.options(transaction)?;
        let script = run::script(history, dialect, direction, target, &options);
        report::answer(&block_on(script)?)
    }
}

/// How revisions are run, or written.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Way {
    #[command(flatten)]
    offline: Offline,
    /// What one transaction holds [default: revision, or the configuration's `transaction`]
    #[arg(long, value_enum)]
    transaction: Option<Wrap>,
    #[command(flatten)]
    before: Before,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    turns: Turns,
}

impl From<Wrap> for Transaction {
    fn from(wrap: Wrap) -> Self {
        match wrap {
            Wrap::Revision => Self::PerRevision,
            Wrap::All => Self::All,
        }
    }
}

impl Way {
    fn transaction(&self, session: &Session<'_>) -> CliResult<Transaction> {
        let configured = session.config_if_any()?.and_then(|it| it.transaction);
        let wrap = self.transaction.or(configured);
        Ok(wrap.unwrap_or(Wrap::Revision).into())
    }

    /// Takes the database to a target, or prints what that would run.
    pub(crate) fn go(
        &self,
        session: &Session<'_>,
        direction: Direction,
        target: &Target,
    ) -> CliResult {
        let history = match session.runnable()? {
            Who::Here(history) => *history,
            Who::Elsewhere(outcome) => return Ok(outcome),
        };
        let transaction = self.transaction(session)?;
        if self.offline.sql {
            self.offline
                .print(session, &history, direction, target, transaction)?;
            return Ok(Outcome::Done);
        }
        session.precheck(&history, direction, std::slice::from_ref(target))?;
        let asks = match direction {
            _ if self.consent.yes => Asks::Never,
            Direction::Down => Asks::Always,
            _ => Asks::AboutLosses,
        };
        let options = self.turns.over(session.options(transaction)?);
        session.run_guarded(
            history,
            options,
            asks,
            self.before.backup.clone(),
            async |runner| match direction {
                Direction::Down => runner.downgrade(target).await,
                _ => runner.upgrade(target).await,
            },
        )?;
        Ok(Outcome::Done)
    }
}

pub(crate) fn kind(name: &str) -> Result<Kind, String> {
    Kind::by_name(name).ok_or_else(|| "no database is called so".to_string())
}
