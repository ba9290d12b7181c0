//! Sequences, domains, extensions and schemas.

use super::support::{Live, some};
use aludel::prelude::*;
use aludel::schema::{Declared, Metadata, QualifiedName};

fn only(object: impl Into<Declared>) -> Metadata {
    Metadata::new().object(object)
}

fn s() -> Sequence {
    Sequence::new("s")
}

#[tokio::test]
async fn sequences() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let all = [
        s(),
        s().ty(Type::Integer),
        s().ty(Type::SmallInteger),
        s().start(10),
        s().increment(2),
        s().increment(-1),
        s().increment(-1).ty(Type::Integer),
        s().increment(-2).start(-5).max(-3).min(-9),
        s().min(0),
        s().min(5),
        s().max(100),
        s().min(5).max(100).start(7).cycle(),
        s().cache(20),
        s().cycle(),
        s().owned_by("visits", "id"),
        s().owned_by("visits", "Odd \"name"),
        s().owned_by(("Other one", "Odd.table"), "A b"),
        s().ty(Type::Integer).max(i64::from(i32::MAX) - 1),
    ];
    for (one, sequence) in all.iter().enumerate() {
        // What belongs to a table must be where that is.
        let in_other = |it: &Sequence| {
            let mut it = it.clone();
            if it
                .owned_by
                .as_ref()
                .is_some_and(|(table, _)| table.schema.is_some())
            {
                it.name = ("Other one", "s").into();
            }
            it
        };
        live.create(only(in_other(sequence))).await;
        for (other, changed) in some(&all, one) {
            let same = live.is_same(only(in_other(changed))).await;
            assert_eq!(same, one == other, "{sequence:?}\n{changed:?}");
        }
        live.execute("DROP SEQUENCE IF EXISTS s, \"Other one\".s")
            .await;
    }
}

#[tokio::test]
async fn what_is_so_by_itself_is_no_difference() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let long = || {
        Sequence::new(("public", "s"))
            .ty(Type::custom("INT8"))
            .start(1)
            .increment(1)
            .min(1)
            .max(i64::MAX)
            .cache(1)
    };
    live.create(only(s())).await;
    live.assert_same(only(long())).await;
    live.execute("DROP SEQUENCE s").await;
    live.create(only(long())).await;
    live.assert_same(only(s())).await;
    live.execute("DROP SEQUENCE s").await;
    let down = s().ty(Type::custom("int")).increment(-1);
    live.create(only(down.clone())).await;
    let long = down
        .min(i64::from(i32::MIN))
        .max(-1)
        .start(-1)
        .ty(Type::Integer);
    live.assert_same(only(long)).await;
    let (differences, _) = live
        .differences(only(s().ty(Type::Integer).increment(-1).cache(5)))
        .await;
    assert_eq!(differences, ["alter sequence s"; 2]);
}

/// What `serial` and identities have is theirs; a sequence of one's own is not, though a column uses it.
#[tokio::test]
async fn sequences_of_columns() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE TABLE a (id serial, big bigserial, small smallserial, n int GENERATED ALWAYS AS IDENTITY (START 5)); \
         CREATE TABLE b (id int DEFAULT nextval('b_id_seq')); CREATE TABLE c (id bigint)"
            .replace("CREATE TABLE b", "CREATE SEQUENCE b_id_seq AS int; CREATE TABLE b")
            .as_str(),
    )
    .await;
    live.execute("ALTER SEQUENCE b_id_seq OWNED BY b.id; CREATE TEMP SEQUENCE own")
        .await;
    live.create(only(s())).await;
    live.assert_same(only(s())).await;
    // One that the model declares is there all the same, whether it says to whom it belongs or not.
    let declared = |it: Sequence| only(s()).object(it);
    let of_b = || Sequence::new("b_id_seq").ty(Type::Integer);
    live.assert_same(declared(of_b())).await;
    live.assert_same(declared(of_b().owned_by("b", "id"))).await;
    assert!(!live.is_same(declared(of_b().owned_by("a", "id"))).await);
    // One that starts elsewhere is more than a column brings.
    live.execute("CREATE SEQUENCE tickets START 1000 OWNED BY c.id; ALTER TABLE c ALTER id SET DEFAULT nextval('tickets')")
        .await;
    let tickets = || Sequence::new("tickets").owned_by("c", "id");
    live.assert_same(declared(tickets().start(1000))).await;
    let (differences, _) = live.differences(declared(tickets().start(2000))).await;
    assert_eq!(differences, ["alter sequence tickets"; 2]);
    let (differences, _) = live.differences(only(s())).await;
    assert_eq!(differences[0], "drop sequence tickets");
}

