//! A step that must see data.

use super::{Db, Location, Op, Operations, code};
use crate::db::LocalBoxFuture;
use crate::error::{Error, Result};
use crate::schema::Schema;
use crate::sql::{Spell, Statement};

/// The code of a step: it is called once, and its future stays on its thread.
pub type Step = Box<dyn for<'a> FnOnce(&'a mut Db) -> LocalBoxFuture<'a, Result<()>>>;

/// Runs code in the revision's transaction, in its place among the other operations.
pub struct Run {
    /// What it does, for people.
    pub name: String,
    /// The code.
    pub step: Step,
    /// What a script says in its place, a text each, of one statement or several; none if it is not known, so that there can
    /// be no script.
    pub offline: Option<Vec<String>>,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("name", &self.name)
            .field("offline", &self.offline)
            .finish_non_exhaustive()
    }
}

impl Op for Run {
    fn summary(&self) -> String {
        format!("run \"{}\"", self.name)
    }

    /// What code does to a schema cannot be known: nothing changes here.
    fn apply(&self, _: &mut Schema) -> Result<()> {
        Ok(())
    }

    /// What a script says in its place.
    fn sql(&self, _: &dyn Spell) -> Result<Vec<Statement>> {
        let Some(offline) = &self.offline else {
            return Err(Error::Offline {
                step: self.name.clone(),
            });
        };
        Ok(offline.iter().map(|it| it.as_str().into()).collect())
    }

    fn rust(&self) -> String {
        let mut said = format!("op.run({}, async |_db| Ok(()))", code::string(&self.name));
        match self.offline.as_deref() {
            None => {}
            Some([]) => said += ".offline_nothing()",
            Some(texts) => {
                for text in texts {
                    said += &format!(".offline({})", code::string(text));
                }
            }
        }
        said + ";"
    }
}

/// A step that is still being said: it is recorded when the statement ends.
#[derive(Debug)]
pub struct PendingRun<'op> {
    recorder: &'op mut Operations,
    run: Option<Run>,
    at: Location,
}

impl PendingRun<'_> {
    /// What a script (`--sql`) says in place of the code: SQL text of one statement or several, each call another one. It has to
    /// come to the same as the code; a run on a database takes no notice of it.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.run("fill the initials", async |db| {
    ///     for row in db.fetch("SELECT id, name FROM patients").await? {
    ///         let initial: String = row.get::<String>("name")?.chars().take(1).collect();
    ///         db.execute_with("UPDATE patients SET initial = ? WHERE id = ?", (initial, row.get::<i32>("id")?)).await?;
    ///     }
    ///     Ok(())
    /// })
    /// .offline("UPDATE patients SET initial = substr(name, 1, 1)");
    /// ```
    pub fn offline(mut self, sql: impl Into<String>) -> Self {
        if let Some(run) = &mut self.run {
            run.offline.get_or_insert_default().push(sql.into());
        }
        self
    }

    /// A script says nothing in place of the code: what it does is of no importance to a database that a script is for.
    pub fn offline_nothing(mut self) -> Self {
        if let Some(run) = &mut self.run {
            run.offline.get_or_insert_default();
        }
        self
    }
}

impl Drop for PendingRun<'_> {
    fn drop(&mut self) {
        if let Some(run) = self.run.take() {
            self.recorder.record_at(run, self.at.clone());
        }
    }
}

impl Operations {
    /// A step that sees data: it runs in the revision's transaction, after the operations before it and before those
    /// behind it. A script has no data: it refuses the step by name, unless [`PendingRun::offline`] says what stands there in
    /// its place.
    ///
    /// ```
    /// use aludel::prelude::*;
    ///
    /// pub fn upgrade(op: &mut Operations) {
    ///     op.run("split name", async |db| {
    ///         for row in db.fetch("SELECT id, name FROM patients").await? {
    ///             let name: String = row.get("name")?;
    ///             let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
    ///             db.execute_with(
    ///                 "UPDATE patients SET first_name = ?, last_name = ? WHERE id = ?",
    ///                 (first, last, row.get::<i32>("id")?),
    ///             )
    ///             .await?;
    ///         }
    ///         Ok(())
    ///     });
    /// }
    /// ```
    #[doc = include_str!("sql/run.md")]
    #[track_caller]
    pub fn run<F>(&mut self, name: impl Into<String>, step: F) -> PendingRun<'_>
    where
        F: AsyncFnOnce(&mut Db) -> Result<()> + 'static,
    {
        let caller = std::panic::Location::caller();
        PendingRun {
            run: Some(Run {
                name: name.into(),
                step: Box::new(move |db| Box::pin(async move { step(db).await })),
                offline: None,
            }),
            at: Location {
                file: caller.file().to_string(),
                line: caller.line(),
            },
            recorder: self,
        }
    }
}
