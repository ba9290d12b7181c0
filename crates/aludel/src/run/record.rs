//! What a revision does, recorded: the same for a `.rs` file that is compiled in and for a `.sql` file.

use crate::db::Kind;
use crate::error::{Error, Result};
use crate::history::{Body, Script};
use crate::ops::{Execute, Location, Operations, Recorded};
use crate::revision::Direction;
use crate::sql::split::Flavor;

/// The operations of one direction of a revision, and how they want to be run.
#[derive(Debug)]
pub(super) struct Recording {
    pub operations: Vec<Recorded>,
    /// Whether they run in a transaction.
    pub transaction: bool,
    /// Whether a `.sql` revision asks for foreign keys to rest while it runs.
    pub rebuilds: bool,
}

/// Records a revision. `flavor` says how a `.sql` file is split.
pub(super) fn record(
    script: &Script,
    direction: Direction,
    kind: Kind,
    flavor: Flavor,
) -> Result<Recording> {
    match &script.body {
        Body::Rust(None) => Err(Error::NotCompiled {
            revision: script.header.id.clone(),
            path: script.path.clone(),
        }),
        Body::Rust(Some(compiled)) => {
            let mut op = Operations::new(kind);
            match direction {
                Direction::Up => (compiled.up)(&mut op),
                Direction::Down => (compiled.down)(&mut op),
                Direction::Stamp => {}
            }
            Ok(Recording {
                operations: op.into_recorded(),
                transaction: true,
                rebuilds: false,
            })
        }
        Body::Sql(_) => {
            let section = match (direction, script.sql(flavor)?) {
                (Direction::Stamp, _) | (_, None) => return Ok(Recording::nothing()),
                (Direction::Up, Some(body)) => body.up,
                (Direction::Down, Some(body)) => script.down_section(&body)?.clone(),
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
                rebuilds: !section.options.foreign_keys,
            })
        }
    }
}

impl Recording {
    fn nothing() -> Self {
        Self {
            operations: Vec::new(),
            transaction: true,
            rebuilds: false,
        }
    }
}
