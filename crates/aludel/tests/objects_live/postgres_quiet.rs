//! Nobody notices that the database was asked: nothing is left behind, nobody waits, and little is needed.

use super::support::{Live, TRACES, connect};
use aludel::dialect::{Dialect as _, Scope};
use aludel::prelude::*;
use aludel::schema::{Metadata, Schema};
use std::cell::Cell;
use tracing_subscriber::layer::SubscriberExt as _;

/// Something of each kind that is asked about, in words that are not the database's.
fn model() -> Metadata {
    Metadata::new()
        .schema_named("other")
        .schema_named("Other one")
        .object(Sequence::new("s").start(1))
        .object(
            Domain::new("d", Type::custom("varchar(9)"))
                .check(Check::new("VALUE IN ('a', 'b')").named("ck")),
        )
        .object(
            Function::new("add", "a int, b int")
                .returns("int")
                .body("SELECT a + b"),
        )
        .object(touch("touch".into()))
        .object(touch(("other", "touch").into()))
        .object(touch(("Other one", "Touch it").into()))
        .view("v", "select id from visits where name in ('a', 'b')")
        .materialized_view("m", "SELECT count(*) AS n FROM v")
        .object(
            Trigger::new("t", "visits")
                .before()
                .update()
                .when("new.cost BETWEEN 1 AND 3")
                .execute("public.touch(a)"),
        )
        .object(Policy::new("p", "visits").using("name IN ('a', 'b')"))
        .row_security("visits", false)
}

fn touch(name: aludel::schema::QualifiedName) -> Function {
    let touch = Function::new(name, "")
        .returns("trigger")
        .language("plpgsql");
    touch.body("BEGIN RETURN NEW; END")
}

async fn start() -> Option<Live> {
    let mut live = Live::start().await?;
    let mut made = model().schema().unwrap();
    // These are there already.
    made.objects.schemas.clear();
    made.objects
        .functions
        .retain(|(name, _), _| *name.name == *"add");
    live.create_all(&made).await;
    Some(live)
}

/// A model that the database refuses in part, so that it is asked again, one by one.
fn refused() -> Metadata {
    Metadata::new()
        .view("v", "SELECT missing FROM visits")
        .object(
            Function::new("add", "a int, b int")
                .returns("missing")
                .body(""),
        )
        .object(Policy::new("p", "visits").using("missing > 0"))
}

#[tokio::test]
async fn nothing_is_left_behind() {
    let Some(mut live) = start().await else {
        return;
    };
    let before = live.texts(TRACES).await;
    live.assert_same(model()).await;
    assert_eq!(live.texts(TRACES).await, before);
    assert!(!live.is_same(refused()).await);
    assert_eq!(live.texts(TRACES).await, before);
    // No transaction is open: each statement has its own time.
    let one = live.texts("SELECT now()::text").await;
    assert_ne!(live.texts("SELECT now()::text").await, one);
}

#[tokio::test]
async fn an_open_transaction_goes_on() {
    let Some(mut live) = start().await else {
        return;
    };
    live.execute("BEGIN; CREATE TABLE kept (a int)").await;
    let before = live.texts(TRACES).await;
    live.assert_same(model()).await;
    assert!(!live.is_same(refused()).await);
    live.assert_same(model()).await;
    assert_eq!(live.texts(TRACES).await, before);
    let one = live.texts("SELECT now()::text").await;
    assert_eq!(
        live.texts("SELECT now()::text").await,
        one,
        "the transaction is still open"
    );
    live.execute("COMMIT").await;
    assert_eq!(live.texts("SELECT count(*)::text FROM kept").await, ["0"]);
}

/// Whoever reads and writes the tables meanwhile does not wait, and no lock is taken that a reader would not take.
#[tokio::test]
async fn readers_and_writers_do_not_wait() {
    let Some(mut live) = start().await else {
        return;
    };
    let mut other = connect(&live.db.url()).await;
    let writing = "BEGIN; INSERT INTO visits (id) VALUES (1); SELECT * FROM v; LOCK TABLE visits IN ROW EXCLUSIVE MODE";
    other.execute(writing).await.unwrap();
    live.execute("SET lock_timeout = '2s'").await;
    live.assert_same(model()).await;
    assert!(!live.is_same(refused()).await);
    other.execute("ROLLBACK").await.unwrap();
    // What the transaction holds after it was asked is all that was locked for it.
    live.execute("BEGIN").await;
    live.assert_same(model()).await;
    assert!(!live.is_same(refused()).await);
    let locks = "SELECT DISTINCT l.relation::regclass::text || ' ' || l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
        WHERE l.pid = pg_backend_pid() AND c.relnamespace::regnamespace::text !~ '^pg_' AND l.mode <> 'AccessShareLock'";
    assert_eq!(live.texts(locks).await, [] as [&str; 0]);
    live.execute("ROLLBACK").await;
}

