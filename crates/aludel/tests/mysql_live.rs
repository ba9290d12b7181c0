//! MariaDB, on a real server: what is created comes back, what is altered loses nothing, and nothing is left behind.
#![cfg(feature = "mysql")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "mysql_live/alter.rs"]
mod alter;
#[path = "mysql_live/converge.rs"]
mod converge;
#[path = "mysql_live/keys.rs"]
mod keys;
#[path = "mysql_live/names.rs"]
mod names;
#[path = "mysql_live/objects.rs"]
mod objects;
#[path = "mysql_live/probes.rs"]
mod probes;
#[path = "mysql_live/round_trip.rs"]
mod round_trip;
#[path = "mysql_live/runs.rs"]
mod runs;
#[path = "mysql_live/support.rs"]
mod support;
#[cfg(feature = "chrono")]
#[path = "mysql_live/times.rs"]
mod times;
