//! Running on a live database: the steps of a plan, each in its frame, and an account of what failed.

use super::attempts::Attempts;
use super::check::check;
use super::frame::{Around, Frame, State};
use super::ledger::{account, failure};
use super::log::Note;
use super::record::{Recording, record};
use super::{Runner, Transaction};
use crate::error::{Error, Result};
use crate::revision::{Direction, Plan, RevisionId, RevisionMap, Step, Target, VersionOp};

/// How a part of a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Come {
    /// It did what it was to do.
    Through,
    /// Somebody else has changed the version rows since the plan was made. Nothing of the next step was run.
    Between,
}

impl Runner {
    /// Takes the steps of the plan that leads from where the database stands to where it is to be. Where nothing is to be done, nothing
    /// is waited for; else this runner takes its turn and looks again.
    pub(super) async fn reach(
        &mut self,
        direction: Direction,
        plan: impl Fn(&RevisionMap, &[RevisionId]) -> Result<Plan>,
    ) -> Result<Vec<Step>> {
        self.announce();
        if self.look_for_tables().await?.version {
            let rows = self.version.rows(self.db.connection()).await?;
            let plan = plan(self.history.map(), &rows)?;
            if plan.is_empty() {
                self.ask_log(direction, &rows, &plan).await?;
                return Ok(Vec::new());
            }
        }
        self.in_turn(async |runner| {
            runner.make_tables().await?;
            let mut done = Vec::new();
            loop {
                let rows = runner.version.rows(runner.db.connection()).await?;
                let plan = plan(runner.history.map(), &rows)?;
                runner.ask_log(direction, &rows, &plan).await?;
                let expected = plan.steps.iter().fold(rows.clone(), after);
                if runner.carry_out(plan, rows, &mut done).await? == Come::Through {
                    runner.has_reached(expected).await?;
                    return Ok(done);
                }
            }
        })
        .await
    }

    /// Whether the database says what the run was to reach: nothing is taken for granted.
    async fn has_reached(&mut self, expected: Vec<RevisionId>) -> Result<()> {
        let found = self.version.rows(self.db.connection()).await?;
        match found == expected {
            true => Ok(()),
            false => Err(Error::NotReached { expected, found }),
        }
    }

    /// Takes the steps of a plan. All of them are recorded before the first one runs, so that a revision that cannot even be
    /// read, or does not go with its transaction, stops the run before anything has changed.
    async fn carry_out(
        &mut self,
        plan: Plan,
        rows: Vec<RevisionId>,
        done: &mut Vec<Step>,
    ) -> Result<Come> {
        Self::warn(&plan);
        self.refuse_long_ids(&plan).await?;
        let whole = self.options.transaction == Transaction::All;
        let mut work = Vec::new();
        for step in plan.steps {
            let recording = self.recorded(&step, whole)?;
            self.fits(&step, &recording, whole)?;
            work.push((step, recording));
        }
        self.pass(&rows, &work).await?;
        match whole {
            false => self.one_by_one(work, rows, done).await,
            true => self.all_at_once(work, rows, done).await,
        }
    }

