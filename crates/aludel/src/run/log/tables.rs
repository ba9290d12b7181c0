//! The version table and the log come together.

use crate::error::Result;
use crate::run::Runner;

impl Runner {
    /// Creates the version table and the log, unless they are there, which is one question. Who wants no log gets none.
    pub(in crate::run) async fn make_tables(&mut self) -> Result<()> {
        let connection = self.db.connection();
        if !self.options.log {
            return self.version.create(connection).await;
        }
        let sql = format!(
            "SELECT 'version' FROM ({}) AS v UNION ALL SELECT 'log' FROM ({}) AS l",
            self.version.exists_query(),
            self.log.exists
        );
        let mut found = Vec::new();
        for row in connection.fetch(&sql).await? {
            found.push(row.at::<String>(0)?);
        }
        let is_there = |name: &str| found.iter().any(|it| it == name);
        if !is_there("version") {
            let create = self.version.create_statement();
            connection.execute(create).await?;
        }
        // A log that has just been made holds nothing that could be compared.
        self.recorded = is_there("log");
        if !self.recorded {
            connection.execute(&self.log.create()?).await?;
        }
        Ok(())
    }
}
