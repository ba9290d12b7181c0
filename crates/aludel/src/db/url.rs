//! Database URLs, which never show their password.

use super::DbError;
use std::fmt;

/// Which database a URL speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    MariaDb,
}

impl Kind {
    /// By the scheme of a URL, or by a dialect's name as people write it.
    pub fn by_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" => Some(Self::Mysql),
            "mariadb" => Some(Self::MariaDb),
            _ => None,
        }
    }

    /// Its name, by which [`Self::by_name`] knows it: `sqlite`, `postgresql`, `mysql`, `mariadb`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
            Self::Mysql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }
}

/// A database URL, as sqlx reads it: `sqlite:app.db`, `postgres://user:password@host/database`, `mysql://…` or `mariadb://…`.
///
/// `Display` and `Debug` put `***` in the place of the password.
///
/// ```
/// use aludel::db::DbUrl;
///
/// let url = DbUrl::parse("postgres://ada:secret@localhost/clinic").unwrap();
/// assert_eq!(url.to_string(), "postgres://ada:***@localhost/clinic");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DbUrl {
    text: String,
    kind: Kind,
}

impl DbUrl {
    /// The same server, and another database on it; the same for SQLite, where a database is a file.
    pub(crate) fn with_database(&self, name: &str) -> Self {
        let mut it = self.clone();
        if self.kind != Kind::Sqlite
            && let Ok(mut url) = ::url::Url::parse(&self.text)
        {
            url.set_path(name);
            let others = url.query_pairs().into_owned();
            let others = others.filter(|(key, _)| key != "dbname");
            let others: Vec<(String, String)> = others.collect();
            url.set_query(None);
            if !others.is_empty() {
                url.query_pairs_mut().extend_pairs(others);
            }
            it.text = url.to_string();
        }
        it
    }

    /// Reads a URL; nothing is connected to.
    ///
    /// # Errors
    /// [`DbError::Url`] if it has no scheme, or one that no database answers to.
    pub fn parse(text: &str) -> Result<Self, DbError> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(DbError::Url {
                reason: "it has no scheme, such as `sqlite:` or `postgres:`".into(),
            });
        };
        let Some(kind) = Kind::by_name(scheme) else {
            return Err(DbError::Url {
                reason: format!("no database is called `{}`", scheme.escape_debug()),
            });
        };
        let rest_is_url = rest.starts_with("//");
        if kind != Kind::Sqlite && (!rest_is_url || ::url::Url::parse(text).is_err()) {
            return Err(DbError::Url {
                reason: format!(
                    "it does not read as `{scheme}://user:password@host:port/database`"
                ),
            });
        }
        if kind == Kind::Sqlite && rest.trim_start_matches('/').is_empty() {
            return Err(DbError::Url {
                reason: "it names no file, as `sqlite:app.db` does".into(),
            });
        }
        Ok(Self {
            text: text.to_string(),
            kind,
        })
    }

    /// Which database it speaks of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The whole URL with its password, for the driver alone.
    pub fn secret(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == Kind::Sqlite {
            return f.write_str(&self.text);
        }
        match ::url::Url::parse(&self.text) {
            Ok(mut url) => {
                if url.password().is_some() && url.set_password(Some("***")).is_err() {
                    return f.write_str("***");
                }
                mask_query(&mut url);
                write!(f, "{url}")
            }
            Err(_) => f.write_str("***"),
        }
    }
}

/// A password may stand among the parameters too, as PostgreSQL allows.
fn mask_query(url: &mut ::url::Url) {
    if !url.query_pairs().any(|(key, _)| is_secret(&key)) {
        return;
    }
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(key, value)| {
            let value = if is_secret(&key) { "***".into() } else { value };
            (key.into_owned(), value.into_owned())
        })
        .collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
}

fn is_secret(key: &str) -> bool {
    key.to_ascii_lowercase().contains("password")
}

impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DbUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_masked_everywhere() {
        for text in [
            "postgres://u:geheim@h/db",
            "postgresql://h/db?user=u&password=geheim",
            "mysql://u:geheim@h:3306/db?ssl-mode=disabled",
            "mariadb://u:geheim@h/db",
            "mariadb://h/db?user=u&password=geheim&timezone=SYSTEM",
        ] {
            let url = DbUrl::parse(text).unwrap();
            assert!(!format!("{url} {url:?}").contains("geheim"), "{url}");
        }
    }

    #[test]
    fn errors_never_repeat_the_url() {
        for text in [
            "u:geheim@h/db",
            "postgres:u:geheim@h",
            "oracle://u:geheim@h/db",
        ] {
            let message = DbUrl::parse(text).unwrap_err().to_string();
            assert!(!message.contains("geheim"), "{message}");
        }
    }

    #[test]
    fn sqlite_urls() {
        for text in [
            "sqlite:app.db",
            "sqlite://app.db",
            "sqlite:///a/b.db",
            "sqlite::memory:",
        ] {
            assert_eq!(DbUrl::parse(text).unwrap().kind(), Kind::Sqlite);
        }
        assert!(DbUrl::parse("sqlite://").is_err());
    }
}