/// A lock that keeps readers away is waited for no longer than the session says, and what could not be read is compared as text.
#[tokio::test]
async fn a_table_that_nobody_can_read() {
    let Some(mut live) = start().await else {
        return;
    };
    let mut other = connect(&live.db.url()).await;
    let schema = live.inspect(&model().kinds()).await;
    other
        .execute("BEGIN; LOCK TABLE visits IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    live.execute("SET lock_timeout = '100ms'").await;
    let mut declared = Metadata::new()
        .view(
            "v",
            "SELECT id FROM visits WHERE name = ANY (ARRAY['a', 'b'])",
        )
        .view("m", "SELECT 1")
        .schema()
        .unwrap();
    let dialect = live.dialect.clone();
    let asked = dialect.canonicalize_objects(&mut live.connection, &mut declared, &schema);
    assert!(!asked.await.unwrap());
    let v = "v".into();
    assert_eq!(declared.objects.views[&v], schema.objects.views[&v]);
    other.execute("ROLLBACK").await.unwrap();
}

/// In words that text alone knows to be the same.
fn plain() -> Metadata {
    Metadata::new()
        .object(
            Domain::new("d", Type::custom("varchar(9)"))
                .check(Check::new("VALUE IN ('a', 'b')").named("ck")),
        )
        .object(
            Function::new("add", "a int, b int")
                .returns("int")
                .body("SELECT a + b"),
        )
        .object(touch("touch".into()))
        .object(touch(("other", "touch").into()))
        .object(touch(("Other one", "Touch it").into()))
        .view("v", "SELECT id FROM visits WHERE name IN ('a', 'b')")
        .materialized_view("m", "SELECT count(*) AS n FROM v")
        .object(
            Trigger::new("t", "visits")
                .before()
                .update()
                .when("new.cost BETWEEN 1 AND 3")
                .execute("public.touch(a)"),
        )
        .object(Policy::new("p", "visits").using("name IN ('a', 'b')"))
        .row_security("visits", false)
}

/// Each of these is another.
fn others() -> Vec<Metadata> {
    vec![
        Metadata::new().object(Domain::new("d", Type::Varchar(8))),
        Metadata::new().object(
            Function::new("add", "a int, b int")
                .returns("int")
                .body("SELECT 1"),
        ),
        Metadata::new()
            .view("v", "SELECT id FROM visits WHERE name IN ('a', 'c')")
            .materialized_view("m", "SELECT count(*) AS n FROM v"),
        Metadata::new().object(
            Trigger::new("t", "visits")
                .before()
                .update()
                .when("new.cost > 1")
                .execute("touch('a')"),
        ),
        Metadata::new().object(Policy::new("p", "visits").using("name IN ('a')")),
    ]
}

async fn as_text(live: &mut Live) {
    let (differences, asked) = live.differences(plain()).await;
    assert_eq!((differences, asked), (vec![], false));
    for other in others() {
        let (differences, asked) = live.differences(other).await;
        assert!(!asked && differences.len() >= 2, "{differences:?}");
    }
}

#[tokio::test]
async fn a_role_that_may_only_read() {
    let Some(mut live) = start().await else {
        return;
    };
    let role = format!("reader_{}", live.db.name());
    live.execute(&format!(
        "CREATE ROLE \"{role}\" LOGIN; REVOKE TEMPORARY ON DATABASE \"{}\" FROM PUBLIC; \
         REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        live.db.name()
    ))
    .await;
    let reader = connect(&live.db.url_as(&role, None)).await;
    let admin = std::mem::replace(&mut live.connection, reader);
    as_text(&mut live).await;
    // With temporary objects it may ask: no right to the tables is needed, which it has not.
    let reader = std::mem::replace(&mut live.connection, admin);
    live.execute(&format!(
        "GRANT TEMPORARY ON DATABASE \"{}\" TO \"{role}\"",
        live.db.name()
    ))
    .await;
    let admin = std::mem::replace(&mut live.connection, reader);
    assert!(live.connection.fetch("SELECT * FROM visits").await.is_err());
    live.assert_same(plain()).await;
    for other in others() {
        assert!(!live.is_same(other).await);
    }
    live.connection = admin;
    live.execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""))
        .await;
}

#[tokio::test]
async fn a_transaction_that_only_reads() {
    let Some(mut live) = start().await else {
        return;
    };
    live.execute("BEGIN READ ONLY").await;
    as_text(&mut live).await;
    live.execute("ROLLBACK; SET default_transaction_read_only = on")
        .await;
    // Where no transaction is open, one that writes is opened, and undone.
    live.assert_same(model()).await;
}

