//! Running on a live database: transactions, operations in order, version rows, and an account of what failed.

use super::record::{Recording, record};
use super::{Runner, Transaction};
use crate::db::{Connection, LocalBoxFuture};
use crate::dialect::{Dialect, Needs, Scope};
use crate::error::{Error, Failure, Left, Result};
use crate::ops::{Backend, Db, Operation, Recorded};
use crate::revision::{Plan, RevisionId, Step, VersionOp};
use crate::schema::{QualifiedName, Schema, Table};
use crate::sql::Statement;
use std::sync::Arc;

impl Runner {
    /// Takes the steps of a plan. All of them are recorded before the first one runs, so that a revision that cannot even be
    /// read stops the run before anything has changed.
    pub(super) async fn carry_out(&mut self, plan: Plan) -> Result<Vec<Step>> {
        Self::warn(&plan);
        self.refuse_long_ids(&plan).await?;
        let mut work = Vec::new();
        for step in plan.steps {
            let recording = record(&self.history, &*self.dialect, &step)
                .map_err(|source| failure(&step.revision, None, None, source))?;
            work.push((step, recording));
        }
        match self.options.transaction {
            Transaction::PerRevision => self.one_by_one(work).await,
            Transaction::All => self.all_at_once(work).await,
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
            let rebuilds = recording.rebuilds(&*self.dialect);
            let transaction = recording.transaction;
            let outcome = self
                .framed(transaction, rebuilds, vec![(&step, recording)])
                .await;
            let left = match transaction && self.dialect.features().transactional_ddl {
                true => Left::Nothing,
                false => Left::Statements,
            };
            outcome.map_err(|source| account(&step.revision, left, source))?;
            done.push(step);
        }
        Ok(done)
    }

    async fn all_at_once(&mut self, work: Vec<(Step, Recording)>) -> Result<Vec<Step>> {
        if let Some((step, _)) = work.iter().find(|(_, recording)| !recording.transaction) {
            let reason = "it asks for no transaction, and one was asked for around the whole run";
            return Err(failure(&step.revision, None, None, reason.into()));
        }
        let rebuilds = work.iter().any(|(_, it)| it.rebuilds(&*self.dialect));
        let (steps, recordings): (Vec<Step>, Vec<Recording>) = work.into_iter().unzip();
        let work = steps.iter().zip(recordings).collect();
        match self.framed(true, rebuilds, work).await {
            Ok(()) => Ok(steps),
            // What fails at the end of the run is told of its last revision.
            Err(source) => match steps.last() {
                Some(last) => Err(account(&last.revision, Left::NothingOfTheRun, source)),
                None => Err(source),
            },
        }
    }

    /// Takes steps within one frame: foreign keys at rest where tables are rebuilt, a transaction around, and all of it
    /// settled whatever happens in between.
    async fn framed(
        &mut self,
        transaction: bool,
        rebuilds: bool,
        work: Vec<(&Step, Recording)>,
    ) -> Result<()> {
        let outcome = self.attempt(transaction, rebuilds, work).await;
        self.settle(transaction, rebuilds, outcome).await
    }

    async fn attempt(
        &mut self,
        transaction: bool,
        rebuilds: bool,
        work: Vec<(&Step, Recording)>,
    ) -> Result<()> {
        self.open(transaction, rebuilds).await?;
        let dangling = self.dangling(rebuilds).await?;
        for (step, recording) in work {
            self.take(step, recording).await?;
        }
        self.no_new_dangling(rebuilds, dangling).await
    }

    /// Tells of a step, runs its operations, and writes its version rows.
    async fn take(&mut self, step: &Step, recording: Recording) -> Result<()> {
        let message = self.history.map().get(step.revision.as_str());
        let message = message.map_or("", |it| it.doc.as_str());
        tracing::info!(target: "aludel::run", "Running {step}, {message}");
        for recorded in recording.operations {
            let summary = recorded.operation.summary();
            let at = recorded.at.clone();
            execute(&self.dialect, &mut self.db, recorded.operation)
                .await
                .map_err(|source| failure(&step.revision, Some(summary), at, source))?;
        }
        for op in &step.version_ops {
            self.version
                .write(&*self.dialect, self.db.connection(), op)
                .await
                .map_err(|source| failure(&step.revision, None, None, source))?;
        }
        Ok(())
    }

    async fn open(&mut self, transaction: bool, rebuilds: bool) -> Result<()> {
        let around = self.dialect.features().around_rebuild.filter(|_| rebuilds);
        let begin = self.dialect.features().begin;
        if let Some((first, _)) = around {
            self.db.connection().execute(first).await?;
        }
        if transaction {
            self.db.connection().execute(begin).await?;
        }
        Ok(())
    }

    /// Commits what went well, rolls back what did not, and restores the session either way.
    async fn settle(
        &mut self,
        transaction: bool,
        rebuilds: bool,
        outcome: Result<()>,
    ) -> Result<()> {
        let around = self.dialect.features().around_rebuild.filter(|_| rebuilds);
        let connection = self.db.connection();
        let mut outcome = outcome;
        if transaction {
            if outcome.is_ok() {
                let committed = connection.execute("COMMIT").await;
                outcome = committed.map(drop).map_err(Error::from);
            }
            if outcome.is_err() {
                // The first error is the one to tell; a lost connection has rolled back by itself.
                let _ = connection.execute("ROLLBACK").await;
            }
        }
        if let Some((_, last)) = around {
            let restored = connection.execute(last).await.map(drop);
            outcome = outcome.and(restored.map_err(Error::from));
        }
        outcome
    }

