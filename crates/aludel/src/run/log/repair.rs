//! Accepting that an applied revision was edited.

use super::{Note, Outcome, keep};
use crate::error::{Edit, Error, Result};
use crate::revision::{RevisionId, Target};
use crate::run::Runner;

impl Runner {
    /// Accepts the present texts of revisions as what was applied, by a row more for each in the log; answers those that said something else,
    /// whose row alone is written. Without targets all edited ones are accepted. A dry run writes nothing.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] for a revision that is not applied, or of which the log says nothing; [`Error::Graph`] for a
    /// target that is not there.
    pub async fn repair(
        &mut self,
        targets: Option<&[Target]>,
        reason: Option<&str>,
        dry_run: bool,
    ) -> Result<Vec<Edit>> {
        let rows = self.current().await?;
        let applied = self.history.map().applied(&rows)?;
        let mut named: Vec<RevisionId> = Vec::new();
        for target in targets.unwrap_or_default() {
            named.extend(self.history.map().resolve(target, &rows)?);
        }
        let connection = self.db.connection();
        let recorded = match self.log.is_there(connection).await? {
            true => self.log.standing(connection).await?.applied,
            false => Default::default(),
        };
        for id in &named {
            let applied = applied.contains(id.as_str());
            if !applied || !recorded.contains_key(id.as_str()) {
                let revision = id.clone();
                return Err(Error::NotRecorded { revision, applied });
            }
        }
        let is_meant = |id: &RevisionId| match targets {
            Some(_) => named.contains(id),
            None => applied.contains(id.as_str()),
        };
        let edits = self.edits(&recorded, is_meant).await?;
        if dry_run || edits.is_empty() {
            return Ok(edits);
        }
        let notes = edits.iter().map(|edit| Note {
            reason: reason.map(str::to_string),
            ..Note::new(&self.history, &*self.dialect, &edit.revision, "repair")
        });
        let notes: Vec<Note> = notes.collect();
        let sql = self.log.insert(&notes, Outcome::Done, None)?;
        keep::send(self.db.connection(), sql).await?;
        Ok(edits)
    }
}
