//! Applied revisions whose statements are not those that were applied.

use super::LogTable;
use crate::db::Connection;
use crate::error::{Edit, Error, Result};
use crate::history::{Checksum, Script};
use crate::revision::{Direction, Plan, RevisionId};
use crate::run::Runner;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};

/// The directions of rows that say what was applied.
const APPLYING: &str = "'upgrade', 'stamp', 'repair'";

/// What the log says was applied.
#[derive(Debug)]
pub(in crate::run) struct Applied {
    pub(super) id: i64,
    pub(super) checksum: String,
    pub(super) raw: Option<String>,
}

impl Applied {
    /// Whether the file says something else now. What another algorithm has summed up is not compared.
    fn differs(&self, script: &Script, now: impl FnOnce() -> Checksum) -> bool {
        if self.raw.as_deref() == Some(&script.raw_checksum()) {
            return false;
        }
        if !Checksum::is_comparable(&self.checksum) {
            let (id, checksum) = (&script.header.id, &self.checksum);
            tracing::info!(
                target: "aludel::run",
                "Revision {id} is not compared with what was applied: its checksum {checksum} is of another algorithm"
            );
            return false;
        }
        now().to_string() != self.checksum
    }
}

impl LogTable {
    /// A query for what was applied last of each revision: its row, its checksums.
    pub(super) fn applied_query(&self) -> String {
        let (table, about) = (&self.table, &self.about);
        format!(
            "SELECT l.revision AS revision, l.id AS id, l.checksum AS checksum, l.raw AS raw, l.direction AS direction, \
             NULL AS progress, l.run_from AS run_from FROM {table} l JOIN (SELECT max(id) AS id FROM {table} \
             WHERE version_table = {about} AND outcome = 'done' AND direction IN ({APPLYING}) AND checksum IS NOT NULL \
             GROUP BY revision) m ON m.id = l.id"
        )
    }

    /// The texts of these rows.
    async fn texts(
        &self,
        connection: &mut Connection,
        ids: &[i64],
    ) -> Result<BTreeMap<i64, Option<String>>> {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let (text, table) = (self.column("text")?, &self.table);
        let sql = format!(
            "SELECT id, {text} FROM {table} WHERE id IN ({})",
            ids.join(", ")
        );
        let mut texts = BTreeMap::new();
        for row in connection.fetch(&sql).await? {
            texts.insert(row.at(0)?, row.at(1)?);
        }
        Ok(texts)
    }
}

impl Runner {
    /// Refuses to go on where an applied revision is another one than was applied. On the way up all of them count, on the way down
    /// those that are to be undone.
    pub(super) async fn refuse_edited(
        &mut self,
        direction: Direction,
        rows: &[RevisionId],
        plan: &Plan,
        applied: &BTreeMap<String, Applied>,
    ) -> Result<()> {
        let meant: BTreeSet<RevisionId> = match direction {
            Direction::Down => plan.steps.iter().map(|it| it.revision.clone()).collect(),
            _ => self.history.map().applied(rows)?.iter().cloned().collect(),
        };
        if applied.is_empty() || meant.is_empty() {
            return Ok(());
        }
        let edits = self.edits(applied, |id| meant.contains(id)).await?;
        match edits.is_empty() {
            true => Ok(()),
            false => Err(Error::Edited { edits }),
        }
    }

    /// Those of these revisions that say something else than what was applied, in the order of the history's files.
    pub(super) async fn edits(
        &mut self,
        applied: &BTreeMap<String, Applied>,
        is_meant: impl Fn(&RevisionId) -> bool,
    ) -> Result<Vec<Edit>> {
        let flavor = self.dialect.flavor();
        let mut found = Vec::new();
        for script in self.history.scripts() {
            let id = &script.header.id;
            let was = applied.get(id.as_str()).filter(|_| is_meant(id));
            if let Some(was) = was.filter(|it| it.differs(script, || script.checksum(flavor))) {
                found.push((script, was.id));
            }
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<i64> = found.iter().map(|it| it.1).collect();
        let mut texts = self.log.texts(self.db.connection(), &rows).await?;
        let edits = found.into_iter().map(|(script, row)| Edit {
            revision: script.header.id.clone(),
            path: script.path.clone(),
            difference: texts
                .remove(&row)
                .flatten()
                .map(|was| difference(&was, script.text())),
        });
        Ok(edits.collect())
    }
}

/// The difference of two texts, as `diff -u` prints it, without the names of files.
fn difference(was: &str, is: &str) -> String {
    let (was, is) = (was.replace("\r\n", "\n"), is.replace("\r\n", "\n"));
    TextDiff::from_lines(&was, &is)
        .unified_diff()
        .missing_newline_hint(false)
        .to_string()
}
