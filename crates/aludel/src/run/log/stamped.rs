//! What a stamp says of revisions: those that count as applied from then on, and those that no longer do.

use super::{Note, Outcome, keep};
use crate::error::Result;
use crate::revision::{Plan, RevisionId, VersionOp};
use crate::run::Runner;
use crate::run::frame::Frame;
use std::collections::BTreeSet;

/// The most rows, and the most bytes of text, that one statement writes.
const MOST_ROWS: usize = 100;
const MOST_BYTES: usize = 1 << 20;

impl Runner {
    /// The notes of a stamp. What becomes applied is taken to be what its file says now: not only the revision that is named, but
    /// those below it as well.
    pub(in crate::run) fn stamp_notes(
        &self,
        rows: &[RevisionId],
        plan: &Plan,
        purge: bool,
    ) -> Result<Vec<Note>> {
        if !self.options.log {
            return Ok(Vec::new());
        }
        // What is purged may name anything.
        let before = if purge { &[] } else { rows };
        let after = rows_after(before, plan);
        let map = self.history.map();
        let (before, after) = (map.applied(before)?, map.applied(&after)?);
        let ids = self.history.scripts().iter().map(|it| &it.header.id);
        let notes = ids.filter_map(|id| {
            let direction = match (before.contains(id.as_str()), after.contains(id.as_str())) {
                (false, true) => "stamp",
                (true, false) => "unstamp",
                _ => return None,
            };
            Some(Note::new(&self.history, &*self.dialect, id, direction))
        });
        Ok(notes.collect())
    }
}

fn rows_after(rows: &[RevisionId], plan: &Plan) -> Vec<RevisionId> {
    let mut rows: BTreeSet<RevisionId> = rows.iter().cloned().collect();
    for op in plan.steps.iter().flat_map(|step| &step.version_ops) {
        match op {
            VersionOp::Insert(id) => drop(rows.insert(id.clone())),
            VersionOp::Delete(id) => drop(rows.remove(id)),
            VersionOp::Update { from, to } => {
                rows.remove(from);
                rows.insert(to.clone());
            }
        }
    }
    rows.into_iter().collect()
}

impl Frame<'_> {
    /// Writes the rows of a stamp, in the transaction of its version rows.
    pub(in crate::run) async fn log_stamped(&mut self, notes: &[Note]) -> Result<()> {
        let Some(log) = self.log else {
            return Ok(());
        };
        let mut rest = notes;
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = rest.iter().take(MOST_ROWS).take_while(|note| {
                bytes += note.text.as_ref().map_or(0, String::len);
                bytes <= MOST_BYTES
            });
            let (these, others) = rest.split_at(fits.count().max(1));
            let sql = log.insert(these, Outcome::Done, None)?;
            keep::send(self.db.connection(), sql).await?;
            rest = others;
        }
        Ok(())
    }
}
