//! One connection to one database.

#[cfg(feature = "mysql")]
use super::mysql;
use super::{Arguments, DbError, DbUrl, Kind, Row};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
#[cfg(feature = "sqlite")]
use std::sync::atomic::Ordering;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use {
    super::error::code,
    sqlx::{AssertSqlSafe, Connection as _, Executor as _},
};

/// What a command will do with the database: a SQLite file that does not exist is made only for those that write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads only.
    Read,
    /// Writes too.
    Write,
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    inner: Inner,
    /// A statement since which cached ones may be wrong: the driver keeps their old columns.
    stale: bool,
    /// See [`Connection::round_trips`].
    sent: u64,
}

#[derive(Debug)]
enum Inner {
    #[cfg(feature = "sqlite")]
    Sqlite(Box<sqlx::SqliteConnection>),
    #[cfg(feature = "postgres")]
    Postgres(Box<sqlx::PgConnection>),
    /// With which of the two servers it is.
    #[cfg(feature = "mysql")]
    Mysql(Box<sqlx::MySqlConnection>, Kind),
    #[allow(dead_code)]
    None(std::convert::Infallible),
}

/// A driver's own connection type, to be had from [`Connection::driver`].
pub trait Driver: Sized {
    /// The database's name in messages.
    const NAME: &'static str;

    /// This driver's connection, if that is what the connection is.
    fn of(connection: &mut Connection) -> Option<&mut Self>;
}

#[cfg(feature = "sqlite")]
impl Driver for sqlx::SqliteConnection {
    const NAME: &'static str = "SQLite";
    fn of(connection: &mut Connection) -> Option<&mut Self> {
        match &mut connection.inner {
            Inner::Sqlite(it) => Some(it),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }
}

#[cfg(feature = "postgres")]
impl Driver for sqlx::PgConnection {
    const NAME: &'static str = "PostgreSQL";
    fn of(connection: &mut Connection) -> Option<&mut Self> {
        match &mut connection.inner {
            Inner::Postgres(it) => Some(it),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }
}

#[cfg(feature = "mysql")]
impl Driver for sqlx::MySqlConnection {
    const NAME: &'static str = "MySQL";
    fn of(connection: &mut Connection) -> Option<&mut Self> {
        match &mut connection.inner {
            Inner::Mysql(it, _) => Some(it),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }
}

#[cfg(feature = "sqlite")]
impl From<sqlx::SqliteConnection> for Connection {
    fn from(inner: sqlx::SqliteConnection) -> Self {
        Self::new(Inner::Sqlite(Box::new(inner)))
    }
}

#[cfg(feature = "postgres")]
impl From<sqlx::PgConnection> for Connection {
    fn from(inner: sqlx::PgConnection) -> Self {
        Self::new(Inner::Postgres(Box::new(inner)))
    }
}

impl Connection {
    #[allow(dead_code)]
    fn new(inner: Inner) -> Self {
        Self {
            inner,
            stale: false,
            sent: 0,
        }
    }

    /// Connects.
    ///
    /// A session on MySQL or MariaDB keeps the server's own `sql_mode` and, unless the URL has a `timezone`, its time zone.
    ///
    /// # Errors
    /// [`DbError::NotBuilt`] without the database's feature, [`DbError::NoFile`] for a SQLite file that is not there when
    /// only reading, [`DbError::Connect`] when the server cannot be reached or refuses.
    pub async fn open(url: &DbUrl, access: Access) -> Result<Self, DbError> {
        match url.kind() {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite => open_sqlite(url, access).await,
            #[cfg(feature = "postgres")]
            Kind::Postgres => open_postgres(url).await,
            #[cfg(feature = "mysql")]
            Kind::Mysql | Kind::MariaDb => open_mysql(url).await,
            #[allow(unreachable_patterns)]
            kind => {
                let _ = access;
                Err(not_built(kind))
            }
        }
    }

    /// A connection that was made elsewhere, to MySQL or MariaDB: the server is asked which of the two it is, which is why this is
    /// no `From`, as the other databases have it.
    ///
    /// # Errors
    /// [`DbError::Driver`] if the connection is broken already.
    #[cfg(feature = "mysql")]
    pub async fn of_mysql(mut inner: sqlx::MySqlConnection) -> Result<Self, DbError> {
        let kind = mysql::kind(&mut inner).await?;
        Ok(Self::new(Inner::Mysql(Box::new(inner), kind)))
    }

