//! Targets that are so many steps away from something.

use super::error::GraphError;
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
        if steps == 0 && start == Place::Base {
            return Ok(None);
        }
        let mut at = start;
        for step in 0..steps.unsigned_abs() {
            let first = step == 0;
            let next = match at {
                // Steps down from `base` as such start at the heads, as in Alembic.
                Place::Base if steps < 0 && first => self.heads.clone(),
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

    /// Walks as far as the steps and the graph allow.
    pub(super) fn walk_within(
        &self,
        start: Place,
        steps: i64,
        branch: Option<&str>,
    ) -> Result<Place, GraphError> {
        let mut at = start;
        for step in 0..steps.unsigned_abs() {
            if step > 0 && at == Place::Base && steps < 0 {
                break;
            }
            match self.walk(at, steps.signum(), branch)? {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(at)
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
        let (start, branch) = self.start_of_walk_up(point, steps, rows)?;
        let too_far = || match point.symbol() {
            None => GraphError::TooFewSteps {
                offset: point.offset().to_owned(),
            },
            Some(_) => GraphError::WalkedTooFar {
                target: point.to_string(),
            },
        };
        let end = self.walk(start, steps, branch)?.ok_or_else(too_far)?;
        Ok(vec![end])
    }

    /// Where the steps of an upgrade's target begin, and the branch they keep to.
    pub(super) fn start_of_walk_up<'p, S: AsRef<str>>(
        &self,
        point: &'p Point,
        steps: i64,
        rows: &[S],
    ) -> Result<(Place, Option<&'p str>), GraphError> {
        match point.symbol() {
            None if steps <= 0 => Err(GraphError::TooFewSteps {
                offset: steps.to_string(),
            }),
            None => Ok((self.start_of_upgrade(point.branch(), rows)?, point.branch())),
            Some(_) if steps > 0 => {
                let start = self.one(&point.without_branch().without_offset())?;
                Ok((place(start), point.branch()))
            }
            Some(_) => Ok((place(self.one(&point.without_offset())?), None)),
        }
    }

    /// The one place from which `+N` counts.
    fn start_of_upgrade<S: AsRef<str>>(
        &self,
        branch: Option<&str>,
        rows: &[S],
    ) -> Result<Place, GraphError> {
        if branch.is_none() && rows.len() > 1 {
            let candidates = rows.iter().map(|row| row.as_ref().to_owned()).collect();
            return Err(GraphError::AmbiguousStart { candidates });
        }
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
                candidates: self.texts(&starts),
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
            // Here the branch ends at the last `@`, everywhere else at the first.
            let text = point.to_string();
            let (branch, symbol) = text.rsplit_once('@').unwrap_or(("", &text));
            let found = self.one(&Point::at_text(symbol))?;
            return Ok((
                Some(branch.to_owned()).filter(|branch| !branch.is_empty()),
                place(found),
            ));
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

    fn texts(&self, of: &[usize]) -> Vec<String> {
        of.iter().map(|&n| self.id(n).to_string()).collect()
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
                let candidates = self.texts(&starts);
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
