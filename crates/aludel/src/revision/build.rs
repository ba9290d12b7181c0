//! Building the graph: the only place where a graph can be found unsound.

use std::collections::{BTreeMap, BTreeSet};

use super::error::GraphError;
use super::id::RevisionId;
use super::map::{Edges, Marks, Node, Revision, RevisionMap};

pub(super) fn build(revisions: Vec<Revision>) -> Result<RevisionMap, GraphError> {
    refuse_self_loops(&revisions)?;
    let mut names = name_revisions(&revisions)?;
    name_labels(&revisions, &mut names)?;
    let nodes = connect(revisions, &names)?;
    let mut map = RevisionMap {
        nodes,
        names,
        heads: Vec::new(),
        effective_heads: Vec::new(),
        bases: Vec::new(),
        effective_bases: Vec::new(),
    };
    refuse_cycles(&map)?;
    drop_inherited_dependencies(&mut map);
    find_ends(&mut map);
    spread_labels(&mut map);
    Ok(map)
}

fn refuse_self_loops(revisions: &[Revision]) -> Result<(), GraphError> {
    for revision in revisions {
        let id = &revision.id;
        if revision.down.contains(id) {
            return Err(GraphError::SelfLoop {
                revision: id.clone(),
                dependency: false,
            });
        }
        let own = |name: &String| name == id.as_str() || revision.labels.contains(name);
        if revision.depends_on.iter().any(own) {
            return Err(GraphError::SelfLoop {
                revision: id.clone(),
                dependency: true,
            });
        }
    }
    Ok(())
}

fn name_revisions(revisions: &[Revision]) -> Result<BTreeMap<String, usize>, GraphError> {
    let mut names = BTreeMap::new();
    for (n, revision) in revisions.iter().enumerate() {
        if let Some(first) = names.insert(revision.id.as_str().to_owned(), n) {
            return Err(GraphError::Duplicate {
                id: revision.id.clone(),
                places: [first, n],
            });
        }
    }
    Ok(names)
}

fn name_labels(
    revisions: &[Revision],
    names: &mut BTreeMap<String, usize>,
) -> Result<(), GraphError> {
    for (n, revision) in revisions.iter().enumerate() {
        for label in &revision.labels {
            if let Some(&used_by) = names.get(label) {
                return Err(GraphError::DuplicateLabel {
                    label: label.clone(),
                    revision: revision.id.clone(),
                    used_by: revisions[used_by].id.clone(),
                });
            }
            names.insert(label.clone(), n);
        }
    }
    Ok(())
}

fn connect(
    revisions: Vec<Revision>,
    names: &BTreeMap<String, usize>,
) -> Result<Vec<Node>, GraphError> {
    let mut edges = Vec::with_capacity(revisions.len());
    for revision in &revisions {
        let mut down = Vec::new();
        for parent in &revision.down {
            // A parent is named by its whole identifier: prefixes and labels are for people at a keyboard.
            let found = names
                .get(parent.as_str())
                .filter(|&&n| revisions[n].id == *parent);
            let Some(&n) = found else {
                let ids = revisions.iter().map(|revision| revision.id.as_str());
                return Err(GraphError::MissingParent {
                    revision: revision.id.clone(),
                    missing: parent.clone(),
                    candidates: near(parent.as_str(), ids),
                });
            };
            push_once(&mut down, n);
        }
        let mut dependencies = Vec::new();
        for name in &revision.depends_on {
            let Some(&n) = names.get(name) else {
                return Err(GraphError::MissingDependency {
                    revision: revision.id.clone(),
                    missing: name.clone(),
                    candidates: near(name, names.keys().map(String::as_str)),
                });
            };
            push_once(&mut dependencies, n);
        }
        edges.push((down, dependencies));
    }
    let mut nodes: Vec<Node> = revisions
        .into_iter()
        .zip(edges)
        .map(|(revision, (down, dependencies))| Node {
            labels: revision.labels.iter().cloned().collect(),
            revision,
            below: union(&down, &dependencies),
            own_dependencies: dependencies.clone(),
            down,
            dependencies,
            next: Vec::new(),
            above: Vec::new(),
        })
        .collect();
    for n in 0..nodes.len() {
        for below in nodes[n].below.clone() {
            nodes[below].above.push(n);
        }
        for down in nodes[n].down.clone() {
            nodes[down].next.push(n);
        }
    }
    Ok(nodes)
}

fn push_once(list: &mut Vec<usize>, n: usize) {
    if !list.contains(&n) {
        list.push(n);
    }
}

fn union(first: &[usize], second: &[usize]) -> Vec<usize> {
    let mut all = first.to_vec();
    for &n in second {
        push_once(&mut all, n);
    }
    all
}

fn refuse_cycles(map: &RevisionMap) -> Result<(), GraphError> {
    for (edges, dependency) in [(Edges::Versioned, false), (Edges::All, true)] {
        let revisions = circles(map, edges);
        if !revisions.is_empty() {
            return Err(GraphError::Cycle {
                revisions,
                dependency,
            });
        }
    }
    Ok(())
}

