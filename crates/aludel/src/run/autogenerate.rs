//! The live database and the models → the operations of a new revision, up and down.

use super::Runner;
use super::state::State;
use crate::db::Connection;
use crate::dialect::Dialect;
use crate::diff::Change;
use crate::error::{Error, Result};
use crate::lint::Warning;
use crate::ops::Operation;
use crate::revision::RevisionId;
use crate::schema::{Metadata, QualifiedName, Schema};
use std::collections::BTreeSet;

mod compare;
pub(super) mod detected;
mod filter;
mod follow;
mod hooks;
mod objects;
mod options;
mod pattern;
mod renames;
mod written;

pub use crate::env::autogenerate::{Autogenerate, Candidate, ColumnPair, Origin, Part, Script};
pub use objects::Compare;
pub use options::{Ask, Options};
pub use pattern::{NoPattern, Pattern, TablePattern};
pub use renames::{NoRename, Rename, Suspect};

/// A revision that is not written yet.
#[derive(Debug)]
pub struct Draft {
    /// The operations of its upgrade.
    pub up: Vec<Operation>,
    /// The operations of its downgrade.
    pub down: Vec<Operation>,
    /// What was compared.
    pub compared: Compared,
    /// What the rules say of the upgrade.
    pub warnings: Vec<Warning>,
    /// What the rules say of the downgrade, but that it takes back what the upgrade brings.
    down_warnings: Vec<Warning>,
    detected: Vec<String>,
    changes: Vec<Change>,
    pub(super) live: Schema,
    pub(super) model: Schema,
}

/// What a comparison looked at, so that "nothing found" can be told from "nothing compared".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many tables the models declare.
    pub models: usize,
    /// How many tables the database has, but for those left alone.
    pub tables: usize,
    /// The tables that only the models have.
    pub only_models: Vec<QualifiedName>,
    /// The tables that only the database has.
    pub only_database: Vec<QualifiedName>,
    /// What was left alone as patterns or the project's own code say, a line each: `table 'audit_log'`.
    pub left_out: Vec<String>,
}

/// A draft as the sections of a `.sql` revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlDraft {
    /// The statements of the upgrade.
    pub up: String,
    /// The statements of the downgrade.
    pub down: String,
    /// What stands behind `-- migrate:up`, such as ` foreign_keys:off`.
    pub up_options: &'static str,
    /// What stands behind `-- migrate:down`.
    pub down_options: &'static str,
}

impl Draft {
    /// Whether models and database agree.
    pub fn is_empty(&self) -> bool {
        self.up.is_empty()
    }

    /// What differs, a line each: `added column 'patients.email'`.
    pub fn detected(&self) -> &[String] {
        &self.detected
    }

    /// What differs, as data: one entry for each thing that the models have otherwise than the database.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

impl Runner {
    /// Compares the models with the database, and tells what it detects.
    ///
    /// # Errors
    /// [`Error::NotUpToDate`] if the database is not at the head; [`Error::NoModels`] if there are none;
    /// [`Error::Metadata`] if they contradict themselves.
    pub async fn autogenerate(&mut self, metadata: &Metadata, options: &Options) -> Result<Draft> {
        self.announce();
        self.refuse_unless_at_head().await?;
        let draft = self.compare(metadata, options).await?;
        for line in &draft.detected {
            tracing::info!(target: "aludel::autogenerate", "Detected {line}");
        }
        for warning in &draft.warnings {
            tracing::warn!(target: "aludel::lint", "{}", warning.message);
        }
        Ok(draft)
    }

    async fn refuse_unless_at_head(&mut self) -> Result<()> {
        let current = self.current().await?;
        let heads: BTreeSet<RevisionId> = self
            .history
            .map()
            .effective_heads()
            .into_iter()
            .cloned()
            .collect();
        if current.iter().cloned().collect::<BTreeSet<_>>() == heads {
            return Ok(());
        }
        Err(Error::NotUpToDate {
            current,
            heads: heads.into_iter().collect(),
        })
    }

    /// A draft as SQL, as this database would be told it.
    ///
    /// # Errors
    /// Those of the operations.
    pub async fn sql(&mut self, draft: &Draft) -> Result<SqlDraft> {
        let dialect = self.dialect.clone();
        let connection = self.db.connection();
        let mut state = State::like(dialect.clone(), connection, draft.live.clone()).await?;
        let mut sections = Vec::new();
        for (operations, warnings) in [
            (&draft.up, &draft.warnings),
            (&draft.down, &draft.down_warnings),
        ] {
            let mut lines = Vec::new();
            for operation in operations {
                let statements = state.spell(operation).await?.into_iter();
                lines.push(statements.map(|it| format!("{};", it.sql)).collect());
            }
            let rebuilds = operations.iter().any(|it| dialect.rebuilds(it));
            let options = if rebuilds { " foreign_keys:off" } else { "" };
            let text = written::text(operations, lines, warnings, "-- ");
            sections.push((text, options));
        }
        let down = sections.pop().unwrap_or_default();
        let up = sections.pop().unwrap_or_default();
        Ok(SqlDraft {
            up: up.0,
            up_options: up.1,
            down: down.0,
            down_options: down.1,
        })
    }
}

/// The schema in which names without one are looked for, if there is any.
pub(super) async fn default_schema(
    dialect: &dyn Dialect,
    connection: &mut Connection,
) -> Result<Option<String>> {
    let mut default = None;
    for row in connection.fetch(dialect.default_schema()).await? {
        default = row.at::<Option<String>>(0)?;
    }
    Ok(default)
}

/// The name as an inspection tells it, which leaves the default schema out.
pub(super) fn unqualified(name: &QualifiedName, default: Option<&str>) -> QualifiedName {
    match name.schema.is_some() && name.schema.as_deref() == default {
        true => QualifiedName::from(name.name.to_string()),
        false => name.clone(),
    }
}

/// The tool's own tables are no part of a schema.
pub(super) fn leave_own_alone(schema: &mut Schema, version_table: &QualifiedName) {
    schema.tables.retain(|name, _| !is_own(name, version_table));
}

fn is_own(name: &QualifiedName, version_table: &QualifiedName) -> bool {
    name == version_table || name.name.starts_with("aludel_")
}
