//! A MariaDB server of the test's own: how its data folder is made, which settings it gets, and its databases. Knows MariaDB;
//! leaves folders and processes to [`crate::home`].

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cache::{self, Cache};
use crate::client::{percent, run, run_script};
use crate::find::{MariaDbPrograms, mariadb_programs, missing_mariadb};
use crate::home::Home;
use crate::{Auth, Missing};

/// The superuser, who needs no password from this machine on any of these servers.
const ADMIN: &str = "root";

/// The user with a password, where there is one.
const USER: &str = "aludel";

/// What `mariadb-install-db` is told, after `--no-defaults`, which must come first. A change needs another [`RECIPE`].
const INSTALL_DB: [&str; 5] = [
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    "--skip-name-resolve",
    "--innodb-log-file-size=4M",
    "--innodb-use-native-aio=OFF",
];
const RECIPE: &str = "mariadb-1";

/// Settings: what a crash would lose does not matter here, a server is small and says nothing to anyone, and all that a session is
/// told (`sql_mode` before all) is as the server's makers left it. The socket's path is seen from the data folder, because a
/// longer one may not fit.
const SETTINGS: [&str; 18] = [
    "--bind-address=127.0.0.1",
    "--socket=socket",
    "--skip-name-resolve",
    "--skip-ssl",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-use-native-aio=OFF",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=4M",
    "--innodb-log-buffer-size=2M",
    "--aria-pagecache-buffer-size=2M",
    "--key-buffer-size=1M",
    "--max-connections=100",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    "--loose-innodb-buffer-pool-dump-at-shutdown=OFF",
];

/// A MariaDB server. With [`Auth::Trust`], [`MariaDb::url`] is that of the superuser `root`; with [`Auth::Password`] it is that of
/// `aludel`, who may do everything too.
///
/// The server ends when this value and its databases are dropped, or with the process.
///
/// ```no_run
/// use aludel_testdb::{Auth, MariaDbServer};
///
/// let db = MariaDbServer::start(Auth::Password("right"))?.database()?;
/// let wrong = db.url_as("aludel", Some("wrong"));
/// # Ok::<(), aludel_testdb::Missing>(())
/// ```
#[derive(Debug, Clone)]
pub struct MariaDbServer(Arc<Running>);

#[derive(Debug)]
struct Running {
    dropper: Mutex<Dropper>,
    programs: MariaDbPrograms,
    port: u16,
    password: Option<String>,
    databases: AtomicU32,
    home: Home,
}

impl MariaDbServer {
    /// Starts a server for the caller alone. Most tests are content with a database of the common one, [`crate::mariadb`].
    ///
    /// # Errors
    ///
    /// [`Missing::NotInstalled`] or [`Missing::Failed`]. The environment variable [`crate::ONLY`] is not asked.
    pub fn start(auth: Auth<'_>) -> Result<Self, Missing> {
        let find = || mariadb_programs().ok_or_else(|| Missing::NotInstalled(missing_mariadb()));
        let server = find()?.server;
        cache::start(RECIPE, &server, |cache| {
            Self::launch(find().map_err(io::Error::other)?, auth, cache)
        })
        .map_err(|error| {
            Missing::Failed(format!(
                "MariaDB from {} does not start: {error}",
                server.display()
            ))
        })
    }

