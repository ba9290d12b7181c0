//! A medical assistant's database: patients, their visits, and what was prescribed.

pub mod models;
pub mod services;
