//! Parts of a history, for people to read.

use super::error::GraphError;
use super::id::RevisionId;
use super::map::{Edges, RevisionMap};
use super::resolve::{Place, is_current};
use super::target::{Point, Range, Symbol};

impl RevisionMap {
    /// The revisions of a range, both ends included, from the top down.
    ///
    /// An open end is `base` below and `heads` above; `current` is the rows. Steps without a symbol count
    /// up from the lower end (`ae10:+2`), or down from the heads (`-2:`); they stop where the history ends.
    ///
    /// # Errors
    ///
    /// An end names nothing, or the lower end does not lie below the upper one.
    pub fn range<S: AsRef<str>>(
        &self,
        range: &Range,
        rows: &[S],
    ) -> Result<Vec<RevisionId>, GraphError> {
        let base = Point::at(Symbol::Base);
        let heads = Point::at(Symbol::Heads);
        let lower = range.from.as_ref().unwrap_or(&base);
        let upper = range.to.as_ref().unwrap_or(&heads);
        self.between(lower, upper, rows)
            .map_err(|error| match error {
                GraphError::MultipleHeads { heads, .. } => GraphError::MultipleHeads {
                    argument: upper.to_string(),
                    heads,
                },
                error => error,
            })
    }

    fn between<S: AsRef<str>>(
        &self,
        lower: &Point,
        upper: &Point,
        rows: &[S],
    ) -> Result<Vec<RevisionId>, GraphError> {
        let bottom = self.lower_end(lower, rows);
        let tops = self.upper_end(upper, lower, rows, bottom.as_deref().unwrap_or_default())?;
        let tops = self.on_branch_of(tops, lower)?;
        self.refuse_overlap(&tops)?;
        let bottom = bottom?;
        let wanted = self.down_from(&tops, Edges::All);
        let outside = bottom.iter().any(|&n| !wanted.contains(n));
        if outside || self.is_base_and_more(lower) {
            return Err(GraphError::RangeNotAncestor {
                from: lower.to_string(),
                to: upper.to_string(),
            });
        }
        self.refuse_overlap(&bottom)?;
        let mut shown = wanted;
        shown.subtract(&self.down_from(&bottom, Edges::All));
        if !bottom.is_empty() {
            shown.intersect(&self.up_from(&bottom, Edges::Versioned));
        }
        bottom.iter().for_each(|&n| {
            shown.insert(n);
        });
        Ok(self.cloned(&self.top_down(shown, &tops)))
    }

    fn lower_end<S: AsRef<str>>(
        &self,
        point: &Point,
        rows: &[S],
    ) -> Result<Vec<usize>, GraphError> {
        if is_current(point) {
            return self.resolve_rows(rows);
        }
        match self.points(point) {
            // More steps down than there are revisions lead to the base.
            Err(GraphError::WalkedTooFar { .. }) => Ok(Vec::new()),
            found => Ok(numbers(found?)),
        }
    }

    /// Whether steps down from several heads end before the first revision for some of them only: the
    /// base is no lower end beside others.
    fn is_base_and_more(&self, point: &Point) -> bool {
        point.steps().is_some()
            && self.points(point).is_ok_and(|places| {
                places.contains(&Place::Base) && places.iter().any(|&it| it != Place::Base)
            })
    }

    fn upper_end<S: AsRef<str>>(
        &self,
        point: &Point,
        lower: &Point,
        rows: &[S],
        bottom: &[usize],
    ) -> Result<Vec<usize>, GraphError> {
        if is_current(point) {
            return self.resolve_rows(rows);
        }
        let Some(steps) = point.steps() else {
            return Ok(numbers(self.points(point)?));
        };
        let starts: Vec<String> = if is_current(lower) {
            rows.iter().map(|row| row.as_ref().to_owned()).collect()
        } else {
            bottom.iter().map(|&n| self.id(n).to_string()).collect()
        };
        let (start, branch) = self.start_of_walk_up(point, steps, &starts)?;
        Ok(numbers(vec![self.walk_within(start, steps, branch)?]))
    }

    /// `label@base:` shows that branch alone, whatever else the upper end names.
    fn on_branch_of(&self, tops: Vec<usize>, lower: &Point) -> Result<Vec<usize>, GraphError> {
        let Some(branch) = lower.branch() else {
            return Ok(tops);
        };
        let n = self.branch(branch)?;
        let labels = &self.nodes[n].labels;
        let is_label = labels.contains(branch) || self.id(n).as_str() != branch;
        let on_branch = |&top: &usize| {
            let of_top = &self.nodes[top].labels;
            if is_label {
                of_top.contains(branch)
            } else {
                labels.iter().any(|label| of_top.contains(label))
            }
        };
        Ok(tops.into_iter().filter(on_branch).collect())
    }
}

fn numbers(places: Vec<Place>) -> Vec<usize> {
    places
        .into_iter()
        .filter_map(|place| match place {
            Place::Base => None,
            Place::At(n) => Some(n),
        })
        .collect()
}
