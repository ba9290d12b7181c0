//! The file of a backup: its name, and how it comes to be there as a whole or not at all.

use super::{BackupError, begin};
use crate::error::{CliError, CliResult};
use aludel::revision::RevisionId;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempPath};

/// Where a backup goes.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// When it is taken.
    pub(super) time: String,
    /// Where the database stands.
    pub(super) revisions: String,
}

/// A file that is being written. What is not finished is gone when this is dropped; of a program that was killed, a file stays whose
/// name ends in `.part`.
pub(super) struct Draft {
    /// Where it is written.
    pub(super) path: TempPath,
    stem: String,
    ending: &'static str,
    folder: PathBuf,
}

impl Place {
    /// Begins a file, which nobody else may read.
    ///
    /// # Errors
    /// [`CliError::Io`] for a folder that cannot be written to.
    pub(super) fn draft(&self, database: &str, ending: &'static str) -> CliResult<Draft> {
        let stem = format!("{}-{}-{}", tame(database), self.time, self.revisions);
        begin(database, &self.folder.join(format!("{stem}.{ending}")));
        // The library makes files that are their owner's alone.
        let made = Builder::new()
            .prefix(&format!(".{stem}-"))
            .suffix(".part")
            .tempfile_in(&self.folder);
        let made = made.map_err(CliError::io("write into", &self.folder))?;
        Ok(Draft {
            path: made.into_temp_path(),
            stem,
            ending,
            folder: self.folder.clone(),
        })
    }
}

impl Draft {
    /// The file has its contents: it gets its name, or another where that is taken. Answers where it stands and its size.
    ///
    /// # Errors
    /// [`CliError::Io`]; no file is left then.
    pub(super) fn finish(self) -> CliResult<(PathBuf, u64)> {
        let Self {
            mut path,
            stem,
            ending,
            folder,
        } = self;
        let written = File::open(&path).and_then(|it| it.sync_all().and_then(|()| it.metadata()));
        let size = written
            .map_err(CliError::io("write", path.to_path_buf()))?
            .len();
        let mut number = 1;
        loop {
            let name = match number {
                1 => format!("{stem}.{ending}"),
                _ => format!("{stem}-{number}.{ending}"),
            };
            let wanted = folder.join(name);
            match path.persist_noclobber(&wanted) {
                Ok(()) => {
                    // The name itself is to outlive a loss of power; not every system lets a folder be synced.
                    let _ = File::open(&folder).and_then(|it| it.sync_all());
                    return Ok((wanted, size));
                }
                Err(error) if error.error.kind() == ErrorKind::AlreadyExists => path = error.path,
                Err(error) => return Err(CliError::io("write", wanted)(error.error)),
            }
            number += 1;
        }
    }
}

/// Makes the folder, and those above it, unless it is there.
pub(super) fn make_folder(folder: &Path) -> CliResult<()> {
    match fs::create_dir_all(folder) {
        Err(_) if folder.exists() && !folder.is_dir() => {
            let path = folder.to_path_buf();
            Err(BackupError::NoFolder { path }.into())
        }
        made => made.map_err(CliError::io("create the folder", folder)),
    }
}

/// Revisions as part of a name.
pub(super) fn revisions(current: &[RevisionId]) -> String {
    match current {
        [] => "base".into(),
        [one] => tame(one.as_str()),
        [first, second] => format!("{}+{}", tame(first.as_str()), tame(second.as_str())),
        [first, rest @ ..] => format!("{}+{}more", tame(first.as_str()), rest.len()),
    }
}

/// A name as part of a file's: nothing that leads to another folder, that hides it, or that is too long for one.
fn tame(name: &str) -> String {
    const MOST: usize = 60;
    let fits = |c: char| !c.is_control() && c != '/' && c != '\\';
    let name = name.chars().map(|c| if fits(c) { c } else { '_' });
    let mut tame = String::new();
    for c in name {
        if tame.len() + c.len_utf8() > MOST {
            break;
        }
        tame.push(c);
    }
    match tame.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None => tame,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        assert_eq!(tame("we\"ird db"), "we\"ird db");
        assert_eq!(tame("../a\nb"), "_._a_b");
        assert_eq!(tame(&"ä".repeat(200)).len(), 60);
        let ids = |them: &[&str]| -> Vec<RevisionId> {
            let ids = them.iter().map(|it| RevisionId::new(*it));
            ids.collect::<Result<_, _>>().unwrap()
        };
        assert_eq!(revisions(&[]), "base");
        assert_eq!(revisions(&ids(&["a1", "b2"])), "a1+b2");
        assert_eq!(revisions(&ids(&["a1", "b2", "c3"])), "a1+2more");
    }

    #[test]
    fn a_file_is_whole_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            folder: folder.path().to_path_buf(),
            time: "T".into(),
            revisions: "a1".into(),
        };
        let write = |text: &str| {
            let draft = place.draft("app", "sql").unwrap();
            fs::write(&draft.path, text).unwrap();
            draft.finish().unwrap()
        };
        assert_eq!(write("one").0, folder.path().join("app-T-a1.sql"));
        assert_eq!(write("three"), (folder.path().join("app-T-a1-2.sql"), 5));
        drop(place.draft("app", "sql").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
