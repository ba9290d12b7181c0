//! Running on a live database: the steps of a plan, each in its frame, and an account of what failed.

use super::check::check;
use super::frame::{Around, Frame, State};
use super::ledger::{account, failure};
use super::record::{Recording, record};
use super::{Runner, Transaction};
use crate::error::Result;
use crate::revision::{Plan, RevisionId, Step, VersionOp};

impl Runner {
    /// Takes the steps of a plan. All of them are recorded before the first one runs, so that a revision that cannot even be
    /// read, or does not go with its transaction, stops the run before anything has changed.
    pub(super) async fn carry_out(&mut self, rows: &[RevisionId], plan: Plan) -> Result<Vec<Step>> {
        Self::warn(&plan);
        self.refuse_long_ids(&plan).await?;
        let whole = self.options.transaction == Transaction::All;
        let mut work = Vec::new();
        for step in plan.steps {
            let recording = self.recorded(&step, whole)?;
            work.push((step, recording));
        }
        self.pass(rows, &work).await?;
        match whole {
            false => self.one_by_one(work).await,
            true => self.all_at_once(work).await,
        }
    }

    fn recorded(&self, step: &Step, whole: bool) -> Result<Recording> {
        let recording = record(&self.history, &*self.dialect, step)
            .map_err(|source| failure(step, None, None, source))?;
        match check(&*self.dialect, &recording, whole) {
            Ok(()) => Ok(recording),
            Err((at_fault, source)) => {
                let summary = at_fault.map(|it| it.operation.summary());
                let at = at_fault.and_then(|it| it.at.clone());
                Err(failure(step, summary, at, source))
            }
        }
    }

    async fn refuse_long_ids(&mut self, plan: &Plan) -> Result<()> {
        let written = plan.steps.iter().flat_map(|step| &step.version_ops);
        let written = written.filter_map(|op| match op {
            VersionOp::Insert(id) | VersionOp::Update { to: id, .. } => Some(id),
            VersionOp::Delete(_) => None,
        });
        self.refuse_without_room(written).await
    }

    /// Refuses identifiers for which the version table has no room.
    pub(super) async fn refuse_without_room(
        &mut self,
        ids: impl IntoIterator<Item = &RevisionId>,
    ) -> Result<()> {
        let connection = self.db.connection();
        self.version
            .refuse_long_ids(&*self.dialect, connection, ids)
            .await
    }

    async fn one_by_one(&mut self, work: Vec<(Step, Recording)>) -> Result<Vec<Step>> {
        let mut done = Vec::new();
        for (step, recording) in work {
            let around = match recording.transaction {
                true => Around::Revision,
                false => Around::VersionRows,
            };
            self.tell(&step);
            let rebuilds = recording.rebuilds(&*self.dialect);
            let mut frame = self.frame(around, rebuilds);
            let outcome = match frame.enter().await {
                Ok(()) => frame.step(&step, recording).await,
                Err(error) => Err(error),
            };
            if let Err(source) = frame.settle(outcome).await {
                return Err(account(&step, frame.left(), source));
            }
            done.push(step);
        }
        Ok(done)
    }

    async fn all_at_once(&mut self, work: Vec<(Step, Recording)>) -> Result<Vec<Step>> {
        let rebuilds = work.iter().any(|(_, it)| it.rebuilds(&*self.dialect));
        let (steps, recordings): (Vec<Step>, Vec<Recording>) = work.into_iter().unzip();
        let messages: Vec<String> = steps.iter().map(|step| self.message(step)).collect();
        let mut frame = self.frame(Around::Run, rebuilds);
        let mut outcome = frame.enter().await;
        for (at, recording) in recordings.into_iter().enumerate() {
            if outcome.is_ok() {
                tell(&steps[at], &messages[at]);
                outcome = frame.step(&steps[at], recording).await;
            }
        }
        match (frame.settle(outcome).await, steps.last()) {
            // What fails at the end of the run is told of its last revision.
            (Err(source), Some(last)) => Err(account(last, frame.left(), source)),
            (Err(source), None) => Err(source),
            (Ok(()), _) => Ok(steps),
        }
    }

    fn frame(&mut self, around: Around, rebuilds: bool) -> Frame<'_> {
        Frame {
            db: &mut self.db,
            dialect: &*self.dialect,
            version: &self.version,
            around,
            rebuilds,
            state: State::default(),
        }
    }

    pub(super) fn message(&self, step: &Step) -> String {
        let revision = self.history.map().get(step.revision.as_str());
        revision.map(|it| it.doc.clone()).unwrap_or_default()
    }

    fn tell(&self, step: &Step) {
        tell(step, &self.message(step));
    }

    /// Writes the version rows of a stamp, in one transaction.
    pub(super) async fn write_stamps(&mut self, plan: &Plan, purge: bool) -> Result<()> {
        Self::warn(plan);
        self.refuse_long_ids(plan).await?;
        let mut frame = self.frame(Around::Run, false);
        let outcome = stamp(&mut frame, plan, purge).await;
        frame.settle(outcome).await
    }
}

async fn stamp(frame: &mut Frame<'_>, plan: &Plan, purge: bool) -> Result<()> {
    if purge {
        frame.purge().await?;
    }
    for step in &plan.steps {
        tracing::info!(target: "aludel::run", "Running {step}");
        frame.version_rows(step).await?;
    }
    Ok(())
}

fn tell(step: &Step, message: &str) {
    tracing::info!(target: "aludel::run", "Running {step}, {message}");
}