    async fn dangling(&mut self, rebuilds: bool) -> Result<Vec<(String, String, u64)>> {
        if !rebuilds {
            return Ok(Vec::new());
        }
        self.dialect.dangling(self.db.connection()).await
    }

    /// Foreign keys rested while tables were rebuilt: rows that refer to nothing must not be more than before.
    async fn no_new_dangling(
        &mut self,
        rebuilds: bool,
        before: Vec<(String, String, u64)>,
    ) -> Result<()> {
        for (table, parent, rows) in self.dangling(rebuilds).await? {
            let known = before.iter().find(|it| it.0 == table && it.1 == parent);
            if known.is_none_or(|it| it.2 < rows) {
                return Err(Error::ForeignKeys {
                    table,
                    parent,
                    rows,
                });
            }
        }
        Ok(())
    }

    /// Writes the version rows of a stamp, in one transaction.
    pub(super) async fn write_stamps(&mut self, plan: &Plan, purge: bool) -> Result<()> {
        Self::warn(plan);
        self.refuse_long_ids(plan).await?;
        let outcome = self.stamps(plan, purge).await;
        self.settle(true, false, outcome).await
    }

    async fn stamps(&mut self, plan: &Plan, purge: bool) -> Result<()> {
        self.open(true, false).await?;
        if purge {
            let sql = self.version.purge_statement();
            self.db.connection().execute(&sql).await?;
        }
        for step in &plan.steps {
            tracing::info!(target: "aludel::run", "Running {step}");
            for op in &step.version_ops {
                self.version
                    .write(&*self.dialect, self.db.connection(), op)
                    .await?;
            }
        }
        Ok(())
    }
}

/// A failed step with the place it failed at; one that has a place already keeps it.
fn failure(
    revision: &RevisionId,
    operation: Option<String>,
    at: Option<crate::ops::Location>,
    source: Error,
) -> Error {
    let (statement, source) = match source {
        Error::Statement { sql, source } => (Some(sql), Error::Database(source)),
        other => (None, other),
    };
    Error::Revision(Box::new(Failure {
        revision: revision.clone(),
        operation,
        at,
        statement,
        left: Left::NotRun,
        source,
    }))
}

/// Says what is left, in an error that may have come from any part of the step.
fn account(revision: &RevisionId, left: Left, error: Error) -> Error {
    let mut failed = match error {
        Error::Revision(failed) => failed,
        other => match failure(revision, None, None, other) {
            Error::Revision(failed) => failed,
            other => return other,
        },
    };
    failed.left = left;
    Error::Revision(failed)
}

/// What a [`Db`] asks of its runner.
pub(super) struct LiveBackend {
    dialect: Arc<dyn Dialect>,
}

impl LiveBackend {
    pub(super) fn new(dialect: Arc<dyn Dialect>) -> Self {
        Self { dialect }
    }
}

impl Backend for LiveBackend {
    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        table: &'a QualifiedName,
    ) -> LocalBoxFuture<'a, Result<Option<Table>>> {
        Box::pin(async move {
            let scope = Scope::Tables(vec![table.clone()]);
            let mut schema = self.dialect.inspect(connection, &scope).await?;
            Ok(schema.tables.remove(table))
        })
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut Connection,
        operations: Vec<Recorded>,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for recorded in operations {
                if matches!(recorded.operation, Operation::Run(_)) {
                    return Err("a step cannot record a step of its own: call the code".into());
                }
                run_statements(&self.dialect, connection, &recorded.operation).await?;
            }
            Ok(())
        })
    }
}

/// Runs one operation.
async fn execute(dialect: &Arc<dyn Dialect>, db: &mut Db, operation: Operation) -> Result<()> {
    match operation {
        Operation::Run(run) => (run.step)(db).await,
        operation => {
            run_statements(dialect, db.connection(), &operation).await?;
            Ok(())
        }
    }
}

/// Runs the statements of an operation, and answers them.
pub(super) async fn run_statements(
    dialect: &Arc<dyn Dialect>,
    connection: &mut Connection,
    operation: &Operation,
) -> Result<Vec<Statement>> {
    let before = look(dialect, connection, operation).await?;
    if let Some(reason) = crate::dialect::idle(&**dialect, operation, &before) {
        tracing::info!(target: "aludel::run", "{reason}");
        return Ok(Vec::new());
    }
    dialect.guard(connection, operation, &before).await?;
    let statements = dialect.statements(operation, &before)?;
    for statement in &statements {
        if let Err(source) = connection.execute(&statement.sql).await {
            let sql = statement.sql.clone();
            return Err(Error::Statement { sql, source });
        }
    }
    Ok(statements)
}

/// As much of the database as the dialect needs to spell an operation, as it is now.
async fn look(
    dialect: &Arc<dyn Dialect>,
    connection: &mut Connection,
    operation: &Operation,
) -> Result<Schema> {
    let scope = match crate::dialect::needs(&**dialect, operation) {
        Needs::Nothing => return Ok(Schema::default()),
        Needs::Tables(tables) => Scope::Tables(tables),
        Needs::Everything => Scope::Everything,
    };
    dialect.inspect(connection, &scope).await
}
