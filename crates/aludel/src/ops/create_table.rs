//! Creates a table, with its constraints, indexes and comments.

use super::{Op, Operations, code, misfit};
use crate::error::Result;
use crate::schema::{Schema, Table};
use crate::sql::{self, Spell, Statement};

/// Creates a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    /// The table.
    pub table: Table,
}

impl Op for CreateTable {
    fn summary(&self) -> String {
        format!("create table {}", self.table.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if schema.tables.contains_key(&self.table.name) {
            let reason = format!("there is a table `{}` already", self.table.name);
            return Err(misfit(self, reason));
        }
        schema.add_table(self.table.clone());
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = &self.table;
        let name = spell.qualified(&table.name)?;
        let mut statements = vec![sql::create_table(spell, table)?.into()];
        for index in &table.indexes {
            let sql = sql::create_index(spell, &spell.quote(&index.name)?, &name, index)?;
            statements.push(sql.into());
        }
        if let Some(comment) = &table.comment {
            let text = spell.string(comment)?;
            statements.push(format!("COMMENT ON TABLE {name} IS {text}").into());
        }
        for column in &table.columns {
            statements.extend(sql::column_comment(spell, &name, column)?);
        }
        Ok(statements)
    }

    fn rust(&self) -> String {
        format!("op.create_table(\n{},\n);", code::table(&self.table))
    }
}

impl Operations {
    /// Creates a table. Constraints and indexes without a name get one by the naming convention.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_table(
    ///     Table::new("patients")
    ///         .column(Column::new("id", Type::Integer).primary_key())
    ///         .column(Column::new("email", Type::String).unique()),
    /// );
    /// ```
    #[doc = include_str!("sql/create_table.md")]
    #[track_caller]
    pub fn create_table(&mut self, mut table: Table) {
        table.apply_naming(&self.naming());
        self.record(CreateTable { table });
    }
}
