//! Objects of MariaDB beside its tables, looked at and compared: what was created from a model is equal to it, however either is
//! written, and what was changed is not.
#![cfg(feature = "mysql")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "mysql_live_objects/probes.rs"]
mod probes;
#[path = "mysql_live_objects/routines.rs"]
mod routines;
#[path = "mysql_live_objects/runs.rs"]
mod runs;
#[path = "live_objects/steps.rs"]
mod steps;
#[path = "mysql_live_objects/views.rs"]
mod views;

#[path = "mysql_live/support.rs"]
#[allow(dead_code)]
mod support;

use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Declared, ObjectKind, Schema};
use std::collections::BTreeSet;
use support::Live;

async fn live() -> Option<Live> {
    let mut live = Live::start().await?;
    live.execute(
        "CREATE TABLE visits (id integer PRIMARY KEY, `the order` integer, name varchar(20));
         CREATE TABLE `a log` (what text)",
    )
    .await;
    Some(live)
}

/// What a model declares.
fn model(objects: impl IntoIterator<Item = Declared>) -> Schema {
    let metadata = objects.into_iter().fold(Metadata::new(), Metadata::object);
    metadata.schema().unwrap()
}

async fn look(live: &mut Live, scope: &Scope, kinds: &[ObjectKind]) -> Result<Schema> {
    let kinds: BTreeSet<ObjectKind> = kinds.iter().copied().collect();
    let mut schema = Schema::default();
    let looked = live
        .dialect
        .inspect_objects(&mut live.connection, scope, &kinds, &mut schema);
    looked.await.map(|()| schema)
}

async fn all(live: &mut Live) -> Schema {
    let scope = Scope::Schemas(Vec::new());
    look(live, &scope, &ObjectKind::ALL).await.unwrap()
}

/// The model as it is compared with what is there, that, and whether the database could be asked.
async fn compared(
    live: &mut Live,
    objects: impl IntoIterator<Item = Declared>,
) -> (Schema, Schema, bool) {
    let there = all(live).await;
    let mut model = model(objects);
    live.dialect.normalize(&mut model);
    let asked = live
        .dialect
        .canonicalize_objects(&mut live.connection, &mut model, &there);
    let asked = asked.await.unwrap();
    (model, there, asked)
}

/// Creates what a model declares, as a revision would.
async fn create(live: &mut Live, objects: impl IntoIterator<Item = Declared>) {
    live.upgrade(|op| {
        for object in objects {
            match object {
                Declared::View(it) => drop(op.create_view(it)),
                Declared::Function(it) => drop(op.create_function(it)),
                Declared::Trigger(it) => drop(op.create_trigger(it)),
                Declared::Sequence(it) => drop(op.create_sequence(it)),
                other => panic!("{other:?}"),
            }
        }
    })
    .await;
}

/// Holds that what is created of a declaration is found equal to it, that it is dropped and made anew from what is found without
/// becoming another, and that nothing is left behind.
async fn there_and_back(live: &mut Live, objects: Vec<Declared>) {
    create(live, objects.clone()).await;
    let (model, there, asked) = compared(live, objects.clone()).await;
    assert!(asked);
    assert_eq!(model.objects, there.objects);
    let found = there.objects.clone();
    let drops = found.clone();
    live.upgrade(|op| {
        for (table, name) in drops.triggers.keys() {
            op.drop_trigger(name.as_str(), table);
        }
        for name in drops.views.keys() {
            op.drop_view(name);
        }
        for it in drops.functions.values() {
            match it.procedure {
                true => drop(op.drop_procedure(&it.name, "")),
                false => drop(op.drop_function(&it.name, "")),
            }
        }
        for name in drops.sequences.keys() {
            op.drop_sequence(name);
        }
    })
    .await;
    assert_eq!(all(live).await, Schema::default());
    live.upgrade(|op| {
        found
            .sequences
            .into_values()
            .for_each(|it| drop(op.create_sequence(it)));
        found
            .functions
            .into_values()
            .for_each(|it| drop(op.create_function(it)));
        found
            .views
            .into_values()
            .for_each(|it| drop(op.create_view(it)));
        found
            .triggers
            .into_values()
            .for_each(|it| drop(op.create_trigger(it)));
    })
    .await;
    let (model, again, asked) = compared(live, objects).await;
    assert!(asked);
    assert_eq!(again, there);
    assert_eq!(model.objects, there.objects);
}

/// Holds that a declaration in the place of another of the same name is seen as a change of that, and of nothing else.
async fn is_a_change(live: &mut Live, objects: &[Declared], changed: Declared) {
    let mut objects = objects.to_vec();
    let place = objects.iter().position(|it| same_name(it, &changed));
    objects[place.unwrap()] = changed.clone();
    let (mut model, there, _) = compared(live, objects).await;
    assert_ne!(model.objects, there.objects, "{changed:?}");
    let found = there.objects.clone();
    match &changed {
        Declared::View(it) => {
            model
                .objects
                .views
                .insert(it.name.clone(), found.views[&it.name].clone());
        }
        Declared::Sequence(it) => {
            let before = found.sequences[&it.name].clone();
            model.objects.sequences.insert(it.name.clone(), before);
        }
        Declared::Trigger(it) => {
            let key = (it.table.clone(), it.name.clone());
            let before = found.triggers[&key].clone();
            model.objects.triggers.insert(key, before);
        }
        Declared::Function(it) => {
            let mut keys = found.functions.iter();
            let before = keys.find(|(key, _)| key.0 == it.name).unwrap();
            model
                .objects
                .functions
                .insert(before.0.clone(), before.1.clone());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(model.objects, there.objects, "{changed:?}");
}

/// A function is known by its name, whatever its arguments.
fn same_name(a: &Declared, b: &Declared) -> bool {
    match (a, b) {
        (Declared::Function(a), Declared::Function(b)) => a.name == b.name,
        (a, b) => a.name() == b.name(),
    }
}
