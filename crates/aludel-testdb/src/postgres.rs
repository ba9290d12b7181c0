//! A PostgreSQL server of the test's own: how its data folder is made, which settings it gets, and its databases. Knows PostgreSQL;
//! leaves folders and processes to [`crate::home`].

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cache::{self, Cache};
use crate::client::{percent, run, run_script};
use crate::find::{find_postgres, missing_postgres};
use crate::home::Home;
use crate::wire::Wire;
use crate::{Auth, Missing};

/// The superuser, who needs no password from this machine on any of these servers.
const ADMIN: &str = "postgres";

/// The user with a password, where there is one.
const USER: &str = "aludel";

/// What `initdb` is told: no locale of the machine, small log files, nothing flushed. A change needs another [`RECIPE`].
const INITDB: [&str; 8] = [
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-locale",
    "--no-sync",
    "--wal-segsize=1",
    "--no-instructions",
    "-D",
];
const RECIPE: &str = "postgres-1";

/// Settings: what a crash would lose does not matter here, and nothing shall happen on its own while a test looks.
const SETTINGS: &str = "
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
min_wal_size = 2MB
max_wal_size = 256MB
shared_buffers = 32MB
max_connections = 100
autovacuum = off
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
password_encryption = 'scram-sha-256'
listen_addresses = '127.0.0.1'
";

/// A PostgreSQL server. With [`Auth::Trust`], [`Database::url`] is that of the superuser `postgres`; with [`Auth::Password`] it is that of
/// the superuser `aludel`, and all but `postgres` need a password (SCRAM).
///
/// The server ends when this value and its databases are dropped, or with the process.
///
/// ```no_run
/// use aludel_testdb::{Auth, Server};
///
/// let db = Server::start(Auth::Password("right"))?.database()?;
/// let wrong = db.url_as("aludel", Some("wrong"));
/// # Ok::<(), aludel_testdb::Missing>(())
/// ```
#[derive(Debug, Clone)]
pub struct Server(Arc<Running>);

#[derive(Debug)]
struct Running {
    maker: Mutex<Wire>,
    // A connection of its own: to drop a database takes a tenth of a second while clients are still leaving it, which nobody shall
    // wait for, least of all the next test.
    dropper: Mutex<Wire>,
    bin: PathBuf,
    port: u16,
    password: Option<String>,
    create: &'static str,
    databases: AtomicU32,
    home: Home,
}

impl Server {
    /// Starts a server for the caller alone. Most tests are content with a database of the common one, [`crate::postgres`].
    ///
    /// # Errors
    ///
    /// [`Missing::NotInstalled`] or [`Missing::Failed`]. The environment variable [`crate::ONLY`] is not asked.
    pub fn start(auth: Auth<'_>) -> Result<Self, Missing> {
        let bin = find_postgres().ok_or_else(|| Missing::NotInstalled(missing_postgres()))?;
        let failed = |error: io::Error| {
            Missing::Failed(format!(
                "PostgreSQL from {} does not start: {error}",
                bin.display()
            ))
        };
        cache::start(RECIPE, &bin.join("postgres"), |cache| {
            Self::launch(&bin, auth, cache)
        })
        .map_err(failed)
    }

