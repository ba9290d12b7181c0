//! The version table and the log come together.

use super::LogTable;
use crate::db::Connection;
use crate::error::Result;
use crate::run::Runner;
use crate::run::frame::Around;

/// Which tables are there.
pub(in crate::run) struct There {
    pub version: bool,
    log: bool,
}

impl Runner {
    /// Looks for the version table, and for the log where one is wanted, by one query.
    pub(in crate::run) async fn look_for_tables(&mut self) -> Result<There> {
        let connection = self.db.connection();
        if !self.options.log {
            let version = self.version.is_there(connection).await?;
            return Ok(There {
                version,
                log: false,
            });
        }
        let sql = format!(
            "SELECT 'version' FROM ({}) AS v UNION ALL SELECT 'log' FROM ({}) AS l",
            self.version.exists_query(),
            self.log.exists
        );
        let mut there = There {
            version: false,
            log: false,
        };
        for row in connection.fetch(&sql).await? {
            match row.at::<String>(0)?.as_str() {
                "log" => there.log = true,
                _ => there.version = true,
            }
        }
        self.recorded = there.log;
        Ok(there)
    }

    /// Creates the version table and the log, unless they are there. Who wants no log gets none.
    pub(in crate::run) async fn make_tables(&mut self) -> Result<()> {
        let there = self.look_for_tables().await?;
        if there.version && (there.log || !self.options.log) {
            return Ok(());
        }
        let mut frame = self.frame(Around::Run, false);
        let outcome = frame.make_tables().await;
        frame.settle(outcome).await?;
        self.recorded = self.options.log;
        Ok(())
    }
}

impl LogTable {
    /// Creates the table, unless it is there.
    pub(in crate::run) async fn make(&self, connection: &mut Connection) -> Result<()> {
        if !self.is_there(connection).await? {
            connection.execute(&self.create()?).await?;
        }
        Ok(())
    }
}
