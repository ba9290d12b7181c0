//! Noting revisions as applied without running them.

use super::error::GraphError;
use super::map::{Edges, RevisionMap};
use super::plan::{Direction, Plan, Rows, Step};
use super::resolve::Place;
use super::target::Target;

impl RevisionMap {
    /// What a stamp changes: each target takes the place of the rows that lie above or below it.
    ///
    /// Rows on other lineages stay. `base` forgets all rows, `label@base` those of one lineage. Of
    /// targets that lie above one another the maximal ones remain. With `purge` the table is emptied
    /// first (not a step of the plan), whatever stands in it.
    ///
    /// # Errors
    ///
    /// A target or a row names nothing, or `head` is not one revision.
    pub fn stamp_plan<S: AsRef<str>>(
        &self,
        rows: &[S],
        targets: &[Target],
        purge: bool,
    ) -> Result<Plan, GraphError> {
        let rows = if purge { &[] } else { rows };
        self.stamp(rows, targets).map_err(stamp_words)
    }

    fn stamp<S: AsRef<str>>(&self, rows: &[S], targets: &[Target]) -> Result<Plan, GraphError> {
        let current = self.resolve_rows(rows)?;
        let affected = self.affected(&current, targets)?;
        let mut destinations = Vec::new();
        for target in targets {
            let places = self.points(self.named(target)?)?;
            destinations.extend(places.into_iter().filter_map(|place| match place {
                Place::At(n) => Some(n),
                Place::Base => None,
            }));
        }
        let destinations = self.maximal_of(&destinations);
        let mut table = Rows::new(rows)?;
        let steps = if destinations.is_empty() {
            affected
                .into_iter()
                .map(|row| self.forget(&mut table, row))
                .collect()
        } else {
            self.move_rows(&mut table, &affected, &destinations)
        };
        Ok(Plan {
            steps,
            warnings: Vec::new(),
        })
    }

    /// The rows on the lineage of a target, by dependencies too, in the order of the table.
    fn affected(&self, current: &[usize], targets: &[Target]) -> Result<Vec<usize>, GraphError> {
        let mut affected = Vec::new();
        for target in targets {
            let point = self.named(target)?;
            let lineage = self.lineage(&self.lineage_of(point)?, Edges::All);
            for &row in current {
                let inside = lineage.as_ref().is_none_or(|lineage| lineage.contains(row));
                if inside && !affected.contains(&row) {
                    affected.push(row);
                }
            }
        }
        Ok(affected)
    }

    fn forget(&self, table: &mut Rows, row: usize) -> Step {
        let id = self.id(row).clone();
        Step {
            revision: id.clone(),
            direction: Direction::Stamp,
            from: vec![id.clone()],
            to: Vec::new(),
            version_ops: table.delete(id),
        }
    }

    /// The first destination that lies above or below an affected row takes the place of them all; the
    /// others become rows of their own. Rows that are destinations stay as they are.
    fn move_rows(&self, table: &mut Rows, affected: &[usize], destinations: &[usize]) -> Vec<Step> {
        let moving: Vec<usize> = affected
            .iter()
            .copied()
            .filter(|row| !destinations.contains(row))
            .collect();
        // A row that is only the beginning of an identifier cannot be rewritten by the whole one.
        let mut left = self.cloned(&moving);
        left.retain(|row| table.contains(row));
        let mut steps = Vec::new();
        for &destination in destinations {
            let id = self.id(destination).clone();
            if table.contains(&id) || affected.contains(&destination) {
                continue;
            }
            let lineage = self.lineage(&[destination], Edges::All);
            let related = |&row: &usize| {
                lineage
                    .as_ref()
                    .is_some_and(|lineage| lineage.contains(row))
            };
            let moves = moving.iter().any(related);
            let replaced = if moves {
                std::mem::take(&mut left)
            } else {
                Vec::new()
            };
            steps.push(Step {
                revision: id.clone(),
                direction: Direction::Stamp,
                from: if moves {
                    self.cloned(&moving)
                } else {
                    Vec::new()
                },
                to: vec![id.clone()],
                version_ops: table.replace(&replaced, id),
            });
        }
        steps
    }
}

/// A stamp says in its own words that a target has several heads.
fn stamp_words(error: GraphError) -> GraphError {
    match error {
        GraphError::MultipleHeads { argument, heads } => {
            GraphError::StampMultipleHeads { argument, heads }
        }
        error => error,
    }
}
