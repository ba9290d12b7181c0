//! Backups: taken before a run, each with the command that restores it. What is particular to a database is in its own file; a backup
//! is whole or not there, never overwrites another, and is its owner's alone to read.

use crate::error::CliResult;
use crate::report;
use crate::session::Session;
use aludel::db::{DbUrl, Kind};
use aludel::revision::RevisionId;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

mod child;
mod error;
mod file;
mod mysql;
mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

pub(crate) use error::BackupError;

/// A backup that is to be taken.
pub(crate) struct Backup {
    url: DbUrl,
    folder: PathBuf,
    now: Timestamp,
}

/// A backup that was taken.
pub(crate) struct Taken {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The command that restores it, for a shell.
    pub(crate) restore: String,
}

impl Backup {
    /// A backup into a folder, which is made when it is taken.
    ///
    /// # Errors
    /// [`BackupError::NoFolder`] if something else stands there.
    pub(crate) fn new(session: &Session<'_>, url: DbUrl, folder: PathBuf) -> CliResult<Self> {
        let folder = session.here.join(folder);
        if folder.exists() && !folder.is_dir() {
            return Err(BackupError::NoFolder { path: folder }.into());
        }
        let now = session.now()?;
        Ok(Self { url, folder, now })
    }

    /// Takes it, of a database that stands at these revisions.
    ///
    /// # Errors
    /// [`BackupError`], and what the database says.
    pub(crate) async fn take(&self, current: &[RevisionId]) -> CliResult<Taken> {
        file::make_folder(&self.folder)?;
        let place = file::Place {
            folder: self.folder.clone(),
            time: self.now.strftime("%Y%m%dT%H%M%SZ").to_string(),
            revisions: file::revisions(current),
        };
        match self.url.kind() {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite => sqlite::take(&self.url, place).await,
            #[cfg(not(feature = "sqlite"))]
            Kind::Sqlite => Err(no_sqlite()),
            Kind::Postgres => postgres::take(&self.url, place).await,
            Kind::Mysql | Kind::MariaDb => mysql::take(&self.url, place).await,
        }
    }
}

/// A program without SQLite has none of its backups.
#[cfg(not(feature = "sqlite"))]
pub(crate) fn no_sqlite() -> crate::error::CliError {
    let (database, feature) = ("SQLite", "sqlite");
    aludel::db::DbError::NotBuilt { database, feature }.into()
}

/// The command that restores a file into a server's database.
///
/// # Errors
/// What the server says when it is asked what it needs.
pub(crate) async fn restore_command(url: &DbUrl, file: &Path) -> CliResult<String> {
    match url.kind() {
        Kind::Postgres => postgres::restore_command(url, file).await,
        _ => mysql::restore_command(url, file).await,
    }
}

/// Says that a backup was taken, and how to go back to it.
pub(crate) fn tell(taken: &Taken) {
    let (path, size) = (report::path(&taken.path), size(taken.size));
    tracing::info!(target: "aludel::backup", "Backed up into {path}, {size}");
    report::way_back(&taken.restore);
}

/// Says that a backup is being taken.
fn begin(database: &str, path: &Path) {
    let path = report::path(path);
    tracing::info!(target: "aludel::backup", "Backing up {database} into {path}");
}

/// A number of bytes, for people.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let mut tenths = u128::from(bytes) * 10 / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// Words for a shell.
fn shell<'w>(words: impl IntoIterator<Item = &'w str>) -> CliResult<String> {
    shlex::try_join(words).map_err(|_| BackupError::Unspeakable.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size(1023), "1023 bytes");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(5 * 1024 * 1024), "5.0 MiB");
        assert_eq!(size(u64::MAX), "16777215.9 TiB");
    }
}
