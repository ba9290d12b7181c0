//! The graph: validated when built, immutable after. Inside, revisions are numbers in load order.

use std::collections::{BTreeMap, BTreeSet};

use super::error::GraphError;
use super::id::{Applied, Heads, RevisionId};

/// One revision, as its header describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its name.
    pub id: RevisionId,
    /// The revisions that it follows: none for a base, several for a merge.
    pub down: Vec<RevisionId>,
    /// Identifiers or branch labels of revisions that must be applied before it.
    pub depends_on: Vec<String>,
    /// The names that it gives to its branch.
    pub labels: Vec<String>,
    /// The first paragraph of its message, on one line.
    pub doc: String,
}

impl Revision {
    /// A base without labels, dependencies or message.
    pub fn new(id: RevisionId) -> Self {
        Self {
            id,
            down: Vec::new(),
            depends_on: Vec::new(),
            labels: Vec::new(),
            doc: String::new(),
        }
    }

    /// The same, following one revision more.
    #[must_use]
    pub fn follows(mut self, id: RevisionId) -> Self {
        self.down.push(id);
        self
    }
}

/// A revision inside the map.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub revision: Revision,
    /// The revisions it follows, each once.
    pub down: Vec<usize>,
    /// What it depends on.
    pub dependencies: Vec<usize>,
    /// What it depends on, without that which an ancestor depends on already.
    pub own_dependencies: Vec<usize>,
    /// `down` and `own_dependencies`, each once.
    pub below: Vec<usize>,
    /// The revisions that follow it.
    pub next: Vec<usize>,
    /// The revisions that follow it or depend on it.
    pub above: Vec<usize>,
    /// Its own labels and those that spread to it.
    pub labels: BTreeSet<String>,
}

/// Which edges a walk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edges {
    /// What follows what.
    Versioned,
    /// And what depends on what.
    All,
}

/// All revisions of a history, and how they hang together.
///
/// "Head" and "base" count what revisions follow; "effective" heads and bases count dependencies too.
/// Lists are in load order.
#[derive(Clone, Debug)]
pub struct RevisionMap {
    pub(super) nodes: Vec<Node>,
    /// Identifiers and labels.
    pub(super) names: BTreeMap<String, usize>,
    pub(super) heads: Vec<usize>,
    pub(super) effective_heads: Vec<usize>,
    pub(super) bases: Vec<usize>,
    pub(super) effective_bases: Vec<usize>,
}

impl RevisionMap {
    /// Builds the graph from revisions in load order, which decides the order among unrelated ones.
    ///
    /// # Errors
    ///
    /// A duplicate identifier or label, a missing parent or dependency, a loop or a circle.
    pub fn new(revisions: Vec<Revision>) -> Result<Self, GraphError> {
        super::build::build(revisions)
    }

