//! What a command would do: revisions in order, and what happens to the rows of the version table.
//!
//! Applied revisions are a set; the rows are its maximal members. A step adds one revision to the set
//! or takes one away, and the rows change by the difference.

use super::error::GraphError;
use super::id::RevisionId;
use super::map::{Edges, Marks, RevisionMap};
use super::resolve::Place;
use super::target::Target;

/// Steps in the order in which they are to be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What a person should know before taking them.
    pub warnings: Vec<PlanWarning>,
}

/// One revision to run, or to note as run, and what it changes in the version table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The revision. For a stamp to `base`, the one that is forgotten.
    pub revision: RevisionId,
    /// What is done with it.
    pub direction: Direction,
    /// Where the step comes from; empty for the base.
    pub from: Vec<RevisionId>,
    /// Where the step goes to; empty for the base.
    pub to: Vec<RevisionId>,
    /// What changes in the version table, in order.
    pub version_ops: Vec<VersionOp>,
}

/// What a step does with its revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Runs its upgrade.
    Up,
    /// Runs its downgrade.
    Down,
    /// Runs nothing.
    Stamp,
}

/// One change of the version table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionOp {
    /// A row more.
    Insert(RevisionId),
    /// A row with another content.
    Update {
        /// The content before.
        from: RevisionId,
        /// The content after.
        to: RevisionId,
    },
    /// A row less.
    Delete(RevisionId),
}

/// What a person should know about a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanWarning {
    /// `-N` counts from the first row of several.
    #[error(
        "downgrade -1 from multiple heads is ambiguous; this usage will be disallowed in a future release."
    )]
    AmbiguousDowngrade {
        /// The row that was taken.
        taken: String,
        /// The others.
        others: Vec<String>,
    },
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl std::fmt::Display for Step {
    /// `upgrade a, b -> c`, as in the log line `Running upgrade a, b -> c`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let comma = |ids: &[RevisionId]| {
            ids.iter()
                .map(RevisionId::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        write!(
            f,
            "{} {} -> {}",
            self.direction,
            comma(&self.from),
            comma(&self.to)
        )
    }
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Up => "upgrade",
            Self::Down => "downgrade",
            Self::Stamp => "stamp_revision",
        })
    }
}

impl RevisionMap {
    /// What an upgrade runs: everything at or below the target that is not applied, from below.
    ///
    /// # Errors
    ///
    /// The target or a row names nothing, or several revisions that lie above one another.
    pub fn upgrade_plan<S: AsRef<str>>(
        &self,
        rows: &[S],
        target: &Target,
    ) -> Result<Plan, GraphError> {
        let point = self.single(target)?;
        let places = self
            .upgrade_places(point, rows)
            .map_err(|error| whole(error, target))?;
        let targets: Vec<usize> = places.into_iter().filter_map(number).collect();
        self.refuse_overlap(&targets)?;
        let current = self.resolve_rows(rows)?;
        self.refuse_overlap(&current)?;
        let mut needed = self.down_from(&targets, Edges::All);
        needed.subtract(&self.down_from(&current, Edges::All));
        let mut order = self.top_down(needed, &targets);
        order.reverse();
        let mut table = Rows::new(rows)?;
        let steps = order.into_iter().map(|n| table.upgrade(self, n)).collect();
        Ok(Plan {
            steps,
            warnings: Vec::new(),
        })
    }

    /// What a downgrade runs: everything applied that stands upon the target, from the top.
    ///
    /// On a branch (`label@target`), only what stands upon that branch's part of it.
    ///
    /// # Errors
    ///
    /// The target or a row names nothing, or the target is not applied.
    pub fn downgrade_plan<S: AsRef<str>>(
        &self,
        rows: &[S],
        target: &Target,
    ) -> Result<Plan, GraphError> {
        let point = self.single(target)?;
        let (branch, place) = self
            .downgrade_place(point, rows)
            .map_err(|error| whole(error, target))?;
        let mut roots = match place {
            Place::Base => self.bases.clone(),
            Place::At(n) => self.nodes[n].next.clone(),
        };
        if let Some(branch) = branch.filter(|_| roots.len() > 1) {
            let line = self.down_from(&[self.branch(&branch)?], Edges::Versioned);
            roots.retain(|&n| line.contains(n));
            if roots.is_empty() {
                return Err(GraphError::NotOnBranch { branch });
            }
        }
        let current = self.resolve_rows(rows)?;
        let applied = self.down_from(&current, Edges::All);
        let mut dropped = self.up_from(&roots, Edges::All);
        dropped.intersect(&applied);
        if dropped.is_empty() && number(place).is_some_and(|n| !current.contains(&n)) {
            return Err(GraphError::NotBelow {
                target: target.to_string(),
                rows: rows.iter().map(|row| row.as_ref().to_owned()).collect(),
            });
        }
        let order = self.top_down(dropped, &current);
        let mut table = Rows::new(rows)?;
        let mut applied = applied;
        let steps = order
            .into_iter()
            .map(|n| {
                applied.remove(n);
                table.downgrade(self, n, &applied)
            })
            .collect();
        let relative = point.symbol().is_none() && point.branch().is_none();
        let warnings = if relative {
            ambiguity(rows)
        } else {
            Vec::new()
        };
        Ok(Plan { steps, warnings })
    }

