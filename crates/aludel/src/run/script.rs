//! Running into a script: the same plan, written as SQL text for somebody else to run.

use super::Options;
use super::version::VersionTable;
use super::writer::write;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::history::History;
use crate::revision::{Direction, Point, RevisionId, Symbol, Target};
use std::sync::Arc;

/// The SQL that upgrades, downgrades or stamps a database, from the base or over a range `from:to`. No database is connected
/// to; where a statement depends on a table as it is, the definitions of the history up to there are imagined: on SQLite they are tried
/// out in memory.
///
/// # Errors
/// [`Error::Graph`] for a target that is not there; [`Error::Revision`] naming the step that needs data, or the statement
/// that does not go with its transaction; [`Error::OfflineStart`] for a downgrade without a range, since a script cannot know
/// where its database stands.
pub async fn script(
    history: &History,
    dialect: Arc<dyn Dialect>,
    direction: Direction,
    target: &Target,
    options: &Options,
) -> Result<String> {
    let (from, to) = ends(target, direction);
    if direction == Direction::Down && from.is_none() {
        return Err(Error::OfflineStart);
    }
    let rows = resolve(history, from)?;
    let map = history.map();
    let plan = match direction {
        Direction::Up => map.upgrade_plan(&rows, &to)?,
        Direction::Down => map.downgrade_plan(&rows, &to)?,
        Direction::Stamp => map.stamp_plan(&rows, &[to], false)?,
    };
    write(history, dialect, plan, &rows, options).await
}

/// The SQL that creates the version table of a history.
///
/// # Errors
/// [`Error::Name`] if its name is impossible.
pub fn version_table_script(
    history: &History,
    dialect: &dyn Dialect,
    options: &Options,
) -> Result<String> {
    let version = VersionTable::new(dialect, &options.version_table, history.map())?;
    Ok(format!("{};\n", version.create_statement()))
}

/// The two ends of a target: a point alone starts from the base. An open end is where the direction leads to.
fn ends(target: &Target, direction: Direction) -> (Option<Point>, Target) {
    match target {
        Target::Point(_) => (None, target.clone()),
        Target::Range(range) => {
            let end = match direction {
                Direction::Down => Symbol::Base,
                _ => Symbol::Head,
            };
            let to = range.to.clone().unwrap_or_else(|| Point::at(end));
            (range.from.clone(), Target::Point(to))
        }
    }
}

/// The rows of a database that stands there.
fn resolve(history: &History, from: Option<Point>) -> Result<Vec<RevisionId>> {
    match from {
        None => Ok(Vec::new()),
        Some(point) => {
            let none: [&str; 0] = [];
            Ok(history.map().resolve(&Target::Point(point), &none)?)
        }
    }
}
