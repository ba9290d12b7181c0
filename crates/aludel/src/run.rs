//! RUNNING: a plan becomes statements, and statements reach a database or a script.
//!
//! This room ties the others together and is the only one that knows them all. It prints nothing: what happens is told
//! through `tracing`, under the targets `aludel::run`, `aludel::autogenerate` and `aludel::lint`.

use crate::db::{Access, Connection, DbUrl};
use crate::dialect::{self, Dialect, Waits};
use crate::error::Result;
use crate::history::History;
use crate::ops::Db;
use crate::revision::{Direction, Plan, RevisionId, Step, Target};
use crate::schema::QualifiedName;
use std::sync::Arc;
use std::time::Duration;

mod attempts;
pub mod autogenerate;
mod backend;
mod check;
mod frame;
mod gate;
mod generate;
mod ledger;
mod live;
mod log;
mod migrator;
mod origin;
mod pause;
mod place;
mod record;
mod script;
mod side;
mod snapshot;
mod spell;
mod state;
mod stop;
mod turn;
mod version;
mod writer;

pub use gate::{Coming, ComingOperation, ComingStep, Gate};
pub use generate::Models;
pub use log::{LogEntry, LogQuery};
pub use migrator::Migrator;
pub use origin::Origin;
pub use script::{script, version_table_script};
pub use side::{Difference, Settings, Side, difference, snapshot};
pub use snapshot::{Look, Snapshot};
pub use stop::Stop;

use log::{LogTable, Note};
use version::VersionTable;

/// How a run is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The table that holds the heads.
    pub version_table: QualifiedName,
    /// What one transaction holds.
    pub transaction: Transaction,
    /// Whether what is done is recorded in the table `aludel_log`, and applied revisions are compared with it. On by default.
    pub log: bool,
    /// Who runs: told to whoever waits meanwhile, and kept in the record.
    pub origin: Origin,
    /// How this runner takes turns with others.
    pub turns: Turns,
    /// How it gets along with everybody else who uses the database meanwhile.
    pub busy: Busy,
}

/// How a run gets along with those who use the tables that it changes: a definition that waits for a table makes everybody else wait
/// behind it, so it gives up soon and comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy {
    /// How long a statement waits for a table or a row that others use, and for its own end (PostgreSQL, MySQL, MariaDB). None is as
    /// the server has it.
    pub waits: Waits,
    /// How often what gave up is tried again: the whole revision where it was rolled back, or else the one statement.
    pub retries: u32,
}

impl Default for Busy {
    /// Three seconds for a table, none for the end of a statement, ten times again.
    fn default() -> Self {
        Self {
            waits: Waits {
                lock: Some(Duration::from_secs(3)),
                statement: None,
            },
            retries: 10,
        }
    }
}

/// How a runner takes turns with others that work on the same database: one at a time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    /// Whether it takes turns at all. On by default; without it, nothing but the version rows tells two runners apart.
    pub taken: bool,
    /// How long it waits for its turn before it gives up. Zero asks once.
    pub patience: Duration,
}

impl Default for Turns {
    /// Five minutes: a replica that starts while another one migrates finds nothing left to do.
    fn default() -> Self {
        Self {
            taken: true,
            patience: Duration::from_secs(300),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version_table: "alembic_version".into(),
            transaction: Transaction::PerRevision,
            log: true,
            origin: Origin::here(),
            turns: Turns::default(),
            busy: Busy::default(),
        }
    }
}

/// What one transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// One revision with its version row.
    PerRevision,
    /// The whole run.
    All,
}

/// Takes a database from where it stands to where it is to be.
#[derive(Debug)]
pub struct Runner {
    db: Db,
    dialect: Arc<dyn Dialect>,
    history: History,
    options: Options,
    version: VersionTable,
    log: LogTable,
    /// Whether the log is there, so that it may have something to say.
    recorded: bool,
    /// What the log says of the present step.
    note: Option<Note>,
    /// Where it is connected to, if it has connected by itself.
    url: Option<DbUrl>,
    gate: Option<Gate>,
    stop: Stop,
}

impl std::fmt::Debug for dyn Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Runner {
    /// Connects.
    ///
    /// # Errors
    /// [`crate::Error::Database`] if that fails, or if this program was built without the database.
    pub async fn connect(
        url: &DbUrl,
        access: Access,
        history: History,
        options: Options,
    ) -> Result<Self> {
        let connection = Connection::open(url, access).await?;
        let mut runner = Self::on(connection, history, options).await?;
        runner.url = Some(url.clone());
        Ok(runner)
    }

