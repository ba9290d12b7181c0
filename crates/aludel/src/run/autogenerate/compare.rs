//! A comparison in three steps: both sides are looked at, told apart, and what differs is described.

use super::renames::{self, Course};
use super::{Compared, Draft, Options, Runner, Script, detected, filter, follow, hooks, objects};
use crate::db::Connection;
use crate::dialect::{Dialect, Scope, called, difference};
use crate::diff::{Renames, changes, renamed_changes};
use crate::error::{Error, Result};
use crate::lint::{self, Warning, lint};
use crate::ops::Operation;
use crate::schema::{Metadata, ObjectKind, Objects, QualifiedName, Schema};
use std::collections::BTreeSet;

impl Runner {
    /// Compares models with a database that may be anywhere in the history, or that has none; nothing is told.
    pub(in super::super) async fn compare(
        &mut self,
        metadata: &Metadata,
        options: &Options,
    ) -> Result<Draft> {
        if metadata.is_empty() {
            return Err(Error::NoModels);
        }
        let dialect = self.dialect.clone();
        let version_table = self.options.version_table.clone();
        let connection = self.db.connection();
        let sides = Sides::look(&*dialect, connection, metadata, options, &version_table).await?;
        let apart = sides.tell_apart(&*dialect, connection, options).await?;
        Ok(apart.describe(&*dialect, options))
    }
}

/// Both sides of a comparison, in the words of the database.
struct Sides {
    live: Schema,
    model: Schema,
    /// The objects as the models declare them, in the models' words.
    declared: Objects,
    scope: Scope,
    /// The kinds of objects that are compared.
    kinds: BTreeSet<ObjectKind>,
    /// What was left alone.
    left_out: Vec<String>,
}

impl Sides {
    /// Looks at the database and at the models, as far as they are compared, and lets the database spell both.
    async fn look(
        dialect: &dyn Dialect,
        connection: &mut Connection,
        metadata: &Metadata,
        options: &Options,
        version_table: &QualifiedName,
    ) -> Result<Self> {
        let mut model = metadata.schema()?;
        let kinds = objects::kinds(metadata, options);
        objects::keep(&mut model, &kinds);
        let named = objects::schemas(&model);
        let scope = options.scope(&named);
        let mut live = dialect.inspect(connection, &scope).await?;
        let mut looked_at = kinds.clone();
        if dialect.features().schemas {
            looked_at.insert(ObjectKind::Schemas);
        }
        dialect
            .inspect_objects(connection, &scope, &looked_at, &mut live)
            .await?;
        let default = super::default_schema(dialect, connection).await?;
        let filter = filter::Filter {
            options,
            version_table: super::unqualified(version_table, default.as_deref()),
            default,
            named,
        };
        let left_out = filter.leave_alone(&mut live, &mut model);
        dialect.normalize(&mut model);
        let declared = model.objects.clone();
        spell(dialect, connection, &mut model, &live).await?;
        if dialect.features().schemas {
            let compared = kinds.contains(&ObjectKind::Schemas);
            objects::name_schemas(&mut model, &mut live, compared);
        }
        forget_unused_enums(&mut live, &model);
        forget_parts(&mut live, &model);
        Ok(Self {
            live,
            model,
            declared,
            scope,
            kinds,
            left_out,
        })
    }

    /// Settles what was renamed, leaves out what is not to be compared, and makes room for what changes.
    async fn tell_apart(
        self,
        dialect: &dyn Dialect,
        connection: &mut Connection,
        options: &Options,
    ) -> Result<Apart> {
        let Self {
            live,
            mut model,
            declared,
            scope,
            kinds,
            mut left_out,
        } = self;
        let (mut renames, suspected) = renames::settle(dialect.features(), &live, &model, options)?;
        if !renames.tables.is_empty() {
            let followed =
                follow::views(dialect, connection, &live, &mut model, &declared, &renames);
            renames.followed = followed.await?;
        }
        let mut course = Course::new(dialect, live, &mut model, &declared, &renames)?;
        filter::keep_references(&mut model, &course.schema);
        left_out.extend(hooks::overlook(
            &mut model,
            &mut course.schema,
            options,
            dialect.kind(),
        ));
        let looked = objects::Looked {
            scope: &scope,
            compared: &kinds,
            renames: &renames,
        };
        let mut warnings = suspected;
        let in_the_way = looked.make_room(dialect, connection, &mut course.schema, &mut model);
        warnings.extend(in_the_way.await?);
        warnings.extend(looked.left_behind(dialect, connection).await?);
        course.share_objects();
        Ok(Apart {
            course,
            model,
            renames,
            left_out,
            warnings,
        })
    }
}

/// Lets the database spell what the models say.
async fn spell(
    dialect: &dyn Dialect,
    connection: &mut Connection,
    model: &mut Schema,
    live: &Schema,
) -> Result<()> {
    let tables_asked = dialect.canonicalize(connection, model).await?;
    let objects_asked = dialect.canonicalize_objects(connection, model, live);
    if !objects_asked.await? || !tables_asked {
        tracing::warn!(
            target: "aludel::autogenerate",
            "The database could not be asked how it spells the models' expressions; they are compared as text"
        );
    }
    Ok(())
}

/// What is to be turned into what, when everything that is to stay as it is has been taken over.
struct Apart {
    course: Course,
    model: Schema,
    renames: Renames,
    left_out: Vec<String>,
    /// What was noticed on the way.
    warnings: Vec<Warning>,
}

impl Apart {
    /// The operations up and down, what they are about, and what is risky in them.
    fn describe(self, dialect: &dyn Dialect, options: &Options) -> Draft {
        let Self {
            mut course,
            model,
            renames,
            left_out,
            warnings: noticed,
        } = self;
        let after = difference(dialect, &course.schema, &model);
        let mut down = difference(dialect, &model, course.back());
        let detected = detected::lines_of(&[(&course.up, course.live()), (&after, &course.schema)]);
        let mut found = renamed_changes(&renames);
        found.extend(changes(&course.schema, &model));
        let mut up = std::mem::take(&mut course.up);
        up.extend(after);
        down.append(&mut course.down);
        let Script { up, down } = options.project.rewritten(Script { up, down });
        let mut warnings = risks(dialect, &up, &course.either());
        warnings.extend(noticed);
        let mut down_warnings = risks(dialect, &down, &model);
        down_warnings.retain(|it| it.rule != lint::DATA_GOES);
        let live = course.into_live();
        Draft {
            detected,
            changes: found,
            warnings,
            down_warnings,
            compared: compared(&model, &live, left_out),
            up,
            down,
            live,
            model,
        }
    }
}

/// What is risky in operations, and which of them no statement does.
fn risks(dialect: &dyn Dialect, operations: &[Operation], before: &Schema) -> Vec<Warning> {
    let mut warnings = lint(operations, before, &|ty| called(dialect, ty));
    warnings.extend(impossible(dialect, operations));
    warnings
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

fn compared(model: &Schema, live: &Schema, left_out: Vec<String>) -> Compared {
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
        left_out,
    }
}