    /// Whether the graph would still be sound with one revision more, which can be asked before its file is written.
    ///
    /// # Errors
    ///
    /// As [`RevisionMap::new`].
    pub fn allows(&self, revision: Revision) -> Result<(), GraphError> {
        let mut revisions: Vec<Revision> = self.iter().cloned().collect();
        revisions.push(revision);
        Self::new(revisions).map(drop)
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no revision.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All revisions, in load order.
    pub fn iter(&self) -> impl Iterator<Item = &Revision> {
        self.nodes.iter().map(|node| &node.revision)
    }

    /// The revision with exactly this identifier.
    pub fn get(&self, id: &str) -> Option<&Revision> {
        self.node(id).map(|node| &node.revision)
    }

    /// Whether there is a revision with exactly this identifier.
    pub fn contains(&self, id: &str) -> bool {
        self.node(id).is_some()
    }

    /// Revisions that no other follows.
    pub fn heads(&self) -> Vec<&RevisionId> {
        self.ids(&self.heads)
    }

    /// Revisions that no other follows or depends on.
    pub fn effective_heads(&self) -> Vec<&RevisionId> {
        self.ids(&self.effective_heads)
    }

    /// Revisions that follow none.
    pub fn bases(&self) -> Vec<&RevisionId> {
        self.ids(&self.bases)
    }

    /// Revisions that follow none and depend on none.
    pub fn effective_bases(&self) -> Vec<&RevisionId> {
        self.ids(&self.effective_bases)
    }

    /// Revisions that follow this one.
    pub fn children(&self, id: &str) -> Vec<&RevisionId> {
        self.node(id)
            .map_or_else(Vec::new, |node| self.ids(&node.next))
    }

    /// Revisions that follow this one or depend on it.
    pub fn dependents(&self, id: &str) -> Vec<&RevisionId> {
        self.node(id)
            .map_or_else(Vec::new, |node| self.ids(&node.above))
    }

    /// Revisions that this one depends on, labels resolved.
    pub fn dependencies(&self, id: &str) -> Vec<&RevisionId> {
        self.node(id)
            .map_or_else(Vec::new, |node| self.ids(&node.dependencies))
    }

    /// Revisions that this one depends on, without those that an ancestor depends on already.
    pub fn own_dependencies(&self, id: &str) -> Vec<&RevisionId> {
        self.node(id)
            .map_or_else(Vec::new, |node| self.ids(&node.own_dependencies))
    }

    /// The branch labels of a revision: its own, and those that spread to it.
    ///
    /// A label spreads to everything above, and below as long as nothing branches or merges.
    pub fn labels(&self, id: &str) -> Vec<&str> {
        self.node(id).map_or_else(Vec::new, |node| {
            node.labels.iter().map(String::as_str).collect()
        })
    }

    /// Whether no revision follows this one.
    pub fn is_head(&self, id: &str) -> bool {
        self.node(id).is_some_and(|node| node.next.is_empty())
    }

    /// Whether no revision follows this one or depends on it.
    pub fn is_effective_head(&self, id: &str) -> bool {
        self.node(id).is_some_and(|node| node.above.is_empty())
    }

    /// Whether this revision follows none.
    pub fn is_base(&self, id: &str) -> bool {
        self.node(id).is_some_and(|node| node.down.is_empty())
    }

    /// Whether several revisions follow this one.
    pub fn is_branchpoint(&self, id: &str) -> bool {
        self.node(id).is_some_and(|node| node.next.len() > 1)
    }

    /// Whether this revision follows several.
    pub fn is_mergepoint(&self, id: &str) -> bool {
        self.node(id).is_some_and(Node::is_merge)
    }

    /// Everything that must be applied before these revisions, and themselves.
    ///
    /// Identifiers that do not exist are passed over.
    pub fn ancestors<S: AsRef<str>>(&self, ids: &[S]) -> Applied {
        self.closure(ids, |map, starts| map.down_from(starts, Edges::All))
    }

    /// Everything that stands upon these revisions, and themselves.
    ///
    /// Identifiers that do not exist are passed over.
    pub fn descendants<S: AsRef<str>>(&self, ids: &[S]) -> Applied {
        self.closure(ids, |map, starts| map.up_from(starts, Edges::All))
    }

    /// What the rows of a version table stand for: themselves and everything below.
    ///
    /// # Errors
    ///
    /// [`GraphError::UnknownRow`] if a row names no revision.
    pub fn applied<S: AsRef<str>>(&self, rows: &[S]) -> Result<Applied, GraphError> {
        let rows = self.resolve_rows(rows)?;
        let marks = self.down_from(&rows, Edges::All);
        Ok(self.marked(&marks))
    }

    /// The members of a set above which no other member stands: the rows that describe the set.
    pub fn maximal<S: AsRef<str>>(&self, ids: &[S]) -> Heads {
        let members: Vec<usize> = ids
            .iter()
            .filter_map(|id| self.index(id.as_ref()))
            .collect();
        self.maximal_of(&members)
            .into_iter()
            .map(|n| self.id(n).clone())
            .collect()
    }

    fn closure<S: AsRef<str>>(
        &self,
        ids: &[S],
        walk: impl Fn(&Self, &[usize]) -> Marks,
    ) -> Applied {
        let starts: Vec<usize> = ids
            .iter()
            .filter_map(|id| self.index(id.as_ref()))
            .collect();
        self.marked(&walk(self, &starts))
    }

    fn marked(&self, marks: &Marks) -> Applied {
        marks.iter().map(|n| self.id(n).clone()).collect()
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.names
            .get(id)
            .copied()
            .filter(|&n| self.id(n).as_str() == id)
    }

    fn node(&self, id: &str) -> Option<&Node> {
        self.index(id).map(|n| &self.nodes[n])
    }

    pub(super) fn id(&self, n: usize) -> &RevisionId {
        &self.nodes[n].revision.id
    }

    fn ids(&self, list: &[usize]) -> Vec<&RevisionId> {
        list.iter().map(|&n| self.id(n)).collect()
    }

    pub(super) fn cloned(&self, list: &[usize]) -> Vec<RevisionId> {
        list.iter().map(|&n| self.id(n).clone()).collect()
    }

    /// These revisions and everything below them.
    pub(super) fn down_from(&self, starts: &[usize], edges: Edges) -> Marks {
        self.reach(starts, |node| match edges {
            Edges::Versioned => &node.down,
            Edges::All => &node.below,
        })
    }

    /// These revisions and everything above them.
    pub(super) fn up_from(&self, starts: &[usize], edges: Edges) -> Marks {
        self.reach(starts, |node| match edges {
            Edges::Versioned => &node.next,
            Edges::All => &node.above,
        })
    }

    fn reach<'a>(&'a self, starts: &[usize], edges: impl Fn(&'a Node) -> &'a [usize]) -> Marks {
        let mut marks = Marks::new(self.nodes.len());
        let mut todo = starts.to_vec();
        while let Some(n) = todo.pop() {
            if marks.insert(n) {
                todo.extend_from_slice(edges(&self.nodes[n]));
            }
        }
        marks
    }

    /// The members above which no other member stands, each once, in the order given.
    pub(super) fn maximal_of(&self, members: &[usize]) -> Vec<usize> {
        let mut seen = Marks::new(self.nodes.len());
        let mut kept: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&n| seen.insert(n))
            .collect();
        if kept.len() > 1 {
            let parents: Vec<usize> = kept
                .iter()
                .flat_map(|&n| self.nodes[n].below.iter().copied())
                .collect();
            let covered = self.down_from(&parents, Edges::All);
            kept.retain(|&n| !covered.contains(n));
        }
        kept
    }
}