    /// Which database it speaks to. Between MySQL and MariaDB the server's own word decides, whatever the URL said.
    pub fn kind(&self) -> Kind {
        match &self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(_) => Kind::Sqlite,
            #[cfg(feature = "postgres")]
            Inner::Postgres(_) => Kind::Postgres,
            #[cfg(feature = "mysql")]
            Inner::Mysql(_, kind) => *kind,
            Inner::None(never) => match *never {},
        }
    }

    /// Runs SQL text without parameters, one statement or several; answers how many rows it touched.
    ///
    /// No statement is prepared, so that catalog queries and DDL work behind a transaction-pooling proxy too.
    ///
    /// # Errors
    /// [`DbError::Statement`] with what the database said.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.stale = true;
        self.sent += 1;
        let sql = sql.to_string();
        match &mut self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(it) => {
                let done = it.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                Ok(done.rows_affected())
            }
            #[cfg(feature = "postgres")]
            Inner::Postgres(it) => {
                let done = it.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                Ok(done.rows_affected())
            }
            #[cfg(feature = "mysql")]
            Inner::Mysql(it, _) => {
                let done = it.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                Ok(done.rows_affected())
            }
            Inner::None(never) => {
                drop(sql);
                match *never {}
            }
        }
    }

    /// Runs SQL text without parameters and answers its rows.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        self.sent += 1;
        let sql = sql.to_string();
        match &mut self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(it) => {
                let rows = it.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            }
            #[cfg(feature = "postgres")]
            Inner::Postgres(it) => {
                let rows = it.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            }
            #[cfg(feature = "mysql")]
            Inner::Mysql(it, _) => {
                let rows = it.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            }
            Inner::None(never) => {
                drop(sql);
                match *never {}
            }
        }
    }

    /// How many messages with statements were sent to the database through this connection, each of which it has answered.
    /// What the driver says by itself, to connect or to describe a type, is not counted.
    pub fn round_trips(&self) -> u64 {
        self.sent
    }

    /// No arguments yet, of this connection's kind.
    pub fn arguments(&self) -> Arguments {
        Arguments::new(self.kind())
    }

    /// Runs one statement with arguments, in the database's own placeholders; answers how many rows it touched.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn execute_with(&mut self, sql: &str, arguments: Arguments) -> Result<u64, DbError> {
        self.forget_stale().await?;
        self.sent += 1;
        let sql = sql.to_string();
        match (&mut self.inner, arguments) {
            #[cfg(feature = "sqlite")]
            (Inner::Sqlite(it), Arguments::Sqlite(arguments)) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                Ok(it.execute(query).await?.rows_affected())
            }
            #[cfg(feature = "postgres")]
            (Inner::Postgres(it), Arguments::Postgres(arguments)) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                Ok(it.execute(query).await?.rows_affected())
            }
            #[cfg(feature = "mysql")]
            (Inner::Mysql(it, _), Arguments::Mysql(arguments)) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                Ok(it.execute(query).await?.rows_affected())
            }
            _ => Err(mixed(sql)),
        }
    }

    /// Runs one query with arguments, in the database's own placeholders, and answers its rows.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn fetch_with(
        &mut self,
        sql: &str,
        arguments: Arguments,
    ) -> Result<Vec<Row>, DbError> {
        self.forget_stale().await?;
        self.sent += 1;
        let sql = sql.to_string();
        match (&mut self.inner, arguments) {
            #[cfg(feature = "sqlite")]
            (Inner::Sqlite(it), Arguments::Sqlite(arguments)) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                let rows = it.fetch_all(query).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            }
            #[cfg(feature = "postgres")]
            (Inner::Postgres(it), Arguments::Postgres(arguments)) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                let rows = it.fetch_all(query).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            }
            #[cfg(feature = "mysql")]
            (Inner::Mysql(it, _), Arguments::Mysql(arguments)) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                let rows = it.fetch_all(query).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            }
            _ => Err(mixed(sql)),
        }
    }

    /// The driver's own connection, for code that is written against it.
    ///
    /// # Errors
    /// [`DbError::Driver`] if this connection is another database's.
    pub fn driver<C: Driver>(&mut self) -> Result<&mut C, DbError> {
        self.stale = true;
        let kind = self.kind();
        C::of(self).ok_or_else(|| {
            DbError::Driver(format!(
                "the connection is to {kind:?}, and {} was asked for",
                C::NAME
            ))
        })
    }

    /// Ends what a database in a file does for this connection as soon as the flag is set. A server has to be told through another
    /// connection.
    ///
    /// # Errors
    /// [`DbError::Driver`] if the connection is broken.
    pub async fn interrupt_by(&mut self, flag: Arc<AtomicBool>) -> Result<(), DbError> {
        match &mut self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(it) => {
                let mut handle = it.lock_handle().await?;
                // Asked after so many instructions of its virtual machine: several hundred times a second.
                handle.set_progress_handler(10_000, move || !flag.load(Ordering::SeqCst));
                Ok(())
            }
            #[allow(unreachable_patterns)]
            _ => {
                drop(flag);
                Ok(())
            }
        }
    }

    /// Takes [`Self::interrupt_by`] back.
    ///
    /// # Errors
    /// [`DbError::Driver`] if the connection is broken.
    pub async fn interrupt_by_nobody(&mut self) -> Result<(), DbError> {
        match &mut self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(it) => {
                it.lock_handle().await?.remove_progress_handler();
                Ok(())
            }
            #[allow(unreachable_patterns)]
            _ => Ok(()),
        }
    }

    /// Says good-bye to the server.
    ///
    /// # Errors
    /// [`DbError::Driver`] if the connection is broken already.
    pub async fn close(self) -> Result<(), DbError> {
        match self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(it) => Ok((*it).close().await?),
            #[cfg(feature = "postgres")]
            Inner::Postgres(it) => Ok((*it).close().await?),
            #[cfg(feature = "mysql")]
            Inner::Mysql(it, _) => Ok((*it).close().await?),
            Inner::None(never) => match never {},
        }
    }

    /// A statement that was prepared before a change of the schema answers with the old columns, or not at all: after
    /// anything that may have been DDL, the cache is emptied before it is used again.
    async fn forget_stale(&mut self) -> Result<(), DbError> {
        if !std::mem::take(&mut self.stale) {
            return Ok(());
        }
        match &mut self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(it) => Ok(it.clear_cached_statements().await?),
            #[cfg(feature = "postgres")]
            Inner::Postgres(it) => Ok(it.clear_cached_statements().await?),
            #[cfg(feature = "mysql")]
            Inner::Mysql(it, _) => Ok(it.clear_cached_statements().await?),
            Inner::None(never) => match *never {},
        }
    }
}

