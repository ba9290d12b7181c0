//! A history as a drawing in the terminal, newest first, as `git log --graph` draws commits.

use aludel::history::History;
use aludel::revision::RevisionId;
use renderdag::{Ancestor, GraphRowRenderer, Renderer as _};
use std::collections::BTreeSet;

/// Draws revisions, each of which stands before everything below it. What a revision follows is a line, what it depends on
/// a dotted one; `~` is where the part that is shown ends and the history goes on.
pub(crate) fn graph(
    history: &History,
    order: &[RevisionId],
    is_current: impl Fn(&RevisionId) -> bool,
    text: impl Fn(&RevisionId) -> String,
) -> String {
    let map = history.map();
    // A line is drawn to what is still to come, and to nothing else.
    let mut to_come: BTreeSet<&RevisionId> = order.iter().collect();
    let mut renderer = GraphRowRenderer::new()
        .output()
        .with_min_row_height(1)
        .build_box_drawing();
    let mut drawing = String::new();
    for id in order {
        to_come.remove(id);
        let down = map
            .get(id.as_str())
            .map_or(&[][..], |it| it.down.as_slice());
        let mut below: Vec<Ancestor<&str>> = Vec::new();
        for parent in down {
            below.push(match to_come.contains(parent) {
                true => Ancestor::Parent(parent.as_str()),
                false => Ancestor::Anonymous,
            });
        }
        for dependency in map.own_dependencies(id.as_str()) {
            if to_come.contains(dependency) && !down.contains(dependency) {
                below.push(Ancestor::Ancestor(dependency.as_str()));
            }
        }
        let glyph = if is_current(id) { "@" } else { "○" };
        let row = renderer.next_row(id.as_str(), below, glyph.into(), text(id));
        drawing.push_str(&row);
    }
    drawing
}
