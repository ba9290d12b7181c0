//! Finding what a target names, in a map and beside the rows of a version table.

use super::build::near;
use super::error::{GraphError, Unresolved};
use super::id::RevisionId;
use super::map::{Edges, Marks, RevisionMap};
use super::target::{Point, Symbol, Target};

/// Where a walk can stand: on a revision, or before the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Base,
    At(usize),
}

impl RevisionMap {
    /// The revisions that a target names by itself; none for `base`.
    ///
    /// `heads` are the effective heads; `label@heads` all heads on that branch. `current` is the rows.
    /// Steps have a meaning here only as `-N` and `label@-N`, down from the heads.
    ///
    /// # Errors
    ///
    /// The target names nothing, several things begin with the name, or `head` is not one revision.
    pub fn resolve<S: AsRef<str>>(
        &self,
        target: &Target,
        rows: &[S],
    ) -> Result<Vec<RevisionId>, GraphError> {
        let point = self.named(target)?;
        if is_current(point) {
            return Ok(self.cloned(&self.resolve_rows(rows)?));
        }
        let places = self.points(point)?;
        Ok(places
            .into_iter()
            .filter_map(|place| self.place_id(place))
            .collect())
    }

    /// The one revision that a target names by itself; none for `base`.
    ///
    /// # Errors
    ///
    /// As [`RevisionMap::resolve`], and [`GraphError::MultipleHeads`] where it names several.
    pub fn resolve_one(&self, target: &Target) -> Result<Option<RevisionId>, GraphError> {
        let found = self.one(self.named(target)?)?;
        Ok(found.map(|n| self.id(n).clone()))
    }

    /// The revisions that a target of `upgrade` names; none for `base`.
    ///
    /// # Errors
    ///
    /// As [`RevisionMap::resolve`], and for walks that fork or end too early.
    pub fn resolve_upgrade<S: AsRef<str>>(
        &self,
        target: &Target,
        rows: &[S],
    ) -> Result<Vec<RevisionId>, GraphError> {
        let places = self.upgrade_places(self.named(target)?, rows)?;
        Ok(places
            .into_iter()
            .filter_map(|place| self.place_id(place))
            .collect())
    }

    /// The branch and the revision that a target of `downgrade` names; no revision for `base`.
    ///
    /// # Errors
    ///
    /// As [`RevisionMap::resolve`], and for walks that fork or end too early.
    pub fn resolve_downgrade<S: AsRef<str>>(
        &self,
        target: &Target,
        rows: &[S],
    ) -> Result<(Option<String>, Option<RevisionId>), GraphError> {
        let (branch, place) = self.downgrade_place(self.named(target)?, rows)?;
        Ok((branch, self.place_id(place)))
    }

    fn place_id(&self, place: Place) -> Option<RevisionId> {
        match place {
            Place::Base => None,
            Place::At(n) => Some(self.id(n).clone()),
        }
    }

