//! Reading revision files, from a folder or from the program itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::header::{Header, Syntax};
use super::locations::{Locations, kind};
use super::rust_file;
use super::sql_file::SqlScript;
use super::{Body, Compiled, Embedded, HistoryError, Migrations, Script};
use crate::revision::{GraphError, RevisionId, RevisionMap};

/// All revisions of a project, and the graph they make.
#[derive(Clone, Debug)]
pub struct History {
    /// In the order of the folders, and within a folder of the names of the files.
    scripts: Vec<Script>,
    places: HashMap<RevisionId, usize>,
    map: RevisionMap,
    embedded: &'static [Embedded],
}

/// How a file on disk differs from what a program was built with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The file is on disk only.
    Added(PathBuf),
    /// Its text is another one.
    Changed(PathBuf),
    /// The file is in the program only.
    Removed(PathBuf),
}

impl Change {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Added(path) | Self::Changed(path) | Self::Removed(path) => path,
        }
    }
}

impl History {
    /// Reads a folder. Files of other kinds, hidden files and `mod.rs` are passed over.
    ///
    /// The order is that of the names of the files, however the operating system lists them. Of `.rs`
    /// files only the header is read, of `.sql` files the body is kept for later.
    ///
    /// # Errors
    ///
    /// A [`HistoryError`] that names the folder or the file: missing, unreadable, not text, a bad
    /// header, one identifier twice, or headers that make no sound graph.
    pub fn load(dir: &Path) -> Result<Self, HistoryError> {
        Self::load_from(&Locations::folder(dir))
    }

    /// Reads the folders of a project that has several, or has folders below folders.
    ///
    /// # Errors
    ///
    /// As [`History::load`], for any of the folders.
    pub fn load_from(locations: &Locations) -> Result<Self, HistoryError> {
        let mut scripts = Vec::new();
        for (path, kind) in locations.files()? {
            let text = read(&path)?;
            scripts.push(script(path, kind, Cow::Owned(text), None)?);
        }
        Self::new(scripts, &[])
    }

    /// Takes the files that were compiled into the program.
    ///
    /// # Errors
    ///
    /// As [`History::load`], but for what only a file system can do.
    pub fn embedded(migrations: &Migrations) -> Result<Self, HistoryError> {
        let mut files: Vec<&'static Embedded> = migrations.files().iter().collect();
        if !migrations.in_order {
            files.sort_by_key(|file| file.name);
        }
        let mut scripts = Vec::new();
        for file in files {
            let Some(kind) = kind(last(file.name)) else {
                continue;
            };
            let path = Path::new(migrations.dir()).join(file.name);
            let compiled = file
                .up
                .zip(file.down)
                .map(|(up, down)| Compiled { up, down });
            scripts.push(script(path, kind, Cow::Borrowed(file.text), compiled)?);
        }
        Self::new(scripts, migrations.files())
    }

    fn new(scripts: Vec<Script>, embedded: &'static [Embedded]) -> Result<Self, HistoryError> {
        let revisions = scripts
            .iter()
            .map(|script| script.header.revision())
            .collect();
        let map = RevisionMap::new(revisions).map_err(|error| with_files(error, &scripts))?;
        let places = scripts
            .iter()
            .enumerate()
            .map(|(i, script)| (script.header.id.clone(), i))
            .collect();
        Ok(Self {
            scripts,
            places,
            map,
            embedded,
        })
    }

    /// The graph of the revisions.
    pub fn map(&self) -> &RevisionMap {
        &self.map
    }

    /// The revision with exactly this identifier.
    pub fn script(&self, id: &RevisionId) -> Option<&Script> {
        self.places.get(id).map(|&place| &self.scripts[place])
    }

    /// All revisions, in the order of the names of their files.
    pub fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// How the files of a folder differ from those that were compiled in, in the order of their names.
    ///
    /// For a history that was read from disk, every file there is an added one.
    ///
    /// # Errors
    ///
    /// The folder or a file cannot be read.
    pub fn changes(&self, dir: &Path) -> Result<Vec<Change>, HistoryError> {
        self.changes_from(&Locations::folder(dir))
    }

