//! Which objects beside the tables are compared, and what is done about those that are not and yet are in the way.

use super::Options;
use crate::db::Connection;
use crate::dialect::{Dialect, Scope};
use crate::diff::{self, Renames, Touched};
use crate::error::Result;
use crate::lint::Warning;
use crate::schema::{Declared, Ident, Metadata, Object, ObjectKind, QualifiedName, Schema};
use std::collections::BTreeSet;

/// The kinds that hold columns.
const HOLDING: [ObjectKind; 4] = [
    ObjectKind::Functions,
    ObjectKind::Views,
    ObjectKind::Triggers,
    ObjectKind::Policies,
];

/// Whether objects of a kind are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compare {
    /// They are: what the models do not declare is dropped.
    On,
    /// They are not, whatever the models declare.
    Off,
    /// They are if the models declare one of the kind. A project that keeps its views in revisions of its own is not told to
    /// drop them.
    #[default]
    Declared,
}

/// The kinds that are compared.
pub(super) fn kinds(metadata: &Metadata, options: &Options) -> BTreeSet<ObjectKind> {
    let declared = metadata.kinds();
    let is_compared = |it: &ObjectKind| match options.kinds.get(it).copied().unwrap_or_default() {
        Compare::On => true,
        Compare::Off => false,
        Compare::Declared => declared.contains(it),
    };
    ObjectKind::ALL.into_iter().filter(is_compared).collect()
}

/// Forgets what is of a kind that is not compared.
pub(super) fn keep(schema: &mut Schema, kinds: &BTreeSet<ObjectKind>) {
    let has = |it: ObjectKind| kinds.contains(&it);
    let objects = &mut schema.objects;
    if !has(ObjectKind::Schemas) {
        objects.schemas.clear();
    }
    if !has(ObjectKind::Extensions) {
        objects.extensions.clear();
    }
    if !has(ObjectKind::Sequences) {
        objects.sequences.clear();
    }
    if !has(ObjectKind::Domains) {
        objects.domains.clear();
    }
    if !has(ObjectKind::Functions) {
        objects.functions.clear();
    }
    if !has(ObjectKind::Views) {
        objects.views.clear();
    }
    if !has(ObjectKind::Triggers) {
        objects.triggers.clear();
    }
    if !has(ObjectKind::Policies) {
        objects.policies.clear();
        objects.row_security.clear();
    }
}

/// The schemas that the models speak of: those that something is in, and those that are declared themselves.
pub(super) fn schemas(model: &Schema) -> BTreeSet<Ident> {
    let declared = model.declared();
    let objects = declared.keys().filter_map(Object::qualified);
    let names = model.tables.keys().chain(model.enums.keys()).chain(objects);
    let named = names.filter_map(|it| it.schema.as_ref());
    let extensions = model.objects.extensions.values();
    let of_extensions = extensions.filter_map(|it| it.schema.as_ref());
    let all = named.chain(of_extensions).chain(&model.objects.schemas);
    all.cloned().collect()
}

/// The schemas that the models speak of must be there, though nobody declares them by themselves. A schema that no model names is
/// none of ours to drop, unless schemas are compared.
pub(super) fn name_schemas(model: &mut Schema, live: &mut Schema, compared: bool) {
    model.objects.schemas = schemas(model);
    let inhabited = live.tables.keys().filter_map(|it| it.schema.clone());
    live.objects.schemas.extend(inhabited);
    let known = &model.objects.schemas;
    // The default schema is inhabited, too; only an extension says so.
    let of_extensions = live.objects.extensions.values();
    let of_extensions = of_extensions.filter_map(|it| it.schema.clone());
    let of_extensions: Vec<Ident> = of_extensions.filter(|it| known.contains(it)).collect();
    live.objects.schemas.extend(of_extensions);
    if !compared {
        live.objects.schemas.retain(|it| known.contains(it));
    }
}

/// Puts an object of one schema into another, with what is said of it.
pub(super) fn take_in(object: &Object, declared: &Declared, from: &Schema, to: &mut Schema) {
    declared.put(to);
    let comments = from.objects.comments_of(object);
    to.objects.comments.extend(comments);
}

/// Which objects nobody declares, and what may be in their way.
pub(super) struct Looked<'l> {
    pub(super) scope: &'l Scope,
    /// The kinds that are compared, whose objects the models declare.
    pub(super) compared: &'l BTreeSet<ObjectKind>,
    pub(super) renames: &'l Renames,
}

