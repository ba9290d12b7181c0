//! What can be said of a revision before it runs: whether it goes with the transaction that it is to run in.

use super::record::Recording;
use super::spell::spelled;
use crate::dialect::{Dialect, Needs, needs};
use crate::error::{Error, Result, TransactionError};
use crate::ops::{Operation, Recorded};
use crate::schema::Schema;
use crate::sql::Bearing;

/// Refuses what would end the transaction around it, or cannot run in it; `whole` is one around the whole run. The operation at
/// fault is answered with its error.
pub(super) fn check<'r>(
    dialect: &dyn Dialect,
    recording: &'r Recording,
    whole: bool,
) -> Result<(), (Option<&'r Recorded>, Error)> {
    if whole && !recording.transaction {
        return Err((None, TransactionError::NoneWanted.into()));
    }
    let mut open = None;
    for recorded in &recording.operations {
        refuse_move(dialect, &recorded.operation).map_err(|it| (Some(recorded), it))?;
        let control = control(dialect, &recorded.operation);
        match control {
            Some((statement, _)) if recording.transaction => {
                let statement = shortened(statement);
                let error = TransactionError::Control { statement };
                return Err((Some(recorded), error.into()));
            }
            Some((statement, Bearing::Begins)) => open = Some((recorded, statement)),
            Some(_) => open = None,
            None => {}
        }
        if whole {
            refuse_outside(dialect, &recorded.operation).map_err(|it| (Some(recorded), it))?;
        }
    }
    match open {
        Some((recorded, statement)) => {
            let statement = shortened(statement);
            Err((Some(recorded), TransactionError::Open { statement }.into()))
        }
        None => Ok(()),
    }
}

/// Refuses a statement after which the version table would be looked for elsewhere, where nothing brings it back.
fn refuse_move(dialect: &dyn Dialect, operation: &Operation) -> Result<()> {
    match operation {
        Operation::Execute(it)
            if dialect.features().around_move.is_none() && dialect.moves(&it.sql) =>
        {
            Err(Error::Unsupported {
                operation: format!("run `{}` in a revision", shortened(&it.sql)),
                dialect: dialect.name(),
                instead: "write the name of the database in front of each name, `other.t`".into(),
            })
        }
        _ => Ok(()),
    }
}

/// The text of a statement that opens or ends a transaction.
fn control<'o>(dialect: &dyn Dialect, operation: &'o Operation) -> Option<(&'o str, Bearing)> {
    let Operation::Execute(it) = operation else {
        return None;
    };
    let bearing = dialect.bearing(&it.sql);
    bearing.is_control().then_some((it.sql.as_str(), bearing))
}

/// Refuses an operation of which a statement cannot run in a transaction. One that cannot be spelled before the database is
/// looked at has such a statement wherever definitions are no part of a transaction.
fn refuse_outside(dialect: &dyn Dialect, operation: &Operation) -> Result<()> {
    if matches!(operation, Operation::Run(_)) {
        return Ok(());
    }
    let found = match spelled(dialect, operation, &Schema::default()) {
        Ok(statements) => {
            let outside = statements.into_iter().find(|it| !it.in_transaction);
            outside.map(|it| it.sql)
        }
        Err(error) if needs(dialect, operation) == Needs::Nothing => return Err(error),
        Err(_) => (!dialect.features().transactional_ddl).then(|| operation.summary()),
    };
    match found {
        Some(statement) => Err(outside(dialect, &statement)),
        None => Ok(()),
    }
}

/// The error of a statement that cannot run in the transaction around the whole run.
pub(super) fn outside(dialect: &dyn Dialect, statement: &str) -> Error {
    let statement = shortened(statement);
    let dialect = dialect.name();
    TransactionError::Outside { statement, dialect }.into()
}

pub(super) use crate::ops::execute::shortened;
