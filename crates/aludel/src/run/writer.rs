//! Writing a script: each step in its frame, as a live run has it.

use super::check::{check, outside, shortened};
use super::frame::Around;
use super::ledger::failure;
use super::record::{Recording, record};
use super::state::State;
use super::version::VersionTable;
use super::{Options, Transaction};
use crate::dialect::{Dialect, Needs, needs, refuse_in_script};
use crate::error::{Error, Result, TransactionError};
use crate::history::History;
use crate::ops::{Execute, Operation};
use crate::revision::{Plan, RevisionId, Step, Target};
use crate::sql::{Statement, terminated};
use std::sync::Arc;

struct Writer<'h> {
    history: &'h History,
    dialect: Arc<dyn Dialect>,
    version: VersionTable,
    state: State,
    around: Around,
    /// Whether a transaction is open at this place of the script.
    open: bool,
    /// Whether a statement outside the transaction may have changed a setting of the session.
    unsettled: bool,
    /// Whether names without a schema are looked for elsewhere than before.
    moved: bool,
    out: String,
}

/// The script of a plan, for a database whose version table has these rows.
pub(super) async fn write(
    history: &History,
    dialect: Arc<dyn Dialect>,
    plan: Plan,
    rows: &[RevisionId],
    options: &Options,
) -> Result<String> {
    let whole = options.transaction == Transaction::All;
    let mut work = Vec::new();
    for step in plan.steps {
        let recording = record(history, &*dialect, &step)?;
        refuse(&*dialect, &step, &recording, whole)?;
        work.push((step, recording));
    }
    let mut writer = Writer {
        history,
        version: VersionTable::new(&*dialect, &options.version_table, history.map())?,
        state: State::unneeded(dialect.clone()),
        dialect,
        around: Around::Run,
        open: false,
        unsettled: false,
        moved: false,
        out: String::new(),
    };
    let mut operations = work.iter().flat_map(|(_, it)| &it.operations);
    if operations.any(|it| needs(&*writer.dialect, &it.operation) != Needs::Nothing) {
        writer.imagine(rows).await?;
    }
    let rebuilds = work.iter().any(|(_, it)| it.rebuilds(&*writer.dialect));
    for statement in writer.dialect.script_start() {
        writer.statement(statement)?;
    }
    if whole {
        writer.enter(rebuilds)?;
        writer.begin()?;
    }
    if rows.is_empty() {
        let create = writer.version.create_statement().to_string();
        writer.statement(&create)?;
    }
    for (step, recording) in work {
        writer.comment(&format!("Running {step}"));
        if whole {
            writer.step(&step, recording).await?;
            continue;
        }
        let rebuilds = recording.rebuilds(&*writer.dialect);
        writer.around = match recording.transaction {
            true => Around::Revision,
            false => Around::VersionRows,
        };
        writer.enter(rebuilds)?;
        writer.step(&step, recording).await?;
        writer.leave(rebuilds)?;
    }
    if whole {
        writer.leave(rebuilds)?;
    }
    Ok(writer.out)
}

fn refuse(dialect: &dyn Dialect, step: &Step, recording: &Recording, whole: bool) -> Result<()> {
    check(dialect, recording, whole).map_err(|(at_fault, source)| {
        let summary = at_fault.map(|it| it.operation.summary());
        let at = at_fault.and_then(|it| it.at.clone());
        failure(step, summary, at, source)
    })
}