    /// A fresh, empty database on this server.
    ///
    /// # Errors
    ///
    /// [`Missing::Failed`] when the server does not make one.
    pub fn database(&self) -> Result<MariaDb, Missing> {
        let name = format!("t_{}", self.0.databases.fetch_add(1, Ordering::Relaxed) + 1);
        let sql = format!("CREATE DATABASE {name}");
        run_script(&mut self.0.client(), &sql)
            .map_err(|error| Missing::Failed(format!("{sql}: {error}")))?;
        Ok(MariaDb {
            server: self.clone(),
            name,
        })
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    fn launch(
        programs: MariaDbPrograms,
        auth: Auth<'_>,
        cache: Option<&Cache>,
    ) -> io::Result<Self> {
        // Killed, not asked to shut down in good order: nobody will look at the data again.
        let mut home = Home::new("aludel-maria-", &["mysql", "nobody"], "KILL")?;
        let data = home.path().join("data");
        if !cache.is_some_and(|cache| cache.restore(&data)) {
            install_db(&home, &programs.install_db, &data)?;
            cache.iter().for_each(|cache| cache.keep(&data));
        }
        home.give(&data)?;
        let start = format!(
            "exec \"{}\" --no-defaults --datadir=\"{}\" --tmpdir=\"{}\" --pid-file=\"{}\" --port=\"$1\" {}",
            programs.server.display(),
            data.display(),
            home.path().display(),
            data.join("mariadbd.pid").display(),
            SETTINGS.join(" "),
        );
        let log = home.path().join("log");
        let port = home.start(&start, || is_ready(&log))?;
        let client = || client(&home, &programs, port);
        let password = match auth {
            Auth::Trust => None,
            Auth::Password(password) => {
                let sql = format!(
                    "GRANT ALL ON *.* TO {USER}@127.0.0.1 IDENTIFIED BY '{}' WITH GRANT OPTION",
                    password.replace('\\', "\\\\").replace('\'', "''")
                );
                run_script(&mut client(), &sql).map_err(io::Error::other)?;
                Some(password.to_owned())
            }
        };
        let dropper = Mutex::new(Dropper::start(&mut client())?);
        Ok(Self(Arc::new(Running {
            dropper,
            programs,
            port,
            password,
            databases: AtomicU32::new(0),
            home,
        })))
    }
}

impl Running {
    /// The client program, as superuser.
    fn client(&self) -> Command {
        client(&self.home, &self.programs, self.port)
    }
}

/// A client that answers as plainly as it can: tabs between the columns, no headings, nothing escaped.
fn client(home: &Home, programs: &MariaDbPrograms, port: u16) -> Command {
    let mut command = home.command(&programs.client);
    command
        .args([
            "--no-defaults",
            "--protocol=tcp",
            "--host=127.0.0.1",
            "--skip-ssl",
        ])
        .arg(format!("--port={port}"))
        .arg(format!("--user={ADMIN}"))
        .args([
            "--batch",
            "--raw",
            "--skip-column-names",
            "--comments",
            "--default-character-set=utf8mb4",
        ]);
    command
}

/// Makes a data folder.
fn install_db(home: &Home, program: &Path, data: &Path) -> io::Result<()> {
    run(home
        .command(program)
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data.display()))
        .args(INSTALL_DB))
}

/// Whether the server takes connections, by what it wrote.
fn is_ready(log: &Path) -> bool {
    fs::read(log).is_ok_and(|log| String::from_utf8_lossy(&log).contains(": ready for connections"))
}

/// A client that stays, and drops databases while nobody waits for it: clients that are still there, perhaps within a
/// transaction, would make a `DROP DATABASE` wait for them, so they are sent away first.
#[derive(Debug)]
struct Dropper(Child);

impl Dropper {
    fn start(client: &mut Command) -> io::Result<Self> {
        client
            .arg("--force")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
    }

    fn drop_database(&mut self, name: &str) -> io::Result<()> {
        let sql = format!(
            "DELIMITER $$
BEGIN NOT ATOMIC
    FOR guest IN (SELECT id FROM information_schema.processlist WHERE db = '{name}') DO KILL guest.id; END FOR;
END $$
DELIMITER ;
DROP DATABASE IF EXISTS {name};
"
        );
        match &mut self.0.stdin {
            Some(input) => input.write_all(sql.as_bytes()),
            None => Ok(()),
        }
    }
}

impl Drop for Dropper {
    fn drop(&mut self) {
        // The server goes away now, and its databases with it.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A MariaDB database for one test; it is dropped soon after this value, whoever is still connected.
#[derive(Debug)]
pub struct MariaDb {
    server: MariaDbServer,
    name: String,
}

impl MariaDb {
    /// The URL of the database for a user who may do everything, with the password where the server has one.
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
            "mysql://{}{password}@127.0.0.1:{}/{}",
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
    pub fn server(&self) -> &MariaDbServer {
        &self.server
    }

    /// Runs a script by the client program `mariadb` as superuser, up to the first statement that fails.
    /// Answers the rows, with a tab between the columns, without headings and without the last line's end.
    ///
    /// # Panics
    ///
    /// When a statement fails, with what the client said.
    #[track_caller]
    pub fn sql(&self, sql: &str) -> String {
        match self.try_sql(sql) {
            Ok(rows) => rows,
            Err(error) => panic!("mariadb: {error}\nin: {sql}"),
        }
    }

    /// Like [`MariaDb::sql`], for a test that expects a failure.
    ///
    /// # Errors
    ///
    /// What the client said when a statement failed.
    pub fn try_sql(&self, sql: &str) -> Result<String, String> {
        let mut client = self.server.0.client();
        run_script(client.arg(format!("--database={}", self.name)), sql)
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        // Best effort: the whole server goes away soon, this is for the disk's sake.
        let mut dropper = self
            .server
            .0
            .dropper
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let _ = dropper.drop_database(&self.name);
    }
}
