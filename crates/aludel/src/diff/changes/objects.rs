//! What differs between the objects of two schemas beside their tables.

use super::words::expr;
use super::{Change, Thing, Value, Verb, pairs, verb};
use crate::schema::{Object, QualifiedName, Schema};
use std::collections::BTreeSet;

/// What tables may need: schemas, extensions, enum types, domains, sequences, functions.
pub(super) fn before_tables(from: &Schema, to: &Schema, out: &mut Vec<Change>) {
    let schemas = (&from.objects.schemas, &to.objects.schemas);
    let both: BTreeSet<_> = schemas.0.union(schemas.1).collect();
    for name in both {
        let (old, new) = (schemas.0.get(name), schemas.1.get(name));
        if let Some(verb) = verb(old, new) {
            out.push(Change::new(verb, Thing::Schema, Some(name)).named(name));
        }
    }
    for (name, old, new) in pairs(&from.objects.extensions, &to.objects.extensions) {
        let Some(verb) = verb(old, new) else { continue };
        let change = Change::new(verb, Thing::Extension, None).named(name);
        let version = |it: Option<&crate::schema::Extension>| it?.version.clone().map(Value::from);
        out.push(with(change, version(old), version(new)));
    }
    for (name, old, new) in pairs(&from.enums, &to.enums) {
        let Some(verb) = verb(old, new) else { continue };
        let values = |it: Option<&crate::schema::Enum>| Some(Value::List(it?.values.clone()));
        out.push(with(
            qualified(verb, Thing::Enum, name),
            values(old),
            values(new),
        ));
    }
    for (name, old, new) in pairs(&from.objects.domains, &to.objects.domains) {
        let Some(verb) = verb(old, new) else { continue };
        out.push(qualified(verb, Thing::Domain, name));
    }
    for (name, old, new) in pairs(&from.objects.sequences, &to.objects.sequences) {
        let Some(verb) = verb(old, new) else { continue };
        out.push(qualified(verb, Thing::Sequence, name));
    }
    for ((name, arguments), old, new) in pairs(&from.objects.functions, &to.objects.functions) {
        let Some(verb) = verb(old, new) else { continue };
        let signature = format!("{}({arguments})", name.name);
        let change = Change::new(verb, Thing::Function, name.schema.as_deref()).named(&signature);
        let body = |it: Option<&crate::schema::Function>| Some(Value::from(&it?.body));
        out.push(with(change, body(old), body(new)));
    }
}

/// What is made from tables: views, triggers, policies; and comments.
pub(super) fn after_tables(from: &Schema, to: &Schema, out: &mut Vec<Change>) {
    for (name, old, new) in pairs(&from.objects.views, &to.objects.views) {
        let Some(verb) = verb(old, new) else { continue };
        let query = |it: Option<&crate::schema::View>| Some(Value::Text(expr(&it?.query)));
        out.push(with(
            qualified(verb, Thing::View, name),
            query(old),
            query(new),
        ));
    }
    for ((table, name), old, new) in pairs(&from.objects.triggers, &to.objects.triggers) {
        let Some(verb) = verb(old, new) else { continue };
        out.push(Change::of_table(verb, Thing::Trigger, table).named(name));
    }
    for ((table, name), old, new) in pairs(&from.objects.policies, &to.objects.policies) {
        let Some(verb) = verb(old, new) else { continue };
        out.push(Change::of_table(verb, Thing::Policy, table).named(name));
    }
    for (table, old, new) in pairs(&from.objects.row_security, &to.objects.row_security) {
        let (old, new) = (old.copied(), new.copied());
        // No word of it is the same as off.
        if old.unwrap_or_default() != new.unwrap_or_default() {
            out.push(Change::of_table(Verb::Modify, Thing::RowSecurity, table));
        }
    }
    for (object, old, new) in pairs(&from.objects.comments, &to.objects.comments) {
        let Some(verb) = verb(old, new) else { continue };
        let change = with(
            of_object(verb, object),
            old.map(Into::into),
            new.map(Into::into),
        );
        out.push(change);
    }
}

fn qualified(verb: Verb, thing: Thing, name: &QualifiedName) -> Change {
    Change::new(verb, thing, name.schema.as_deref()).named(&name.name)
}

/// What it was and what it is, where it is a modification and these differ.
fn with(change: Change, old: Option<Value>, new: Option<Value>) -> Change {
    match change.verb {
        Verb::Modify if old != new => change.values(old, new),
        _ => change,
    }
}

/// The comment of an object.
fn of_object(verb: Verb, object: &Object) -> Change {
    let part = |table: &QualifiedName, name: &str| {
        Change::of_table(verb, Thing::Comment, table).named(name)
    };
    let outside = |name: &str| Change::new(verb, Thing::Comment, None).named(name);
    match object {
        Object::Table(it) => Change::of_table(verb, Thing::Comment, it),
        Object::Column(table, name)
        | Object::Constraint(table, name)
        | Object::Trigger(table, name)
        | Object::Policy(table, name) => part(table, name),
        Object::Schema(name) | Object::Extension(name) => outside(name),
        Object::Function(name, arguments) | Object::Procedure(name, arguments) => {
            let signature = format!("{}({arguments})", name.name);
            Change::new(verb, Thing::Comment, name.schema.as_deref()).named(&signature)
        }
        Object::DomainConstraint(domain, name) => {
            let name = format!("{}.{name}", domain.name);
            Change::new(verb, Thing::Comment, domain.schema.as_deref()).named(&name)
        }
        Object::Index(it)
        | Object::View(it)
        | Object::MaterializedView(it)
        | Object::Sequence(it)
        | Object::Type(it)
        | Object::Domain(it) => qualified(verb, Thing::Comment, it),
    }
}