    /// Works on a connection that is open already.
    ///
    /// # Errors
    /// [`crate::Error::Name`] if the version table's name is impossible; [`crate::Error::Database`] if the server does not
    /// tell its version.
    pub async fn on(
        mut connection: Connection,
        history: History,
        options: Options,
    ) -> Result<Self> {
        let dialect: Arc<dyn Dialect> = Arc::from(dialect::of_connection(&mut connection).await?);
        let version = VersionTable::new(&*dialect, &options.version_table, history.map())?;
        let log = LogTable::new(dialect.clone(), &options)?;
        let backend = backend::LiveBackend::new(dialect.clone());
        Ok(Self {
            db: Db::new(connection, Box::new(backend)),
            dialect,
            history,
            options,
            version,
            log,
            recorded: false,
            note: None,
            url: None,
            gate: None,
            stop: Stop::default(),
        })
    }

    /// The history it works from.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The dialect of its database.
    pub fn dialect(&self) -> &dyn Dialect {
        &*self.dialect
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        self.db.connection()
    }

    /// The rows of the version table, sorted; none if there is no table, which is not created.
    ///
    /// # Errors
    /// [`crate::Error::Database`] with what the database said.
    pub async fn current(&mut self) -> Result<Vec<RevisionId>> {
        let rows = self.version.rows_if_there(self.db.connection()).await?;
        Ok(rows.unwrap_or_default())
    }

    /// Creates the version table, and beside it the log, if they are not there.
    ///
    /// # Errors
    /// [`crate::Error::Database`] with what the database said.
    pub async fn ensure_version(&mut self) -> Result<()> {
        self.announce();
        self.in_turn(async |runner| runner.make_tables().await)
            .await
    }

    /// Runs the upgrades that the target needs; answers the steps that were done.
    ///
    /// # Errors
    /// [`crate::Error::Graph`] for a target that cannot be reached; [`crate::Error::Edited`] for applied revisions that are not
    /// what was applied; [`crate::Error::Locked`] if another runner is at work for too long; [`crate::Error::Revision`] for a
    /// revision that failed.
    pub async fn upgrade(&mut self, target: &Target) -> Result<Vec<Step>> {
        self.reach(Direction::Up, |map, rows| {
            Ok(map.upgrade_plan(rows, target)?)
        })
        .await
    }

    /// Runs the downgrades that lead to the target; answers the steps that were done.
    ///
    /// # Errors
    /// As [`Self::upgrade`].
    pub async fn downgrade(&mut self, target: &Target) -> Result<Vec<Step>> {
        self.reach(Direction::Down, |map, rows| {
            Ok(map.downgrade_plan(rows, target)?)
        })
        .await
    }

    /// Sets the version table to the targets without running anything; `purge` empties it first, whatever it holds.
    ///
    /// # Errors
    /// [`crate::Error::Graph`] for a target that is not there; [`crate::Error::Locked`] if another runner is at work for too long.
    pub async fn stamp(&mut self, targets: &[Target], purge: bool) -> Result<Vec<Step>> {
        self.announce();
        self.in_turn(async |runner| {
            runner.make_tables().await?;
            runner.write_stamps(targets, purge).await
        })
        .await
    }

    /// Refuses an identifier that the version table which is there has no room for, before a revision gets it.
    ///
    /// # Errors
    /// [`crate::Error::LongId`] if it has none; [`crate::Error::Database`] with what the database said.
    pub async fn refuse_long_id(&mut self, id: &RevisionId) -> Result<()> {
        self.refuse_without_room([id]).await
    }

    /// Closes the connection.
    ///
    /// # Errors
    /// [`crate::Error::Database`] if it was broken already.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.into_connection().close().await?)
    }

    fn announce(&self) {
        let dialect = &self.dialect;
        tracing::info!(target: "aludel::run", "Context impl {}", dialect.context_name());
        let kind = if dialect.features().transactional_ddl {
            "transactional"
        } else {
            "non-transactional"
        };
        tracing::info!(target: "aludel::run", "Will assume {kind} DDL");
    }

    fn warn(plan: &Plan) {
        for warning in &plan.warnings {
            tracing::warn!(target: "aludel::run", "{warning}");
        }
    }
}
