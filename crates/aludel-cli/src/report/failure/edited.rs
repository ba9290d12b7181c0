//! Words for applied revisions that were edited.

use super::Said;
use crate::report::edited::lines;
use aludel::{Edit, Error};

/// How much of a difference is shown.
const MOST_LINES: usize = 60;

pub(super) fn of_edits(error: &Error, edits: &[Edit]) -> Said {
    let mut said = Said::new(error);
    for edit in edits {
        said.details.push(lines(edit, MOST_LINES).join("\n"));
    }
    let ids: Vec<&str> = edits.iter().map(|it| it.revision.as_str()).collect();
    let (file, it) = match ids.len() {
        1 => ("the file", "it is"),
        _ => ("the files", "they are"),
    };
    said.hint(format!(
        "bring {file} back to what was applied, or accept {file} as {it} now: `aludel repair {}`",
        ids.join(" ")
    ))
}
