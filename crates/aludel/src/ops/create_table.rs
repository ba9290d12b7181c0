//! Creates a table, with its constraints, indexes and comments.

use super::condition::{clause, is_idle};
use super::{Condition, Subject, Op, Operations, Pending, code, misfit};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema, Table};
use crate::sql::{self, Clause, Spell, Statement};

/// Creates a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    /// The table.
    pub table: Table,
    /// Only if there is no table of that name.
    pub if_not_exists: bool,
}

impl CreateTable {
    /// Creates this table.
    pub fn new(table: Table) -> Self {
        Self {
            table,
            if_not_exists: false,
        }
    }

    /// The tables whose columns it has without saying so.
    fn parents(&self) -> impl Iterator<Item = &QualifiedName> {
        let options = &self.table.options;
        let whole = options.partition_of.iter().map(|it| &it.parent);
        whole.chain(&options.inherits)
    }
}

impl Op for CreateTable {
    fn summary(&self) -> String {
        format!("create table {}", self.table.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if is_idle(self, schema) {
            return Ok(());
        }
        if schema.tables.contains_key(&self.table.name) {
            let reason = format!("there is a table `{}` already", self.table.name);
            return Err(misfit(self, reason));
        }
        let mut table = self.table.clone();
        let own = std::mem::take(&mut table.columns);
        for parent in self.parents() {
            let Some(parent) = schema.tables.get(parent) else {
                return Err(misfit(self, format!("there is no table `{parent}`")));
            };
            for column in &parent.columns {
                if !table.has_column(&column.name) {
                    table.columns.push(column.clone());
                }
            }
        }
        for column in own {
            match table.find_column_mut(&column.name) {
                Some(inherited) => *inherited = column,
                None => table.columns.push(column),
            }
        }
        schema.add_table(table);
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = &self.table;
        let name = spell.qualified(&table.name)?;
        let create = sql::create_table_with_options(spell, table, clause(self, spell))?;
        let mut statements = vec![create.into()];
        for index in &table.indexes {
            let create = super::CreateIndex {
                if_not_exists: self.if_not_exists,
                ..super::CreateIndex::new(table.name.clone(), index.clone())
            };
            statements.extend(create.sql(spell)?);
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
        let table = code::table(&self.table);
        let if_not_exists = code::if_not_exists(self.if_not_exists);
        format!("op.create_table(\n{table},\n){if_not_exists};")
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_not_exists.then_some(Condition {
            clause: Clause::CreateTable,
            table: &self.table.name,
            subject: Subject::Table,
        })
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
    pub fn create_table(&mut self, mut table: Table) -> Pending<'_, CreateTable> {
        table.apply_naming(&self.naming());
        self.pending(CreateTable::new(table))
    }
}
