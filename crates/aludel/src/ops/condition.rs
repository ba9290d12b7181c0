//! `if_exists` and `if_not_exists`: what an operation's being run depends on.
//!
//! Where the database has a clause for it, the statement says it. Where it has not, whoever runs the operation looks first;
//! this file knows what to look for, and not how.

use super::Op;
use crate::schema::{Constraint, Ident, QualifiedName, Schema};
use crate::sql::{Clause, Spell};

/// What must be there, or must not, for an operation to be run.
///
/// ```
/// use aludel::ops::{DropColumn, Op};
/// use aludel::schema::{Column, Schema, Table, Type};
///
/// let drop = DropColumn { if_exists: true, ..DropColumn::new("visits", "cost") };
/// let mut schema = Schema::default();
/// schema.add_table(Table::new("visits").column(Column::new("id", Type::Integer)));
/// let condition = drop.condition().unwrap();
/// assert!(!condition.is_met(&schema));
/// assert_eq!(condition.unmet(), "`visits` has no column `cost`");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Condition<'o> {
    /// The clause that says it, where there is one.
    pub clause: Clause,
    /// The table, or the table that the object belongs to.
    pub table: &'o QualifiedName,
    /// The object.
    pub subject: Subject<'o>,
}

/// What a condition asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject<'o> {
    /// The table itself.
    Table,
    /// A column of it.
    Column(&'o Ident),
    /// An index of it.
    Index(&'o Ident),
    /// Its primary key, whatever it is called.
    PrimaryKey,
    /// A constraint of this name.
    Constraint(&'o Ident),
    /// A constraint without a name that is equal to this.
    Unnamed(Constraint),
}

impl Subject<'_> {
    /// The constraint that an operation creates: by its name if it has one.
    pub(super) fn constraint(name: Option<&Ident>, it: impl FnOnce() -> Constraint) -> Subject<'_> {
        match name {
            Some(name) => Subject::Constraint(name),
            None => Subject::Unnamed(it()),
        }
    }
}

impl Condition<'_> {
    /// Whether the operation is to be run in this state. Only the object is asked for: without the table that it belongs to,
    /// the operation is run, and fails as it should.
    pub fn is_met(&self, schema: &Schema) -> bool {
        let Some(table) = schema.tables.get(self.table) else {
            return self.subject != Subject::Table || self.clause.creates();
        };
        let is_there = match &self.subject {
            Subject::Table => true,
            Subject::Column(name) => table.has_column(name),
            Subject::Index(name) => table.has_index(name),
            Subject::PrimaryKey => table.find_primary_key().is_some(),
            Subject::Constraint(name) => table.has_constraint(name),
            Subject::Unnamed(it) => table.constraints.contains(it),
        };
        is_there != self.clause.creates()
    }

    /// Why the operation is not run, where the condition is not met.
    pub fn unmet(&self) -> String {
        let table = self.table;
        let subject = match &self.subject {
            Subject::Table if self.clause.creates() => {
                return format!("there is a table `{table}`");
            }
            Subject::Table => return format!("there is no table `{table}`"),
            Subject::Column(name) => format!("column `{name}`"),
            Subject::Index(name) => format!("index `{name}`"),
            Subject::PrimaryKey => "primary key".into(),
            Subject::Constraint(name) => format!("constraint `{name}`"),
            Subject::Unnamed(_) => "such constraint".into(),
        };
        match self.clause.creates() {
            true => format!("`{table}` has the {subject} already"),
            false => format!("`{table}` has no {subject}"),
        }
    }
}

/// Whether an operation has nothing to do in this state.
pub(super) fn is_idle(op: &dyn Op, schema: &Schema) -> bool {
    op.condition().is_some_and(|it| !it.is_met(schema))
}

/// `IF EXISTS ` or `IF NOT EXISTS `, where the operation asks for it and the database has it.
pub(crate) fn clause(op: &dyn Op, spell: &dyn Spell) -> &'static str {
    let said = op.condition().map(|it| it.clause);
    match said.filter(|it| spell.has_clause(*it)) {
        Some(clause) if clause.creates() => "IF NOT EXISTS ",
        Some(_) => "IF EXISTS ",
        None => "",
    }
}

/// `.if_exists()` and `.if_not_exists()` of operations that are still being said.
macro_rules! conditions {
    ($($operation:ident . $call:ident: $doc:literal,)+) => {$(
        impl super::Pending<'_, super::$operation> {
            #[doc = $doc]
            pub fn $call(mut self) -> Self {
                self.operation.$call = true;
                self
            }
        }
    )+};
}

conditions! {
    CreateTable.if_not_exists: "Does nothing if there is a table of that name, whatever it holds; its indexes are looked at by themselves.",
    DropTable.if_exists: "Does nothing if there is no such table.",
    DropColumn.if_exists: "Does nothing if the table has no such column. Where the database has no clause for it, the runner looks; a script cannot.",
    CreateIndex.if_not_exists: "Does nothing if there is an index of that name, whatever it is on.",
    DropIndex.if_exists: "Does nothing if there is no such index.",
    CreatePrimaryKey.if_not_exists: "Does nothing if the table has a primary key. No database has a clause for it: the runner looks, and a script cannot.",
    CreateUniqueConstraint.if_not_exists: "Does nothing if the table has a constraint of that name. The runner looks; a script cannot.",
    CreateForeignKey.if_not_exists: "Does nothing if the table has a constraint of that name. The runner looks; a script cannot.",
    CreateCheckConstraint.if_not_exists: "Does nothing if the table has a constraint of that name. The runner looks; a script cannot.",
    CreateExclusionConstraint.if_not_exists: "Does nothing if the table has a constraint of that name. The runner looks; a script cannot.",
    DropConstraint.if_exists: "Does nothing if the table has no such constraint. Where the database has no clause for it, the runner looks; a script cannot.",
}
