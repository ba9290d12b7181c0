//! Which revisions `rebase` moves, and onto what. It knows the graph alone, neither files nor databases.

use crate::error::{CliError, CliResult};
use aludel::revision::{Applied, RevisionId, RevisionMap, Target};
use std::collections::BTreeSet;

/// A line of revisions that no other branch shares.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From the lowest up; at least one.
    pub(super) revisions: Vec<RevisionId>,
    /// What the lowest follows; none if it is a base.
    pub(super) from: Option<RevisionId>,
    /// The head that it is to follow.
    pub(super) onto: RevisionId,
}

const NAME_ONE: &str = "name a revision of the branch that is to move: `aludel rebase REVISION`";

impl Line {
    /// Finds the local line and the head to move it onto. Of two heads the local one is that which is not applied.
    ///
    /// # Errors
    /// There is nothing to move, more than one thing could be meant, or what was named is no line.
    pub(super) fn find(
        map: &RevisionMap,
        revision: Option<&Target>,
        onto: Option<&Target>,
        applied: Option<&Applied>,
    ) -> CliResult<Self> {
        let heads = map.heads();
        if heads.len() < 2 {
            return Err(refused("there is nothing to rebase: the history has not forked", &heads, "`aludel history --graph` draws it"));
        }
        let onto = onto.map(|it| head(map, it)).transpose()?;
        if heads.len() > 2 && onto.is_none() {
            let message = "there are more than two heads: say which one to move onto";
            return Err(refused(message, &heads, "`aludel rebase REVISION --onto HEAD`"));
        }
        let local = match revision {
            Some(target) => head_above(map, target)?,
            None => local_head(&heads, onto.as_ref(), applied)?,
        };
        let other = |it: &&&RevisionId| ***it != local;
        let onto = match onto {
            Some(onto) => onto,
            None => heads.iter().find(other).map_or_else(|| local.clone(), |it| (*it).clone()),
        };
        if onto == local {
            return Err(refused("there is nothing to rebase: the branch ends at that head already", &[&onto], NAME_ONE));
        }
        Self::between(map, local, onto)
    }

    /// What lies below one head and not below the other.
    fn between(map: &RevisionMap, local: RevisionId, onto: RevisionId) -> CliResult<Self> {
        let shared = below(map, &onto);
        let mut revisions = vec![local];
        let from = loop {
            let at = &revisions[revisions.len() - 1];
            let down = map.get(at.as_str()).map_or(&[][..], |it| it.down.as_slice());
            let is_fork = map.is_branchpoint(at.as_str());
            if is_fork || down.len() > 1 {
                let what = if is_fork { "several others follow it" } else { "it is a merge" };
                let message = format!("only a line of revisions can be moved, and {at} is not on one: {what}");
                return Err(refused(&message, &[], "`aludel merge heads` joins the heads instead"));
            }
            match down.first() {
                Some(parent) if !shared.contains(parent) => revisions.push(parent.clone()),
                parent => break parent.cloned(),
            }
        };
        revisions.reverse();
        Ok(Self { revisions, from, onto })
    }

    /// The revision whose file changes.
    pub(super) fn lowest(&self) -> &RevisionId {
        &self.revisions[0]
    }
}

/// A head that was named.
fn head(map: &RevisionMap, target: &Target) -> CliResult<RevisionId> {
    match map.resolve_one(target)? {
        Some(id) if map.is_head(id.as_str()) => Ok(id),
        _ => Err(refused(
            &format!("{target} is not a head revision"),
            &map.heads(),
            "`--onto` takes one of the heads",
        )),
    }
}

/// The one head above a revision that was named.
fn head_above(map: &RevisionMap, target: &Target) -> CliResult<RevisionId> {
    let Some(id) = map.resolve_one(target)? else {
        return Err(refused(&format!("{target} is no revision that could be moved"), &[], NAME_ONE));
    };
    let heads = map.heads();
    let above: Vec<&RevisionId> = heads.into_iter().filter(|it| below(map, it).contains(&id)).collect();
    match above.as_slice() {
        [one] => Ok((*one).clone()),
        several => Err(refused(&format!("{id} lies below several heads"), several, NAME_ONE)),
    }
}

/// The head that is not applied, among those that could move.
fn local_head(
    heads: &[&RevisionId],
    onto: Option<&RevisionId>,
    applied: Option<&Applied>,
) -> CliResult<RevisionId> {
    let could: Vec<&RevisionId> = heads.iter().copied().filter(|it| Some(*it) != onto).collect();
    if let [only] = could.as_slice() {
        return Ok((*only).clone());
    }
    let Some(applied) = applied else {
        return Err(refused("without a database, which revisions are local cannot be told", &could, NAME_ONE));
    };
    let is_local = |it: &&&RevisionId| !applied.contains(it.as_str());
    let local: Vec<&RevisionId> = could.iter().filter(is_local).copied().collect();
    match local.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(refused("there is nothing to rebase: all heads are applied", &could, "`aludel merge heads` joins them")),
        several => Err(refused("several heads are not applied, so that any of them could be the local one", several, NAME_ONE)),
    }
}

/// A revision and all that it follows, in however many steps.
fn below(map: &RevisionMap, id: &RevisionId) -> BTreeSet<RevisionId> {
    let mut found = BTreeSet::new();
    let mut todo = vec![id.clone()];
    while let Some(id) = todo.pop() {
        let down = map.get(id.as_str()).map_or(&[][..], |it| it.down.as_slice());
        if found.insert(id) {
            todo.extend_from_slice(down);
        }
    }
    found
}

fn refused(message: &str, about: &[&RevisionId], hint: &'static str) -> CliError {
    CliError::Refused {
        message: message.into(),
        details: about.iter().map(ToString::to_string).collect(),
        hint,
    }
}
