//! Runs SQL text.

use super::{Op, Operations, code};
use crate::error::Result;
use crate::schema::Schema;
use crate::sql::{Spell, Statement};

/// Runs SQL text as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Execute {
    /// The text: one statement.
    pub sql: String,
}

/// The beginning of a statement, on one line.
pub fn shortened(sql: &str) -> String {
    // Of a long text, no more is looked at than is shown.
    let line = sql.split_whitespace().take(60).collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(60).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

impl Op for Execute {
    fn summary(&self) -> String {
        format!("execute \"{}\"", shortened(&self.sql))
    }

    /// What SQL text does to a schema is not read here: nothing changes.
    fn apply(&self, _: &mut Schema) -> Result<()> {
        Ok(())
    }

    fn sql(&self, _: &dyn Spell) -> Result<Vec<Statement>> {
        Ok(vec![self.sql.as_str().into()])
    }

    fn rust(&self) -> String {
        format!("op.execute({});", code::string(&self.sql))
    }
}

impl Operations {
    /// Runs one SQL statement as it is.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.execute("UPDATE visits SET status = 'completed' WHERE status IS NULL");
    /// ```
    #[doc = include_str!("sql/execute.md")]
    #[track_caller]
    pub fn execute(&mut self, sql: impl Into<String>) {
        let sql: String = sql.into();
        let sql = sql.trim().trim_end_matches(';').trim_end().to_string();
        self.record(Execute { sql });
    }
}
