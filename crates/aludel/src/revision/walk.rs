//! Targets that are so many steps away from something.

use super::error::GraphError;
use super::id::RevisionId;
use super::map::{Edges, RevisionMap};
use super::resolve::Place;
use super::target::Point;

impl RevisionMap {
    /// Walks up or down. `None` means that the graph ended before the steps did.
    pub(super) fn walk(
        &self,
        start: Place,
        steps: i64,
        branch: Option<&str>,
    ) -> Result<Option<Place>, GraphError> {
        let mut at = start;
        for _ in 0..steps.unsigned_abs() {
            let next = match at {
                Place::Base if steps < 0 => return Ok(None),
                Place::Base => self.bases.clone(),
                Place::At(n) if steps > 0 => self.nodes[n].next.clone(),
                Place::At(n) => self.nodes[n].down.clone(),
            };
            let next = match branch {
                Some(branch) if steps > 0 => self.on_lineage(&next, branch)?,
                _ => next,
            };
            at = match next[..] {
                [n] => Place::At(n),
                [] if steps < 0 => Place::Base,
                [] => return Ok(None),
                _ => {
                    return Err(GraphError::AmbiguousWalk {
                        candidates: self.cloned(&next),
                    });
                }
            };
        }
        Ok(Some(at))
    }

    /// Where an upgrade to this point leads.
    pub(super) fn upgrade_places<S: AsRef<str>>(
        &self,
        point: &Point,
        rows: &[S],
    ) -> Result<Vec<Place>, GraphError> {
        let Some(steps) = point.steps() else {
            return self.points(point);
        };
        let end = match point.symbol() {
            None if steps <= 0 => {
                return Err(GraphError::TooFewSteps {
                    offset: steps.to_string(),
                });
            }
            None => {
                let start = self.start_of_upgrade(point.branch(), rows)?;
                let end = self.walk(start, steps, point.branch())?;
                end.ok_or_else(|| GraphError::TooFewSteps {
                    offset: point.offset().to_owned(),
                })
            }
            Some(_) if steps > 0 => {
                let start = self.one(&point.without_branch().without_offset())?;
                let end = self.walk(place(start), steps, point.branch())?;
                end.ok_or_else(|| GraphError::WalkedTooFar {
                    target: point.to_string(),
                })
            }
            Some(_) => {
                let start = self.one(&point.without_offset())?;
                let end = self.walk(place(start), steps, None)?;
                end.ok_or_else(|| GraphError::WalkedTooFar {
                    target: point.to_string(),
                })
            }
        };
        end.map(|end| vec![end])
    }

    /// The one place from which `+N` counts.
    fn start_of_upgrade<S: AsRef<str>>(
        &self,
        branch: Option<&str>,
        rows: &[S],
    ) -> Result<Place, GraphError> {
        let rows = self.resolve_rows(rows)?;
        let starts = match branch {
            None => rows,
            Some(branch) => {
                let on_branch = self.on_lineage(&rows, branch)?;
                if on_branch.is_empty() {
                    self.tips_on_branch(&rows, branch)?
                } else {
                    on_branch
                }
            }
        };
        match starts[..] {
            [] => Ok(Place::Base),
            [n] => Ok(Place::At(n)),
            _ => Err(GraphError::AmbiguousStart {
                candidates: self.cloned(&starts),
            }),
        }
    }

    /// A branch may be applied without a row of its own, below another branch that depends on it or
    /// grew out of it. These are its highest applied revisions.
    fn tips_on_branch(&self, rows: &[usize], branch: &str) -> Result<Vec<usize>, GraphError> {
        let applied: Vec<usize> = self.down_from(rows, Edges::All).iter().collect();
        let active = self.on_lineage(&applied, branch)?;
        let below: Vec<usize> = active
            .iter()
            .flat_map(|&n| self.nodes[n].below.iter().copied())
            .collect();
        Ok(active.into_iter().filter(|n| !below.contains(n)).collect())
    }

    /// Where a downgrade to this point leads, and the branch it keeps to.
    pub(super) fn downgrade_place<S: AsRef<str>>(
        &self,
        point: &Point,
        rows: &[S],
    ) -> Result<(Option<String>, Place), GraphError> {
        let branch = point.branch().map(str::to_owned);
        let Some(steps) = point.steps() else {
            return Ok((branch, place(self.one(&point.without_branch())?)));
        };
        let too_far = || GraphError::WalkedTooFar {
            target: point.to_string(),
        };
        let too_few = || GraphError::TooFewSteps {
            offset: point.offset().to_owned(),
        };
        let end = match (point.symbol(), branch.as_deref()) {
            (None, _) if steps >= 0 => return Err(too_few()),
            (None, None) => {
                // Several rows are ambiguous; like Alembic, the first one is taken, and the plan says so.
                let row = rows.first().ok_or_else(too_few)?.as_ref();
                let start = self.resolve_rows(&[row])?[0];
                let end = self
                    .walk(Place::At(start), steps, None)?
                    .ok_or_else(too_few)?;
                return Ok((Some(row.to_owned()), end));
            }
            (None, Some(branch)) => {
                let start = self.start_of_downgrade(branch, rows)?;
                self.walk(Place::At(start), steps, None)?
                    .ok_or_else(too_few)?
            }
            (Some(_), on) if steps >= 0 => {
                let start = self.one(&point.without_branch().without_offset())?;
                self.walk(place(start), steps, on)?.ok_or_else(too_far)?
            }
            (Some(_), _) => {
                let start = self.one(&point.without_offset())?;
                self.walk(place(start), steps, None)?.ok_or_else(too_far)?
            }
        };
        Ok((branch, end))
    }

    /// The one revision from which `label@-N` counts.
    fn start_of_downgrade<S: AsRef<str>>(
        &self,
        branch: &str,
        rows: &[S],
    ) -> Result<usize, GraphError> {
        let rows = self.resolve_rows(rows)?;
        let mut starts = self.on_lineage(&rows, branch)?;
        if starts.is_empty() {
            let applied: Vec<usize> = self.down_from(&rows, Edges::All).iter().collect();
            let below: Vec<usize> = applied
                .iter()
                .flat_map(|&n| self.nodes[n].down.iter().copied())
                .collect();
            let tips: Vec<usize> = applied.into_iter().filter(|n| !below.contains(n)).collect();
            starts = self.on_lineage(&tips, branch)?;
        }
        match starts[..] {
            [n] => Ok(n),
            _ => {
                let candidates: Vec<RevisionId> = self.cloned(&starts);
                Err(GraphError::AmbiguousBranch {
                    branch: branch.to_owned(),
                    candidates,
                })
            }
        }
    }
}

fn place(found: Option<usize>) -> Place {
    found.map_or(Place::Base, Place::At)
}
