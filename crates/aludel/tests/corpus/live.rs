//! A database to which drafts are applied: the revisions are plain functions that record what they are handed.

use aludel::Error;
use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Draft, Options};
use aludel::run::{self, Runner};
use std::cell::RefCell;

thread_local! {
    static UP: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
    static DOWN: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
}

fn up(op: &mut Operations) {
    UP.take().into_iter().for_each(|it| op.record(it));
}

fn down(op: &mut Operations) {
    DOWN.take().into_iter().for_each(|it| op.record(it));
}

static NONE: &[Embedded] = &[];
static ONE: &[Embedded] = &[Embedded {
    name: "1.rs",
    text: "//! A\n//!\n//! Revision ID: aaaa\n",
    up: Some(up),
    down: Some(down),
}];

/// Runs a future on this thread, on which the revisions are.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

/// A runner whose history is empty, or one revision long.
pub async fn runner(url: &str, at_one: bool) -> Runner {
    let files = if at_one { ONE } else { NONE };
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history, run::Options::default())
        .await
        .unwrap()
}

/// What autogenerate says of a database that has the one revision, or none.
pub async fn draft(url: &str, at_one: bool, models: &Metadata) -> Result<Draft, String> {
    let mut runner = runner(url, at_one).await;
    let draft = runner.autogenerate(models, &Options::default()).await;
    draft.map_err(text)
}

/// Runs the operations as the database's one revision.
pub async fn upgrade(url: &str, operations: Vec<Operation>) -> Result<(), String> {
    UP.set(operations);
    let head = "head".parse().unwrap();
    let done = runner(url, true).await.upgrade(&head).await;
    done.map(|_| ()).map_err(text)
}

/// Undoes the database's one revision by these operations.
pub async fn downgrade(url: &str, operations: Vec<Operation>) -> Result<(), String> {
    DOWN.set(operations);
    let base = "base".parse().unwrap();
    let done = runner(url, true).await.downgrade(&base).await;
    done.map(|_| ()).map_err(text)
}

fn text(error: Error) -> String {
    match error {
        Error::Revision(it) => {
            let statement = it.statement.unwrap_or_default();
            let begin: String = statement.chars().take(400).collect();
            format!("{}\n    in {begin}", it.source)
        }
        other => other.to_string(),
    }
}