fn mixed(sql: String) -> DbError {
    drop(sql);
    DbError::Driver("the arguments were made for another database".into())
}

pub(crate) fn not_built(kind: Kind) -> DbError {
    let (database, feature) = match kind {
        Kind::Sqlite => ("SQLite", "sqlite"),
        Kind::Postgres => ("PostgreSQL", "postgres"),
        Kind::Mysql => ("MySQL", "mysql"),
        Kind::MariaDb => ("MariaDB", "mysql"),
    };
    DbError::NotBuilt { database, feature }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn refused(url: &DbUrl, error: sqlx::Error) -> DbError {
    let (message, code) = match &error {
        sqlx::Error::Database(error) => (error.message().to_string(), code(error.as_ref())),
        // A configuration error may repeat what stood in the URL.
        sqlx::Error::Configuration(_) => ("its parameters cannot be read".to_string(), None),
        other => (other.to_string(), None),
    };
    DbError::Connect {
        url: url.to_string(),
        message,
        code,
    }
}

#[cfg(feature = "sqlite")]
async fn open_sqlite(url: &DbUrl, access: Access) -> Result<Connection, DbError> {
    use sqlx::sqlite::SqliteConnectOptions;
    use std::str::FromStr;
    let options = SqliteConnectOptions::from_str(url.secret())
        .map_err(|error| refused(url, error))?
        .create_if_missing(access == Access::Write)
        .foreign_keys(true);
    let file = options.get_filename();
    let in_memory = url.secret().contains(":memory:") || url.secret().contains("mode=memory");
    if access == Access::Read && !in_memory && !file.exists() {
        return Err(DbError::NoFile {
            url: url.to_string(),
        });
    }
    let inner = sqlx::SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| refused(url, error))?;
    Ok(inner.into())
}

#[cfg(feature = "postgres")]
async fn open_postgres(url: &DbUrl) -> Result<Connection, DbError> {
    use sqlx::postgres::PgConnectOptions;
    use std::str::FromStr;
    let options = PgConnectOptions::from_str(url.secret())
        .map_err(|error| refused(url, error))?
        .application_name("aludel");
    let inner = sqlx::PgConnection::connect_with(&options)
        .await
        .map_err(|error| refused(url, error))?;
    Ok(inner.into())
}

#[cfg(feature = "mysql")]
async fn open_mysql(url: &DbUrl) -> Result<Connection, DbError> {
    let options = mysql::options(url).map_err(|error| refused(url, error))?;
    let mut inner = sqlx::MySqlConnection::connect_with(&options)
        .await
        .map_err(|error| refused(url, mysql::plain(error)))?;
    inner.execute(sqlx::raw_sql(mysql::KEEP_MODE)).await?;
    Connection::of_mysql(inner).await
}
