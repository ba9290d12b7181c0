//! Values that go into a statement beside its text.

use super::{DbError, Kind};

/// The arguments of one statement, in the form of one database.
#[derive(Debug)]
pub enum Arguments {
    /// SQLite's.
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::sqlite::SqliteArguments),
    /// PostgreSQL's.
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgArguments),
    /// MySQL's and MariaDB's.
    #[cfg(feature = "mysql")]
    Mysql(sqlx::mysql::MySqlArguments),
    /// Those of no database at all, in a program that was built without one.
    None,
}

impl Arguments {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite => Self::Sqlite(Default::default()),
            #[cfg(feature = "postgres")]
            Kind::Postgres => Self::Postgres(Default::default()),
            #[cfg(feature = "mysql")]
            Kind::Mysql | Kind::MariaDb => Self::Mysql(Default::default()),
            #[allow(unreachable_patterns)]
            _ => Self::None,
        }
    }

    /// Adds a value.
    ///
    /// # Errors
    /// [`DbError::Driver`] if the driver cannot encode it.
    pub fn add<'q, T: Param<'q>>(&mut self, value: T) -> Result<(), DbError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(it) => sqlx::Arguments::add(it, value).map_err(unencodable),
            #[cfg(feature = "postgres")]
            Self::Postgres(it) => sqlx::Arguments::add(it, value).map_err(unencodable),
            #[cfg(feature = "mysql")]
            Self::Mysql(it) => sqlx::Arguments::add(it, value).map_err(unencodable),
            Self::None => {
                drop(value);
                Ok(())
            }
        }
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn unencodable(error: sqlx::error::BoxDynError) -> DbError {
    DbError::Driver(error.to_string())
}

/// A value that every database of this build can encode.
pub trait Param<'q>: bound::Sqlite<'q> + bound::Postgres<'q> + bound::Mysql<'q> {}
impl<'q, T: bound::Sqlite<'q> + bound::Postgres<'q> + bound::Mysql<'q>> Param<'q> for T {}

mod bound {
    #[cfg(feature = "sqlite")]
    pub trait Sqlite<'q>: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> {}
    #[cfg(feature = "sqlite")]
    impl<'q, T: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>> Sqlite<'q> for T {}
    #[cfg(not(feature = "sqlite"))]
    pub trait Sqlite<'q> {}
    #[cfg(not(feature = "sqlite"))]
    impl<'q, T> Sqlite<'q> for T {}

    #[cfg(feature = "postgres")]
    pub trait Postgres<'q>: sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> {}
    #[cfg(feature = "postgres")]
    impl<'q, T: sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>> Postgres<'q> for T {}
    #[cfg(not(feature = "postgres"))]
    pub trait Postgres<'q> {}
    #[cfg(not(feature = "postgres"))]
    impl<'q, T> Postgres<'q> for T {}

    #[cfg(feature = "mysql")]
    pub trait Mysql<'q>: sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql> {}
    #[cfg(feature = "mysql")]
    impl<'q, T: sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql>> Mysql<'q> for T {}
    #[cfg(not(feature = "mysql"))]
    pub trait Mysql<'q> {}
    #[cfg(not(feature = "mysql"))]
    impl<'q, T> Mysql<'q> for T {}
}

/// The values of a statement's placeholders, in order: a tuple, `(first, last, id)`, or a list of one type.
pub trait Params<'q> {
    /// Adds them all.
    ///
    /// # Errors
    /// [`DbError::Driver`] if the driver cannot encode one.
    fn add_to(self, arguments: &mut Arguments) -> Result<(), DbError>;
}

impl<'q> Params<'q> for () {
    fn add_to(self, _: &mut Arguments) -> Result<(), DbError> {
        Ok(())
    }
}

impl<'q, T: Param<'q>> Params<'q> for Vec<T> {
    fn add_to(self, arguments: &mut Arguments) -> Result<(), DbError> {
        self.into_iter().try_for_each(|value| arguments.add(value))
    }
}

impl<'q, T: Param<'q>, const N: usize> Params<'q> for [T; N] {
    fn add_to(self, arguments: &mut Arguments) -> Result<(), DbError> {
        self.into_iter().try_for_each(|value| arguments.add(value))
    }
}

macro_rules! tuples {
    ($(($($value:ident)+))+) => {$(
        impl<'q, $($value: Param<'q>),+> Params<'q> for ($($value,)+) {
            fn add_to(self, arguments: &mut Arguments) -> Result<(), DbError> {
                #[allow(non_snake_case)]
                let ($($value,)+) = self;
                $(arguments.add($value)?;)+
                Ok(())
            }
        }
    )+};
}
tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}
