//! VERBS: the operations of a revision, and the recorder that a revision's `upgrade` and `downgrade` write to.
//!
//! An operation knows four things about itself: what it is called, what it does to a schema in memory, its standard
//! spelling as SQL, and the Rust call that records it. It knows no database: a dialect that spells it differently says so
//! in its own folder.

use crate::db::Kind;
use crate::error::{Error, Result};
use crate::schema::{Constraint, Ident, NamingConvention, Position, QualifiedName, Schema, Table};
use crate::sql::{Spell, Statement};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

pub mod code;
pub(crate) mod condition;
mod if_there;
mod step;

pub use condition::{Condition, Subject};
pub use if_there::IfThere;
pub use step::{Backend, Db};

/// What every operation can say of itself.
pub trait Op: fmt::Debug {
    /// In a few words, as an infinitive: `add column patients.email`.
    fn summary(&self) -> String;

    /// Its meaning: what it does to a schema in memory.
    ///
    /// # Errors
    /// [`Error::Schema`] if it does not fit: the table is missing, the column is there already.
    fn apply(&self, schema: &mut Schema) -> Result<()>;

    /// Its standard spelling.
    ///
    /// # Errors
    /// [`Error::Name`] for a name that cannot be quoted; [`Error::Unsupported`] for what has no standard spelling.
    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>>;

    /// The Rust statement that records it, `op.drop_column("patients", "email");`.
    fn rust(&self) -> String;

    /// What must be there, or must not, for it to be run, if anything: `if_exists`, `if_not_exists`.
    fn condition(&self) -> Option<Condition<'_>> {
        None
    }
}

