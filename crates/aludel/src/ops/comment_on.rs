//! Comments on anything.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Object, Schema};
use crate::sql::{self, Spell, Statement};

/// Sets or drops the comment of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct CommentOn {
    /// The object.
    pub object: Object,
    /// The comment, or none.
    pub comment: Option<String>,
}

impl Op for CommentOn {
    fn summary(&self) -> String {
        format!("comment on {}", self.object)
    }

    /// Tables, columns and indexes keep their comments themselves.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let comment = self.comment.clone();
        match &self.object {
            Object::Table(name) => super::table_mut(self, schema, name)?.comment = comment,
            Object::Column(name, column) if schema.tables.contains_key(name) => {
                let table = super::table_mut(self, schema, name)?;
                let Some(column) = table.find_column_mut(column) else {
                    return Err(misfit(self, format!("`{name}` has no column `{column}`")));
                };
                column.comment = comment;
            }
            Object::Index(name) => {
                let tables = schema.tables.values_mut();
                let mut indexes = tables
                    .filter(|it| it.name.schema == name.schema)
                    .flat_map(|it| &mut it.indexes);
                if let Some(index) = indexes.find(|it| it.name == name.name) {
                    index.comment = comment;
                }
            }
            other => {
                schema.objects.comments.remove(other);
                let said = comment.map(|it| (other.clone(), it));
                schema.objects.comments.extend(said);
            }
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let kind = self.object.kind().to_uppercase();
        let name = sql::object_name(spell, &self.object)?;
        let text = match &self.comment {
            Some(text) => spell.string(text)?,
            None => "NULL".into(),
        };
        Ok(vec![format!("COMMENT ON {kind} {name} IS {text}").into()])
    }

    fn rust(&self) -> String {
        let object = code::object(&self.object);
        let text = self.comment.as_ref();
        let text = text.map_or_else(|| "None".into(), |it| format!("Some({})", code::string(it)));
        format!("op.comment_on({object}, {text});")
    }
}

impl Operations {
    /// Sets the comment of an object of any kind, or drops it. A database without comments passes it over.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.comment_on(Object::view("open_visits"), Some("What is still to come."));
    /// op.comment_on(Object::function("age", "date"), Some("In years."));
    /// op.comment_on(Object::constraint("ck_cost", "visits"), None);
    /// ```
    #[doc = include_str!("sql/comment_on.md")]
    #[track_caller]
    pub fn comment_on(&mut self, object: Object, text: Option<&str>) {
        self.record(CommentOn {
            object,
            comment: text.map(str::to_string),
        });
    }
}