#[tokio::test]
async fn a_broken_transaction_is_an_error() {
    let Some(mut live) = start().await else {
        return;
    };
    let schema = live.inspect(&model().kinds()).await;
    live.execute("BEGIN").await;
    assert!(live.connection.execute("SELECT 1 / 0").await.is_err());
    let mut declared = model().schema().unwrap();
    let dialect = live.dialect.clone();
    let asked = dialect.canonicalize_objects(&mut live.connection, &mut declared, &schema);
    assert!(asked.await.is_err());
}

/// Temporary objects of the session do not stand in for those of the schemas.
#[tokio::test]
async fn temporary_objects_are_not_in_the_way() {
    let Some(mut live) = start().await else {
        return;
    };
    live.execute(
        "CREATE TEMP TABLE patients (x int); CREATE TEMP VIEW w AS SELECT 1 AS one; CREATE TEMP SEQUENCE q; \
         CREATE FUNCTION pg_temp.add(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN pg_temp.d AS int; \
         CREATE TEMP VIEW aludel_canon_00000 AS SELECT 2 AS two",
    )
    .await;
    // The one that has a probe's name keeps the database from being asked about that, and is still there after it.
    let (_, asked) = live.differences(model()).await;
    assert!(!asked || live.texts("SELECT two::text FROM aludel_canon_00000").await == ["2"]);
    live.execute("DROP VIEW aludel_canon_00000").await;
    live.assert_same(model()).await;
}

thread_local! {
    /// How many queries were sent by this thread.
    static SENT: Cell<usize> = const { Cell::new(0) };
}

struct Count;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Count {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            SENT.set(SENT.get() + 1);
        }
    }
}

/// The number of queries does not depend on the number of objects.
#[tokio::test(flavor = "current_thread")]
async fn the_number_of_queries_is_constant() {
    // For all threads: whether anybody listens is decided once for each place that speaks.
    let subscriber = tracing_subscriber::registry().with(Count);
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let Some(mut live) = Live::start().await else {
        return;
    };
    let many = |number: usize, word: &str| {
        let mut model = Metadata::new();
        for n in 0..number {
            let name = |kind: &str| format!("{kind}{n}");
            model = model
                .object(Sequence::new(name("s")).cache(5))
                .object(
                    Domain::new(name("d"), Type::Text)
                        .check(Check::new("VALUE IN ('a', 'b')").named("ck")),
                )
                .object(
                    Function::new(name("f"), "a int")
                        .returns("int")
                        .body("SELECT a"),
                )
                .object(View::new(
                    name("v"),
                    format!("SELECT id FROM visits WHERE name IN ('a', '{word}')"),
                ))
                .object(
                    Trigger::new(name("t"), "visits")
                        .before()
                        .update()
                        .when("new.cost > 5")
                        .execute("touch(a)"),
                )
                .object(Policy::new(name("p"), "visits").using("name IN ('a', 'b')"));
        }
        model
    };
    let mut asked = Vec::new();
    for number in [1, 40] {
        let mut missing = many(number, "a").schema().unwrap();
        let there = live.inspect(&many(1, "a").kinds()).await;
        let objects = &mut missing.objects;
        objects
            .sequences
            .retain(|it, _| !there.objects.sequences.contains_key(it));
        objects
            .domains
            .retain(|it, _| !there.objects.domains.contains_key(it));
        objects.functions.retain(|it, _| {
            !there
                .objects
                .functions
                .keys()
                .any(|(name, _)| *name == it.0)
        });
        objects
            .views
            .retain(|it, _| !there.objects.views.contains_key(it));
        objects
            .triggers
            .retain(|it, _| !there.objects.triggers.contains_key(it));
        objects
            .policies
            .retain(|it, _| !there.objects.policies.contains_key(it));
        live.create_all(&missing).await;
        // Once all at once, and once one by one, since the last view is refused.
        for word in ["a", "' || missing || '"] {
            let model = many(number, word);
            let before = SENT.get();
            let (scope, kinds) = (Scope::Schemas(Vec::new()), model.kinds());
            let dialect = live.dialect.clone();
            let mut there = Schema::default();
            dialect
                .inspect_objects(&mut live.connection, &scope, &kinds, &mut there)
                .await
                .unwrap();
            let looked = SENT.get();
            let mut declared = model.schema().unwrap();
            assert!(
                dialect
                    .canonicalize_objects(&mut live.connection, &mut declared, &there)
                    .await
                    .unwrap()
            );
            assert_eq!(there.objects.views.len(), number);
            let done = SENT.get();
            asked.push((looked - before, done - looked));
        }
    }
    assert_eq!(asked[..2], asked[2..]);
    // One query for each kind; then what the session is, the functions of triggers, and an attempt with its three queries.
    assert_eq!(asked[0].0, 6);
    assert!(asked[0].1 <= 12, "{asked:?}");
    assert!(asked[1].1 <= 18, "{asked:?}");
}
