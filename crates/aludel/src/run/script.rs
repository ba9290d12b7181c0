//! Running into a script: the same plan, written as SQL text for somebody else to run.

use super::record::{Recording, record};
use super::state::State;
use super::version::VersionTable;
use super::{Options, Transaction};
use crate::dialect::{Dialect, refuse_in_script};
use crate::error::{Error, Failure, Left, Result};
use crate::history::History;
use crate::ops::Operation;
use crate::revision::{Direction, Plan, Point, RevisionId, Step, Target};
use std::sync::Arc;

/// The SQL that upgrades, downgrades or stamps a database, from the base or over a range `from:to`. No database is connected
/// to; on SQLite the statements are tried out in memory as they are written.
///
/// # Errors
/// [`Error::Graph`] for a target that is not there; [`Error::Revision`] naming the step that needs data; and for a downgrade
/// without a range, since a script cannot know where its database stands.
pub async fn script(
    history: &History,
    dialect: Arc<dyn Dialect>,
    direction: Direction,
    target: &Target,
    options: &Options,
) -> Result<String> {
    let (from, to) = ends(target);
    if direction == Direction::Down && from.is_none() {
        return Err("downgrade with --sql requires <fromrev>:<torev>".into());
    }
    let rows = resolve(history, from)?;
    let map = history.map();
    let plan = match direction {
        Direction::Up => map.upgrade_plan(&rows, &to)?,
        Direction::Down => map.downgrade_plan(&rows, &to)?,
        Direction::Stamp => map.stamp_plan(&rows, &[to], false)?,
    };
    write(history, dialect, plan, &rows, options).await
}

/// The SQL that creates the version table of a history.
///
/// # Errors
/// [`Error::Name`] if its name is impossible.
pub fn version_table_script(
    history: &History,
    dialect: &dyn Dialect,
    options: &Options,
) -> Result<String> {
    let version = VersionTable::new(dialect, &options.version_table, history.map())?;
    Ok(format!("{};\n", version.create_statement()))
}

/// The two ends of a target: a point alone starts from the base.
fn ends(target: &Target) -> (Option<Point>, Target) {
    match target {
        Target::Point(_) => (None, target.clone()),
        Target::Range(range) => {
            let head = || "head".parse().unwrap_or_else(|_| target.clone());
            let to = range.to.clone().map_or_else(head, Target::Point);
            (range.from.clone(), to)
        }
    }
}

/// The rows of a database that stands there.
fn resolve(history: &History, from: Option<Point>) -> Result<Vec<RevisionId>> {
    match from {
        None => Ok(Vec::new()),
        Some(point) => {
            let none: [&str; 0] = [];
            Ok(history.map().resolve(&Target::Point(point), &none)?)
        }
    }
}

struct Writer<'h> {
    history: &'h History,
    dialect: Arc<dyn Dialect>,
    version: VersionTable,
    state: State,
    out: String,
}

async fn write(
    history: &History,
    dialect: Arc<dyn Dialect>,
    plan: Plan,
    rows: &[RevisionId],
    options: &Options,
) -> Result<String> {
    let mut writer = Writer {
        history,
        version: VersionTable::new(&*dialect, &options.version_table, history.map())?,
        state: State::empty(dialect.clone()).await?,
        dialect,
        out: String::new(),
    };
    if plan.steps.iter().any(|it| it.direction != Direction::Stamp) {
        writer.replay(rows).await?;
    }
    let whole = options.transaction == Transaction::All;
    let mut work = Vec::new();
    for step in plan.steps {
        let recording = record(history, &*writer.dialect, &step)?;
        work.push((step, recording));
    }
    let rebuilds = work.iter().any(|(_, it)| it.rebuilds(&*writer.dialect));
    if whole {
        writer.open(true, rebuilds);
    }
    if rows.is_empty() {
        let create = writer.version.create_statement().to_string();
        writer.statement(&create);
    }
    for (step, recording) in work {
        writer.step(step, recording, whole).await?;
    }
    if whole {
        writer.close(true, rebuilds);
    }
    Ok(writer.out)
}

impl Writer<'_> {
    /// Brings the imagined database to where the script starts.
    async fn replay(&mut self, rows: &[RevisionId]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let create = self.version.create_statement().to_string();
        self.state
            .spell(&crate::ops::Execute { sql: create }.into())
            .await?;
        for (done, row) in rows.iter().enumerate() {
            // What the rows have in common is run with the first of them.
            let target = Target::from(row.clone());
            let plan = self.history.map().upgrade_plan(&rows[..done], &target)?;
            for step in plan.steps {
                for recorded in record(self.history, &*self.dialect, &step)?.operations {
                    if !matches!(recorded.operation, Operation::Run(_)) {
                        self.state.spell(&recorded.operation).await?;
                    }
                }
            }
        }
        Ok(())
    }

    fn statement(&mut self, sql: &str) {
        self.out += sql;
        self.out += ";\n\n";
    }

    fn open(&mut self, transaction: bool, rebuilds: bool) {
        let features = self.dialect.features().clone();
        if let Some((first, _)) = features.around_rebuild.filter(|_| rebuilds) {
            self.statement(first.trim_end_matches(';'));
        }
        if transaction && features.transactional_ddl {
            self.statement(features.begin);
        }
    }

    fn close(&mut self, transaction: bool, rebuilds: bool) {
        let features = self.dialect.features().clone();
        if transaction && features.transactional_ddl {
            self.statement("COMMIT");
        }
        if let Some((_, last)) = features.around_rebuild.filter(|_| rebuilds) {
            self.statement(last.trim_end_matches(';'));
        }
    }

    async fn step(&mut self, step: Step, recording: Recording, whole: bool) -> Result<()> {
        let rebuilds = recording.rebuilds(&*self.dialect);
        let transaction = recording.transaction;
        self.out += &format!("-- Running {step}\n\n");
        if !whole {
            self.open(transaction, rebuilds);
        }
        for recorded in recording.operations {
            let spelled = match refuse_in_script(&*self.dialect, &recorded.operation) {
                Ok(()) => self.state.spell(&recorded.operation).await,
                Err(refused) => Err(refused),
            };
            let statements = spelled.map_err(|source| {
                Error::Revision(Box::new(Failure {
                    revision: step.revision.clone(),
                    operation: Some(recorded.operation.summary()),
                    at: recorded.at.clone(),
                    statement: None,
                    left: Left::NotRun,
                    source,
                }))
            })?;
            for statement in statements {
                self.statement(&statement.sql);
            }
        }
        for op in &step.version_ops {
            let sql = self.version.statement(&*self.dialect, op)?;
            self.statement(&sql);
        }
        if !whole {
            self.close(transaction, rebuilds);
        }
        Ok(())
    }
}
