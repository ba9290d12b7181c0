//! Adds a column.

use super::condition::{clause, is_idle};
use super::{
    Condition, CreateCheckConstraint, CreateExclusionConstraint, CreateForeignKey, CreateIndex, CreatePrimaryKey, CreateUniqueConstraint,
    Subject, Op, Operation, Operations, Pending, code, misfit, table_mut,
};
use crate::error::Result;
use crate::schema::{
    Column, Constraint, Ident, Position, PrimaryKey, QualifiedName, Schema, Table,
};
use crate::sql::{self, Clause, Spell, Statement};

/// Adds a column to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct AddColumn {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Column,
    /// Where it goes, if not behind all others (MySQL, SQLite).
    pub position: Option<Position>,
    /// The primary key that comes with it, so that the rows that are there already are numbered.
    pub primary_key: Option<PrimaryKey>,
    /// Only if the table has no column of that name.
    pub if_not_exists: bool,
}

impl AddColumn {
    /// Adds this column.
    pub fn new(table: impl Into<QualifiedName>, column: Column) -> Self {
        Self {
            table: table.into(),
            column,
            position: None,
            primary_key: None,
            if_not_exists: false,
        }
    }

    /// With a primary key, which is on this column.
    pub fn with_primary_key(mut self, key: PrimaryKey) -> Self {
        self.primary_key = Some(key);
        self
    }
}

impl Op for AddColumn {
    fn summary(&self) -> String {
        format!("add column {}.{}", self.table, self.column.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if is_idle(self, schema) {
            return Ok(());
        }
        let table = table_mut(self, schema, &self.table)?;
        if let Some(Position::After(other)) = &self.position {
            super::need_columns(self, table, [other])?;
        }
        if table.has_column(&self.column.name) {
            let reason = format!("`{}` has a column `{}` already", self.table, self.column.name);
            return Err(misfit(self, reason));
        }
        table.columns.push(self.column.clone());
        if let Some(position) = &self.position {
            table.move_column(&self.column.name, position);
        }
        match &self.primary_key {
            Some(key) => CreatePrimaryKey::new(self.table.clone(), key.clone()).apply(schema),
            None => Ok(()),
        }
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let column = spell.column(&self.column)?;
        super::no_position(self, spell, self.position.as_ref())?;
        let clause = clause(self, spell);
        let key = self.key_sql(spell)?;
        let add = format!("ALTER TABLE {table} ADD COLUMN {clause}{column}{key}");
        let mut statements = vec![add.into()];
        statements.extend(sql::column_comment(spell, &table, &self.column)?);
        Ok(statements)
    }

    fn rust(&self) -> String {
        let column = code::column(&self.column);
        let mut code = format!("op.add_column({}, {column})", code::name(&self.table));
        code += &code::position(self.position.as_ref());
        if let Some(key) = &self.primary_key {
            let name = key.name.as_ref().map(|it| it.as_str());
            code += &format!(".with_primary_key({})", code::string(name.unwrap_or_default()));
        }
        if self.if_not_exists {
            code += ".if_not_exists()";
        }
        code + ";"
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_not_exists.then_some(Condition {
            clause: Clause::AddColumn,
            table: &self.table,
            subject: Subject::Column(&self.column.name),
        })
    }
}

impl AddColumn {
    /// The key that comes with the column, as another part of the statement.
    pub(crate) fn key_sql(&self, spell: &dyn Spell) -> Result<String> {
        Ok(match &self.primary_key {
            Some(key) => format!(", ADD {}", sql::constraint(spell, &key.clone().into())?),
            None => String::new(),
        })
    }
}

impl Operations {
    /// Adds a column. What is said on it beside its own properties (primary key, unique, index, reference, check) is
    /// recorded as operations behind it; but the primary key of a numbered column comes with it, and numbers the rows.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.add_column("visits", Column::new("doctor_id", Type::Integer).references("doctors", "id"));
    /// op.add_column("visits", Column::new("room", Type::Text)).if_not_exists();
    /// ```
    #[doc = include_str!("sql/add_column.md")]
    #[track_caller]
    pub fn add_column(
        &mut self,
        table: impl Into<QualifiedName>,
        column: Column,
    ) -> Pending<'_, AddColumn> {
        let table = table.into();
        let alone = column.alone();
        let mut said = Table::new(table.clone()).column(column);
        said.apply_naming(&self.naming());
        let numbered = alone.identity.is_some();
        let (keys, constraints): (Vec<_>, Vec<_>) = said
            .constraints
            .into_iter()
            .partition(|it| numbered && matches!(it, Constraint::PrimaryKey(_)));
        let key = keys.into_iter().find_map(|it| match it {
            Constraint::PrimaryKey(key) => Some(key),
            _ => None,
        });
        let constraints = constraints.into_iter();
        let constraints = constraints.map(|it| create_constraint(table.clone(), it));
        let indexes = said.indexes.into_iter();
        let indexes = indexes.map(|it| CreateIndex::new(table.clone(), it).into());
        let beside = constraints.chain(indexes).collect();
        let mut pending = self.pending(AddColumn::new(table, alone));
        pending.operation.primary_key = key;
        pending.beside = beside;
        pending
    }
}

