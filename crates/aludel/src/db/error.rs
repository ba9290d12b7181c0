//! What a database, or the way to it, may answer. Texts only: nothing here can carry a password.

/// A failure of the database or of the way to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// A URL that cannot be read. It is not repeated here, since it may hold a password.
    #[error("the database URL cannot be read: {reason}")]
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// The program was built without this database.
    #[error("this program was built without {database}")]
    NotBuilt {
        /// The database.
        database: &'static str,
        /// The cargo feature that brings it.
        feature: &'static str,
    },
    /// The connection could not be made.
    #[error("cannot connect to {url}: {message}")]
    Connect {
        /// The URL, its password masked.
        url: String,
        /// What the driver or the server said.
        message: String,
        /// The server's code, such as `28P01` for a wrong password; on MySQL its error number, `1045`.
        code: Option<String>,
    },
    /// The database file is not there, and the command only reads.
    #[error("there is no database at {url}")]
    NoFile {
        /// The URL.
        url: String,
    },
    /// The database refused a statement.
    #[error("{message}")]
    Statement {
        /// What it said.
        message: String,
        /// Its code, such as `23505`; on MySQL its error number, such as `1062`.
        code: Option<String>,
        /// More of it, where it said more.
        detail: Option<String>,
        /// The database's own hint.
        hint: Option<String>,
    },
    /// A column that does not hold what was asked for.
    #[error("column `{column}`: {message}")]
    Column {
        /// The column.
        column: String,
        /// What the driver said.
        message: String,
    },
    /// The connection was lost, or the driver failed.
    #[error("{0}")]
    Driver(String),
}

impl DbError {
    /// Whether the connection is lost, so that the fate of what was being done is not known here: the driver failed, or the
    /// server says good-bye (classes `08` and `57P` of
    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>; on MySQL, 1053 and 1927).
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Driver(_) => true,
            Self::Statement {
                code: Some(code), ..
            } => {
                let postgres =
                    code.len() == 5 && (code.starts_with("08") || code.starts_with("57P"));
                postgres || ["1053", "1927"].contains(&code.as_str())
            }
            _ => false,
        }
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let (detail, hint) = details(error.as_ref());
                Self::Statement {
                    message: error.message().to_string(),
                    code: code(error.as_ref()),
                    detail,
                    hint,
                }
            }
            sqlx::Error::ColumnNotFound(column) => Self::Column {
                column,
                message: "there is no such column in the row".into(),
            },
            sqlx::Error::ColumnDecode { index, source } => Self::Column {
                column: index.trim_matches('"').to_string(),
                message: source.to_string(),
            },
            other => Self::Driver(other.to_string()),
        }
    }
}

/// MySQL's SQLSTATE is the same for hundreds of errors; its number tells them apart.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(super) fn code(error: &dyn sqlx::error::DatabaseError) -> Option<String> {
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return Some(error.number().to_string());
    }
    error.code().map(|it| it.into_owned())
}

/// Only PostgreSQL says more than a message.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn details(error: &dyn sqlx::error::DatabaseError) -> (Option<String>, Option<String>) {
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return (
            error.detail().map(str::to_string),
            error.hint().map(str::to_string),
        );
    }
    let _ = error;
    (None, None)
}
