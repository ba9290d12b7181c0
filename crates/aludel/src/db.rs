//! The only door to a database: a connection, its rows, and the values that go in.
//!
//! The driver is sqlx, with one concrete connection for each database that a feature switched on. This room knows no schema,
//! no operation and no dialect.

mod connection;
mod error;
#[cfg(feature = "mysql")]
mod mysql;
mod params;
mod parts;
mod row;
mod url;

pub(crate) use connection::not_built;
pub use connection::{Access, Connection, Driver};
pub use error::DbError;
pub use params::{Arguments, Param, Params};
pub use parts::Parts;
pub use row::{FromColumn, Row};
pub use url::{DbUrl, Kind};

/// A future that stays on its thread: what touches a connection is driven by the one who owns it.
pub type LocalBoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + 'a>>;
