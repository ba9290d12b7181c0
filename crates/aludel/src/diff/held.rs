//! What no database changes under what is made of it: an enum type that is made anew under a generated column, a function under the
//! defaults and checks that call it, a domain under the columns that have it. What is made of them goes before everything else, and
//! comes again behind it; a column of a domain has meanwhile the type below.

use super::matching::constraint_uses;
use super::table::index_uses;
use super::{enums, text};
use crate::ops::drop_column::mentions;
use crate::schema::{Constraint, Declared, Holds, Ident, Object, QualifiedName, Schema};
use std::collections::BTreeSet;

mod under;

type Held = BTreeSet<(QualifiedName, Ident)>;

/// Both schemas without what is in the way, and without what needs that; none if nothing is.
pub(super) fn without(from: &Schema, to: &Schema) -> Option<(Schema, Schema)> {
    let bare = under::without(from, to);
    let enums = match &bare {
        Some((before, after)) => without_computed(before, after),
        None => without_computed(from, to),
    };
    enums.or(bare)
}

fn without_computed(from: &Schema, to: &Schema) -> Option<(Schema, Schema)> {
    let remade = enums::remade(from, to, to);
    if remade.is_empty() {
        return None;
    }
    // Nor under that of a table that comes, or that goes: the type may change before it does.
    let (before, after) = (computed_from(from, &remade), computed_from(to, &remade));
    let any = !before.is_empty() || !after.is_empty();
    any.then(|| (strip(from, &before), strip(to, &after)))
}

fn computed_from(schema: &Schema, types: &BTreeSet<QualifiedName>) -> Held {
    let mut held = Held::new();
    for table in schema.tables.values() {
        let of_type = table.columns.iter().filter(|it| {
            let of = it.ty.written.as_enum();
            of.is_some_and(|of| types.contains(&of.name))
        });
        let names: Vec<&Ident> = of_type.map(|it| &it.name).collect();
        for column in &table.columns {
            let Some(generated) = &column.generated else {
                continue;
            };
            let text = generated.expr.written.as_str();
            let by_column = names.iter().any(|it| mentions(text, it));
            if by_column || types.iter().any(|it| mentions(text, &it.name)) {
                held.insert((table.name.clone(), column.name.clone()));
            }
        }
    }
    held
}

/// A schema without columns, and without what needs them.
fn strip(schema: &Schema, held: &Held) -> Schema {
    let mut schema = schema.clone();
    for (name, column) in held {
        for table in schema.tables.values_mut() {
            table.constraints.retain(|it| match it {
                Constraint::ForeignKey(key) if key.references == *name => {
                    !key.referred.contains(column)
                }
                _ => true,
            });
        }
        if let Some(table) = schema.tables.get_mut(name) {
            table.constraints.retain(|it| !constraint_uses(it, column));
            table.indexes.retain(|it| !index_uses(it, column));
            table.columns.retain(|it| it.name != *column);
        }
    }
    strip_objects(&mut schema, held);
    schema
}

/// Objects that name a column that is held, and those that name these.
fn strip_objects(schema: &mut Schema, held: &Held) {
    let mut gone: Vec<Object> = Vec::new();
    loop {
        let needs = |it: &Declared| {
            let texts = text::of_object(it);
            let named = |name: &str| texts.iter().any(|it| mentions(it, name));
            let columns = held.iter().any(|(table, column)| {
                holds(it).is_some_and(|it| it.0.contains(&(table.clone(), column.clone())))
                    || named(&table.name) && named(column)
            });
            let objects = gone.iter().filter_map(Object::qualified);
            columns || objects.into_iter().any(|it| named(&it.name))
        };
        let more: Vec<Object> = schema
            .declared()
            .into_iter()
            .filter(|(object, it)| !gone.contains(object) && needs(it))
            .map(|(object, _)| object)
            .collect();
        if more.is_empty() {
            return;
        }
        more.iter().for_each(|it| schema.objects.remove(it));
        gone.extend(more);
    }
}

fn holds(object: &Declared) -> Option<&Holds> {
    match object {
        Declared::View(it) => Some(&it.holds),
        Declared::Trigger(it) => Some(&it.holds),
        Declared::Policy(it) => Some(&it.holds),
        _ => None,
    }
}