    pub(super) fn single<'t>(&self, target: &'t Target) -> Result<&'t Point, GraphError> {
        match target {
            Target::Point(point) => Ok(point),
            Target::Range(range) => Err(GraphError::RangeNotAllowed {
                target: range.to_string(),
            }),
        }
    }

    /// The same where ranges are unknown: there the whole text is a name, which nothing can have.
    pub(super) fn named<'t>(&self, target: &'t Target) -> Result<&'t Point, GraphError> {
        self.single(target).map_err(|_| {
            let name = target.to_string();
            let reason = Unresolved::NotFound {
                name: name.clone(),
                candidates: Vec::new(),
            };
            GraphError::Unresolved {
                symbol: name,
                reason,
            }
        })
    }

    /// The revisions that the rows stand for. Rows are resolved as names are: by prefix, too.
    pub(super) fn resolve_rows<S: AsRef<str>>(&self, rows: &[S]) -> Result<Vec<usize>, GraphError> {
        rows.iter()
            .map(|row| {
                let row = row.as_ref();
                self.name(row, None).map_err(|_| GraphError::UnknownRow {
                    row: row.to_owned(),
                    candidates: near(row, self.iter().map(|revision| revision.id.as_str())),
                })
            })
            .collect()
    }

    /// All that a point names.
    pub(super) fn points(&self, point: &Point) -> Result<Vec<Place>, GraphError> {
        match point.steps() {
            Some(steps) if steps < 0 && point.symbol().is_none() => {
                let of_branch = |&&n: &&usize| {
                    point
                        .branch()
                        .is_none_or(|branch| self.nodes[n].labels.contains(branch))
                };
                let heads = self.effective_heads.iter().filter(of_branch);
                let ends: Vec<Option<Place>> = heads
                    .map(|&n| self.walk(Place::At(n), steps, None))
                    .collect::<Result<_, _>>()?;
                let too_far = || GraphError::WalkedTooFar {
                    target: point.to_string(),
                };
                ends.into_iter()
                    .map(|end| end.ok_or_else(too_far))
                    .collect()
            }
            _ => {
                let numbers = self.numbers(point)?;
                Ok(numbers.into_iter().map(Place::At).collect())
            }
        }
    }

    /// The one revision that a point names; none is `base`.
    pub(super) fn one(&self, point: &Point) -> Result<Option<usize>, GraphError> {
        let found = self.numbers(point)?;
        if found.len() > 1 {
            return Err(GraphError::MultipleHeads {
                argument: point.to_string(),
                heads: self.cloned(&found),
            });
        }
        Ok(found.first().copied())
    }

    fn numbers(&self, point: &Point) -> Result<Vec<usize>, GraphError> {
        if point.steps().is_some() {
            return self.name(&point.rest(), point.branch()).map(|n| vec![n]);
        }
        match (point.symbol(), point.branch()) {
            (Some(Symbol::Base) | None, _) => Ok(Vec::new()),
            (Some(Symbol::Heads), None) => Ok(self.effective_heads.clone()),
            (Some(Symbol::Heads), Some(branch)) => self.heads_on(branch),
            (Some(Symbol::Head), branch) => {
                let heads = branch
                    .map_or_else(|| Ok(self.heads.clone()), |branch| self.heads_on(branch))?;
                if heads.len() > 1 {
                    let argument = point
                        .branch()
                        .map_or("head".to_owned(), |branch| format!("{branch}@head"));
                    return Err(GraphError::MultipleHeads {
                        argument,
                        heads: self.cloned(&heads),
                    });
                }
                Ok(heads)
            }
            (Some(symbol @ (Symbol::Name(_) | Symbol::Current)), branch) => {
                self.name(symbol.as_str(), branch).map(|n| vec![n])
            }
        }
    }

    /// The heads on a branch, which `base` and the like are not.
    fn heads_on(&self, branch: &str) -> Result<Vec<usize>, GraphError> {
        let heads = self.on_lineage(&self.heads, branch)?;
        if heads.len() == 1 {
            self.branch(branch)?;
        }
        Ok(heads)
    }

    /// The revision with this name, or the only one whose name begins so, on a branch if one is given.
    fn name(&self, name: &str, branch: Option<&str>) -> Result<usize, GraphError> {
        let lineage = match branch {
            Some(branch) => self.lineage(&[self.branch(branch)?], Edges::Versioned),
            None => None,
        };
        let on_branch = |n: usize| lineage.as_ref().is_none_or(|lineage| lineage.contains(n));
        let unresolved = |reason| GraphError::Unresolved {
            symbol: name.to_owned(),
            reason,
        };
        if let Some(&n) = self.names.get(name) {
            return match branch {
                Some(branch) if !on_branch(n) => Err(unresolved(Unresolved::NotMember {
                    revision: self.id(n).clone(),
                    branch: branch.to_owned(),
                })),
                _ => Ok(n),
            };
        }
        let found: Vec<(&String, usize)> = self
            .beginning_with(name)
            .into_iter()
            .filter(|&(_, n)| on_branch(n))
            .collect();
        match found[..] {
            [(_, n)] => Ok(n),
            [] => Err(unresolved(Unresolved::NotFound {
                name: name.to_owned(),
                candidates: near(name, self.names.keys().map(String::as_str)),
            })),
            _ => Err(unresolved(Unresolved::Ambiguous {
                prefix: name.to_owned(),
                candidates: found.into_iter().map(|(name, _)| name.clone()).collect(),
            })),
        }
    }

    /// Names that begin with a prefix: identifiers in load order, then labels. Names of three
    /// characters or fewer are never meant by their beginning, as in Alembic.
    fn beginning_with(&self, prefix: &str) -> Vec<(&String, usize)> {
        let mut found: Vec<(&String, usize)> = self
            .names
            .range(prefix.to_owned()..)
            .take_while(|(name, _)| name.starts_with(prefix))
            .filter(|(name, _)| name.chars().count() > 3)
            .map(|(name, &n)| (name, n))
            .collect();
        found.sort_by_key(|&(name, n)| (self.id(n).as_str() != name, n));
        found
    }

    /// The revision that stands for a branch: the one that declares the label, or any by its name.
    pub(super) fn branch(&self, branch: &str) -> Result<usize, GraphError> {
        self.name(branch, None).map_err(|_| GraphError::Unresolved {
            symbol: branch.to_owned(),
            reason: Unresolved::NoBranch {
                name: branch.to_owned(),
                candidates: near(branch, self.names.keys().map(String::as_str)),
            },
        })
    }

    /// Everything above or below one of these revisions; without any, no limit.
    pub(super) fn lineage(&self, of: &[usize], edges: Edges) -> Option<Marks> {
        if of.is_empty() {
            return None;
        }
        let mut lineage = self.up_from(of, edges);
        lineage.unite(&self.down_from(of, edges));
        Some(lineage)
    }

    /// Those of the revisions that lie on a branch.
    pub(super) fn on_lineage(&self, of: &[usize], branch: &str) -> Result<Vec<usize>, GraphError> {
        let tests = self.lineage_of(&Point::at_text(branch))?;
        let lineage = self.lineage(&tests, Edges::Versioned);
        Ok(of
            .iter()
            .copied()
            .filter(|&n| lineage.as_ref().is_none_or(|l| l.contains(n)))
            .collect())
    }

    /// The revisions by which a point's lineage is told: its branch, and what it names there.
    pub(super) fn lineage_of(&self, point: &Point) -> Result<Vec<usize>, GraphError> {
        let is_word = matches!(
            point.symbol(),
            Some(Symbol::Head | Symbol::Heads | Symbol::Base)
        );
        let named = if is_word && point.steps().is_none() {
            Some(self.numbers(point)?)
        } else {
            None
        };
        let mut lineage = match point.branch() {
            Some(branch) => vec![self.name(branch, None)?],
            None => Vec::new(),
        };
        let named = match named {
            Some(named) => named,
            None => vec![self.name(&point.rest(), point.branch())?],
        };
        lineage.extend(named);
        Ok(lineage)
    }
}

pub(super) fn is_current(point: &Point) -> bool {
    point.symbol() == Some(&Symbol::Current) && point.branch().is_none() && point.steps().is_none()
}
