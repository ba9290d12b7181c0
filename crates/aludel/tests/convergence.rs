//! Convergence: whatever a database is, and whatever the models say, the revision that autogenerate writes makes the one of the
//! other, keeps the rows that can be kept, and can be undone.
//!
//! Pairs of databases are made from a seed (`ALUDEL_SEED`), a few for each database, or `ALUDEL_PAIRS` of them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

#[path = "convergence/change.rs"]
mod change;
#[path = "convergence/edits.rs"]
mod edits;
#[path = "convergence/invent.rs"]
mod invent;
#[path = "convergence/kinds.rs"]
mod kinds;
#[path = "convergence/live.rs"]
mod live;
#[path = "convergence/make.rs"]
mod make;
#[path = "convergence/objects.rs"]
mod objects;
#[path = "convergence/options.rs"]
mod options;
#[path = "convergence/rng.rs"]
mod rng;
#[path = "convergence/rows.rs"]
mod rows;
#[path = "convergence/world.rs"]
mod world;

use aludel::diff::diff;
use aludel::schema::Schema;
use kinds::Db;
use live::{Count, Live, Pair};
use rng::Rng;
use std::any::Any;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

/// So many pairs on databases of this kind. Goes on after a pair that fails, and tells of the first few.
fn pairs(db: Db, usual: u64, fresh: impl Fn() -> Option<(String, Box<dyn Any>)>) {
    let first = number("ALUDEL_SEED").unwrap_or(1);
    let mut count = Count::default();
    let mut failed = Vec::new();
    for seed in first..first + number("ALUDEL_PAIRS").unwrap_or(usual) {
        let (Some((one, _one)), Some((other, _other))) = (fresh(), fresh()) else {
            return;
        };
        let mut rng = Rng::new(seed);
        let (a, b, edits) = edits::pair(db, &mut rng, &mut Rng::new(!seed));
        let pair = Pair {
            a: &a,
            b: &b,
            rows: *rng.pick(&[0, 1, 3, 4]),
            as_sql: rng.chance(30),
        };
        let done = block_on(async {
            let (mut live, mut fresh) = (Live::open(&one).await, Live::open(&other).await);
            pair.run(&mut live, &mut fresh, &mut rng, &mut count).await
        });
        if let Err(why) = done {
            let shown = |it: &world::World| {
                let operations = diff(&Schema::default(), &it.metadata().schema().unwrap());
                let lines: Vec<String> = operations.iter().map(|it| it.rust()).collect();
                lines.join("\n")
            };
            let form = if pair.as_sql {
                "as SQL"
            } else {
                "as operations"
            };
            let rows = pair.rows;
            println!(
                "\n=== {db:?}, seed {seed} ({edits:?}, {rows} rows, {form})\n{why}\n  A:\n{}\n  B:\n{}",
                shown(&a),
                shown(&b)
            );
            failed.push(seed);
            if failed.len() >= usize::try_from(number("ALUDEL_FAILURES").unwrap_or(1)).unwrap() {
                break;
            }
        }
    }
    println!("{db:?}: {count:?}");
    assert!(
        failed.is_empty(),
        "{db:?}: seeds {failed:?} failed, see above"
    );
}

#[test]
fn pairs_on_sqlite() {
    pairs(Db::Sqlite, 60, || {
        let file = aludel_testdb::sqlite();
        Some((file.url(), Box::new(file)))
    });
}

#[test]
fn pairs_on_postgres() {
    pairs(Db::Postgres, 30, || {
        let database = aludel_testdb::postgres_or_skip()?;
        Some((database.url(), Box::new(database)))
    });
}

#[test]
fn pairs_on_mariadb() {
    pairs(Db::Mariadb, 30, || {
        let database = aludel_testdb::mariadb_or_skip()?;
        Some((database.url(), Box::new(database)))
    });
}
