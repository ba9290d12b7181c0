//! From models to a database and back to no difference, on real databases: what autogenerate finds, runs; what it ran, it
//! finds no more; and its downgrade undoes it exactly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres"))]

use aludel::Error;
use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Draft, Options};
use aludel::run::{self, Runner};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
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

async fn runner(url: &str, files: &'static [Embedded]) -> Runner {
    let history = History::embedded(&Migrations::new("versions", files)).unwrap();
    let url = DbUrl::parse(url).unwrap();
    Runner::connect(&url, Access::Write, history, run::Options::default())
        .await
        .unwrap()
}

async fn draft(url: &str, files: &'static [Embedded], models: &Metadata) -> Draft {
    let mut runner = runner(url, files).await;
    runner
        .autogenerate(models, &Options::default())
        .await
        .unwrap()
}

/// Takes a database to `a`, to `b`, and back; answers what differs where nothing should.
async fn there_and_back(url: &str, a: &Metadata, b: &Metadata) -> Result<(), String> {
    let agree = async |files: &'static [Embedded], models: &Metadata, when: &str| {
        let left = draft(url, files, models).await;
        match left.is_empty() {
            true => Ok(()),
            false => Err(format!("{when}: {:?}", left.detected())),
        }
    };
    let first = draft(url, NONE, a).await;
    UP.set(first.up);
    let text = |error: aludel::Error| match error {
        Error::Revision(it) => format!("{:?}: {:?} {}", it.operation, it.statement, it.source),
        other => other.to_string(),
    };
    let head = "head".parse().unwrap();
    runner(url, ONE).await.upgrade(&head).await.map_err(text)?;
    agree(ONE, a, "after creating a").await?;
    let second = draft(url, ONE, b).await;
    let said = second.detected().to_vec();
    UP.set(second.up);
    runner(url, TWO).await.upgrade(&head).await.map_err(text)?;
    agree(TWO, b, &format!("after {said:?}")).await?;
    DOWN.set(second.down);
    let back = "-1".parse().unwrap();
    runner(url, TWO)
        .await
        .downgrade(&back)
        .await
        .map_err(text)?;
    agree(ONE, a, &format!("after undoing {said:?}")).await
}

fn clinic() -> Metadata {
    let status = Type::enumeration("visit_status", ["planned", "it's \"done\"", "a, b"]);
    Metadata::new()
        .table(
            Table::new("patients")
                .column(Column::new("id", Type::Integer).identity().primary_key())
                .column(Column::new("patient_id", Type::String).unique().index())
                .column(Column::new("email", Type::String).unique())
                .column(
                    Column::new("phone", Type::Varchar(32))
                        .not_null()
                        .server_default("'none'"),
                )
                .column(Column::new("born", Type::Date).server_default("CURRENT_DATE"))
                .column(Column::new("seen", Type::TimestampTz).server_default("CURRENT_TIMESTAMP"))
                .column(
                    Column::new("weight", Type::Decimal(5, 2)).check("weight > 0 AND weight < 500"),
                )
                .column(Column::new("data", Type::Json))
                .column(Column::new("photo", Type::Binary))
                .column(
                    Column::new("active", Type::Boolean)
                        .not_null()
                        .server_default("true"),
                )
                .index(Index::on([IndexPart::expr("lower(email)")]).unique())
                .index(Index::on(["phone"]).predicate("active"))
                .index(Index::on([
                    IndexPart::column("born").desc(),
                    IndexPart::column("phone"),
                ])),
        )
        .table(
            Table::new("visits")
                .column(Column::new("id", Type::BigInteger).identity().primary_key())
                .column(
                    Column::new("patient_id", Type::String)
                        .references("patients", "patient_id")
                        .on_delete(Action::Cascade)
                        .on_update(Action::Restrict)
                        .deferrable(Deferrable::Deferred),
                )
                .column(
                    Column::new("status", status.clone())
                        .not_null()
                        .server_default("'planned'"),
                )
                .column(Column::new("before", status))
                .column(Column::new("minutes", Type::SmallInteger).not_null())
                .column(Column::new("hours", Type::Double).generated_stored("minutes / 60"))
                .column(Column::new("follows", Type::BigInteger).references("visits", "id"))
                .check(Check::new("minutes BETWEEN 0 AND 600").named("ck_visits_sane"))
                .unique(["patient_id", "minutes"]),
        )
}

