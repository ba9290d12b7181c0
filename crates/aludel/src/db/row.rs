//! Rows, and what can be read out of their columns.

use super::DbError;
#[cfg(feature = "mysql")]
use super::mysql;

/// A row of a result.
pub struct Row {
    inner: Inner,
}

enum Inner {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::sqlite::SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgRow),
    #[cfg(feature = "mysql")]
    Mysql(sqlx::mysql::MySqlRow),
    #[allow(dead_code)]
    None(std::convert::Infallible),
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Row")
    }
}

#[cfg(feature = "sqlite")]
impl From<sqlx::sqlite::SqliteRow> for Row {
    fn from(row: sqlx::sqlite::SqliteRow) -> Self {
        Self {
            inner: Inner::Sqlite(row),
        }
    }
}

#[cfg(feature = "postgres")]
impl From<sqlx::postgres::PgRow> for Row {
    fn from(row: sqlx::postgres::PgRow) -> Self {
        Self {
            inner: Inner::Postgres(row),
        }
    }
}

#[cfg(feature = "mysql")]
impl From<sqlx::mysql::MySqlRow> for Row {
    fn from(row: sqlx::mysql::MySqlRow) -> Self {
        Self {
            inner: Inner::Mysql(row),
        }
    }
}

/// A Rust type that every database of this build can decode: integers, floats, `bool`, `String`, `Vec<u8>`, `Option` of
/// these, and the types of `chrono`, `time`, `uuid` and `serde_json` with their features.
pub trait FromColumn: bound::Sqlite + bound::Postgres + bound::Mysql {}
impl<T: bound::Sqlite + bound::Postgres + bound::Mysql> FromColumn for T {}

mod bound {
    #[cfg(feature = "sqlite")]
    pub trait Sqlite: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> {}
    #[cfg(feature = "sqlite")]
    impl<T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>> Sqlite for T {}
    #[cfg(not(feature = "sqlite"))]
    pub trait Sqlite {}
    #[cfg(not(feature = "sqlite"))]
    impl<T> Sqlite for T {}

    #[cfg(feature = "postgres")]
    pub trait Postgres:
        for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>
    {
    }
    #[cfg(feature = "postgres")]
    impl<T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>> Postgres for T {}
    #[cfg(not(feature = "postgres"))]
    pub trait Postgres {}
    #[cfg(not(feature = "postgres"))]
    impl<T> Postgres for T {}

    #[cfg(feature = "mysql")]
    pub trait Mysql: for<'r> sqlx::Decode<'r, sqlx::MySql> + sqlx::Type<sqlx::MySql> {}
    #[cfg(feature = "mysql")]
    impl<T: for<'r> sqlx::Decode<'r, sqlx::MySql> + sqlx::Type<sqlx::MySql>> Mysql for T {}
    #[cfg(not(feature = "mysql"))]
    pub trait Mysql {}
    #[cfg(not(feature = "mysql"))]
    impl<T> Mysql for T {}
}

impl Row {
    /// The value of a column, by name. A column that may hold NULL is read as an `Option`.
    ///
    /// # Errors
    /// [`DbError::Column`] if there is no such column, if it is NULL, or if it holds another type.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T, DbError> {
        match &self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(row) => Ok(sqlx::Row::try_get(row, column)?),
            #[cfg(feature = "postgres")]
            Inner::Postgres(row) => Ok(sqlx::Row::try_get(row, column)?),
            #[cfg(feature = "mysql")]
            Inner::Mysql(row) => Ok(mysql::read(row, column)?),
            Inner::None(never) => {
                let _ = column;
                match *never {}
            }
        }
    }

    /// The value of a column, by position from 0.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn at<T: FromColumn>(&self, index: usize) -> Result<T, DbError> {
        match &self.inner {
            #[cfg(feature = "sqlite")]
            Inner::Sqlite(row) => Ok(sqlx::Row::try_get(row, index)?),
            #[cfg(feature = "postgres")]
            Inner::Postgres(row) => Ok(sqlx::Row::try_get(row, index)?),
            #[cfg(feature = "mysql")]
            Inner::Mysql(row) => Ok(mysql::read(row, index)?),
            Inner::None(never) => {
                let _ = index;
                match *never {}
            }
        }
    }
}
