//! The gate before a run, on real databases: what it is told, when it is asked, and that nothing runs without it.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::Error;
use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::lint::Loss;
use aludel::prelude::*;
use aludel::run::{Gate, Options, Runner, Transaction};
use std::cell::RefCell;
use std::rc::Rc;

const FIRST: Embedded = Embedded {
    name: "1.rs",
    text: "//! First\n//!\n//! Revision ID: aaaa\n",
    up: Some(|op| {
        for table in ["kept", "dropped", "renamed"] {
            op.create_table(
                Table::new(table)
                    .column(Column::new("id", Type::Integer).primary_key())
                    .column(Column::new("name", Type::Varchar(99)))
                    .column(Column::new("number", Type::BigInteger)),
            );
        }
    }),
    down: Some(|op| {
        for table in ["kept", "dropped", "renamed"] {
            op.drop_table(table);
        }
    }),
};

const SECOND: Embedded = Embedded {
    name: "2.rs",
    text: "//! Second\n//!\n//! Revision ID: bbbb\n//! Revises: aaaa\n",
    up: Some(|op| {
        op.create_table(Table::new("brief").column(Column::new("id", Type::Integer)));
        op.add_column("kept", Column::new("brief", Type::Integer));
        op.drop_column("kept", "brief");
        op.drop_table("brief");
        op.rename_table("renamed", "other");
        op.drop_column("other", "name");
        op.alter_column("kept", "name").set_type(Type::Varchar(120));
        op.alter_column("kept", "name").set_type(Type::Varchar(110));
        op.run("look", async |_db| Ok(()));
        op.execute("DELETE FROM kept");
        op.drop_table("dropped");
    }),
    down: Some(|op| {
        op.create_table(Table::new("dropped").column(Column::new("id", Type::Integer)));
        op.rename_table("other", "renamed");
    }),
};

/// What a gate was told, a line each.
type Told = Rc<RefCell<Vec<String>>>;

async fn runner(url: &str, files: &'static [Embedded], transaction: Transaction) -> Runner {
    let url = DbUrl::parse(url).unwrap();
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let options = Options {
        transaction,
        ..Options::default()
    };
    let runner = Runner::connect(&url, Access::Write, history, options).await;
    runner.unwrap()
}

/// A gate that writes down what it is told; `opens` says whether it lets the run begin.
fn gate(told: &Told, opens: bool) -> Gate {
    let told = told.clone();
    Gate::new(move |coming| {
        let mut lines = told.borrow_mut();
        lines.push(format!(
            "at {:?}, loses {}",
            coming.current,
            coming.loses_data()
        ));
        for step in &coming.steps {
            lines.push(format!("{}, {}", step.step, step.message));
            let operations = step.operations.iter().filter(|it| it.loss != Loss::None);
            lines.extend(operations.map(|it| format!("{}: {:?}", it.summary, it.loss)));
        }
        Box::pin(async move { if opens { Ok(()) } else { Err(Error::Refused) } })
    })
}

