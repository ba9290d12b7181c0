//! Adds a column.

use super::{
    CreateCheckConstraint, CreateExclusionConstraint, CreateForeignKey, CreateIndex, CreatePrimaryKey, CreateUniqueConstraint,
    Op, Operation, Operations, code, misfit, table_mut,
};
use crate::error::Result;
use crate::schema::{Column, Constraint, QualifiedName, Schema, Table};
use crate::sql::{self, Spell, Statement};

/// Adds a column to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct AddColumn {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Column,
}

impl Op for AddColumn {
    fn summary(&self) -> String {
        format!("add column {}.{}", self.table, self.column.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = table_mut(self, schema, &self.table)?;
        if table.has_column(&self.column.name) {
            let reason = format!("`{}` has a column `{}` already", self.table, self.column.name);
            return Err(misfit(self, reason));
        }
        table.columns.push(self.column.clone());
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let column = spell.column(&self.column)?;
        let mut statements = vec![format!("ALTER TABLE {table} ADD COLUMN {column}").into()];
        statements.extend(sql::column_comment(spell, &table, &self.column)?);
        Ok(statements)
    }

    fn rust(&self) -> String {
        let column = code::column(&self.column);
        format!("op.add_column({}, {column});", code::name(&self.table))
    }
}

impl Operations {
    /// Adds a column. What is said on it beside its own properties (primary key, unique, index, reference, check) is
    /// recorded as operations behind it.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.add_column("visits", Column::new("doctor_id", Type::Integer).references("doctors", "id"));
    /// ```
    #[doc = include_str!("sql/add_column.md")]
    #[track_caller]
    pub fn add_column(&mut self, table: impl Into<QualifiedName>, column: Column) {
        let table = table.into();
        let mut said = Table::new(table.clone()).column(column);
        said.apply_naming(&self.naming());
        for column in said.columns {
            self.record(AddColumn {
                table: table.clone(),
                column,
            });
        }
        for constraint in said.constraints {
            self.record(create_constraint(table.clone(), constraint));
        }
        for index in said.indexes {
            self.record(CreateIndex {
                table: table.clone(),
                index,
            });
        }
    }
}

/// The operation that adds a constraint to a table that is there already.
pub fn create_constraint(table: QualifiedName, constraint: Constraint) -> Operation {
    match constraint {
        Constraint::PrimaryKey(key) => CreatePrimaryKey { table, key }.into(),
        Constraint::Unique(unique) => CreateUniqueConstraint { table, unique }.into(),
        Constraint::ForeignKey(key) => CreateForeignKey { table, key }.into(),
        Constraint::Check(check) => CreateCheckConstraint { table, check }.into(),
        Constraint::Exclude(exclude) => CreateExclusionConstraint { table, exclude }.into(),
    }
}