impl Node {
    pub(super) fn is_merge(&self) -> bool {
        self.revision.down.len() > 1
    }
}

/// A set of revisions inside the map, one bit for each.
#[derive(Clone, Debug)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    pub(super) fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    /// Adds a member; whether it is new.
    pub(super) fn insert(&mut self, n: usize) -> bool {
        let (word, bit) = (n / 64, 1 << (n % 64));
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    pub(super) fn remove(&mut self, n: usize) {
        self.0[n / 64] &= !(1 << (n % 64));
    }

    pub(super) fn contains(&self, n: usize) -> bool {
        self.0[n / 64] & (1 << (n % 64)) != 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(super) fn subtract(&mut self, other: &Self) {
        for (word, taken) in self.0.iter_mut().zip(&other.0) {
            *word &= !taken;
        }
    }

    pub(super) fn unite(&mut self, other: &Self) {
        for (word, added) in self.0.iter_mut().zip(&other.0) {
            *word |= added;
        }
    }

    pub(super) fn intersect(&mut self, other: &Self) {
        for (word, kept) in self.0.iter_mut().zip(&other.0) {
            *word &= kept;
        }
    }

    /// The members, in load order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(i, &word)| {
            (0..64)
                .filter(move |bit| word & (1 << bit) != 0)
                .map(move |bit| i * 64 + bit)
        })
    }
}
