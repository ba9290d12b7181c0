//! Which changes of an object can be said without making it anew.

use crate::ops::{
    AlterDomain, AlterPolicy, AlterSequence, CreateFunction, IfThere, Operation, SetSchema,
    ToggleTrigger, UpdateExtension, alter_domain::DomainChange,
};
use crate::schema::{
    Declared, Domain, Extension, Function, Ident, Object, Policy, Sequence, Trigger, Type,
};

/// The operations that turn an object into its successor; none if it has to be dropped and created.
pub(super) fn in_place(before: &Declared, after: &Declared) -> Option<Vec<Operation>> {
    match (before, after) {
        (Declared::Extension(before), Declared::Extension(after)) => Some(extension(before, after)),
        (Declared::Sequence(before), Declared::Sequence(after)) => Some(sequence(before, after)),
        (Declared::Domain(before), Declared::Domain(after)) => domain(before, after),
        (Declared::Function(before), Declared::Function(after)) => function(before, after),
        (Declared::Policy(before), Declared::Policy(after)) => policy(before, after),
        (Declared::Trigger(before), Declared::Trigger(after)) => trigger(before, after),
        _ => None,
    }
}

fn extension(before: &Extension, after: &Extension) -> Vec<Operation> {
    let mut out = Vec::new();
    if before.version != after.version {
        let update = UpdateExtension {
            name: after.name.clone(),
            version: after.version.clone(),
        };
        out.push(update.into());
    }
    if let Some(schema) = after.schema.clone()
        && before.schema != after.schema
    {
        let object = Object::Extension(after.name.clone());
        out.push(SetSchema { object, schema }.into());
    }
    out
}

/// What is not said of a sequence is as it is in one of which nothing is said.
fn sequence(before: &Sequence, after: &Sequence) -> Vec<Operation> {
    let mut alter = AlterSequence::new(after.name.clone());
    let unsaid = alter.clone();
    let ty = |it: &Sequence| it.ty.clone().unwrap_or(Type::BigInteger);
    if ty(before) != ty(after) {
        alter.ty = Some(ty(after));
    }
    let number = |before: Option<i64>, after: Option<i64>, usual: i64| {
        let (before, after) = (before.unwrap_or(usual), after.unwrap_or(usual));
        (before != after).then_some(after)
    };
    alter.increment = number(before.increment, after.increment, 1);
    alter.cache = number(before.cache, after.cache, 1);
    let first = |it: &Sequence| match it.increment {
        Some(down) if down < 0 => it.max.unwrap_or(-1),
        _ => it.min.unwrap_or(1),
    };
    let start = |it: &Sequence| it.start.unwrap_or_else(|| first(it));
    alter.start = (start(before) != start(after)).then(|| start(after));
    alter.min = (before.min != after.min).then_some(after.min);
    alter.max = (before.max != after.max).then_some(after.max);
    // The other way, it ends elsewhere, and where it is now is behind its end.
    let descends = |it: &Sequence| it.increment.is_some_and(|it| it < 0);
    if descends(before) != descends(after) {
        alter.min = Some(after.min);
        alter.max = Some(after.max);
        alter.restart = Some(None);
    }
    // Which end it has of itself depends on where it goes.
    if descends(after) && (alter.min == Some(None) || alter.max == Some(None)) {
        alter.increment = after.increment;
    }
    alter.cycle = (before.cycle != after.cycle).then_some(after.cycle);
    alter.owned_by = (before.owned_by != after.owned_by).then(|| after.owned_by.clone());
    match alter == unsaid {
        true => Vec::new(),
        false => vec![alter.into()],
    }
}

/// What is below a domain cannot be changed.
fn domain(before: &Domain, after: &Domain) -> Option<Vec<Operation>> {
    if before.ty != after.ty || before.collation != after.collation {
        return None;
    }
    let mut changes = Vec::new();
    if before.default != after.default {
        changes.push(match after.default.clone() {
            Some(default) => DomainChange::SetDefault(default),
            None => DomainChange::DropDefault,
        });
    }
    for check in before.checks.iter().filter(|it| !after.checks.contains(it)) {
        changes.push(DomainChange::DropConstraint(name_of_check(
            before,
            check.name.as_ref(),
        )));
    }
    for check in after.checks.iter().filter(|it| !before.checks.contains(it)) {
        changes.push(DomainChange::AddCheck(check.clone()));
    }
    match (before.not_null, after.not_null) {
        (false, true) => changes.push(DomainChange::SetNotNull),
        (true, false) => changes.push(DomainChange::DropNotNull),
        _ => {}
    }
    let name = after.name.clone();
    Some(vec![AlterDomain { name, changes }.into()])
}

/// PostgreSQL's own name, where a check was declared without one.
fn name_of_check(domain: &Domain, name: Option<&Ident>) -> Ident {
    match name {
        Some(name) => name.clone(),
        None => format!("{}_check", domain.name.name).into(),
    }
}

/// A function can be replaced by one that is called in the same way; by one with defaults where there were none, too.
fn function(before: &Function, after: &Function) -> Option<Vec<Operation>> {
    let same_call = before.signature() == after.signature() && before.returns == after.returns;
    let is_whole = |it: &Function| it.signature() == it.arguments;
    let same_defaults = before.arguments == after.arguments || is_whole(before);
    if !same_call || !same_defaults || before.procedure != after.procedure {
        return None;
    }
    let replace = CreateFunction {
        function: after.clone(),
        if_there: IfThere::Replace,
    };
    Some(vec![replace.into()])
}

/// A trigger can be switched on and off, and not changed.
fn trigger(before: &Trigger, after: &Trigger) -> Option<Vec<Operation>> {
    let switched = Trigger {
        fires: after.fires,
        ..before.clone()
    };
    let toggle = ToggleTrigger {
        name: after.name.clone(),
        table: after.table.clone(),
        fires: after.fires,
    };
    (switched == *after).then(|| vec![toggle.into()])
}

/// A condition can be changed and not taken away, and what a policy is about stays.
fn policy(before: &Policy, after: &Policy) -> Option<Vec<Operation>> {
    let same_kind = before.command == after.command && before.permissive == after.permissive;
    let loses_using = before.using.is_some() && after.using.is_none();
    let loses_check = before.with_check.is_some() && after.with_check.is_none();
    if !same_kind || loses_using || loses_check {
        return None;
    }
    let changed = |before: &Option<_>, after: &Option<_>| match before == after {
        true => None,
        false => after.clone(),
    };
    let alter = AlterPolicy {
        name: after.name.clone(),
        table: after.table.clone(),
        roles: (before.roles != after.roles).then(|| after.roles.clone()),
        using: changed(&before.using, &after.using),
        with_check: changed(&before.with_check, &after.with_check),
    };
    Some(vec![alter.into()])
}
