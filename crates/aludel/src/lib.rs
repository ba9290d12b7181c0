//! Version control for database schemas.

pub mod history;
pub mod ops;
pub mod revision;
pub mod sql;