    /// As [`History::changes`], for the folders of a project that has several, or has folders below folders.
    ///
    /// A file is known by its own name and text: what the folder above it was called at compile time does not matter.
    ///
    /// # Errors
    ///
    /// As [`History::changes`], for any of the folders.
    pub fn changes_from(&self, locations: &Locations) -> Result<Vec<Change>, HistoryError> {
        let mut built: BTreeMap<&str, Vec<&Embedded>> = BTreeMap::new();
        for file in self.embedded {
            let name = last(file.name);
            if kind(name).is_some() {
                built.entry(name).or_default().push(file);
            }
        }
        let mut unlike = Vec::new();
        for (path, _) in locations.files()? {
            let text = bytes(&path)?;
            let named = built.get_mut(name_of(&path));
            let same = |file: &&Embedded| file.text.as_bytes() == text;
            match named.and_then(|files| Some((files.iter().position(same)?, files))) {
                Some((place, files)) => drop(files.swap_remove(place)),
                None => unlike.push(path),
            }
        }
        let mut changes = Vec::new();
        for path in unlike {
            let other = built.get_mut(name_of(&path)).and_then(Vec::pop);
            changes.push(match other {
                Some(_) => Change::Changed(path),
                None => Change::Added(path),
            });
        }
        for file in built.into_values().flatten() {
            changes.push(Change::Removed(match locations.folders.as_slice() {
                [folder] => folder.join(file.name),
                _ => PathBuf::from(file.name),
            }));
        }
        changes.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(changes)
    }

    /// Whether the files of a folder differ from those that were compiled in.
    ///
    /// # Errors
    ///
    /// The folder or a file cannot be read.
    pub fn is_stale(&self, dir: &Path) -> Result<bool, HistoryError> {
        self.changes(dir).map(|changes| !changes.is_empty())
    }
}

/// The last part of an embedded file's name, which compilers write with `/` everywhere.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn name_of(path: &Path) -> &str {
    path.file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default()
}

fn bytes(path: &Path) -> Result<Vec<u8>, HistoryError> {
    fs::read(path).map_err(|source| HistoryError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

fn read(path: &Path) -> Result<String, HistoryError> {
    String::from_utf8(bytes(path)?).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|&&byte| byte == b'\n').count() + 1;
        HistoryError::NotText {
            path: path.to_owned(),
            line,
        }
    })
}

fn script(
    path: PathBuf,
    kind: Syntax,
    text: Cow<'static, str>,
    compiled: Option<Compiled>,
) -> Result<Script, HistoryError> {
    let header = match kind {
        Syntax::Rust => rust_file::identity(&text),
        Syntax::Sql => Header::parse(&text, kind),
    };
    let (body, rust) = match kind {
        Syntax::Rust => (Body::Rust(compiled), text),
        Syntax::Sql => (Body::Sql(SqlScript::new(text)), Cow::Borrowed("")),
    };
    match header {
        Ok(header) => Ok(Script {
            header,
            path,
            body,
            rust,
        }),
        Err(source) => Err(HistoryError::Header { path, source }),
    }
}

/// Tells in which files an unsound graph was written.
fn with_files(error: GraphError, scripts: &[Script]) -> HistoryError {
    if let GraphError::Duplicate {
        id,
        places: [first, second],
    } = error
    {
        let (first, second) = (scripts[first].path.clone(), scripts[second].path.clone());
        return HistoryError::Duplicate { id, first, second };
    }
    let at_fault = error.revisions();
    let is_at_fault = |script: &&Script| at_fault.contains(&&script.header.id);
    let paths = scripts
        .iter()
        .filter(is_at_fault)
        .map(|script| script.path.clone())
        .collect();
    HistoryError::Graph {
        paths,
        source: error,
    }
}

#[cfg(test)]
mod tests;
