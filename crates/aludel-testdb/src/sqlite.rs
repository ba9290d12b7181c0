//! SQLite needs no server: a database is a file.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A fresh, empty SQLite database in a folder of its own, so that its journals go with it.
///
/// # Panics
///
/// When the folder for temporary files cannot be written.
#[track_caller]
pub fn sqlite() -> SqliteFile {
    let created = tempfile::Builder::new()
        .prefix("aludel-sqlite-")
        .tempdir()
        .and_then(|folder| {
            let path = folder.path().join("test.db");
            std::fs::write(&path, "")?;
            Ok(SqliteFile {
                path,
                _folder: folder,
            })
        });
    match created {
        Ok(file) => file,
        Err(error) => panic!("cannot create a temporary SQLite file: {error}"),
    }
}

/// A SQLite database file that is removed when this value is dropped.
#[derive(Debug)]
pub struct SqliteFile {
    path: PathBuf,
    _folder: TempDir,
}

impl SqliteFile {
    /// The URL of the database: `sqlite://` and an absolute path.
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.path.display())
    }

    /// The file. A test about a missing file removes it.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_new_and_goes_away() {
        let (one, two) = (sqlite(), sqlite());
        assert_ne!(one.url(), two.url());
        assert!(one.url().starts_with("sqlite:///"), "{}", one.url());
        let path = one.path().to_owned();
        assert_eq!(std::fs::read(&path).unwrap(), b"");
        drop(one);
        assert!(!path.exists());
    }
}
