//! What is not compared at all: the tool's own tables, and what patterns and the project's own code leave alone.

use super::{Options, Pattern, leave_own_alone};
use crate::dialect::Scope;
use crate::env::autogenerate::{Candidate, Origin, Part};
use crate::schema::{Constraint, Declared, Ident, Object, QualifiedName, Schema};
use std::collections::BTreeSet;

/// Which tables and objects are compared.
pub(super) struct Filter<'o> {
    pub(super) options: &'o Options,
    pub(super) version_table: QualifiedName,
    /// The name of the default schema, if the database has such a thing.
    pub(super) default: Option<String>,
    /// The schemas that models are in.
    pub(super) named: BTreeSet<Ident>,
}

impl Options {
    /// The default schema, those that models are in, and those that were asked for.
    pub(super) fn scope(&self, named: &BTreeSet<Ident>) -> Scope {
        let mut schemas: BTreeSet<String> = named.iter().map(ToString::to_string).collect();
        for pattern in &self.include_schemas {
            match pattern.name() {
                Some(name) => schemas.insert(name.to_string()),
                // Which there are is for the database to say.
                None => return Scope::Everything,
            };
        }
        Scope::Schemas(schemas.into_iter().collect())
    }
}

impl Filter<'_> {
    /// Takes out of both schemas what is left alone; answers what that is.
    pub(super) fn leave_alone(&self, live: &mut Schema, model: &mut Schema) -> Vec<String> {
        leave_own_alone(live, &self.version_table);
        leave_own_alone(model, &self.version_table);
        let mut left_out = self.tables(live, model);
        left_out.extend(self.objects(live, model));
        for line in &left_out {
            tracing::debug!(target: "aludel::autogenerate", "Left alone: {line}");
        }
        left_out
    }

    fn tables(&self, live: &mut Schema, model: &mut Schema) -> Vec<String> {
        let names: BTreeSet<&QualifiedName> =
            live.tables.keys().chain(model.tables.keys()).collect();
        let mut left: BTreeSet<QualifiedName> = BTreeSet::new();
        for name in names {
            let (there, declared) = (live.tables.get(name), model.tables.get(name));
            let part = declared.or(there).map(Part::Table);
            let asked = || {
                part.is_none_or(|part| {
                    self.options.project.includes(&Candidate {
                        part,
                        origin: origin(declared.is_some()),
                        counterpart: declared.and(there).map(Part::Table),
                    })
                })
            };
            if !self.takes(name) || !asked() {
                left.insert(name.clone());
            }
        }
        for schema in [live, model] {
            schema.tables.retain(|it, _| !left.contains(it));
            let objects = &mut schema.objects;
            objects.triggers.retain(|(on, _), _| !left.contains(on));
            objects.policies.retain(|(on, _), _| !left.contains(on));
            objects.row_security.retain(|on, _| !left.contains(on));
            objects.sequences.retain(|_, it| {
                let owner = it.owned_by.as_ref();
                owner.is_none_or(|(on, _)| !left.contains(on))
            });
            objects.comments.retain(|it, _| match it {
                Object::View(_) | Object::MaterializedView(_) | Object::Sequence(_) => true,
                other => other.qualified().is_none_or(|on| !left.contains(on)),
            });
        }
        left.iter().map(|it| format!("table '{it}'")).collect()
    }

    fn objects(&self, live: &mut Schema, model: &mut Schema) -> Vec<String> {
        let (there, declared) = (live.declared(), model.declared());
        let all: BTreeSet<&Object> = there.keys().chain(declared.keys()).collect();
        let mut left = Vec::new();
        for object in all {
            let (before, after) = (there.get(object), declared.get(object));
            let Some(part) = after.or(before) else {
                continue;
            };
            let in_schema = match part {
                Declared::Schema(name) => !self.excludes(name),
                _ => object
                    .qualified()
                    .is_none_or(|name| self.takes_schema(name.schema.as_ref())),
            };
            let asked = || {
                self.options.project.includes(&Candidate {
                    part: Part::Object(part),
                    origin: origin(after.is_some()),
                    counterpart: after.and(before).map(Part::Object),
                })
            };
            if !in_schema || !asked() {
                live.objects.remove(object);
                model.objects.remove(object);
                left.push(part.name());
            }
        }
        left
    }

    /// Whether a table is compared, as far as patterns say.
    fn takes(&self, table: &QualifiedName) -> bool {
        let options = self.options;
        let default = self.default.as_deref();
        let included = &options.include_tables;
        self.takes_schema(table.schema.as_ref())
            && (included.is_empty() || included.iter().any(|it| it.matches(table, default)))
            && !options
                .exclude_tables
                .iter()
                .any(|it| it.matches(table, default))
    }

    fn takes_schema(&self, schema: Option<&Ident>) -> bool {
        let any = |patterns: &[Pattern], name: &str| patterns.iter().any(|it| it.matches(name));
        match (schema, &self.default) {
            (Some(name), _) => {
                let asked = self.named.contains(name) || any(&self.options.include_schemas, name);
                asked && !self.excludes(name)
            }
            (None, Some(name)) => !self.excludes(name),
            (None, None) => true,
        }
    }

    fn excludes(&self, schema: &str) -> bool {
        let mut excluded = self.options.exclude_schemas.iter();
        excluded.any(|it| it.matches(schema))
    }
}

fn origin(is_declared: bool) -> Origin {
    match is_declared {
        true => Origin::Models,
        false => Origin::Database,
    }
}

/// A foreign key to a table that was left alone cannot be said by any model, and is none of ours to drop.
pub(super) fn keep_references(model: &mut Schema, live: &Schema) {
    let known: BTreeSet<QualifiedName> = model.tables.keys().cloned().collect();
    let is_known = |it: &QualifiedName| known.contains(it) || live.tables.contains_key(it);
    for table in model.tables.values_mut() {
        let Some(before) = live.tables.get(&table.name) else {
            continue;
        };
        for key in before.foreign_keys().filter(|it| !is_known(&it.references)) {
            let has_columns = key.columns.iter().all(|it| table.has_column(it));
            let key = Constraint::ForeignKey(key.clone());
            let said = table
                .constraints
                .iter()
                .any(|it| crate::diff::same_constraint(it, &key));
            if has_columns && !said {
                table.constraints.push(key);
            }
        }
    }
}
