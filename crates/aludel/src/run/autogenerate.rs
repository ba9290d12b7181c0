//! The live database and the models → the operations of a new revision, up and down.

use super::Runner;
use super::state::State;
use crate::db::Connection;
use crate::dialect::{Dialect, difference};
use crate::diff::{Change, changes, renamed_changes};
use crate::error::{Error, Result};
use crate::lint::{self, Warning, lint};
use crate::ops::Operation;
use crate::revision::RevisionId;
use crate::schema::{Metadata, ObjectKind, QualifiedName, Schema};
use std::collections::BTreeSet;

pub(super) mod detected;
mod filter;
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

    /// The same for a database that may be anywhere in the history, or that has none; nothing is told.
    pub(super) async fn compare(
        &mut self,
        metadata: &Metadata,
        options: &Options,
    ) -> Result<Draft> {
        if metadata.is_empty() {
            return Err(Error::NoModels);
        }
        let mut model = metadata.schema()?;
        let kinds = objects::kinds(metadata, options);
        objects::keep(&mut model, &kinds);
        let named = objects::schemas(&model);
        let scope = options.scope(&named);
        let dialect = self.dialect.clone();
        let connection = self.db.connection();
        let mut live = dialect.inspect(connection, &scope).await?;
        let mut looked_at = kinds.clone();
        if dialect.features().schemas {
            looked_at.insert(ObjectKind::Schemas);
        }
        dialect
            .inspect_objects(connection, &scope, &looked_at, &mut live)
            .await?;
        let default = default_schema(&*dialect, connection).await?;
        let version_table = unqualified(&self.options.version_table, default.as_deref());
        let filter = filter::Filter {
            options,
            version_table,
            default,
            named,
        };
        let mut left_out = filter.leave_alone(&mut live, &mut model);
        dialect.normalize(&mut model);
        let declared = model.objects.clone();
        let tables_asked = dialect.canonicalize(connection, &mut model).await?;
        let objects_asked = dialect
            .canonicalize_objects(connection, &mut model, &live)
            .await?;
        if !tables_asked || !objects_asked {
            tracing::warn!(
                target: "aludel::autogenerate",
                "The database could not be asked how it spells the models' expressions; they are compared as text"
            );
        }
        if dialect.features().schemas {
            let compared = kinds.contains(&ObjectKind::Schemas);
            objects::name_schemas(&mut model, &mut live, compared);
        }
        forget_unused_enums(&mut live, &model);
        forget_parts(&mut live, &model);
        let (renames, suspected) = renames::settle(dialect.features(), &live, &model, options)?;
        let mut course = renames::Course::new(&*dialect, live, &mut model, &declared, &renames)?;
        filter::keep_references(&mut model, &course.schema);
        let kind = dialect.kind();
        left_out.extend(hooks::overlook(
            &mut model,
            &mut course.schema,
            options,
            kind,
        ));
        let looked = objects::Looked {
            scope: &scope,
            compared: &kinds,
            renames: &renames,
        };
        let in_the_way = looked
            .make_room(&*dialect, connection, &mut course.schema, &mut model)
            .await?;
        let left_behind = looked.left_behind(&*dialect, connection).await?;
        course.share_objects();
        let after = difference(&*dialect, &course.schema, &model);
        let mut down = difference(&*dialect, &model, course.back());
        let detected = detected::lines_of(&[(&course.up, course.live()), (&after, &course.schema)]);
        let mut found = renamed_changes(&renames);
        found.extend(changes(&course.schema, &model));
        let mut up = std::mem::take(&mut course.up);
        up.extend(after);
        down.append(&mut course.down);
        let Script { up, down } = options.project.rewritten(Script { up, down });
        let mut warnings = lint(&up, &course.either());
        warnings.extend(impossible(&*dialect, &up));
        warnings.extend(suspected);
        warnings.extend(in_the_way.into_iter().chain(left_behind));
        let mut down_warnings = lint(&down, &model);
        down_warnings.extend(impossible(&*dialect, &down));
        down_warnings.retain(|it| it.rule != lint::DATA_GOES);
        let live = course.into_live();
        Ok(Draft {
            detected,
            changes: found,
            warnings,
            down_warnings,
            compared: Compared {
                left_out,
                ..compared(&model, &live)
            },
            up,
            down,
            live,
            model,
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

/// An enum type that no column has was not made by a model, and is none of ours to drop.
fn forget_unused_enums(live: &mut Schema, model: &Schema) {
    let columns = live.tables.values().flat_map(|it| &it.columns);
    let used: BTreeSet<QualifiedName> = columns
        .filter_map(|it| it.ty.written.as_enum())
        .map(|it| it.name.clone())
        .collect();
    live.enums
        .retain(|name, _| used.contains(name) || model.enums.contains_key(name));
}

/// A part of a table comes and goes as the rows do: one that no model declares is none of ours to drop, unless its table goes.
fn forget_parts(live: &mut Schema, model: &Schema) {
    loop {
        let count = live.tables.len();
        let there: BTreeSet<QualifiedName> = live.tables.keys().cloned().collect();
        live.tables.retain(|name, table| {
            let Some(of) = &table.options.partition_of else {
                return true;
            };
            let goes = there.contains(&of.parent) && !model.tables.contains_key(&of.parent);
            goes || model.tables.contains_key(name)
        });
        if live.tables.len() == count {
            return;
        }
    }
}

/// What the database cannot do though the models ask for it. The revision says it all the same: running it is refused until
/// somebody has written the steps, and until then it is found again.
fn impossible(dialect: &dyn Dialect, operations: &[Operation]) -> Vec<Warning> {
    let refused = operations.iter().enumerate().filter_map(|(at, it)| {
        let message = match dialect.cannot(it)? {
            Error::Unsupported {
                operation,
                dialect,
                instead,
            } => format!("{dialect} cannot {operation}: {instead}"),
            other => other.to_string(),
        };
        Some(Warning {
            rule: "cannot-be-done",
            message,
            operation: Some(at),
        })
    });
    refused.collect()
}

fn compared(model: &Schema, live: &Schema) -> Compared {
    let lacking = |of: &Schema, other: &Schema| {
        let names = of.tables.keys();
        let lacking = names.filter(|it| !other.tables.contains_key(*it));
        lacking.cloned().collect::<Vec<_>>()
    };
    Compared {
        models: model.tables.len(),
        tables: live.tables.len(),
        only_models: lacking(model, live),
        only_database: lacking(live, model),
        left_out: Vec::new(),
    }
}
