//! The order of revisions in a plan, from the top down.
//!
//! It follows one branch down as long as nothing else that is still to come stands upon it, and
//! takes the branches in load order. So it depends on names of files alone, never on dates or hashes.

use super::map::{Edges, Marks, RevisionMap};

/// A place where the walk can go on.
struct Front {
    at: usize,
    /// Everything at or below it.
    below: Marks,
}

impl RevisionMap {
    /// Orders a set of revisions, each before everything below it, starting at the given heads.
    pub(super) fn top_down(&self, mut todo: Marks, heads: &[usize]) -> Vec<usize> {
        let mut order = Vec::new();
        let mut starts: Vec<usize> = heads
            .iter()
            .copied()
            .filter(|&n| todo.contains(n))
            .collect();
        starts.sort_unstable();
        starts.dedup();
        self.descend(starts, &mut todo, &mut order);
        // Heads that do not cover the set would leave something over; it is taken from its own tops.
        while !todo.is_empty() {
            let rest: Vec<usize> = todo.iter().collect();
            self.descend(self.maximal_of(&rest), &mut todo, &mut order);
        }
        order
    }

    fn descend(&self, starts: Vec<usize>, todo: &mut Marks, order: &mut Vec<usize>) {
        let mut waiting = Marks::new(self.nodes.len());
        let mut fronts: Vec<Front> = Vec::new();
        for at in starts {
            waiting.insert(at);
            fronts.push(self.front(at));
        }
        let mut current = 0;
        while let Some(front) = fronts.get(current) {
            let at = front.at;
            let other_above = fronts
                .iter()
                .enumerate()
                .position(|(i, other)| i != current && other.below.contains(at));
            if let Some(other) = other_above {
                current = other;
                continue;
            }
            if todo.contains(at) {
                order.push(at);
                todo.remove(at);
            }
            let node = &self.nodes[at];
            let next: Vec<usize> = node
                .below
                .iter()
                .copied()
                .filter(|&n| todo.contains(n) && !waiting.contains(n))
                .collect();
            waiting.remove(at);
            next.iter().for_each(|&n| {
                waiting.insert(n);
            });
            match next.split_first() {
                None => {
                    fronts.remove(current);
                    current = current.saturating_sub(1);
                }
                // On a plain line what lies below stays the same but for the revision just passed.
                Some((&first, [])) if node.below.len() == 1 => {
                    fronts[current].at = first;
                    fronts[current].below.remove(at);
                }
                Some((&first, rest)) => {
                    fronts[current] = self.front(first);
                    fronts.extend(rest.iter().map(|&n| self.front(n)));
                }
            }
        }
    }

    fn front(&self, at: usize) -> Front {
        Front {
            at,
            below: self.down_from(&[at], Edges::All),
        }
    }
}