async fn scenario(url: &str, transaction: Transaction) {
    let told = Told::default();
    let mut runner = runner(url, &[FIRST, SECOND], transaction).await;
    runner.ask_first(gate(&told, true));
    let (first, head) = ("aaaa".parse().unwrap(), "head".parse().unwrap());
    runner.upgrade(&first).await.unwrap();
    runner.upgrade(&first).await.unwrap();
    assert_eq!(
        told.take(),
        ["at [], loses false", "upgrade  -> aaaa, First"]
    );
    runner.ask_first(gate(&told, false));
    let stopped = runner.upgrade(&head).await.unwrap_err();
    assert!(matches!(stopped, Error::Refused), "{stopped:?}");
    assert_eq!(
        told.take(),
        [
            "at [RevisionId(\"aaaa\")], loses true",
            "upgrade aaaa -> bbbb, Second",
            "drop column other.name: Lost(\"What other.name holds is lost\")",
            "alter column kept.name: Lost(\"kept.name changes from VARCHAR(120) to VARCHAR(110): it fails, or cuts a value short, where one does not fit\")",
            "run \"look\": Unknown(\"What its code does cannot be judged\")",
            "execute \"DELETE FROM kept\": Lost(\"It deletes every row of a table\")",
            "drop table dropped: Lost(\"The rows of dropped are lost\")",
        ]
    );
    assert_eq!(runner.current().await.unwrap()[0].as_str(), "aaaa");
    runner
        .connection()
        .fetch("SELECT * FROM dropped, renamed")
        .await
        .unwrap();
    let stopped = runner
        .downgrade(&"base".parse().unwrap())
        .await
        .unwrap_err();
    assert!(matches!(stopped, Error::Refused), "{stopped:?}");
    assert_eq!(told.take().len(), 5);
    let stopped = runner
        .stamp(std::slice::from_ref(&head), true)
        .await
        .unwrap_err();
    assert!(matches!(stopped, Error::Refused), "{stopped:?}");
    assert_eq!(runner.current().await.unwrap()[0].as_str(), "aaaa");
    // The turn was given back each time.
    runner.ask_first(gate(&told, true));
    runner.upgrade(&head).await.unwrap();
    runner.close().await.unwrap();
}

#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    for transaction in [Transaction::PerRevision, Transaction::All] {
        scenario(&aludel_testdb::sqlite().url(), transaction).await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    for transaction in [Transaction::PerRevision, Transaction::All] {
        if let Some(database) = aludel_testdb::postgres_or_skip() {
            scenario(&database.url(), transaction).await;
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn mariadb() {
    if let Some(database) = aludel_testdb::mariadb_or_skip() {
        scenario(&database.url(), Transaction::PerRevision).await;
    }
}

/// While one runner asks, the other one waits; then nothing is left to be asked about.
async fn two_runners(url: &str) {
    let (told, none) = (Told::default(), Told::default());
    let mut one = runner(url, &[FIRST], Transaction::PerRevision).await;
    let mut other = runner(url, &[FIRST], Transaction::PerRevision).await;
    let asked = told.clone();
    one.ask_first(Gate::new(move |_| {
        asked.borrow_mut().push("asked".into());
        Box::pin(async {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            Ok(())
        })
    }));
    other.ask_first(gate(&none, true));
    let head = "head".parse().unwrap();
    let second = async {
        while told.borrow().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        other.upgrade(&head).await
    };
    let (first, second) = tokio::join!(one.upgrade(&head), second);
    assert_eq!(first.unwrap().len(), 1);
    assert_eq!(second.unwrap().len(), 0);
    assert_eq!(none.take(), Vec::<String>::new());
}

#[tokio::test(flavor = "current_thread")]
async fn two_runners_on_postgres() {
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        two_runners(&database.url()).await;
    }
}

#[tokio::test(flavor = "current_thread")]
async fn two_runners_on_mariadb() {
    if let Some(database) = aludel_testdb::mariadb_or_skip() {
        two_runners(&database.url()).await;
    }
}

/// Whoever stops a run while it is thought about does not wait for the answer.
async fn stopped_meanwhile(url: &str) {
    let mut runner = runner(url, &[FIRST], Transaction::PerRevision).await;
    runner.ask_first(Gate::new(|_| Box::pin(std::future::pending())));
    let stopper = runner.stopper();
    let head = "head".parse().unwrap();
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        stopper.stop();
    };
    let patient = std::time::Duration::from_secs(20);
    let run = tokio::time::timeout(patient, runner.upgrade(&head));
    let (stopped, ()) = tokio::join!(run, stop);
    let stopped = stopped.unwrap().unwrap_err();
    assert!(matches!(stopped, Error::Stopped), "{stopped:?}");
}

#[tokio::test(flavor = "current_thread")]
async fn stopped_meanwhile_on_sqlite() {
    stopped_meanwhile(&aludel_testdb::sqlite().url()).await;
}

#[tokio::test(flavor = "current_thread")]
async fn stopped_meanwhile_on_postgres() {
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        stopped_meanwhile(&database.url()).await;
    }
}
