//! The project's revisions: where they stand, whether this program can run them, and a runner for them.

use crate::config::Format;
use crate::duration::Length;
use crate::error::{CliError, CliResult, Outcome};
use crate::forward::forward;
use crate::session::Session;
use crate::signals::Signals;
use aludel::db::{Access, Kind};
use aludel::dialect::{self, Dialect};
use aludel::history::{Body, History, HistoryError, Locations};
use aludel::revision::{Direction, GraphError, Target};
use aludel::run::{Options, Runner, Transaction, autogenerate};
use aludel::schema::QualifiedName;
use std::path::PathBuf;
use std::sync::Arc;

/// Who can do what a command needs.
pub(crate) enum Who {
    /// This program, with these revisions.
    Here(Box<History>),
    /// Another program, which has done it.
    Elsewhere(Outcome),
}

impl Session<'_> {
    /// The folder that `script_location` names.
    pub(crate) fn location(&self) -> CliResult<PathBuf> {
        let config = self.config()?;
        config.script_location.clone().ok_or_else(|| CliError::Key {
            key: "script_location",
            path: config.path.clone(),
        })
    }

    /// The folders of the revisions: `version_locations`, or else the one that is usual.
    pub(crate) fn locations(&self) -> CliResult<Locations> {
        let config = self.config()?;
        let folders = match &config.version_locations {
            Some(folders) => folders.clone(),
            None => vec![self.location()?.join("versions")],
        };
        Ok(Locations {
            folders,
            recursive: config.recursive_version_locations,
        })
    }

    /// Whether the project has a program of its own.
    pub(crate) fn has_program(&self) -> CliResult<bool> {
        Ok(self.location()?.join("Cargo.toml").is_file())
    }

    /// The revisions as they stand in their files, for commands that run none of them. A program without these files beside
    /// it answers from what is compiled in.
    pub(crate) fn history(&self) -> CliResult<History> {
        match self.env.migrations() {
            Some(migrations) if !self.has_files()? => Ok(History::embedded(migrations)?),
            _ => History::load_from(&self.locations()?).map_err(|error| self.no_location(error)),
        }
    }

    /// A folder that the configuration names itself is not missing for want of `aludel init`.
    fn no_location(&self, error: HistoryError) -> CliError {
        let config = self.config_if_any().ok().flatten();
        let named = config.is_some_and(|it| it.version_locations.is_some());
        match error {
            HistoryError::NoFolder { path } if named => CliError::NoLocation { path },
            error => error.into(),
        }
    }

    fn has_files(&self) -> CliResult<bool> {
        Ok(self.config_if_any()?.is_some()
            && self.locations()?.folders.iter().any(|it| it.is_dir()))
    }

    /// The revisions for a command that runs them, in the program that can.
    pub(crate) fn runnable(&self) -> CliResult<Who> {
        if self.env.migrations().is_some() {
            return Ok(Who::Here(Box::new(self.compiled()?)));
        }
        let history = self.history()?;
        let is_rust = |body: &Body| matches!(body, Body::Rust(None));
        if self.has_program()? && history.scripts().iter().any(|it| is_rust(&it.body)) {
            return Ok(Who::Elsewhere(forward(self, &self.location()?)?));
        }
        Ok(Who::Here(Box::new(history)))
    }

    /// The revisions for a command that asks the models, in the program that has them.
    pub(crate) fn with_models(&self, command: &'static str) -> CliResult<Who> {
        if self.env.migrations().is_some() {
            return Ok(Who::Here(Box::new(self.compiled()?)));
        }
        match self.has_program()? {
            true => Ok(Who::Elsewhere(forward(self, &self.location()?)?)),
            false => Err(CliError::NoProgram {
                command,
                path: self.location()?,
            }),
        }
    }

    /// The revisions that are compiled in, unless their files have changed since.
    fn compiled(&self) -> CliResult<History> {
        let Some(migrations) = self.env.migrations() else {
            return self.history();
        };
        let history = History::embedded(migrations)?;
        let changes = match self.has_files()? {
            true => history
                .changes_from(&self.locations()?)
                .map_err(|error| self.no_location(error))?,
            false => Vec::new(),
        };
        if !changes.is_empty() {
            let files = changes.iter().map(|it| it.path().to_path_buf());
            return Err(CliError::Stale {
                files: files.collect(),
                just_built: self.is_forwarded(),
            });
        }
        Ok(history)
    }

    /// What new revisions are written in.
    pub(crate) fn format(&self, asked: Option<Format>) -> CliResult<Format> {
        let config = self.config()?;
        let usual = match self.has_program()? {
            true => Format::Rust,
            false => Format::Sql,
        };
        Ok(asked.or(config.format).unwrap_or(usual))
    }

    /// How revisions are run.
    pub(crate) fn options(&self, transaction: Transaction) -> CliResult<Options> {
        let mut options = Options {
            transaction,
            ..Options::default()
        };
        if let Some(config) = self.config_if_any()? {
            let schema = config.version_table_schema.as_deref();
            let name = config.version_table.clone();
            let name = name.unwrap_or_else(|| options.version_table.name.to_string());
            options.version_table = match schema {
                Some(schema) => QualifiedName::from((schema, name)),
                None => QualifiedName::from(name),
            };
            options.log = config.log.unwrap_or(options.log);
            let (turns, busy) = (&mut options.turns, &mut options.busy);
            if let Some(Length(patience)) = config.lock_timeout {
                turns.patience = patience;
            }
            if let Some(wait) = config.statement_lock_timeout {
                busy.waits.lock = wait.if_any();
            }
            if let Some(wait) = config.statement_timeout {
                busy.waits.statement = wait.if_any();
            }
            busy.retries = config.retries.unwrap_or(busy.retries);
        }
        Ok(options)
    }

    /// What autogenerate looks at.
    pub(crate) fn autogenerate_options(&self) -> CliResult<autogenerate::Options> {
        let mut options = autogenerate::Options::default();
        if let Some(config) = self.config_if_any()? {
            options.clone_from(&config.autogenerate.options);
        }
        options.project = self.env.comparisons().clone();
        Ok(options)
    }

    /// The dialect of an offline script: the one that was named, or the one of the URL. Nothing is connected to.
    pub(crate) fn script_dialect(&self, named: Option<Kind>) -> CliResult<Arc<dyn Dialect>> {
        let kind = match named {
            Some(kind) => kind,
            None => self.url().map_err(no_dialect)?.kind(),
        };
        Ok(Arc::from(dialect::by_kind(kind)?))
    }

    /// Refuses, before anything is connected to, targets that no database could make sense of, wherever it stands.
    pub(crate) fn precheck(
        &self,
        history: &History,
        direction: Direction,
        targets: &[Target],
    ) -> CliResult<()> {
        for target in targets {
            // To a stamp, a range is a name that nothing has.
            if let (Direction::Up | Direction::Down, Target::Range(range)) = (direction, target) {
                let target = range.to_string();
                return Err(GraphError::RangeNotAllowed { target }.into());
            }
        }
        // Steps start from where the database stands.
        let counted =
            |target: &Target| matches!(target, Target::Point(point) if point.steps().is_some());
        if targets.iter().any(counted) {
            return Ok(());
        }
        let (map, none) = (history.map(), [""; 0]);
        for target in targets {
            let planned = match direction {
                Direction::Up => map.upgrade_plan(&none, target),
                Direction::Down => map.downgrade_plan(&none, target),
                Direction::Stamp => map.stamp_plan(&none, targets, true),
            };
            match planned {
                // What is applied is for the database to say.
                Ok(_) | Err(GraphError::NotBelow { .. } | GraphError::NotOnBranch { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Connects, lets a command work, and says good-bye.
    pub(crate) fn run<T>(
        &self,
        access: Access,
        history: History,
        options: Options,
        work: impl AsyncFnOnce(&mut Runner) -> aludel::Result<T>,
    ) -> CliResult<T> {
        let url = self.url()?;
        let mut signals = Signals::default();
        let done = block_on(async {
            let mut runner = Runner::connect(&url, access, history, options).await?;
            if access == Access::Write {
                signals = Signals::listen(runner.stopper());
            }
            let done = work(&mut runner).await;
            // What went wrong first is what to tell; a good-bye that fails after good work changes nothing.
            let _ = runner.close().await;
            done
        });
        done.map_err(|error| match signals.code() {
            Some(code) => CliError::Signal {
                code,
                source: Box::new(error),
            },
            None => error,
        })
    }
}

/// A script needs no `url`, only what it would tell.
fn no_dialect(error: CliError) -> CliError {
    match error {
        CliError::Key { key: "url", path } => CliError::Usage {
            message: format!(
                "a script needs a dialect, and no `url` in {} tells it",
                path.display()
            ),
            hint: Some("give `--dialect`: sqlite, postgresql, mysql or mariadb".into()),
        },
        error => error,
    }
}

/// Drives a future on this thread: what touches a connection stays where it is.
pub(crate) fn block_on<T, E>(work: impl Future<Output = Result<T, E>>) -> CliResult<T>
where
    CliError: From<E>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::io("start", "the runtime"))?;
    let done = runtime.block_on(work);
    // A question that nobody answers any more is not waited for.
    runtime.shutdown_background();
    Ok(done?)
}
