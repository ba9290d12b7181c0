//! An applied revision that is another one by now.

use crate::revision::RevisionId;
use std::path::PathBuf;

/// An applied revision whose statements were edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The revision.
    pub revision: RevisionId,
    /// Its file.
    pub path: PathBuf,
    /// From the text that was applied to the present one, in the form of `diff -u` without names of files. None if the text that
    /// was applied was not kept, since it is very long.
    pub difference: Option<String>,
}

/// `revision a1 was edited after it was applied`.
pub(super) fn summary(edits: &[Edit]) -> String {
    let ids: Vec<&str> = edits.iter().map(|it| it.revision.as_str()).collect();
    match ids.as_slice() {
        [id] => format!("revision {id} was edited after it was applied"),
        ids => format!(
            "{} revisions were edited after they were applied: {}",
            ids.len(),
            ids.join(", ")
        ),
    }
}