fn changed_clinic() -> Metadata {
    let status = Type::enumeration("visit_status", ["a, b", "planned", "new"]);
    Metadata::new()
        .table(
            Table::new("patients")
                .column(Column::new("id", Type::Integer).identity().primary_key())
                .column(Column::new("patient_id", Type::String).unique().index())
                .column(Column::new("email", Type::Varchar(200)))
                .column(Column::new("phone", Type::Varchar(64)).server_default("'nobody''s'"))
                .column(Column::new("born", Type::Date).not_null())
                .column(Column::new("seen", Type::TimestampTz))
                .column(Column::new("weight", Type::Decimal(6, 2)).check("weight > 1"))
                .column(
                    Column::new("active", Type::Boolean)
                        .not_null()
                        .server_default("false"),
                )
                .index(Index::on([IndexPart::expr("upper(email)")]))
                .index(Index::on(["phone"]).predicate("NOT active")),
        )
        .table(
            Table::new("visits")
                .column(Column::new("id", Type::BigInteger).identity().primary_key())
                .column(
                    Column::new("patient_id", Type::String).references("patients", "patient_id"),
                )
                .column(Column::new("status", status).server_default("'new'"))
                .column(Column::new("minutes", Type::Integer).not_null().index())
                .column(Column::new("hours", Type::Double).generated_stored("minutes / 30"))
                .check(Check::new("minutes >= 0").named("ck_visits_sane")),
        )
        .table(
            Table::new("a_first")
                .column(Column::new("visit", Type::BigInteger).references("visits", "id"))
                .column(Column::new("code", Type::String).primary_key()),
        )
}

macro_rules! on_each_database {
    ($($name:ident => $scenario:expr;)+) => {$(
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                let file = aludel_testdb::sqlite();
                $scenario(&|| file.url());
            }

            #[test]
            fn postgres() {
                let url = || aludel_testdb::postgres_or_skip().map(|it| (it.url(), it));
                if let Some((first, _kept)) = url() {
                    $scenario(&|| first.clone());
                }
            }
        }
    )+};
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

on_each_database! {
    a_clinic_there_and_back => |url: &dyn Fn() -> String| {
        block_on(there_and_back(&url(), &clinic(), &changed_clinic())).unwrap();
    };
    the_refusals => |url: &dyn Fn() -> String| {
        block_on(async {
            let url = url();
            let options = Options::default();
            let none = Metadata::new();
            let error = runner(&url, NONE).await.autogenerate(&none, &options).await;
            assert!(matches!(error, Err(Error::NoModels)));
            let error = runner(&url, ONE).await.autogenerate(&clinic(), &options).await;
            assert!(matches!(error, Err(Error::NotUpToDate { .. })));
            let lost = Metadata::new().table(
                Table::new("t").column(Column::new("x", Type::Integer).references("nowhere", "id")),
            );
            let error = runner(&url, NONE).await.autogenerate(&lost, &options).await;
            let message = error.unwrap_err().to_string();
            assert_eq!(message, "`t` has a foreign key to `nowhere`, which is not among the models");
        });
    };
    a_comment_in_an_expression_swallows_nothing => |url: &dyn Fn() -> String| {
        let models = Metadata::new().table(
            Table::new("t")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("a", Type::Integer).not_null().server_default("1 -- one"))
                .column(Column::new("b", Type::Integer).generated_stored("a * 2 -- twice"))
                .check(Check::new("a > 0 -- always"))
                .index(Index::on([IndexPart::expr("abs(a) -- its size")]).unique()),
        );
        let none = Metadata::new().table(
            Table::new("other").column(Column::new("id", Type::Integer).primary_key()),
        );
        block_on(there_and_back(&url(), &none, &models)).unwrap();
    };
    what_is_told => |url: &dyn Fn() -> String| {
        block_on(async {
            let url = url();
            let sql = "CREATE TABLE left_over (id INTEGER PRIMARY KEY); CREATE TABLE spared (id INTEGER)";
            runner(&url, NONE).await.connection().execute(sql).await.unwrap();
            let options = Options { exclude_tables: vec!["spared".parse().unwrap()], ..Options::default() };
            let models = Metadata::new().table(
                Table::new("patients").column(Column::new("id", Type::Integer).primary_key()),
            );
            let draft = runner(&url, NONE).await.autogenerate(&models, &options).await.unwrap();
            assert_eq!(draft.detected(), ["added table 'patients'", "removed table 'left_over'"]);
            assert_eq!((draft.compared.models, draft.compared.tables), (1, 1));
            assert_eq!(draft.compared.only_models, ["patients".into()]);
            assert_eq!(draft.compared.only_database, ["left_over".into()]);
        });
    };
}