    /// Refuses a step that an earlier run has begun and that is another one now.
    fn fits(&self, step: &Step, recording: &Recording, whole: bool) -> Result<()> {
        let Some(begun) = self.unfinished.get(&step.revision) else {
            return Ok(());
        };
        if whole {
            let direction = begun.direction();
            let revision = step.revision.clone();
            return Err(Error::HalfDone {
                revision,
                direction,
            });
        }
        let fits = begun.progress.fits(&recording.operations);
        fits.map_err(|source| failure(step, None, None, source))
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

    async fn one_by_one(
        &mut self,
        work: Vec<(Step, Recording)>,
        mut rows: Vec<RevisionId>,
        done: &mut Vec<Step>,
    ) -> Result<Come> {
        for (step, recording) in work {
            self.stop.check()?;
            let mut recording = Some(recording);
            let mut attempts = Attempts::new(&self.options.busy);
            self.note = self.note_of(&step);
            loop {
                let recording = match recording.take() {
                    Some(recording) => recording,
                    None => self.recorded(&step, false)?,
                };
                match self.one(&step, recording, &rows).await {
                    Ok(Come::Through) => break,
                    Ok(Come::Between) => return Ok(Come::Between),
                    Err(error) => self.come_again(&mut attempts, error).await?,
                }
            }
            rows = after(rows, &step);
            done.push(step);
        }
        Ok(Come::Through)
    }

    /// Waits until what failed may be tried again. What is not is told in the log.
    async fn come_again(&mut self, attempts: &mut Attempts, error: Error) -> Result<()> {
        let again = attempts.after(&*self.dialect, error).await;
        if let Err(error) = &again {
            self.log_failed(error).await;
        }
        again
    }

    async fn one(
        &mut self,
        step: &Step,
        recording: Recording,
        rows: &[RevisionId],
    ) -> Result<Come> {
        let around = match recording.transaction {
            true => Around::Revision,
            false => Around::VersionRows,
        };
        let message = self.message(step);
        let rebuilds = recording.rebuilds(&*self.dialect);
        let begun = self.unfinished.remove(&step.revision);
        let mut frame = self.frame(around, rebuilds);
        let outcome = match frame.enter(rows).await {
            Ok(false) => {
                frame.leave().await?;
                return Ok(Come::Between);
            }
            Ok(true) => {
                tell(step, &message);
                frame.step_from(step, recording, begun).await
            }
            Err(error) => Err(error),
        };
        match frame.settle(outcome).await {
            Ok(()) => Ok(Come::Through),
            Err(error @ Error::Locked { .. }) => Err(error),
            Err(source) => {
                let left = frame.left();
                Err(self.stopped(account(step, left, source)))
            }
        }
    }

    /// An error that there is because the run was stopped says so.
    fn stopped(&self, error: Error) -> Error {
        match error {
            Error::Revision(mut failed)
                if self.stop.is_stopped()
                    && matches!(failed.source, Error::Database(_) | Error::Statement { .. }) =>
            {
                failed.source = Error::Stopped;
                Error::Revision(failed)
            }
            error => error,
        }
    }

    async fn all_at_once(
        &mut self,
        work: Vec<(Step, Recording)>,
        rows: Vec<RevisionId>,
        done: &mut Vec<Step>,
    ) -> Result<Come> {
        let mut work = Some(work);
        let mut attempts = Attempts::new(&self.options.busy);
        let Some(steps) = work
            .as_ref()
            .map(|it| it.iter().map(|(step, _)| step.clone()).collect::<Vec<_>>())
        else {
            return Ok(Come::Through);
        };
        loop {
            let recordings = match work.take() {
                Some(work) => work.into_iter().map(|(_, it)| it).collect(),
                None => steps
                    .iter()
                    .map(|step| self.recorded(step, true))
                    .collect::<Result<Vec<_>>>()?,
            };
            match self.all(&steps, recordings, &rows).await {
                Ok(Come::Through) => break,
                Ok(Come::Between) => return Ok(Come::Between),
                Err(error) => self.come_again(&mut attempts, error).await?,
            }
        }
        done.extend(steps);
        Ok(Come::Through)
    }

    async fn all(
        &mut self,
        steps: &[Step],
        recordings: Vec<Recording>,
        rows: &[RevisionId],
    ) -> Result<Come> {
        let Some(last) = steps.last() else {
            return Ok(Come::Through);
        };
        let rebuilds = recordings.iter().any(|it| it.rebuilds(&*self.dialect));
        let messages: Vec<String> = steps.iter().map(|step| self.message(step)).collect();
        let notes: Vec<Option<Note>> = steps.iter().map(|step| self.note_of(step)).collect();
        self.note = None;
        let mut frame = self.frame(Around::Run, rebuilds);
        let mut outcome = match frame.enter(rows).await {
            Ok(false) => {
                frame.leave().await?;
                return Ok(Come::Between);
            }
            Ok(true) => Ok(()),
            Err(error) => Err(error),
        };
        for (at, (recording, note)) in recordings.into_iter().zip(notes).enumerate() {
            if outcome.is_ok() {
                tell(&steps[at], &messages[at]);
                *frame.note = note.map(Note::begun);
                outcome = frame.step(&steps[at], recording).await;
            }
        }
        match frame.settle(outcome).await {
            Ok(()) => Ok(Come::Through),
            Err(error @ Error::Locked { .. }) => Err(error),
            // What fails at the end of the run is told of its last revision.
            Err(source) => {
                let left = frame.left();
                Err(self.stopped(account(last, left, source)))
            }
        }
    }

    pub(super) fn frame(&mut self, around: Around, rebuilds: bool) -> Frame<'_> {
        Frame {
            db: &mut self.db,
            dialect: &*self.dialect,
            version: &self.version,
            log: Some(&self.log).filter(|_| self.options.log),
            note: &mut self.note,
            around,
            rebuilds,
            patience: self.options.turns.patience,
            busy: self.options.busy,
            stop: self.stop.clone(),
            state: State::default(),
        }
    }

    /// What the log is to say of a step, if there is a log.
    fn note_of(&self, step: &Step) -> Option<Note> {
        let log = self.options.log;
        log.then(|| Note::of(&self.history, &*self.dialect, step))
    }

    pub(super) fn message(&self, step: &Step) -> String {
        let revision = self.history.map().get(step.revision.as_str());
        revision.map(|it| it.doc.clone()).unwrap_or_default()
    }

    /// Writes the version rows of a stamp, in one transaction.
    pub(super) async fn write_stamps(
        &mut self,
        targets: &[Target],
        purge: bool,
    ) -> Result<Vec<Step>> {
        loop {
            let rows = self.version.rows(self.db.connection()).await?;
            let plan = self.history.map().stamp_plan(&rows, targets, purge)?;
            Self::warn(&plan);
            self.refuse_long_ids(&plan).await?;
            self.pass_stamp(&rows, &plan, purge).await?;
            let notes = self.stamp_notes(&rows, &plan, purge)?;
            self.note = None;
            let mut frame = self.frame(Around::Run, false);
            let outcome = match frame.enter(&rows).await {
                Ok(false) => {
                    frame.leave().await?;
                    continue;
                }
                Ok(true) => stamp(&mut frame, &plan, purge, &notes).await,
                Err(error) => Err(error),
            };
            frame.settle(outcome).await?;
            return Ok(plan.steps);
        }
    }
}

async fn stamp(frame: &mut Frame<'_>, plan: &Plan, purge: bool, notes: &[Note]) -> Result<()> {
    if purge {
        frame.purge().await?;
    }
    for step in &plan.steps {
        tracing::info!(target: "aludel::run", "Running {step}");
        frame.version_rows(step).await?;
    }
    frame.log_stamped(notes).await
}

fn tell(step: &Step, message: &str) {
    tracing::info!(target: "aludel::run", "Running {step}, {message}");
}

/// The version rows after a step, sorted.
fn after(mut rows: Vec<RevisionId>, step: &Step) -> Vec<RevisionId> {
    for op in &step.version_ops {
        match op {
            VersionOp::Insert(id) => rows.push(id.clone()),
            VersionOp::Delete(id) => rows.retain(|it| it != id),
            VersionOp::Update { from, to } => {
                rows.retain(|it| it != from);
                rows.push(to.clone());
            }
        }
    }
    rows.sort();
    rows
}
