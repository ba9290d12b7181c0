//! Servers of MariaDB for these tests alone: there a schema is a database, which all tests of a server would share.

use aludel_testdb::{Auth, MariaDb, MariaDbServer};

/// A server of the caller's own. `None` where MariaDB is left out.
pub fn mariadb_server() -> Option<MariaDbServer> {
    aludel_testdb::mariadb_or_skip()?;
    Some(MariaDbServer::start(Auth::Trust).unwrap())
}

/// A fresh database, and no other one that a case before has left.
pub fn mariadb_database(server: &MariaDbServer) -> MariaDb {
    let database = server.database().unwrap();
    database.sql("DROP DATABASE IF EXISTS other; DROP DATABASE IF EXISTS another");
    database
}