    /// Refuses revisions of which one stands upon another.
    pub(super) fn refuse_overlap(&self, requested: &[usize]) -> Result<(), GraphError> {
        if requested.len() < 2 {
            return Ok(());
        }
        for &top in requested {
            let below = self.down_from(&[top], Edges::All);
            let others: Vec<usize> = requested
                .iter()
                .copied()
                .filter(|&n| n != top && below.contains(n))
                .collect();
            if !others.is_empty() {
                return Err(GraphError::Overlap {
                    revision: self.id(top).clone(),
                    others: self.cloned(&others),
                });
            }
        }
        Ok(())
    }
}

/// The rows of the version table while a plan is made.
pub(super) struct Rows(Vec<RevisionId>);

impl Rows {
    pub(super) fn new<S: AsRef<str>>(rows: &[S]) -> Result<Self, GraphError> {
        let mut ids: Vec<RevisionId> = Vec::new();
        for row in rows {
            let id = RevisionId::new(row.as_ref())?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(Self(ids))
    }

    /// One revision more: it takes the place of the rows directly below it.
    fn upgrade(&mut self, map: &RevisionMap, n: usize) -> Step {
        let node = &map.nodes[n];
        let id = node.revision.id.clone();
        let below = node
            .down
            .iter()
            .chain(&node.dependencies)
            .map(|&n| map.id(n));
        let mut replaced: Vec<RevisionId> = Vec::new();
        for row in below {
            if self.0.contains(row) && !replaced.contains(row) {
                replaced.push(row.clone());
            }
        }
        Step {
            revision: id.clone(),
            direction: Direction::Up,
            from: node.revision.down.clone(),
            to: vec![id.clone()],
            version_ops: self.replace(&replaced, id),
        }
    }

    /// One revision less: what it covered alone comes back.
    fn downgrade(&mut self, map: &RevisionMap, n: usize, applied: &Marks) -> Step {
        let node = &map.nodes[n];
        let id = node.revision.id.clone();
        let mut uncovered: Vec<RevisionId> = Vec::new();
        for &below in node.down.iter().chain(&node.dependencies) {
            let covered = map.nodes[below]
                .above
                .iter()
                .any(|&above| applied.contains(above));
            let row = map.id(below);
            if !covered && !self.0.contains(row) && !uncovered.contains(row) {
                uncovered.push(row.clone());
            }
        }
        Step {
            revision: id.clone(),
            direction: Direction::Down,
            from: vec![id.clone()],
            to: node.revision.down.clone(),
            version_ops: self.uncover(id, uncovered),
        }
    }

    /// Several rows become one: all but the last are deleted, and the last one is rewritten.
    pub(super) fn replace(&mut self, rows: &[RevisionId], id: RevisionId) -> Vec<VersionOp> {
        self.0.retain(|row| !rows.contains(row));
        self.0.push(id.clone());
        let Some((last, rest)) = rows.split_last() else {
            return vec![VersionOp::Insert(id)];
        };
        let mut ops: Vec<VersionOp> = rest.iter().cloned().map(VersionOp::Delete).collect();
        ops.push(VersionOp::Update {
            from: last.clone(),
            to: id,
        });
        ops
    }

    /// One row becomes several: all but the last are inserted, and the row itself becomes the last.
    fn uncover(&mut self, id: RevisionId, mut rows: Vec<RevisionId>) -> Vec<VersionOp> {
        self.0.retain(|row| *row != id);
        self.0.extend(rows.iter().cloned());
        let Some(last) = rows.pop() else {
            return vec![VersionOp::Delete(id)];
        };
        let mut ops: Vec<VersionOp> = rows.into_iter().map(VersionOp::Insert).collect();
        ops.push(VersionOp::Update { from: id, to: last });
        ops
    }

    pub(super) fn delete(&mut self, id: RevisionId) -> Vec<VersionOp> {
        self.uncover(id, Vec::new())
    }

    pub(super) fn contains(&self, id: &RevisionId) -> bool {
        self.0.contains(id)
    }
}

fn number(place: Place) -> Option<usize> {
    match place {
        Place::Base => None,
        Place::At(n) => Some(n),
    }
}

fn ambiguity<S: AsRef<str>>(rows: &[S]) -> Vec<PlanWarning> {
    let Some((taken, others)) = rows.split_first() else {
        return Vec::new();
    };
    let others: Vec<String> = others
        .iter()
        .map(|row| row.as_ref().to_owned())
        .filter(|row| row != taken.as_ref())
        .collect();
    if others.is_empty() {
        return Vec::new();
    }
    vec![PlanWarning::AmbiguousDowngrade {
        taken: taken.as_ref().to_owned(),
        others,
    }]
}

/// A command complains about the whole target, not about the part that had several heads.
fn whole(error: GraphError, target: &Target) -> GraphError {
    match error {
        GraphError::MultipleHeads { heads, .. } => GraphError::MultipleHeads {
            argument: target.to_string(),
            heads,
        },
        error => error,
    }
}
