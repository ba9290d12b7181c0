//! SQLite needs no server: a database is a file.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::client::run_script;
use crate::find::find_sqlite3;

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

    /// Runs a script by SQLite's command line, up to the first statement that fails. Answers the rows, with `|` between the columns and
    /// without the last line's end. A test that can do without asks [`find_sqlite3`] first.
    ///
    /// # Panics
    ///
    /// When a statement fails, with what `sqlite3` said, or when it is not installed.
    #[track_caller]
    pub fn sql(&self, sql: &str) -> String {
        match self.try_sql(sql) {
            Ok(rows) => rows,
            Err(error) => panic!("sqlite3: {error}\nin: {sql}"),
        }
    }

    /// Like [`SqliteFile::sql`], for a test that expects a failure.
    ///
    /// # Errors
    ///
    /// What `sqlite3` said when a statement failed.
    pub fn try_sql(&self, sql: &str) -> Result<String, String> {
        let program = find_sqlite3().ok_or(
            "it is not installed; its package is called sqlite3, or sqlite in dnf, apk and pacman",
        )?;
        let mut command = Command::new(program);
        // `-init` keeps it from reading the user's own settings.
        command.args(["-batch", "-bail", "-init", "/dev/null"]);
        run_script(command.arg(&self.path), sql)
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

    #[test]
    fn a_script_is_run_up_to_the_first_failure() {
        if find_sqlite3().is_none() {
            return;
        }
        let file = sqlite();
        let rows = file.sql(
            "CREATE TABLE a (id, b); INSERT INTO a VALUES (1, 'é'), (2, NULL); SELECT * FROM a;",
        );
        assert_eq!(rows, "1|é\n2|");
        let error = file.try_sql("SELEKT 1;\nDELETE FROM a;").unwrap_err();
        assert!(error.contains("syntax error"), "{error}");
        assert_eq!(file.sql("SELECT count(*) FROM a"), "2");
    }
}