/// Declares the operations: a module and a variant each. A new operation is one file and one line here.
macro_rules! operations {
    ($($module:ident :: $operation:ident,)+) => {
        $(pub mod $module;)+
        $(pub use $module::$operation;)+

        /// One operation of a revision.
        #[derive(Debug)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "a revision holds few, and each only for a moment")]
        pub enum Operation {
            $(#[doc = concat!("See [`", stringify!($operation), "`].")] $operation($operation),)+
        }

        $(impl From<$operation> for Operation {
            fn from(it: $operation) -> Self {
                Self::$operation(it)
            }
        })+

        impl std::ops::Deref for Operation {
            type Target = dyn Op;
            fn deref(&self) -> &Self::Target {
                match self {
                    $(Self::$operation(it) => it,)+
                }
            }
        }
    };
}

operations! {
    create_table::CreateTable,
    drop_table::DropTable,
    rename_table::RenameTable,
    set_table_options::SetTableOptions,
    attach_partition::AttachPartition,
    detach_partition::DetachPartition,
    comment_table::CommentTable,
    add_column::AddColumn,
    drop_column::DropColumn,
    alter_column::AlterColumn,
    create_index::CreateIndex,
    drop_index::DropIndex,
    rename_index::RenameIndex,
    create_primary_key::CreatePrimaryKey,
    create_unique_constraint::CreateUniqueConstraint,
    create_foreign_key::CreateForeignKey,
    create_check_constraint::CreateCheckConstraint,
    create_exclusion_constraint::CreateExclusionConstraint,
    drop_constraint::DropConstraint,
    rename_constraint::RenameConstraint,
    validate_constraint::ValidateConstraint,
    create_enum::CreateEnum,
    drop_enum::DropEnum,
    alter_enum::AlterEnum,
    rename_enum_value::RenameEnumValue,
    create_schema::CreateSchema,
    create_sequence::CreateSequence,
    alter_sequence::AlterSequence,
    create_view::CreateView,
    refresh_materialized_view::RefreshMaterializedView,
    create_function::CreateFunction,
    create_trigger::CreateTrigger,
    toggle_trigger::ToggleTrigger,
    create_extension::CreateExtension,
    update_extension::UpdateExtension,
    create_domain::CreateDomain,
    alter_domain::AlterDomain,
    create_policy::CreatePolicy,
    alter_policy::AlterPolicy,
    set_row_security::SetRowSecurity,
    drop_object::DropObject,
    rename_object::RenameObject,
    set_schema::SetSchema,
    comment_on::CommentOn,
    execute::Execute,
    bulk_insert::BulkInsert,
    run::Run,
}

/// Where an operation was recorded: a call in a `.rs` file, or a statement in a `.sql` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file, as the compiler or the history names it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// An operation with the place that recorded it.
#[derive(Debug)]
pub struct Recorded {
    /// The operation.
    pub operation: Operation,
    /// The place, unless a program made it.
    pub at: Option<Location>,
}

impl From<Operation> for Recorded {
    fn from(operation: Operation) -> Self {
        Self {
            operation,
            at: None,
        }
    }
}

/// The recorder: what `upgrade(op)` and `downgrade(op)` are given. Nothing runs while they run.
///
/// ```
/// use aludel::prelude::*;
///
/// fn upgrade(op: &mut Operations) {
///     op.add_column("patients", Column::new("email", Type::String));
///     op.create_unique_constraint("uq_patients_email", "patients", ["email"]);
/// }
///
/// let mut op = Operations::new(aludel::db::Kind::Sqlite);
/// upgrade(&mut op);
/// let said: Vec<String> = op.into_recorded().iter().map(|it| it.operation.summary()).collect();
/// assert_eq!(said, ["add column patients.email", "create unique constraint uq_patients_email on patients"]);
/// ```
#[derive(Debug)]
pub struct Operations {
    database: Kind,
    /// Shared with the step that has them run at once: it reads what a closure has recorded that still holds the recorder.
    recorded: Rc<RefCell<Vec<Recorded>>>,
    /// Shared as well: a step cannot leave its revision's transaction, and says so.
    in_transaction: Rc<Cell<bool>>,
}

impl Operations {
    /// Nothing recorded yet; `database` is what [`Self::database`] answers.
    pub fn new(database: Kind) -> Self {
        Self {
            database,
            recorded: Rc::default(),
            in_transaction: Rc::new(Cell::new(true)),
        }
    }

    /// The database that the revision is recorded for, for the rare operation that only one has.
    pub fn database(&self) -> Kind {
        self.database
    }

    /// Whether the revision runs in a transaction, as it does unless this is told otherwise: without one, each statement counts
    /// at once, and what ran before a failure stays. It goes for the function that says it, wherever in it that is said; a
    /// `.sql` revision says `-- migrate:up transaction:false`.
    ///
    /// A statement that cannot run in a transaction needs no such word: it is taken out of the revision's transaction by itself.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.transaction(false);
    /// op.execute("UPDATE visits SET year = 2024 WHERE visit_date < '2025-01-01'");
    /// op.execute("UPDATE visits SET year = 2025 WHERE visit_date >= '2025-01-01'");
    /// ```
    pub fn transaction(&mut self, wanted: bool) {
        self.in_transaction.set(wanted);
    }

    /// What [`Self::transaction`] was told last.
    pub fn in_transaction(&self) -> bool {
        self.in_transaction.get()
    }

    /// What was recorded, in order.
    pub fn into_recorded(self) -> Vec<Recorded> {
        self.recorded.take()
    }

    /// Records an operation as it is.
    #[track_caller]
    pub fn record(&mut self, operation: impl Into<Operation>) {
        let caller = std::panic::Location::caller();
        self.record_at(
            operation,
            Location {
                file: caller.file().to_string(),
                line: caller.line(),
            },
        );
    }

    /// Records an operation that stands in another place than the call.
    pub fn record_at(&mut self, operation: impl Into<Operation>, at: Location) {
        let recorded = Recorded {
            operation: operation.into(),
            at: Some(at),
        };
        self.recorded.borrow_mut().push(recorded);
    }

    /// An operation that its caller will complete before it is recorded.
    #[track_caller]
    fn pending<T: Into<Operation> + Clone>(&mut self, operation: T) -> Pending<'_, T> {
        let caller = std::panic::Location::caller();
        Pending {
            at: Location {
                file: caller.file().to_string(),
                line: caller.line(),
            },
            recorder: self,
            operation,
            beside: Vec::new(),
        }
    }

    /// The convention that names what a revision left unnamed.
    fn naming(&self) -> NamingConvention {
        NamingConvention::default()
    }
}

