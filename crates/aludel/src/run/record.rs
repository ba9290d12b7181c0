//! What a revision does, recorded: the same for a `.rs` file that is compiled in and for a `.sql` file.

use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::history::{Body, History};
use crate::ops::{Execute, Location, Operation, Operations, Recorded};
use crate::revision::{Direction, Step};
use crate::sql::split::split;

/// The operations of one direction of a revision, and how they want to be run.
#[derive(Debug)]
pub(super) struct Recording {
    pub operations: Vec<Recorded>,
    /// Whether they run in a transaction.
    pub transaction: bool,
    /// Whether a `.sql` revision asks for foreign keys to rest while it runs.
    foreign_keys_rest: bool,
}

/// Records the revision of a step, as a dialect is to run it. A stamp runs nothing, and needs no code.
pub(super) fn record(history: &History, dialect: &dyn Dialect, step: &Step) -> Result<Recording> {
    let up = match step.direction {
        Direction::Up => true,
        Direction::Down => false,
        Direction::Stamp => return Ok(Recording::nothing()),
    };
    let script = history
        .script(&step.revision)
        .ok_or_else(|| format!("revision {} has no file", step.revision))?;
    match &script.body {
        Body::Rust(None) => Err(Error::NotCompiled {
            revision: script.header.id.clone(),
            path: script.path.clone(),
        }),
        Body::Rust(Some(compiled)) => {
            let mut op = Operations::new(dialect.kind());
            let code = if up { compiled.up } else { compiled.down };
            code(&mut op);
            let transaction = op.in_transaction();
            let recorded = op.into_recorded().into_iter();
            Ok(Recording {
                operations: recorded.flat_map(|it| one_by_one(dialect, it)).collect(),
                transaction,
                foreign_keys_rest: false,
            })
        }
        Body::Sql(_) => {
            let section = match script.sql(dialect.flavor())? {
                None => return Ok(Recording::nothing()),
                Some(body) if up => body.up,
                Some(body) => script.down_section(&body)?.clone(),
            };
            let operations = section.statements.into_iter().map(|statement| Recorded {
                operation: Execute {
                    sql: statement.text,
                }
                .into(),
                at: Some(Location {
                    file: script.path.display().to_string(),
                    line: u32::try_from(statement.line).unwrap_or(u32::MAX),
                }),
            });
            Ok(Recording {
                operations: operations.collect(),
                transaction: section.options.transaction,
                foreign_keys_rest: !section.options.foreign_keys,
            })
        }
    }
}

/// SQL text of several statements, as `op.execute` may be given it, is run one by one: each may ask for a place of its own, and
/// each has a fate of its own. What does not read as statements is left to the database to refuse.
fn one_by_one(dialect: &dyn Dialect, recorded: Recorded) -> Vec<Recorded> {
    match recorded.operation {
        Operation::Execute(Execute { sql }) => {
            let statements = statements(dialect, sql).into_iter();
            let recorded = statements.map(|sql| Recorded {
                operation: Execute { sql }.into(),
                at: recorded.at.clone(),
            });
            recorded.collect()
        }
        Operation::Run(mut run) => {
            let texts = run.offline.take();
            run.offline = texts.map(|them| {
                let statements = them.into_iter().flat_map(|it| statements(dialect, it));
                statements.collect()
            });
            vec![Recorded {
                operation: run.into(),
                at: recorded.at,
            }]
        }
        _ => vec![recorded],
    }
}

fn statements(dialect: &dyn Dialect, sql: String) -> Vec<String> {
    if !sql.contains(';') && !sql.trim().is_empty() {
        return vec![sql];
    }
    match split(&sql, dialect.flavor()) {
        Ok(pieces) => pieces.iter().map(|it| it.text.to_string()).collect(),
        Err(_) => vec![sql],
    }
}

impl Recording {
    /// Whether it may rebuild tables, or asks for foreign keys to rest by itself.
    pub(super) fn rebuilds(&self, dialect: &dyn Dialect) -> bool {
        let mut operations = self.operations.iter();
        self.foreign_keys_rest || operations.any(|it| dialect.rebuilds(&it.operation))
    }

    fn nothing() -> Self {
        Self {
            operations: Vec::new(),
            transaction: true,
            foreign_keys_rest: false,
        }
    }
}