/// The revisions that lie on a circle, sorted by name.
///
/// What can be taken away from above or from below, layer by layer, lies on none. What remains lies
/// on a circle or between two, and is told apart by whether it can reach itself.
fn circles(map: &RevisionMap, edges: Edges) -> Vec<RevisionId> {
    fn up(node: &Node, edges: Edges) -> &[usize] {
        if edges == Edges::All {
            &node.above
        } else {
            &node.next
        }
    }
    fn down(node: &Node, edges: Edges) -> &[usize] {
        if edges == Edges::All {
            &node.below
        } else {
            &node.down
        }
    }
    let nodes = &map.nodes;
    let mut left = Marks::new(nodes.len());
    (0..nodes.len()).for_each(|n| {
        left.insert(n);
    });
    for (ahead, behind) in [(up as fn(_, _) -> _, down as fn(_, _) -> _), (down, up)] {
        let count = |n: usize| {
            behind(&nodes[n], edges)
                .iter()
                .filter(|&&b| left.contains(b))
                .count()
        };
        let mut open: Vec<usize> = (0..nodes.len()).map(count).collect();
        let mut todo: Vec<usize> = left.iter().filter(|&n| open[n] == 0).collect();
        while let Some(n) = todo.pop() {
            left.remove(n);
            for &next in ahead(&nodes[n], edges)
                .iter()
                .filter(|&&next| left.contains(next))
            {
                open[next] -= 1;
                if open[next] == 0 {
                    todo.push(next);
                }
            }
        }
    }
    let on_circle = |&n: &usize| map.up_from(up(&nodes[n], edges), edges).contains(n);
    let members: BTreeSet<RevisionId> = left
        .iter()
        .filter(on_circle)
        .map(|n| map.id(n).clone())
        .collect();
    members.into_iter().collect()
}

/// A dependency that an ancestor declares too says nothing new; it takes no part in plans.
fn drop_inherited_dependencies(map: &mut RevisionMap) {
    let mut declared_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (n, node) in map.nodes.iter().enumerate() {
        for &dependency in &node.dependencies {
            declared_by.entry(dependency).or_default().push(n);
        }
    }
    let shared: BTreeSet<usize> = declared_by
        .values()
        .filter(|by| by.len() > 1)
        .flatten()
        .copied()
        .collect();
    for n in shared {
        let parents = map.nodes[n].down.clone();
        let ancestors = map.down_from(&parents, Edges::Versioned);
        let inherited = |d: &usize| declared_by[d].iter().any(|&by| ancestors.contains(by));
        let own: Vec<usize> = map.nodes[n]
            .dependencies
            .iter()
            .copied()
            .filter(|d| !inherited(d))
            .collect();
        map.nodes[n].own_dependencies = own;
    }
    for node in &mut map.nodes {
        node.below = union(&node.down, &node.own_dependencies);
    }
}

fn find_ends(map: &mut RevisionMap) {
    let all = |test: fn(&Node) -> bool| -> Vec<usize> {
        (0..map.nodes.len())
            .filter(|&n| test(&map.nodes[n]))
            .collect()
    };
    let heads = all(|node| node.next.is_empty());
    let effective_heads = all(|node| node.above.is_empty());
    let bases = all(|node| node.down.is_empty());
    let effective_bases = all(|node| node.down.is_empty() && node.dependencies.is_empty());
    (map.heads, map.effective_heads) = (heads, effective_heads);
    (map.bases, map.effective_bases) = (bases, effective_bases);
}

/// A label belongs to everything above its revision, and to what lies below as long as the line is
/// a single one: from the head over the revision down to the first branch point or merge.
fn spread_labels(map: &mut RevisionMap) {
    let single = |node: &Node| node.above.len() <= 1 && !node.is_merge();
    for n in 0..map.nodes.len() {
        let own = map.nodes[n].revision.labels.clone();
        if own.is_empty() {
            continue;
        }
        let mut labelled: Vec<usize> = map.up_from(&[n], Edges::Versioned).iter().collect();
        if labelled.iter().all(|&above| single(&map.nodes[above])) {
            let mut at = n;
            while let [down] = map.nodes[at].down[..] {
                if !single(&map.nodes[down]) {
                    break;
                }
                labelled.push(down);
                at = down;
            }
        }
        for labelled in labelled {
            map.nodes[labelled].labels.extend(own.iter().cloned());
        }
    }
}

/// Names that differ from the given one by little: for "did you mean".
pub(super) fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut scored: Vec<(usize, &str)> = names
        .filter_map(|other| {
            let longer = name.chars().count().max(other.chars().count());
            let shares_start = name.len() > 3 && other.starts_with(name)
                || other.len() > 3 && name.starts_with(other);
            let distance = if shares_start {
                0
            } else {
                edit_distance(name, other, longer / 3)?
            };
            (other != name).then_some((distance, other))
        })
        .collect();
    scored.sort_unstable();
    scored
        .into_iter()
        .take(3)
        .map(|(_, other)| other.to_owned())
        .collect()
}

/// The edit distance of two names, if it is not above the limit.
pub(crate) fn edit_distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    Some(row[b.len()]).filter(|&distance| distance <= limit)
}