/// An operation that is still being said: `op.alter_column("visits", "status").set_not_null();`. It is recorded when the
/// statement ends.
#[derive(Debug)]
pub struct Pending<'op, T: Into<Operation> + Clone> {
    recorder: &'op mut Operations,
    operation: T,
    /// What is recorded behind it.
    beside: Vec<Operation>,
    at: Location,
}

impl<T: Into<Operation> + Clone> Drop for Pending<'_, T> {
    fn drop(&mut self) {
        self.recorder
            .record_at(self.operation.clone(), self.at.clone());
        for operation in std::mem::take(&mut self.beside) {
            self.recorder.record_at(operation, self.at.clone());
        }
    }
}

/// The table that an operation works on, which is then no more as it was inspected.
fn table_mut<'s>(
    op: &dyn Op,
    schema: &'s mut Schema,
    name: &QualifiedName,
) -> Result<&'s mut Table> {
    let found = schema.tables.get_mut(name);
    let table = found.ok_or_else(|| misfit(op, format!("there is no table `{name}`")))?;
    table.source.inspected = false;
    Ok(table)
}

/// An operation that does not fit its schema.
fn misfit(op: &dyn Op, reason: impl Into<String>) -> Error {
    Error::Schema {
        operation: op.summary(),
        reason: reason.into(),
    }
}

/// Refuses a column that the table does not have.
fn need_columns<'c>(
    op: &dyn Op,
    table: &Table,
    columns: impl IntoIterator<Item = &'c Ident>,
) -> Result<()> {
    for column in columns {
        if !table.has_column(column) {
            let reason = format!("`{}` has no column `{column}`", table.name);
            return Err(misfit(op, reason));
        }
    }
    Ok(())
}

/// Refuses a place of a column, which the standard does not know.
fn no_position(op: &dyn Op, spell: &dyn Spell, position: Option<&Position>) -> Result<()> {
    match position {
        Some(_) => Err(Error::Unsupported {
            operation: format!("{} in a place of its own", op.summary()),
            dialect: spell.name(),
            instead: "leave it behind the others, and name the columns where their order matters"
                .into(),
        }),
        None => Ok(()),
    }
}

/// Adds a constraint to a table, unless its name is taken.
fn add_constraint(
    op: &dyn Op,
    schema: &mut Schema,
    name: &QualifiedName,
    constraint: Constraint,
) -> Result<()> {
    let table = table_mut(op, schema, name)?;
    need_columns(op, table, constraint.columns())?;
    if let Some(taken) = constraint.name().filter(|it| table.has_constraint(it)) {
        return Err(misfit(
            op,
            format!("`{name}` already has a constraint `{taken}`"),
        ));
    }
    table.constraints.push(constraint);
    Ok(())
}

/// `ALTER TABLE … ADD …` with a constraint.
fn add_constraint_sql(
    spell: &dyn Spell,
    table: &QualifiedName,
    constraint: &Constraint,
) -> Result<Vec<Statement>> {
    let table = spell.qualified(table)?;
    let not_valid = match constraint {
        Constraint::ForeignKey(key) if key.not_valid => " NOT VALID",
        Constraint::Check(check) if check.not_valid => " NOT VALID",
        _ => "",
    };
    let constraint = crate::sql::constraint(spell, constraint)?;
    Ok(vec![
        format!("ALTER TABLE {table} ADD {constraint}{not_valid}").into(),
    ])
}

#[cfg(test)]
mod tests;
