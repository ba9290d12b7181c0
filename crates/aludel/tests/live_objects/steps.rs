//! A database led from one set of models to the next by what autogenerate finds, and all the way back: after each step nothing
//! is left to find.

use aludel::Error;
use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Draft, Options};
use aludel::run::{self, Runner};
use std::cell::RefCell;

thread_local! {
    /// What the revisions below record, each once: they are plain functions, and their operations are made as we go.
    static STEPS: RefCell<Vec<(Vec<Operation>, Vec<Operation>)>> = const { RefCell::new(Vec::new()) };
}

fn up<const N: usize>(op: &mut Operations) {
    let operations = STEPS.with_borrow_mut(|it| std::mem::take(&mut it[N].0));
    operations.into_iter().for_each(|it| op.record(it));
}

fn down<const N: usize>(op: &mut Operations) {
    let operations = STEPS.with_borrow_mut(|it| std::mem::take(&mut it[N].1));
    operations.into_iter().for_each(|it| op.record(it));
}

const fn revision<const N: usize>(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: Some(up::<N>),
        down: Some(down::<N>),
    }
}

static FILES: [Embedded; 5] = [
    revision::<0>("1.rs", "//! A\n//!\n//! Revision ID: aaaa\n"),
    revision::<1>(
        "2.rs",
        "//! B\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    ),
    revision::<2>(
        "3.rs",
        "//! C\n//!\n//! Revision ID: cccc\n//! Revises: bbbb\n",
    ),
    revision::<3>(
        "4.rs",
        "//! D\n//!\n//! Revision ID: dddd\n//! Revises: cccc\n",
    ),
    revision::<4>(
        "5.rs",
        "//! E\n//!\n//! Revision ID: eeee\n//! Revises: dddd\n",
    ),
];

/// A history of so many revisions on a database.
pub async fn runner(url: &str, revisions: usize) -> Runner {
    let history = History::embedded(&Migrations::new("versions", &FILES[..revisions])).unwrap();
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history, run::Options::default())
        .await
        .unwrap()
}

async fn draft(runner: &mut Runner, models: &Metadata, options: &Options) -> Draft {
    runner.autogenerate(models, options).await.unwrap()
}

fn told(error: Error) -> String {
    match error {
        Error::Revision(it) => format!("{:?}: {:?} {}", it.operation, it.statement, it.source),
        other => other.to_string(),
    }
}

/// Takes a database through the models and back. After each step up, `between` may look at it or write rows. Answers what was
/// found on the way up.
pub async fn steps(
    url: &str,
    models: &[Metadata],
    options: &Options,
    mut between: impl AsyncFnMut(usize, &mut Runner),
) -> Vec<Vec<String>> {
    STEPS.set(Vec::new());
    let mut found = Vec::new();
    for (at, wanted) in models.iter().enumerate() {
        let mut runner = runner(url, at).await;
        let draft = draft(&mut runner, wanted, options).await;
        // As SQL it can be said, too.
        runner.sql(&draft).await.unwrap();
        found.push(draft.detected().to_vec());
        STEPS.with_borrow_mut(|it| it.push((draft.up, draft.down)));
        let mut runner = self::runner(url, at + 1).await;
        let done = runner.upgrade(&"head".parse().unwrap()).await;
        done.unwrap_or_else(|error| panic!("{at}: {found:?}\n{}", told(error)));
        agree(&mut runner, wanted, options, &format!("after {found:?}")).await;
        between(at, &mut runner).await;
    }
    for at in (1..models.len()).rev() {
        let done = runner(url, at + 1)
            .await
            .downgrade(&"-1".parse().unwrap())
            .await;
        done.unwrap_or_else(|error| panic!("back from {at}: {}", told(error)));
        let mut runner = runner(url, at).await;
        agree(
            &mut runner,
            &models[at - 1],
            options,
            &format!("back from {at}"),
        )
        .await;
    }
    found
}

async fn agree(runner: &mut Runner, models: &Metadata, options: &Options, when: &str) {
    let left = draft(runner, models, options).await;
    assert_eq!(left.detected(), [] as [&str; 0], "{when}");
    assert!(left.is_empty(), "{when}");
}
