//! A gate before the first step of a run: whoever embeds the library decides there whether the run may begin, under the very plan that
//! then runs. The library itself asks nobody.

use super::Runner;
use super::record::Recording;
use crate::db::LocalBoxFuture;
use crate::dialect::Scope;
use crate::error::Result;
use crate::lint::{Loss, Losses};
use crate::ops::{Location, Operation};
use crate::revision::{Plan, RevisionId, Step};
use crate::schema::{Object, QualifiedName, Schema};
use std::future::poll_fn;
use std::task::Poll;

/// What a run is about to do.
#[derive(Debug)]
#[non_exhaustive]
pub struct Coming<'r> {
    /// The rows of the version table.
    pub current: &'r [RevisionId],
    /// Whether these rows are deleted first, whatever they hold.
    pub purge: bool,
    /// The steps, in order; there is one unless `purge` is true.
    pub steps: Vec<ComingStep<'r>>,
}

/// A step of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ComingStep<'r> {
    /// The step.
    pub step: &'r Step,
    /// The message of its revision.
    pub message: String,
    /// What it does; nothing, if it only writes version rows.
    pub operations: Vec<ComingOperation>,
}

/// An operation of a step.
#[derive(Debug)]
#[non_exhaustive]
pub struct ComingOperation {
    /// In a few words: `drop column patients.email`.
    pub summary: String,
    /// The place that recorded it, unless a program made it.
    pub at: Option<Location>,
    /// What becomes of the data that is there now.
    pub loss: Loss,
}

impl Coming<'_> {
    /// Whether data goes, or may go.
    pub fn loses_data(&self) -> bool {
        let mut operations = self.steps.iter().flat_map(|it| &it.operations);
        operations.any(|it| it.loss.is_lost())
    }
}

type Decide = dyn for<'a> FnMut(&'a Coming<'a>) -> LocalBoxFuture<'a, Result<()>>;

/// Decides whether a run may begin: see [`Runner::ask_first`].
///
/// ```
/// use aludel::Error;
/// use aludel::run::Gate;
///
/// let careful = Gate::new(|coming| {
///     let loses = coming.loses_data();
///     Box::pin(async move { if loses { Err(Error::Refused) } else { Ok(()) } })
/// });
/// ```
pub struct Gate(Box<Decide>);

impl Gate {
    /// A gate that lets a run begin if this answers `Ok`. Otherwise nothing is run, and the run answers the error.
    pub fn new(
        decide: impl for<'a> FnMut(&'a Coming<'a>) -> LocalBoxFuture<'a, Result<()>> + 'static,
    ) -> Self {
        Self(Box::new(decide))
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

impl Runner {
    /// Asks a gate before the first step of each run from now on: when the plan is made and all of it is recorded, and before anything of
    /// it runs. It is not asked where there is nothing to do.
    pub fn ask_first(&mut self, gate: Gate) {
        self.gate = Some(gate);
    }

    /// Asks the gate about a run.
    pub(super) async fn pass(
        &mut self,
        rows: &[RevisionId],
        work: &[(Step, Recording)],
    ) -> Result<()> {
        if self.gate.is_none() || work.is_empty() {
            return Ok(());
        }
        let before = self.what_is_there(work).await?;
        let mut losses = Losses::new(before, self.dialect.flavor());
        let mut steps = Vec::new();
        for (step, recording) in work {
            let mut operations = Vec::new();
            for recorded in &recording.operations {
                let operation = &recorded.operation;
                operations.push(ComingOperation {
                    summary: operation.summary(),
                    at: recorded.at.clone(),
                    loss: losses.of(operation),
                });
            }
            steps.push(ComingStep {
                step,
                message: self.message(step),
                operations,
            });
        }
        let purge = false;
        self.ask(Coming {
            current: rows,
            purge,
            steps,
        })
        .await
    }

    /// Asks the gate about a stamp.
    pub(super) async fn pass_stamp(
        &mut self,
        rows: &[RevisionId],
        plan: &Plan,
        purge: bool,
    ) -> Result<()> {
        let steps = plan.steps.iter().map(|step| ComingStep {
            step,
            message: self.message(step),
            operations: Vec::new(),
        });
        let steps: Vec<_> = steps.collect();
        if steps.is_empty() && !purge {
            return Ok(());
        }
        self.ask(Coming {
            current: rows,
            purge,
            steps,
        })
        .await
    }

    async fn ask(&mut self, coming: Coming<'_>) -> Result<()> {
        let Some(Gate(decide)) = &mut self.gate else {
            return Ok(());
        };
        let mut decided = decide(&coming);
        // Whoever stops the run while somebody thinks about it does not wait for the answer.
        let stop = self.stop.clone();
        poll_fn(|context| match stop.check() {
            Ok(()) => decided.as_mut().poll(context),
            Err(stopped) => Poll::Ready(Err(stopped)),
        })
        .await
    }

    /// The tables that the operations change, as they are now.
    async fn what_is_there(&mut self, work: &[(Step, Recording)]) -> Result<Schema> {
        let recorded = work.iter().flat_map(|(_, it)| &it.operations);
        let mut tables: Vec<QualifiedName> = Vec::new();
        for table in recorded.filter_map(|it| changed(&it.operation)) {
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        if tables.is_empty() {
            return Ok(Schema::default());
        }
        let scope = Scope::Tables(tables);
        self.dialect.inspect(self.db.connection(), &scope).await
    }
}

/// The table that an operation takes something from, or gives another name.
fn changed(operation: &Operation) -> Option<QualifiedName> {
    Some(match operation {
        Operation::DropTable(it) => it.table.clone(),
        Operation::DropColumn(it) => it.table.clone(),
        Operation::AlterColumn(it) => it.table.clone(),
        Operation::RenameTable(it) => it.table.clone(),
        Operation::SetSchema(it) => match &it.object {
            Object::Table(table) => table.clone(),
            _ => return None,
        },
        _ => return None,
    })
}
