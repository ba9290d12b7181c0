//! Comments on a table.

use super::{Op, Operations, code, table_mut};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema};
use crate::sql::{Spell, Statement};

/// Sets or drops the comment of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CommentTable {
    /// The table.
    pub table: QualifiedName,
    /// The comment, or none.
    pub comment: Option<String>,
}

impl Op for CommentTable {
    fn summary(&self) -> String {
        format!("comment on table {}", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        table_mut(self, schema, &self.table)?.comment = self.comment.clone();
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let text = match &self.comment {
            Some(text) => spell.string(text)?,
            None => "NULL".into(),
        };
        Ok(vec![format!("COMMENT ON TABLE {table} IS {text}").into()])
    }

    fn rust(&self) -> String {
        let table = code::name(&self.table);
        match &self.comment {
            Some(text) => format!("op.create_table_comment({table}, {});", code::string(text)),
            None => format!("op.drop_table_comment({table});"),
        }
    }
}

impl Operations {
    /// Sets the comment of a table. A database without comments passes it over.
    #[doc = include_str!("sql/create_table_comment.md")]
    #[track_caller]
    pub fn create_table_comment(
        &mut self,
        table: impl Into<QualifiedName>,
        comment: impl Into<String>,
    ) {
        self.record(CommentTable {
            table: table.into(),
            comment: Some(comment.into()),
        });
    }

    /// Drops the comment of a table. A database without comments passes it over.
    #[doc = include_str!("sql/drop_table_comment.md")]
    #[track_caller]
    pub fn drop_table_comment(&mut self, table: impl Into<QualifiedName>) {
        self.record(CommentTable {
            table: table.into(),
            comment: None,
        });
    }
}
