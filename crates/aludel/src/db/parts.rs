//! The parts of a URL, for programs other than the driver that are to reach the same database. They are read as the driver reads them.

use super::{DbUrl, Kind};
use percent_encoding::percent_decode_str;
use std::fmt;
use std::path::PathBuf;

/// The parts of a URL of a server's database; what the URL does not say is absent, and the driver's to fill in.
///
/// `Debug` puts `***` in the place of the password.
///
/// ```
/// use aludel::db::DbUrl;
///
/// let url = DbUrl::parse("postgres://ada:s%40cret@localhost/clinic?sslmode=require").unwrap();
/// let parts = url.parts();
/// assert_eq!(parts.database.as_deref(), Some("clinic"));
/// assert_eq!(parts.password.as_deref(), Some("s@cret"));
/// assert_eq!(parts.parameter(&["sslmode"]), Some("require"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parts {
    /// The host, or the folder of a socket, which begins with a `/`.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The user.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The database.
    pub database: Option<String>,
    /// All other parameters, in order.
    pub parameters: Vec<(String, String)>,
}

impl Parts {
    /// The value of a parameter that may have one of these names; the last one counts.
    pub fn parameter(&self, names: &[&str]) -> Option<&str> {
        let mut those = self.parameters.iter().rev();
        let found = those.find(|(key, _)| names.contains(&key.as_str()));
        found.map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "***"))
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl DbUrl {
    /// The parts of the URL; none of them for SQLite, whose database is a [file](Self::file).
    pub fn parts(&self) -> Parts {
        let mut parts = Parts::default();
        let read = (self.kind() != Kind::Sqlite).then(|| ::url::Url::parse(self.secret()));
        let Some(Ok(url)) = read else {
            return parts;
        };
        let some = |text: String| Some(text).filter(|it| !it.is_empty());
        let host = url.host_str().map(decoded).unwrap_or_default();
        parts.host = some(host.trim_matches(['[', ']']).to_string());
        parts.port = url.port();
        parts.user = some(decoded(url.username()));
        parts.password = url.password().map(decoded);
        parts.database = some(decoded(url.path().trim_start_matches('/')));
        for (key, value) in url.query_pairs() {
            let value = value.into_owned();
            match &*key {
                // The driver knows these for PostgreSQL alone.
                "host" | "hostaddr" if self.kind() == Kind::Postgres => parts.host = Some(value),
                "port" if self.kind() == Kind::Postgres => parts.port = value.parse().ok(),
                "user" if self.kind() == Kind::Postgres => parts.user = Some(value),
                "password" if self.kind() == Kind::Postgres => parts.password = Some(value),
                "dbname" if self.kind() == Kind::Postgres => parts.database = Some(value),
                _ => parts.parameters.push((key.into_owned(), value)),
            }
        }
        parts
    }

    /// The file of a SQLite database; none for one in memory, and for other databases.
    #[cfg(feature = "sqlite")]
    pub fn file(&self) -> Option<PathBuf> {
        use std::str::FromStr as _;
        let in_memory = self.secret().contains(":memory:") || self.secret().contains("mode=memory");
        if self.kind() != Kind::Sqlite || in_memory {
            return None;
        }
        let options = sqlx::sqlite::SqliteConnectOptions::from_str(self.secret()).ok()?;
        Some(options.get_filename().to_path_buf())
    }

    /// The file of a SQLite database: none, since this program was built without SQLite.
    #[cfg(not(feature = "sqlite"))]
    pub fn file(&self) -> Option<PathBuf> {
        None
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_the_driver_reads() {
        let url = DbUrl::parse(
            "postgres://a%40b:p%3A%22w@[::1]:5433/we%22ird%20db?sslmode=require&options=-c%20x%3D1",
        );
        let parts = url.unwrap().parts();
        assert_eq!(parts.host.as_deref(), Some("::1"));
        assert_eq!(parts.port, Some(5433));
        assert_eq!(parts.user.as_deref(), Some("a@b"));
        assert_eq!(parts.password.as_deref(), Some("p:\"w"));
        assert_eq!(parts.database.as_deref(), Some("we\"ird db"));
        assert_eq!(parts.parameter(&["options"]), Some("-c x=1"));
        assert!(!format!("{parts:?}").contains("p:"), "{parts:?}");
        let url = DbUrl::parse("postgres://h/db?host=/run/pg&user=u&password=p&dbname=d").unwrap();
        let parts = url.parts();
        assert_eq!(parts.host.as_deref(), Some("/run/pg"));
        assert_eq!(parts.database.as_deref(), Some("d"));
        assert_eq!(parts.password.as_deref(), Some("p"));
        let socket = DbUrl::parse("postgres://%2Frun%2Fpg/db").unwrap().parts();
        assert_eq!(socket.host.as_deref(), Some("/run/pg"));
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn files_of_sqlite() {
        let file = |url: &str| DbUrl::parse(url).unwrap().file();
        assert_eq!(file("sqlite:a%20b.db?mode=rwc"), Some("a b.db".into()));
        assert_eq!(file("sqlite:///x/a.db"), Some("/x/a.db".into()));
        assert_eq!(file("sqlite::memory:"), None);
        assert_eq!(file("postgres://h/db"), None);
    }
}