fn d() -> Domain {
    Domain::new("d", Type::Varchar(20))
}

#[tokio::test]
async fn domains() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let check = |sql: &str, name: &str| Check::new(sql).named(name);
    let all = [
        d(),
        Domain::new("d", Type::Varchar(21)),
        Domain::new("d", Type::Text),
        Domain::new("d", Type::Text.array()),
        Domain::new("d", Type::enumeration("status", ["planned", "done"])),
        Domain::new("d", Type::custom("other.inner")),
        d().collation("C"),
        d().not_null(),
        d().server_default("'a'"),
        d().server_default("lower('A')"),
        d().check(check("VALUE LIKE '%@%'", "at")),
        d().check(check("VALUE LIKE '%@%'", "At \"x\"")),
        d().check(check("VALUE LIKE '%@'", "at")),
        d().check(Check::new("VALUE <> ''")),
        d().check(Check::new("VALUE <> ''"))
            .check(Check::new("VALUE <> 'x'")),
        d().check(check("VALUE <> ''", "b"))
            .check(check("VALUE IN ('a', 'b')", "a"))
            .not_null(),
    ];
    live.execute("CREATE DOMAIN other.inner AS int").await;
    let theirs = Domain::new(("other", "inner"), Type::Integer);
    let model = |it: &Domain| only(it.clone()).object(theirs.clone());
    for (one, domain) in all.iter().enumerate() {
        live.create(only(domain.clone())).await;
        for (other, changed) in some(&all, one) {
            let same = live.is_same(model(changed)).await;
            assert_eq!(same, one == other, "{domain:?}\n{changed:?}");
        }
        let kinds = only(domain.clone()).kinds();
        let schema = live.inspect(&kinds).await;
        live.execute("DROP DOMAIN d").await;
        live.create(only(schema.objects.domains[&"d".into()].clone()))
            .await;
        assert_eq!(live.inspect(&kinds).await.objects, schema.objects);
        live.execute("DROP DOMAIN d").await;
    }
}

#[tokio::test]
async fn one_domain_in_many_words() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let plain = Domain::new("d", Type::Decimal(5, 2))
        .server_default("1 + 1")
        .check(Check::new("VALUE BETWEEN 1 AND 100").named("ck"))
        .check(Check::new("VALUE <> 13"));
    live.create(only(plain)).await;
    let written = |limit: i32, default: &str| {
        Domain::new(("public", "d"), Type::custom("decimal(5,2)"))
            .server_default(default)
            .check(Check::new("value != 13"))
            .check(Check::new(format!("(Value >= 1) and value <= {limit} -- x")).named("ck"))
    };
    live.assert_same(only(written(100, "(1+1)"))).await;
    // Only what is another is changed.
    let kinds = only(written(1, "1")).kinds();
    let there = live.inspect(&kinds).await;
    let (differences, _) = live.differences(only(written(99, "1+1"))).await;
    assert_eq!(differences, ["alter domain d"; 2]);
    live.execute("ALTER DOMAIN d DROP CONSTRAINT ck; ALTER DOMAIN d ADD CONSTRAINT ck CHECK (VALUE BETWEEN 1 AND 99) NOT VALID")
        .await;
    assert_ne!(live.inspect(&kinds).await.objects, there.objects);
    assert!(!live.is_same(only(written(99, "1+1"))).await);
    live.execute("ALTER DOMAIN d VALIDATE CONSTRAINT ck; COMMENT ON DOMAIN d IS 'a'; COMMENT ON CONSTRAINT ck ON DOMAIN d IS 'b'")
        .await;
    live.assert_same(only(written(99, "1+1"))).await;
    assert_eq!(live.inspect(&kinds).await.objects.comments.len(), 2);
}