impl Looked<'_> {
    /// The objects of these kinds, as far as no model declares them.
    async fn undeclared(
        &self,
        kinds: &[ObjectKind],
        dialect: &dyn Dialect,
        connection: &mut Connection,
    ) -> Result<Schema> {
        let kinds = kinds.iter().copied();
        let kinds: BTreeSet<ObjectKind> = kinds.filter(|it| !self.compared.contains(it)).collect();
        let mut there = Schema::default();
        if !kinds.is_empty() {
            dialect
                .inspect_objects(connection, self.scope, &kinds, &mut there)
                .await?;
        }
        Ok(there)
    }

    /// Views, triggers, policies and functions that nobody declares are still not to be in the way of a change: those that hold a column which
    /// is changed are taken into both schemas, so that they go and come again around the change. Those whose column or table goes
    /// for good, or gets another name and changes, too, are told of: only a person knows what is to become of them.
    pub(super) async fn make_room(
        &self,
        dialect: &dyn Dialect,
        connection: &mut Connection,
        live: &mut Schema,
        model: &mut Schema,
    ) -> Result<Vec<Warning>> {
        let touched: BTreeSet<(QualifiedName, Ident)> = {
            let touched: Touched<'_> = diff::touched(live, model, &|it| dialect.keeps_computed(it));
            let owned = touched.into_iter();
            owned
                .map(|(table, column)| (table.clone(), column.clone()))
                .collect()
        };
        if touched.is_empty() || !dialect.features().holds {
            return Ok(Vec::new());
        }
        let there = self.undeclared(&HOLDING, dialect, connection).await?;
        let mut warnings = Vec::new();
        for (object, declared) in there.declared() {
            let Some(holds) = declared.holds() else {
                continue;
            };
            let mut lost = Vec::new();
            let mut renamed = Vec::new();
            let mut in_the_way = false;
            for (table, column) in &holds.0 {
                let now = self.renames.now(table, column);
                let stays = model.tables.get(&now.0);
                let stays = stays.is_some_and(|it| it.has_column(&now.1));
                if touched.contains(&now) {
                    in_the_way = true;
                    if !stays {
                        lost.push(format!("{table}.{column}"));
                    }
                }
                if now != (table.clone(), column.clone()) {
                    renamed.push(format!("{table}.{column}"));
                }
            }
            let uses = |names: &[String], what: &str| {
                undeclared(&object, format!("uses {}, which {what}", names.join(", ")))
            };
            if !lost.is_empty() {
                if !goes_with_its_table(&object, live, model) {
                    warnings.push(uses(&lost, "goes: drop or change it in this revision"));
                }
            } else if in_the_way && !renamed.is_empty() {
                warnings.push(uses(
                    &renamed,
                    "is renamed, and a column that it uses changes: drop it in this revision before that, and create it again after it",
                ));
            } else if in_the_way || renamed.is_empty() {
                take_in(&object, &declared, &there, live);
                take_in(&object, &declared, &there, model);
            }
        }
        Ok(warnings)
    }

    /// What nobody declares, names what is renamed, and does not follow it by itself, is told of.
    pub(super) async fn left_behind(
        &self,
        dialect: &dyn Dialect,
        connection: &mut Connection,
    ) -> Result<Vec<Warning>> {
        if self.renames.is_empty() {
            return Ok(Vec::new());
        }
        // The bodies of functions are text to every database, but for those that hold what they name.
        let kinds: &[ObjectKind] = match dialect.features().names_are_followed {
            true => &[ObjectKind::Functions],
            false => &[
                ObjectKind::Functions,
                ObjectKind::Views,
                ObjectKind::Triggers,
            ],
        };
        let there = self
            .undeclared(kinds, dialect, connection)
            .await?
            .declared();
        let behind = there
            .iter()
            .filter(|(_, it)| it.holds().is_none_or(|it| it.0.is_empty()))
            .filter(|(_, it)| diff::names_renamed(it, self.renames));
        let warnings = behind.map(|(object, _)| {
            let text = "seems to name what is renamed, and does not follow it by itself: change it in this revision";
            undeclared(object, text.into())
        });
        Ok(warnings.collect())
    }
}

fn undeclared(object: &Object, what: String) -> Warning {
    Warning {
        rule: "undeclared-object",
        operation: None,
        message: format!("The {object}, which no model declares, {what}"),
    }
}

fn goes_with_its_table(object: &Object, live: &Schema, model: &Schema) -> bool {
    match object {
        Object::Trigger(table, _) | Object::Policy(table, _) => {
            live.tables.contains_key(table) && !model.tables.contains_key(table)
        }
        _ => false,
    }
}
