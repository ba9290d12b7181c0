//! Steps that ended in their middle, with something of them done: what the next run goes on behind.

use super::{LogTable, Note, keep};
use crate::db::{Connection, Row};
use crate::error::{Error, Result};
use crate::revision::{Direction, Target};
use crate::run::Runner;
use crate::run::progress::Progress;
use std::collections::BTreeMap;

/// A step that ended in its middle.
#[derive(Debug, Clone)]
pub(in crate::run) struct Unfinished {
    id: i64,
    /// Whether it led down.
    down: bool,
    pub progress: Progress,
    /// Who ran it.
    pub from: String,
}

impl Unfinished {
    /// What a row of [`LogTable::unfinished_query`] says; none if nothing of the step was done.
    pub(super) fn of(row: &Row) -> Result<Option<Self>> {
        let (direction, progress): (String, String) = (row.at(4)?, row.at(5)?);
        let progress: Progress =
            serde_json::from_str(&progress).map_err(|error| error.to_string())?;
        Ok((!progress.is_nothing()).then_some(Self {
            id: row.at(1)?,
            down: direction == "downgrade",
            progress,
            from: row.at(6)?,
        }))
    }

    /// Whether it led that way.
    pub(in crate::run) fn leads(&self, direction: Direction) -> bool {
        self.down == (direction == Direction::Down)
    }

    /// The word for its way.
    pub(in crate::run) fn direction(&self) -> &'static str {
        if self.down { "downgrade" } else { "upgrade" }
    }
}

impl LogTable {
    /// A query for the steps that ended in their middle: of each revision, what was done with it last. A run that was killed, or failed,
    /// before it had done anything says nothing of what was done before it.
    pub(super) fn unfinished_query(&self) -> String {
        let (table, about) = (&self.table, &self.about);
        format!(
            "SELECT l.revision, l.id, NULL, NULL, l.direction, l.progress, l.run_from FROM {table} l \
             JOIN (SELECT max(id) AS id FROM {table} WHERE version_table = {about} AND direction <> 'repair' \
             AND (outcome = 'done' OR progress IS NOT NULL) GROUP BY revision) m ON m.id = l.id WHERE l.outcome <> 'done' AND l.progress IS NOT NULL"
        )
    }

    /// Writes how far a step has come into its row.
    pub(in crate::run) async fn keep(
        &self,
        connection: &mut Connection,
        note: &Note,
        progress: &Progress,
    ) -> Result<()> {
        let Some(id) = note.live else {
            return Ok(());
        };
        self.write_progress(connection, id, progress).await
    }

    async fn write_progress(
        &self,
        connection: &mut Connection,
        id: i64,
        progress: &Progress,
    ) -> Result<()> {
        let text = serde_json::to_string(progress).map_err(|error| error.to_string())?;
        let (table, text) = (&self.table, self.literal(&text)?);
        let sql = format!("UPDATE {table} SET progress = {text} WHERE id = {id}");
        keep::send(connection, sql).await.map(drop)
    }

    /// Says of a row that it ended, as another one goes on behind it.
    pub(in crate::run) async fn end_unfinished(
        &self,
        connection: &mut Connection,
        unfinished: &Unfinished,
    ) -> Result<()> {
        let (table, now, id) = (&self.table, self.words.now, unfinished.id);
        let sql = format!(
            "UPDATE {table} SET outcome = 'failed', finished_at = {now} WHERE id = {id} AND outcome = 'running'"
        );
        keep::send(connection, sql).await.map(drop)
    }
}

impl Runner {
    /// Says of the statement that the last run of a revision has begun whether it was done, where nothing else tells: the next run
    /// goes on behind it, or with it. Answers the statement.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] for a revision that has not ended in its middle; [`Error::Graph`] for a target that is not there.
    pub async fn settle(&mut self, target: &Target, done: bool) -> Result<String> {
        let rows = self.current().await?;
        let named = self.history.map().resolve(target, &rows)?;
        let connection = self.db.connection();
        let mut unfinished = match self.log.is_there(connection).await? {
            true => self.log.standing(connection).await?.unfinished,
            false => BTreeMap::new(),
        };
        for id in &named {
            let Some(it) = unfinished.get_mut(id) else {
                continue;
            };
            let Some(current) = it.progress.current.as_mut().filter(|it| it.doubt.is_some()) else {
                continue;
            };
            current.doubt = None;
            let statement = current.statements.get(current.done).map(|it| it.0.clone());
            let operation = current.operation.clone();
            if done && statement.is_some() {
                current.done += 1;
            } else if done {
                it.progress.end(&operation);
            }
            let connection = self.db.connection();
            self.log
                .write_progress(connection, it.id, &it.progress)
                .await?;
            return Ok(statement.unwrap_or(operation));
        }
        let revision = named.into_iter().next();
        match revision {
            Some(revision) => Err(Error::NotInDoubt { revision }),
            None => Err("the target names no revision".into()),
        }
    }
}
