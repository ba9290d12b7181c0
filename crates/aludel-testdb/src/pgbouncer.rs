//! A PgBouncer in front of a PostgreSQL server of the test's own: a pooler that gives a connection of the server to a client for one
//! transaction at a time.

use std::fs;
use std::io;
use std::path::Path;

use crate::find::{find_pgbouncer, missing_pgbouncer};
use crate::home::Home;
use crate::{Database, Missing};

/// Settings, with the port of the server and its own to be filled in. The driver says a setting at the start that the pooler has to be
/// told to let pass.
const SETTINGS: &str = "[databases]
* = host=127.0.0.1 port=@SERVER@

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = @PORT@
unix_socket_dir =
auth_type = trust
auth_file = @USERS@
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
";

/// A pooler in transaction mode. It ends when this value is dropped, or with the process.
#[derive(Debug)]
pub struct PgBouncer {
    port: u16,
    _home: Home,
}

impl PgBouncer {
    /// Starts a pooler in front of the server of a database, for the superuser `postgres`.
    ///
    /// # Errors
    ///
    /// [`Missing::NotInstalled`] or [`Missing::Failed`].
    pub fn start(database: &Database) -> Result<Self, Missing> {
        let program = find_pgbouncer().ok_or_else(|| Missing::NotInstalled(missing_pgbouncer()))?;
        let failed = |error: io::Error| {
            Missing::Failed(format!("{} does not start: {error}", program.display()))
        };
        Self::launch(&program, database.server().port()).map_err(failed)
    }

    /// Like [`Self::start`], for a test that has its database already.
    ///
    /// # Panics
    ///
    /// When there is no pooler: a test must not pass because a program was missing.
    #[track_caller]
    pub fn of(database: &Database) -> Self {
        match Self::start(database) {
            Ok(started) => started,
            Err(missing) => panic!("{missing}"),
        }
    }

    /// The URL of the database through the pooler.
    pub fn url(&self, database: &Database) -> String {
        let (port, name) = (self.port, database.name());
        format!("postgres://postgres@127.0.0.1:{port}/{name}")
    }

    fn launch(program: &Path, server: u16) -> io::Result<Self> {
        let mut home = Home::new("aludel-bouncer-", &["postgres", "nobody"], "TERM")?;
        let path = |name: &str| home.path().join(name);
        let (users, template, log) = (path("users.txt"), path("bouncer.template"), path("log"));
        let settings = SETTINGS
            .replace("@SERVER@", &server.to_string())
            .replace("@USERS@", &users.display().to_string());
        for (path, text) in [
            (&users, "\"postgres\" \"\"\n"),
            (&template, settings.as_str()),
        ] {
            fs::write(path, text)?;
            home.give(path)?;
        }
        let start = format!(
            "sed \"s/@PORT@/$1/\" bouncer.template >bouncer.ini && exec \"{}\" bouncer.ini",
            program.display()
        );
        let is_up = || fs::read_to_string(&log).is_ok_and(|it| it.contains("process up"));
        let port = home.start(&start, is_up)?;
        Ok(Self { port, _home: home })
    }
}
