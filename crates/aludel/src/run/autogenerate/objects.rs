//! Which objects beside the tables are compared, and what is done about those that are not and yet are in the way.

use super::Options;
use crate::db::Connection;
use crate::dialect::{Dialect, Scope};
use crate::diff::{self, Touched};
use crate::error::Result;
use crate::lint::Warning;
use crate::schema::{Declared, Ident, Metadata, Object, ObjectKind, QualifiedName, Schema};
use std::collections::BTreeSet;

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
    if !compared {
        let known = &model.objects.schemas;
        live.objects.schemas.retain(|it| known.contains(it));
    }
}

/// Views, triggers and policies that nobody declares are still not to be in the way of a change: those that hold a column which is
/// changed are taken into both schemas, so that they go and come again around the change. Those whose column or table goes for
/// good are told of: only a person knows what is to become of them.
pub(super) async fn make_room(
    dialect: &dyn Dialect,
    connection: &mut Connection,
    scope: &Scope,
    compared: &BTreeSet<ObjectKind>,
    live: &mut Schema,
    model: &mut Schema,
) -> Result<Vec<Warning>> {
    let holding = [
        ObjectKind::Views,
        ObjectKind::Triggers,
        ObjectKind::Policies,
    ];
    let others: BTreeSet<ObjectKind> = holding
        .into_iter()
        .filter(|it| !compared.contains(it))
        .collect();
    let touched: BTreeSet<(QualifiedName, Ident)> = {
        let touched: Touched<'_> = diff::touched(live, model);
        let owned = touched.into_iter();
        owned
            .map(|(table, column)| (table.clone(), column.clone()))
            .collect()
    };
    if others.is_empty() || touched.is_empty() || !dialect.features().holds {
        return Ok(Vec::new());
    }
    let mut there = Schema::default();
    dialect
        .inspect_objects(connection, scope, &others, &mut there)
        .await?;
    let mut warnings = Vec::new();
    for (object, declared) in there.declared() {
        let holds = match &declared {
            Declared::View(it) => &it.holds,
            Declared::Trigger(it) => &it.holds,
            Declared::Policy(it) => &it.holds,
            _ => continue,
        };
        let stays = |(table, column): &&(QualifiedName, Ident)| {
            let after = model.tables.get(table);
            !touched.contains(&(table.clone(), column.clone()))
                || after.is_some_and(|it| it.has_column(column))
        };
        let lost: Vec<String> = holds
            .0
            .iter()
            .filter(|it| !stays(it))
            .map(|(table, column)| format!("{table}.{column}"))
            .collect();
        if lost.is_empty() {
            declared.put(live);
            declared.put(model);
        } else if !goes_with_its_table(&object, live, model) {
            warnings.push(Warning {
                rule: "undeclared-object",
                operation: None,
                message: format!(
                    "The {object}, which no model declares, uses {}, which goes: drop or change it in this revision",
                    lost.join(", ")
                ),
            });
        }
    }
    Ok(warnings)
}

fn goes_with_its_table(object: &Object, live: &Schema, model: &Schema) -> bool {
    match object {
        Object::Trigger(table, _) | Object::Policy(table, _) => {
            live.tables.contains_key(table) && !model.tables.contains_key(table)
        }
        _ => false,
    }
}
