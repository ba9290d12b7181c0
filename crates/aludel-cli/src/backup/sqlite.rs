//! SQLite: its own backup interface copies a database page by page, in both directions, while others have it open. Whoever is killed
//! meanwhile leaves the database as it was, since what is copied into it is one transaction.

use super::file::Place;
use super::{BackupError, Taken, shell};
use crate::error::{CliError, CliResult};
use aludel::db::DbUrl;
use aludel::schema::QualifiedName;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long is waited for others who use the database.
const PATIENCE: Duration = Duration::from_secs(10);

/// What every database begins with. <https://www.sqlite.org/fileformat.html#magic_header_string>
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// What a path may hold and a URL may not.
const IN_URL: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

pub(super) async fn take(url: &DbUrl, place: Place) -> CliResult<Taken> {
    let database = file_of(url)?;
    let name = database.file_stem().unwrap_or_default().to_string_lossy();
    let draft = place.draft(&name, "sqlite")?;
    let (from, into) = (database.clone(), draft.path.to_path_buf());
    // The runtime has other work meanwhile.
    let copied = tokio::task::spawn_blocking(move || back_up(&from, &into)).await;
    copied
        .map_err(std::io::Error::other)
        .map_err(CliError::io("back up", &database))??;
    let (path, size) = draft.finish()?;
    let url = url_of(&database);
    let file = path.display().to_string();
    let restore = shell(["aludel", "restore", "--url", &url, &file])?;
    Ok(Taken {
        path,
        size,
        restore,
    })
}

/// The file of a database, from the root of the file system.
pub(crate) fn file_of(url: &DbUrl) -> Result<PathBuf, BackupError> {
    let file = url.file().ok_or(BackupError::InMemory)?;
    Ok(std::path::absolute(&file).unwrap_or(file))
}

fn url_of(path: &Path) -> String {
    let path = path.display().to_string();
    format!("sqlite:{}", utf8_percent_encode(&path, IN_URL))
}