impl Writer<'_> {
    /// Imagines the database as it is where the script starts.
    async fn imagine(&mut self, rows: &[RevisionId]) -> Result<()> {
        self.state = State::empty(self.dialect.clone()).await?;
        let sql = self.version.create_statement().to_string();
        self.state.spell(&Execute { sql }.into()).await?;
        for (done, row) in rows.iter().enumerate() {
            // What the rows have in common is run with the first of them.
            let target = Target::from(row.clone());
            let plan = self.history.map().upgrade_plan(&rows[..done], &target)?;
            for step in plan.steps {
                for recorded in record(self.history, &*self.dialect, &step)?.operations {
                    let operation = recorded.operation;
                    // What was run there had its data.
                    let is_unknown =
                        matches!(&operation, Operation::Run(it) if it.offline.is_none());
                    if !is_unknown {
                        let spelled = self.state.spell(&operation).await;
                        let at = recorded.at;
                        spelled.map_err(|source| {
                            failure(&step, Some(operation.summary()), at, source)
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, recording: Recording) -> Result<()> {
        for recorded in recording.operations {
            let operation = recorded.operation;
            let written = self.operation(&operation).await;
            written
                .map_err(|source| failure(step, Some(operation.summary()), recorded.at, source))?;
        }
        // A row alone is written whole or not at all, with or without a transaction.
        let framed = self.around != Around::VersionRows || step.version_ops.len() > 1;
        if framed && !step.version_ops.is_empty() {
            self.begin()?;
        }
        let around = self.dialect.features().around_move;
        if let Some((_, back)) = around.filter(|_| std::mem::take(&mut self.moved)) {
            self.statement(back)?;
        }
        for op in &step.version_ops {
            let sql = self.version.statement(&*self.dialect, op)?;
            self.statement(&sql)?;
        }
        Ok(())
    }

    async fn operation(&mut self, operation: &Operation) -> Result<()> {
        refuse_in_script(&*self.dialect, operation)?;
        let statements = self.state.spell(operation).await?;
        if matches!(operation, Operation::Run(_)) {
            self.comment(&operation.summary());
            for statement in &statements {
                self.refuse_control(statement)?;
            }
        }
        for statement in &statements {
            match (self.around, statement.in_transaction) {
                (Around::VersionRows, _) => {}
                (_, true) => self.begin()?,
                (Around::Run, false) => return Err(outside(&*self.dialect, &statement.sql)),
                (Around::Revision, false) => {
                    self.commit()?;
                    self.unsettled = true;
                }
            }
            if self.dialect.moves(&statement.sql) {
                self.keep_place()?;
            }
            self.statement(&statement.sql)?;
        }
        Ok(())
    }

    /// Has the session remember where names without a schema are looked for, before that changes.
    fn keep_place(&mut self) -> Result<()> {
        let around = self.dialect.features().around_move;
        match around.filter(|_| !std::mem::replace(&mut self.moved, true)) {
            Some((keep, _)) => self.statement(keep),
            None => Ok(()),
        }
    }

    /// What a step says for the script is no place for transactions either.
    fn refuse_control(&self, statement: &Statement) -> Result<()> {
        match self.dialect.bearing(&statement.sql).is_control() {
            true => Err(TransactionError::Control {
                statement: shortened(&statement.sql),
            }
            .into()),
            false => Ok(()),
        }
    }

    fn enter(&mut self, rebuilds: bool) -> Result<()> {
        let around = self.dialect.features().around_rebuild;
        match around.filter(|_| rebuilds) {
            Some((first, _)) => self.statement(first),
            None => Ok(()),
        }
    }

    fn leave(&mut self, rebuilds: bool) -> Result<()> {
        self.commit()?;
        let unsettled = std::mem::take(&mut self.unsettled);
        let around = self.dialect.features().around_rebuild;
        match around.filter(|_| rebuilds || unsettled) {
            Some((_, last)) => self.statement(last),
            None => Ok(()),
        }
    }

    /// Opens a transaction, unless one is open or definitions would end it.
    fn begin(&mut self) -> Result<()> {
        let features = self.dialect.features();
        if self.open || !features.transactional_ddl {
            return Ok(());
        }
        let begin = features.begin;
        self.open = true;
        self.statement(begin)
    }

    fn commit(&mut self) -> Result<()> {
        match std::mem::take(&mut self.open) {
            true => self.statement("COMMIT"),
            false => Ok(()),
        }
    }

    /// A comment of one line, whatever is in the text.
    fn comment(&mut self, text: &str) {
        let line = text.replace(char::is_control, " ");
        self.out += &format!("-- {line}\n\n");
    }

    fn statement(&mut self, sql: &str) -> Result<()> {
        let text = terminated(sql, self.dialect.flavor());
        self.out += &text.map_err(|error| Error::from(error.to_string()))?;
        self.out += "\n\n";
        Ok(())
    }
}
