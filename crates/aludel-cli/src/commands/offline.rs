//! The flags of commands that can write a script instead of working on a database.

use crate::error::CliResult;
use crate::project::block_on;
use crate::report;
use crate::session::Session;
use aludel::db::Kind;
use aludel::history::History;
use aludel::revision::{Direction, Target};
use aludel::run::{self, Transaction};

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Offline {
    /// Print the SQL instead of running it; nothing is connected to
    #[arg(long)]
    pub(crate) sql: bool,
    /// The database that the SQL is for: sqlite, postgres [default: by the URL]
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

fn kind(name: &str) -> Result<Kind, String> {
    Kind::by_name(name).ok_or_else(|| "no database is called so".to_string())
}
