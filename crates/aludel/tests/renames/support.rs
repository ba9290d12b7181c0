//! A database that is taken from one set of models to another and back, with rows in it.
#![allow(
    dead_code,
    reason = "several tests share it, and no one needs all of it"
)]

use aludel::Error;
use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Draft, Options};
use aludel::run::{self, Runner};
use std::any::Any;
use std::cell::RefCell;

thread_local! {
    /// What the revisions below record when they are asked: they are plain functions, and the operations are made as we go.
    static UP: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
    static DOWN: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
}

fn up(op: &mut Operations) {
    UP.take().into_iter().for_each(|it| op.record(it));
}

fn down(op: &mut Operations) {
    DOWN.take().into_iter().for_each(|it| op.record(it));
}

const fn revision(name: &'static str, text: &'static str) -> Embedded {
    Embedded {
        name,
        text,
        up: Some(up),
        down: Some(down),
    }
}

static NONE: &[Embedded] = &[];
static ONE: &[Embedded] = &[revision("1.rs", "//! A\n//!\n//! Revision ID: aaaa\n")];
static TWO: &[Embedded] = &[
    revision("1.rs", "//! A\n//!\n//! Revision ID: aaaa\n"),
    revision(
        "2.rs",
        "//! B\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    ),
];

/// A throwaway database.
pub struct Place {
    pub name: &'static str,
    url: String,
    _kept: Box<dyn Any>,
}

/// Runs a test on each database that is there.
pub fn on_each(test: impl AsyncFn(&Place)) {
    let sqlite = aludel_testdb::sqlite();
    let mut places = vec![Place {
        name: "sqlite",
        url: sqlite.url(),
        _kept: Box::new(sqlite),
    }];
    if let Some(it) = aludel_testdb::postgres_or_skip() {
        places.push(Place {
            name: "postgres",
            url: it.url(),
            _kept: Box::new(it),
        });
    }
    if let Some(it) = aludel_testdb::mariadb_or_skip() {
        places.push(Place {
            name: "mariadb",
            url: it.url(),
            _kept: Box::new(it),
        });
    }
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    for place in &places {
        runtime.block_on(test(place));
    }
}

fn told(error: Error) -> String {
    match error {
        Error::Revision(it) => format!("{:?}: {:?} {}", it.operation, it.statement, it.source),
        other => other.to_string(),
    }
}

impl Place {
    pub async fn runner(&self, files: &'static [Embedded]) -> Runner {
        let history = History::embedded(&Migrations::new("versions", files)).unwrap();
        let url = DbUrl::parse(&self.url).unwrap();
        Runner::connect(&url, Access::Write, history, run::Options::default())
            .await
            .unwrap()
    }

    /// Says SQL to the database.
    pub async fn execute(&self, sql: &str) {
        let mut runner = self.runner(NONE).await;
        runner.connection().execute(sql).await.unwrap();
    }

    /// What a query answers, as text.
    pub async fn rows(&self, sql: &str) -> Vec<String> {
        let mut runner = self.runner(NONE).await;
        let rows = runner.connection().fetch(sql).await.unwrap();
        rows.iter().map(|it| it.at::<String>(0).unwrap()).collect()
    }

    /// Compares the database with models before the first revision.
    pub async fn first_look(&self, models: &Metadata, options: &Options) -> Draft {
        let mut runner = self.runner(NONE).await;
        runner.autogenerate(models, options).await.unwrap()
    }

    /// Takes the empty database to models.
    pub async fn create(&self, models: &Metadata) {
        let draft = self.first_look(models, &Options::default()).await;
        UP.set(draft.up);
        let mut runner = self.runner(ONE).await;
        let done = runner.upgrade(&"head".parse().unwrap()).await;
        done.map_err(told).unwrap();
        let left = self.look(models, &Options::default()).await;
        assert_eq!(left, [""; 0], "{}: after it was created", self.name);
    }

    /// What differs from models, after the first revision.
    pub async fn look(&self, models: &Metadata, options: &Options) -> Vec<String> {
        let draft = self.draft(models, options).await.unwrap();
        draft.detected().to_vec()
    }

    /// What is to become the second revision.
    pub async fn draft(&self, models: &Metadata, options: &Options) -> aludel::Result<Draft> {
        self.runner(ONE).await.autogenerate(models, options).await
    }

    /// Runs a draft as the second revision, and finds no difference; then back, and finds none to the models before. `there` is
    /// asked between.
    pub async fn there_and_back(
        &self,
        draft: Draft,
        before: &Metadata,
        after: &Metadata,
        there: impl AsyncFnOnce(&Self),
    ) {
        let said = draft.detected().to_vec();
        UP.set(draft.up);
        let mut runner = self.runner(TWO).await;
        let done = runner.upgrade(&"head".parse().unwrap()).await;
        done.map_err(told).unwrap();
        let again = runner
            .autogenerate(after, &Options::default())
            .await
            .unwrap();
        assert_eq!(again.detected(), [""; 0], "{}: after {said:?}", self.name);
        assert_eq!(again.warnings, [], "{}: after {said:?}", self.name);
        there(self).await;
        DOWN.set(draft.down);
        let mut runner = self.runner(TWO).await;
        let done = runner.downgrade(&"-1".parse().unwrap()).await;
        done.map_err(told).unwrap();
        let back = self.look(before, &Options::default()).await;
        assert_eq!(back, [""; 0], "{}: after undoing {said:?}", self.name);
    }
}
