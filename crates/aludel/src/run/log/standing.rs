//! What the log has to say before a run: what was applied, and what ended in its middle.

use super::LogTable;
use super::edited::Applied;
use super::unfinished::Unfinished;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::revision::{Direction, Plan, RevisionId};
use crate::run::Runner;
use std::collections::BTreeMap;

/// What the log has to say before a run.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// What was applied last of each revision.
    pub applied: BTreeMap<String, Applied>,
    /// The steps that ended in their middle, by revision.
    pub unfinished: BTreeMap<RevisionId, Unfinished>,
}

impl LogTable {
    /// What the log has to say before a run, by one query.
    pub(super) async fn standing(&self, connection: &mut Connection) -> Result<Standing> {
        let (applied, unfinished) = (self.applied_query(), self.unfinished_query());
        let mut standing = Standing::default();
        for row in connection
            .fetch(&format!("{applied} UNION ALL {unfinished}"))
            .await?
        {
            let revision: String = row.at(0)?;
            match row.at::<Option<String>>(2)? {
                Some(checksum) => {
                    let (id, raw) = (row.at(1)?, row.at(3)?);
                    standing
                        .applied
                        .insert(revision, Applied { id, checksum, raw });
                }
                None => {
                    let id = RevisionId::new(revision).map_err(|error| error.to_string())?;
                    standing
                        .unfinished
                        .extend(Unfinished::of(&row)?.map(|it| (id, it)));
                }
            }
        }
        Ok(standing)
    }
}

impl Runner {
    /// Refuses to go on where the log says that something is not as it was, or ended in its middle and leads the other way.
    pub(in crate::run) async fn ask_log(
        &mut self,
        direction: Direction,
        rows: &[RevisionId],
        plan: &Plan,
    ) -> Result<()> {
        let standing = match self.recorded {
            true => self.log.standing(self.db.connection()).await?,
            false => Standing::default(),
        };
        self.unfinished = standing.unfinished;
        self.refuse_edited(direction, rows, plan, &standing.applied)
            .await?;
        // What is there of it is in the way.
        let other = self.unfinished.iter().find(|(_, it)| !it.leads(direction));
        match other {
            Some((revision, it)) => Err(Error::HalfDone {
                revision: revision.clone(),
                direction: it.direction(),
            }),
            None => Ok(()),
        }
    }
}