impl Pending<'_, AddColumn> {
    /// Before all other columns (MySQL; SQLite rebuilds the table).
    pub fn first(mut self) -> Self {
        self.operation.position = Some(Position::First);
        self
    }

    /// Behind this column (MySQL; SQLite rebuilds the table).
    pub fn after(mut self, column: impl Into<Ident>) -> Self {
        self.operation.position = Some(Position::After(column.into()));
        self
    }

    /// The column comes with a primary key of this name, which is on it alone: the rows that are there already are numbered.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.add_column("rooms", Column::new("id", Type::Integer).identity()).with_primary_key("pk_rooms");
    /// ```
    pub fn with_primary_key(mut self, name: impl Into<Ident>) -> Self {
        let column = self.operation.column.name.clone();
        let name = name.into();
        let mut key = PrimaryKey::new([column]);
        key.name = (!name.is_empty()).then_some(name);
        self.operation.primary_key = Some(key);
        self
    }

    /// Does nothing if the table has a column of that name, whatever its type. What was said on the column beside its own
    /// properties is looked at by itself: an index or a constraint that is not there is created. Where the database has no
    /// clause for it, the runner looks; a script cannot. A comment that is a statement of its own (PostgreSQL) is set anyway.
    pub fn if_not_exists(mut self) -> Self {
        self.operation.if_not_exists = true;
        if let Some(key) = self.operation.primary_key.take() {
            let table = self.operation.table.clone();
            self.beside.insert(0, CreatePrimaryKey::new(table, key).into());
        }
        for operation in &mut self.beside {
            match operation {
                Operation::CreatePrimaryKey(it) => it.if_not_exists = true,
                Operation::CreateUniqueConstraint(it) => it.if_not_exists = true,
                Operation::CreateForeignKey(it) => it.if_not_exists = true,
                Operation::CreateCheckConstraint(it) => it.if_not_exists = true,
                Operation::CreateIndex(it) => it.if_not_exists = true,
                _ => {}
            }
        }
        self
    }
}

/// The operation that adds a constraint to a table that is there already.
pub fn create_constraint(table: QualifiedName, constraint: Constraint) -> Operation {
    match constraint {
        Constraint::PrimaryKey(it) => CreatePrimaryKey::new(table, it).into(),
        Constraint::Unique(it) => CreateUniqueConstraint::new(table, it).into(),
        Constraint::ForeignKey(it) => CreateForeignKey::new(table, it).into(),
        Constraint::Check(it) => CreateCheckConstraint::new(table, it).into(),
        Constraint::Exclude(it) => CreateExclusionConstraint::new(table, it).into(),
    }
}