/// Copies a database into an empty file, and looks at whether the copy is whole.
fn back_up(database: &Path, into: &Path) -> Result<(), BackupError> {
    let wrong = |error| failed("cannot back up", database, &error);
    let from = open(database, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(wrong)?;
    let mut to = open(into, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(wrong)?;
    // A draft needs no journal beside it: whoever is interrupted throws it away.
    to.execute_batch("PRAGMA journal_mode = MEMORY")
        .map_err(wrong)?;
    match copy(&from, &mut to).map_err(wrong)? {
        Copied::Whole => {}
        Copied::InUse => return Err(in_use(database)),
    }
    let found = damages(&to).map_err(wrong)?;
    // Closing it puts everything into the one file.
    to.close().map_err(|(_, error)| wrong(error))?;
    match found.is_empty() {
        true => Ok(()),
        false => Err(BackupError::Damaged {
            path: database.to_path_buf(),
            found,
        }),
    }
}

/// A file and the database that it is to replace.
pub(crate) struct Restore {
    file: PathBuf,
    database: PathBuf,
    from: Connection,
    /// The revisions in the file; none if it has no version table.
    pub(crate) comes: Option<Vec<String>>,
    /// The revisions in the database, as far as it can be read.
    pub(crate) goes: Option<Vec<String>>,
}

impl Restore {
    /// Looks at both.
    ///
    /// # Errors
    /// [`BackupError::NoDatabase`] and [`BackupError::Damaged`] for a file that is no whole database, [`BackupError::Same`].
    pub(crate) fn look(
        file: &Path,
        database: PathBuf,
        version_table: &QualifiedName,
    ) -> CliResult<Self> {
        let same = |it: &Path| it.canonicalize().ok();
        if same(file).is_some() && same(file) == same(&database) {
            let path = file.to_path_buf();
            return Err(BackupError::Same { path }.into());
        }
        refuse_other_files(file)?;
        let wrong = |error| failed("cannot read", file, &error);
        let from = open_to_read(file).map_err(wrong)?;
        let found = damages(&from).map_err(wrong)?;
        if !found.is_empty() {
            let path = file.to_path_buf();
            return Err(BackupError::Damaged { path, found }.into());
        }
        let comes = revisions(&from, version_table);
        let there = database.is_file().then(|| open_to_read(&database));
        let there = there.and_then(Result::ok);
        let goes = there.and_then(|it| revisions(&it, version_table));
        Ok(Self {
            file: file.to_path_buf(),
            database,
            from,
            comes,
            goes,
        })
    }

    /// Replaces what is in the database, in one transaction that keeps everybody else from writing. Those who have the database open
    /// see the old one or the new one.
    ///
    /// # Errors
    /// [`BackupError::InUse`] if others use it for too long; nothing has changed then.
    pub(crate) fn run(self) -> Result<(), BackupError> {
        let database = &self.database;
        let wrong = |error| failed("cannot restore", database, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut to = open(database, flags).map_err(wrong)?;
        let number = |it: &Connection, pragma: &str| -> rusqlite::Result<i64> {
            it.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
        };
        let mode = |it: &Connection, sql: &str| -> rusqlite::Result<String> {
            it.query_row(sql, [], |row| row.get(0))
        };
        // With a log, pages keep their size: it is left for the while, for which nobody else may have the database open.
        // <https://www.sqlite.org/c3ref/backup_finish.html>
        let has_log = mode(&to, "PRAGMA journal_mode").map_err(wrong)? == "wal";
        let differ = number(&to, "page_size").map_err(wrong)?
            != number(&self.from, "page_size")
                .map_err(|it| failed("cannot read", &self.file, &it))?;
        if has_log && differ && mode(&to, "PRAGMA journal_mode = DELETE").map_err(wrong)? == "wal" {
            return Err(in_use(database));
        }
        match copy(&self.from, &mut to).map_err(wrong)? {
            Copied::Whole => {}
            Copied::InUse => return Err(in_use(database)),
        }
        if has_log {
            mode(&to, "PRAGMA journal_mode = WAL").map_err(wrong)?;
        }
        to.close().map_err(|(_, error)| wrong(error))
    }
}

/// Refuses what does not begin as a database does: to SQLite an empty file is a database, too.
fn refuse_other_files(file: &Path) -> CliResult<()> {
    let mut begin = Vec::new();
    let read = std::fs::File::open(file).and_then(|it| it.take(16).read_to_end(&mut begin));
    read.map_err(CliError::io("read", file))?;
    match begin == HEADER {
        true => Ok(()),
        false => Err(BackupError::NoDatabase {
            path: file.to_path_buf(),
        }
        .into()),
    }
}

enum Copied {
    Whole,
    InUse,
}

/// Copies all pages in one go, so that nobody writes in between.
fn copy(from: &Connection, to: &mut Connection) -> rusqlite::Result<Copied> {
    let backup = Backup::new(from, to)?;
    let begun = Instant::now();
    loop {
        match backup.step(-1)? {
            StepResult::Done => return Ok(Copied::Whole),
            StepResult::More => {}
            _ if begun.elapsed() > PATIENCE => return Ok(Copied::InUse),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Opens a database to read it. One that keeps a log wants to write beside it, and where that cannot be, nobody else writes either.
fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let looked = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    match looked {
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)
            ) =>
        {
            let url = format!(
                "file:{}?immutable=1",
                utf8_percent_encode(&path.display().to_string(), IN_URL)
            );
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            open(Path::new(&url), flags)
        }
        looked => looked.map(|()| connection),
    }
}

/// What is wrong with a database; nothing with one that is whole.
fn damages(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = connection.prepare("PRAGMA integrity_check")?;
    let lines = query.query_map([], |row| row.get::<_, String>(0))?;
    let lines = lines.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|it| it != "ok").collect())
}

/// The rows of the version table, sorted; none if it cannot be read.
fn revisions(connection: &Connection, table: &QualifiedName) -> Option<Vec<String>> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let name = match &table.schema {
        Some(schema) => format!(
            "{}.{}",
            quoted(schema.as_str()),
            quoted(table.name.as_str())
        ),
        None => quoted(table.name.as_str()),
    };
    let sql = format!("SELECT version_num FROM {name} ORDER BY 1");
    let mut query = connection.prepare(&sql).ok()?;
    let rows = query.query_map([], |row| row.get(0)).ok()?;
    rows.collect::<rusqlite::Result<Vec<_>>>().ok()
}

fn in_use(path: &Path) -> BackupError {
    let path = path.to_path_buf();
    BackupError::InUse { path }
}

fn failed(action: &'static str, path: &Path, error: &rusqlite::Error) -> BackupError {
    let path = path.to_path_buf();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => BackupError::NoDatabase { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => BackupError::InUse { path },
        Some(ErrorCode::DatabaseCorrupt) => BackupError::Damaged {
            path,
            found: vec![error.to_string()],
        },
        _ => BackupError::Sqlite {
            action,
            path,
            said: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_any_file_is_read_again() {
        for path in ["/a b/100%.db", "/a?b#c.db", "/we\"ird/ü.db"] {
            let url = DbUrl::parse(&url_of(Path::new(path))).unwrap();
            assert_eq!(file_of(&url).unwrap(), Path::new(path));
        }
    }
}