    /// A fresh, empty database on this server.
    ///
    /// # Errors
    ///
    /// [`Missing::Failed`] when the server does not make one.
    pub fn database(&self) -> Result<Database, Missing> {
        let name = format!("t_{}", self.0.databases.fetch_add(1, Ordering::Relaxed) + 1);
        let sql = format!("CREATE DATABASE {name} {}", self.0.create);
        lock(&self.0.maker)
            .run(&sql)
            .map_err(|error| Missing::Failed(format!("{sql}: {error}")))?;
        Ok(Database {
            server: self.clone(),
            name,
        })
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    fn launch(bin: &Path, auth: Auth<'_>, cache: Option<&Cache>) -> io::Result<Self> {
        // Without a final checkpoint: nobody will look at the data again.
        let mut home = Home::new("aludel-pg-", &["postgres", "nobody"], "QUIT")?;
        let data = home.path().join("data");
        if !cache.is_some_and(|cache| cache.restore(&data)) {
            initdb(&home, bin, &data)?;
            cache.iter().for_each(|cache| cache.keep(&data));
        }
        configure(&home, &data, auth)?;
        home.give(&data)?;
        let start = format!(
            "exec \"{}\" -D \"{}\" -p \"$1\"",
            bin.join("postgres").display(),
            data.display()
        );
        let port = home.start(&start, || is_ready(&data))?;
        let mut admin = Wire::connect(port, ADMIN, "postgres")?;
        let password = match auth {
            Auth::Trust => None,
            Auth::Password(password) => {
                admin.run(&format!(
                    "CREATE ROLE {USER} LOGIN SUPERUSER PASSWORD '{}'",
                    password.replace('\'', "''")
                ))?;
                Some(password.to_owned())
            }
        };
        let version: u32 = fs::read_to_string(data.join("PG_VERSION"))?
            .trim()
            .parse()
            .unwrap_or(0);
        // From 15 on the default is to log every page, which takes longer than to copy the files of so small a template.
        let create = if version >= 15 {
            "TEMPLATE template0 STRATEGY file_copy"
        } else {
            "TEMPLATE template0"
        };
        let dropper = Wire::connect(port, ADMIN, "postgres")?;
        Ok(Self(Arc::new(Running {
            maker: Mutex::new(admin),
            dropper: Mutex::new(dropper),
            bin: bin.into(),
            port,
            password,
            create,
            databases: AtomicU32::new(0),
            home,
        })))
    }
}

/// The connection, though a test that held it may have panicked, which did it no harm.
fn lock(wire: &Mutex<Wire>) -> MutexGuard<'_, Wire> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a data folder.
fn initdb(home: &Home, bin: &Path, data: &Path) -> io::Result<()> {
    run(home.command(bin.join("initdb")).args(INITDB).arg(data))
}

/// Writes the settings and who may log in.
fn configure(home: &Home, data: &Path, auth: Auth<'_>) -> io::Result<()> {
    // The path of a socket has room for 107 bytes, on macOS for 103; where the folder's is too long there is no socket.
    let fits = home.path().as_os_str().len() + "/.s.PGSQL.65535.lock".len() <= 103;
    let sockets = if fits {
        home.path().display().to_string()
    } else {
        String::new()
    };
    let mut settings = fs::OpenOptions::new()
        .append(true)
        .open(data.join("postgresql.conf"))?;
    settings.write_all(
        format!(
            "{SETTINGS}unix_socket_directories = '{}'\n",
            sockets.replace('\'', "''")
        )
        .as_bytes(),
    )?;
    let others = match auth {
        Auth::Trust => "trust",
        Auth::Password(_) => "scram-sha-256",
    };
    let (local, host) = (
        format!("local all {ADMIN} trust\nlocal all all {others}\n"),
        "127.0.0.1/32",
    );
    fs::write(
        data.join("pg_hba.conf"),
        format!("{local}host all {ADMIN} {host} trust\nhost all all {host} {others}\n"),
    )
}

/// Whether the server takes connections: it says so in the eighth line of its lock file.
fn is_ready(data: &Path) -> bool {
    let lock = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    lock.lines()
        .nth(7)
        .is_some_and(|status| status.trim() == "ready")
}

/// A database for one test; it is dropped soon after this value, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
}

impl Database {
    /// The URL of the database for a superuser, with the password where the server has one.
    pub fn url(&self) -> String {
        match &self.server.0.password {
            None => self.url_as(ADMIN, None),
            Some(password) => self.url_as(USER, Some(password)),
        }
    }

    /// The URL of the database for another user, or with another password.
    pub fn url_as(&self, user: &str, password: Option<&str>) -> String {
        let password = password
            .map(|password| format!(":{}", percent(password)))
            .unwrap_or_default();
        format!(
            "postgres://{}{password}@127.0.0.1:{}/{}",
            percent(user),
            self.server.port(),
            self.name
        )
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server that the database is on.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Runs a script by `psql` as superuser, each statement on its own, up to the first that fails.
    /// Answers the rows, with `|` between the columns, without headings and without the last line's end.
    ///
    /// # Panics
    ///
    /// When a statement fails, with what `psql` said.
    #[track_caller]
    pub fn psql(&self, sql: &str) -> String {
        match self.try_psql(sql) {
            Ok(rows) => rows,
            Err(error) => panic!("psql: {error}\nin: {sql}"),
        }
    }

    /// Like [`Database::psql`], for a test that expects a failure.
    ///
    /// # Errors
    ///
    /// What `psql` said when a statement failed.
    pub fn try_psql(&self, sql: &str) -> Result<String, String> {
        let beside = self.server.0.bin.join("psql");
        let program = if beside.is_file() {
            beside
        } else {
            PathBuf::from("psql")
        };
        run_script(&mut self.psql_command(&program), sql)
    }

    fn psql_command(&self, program: &Path) -> Command {
        let mut command = self.server.0.home.command(program);
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--file=-",
            "--dbname",
        ]);
        command.arg(self.url_as(ADMIN, None));
        command
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Best effort: the whole server goes away soon, this is for the disk's sake. (Before 13 there is no FORCE, and a
        // database that is still in use stays.)
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = lock(&self.server.0.dropper).post(&sql);
    }
}
