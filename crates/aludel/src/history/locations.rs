//! Where revision files lie: one folder or several, with or without the folders below them.
//!
//! It knows names and places, and nothing of what stands in a file except whether it is a revision.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::HistoryError;
use super::header::{Header, Syntax};

/// The folders that hold a history.
///
/// The order among unrelated revisions is that of the folders as given, and within a folder that of the
/// names of the files. The folders below one follow its own files, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locations {
    /// The folders.
    pub folders: Vec<PathBuf>,
    /// Whether the folders below them are read, too.
    pub recursive: bool,
}

impl Locations {
    /// One folder, without those below it.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self {
            folders: vec![path.into()],
            recursive: false,
        }
    }

    /// The revision files, each once however many ways lead to it.
    ///
    /// A file met twice and a revision in a folder that is not read are told of as warnings under the
    /// target `aludel::history`: neither is an error in Alembic, and both are mostly mistakes.
    pub(super) fn files(&self) -> Result<Vec<(PathBuf, Syntax)>, HistoryError> {
        let mut search = Search {
            recursive: self.recursive,
            known: self.folders.iter().map(|folder| real(folder)).collect(),
            seen: BTreeSet::new(),
            files: Vec::new(),
        };
        for folder in &self.folders {
            search.folder(folder)?;
        }
        Ok(search.files)
    }
}

struct Search {
    recursive: bool,
    /// The folders that were given, by their real paths.
    known: BTreeSet<PathBuf>,
    /// The files that were found, by their real paths.
    seen: BTreeSet<PathBuf>,
    files: Vec<(PathBuf, Syntax)>,
}

impl Search {
    fn folder(&mut self, folder: &Path) -> Result<(), HistoryError> {
        let content = Content::of(folder)?;
        let place = real(folder);
        for (name, kind, link) in content.files {
            let path = folder.join(&name);
            let target = if link { real(&path) } else { place.join(&name) };
            if self.seen.insert(target) {
                self.files.push((path, kind));
            } else {
                tracing::warn!(
                    target: "aludel::history",
                    "File {} loaded twice! ignoring. Please ensure version_locations is unique.",
                    path.display()
                );
            }
        }
        for name in content.folders {
            let below = folder.join(name);
            if self.recursive {
                self.folder(&below)?;
            } else if !self.known.contains(&real(&below)) {
                warn_of_revisions(&below);
            }
        }
        Ok(())
    }
}

/// What a folder holds, by name, sorted, so that the operating system's order does not matter.
struct Content {
    /// Revision files by their names, and whether they are links to somewhere else.
    files: Vec<(String, Syntax, bool)>,
    /// Folders that are not hidden. Links to folders are not followed: they can lead in circles.
    folders: Vec<String>,
}

impl Content {
    fn of(folder: &Path) -> Result<Self, HistoryError> {
        let unreadable = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => HistoryError::NoFolder {
                path: folder.to_owned(),
            },
            _ => HistoryError::Unreadable {
                path: folder.to_owned(),
                source,
            },
        };
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // A name that is not text cannot be sorted among the others the same way everywhere.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let entry = entry.file_type().ok();
            if entry.is_some_and(|entry| entry.is_dir()) {
                if !name.starts_with('.') {
                    folders.push(name);
                }
            } else if let Some(kind) = kind(&name) {
                files.push((name, kind, entry.is_none_or(|entry| entry.is_symlink())));
            }
        }
        files.sort_by(|a, b| a.0.cmp(&b.0));
        folders.sort();
        Ok(Self { files, folders })
    }
}

/// How a file of this name is written, if it is a revision.
pub(super) fn kind(name: &str) -> Option<Syntax> {
    if name.starts_with('.') || name == "mod.rs" {
        return None;
    }
    match Path::new(name).extension()?.to_str()? {
        "rs" => Some(Syntax::Rust),
        "sql" => Some(Syntax::Sql),
        _ => None,
    }
}

/// Tells of a revision in a folder that is not read. Helpers that `.rs` files include lie in such
/// folders, too, so that only a file with the header of a revision counts.
fn warn_of_revisions(folder: &Path) {
    let recursive = Locations {
        folders: vec![folder.to_owned()],
        recursive: true,
    };
    // What cannot be read is no loss here: nobody has asked for it.
    let files = recursive.files().unwrap_or_default();
    let is_revision = |(path, kind): &(PathBuf, Syntax)| {
        fs::read_to_string(path).is_ok_and(|text| Header::parse(&text, *kind).is_ok())
    };
    let ignored: Vec<_> = files.into_iter().filter(is_revision).collect();
    if let Some((first, _)) = ignored.first() {
        tracing::warn!(
            target: "aludel::history",
            "{} is not read, nor are the other revisions below {} ({} in all): set `recursive_version_locations = true`, \
             or name the folder in `version_locations`",
            first.display(),
            folder.display(),
            ignored.len()
        );
    }
}

fn real(path: &Path) -> PathBuf {
    // A path that leads nowhere stands for itself: reading it gives the better error.
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests;
