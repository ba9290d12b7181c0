//! What stands before a run on a database that matters: the listing of what comes, the question, and the backup. The library asks its
//! gate when the plan is made, and this is the gate.

use crate::backup::{self, Backup};
use crate::error::{CliError, CliResult};
use crate::report;
use crate::session::Session;
use aludel::Error;
use aludel::db::{Access, DbUrl};
use aludel::history::History;
use aludel::lint::Loss;
use aludel::run::{Coming, Gate, Options, Runner};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

/// The flag of the commands that ask.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Consent {
    /// Ask nothing: yes, run it on a protected environment
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// The flag of the commands that can take a backup first.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Before {
    /// Take a backup into this folder before the first step, and say how to restore it
    #[arg(long, value_name = "DIR", conflicts_with = "sql")]
    pub(crate) backup: Option<PathBuf>,
}

/// What is asked about on a protected environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Whatever is run.
    Always,
    /// Steps after which data is gone.
    AboutLosses,
    /// Nothing.
    Never,
}

/// What a gate works with.
struct Guard {
    /// The database as a sentence names it.
    place: String,
    asks: Asks,
    can_ask: bool,
    backup: Option<Backup>,
    /// Why the run was stopped, for the command to answer.
    stopped: RefCell<Option<CliError>>,
}

impl Session<'_> {
    /// Connects, and lets a command work behind a gate: on a protected environment it asks, or stops where nobody can be asked; then a
    /// backup is taken, if one is wanted.
    ///
    /// # Errors
    /// As [`Session::run`]; [`CliError::Unasked`]; what keeps a backup from being taken.
    pub(crate) fn run_guarded<T>(
        &self,
        history: History,
        options: Options,
        asks: Asks,
        before: Option<PathBuf>,
        work: impl AsyncFnOnce(&mut Runner) -> aludel::Result<T>,
    ) -> CliResult<T> {
        let url = self.url()?;
        let protected = self.config_if_any()?.is_some_and(|it| it.protected);
        let guard = Guard {
            place: self.place(&url)?,
            asks: if protected { asks } else { Asks::Never },
            can_ask: self.can_ask(),
            backup: match before {
                Some(folder) => Some(Backup::new(self, url, folder)?),
                None => None,
            },
            stopped: RefCell::new(None),
        };
        let guard = Rc::new(guard);
        let done = self.run(Access::Write, history, options, async |runner| {
            if guard.asks != Asks::Never || guard.backup.is_some() {
                runner.ask_first(Guard::gate(guard.clone()));
            }
            work(runner).await
        });
        match guard.stopped.take() {
            Some(error) => Err(error),
            None => done,
        }
    }

    /// The database as a sentence names it: `"production" (postgres://host/db)`.
    pub(crate) fn place(&self, url: &DbUrl) -> CliResult<String> {
        Ok(match self.environment()? {
            Some(name) => format!("\"{name}\" ({url})"),
            None => url.to_string(),
        })
    }
}

impl Guard {
    fn gate(guard: Rc<Self>) -> Gate {
        Gate::new(move |coming| {
            let guard = guard.clone();
            Box::pin(async move {
                guard.decide(coming).await.map_err(|error| {
                    *guard.stopped.borrow_mut() = Some(error);
                    Error::Refused
                })
            })
        })
    }

    async fn decide(&self, coming: &Coming<'_>) -> CliResult<()> {
        let asks = match self.asks {
            Asks::Always => true,
            Asks::AboutLosses => coming.loses_data(),
            Asks::Never => false,
        };
        if asks {
            self.ask(coming).await?;
        }
        if let Some(backup) = &self.backup {
            let taken = backup.take(coming.current).await?;
            backup::tell(&taken);
        }
        Ok(())
    }

    async fn ask(&self, coming: &Coming<'_>) -> CliResult<()> {
        let listing = listing(coming);
        if !self.can_ask {
            return Err(CliError::Unasked {
                message: format!("{} is protected, and nobody can be asked", self.place),
                listing,
            });
        }
        report::tell(&format!(
            "This is to be run:\n{}",
            report::indent(&listing.join("\n"), "  ")
        ));
        let question = format!("Run this on {}?", self.place);
        // Signals are listened to meanwhile.
        let answer = tokio::task::spawn_blocking(move || report::confirm(&question)).await;
        match answer {
            Ok(true) => Ok(()),
            _ => Err(CliError::Declined),
        }
    }
}

/// What comes, a line each: the steps, what they do, and what becomes of the data.
fn listing(coming: &Coming<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if coming.purge {
        let rows: Vec<String> = coming.current.iter().map(ToString::to_string).collect();
        lines.push(match rows.as_slice() {
            [] => "empty the version table".to_string(),
            rows => format!(
                "empty the version table, which holds {}",
                report::list(rows)
            ),
        });
    }
    for it in &coming.steps {
        let message = match it.message.as_str() {
            "" => String::new(),
            message => format!(", {message}"),
        };
        lines.push(format!("{}{message}", it.step));
        for operation in &it.operations {
            let at = operation.at.as_ref();
            let at = at.map(|at| format!(" ({}:{})", report::path(at.file.as_ref()), at.line));
            lines.push(format!("  {}{}", operation.summary, at.unwrap_or_default()));
            match &operation.loss {
                Loss::None => {}
                Loss::Lost(what) => lines.push(format!("    {what}")),
                Loss::Unknown(why) => lines.push(format!("    ({why})")),
            }
        }
    }
    lines
}
