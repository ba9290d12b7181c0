//! Functions that cannot be replaced, and that tables call: no database lets one go that a default, a check or an index calls. What calls it
//! goes before everything else, and comes again behind it, when the new function is there.

use super::held::{Held, strip};
use super::objects::replaceable;
use super::text;
use crate::schema::{
    Constraint, Declared, Expr, Function, Ident, Index, IndexKey, QualifiedName, Schema, Spelled,
};
use std::collections::BTreeSet;

/// Both schemas without what calls such functions; none if nothing does.
pub(super) fn without(from: &Schema, to: &Schema) -> Option<(Schema, Schema)> {
    let moving = moving(from, to);
    if moving.is_empty() {
        return None;
    }
    let before = without_calls(from, &moving, |_| true);
    // A table that comes as a whole comes when the new function is there.
    let after = without_calls(to, &moving, |it| from.tables.contains_key(it));
    (before != *from || after != *to).then_some((before, after))
}

/// The names of the functions that go, and come in another form.
fn moving(from: &Schema, to: &Schema) -> BTreeSet<Ident> {
    let (before, after) = (&from.objects.functions, &to.objects.functions);
    let stays = |key, it: &Function| {
        after.get(key).is_some_and(|after| {
            let both = (
                Declared::Function(it.clone()),
                Declared::Function(after.clone()),
            );
            it == after || replaceable(&both.0, &both.1)
        })
    };
    let gone = before.iter().filter(|(key, it)| !stays(*key, it));
    let comes = |name: &QualifiedName| {
        let mut new = after.iter();
        new.any(|(key, it)| it.name == *name && before.get(key) != Some(it))
    };
    let names = gone.map(|(_, it)| &it.name).filter(|it| comes(it));
    names.map(|it| it.name.clone()).collect()
}

fn without_calls(
    schema: &Schema,
    moving: &BTreeSet<Ident>,
    which: impl Fn(&QualifiedName) -> bool,
) -> Schema {
    let calls = |it: &Spelled<Expr>| moving.iter().any(|name| calls(it.written.as_str(), name));
    let mut held = Held::new();
    for table in schema.tables.values().filter(|it| which(&it.name)) {
        for column in &table.columns {
            if column.generated.as_ref().is_some_and(|it| calls(&it.expr)) {
                held.insert((table.name.clone(), column.name.clone()));
            }
        }
    }
    let mut without = match held.is_empty() {
        true => schema.clone(),
        false => strip(schema, &held),
    };
    for table in without.tables.values_mut().filter(|it| which(&it.name)) {
        for column in &mut table.columns {
            column.default = column.default.take().filter(|it| !calls(it));
        }
        table.constraints.retain(|it| match it {
            Constraint::Check(check) => !calls(&check.expr),
            _ => true,
        });
        table.indexes.retain(|it| !index_calls(it, calls));
    }
    for domain in without.objects.domains.values_mut() {
        domain.default = domain.default.take().filter(|it| !calls(it));
        domain.checks.retain(|it| !calls(&it.expr));
    }
    without
}

fn index_calls(index: &Index, calls: impl Fn(&Spelled<Expr>) -> bool) -> bool {
    let key = |it: &IndexKey| match it {
        IndexKey::Expr(expr) => calls(expr),
        IndexKey::Column(_) => false,
    };
    index.predicate.as_ref().is_some_and(&calls) || index.parts.iter().any(|it| key(&it.key))
}

/// Whether a text calls a function: a column may have the same name.
fn calls(sql: &str, name: &str) -> bool {
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
        assert!(calls("fit(code) > 0", "fit"));
        assert!(calls("a = \"Fit\" (code)", "Fit"));
        assert!(!calls("fit > 0 AND (code > 1)", "fit"));
        assert!(!calls("misfit(code)", "fit"));
    }
}
