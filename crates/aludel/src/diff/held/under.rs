//! Functions and domains that are dropped, or made anew, under tables that use them before and after.

use super::{Held, strip, strip_objects};
use crate::diff::{objects, text};
use crate::ops::drop_column::mentions;
use crate::schema::{
    Constraint, Declared, Domain, Ident, IndexKey, Object, QualifiedName, Schema, Table, Type,
};
use std::collections::BTreeSet;

/// Both schemas without them; none if there are none.
pub(super) fn without(from: &Schema, to: &Schema) -> Option<(Schema, Schema)> {
    let (before, after) = (from.declared(), to.declared());
    let goes = |object: &Object, it: &Declared| match after.get(object) {
        Some(new) => it != new && !objects::can_alter(it, new),
        None => true,
    };
    let going = before.iter().filter(|(object, it)| goes(object, it));
    let (mut functions, mut domains) = (BTreeSet::new(), BTreeSet::new());
    for (_, it) in going {
        match it {
            Declared::Function(it) => drop(functions.insert(it.name.clone())),
            Declared::Domain(it) => drop(domains.insert(it.name.clone())),
            _ => {}
        }
    }
    // What is only there before goes in its turn.
    functions.retain(|it| calls(from, it) && calls(to, it));
    domains.retain(|it| to.objects.domains.contains_key(it) && has(from, it));
    if functions.is_empty() && domains.is_empty() {
        return None;
    }
    let bare = |schema: &Schema| {
        let mut schema = without_calls(schema, &functions);
        for name in &domains {
            lay_open(&mut schema, name);
        }
        schema
    };
    Some((bare(from), bare(to)))
}

fn calls(schema: &Schema, function: &QualifiedName) -> bool {
    let mut texts = schema.tables.values().flat_map(text::of_table);
    texts.any(|it| is_called(it, &function.name))
}

fn has(schema: &Schema, domain: &QualifiedName) -> bool {
    let mut columns = schema.tables.values().flat_map(|it| &it.columns);
    columns.any(|it| is_of(&it.ty.written, domain))
}

fn is_of(ty: &Type, domain: &QualifiedName) -> bool {
    matches!(ty, Type::Custom(text) if !text.ends_with(']') && mentions(text, &domain.name))
}

/// Columns of the domain have the type below it and no default, which is a value of the one type and none of the other; the domain is
/// not there, nor is what looks at these columns.
fn lay_open(schema: &mut Schema, name: &QualifiedName) {
    let Some(Domain { ty, .. }) = schema.objects.domains.remove(name) else {
        return;
    };
    let mut held = Held::new();
    for table in schema.tables.values_mut() {
        let columns = table.columns.iter_mut();
        for column in columns.filter(|it| is_of(&it.ty.written, name)) {
            column.ty = ty.clone();
            column.default = None;
            held.insert((table.name.clone(), column.name.clone()));
        }
    }
    strip_objects(schema, &held);
}

fn without_calls(schema: &Schema, functions: &BTreeSet<QualifiedName>) -> Schema {
    let is_call = |sql: &str| functions.iter().any(|it| is_called(sql, &it.name));
    let computed = |table: &Table| {
        let columns = table.columns.iter().filter(|it| {
            let generated = it.generated.as_ref();
            generated.is_some_and(|it| is_call(it.expr.written.as_str()))
        });
        let names: Vec<Ident> = columns.map(|it| it.name.clone()).collect();
        names
            .into_iter()
            .map(|it| (table.name.clone(), it))
            .collect::<Vec<_>>()
    };
    let held: Held = schema.tables.values().flat_map(computed).collect();
    let mut schema = strip(schema, &held);
    for table in schema.tables.values_mut() {
        for column in &mut table.columns {
            let default = column.default.take();
            column.default = default.filter(|it| !is_call(it.written.as_str()));
        }
        table.constraints.retain(|it| match it {
            Constraint::Check(it) => !is_call(it.expr.written.as_str()),
            _ => true,
        });
        table.indexes.retain(|it| {
            let predicate = it.predicate.as_ref();
            let keys = it.parts.iter().filter_map(|it| match &it.key {
                IndexKey::Expr(it) => Some(it.written.as_str()),
                IndexKey::Column(_) => None,
            });
            let mut texts = keys.chain(predicate.map(|it| it.written.as_str()));
            !texts.any(is_call)
        });
    }
    for domain in schema.objects.domains.values_mut() {
        let default = domain.default.take();
        domain.default = default.filter(|it| !is_call(it.written.as_str()));
        domain
            .checks
            .retain(|it| !is_call(it.expr.written.as_str()));
    }
    schema
}

/// Whether a text calls a function: a column may have the same name.
fn is_called(sql: &str, name: &str) -> bool {
    text::follows(sql, name, |behind| {
        let behind = behind.trim_start_matches('"').trim_start();
        behind.starts_with('(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_told_from_a_column() {
        assert!(is_called("fit(code) > 0", "fit"));
        assert!(is_called("a = \"Fit\" (code)", "Fit"));
        assert!(!is_called("fit > 0 AND (code > 1)", "fit"));
        assert!(!is_called("misfit(code)", "fit"));
    }
}
