//! `if_exists` and `if_not_exists` where the database has no clause for them: who runs the operation looks first.

use super::{Dialect, Needs};
use crate::error::{Error, Result};
use crate::ops::{Condition, Operation};
use crate::schema::Schema;

/// The condition of an operation, if the statement cannot say it here.
fn unsaid<'o>(dialect: &dyn Dialect, operation: &'o Operation) -> Option<Condition<'o>> {
    operation
        .condition()
        .filter(|it| !dialect.has_clause(it.clause))
}

/// What must be known to run an operation: what its spelling needs, and what its condition asks for.
pub fn needs(dialect: &dyn Dialect, operation: &Operation) -> Needs {
    let Some(condition) = unsaid(dialect, operation) else {
        return dialect.needs(operation);
    };
    let table = condition.table.clone();
    match dialect.needs(operation) {
        Needs::Nothing => Needs::Tables(vec![table]),
        Needs::Tables(mut tables) => {
            if !tables.contains(&table) {
                tables.push(table);
            }
            Needs::Tables(tables)
        }
        Needs::Everything => Needs::Everything,
    }
}

/// Why an operation is not run, if its condition is not met and no clause says so; `before` holds what [`needs`] asked for.
pub fn idle(dialect: &dyn Dialect, operation: &Operation, before: &Schema) -> Option<String> {
    let condition = unsaid(dialect, operation)?;
    let unmet = !condition.is_met(before);
    unmet.then(|| format!("Skipping {}: {}", operation.summary(), condition.unmet()))
}

/// Refuses an operation whose condition no clause says, for a script: nobody looks at the database that it will be run on.
///
/// # Errors
/// [`Error::Unsupported`].
pub fn refuse_in_script(dialect: &dyn Dialect, operation: &Operation) -> Result<()> {
    match unsaid(dialect, operation) {
        Some(condition) => {
            let (clause, call) = match condition.clause.creates() {
                true => ("IF NOT EXISTS", "if_not_exists"),
                false => ("IF EXISTS", "if_exists"),
            };
            Err(Error::Unsupported {
                operation: format!("{} in a script {clause}", operation.summary()),
                dialect: dialect.name(),
                instead: format!(
                    "run the upgrade on the database, where it is looked up, or leave `{call}` out"
                ),
            })
        }
        None => Ok(()),
    }
}
