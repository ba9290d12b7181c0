//! The lines of what is found beside tables. What goes and comes again is one line.

use crate::ops::Operation;
use crate::schema::{Declared, Object, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// What a list of operations does with objects beside tables.
pub(super) struct Objects {
    created: BTreeSet<String>,
    /// How they were, by name.
    before: BTreeMap<String, Declared>,
    /// What was said of them.
    comments: BTreeMap<Object, String>,
}

impl Objects {
    pub(super) fn new<'o>(operations: impl Iterator<Item = &'o Operation>, live: &Schema) -> Self {
        let created = operations.filter_map(created);
        let before = live.declared().into_values();
        Self {
            created: created.filter_map(|it| name(&it)).collect(),
            before: before.filter_map(|it| Some((name(&it)?, it))).collect(),
            comments: live.objects.comments.clone(),
        }
    }

    /// The lines of an operation; none if it is about something else.
    pub(super) fn said(&self, operation: &Operation) -> Option<Vec<String>> {
        if let Some(now) = created(operation) {
            let name = name(&now)?;
            return Some(vec![match self.before.get(&name) {
                Some(before) if *before == now => format!("{name} in the way of a change"),
                Some(_) => format!("changed {name}"),
                None => format!("added {name}"),
            }]);
        }
        let changed = |object: Object| Some(vec![format!("changed {}", shown(&object))]);
        match operation {
            Operation::DropObject(it) => {
                let name = shown(&it.object);
                let line = format!("removed {name}");
                Some(if self.created.contains(&name) {
                    Vec::new()
                } else {
                    vec![line]
                })
            }
            Operation::AlterSequence(it) => {
                let name = shown(&Object::sequence(&it.name));
                // One that is new is told of already.
                let line = format!("changed {name}");
                Some(if self.created.contains(&name) {
                    Vec::new()
                } else {
                    vec![line]
                })
            }
            Operation::AlterDomain(it) => changed(Object::domain(&it.name)),
            Operation::AlterPolicy(it) => changed(Object::policy(it.name.clone(), &it.table)),
            Operation::ToggleTrigger(it) => changed(Object::trigger(it.name.clone(), &it.table)),
            Operation::UpdateExtension(it) => changed(Object::extension(it.name.clone())),
            // What comes again gets its comment again.
            Operation::CommentOn(it) if it.comment.as_ref() == self.comments.get(&it.object) => {
                Some(Vec::new())
            }
            Operation::CommentOn(it) => Some(vec![format!("comment on {}", shown(&it.object))]),
            _ => None,
        }
    }
}

/// What an operation creates.
fn created(operation: &Operation) -> Option<Declared> {
    Some(match operation {
        Operation::CreateSchema(it) => Declared::Schema(it.name.clone()),
        Operation::CreateExtension(it) => it.extension.clone().into(),
        Operation::CreateSequence(it) => it.sequence.clone().into(),
        Operation::CreateDomain(it) => it.domain.clone().into(),
        Operation::CreateFunction(it) => it.function.clone().into(),
        Operation::CreateView(it) => it.view.clone().into(),
        Operation::CreateTrigger(it) => it.trigger.clone().into(),
        Operation::CreatePolicy(it) => it.policy.clone().into(),
        _ => return None,
    })
}

/// The name, with which a function is dropped.
fn name(object: &Declared) -> Option<String> {
    let mut object = object.clone();
    if let Declared::Function(it) = &mut object {
        it.arguments = it.signature();
    }
    object.object().map(|it| shown(&it))
}

/// `view 'open_visits'`.
fn shown(object: &Object) -> String {
    let text = object.to_string();
    match text.strip_prefix(object.kind()) {
        Some(name) => format!("{} '{}'", object.kind(), name.trim_start()),
        None => text,
    }
}