#[tokio::test]
async fn extensions() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE EXTENSION citext; CREATE EXTENSION hstore SCHEMA \"Other one\"")
        .await;
    let version = live
        .texts("SELECT extversion FROM pg_extension WHERE extname = 'citext'")
        .await
        .remove(0);
    let model = |citext: Extension| only(citext).object(Extension::new("hstore"));
    let citext = || Extension::new("citext");
    for same in [
        citext(),
        citext().version(&version),
        citext().schema("public"),
        citext().cascade(),
    ] {
        live.assert_same(model(same)).await;
    }
    let there = live.inspect(&model(citext()).kinds()).await.objects;
    assert_eq!(there.extensions.len(), 2);
    assert!(there.comments.is_empty(), "{:?}", there.comments);
    let (differences, _) = live.differences(model(citext().version("0.1"))).await;
    assert_eq!(differences[0], "update extension citext");
    let (differences, _) = live.differences(model(citext().schema("other"))).await;
    assert_eq!(differences[0], "move extension citext to schema other");
    let (differences, _) = live
        .differences(only(citext()).object(Extension::new("ltree")))
        .await;
    assert!(differences.contains(&"create extension ltree".to_string()));
    assert!(differences.contains(&"drop extension hstore".to_string()));
    // One that the database's own schema holds is seen by nobody, and is there for who asks for it.
    live.execute("CREATE EXTENSION adminpack").await;
    live.assert_same(model(citext())).await;
    live.assert_same(model(citext()).object(Extension::new("adminpack")))
        .await;
}

#[tokio::test]
async fn schemas() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let both = || {
        Metadata::new()
            .schema_named("other")
            .schema_named("Other one")
    };
    live.assert_same(both()).await;
    // The default schema is there, whether somebody says so or not.
    live.assert_same(both().schema_named("public")).await;
    let (differences, _) = live.differences(both().schema_named("more")).await;
    assert_eq!(differences[0], "create schema more");
    let (differences, _) = live
        .differences(Metadata::new().schema_named("other"))
        .await;
    assert_eq!(differences[0], "drop schema Other one");
    // It is not invented either where another is the default one.
    live.execute("SET search_path = other").await;
    live.assert_same(Metadata::new().schema_named("Other one"))
        .await;
    live.assert_same(both()).await;
    live.execute("RESET search_path; DROP SCHEMA public CASCADE")
        .await;
    let (differences, _) = live.differences(both().schema_named("public")).await;
    assert_eq!(differences[0], "create schema public");
}

/// What is in the default schema of the session is named without it, whichever that is.
#[tokio::test]
async fn another_default_schema() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("SET search_path = other, public").await;
    let model = |home: Option<&str>, away: Option<&str>| {
        let name = |schema: Option<&str>, name: &str| QualifiedName {
            schema: schema.map(Into::into),
            name: name.into(),
        };
        let touch = |name: QualifiedName| {
            let touch = Function::new(name, "").returns("trigger");
            touch.language("plpgsql").body("BEGIN RETURN NEW; END")
        };
        Metadata::new()
            .object(touch(name(home, "touch")))
            .object(touch(name(away, "touch")))
            .object(touch(("Other one", "Touch it").into()))
            .object(Sequence::new(name(home, "s")).owned_by(name(home, "visits"), "id"))
            .object(Domain::new(name(home, "d"), Type::Integer))
            .object(
                Function::new(name(home, "f"), "other.visits")
                    .returns("int")
                    .body("SELECT 1"),
            )
            .object(View::new(
                name(home, "v"),
                "SELECT \"Key\" FROM other.visits",
            ))
            .object(
                Trigger::new("t", name(home, "visits"))
                    .before()
                    .insert()
                    .execute("touch()"),
            )
            .object(Policy::new("p", name(home, "visits")).using("visits.id > 0"))
            .object(View::new(name(away, "v"), "SELECT id FROM public.visits"))
    };
    // The functions for triggers are there.
    let mut made = model(None, Some("public")).schema().unwrap();
    made.objects
        .functions
        .retain(|(name, _), _| *name.name == *"f");
    live.create_all(&made).await;
    for home in [None, Some("other")] {
        live.assert_same(model(home, Some("public"))).await;
    }
    // In another session's eyes it is the other way round, and the trigger calls the function that is found there.
    live.execute("SET search_path = public").await;
    let (differences, asked) = live.differences(model(Some("other"), None)).await;
    assert!(asked);
    assert_eq!(
        differences,
        [
            "drop trigger t on other.visits",
            "create trigger t on other.visits",
            "drop trigger t on other.visits",
            "create trigger t on other.visits",
        ]
    );
}
