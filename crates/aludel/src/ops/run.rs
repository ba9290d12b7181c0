//! A step that must see data.

use super::{Db, Op, Operations, code};
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
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("name", &self.name).finish()
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

    fn sql(&self, _: &dyn Spell) -> Result<Vec<Statement>> {
        Err(Error::Offline {
            step: self.name.clone(),
        })
    }

    fn rust(&self) -> String {
        format!("op.run({}, async |_db| Ok(()));", code::string(&self.name))
    }
}

impl Operations {
    /// A step that sees data: it runs in the revision's transaction, after the operations before it and before those
    /// behind it.
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
    pub fn run<F>(&mut self, name: impl Into<String>, step: F)
    where
        F: AsyncFnOnce(&mut Db) -> Result<()> + 'static,
    {
        self.record(Run {
            name: name.into(),
            step: Box::new(move |db| Box::pin(async move { step(db).await })),
        });
    }
}