#[derive(Debug, Clone)]
struct Shape {
    columns: Vec<(Kind, bool, bool, bool)>,
    target: Option<bool>,
    check: bool,
    index: u8,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Integer,
    Big,
    Text,
    Varchar,
    Stamp,
    Mood,
}

fn any_shape() -> BoxedStrategy<Option<Shape>> {
    let kind = prop_oneof![
        Just(Kind::Integer),
        Just(Kind::Big),
        Just(Kind::Text),
        Just(Kind::Varchar),
        Just(Kind::Stamp),
        Just(Kind::Mood),
    ];
    let column = (kind, any::<bool>(), any::<bool>(), any::<bool>());
    let shape = (
        proptest::collection::vec(column, 0..4),
        proptest::option::of(any::<bool>()),
        any::<bool>(),
        0u8..4,
    );
    proptest::option::weighted(
        0.8,
        shape.prop_map(|(columns, target, check, index)| Shape {
            columns,
            target,
            check,
            index,
        }),
    )
    .boxed()
}

/// The models of three shapes. A column that changes its kind gets another name, since not every value has a cast.
fn models(shapes: &[Option<Shape>; 3], more_moods: bool) -> Metadata {
    let moods: &[&str] = if more_moods {
        &["sad", "so so", "glad"]
    } else {
        &["sad", "glad"]
    };
    let mut metadata = Metadata::new().table(
        Table::new("anchor").column(Column::new("id", Type::Integer).identity().primary_key()),
    );
    for (number, shape) in shapes.iter().enumerate() {
        let Some(shape) = shape else { continue };
        let mut table = Table::new(format!("t{number}"))
            .column(Column::new("id", Type::Integer).identity().primary_key());
        for (at, (kind, nullable, default, unique)) in shape.columns.iter().enumerate() {
            let (ty, value) = match kind {
                Kind::Integer => (Type::Integer, "-1"),
                Kind::Big => (Type::BigInteger, "7"),
                Kind::Text => (Type::Text, "'it''s'"),
                Kind::Varchar => (Type::Varchar(9), "'x'"),
                Kind::Stamp => (Type::Timestamp, "CURRENT_TIMESTAMP"),
                Kind::Mood => (Type::enumeration("mood", moods.iter().copied()), "'sad'"),
            };
            let mut column = Column::new(format!("c{at}_{kind:?}"), ty);
            column.nullable = *nullable;
            if *default {
                column = column.server_default(value);
            }
            if *unique {
                column = column.unique();
            }
            table = table.column(column);
        }
        if let Some(own) = shape.target {
            let to = if own {
                format!("t{number}")
            } else {
                "anchor".into()
            };
            table = table.column(Column::new("ref", Type::Integer).references(to, "id"));
        }
        if shape.check {
            table = table.check(Check::new("id <> 13 OR id IS NULL"));
        }
        if shape.index > 0 {
            let part = IndexPart::column("id");
            table = table.index(match shape.index {
                1 => Index::on([part.desc()]),
                2 => Index::on([part]).predicate("id > 5"),
                _ => Index::on([IndexPart::expr("abs(id)")]).unique(),
            });
        }
        metadata = metadata.table(table);
    }
    metadata
}

fn random_pairs(cases: u32, fresh: impl Fn() -> Option<(String, Box<dyn std::any::Any>)>) {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    let shapes = || [any_shape(), any_shape(), any_shape()];
    let strategy = (shapes(), any::<bool>(), shapes(), any::<bool>());
    TestRunner::new(config)
        .run(&strategy, |(a, more_a, b, more_b)| {
            let Some((url, _kept)) = fresh() else {
                return Ok(());
            };
            let (a, b) = (models(&a, more_a), models(&b, more_b));
            block_on(there_and_back(&url, &a, &b)).map_err(TestCaseError::fail)
        })
        .unwrap();
}

#[test]
fn random_pairs_on_sqlite() {
    random_pairs(60, || {
        let file = aludel_testdb::sqlite();
        Some((file.url(), Box::new(file)))
    });
}

#[test]
fn random_pairs_on_postgres() {
    random_pairs(40, || {
        let database = aludel_testdb::postgres_or_skip()?;
        Some((database.url(), Box::new(database)))
    });
}
