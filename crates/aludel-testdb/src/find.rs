//! Where systems keep the programs of a database server. Knows paths only; starts nothing but `pg_config --bindir`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the folder of PostgreSQL's programs outright.
const POSTGRES_BIN: &str = "ALUDEL_POSTGRES_BIN";

/// What to install, in the words of the usual package managers.
const INSTALL_POSTGRES: &str = "PostgreSQL's server programs (initdb, postgres, psql) are not installed. Install them with one of
  apt-get install postgresql
  dnf install postgresql-server postgresql
  apk add postgresql
  pacman -S postgresql
  brew install postgresql
or name their folder in ALUDEL_POSTGRES_BIN, or leave these tests out: cargo xtask test --only sqlite";

/// Names the folder of MariaDB's programs outright.
const MARIADB_BIN: &str = "ALUDEL_MARIADB_BIN";

const INSTALL_MARIADB: &str = "MariaDB's programs (mariadbd, mariadb-install-db, mariadb) are not installed. Install them with one of
  apt-get install mariadb-server mariadb-client
  dnf install mariadb-server mariadb
  apk add mariadb mariadb-client
  pacman -S mariadb
  brew install mariadb
or name their folder in ALUDEL_MARIADB_BIN, or leave these tests out: cargo xtask test --only sqlite";

const INSTALL_PGBOUNCER: &str = "PgBouncer is not installed. Install it with one of
  apt-get install pgbouncer
  dnf install pgbouncer
  apk add pgbouncer
  pacman -S pgbouncer
  brew install pgbouncer
or leave these tests out: cargo xtask test --only sqlite";

/// The names of MariaDB's programs; the second is the one from before 10.5.
const MARIADBD: [&str; 2] = ["mariadbd", "mysqld"];
const MARIADB_INSTALL_DB: [&str; 2] = ["mariadb-install-db", "mysql_install_db"];
const MARIADB: [&str; 2] = ["mariadb", "mysql"];

/// What a MariaDB server of one's own takes.
#[derive(Debug)]
pub(crate) struct MariaDbPrograms {
    pub(crate) server: PathBuf,
    pub(crate) install_db: PathBuf,
    pub(crate) client: PathBuf,
}

/// The folder that holds PostgreSQL's `initdb` and `postgres`; of several versions, the newest.
///
/// The variable `ALUDEL_POSTGRES_BIN` names it outright. Otherwise the folders that packages use come first (Debian
/// keeps the server's programs out of the path), then the path, then what `pg_config` says.
pub fn find_postgres() -> Option<PathBuf> {
    let is_bin =
        |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    if let Some(folder) = env::var_os(POSTGRES_BIN) {
        // Whoever names a folder means that one: another version found elsewhere would be a surprise.
        return Some(PathBuf::from(folder)).filter(is_bin);
    }
    let packaged = [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/libexec", "postgresql", ""),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ];
    packaged
        .into_iter()
        .flat_map(|(folder, prefix, inner)| newest_first(Path::new(folder), prefix, inner))
        .chain(path())
        .chain(pg_config())
        .find(is_bin)
}

/// What to do where [`find_postgres`] finds nothing.
pub(crate) fn missing_postgres() -> String {
    match env::var_os(POSTGRES_BIN) {
        Some(folder) => format!(
            "{POSTGRES_BIN} names {}, which does not hold initdb and postgres",
            folder.display()
        ),
        None => INSTALL_POSTGRES.into(),
    }
}

/// The program of the MariaDB server, where the programs that make its data folder and talk to it are installed too.
///
/// The variable `ALUDEL_MARIADB_BIN` names its folder outright; the others are looked for there, and in the folder `bin` beside it.
pub fn find_mariadb() -> Option<PathBuf> {
    mariadb_programs().map(|programs| programs.server)
}

/// MariaDB's programs. They are seldom all in one folder: servers live in sbin folders, which are in the path of root alone.
pub(crate) fn mariadb_programs() -> Option<MariaDbPrograms> {
    let folders: Vec<PathBuf> = match env::var_os(MARIADB_BIN) {
        Some(folder) => {
            let folder = PathBuf::from(folder);
            let beside = folder.join("../bin");
            vec![folder, beside]
        }
        None => path()
            .chain(
                [
                    "/usr/sbin",
                    "/usr/local/sbin",
                    "/usr/libexec",
                    "/opt/homebrew/bin",
                ]
                .map(PathBuf::from),
            )
            .chain(newest_first(
                Path::new("/opt/homebrew/opt"),
                "mariadb",
                "bin",
            ))
            .chain(newest_first(Path::new("/usr/local/opt"), "mariadb", "bin"))
            .collect(),
    };
    let find = |names: [&str; 2]| {
        names
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
            .find(|program| program.is_file())
    };
    Some(MariaDbPrograms {
        // MySQL's server has the old name too, but there is no program to make its data folder.
        install_db: find(MARIADB_INSTALL_DB)?,
        server: find(MARIADBD)?,
        client: find(MARIADB)?,
    })
}

/// What to do where [`find_mariadb`] finds nothing.
pub(crate) fn missing_mariadb() -> String {
    match env::var_os(MARIADB_BIN) {
        Some(folder) => format!(
            "{MARIADB_BIN} names {}, which does not hold mariadbd, mariadb-install-db and mariadb",
            folder.display()
        ),
        None => INSTALL_MARIADB.into(),
    }
}

/// PgBouncer, a pooler in front of PostgreSQL. Servers live in sbin folders, which are in the path of root alone.
pub fn find_pgbouncer() -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];
    path()
        .chain(folders.map(PathBuf::from))
        .map(|folder| folder.join("pgbouncer"))
        .find(|program| program.is_file())
}

/// What to do where [`find_pgbouncer`] finds nothing.
pub(crate) fn missing_pgbouncer() -> String {
    INSTALL_PGBOUNCER.into()
}

/// SQLite's command line, `sqlite3`.
pub fn find_sqlite3() -> Option<PathBuf> {
    path()
        .map(|folder| folder.join("sqlite3"))
        .find(|program| program.is_file())
}

/// The folders `folder/prefix*/inner`, the highest version number in the name first.
fn newest_first(folder: &Path, prefix: &str, inner: &str) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let version = version(name.strip_prefix(prefix)?);
            Some((
                version,
                if inner.is_empty() {
                    entry.path()
                } else {
                    entry.path().join(inner)
                },
            ))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// The numbers in `name`, in order: `postgresql@9.6` is before `postgresql@16`.
fn version(name: &str) -> Vec<u32> {
    name.split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

/// The folders of `PATH`.
fn path() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// What `pg_config` says, where there is one; asked only when nothing else was found.
fn pg_config() -> impl Iterator<Item = PathBuf> {
    std::iter::once_with(|| {
        let output = Command::new("pg_config").arg("--bindir").output().ok()?;
        let folder = String::from_utf8(output.stdout).ok()?;
        Some(PathBuf::from(folder.trim()))
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_versions_the_newest_is_found() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "postgresql@9.6",
            "postgresql@16",
            "postgresql",
            "postgresql@17.2",
            "libpq",
        ] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let found = newest_first(folder.path(), "postgresql", "bin");
        let names: Vec<_> = found
            .iter()
            .map(|path| path.strip_prefix(folder.path()).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "postgresql@17.2/bin",
                "postgresql@16/bin",
                "postgresql@9.6/bin",
                "postgresql/bin"
            ]
        );
    }
}
