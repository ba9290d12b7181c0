//! Revisions for people and for programs: a line, a block, or JSON.
//!
//! In JSON a revision is an object of `id`, `down` (what it follows), `depends_on`, `labels` (its own and those that spread to
//! it), `message` (whole), `create_date`, `path`, and the marks `head`, `effective_head`, `branchpoint`, `mergepoint` and
//! `current`, which is null where the database was not asked. Every answer is an object, so that it can grow.

use aludel::history::{Header, History, Script};
use aludel::revision::{Revision, RevisionId};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Shows the revisions of a history.
pub(crate) struct Show<'h> {
    history: &'h History,
    /// The rows of the version table, if the database was asked.
    current: Option<BTreeSet<RevisionId>>,
    /// The present folder, to which the paths of the history are relative.
    here: &'h Path,
}

/// What stands in a line beside the identifier.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts {
    /// What it follows, in front.
    pub(crate) down: bool,
    /// Its labels.
    pub(crate) labels: bool,
    /// Whether it is a branch point or a merge point.
    pub(crate) tree: bool,
    /// The first paragraph of its message.
    pub(crate) doc: bool,
}

impl<'h> Show<'h> {
    pub(crate) fn new(history: &'h History, here: &'h Path) -> Self {
        Self {
            history,
            current: None,
            here,
        }
    }

    /// The same, marking what is current.
    pub(crate) fn current(mut self, rows: &[RevisionId]) -> Self {
        self.current = Some(rows.iter().cloned().collect());
        self
    }

    /// Whether the database stands there, as far as it was asked.
    pub(crate) fn is_current(&self, id: &RevisionId) -> bool {
        self.current.as_ref().is_some_and(|it| it.contains(id))
    }

    /// `<base> -> 5f1d0a2b3c4e (head), Create patients`.
    pub(crate) fn line(&self, id: &RevisionId, parts: Parts) -> String {
        let map = self.history.map();
        let mut line = String::new();
        let Some(revision) = map.get(id.as_str()) else {
            return format!("{id}\n");
        };
        if parts.down {
            line.push_str(&down(revision));
            if !revision.depends_on.is_empty() {
                line.push_str(&format!(" ({})", revision.depends_on.join(", ")));
            }
            line.push_str(" -> ");
        }
        line.push_str(id.as_str());
        let labels = map.labels(id.as_str());
        if parts.labels && !labels.is_empty() {
            line.push_str(&format!(" ({})", labels.join(", ")));
        }
        let head = map.is_head(id.as_str());
        let effective = map.is_effective_head(id.as_str());
        let marks = [
            (" (head)", effective),
            (" (effective head)", head && !effective),
            (" (current)", self.is_current(id)),
            (
                " (branchpoint)",
                parts.tree && map.is_branchpoint(id.as_str()),
            ),
            (
                " (mergepoint)",
                parts.tree && map.is_mergepoint(id.as_str()),
            ),
        ];
        for (mark, _) in marks.iter().filter(|(_, is)| *is) {
            line.push_str(mark);
        }
        if parts.doc && !revision.doc.is_empty() {
            line.push_str(&format!(", {}", revision.doc));
        }
        line.push('\n');
        line
    }

    /// The long form: a line for each thing, the header behind a margin, an empty line.
    pub(crate) fn block(&self, id: &RevisionId) -> String {
        let map = self.history.map();
        let (Some(revision), Some(script)) = (map.get(id.as_str()), self.history.script(id)) else {
            return format!("Rev: {id}\n\n");
        };
        let merges = map.is_mergepoint(id.as_str());
        let branches = map.is_branchpoint(id.as_str());
        let marks = [
            (" (head)", map.is_head(id.as_str())),
            (" (branchpoint)", branches),
            (" (mergepoint)", merges),
            (" (current)", self.is_current(id)),
        ];
        let marks: String = marks.iter().filter(|(_, is)| *is).map(|it| it.0).collect();
        let mut text = format!("Rev: {id}{marks}\n");
        let word = if merges { "Merges" } else { "Parent" };
        text.push_str(&format!("{word}: {}\n", down(revision)));
        if !revision.depends_on.is_empty() {
            text.push_str(&format!(
                "Also depends on: {}\n",
                revision.depends_on.join(", ")
            ));
        }
        if branches {
            let into: Vec<&str> = map
                .children(id.as_str())
                .iter()
                .map(|it| it.as_str())
                .collect();
            text.push_str(&format!("Branches into: {}\n", into.join(", ")));
        }
        let labels = map.labels(id.as_str());
        if !labels.is_empty() {
            text.push_str(&format!("Branch names: {}\n", labels.join(", ")));
        }
        text.push_str(&format!("Path: {}\n\n", self.path(script).display()));
        // As Alembic prints it: empty lines are indented too.
        for line in header(&script.header).lines() {
            text.push_str(&format!("    {line}\n"));
        }
        text.push('\n');
        text
    }

    /// For programs.
    pub(crate) fn json(&self, id: &RevisionId) -> Option<RevisionJson> {
        let map = self.history.map();
        let script = self.history.script(id)?;
        let header = &script.header;
        let texts = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect();
        Some(RevisionJson {
            id: id.to_string(),
            down: texts(&header.down),
            depends_on: header.depends_on.clone(),
            labels: map
                .labels(id.as_str())
                .iter()
                .map(ToString::to_string)
                .collect(),
            message: header.message.clone(),
            create_date: header.create_date.clone(),
            path: self.path(script),
            head: map.is_effective_head(id.as_str()),
            effective_head: map.is_head(id.as_str()) && !map.is_effective_head(id.as_str()),
            branchpoint: map.is_branchpoint(id.as_str()),
            mergepoint: map.is_mergepoint(id.as_str()),
            current: self.current.as_ref().map(|it| it.contains(id)),
        })
    }

    /// Whole, so that an editor finds it from anywhere.
    fn path(&self, script: &Script) -> PathBuf {
        self.here.join(&script.path)
    }
}

/// A revision, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct RevisionJson {
    id: String,
    down: Vec<String>,
    depends_on: Vec<String>,
    labels: Vec<String>,
    message: String,
    create_date: Option<String>,
    path: PathBuf,
    head: bool,
    effective_head: bool,
    branchpoint: bool,
    mergepoint: bool,
    current: Option<bool>,
}

/// The answer of commands that list revisions.
#[derive(Debug, Serialize)]
pub(crate) struct RevisionsJson {
    /// In the order in which the command prints them.
    pub(crate) revisions: Vec<RevisionJson>,
}

fn down(revision: &Revision) -> String {
    match revision.down.as_slice() {
        [] => "<base>".to_string(),
        ids => comma(ids),
    }
}

fn comma(ids: &[RevisionId]) -> String {
    let ids: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    ids.join(", ")
}

/// The header as it stands in the file, without comment marks.
fn header(header: &Header) -> String {
    let mut text = format!("{}\n\nRevision ID: {}\n", header.message, header.id);
    for (key, value) in [
        ("Revises", comma(&header.down)),
        ("Branch Labels", header.labels.join(", ")),
        ("Depends On", header.depends_on.join(", ")),
        (
            "Create Date",
            header.create_date.clone().unwrap_or_default(),
        ),
    ] {
        if !value.is_empty() {
            text.push_str(&format!("{key}: {value}\n"));
        }
    }
    text.trim_start().to_string()
}
