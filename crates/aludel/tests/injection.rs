//! Names that try to be more than names: through every kind of name they are quoted, or refused, on real databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres"))]

use aludel::Error;
use aludel::db::{Access, DbUrl, Kind};
use aludel::dialect::Scope;
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::revision::RevisionId;
use aludel::run::{Options, Runner};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::RefCell;

thread_local! {
    /// The name that the revision below uses for everything, since a revision is a plain function.
    static NAME: RefCell<String> = const { RefCell::new(String::new()) };
}

fn name() -> String {
    NAME.with_borrow(Clone::clone)
}

/// Puts the name into every place that takes one.
fn upgrade(op: &mut Operations) {
    let name = name();
    let database = op.database();
    let dialect = aludel::dialect::by_kind(database).unwrap();
    let quoted = dialect.quote(&name).unwrap_or_default();
    let mood = Enum::new(format!("e{name}"), [name.clone(), format!("{name}2")]);
    op.create_table(
        Table::new("canary")
            .column(Column::new("id", Type::Integer).primary_key())
            .comment(name.clone()),
    );
    op.bulk_insert("canary", ["id"], [[1]]);
    op.create_enum(mood.clone());
    op.create_table(
        Table::new(name.clone())
            .column(Column::new("id", Type::Integer))
            .column(
                Column::new(name.clone(), Type::Integer)
                    .not_null()
                    .comment(name.clone()),
            )
            .column(Column::new("text", Type::String))
            .constraint(PrimaryKey::new(["id"]).named(format!("p{name}")))
            .constraint(Unique::new([name.clone()]).named(format!("u{name}")))
            .constraint(Check::new(format!("{quoted} > 0")).named(format!("c{name}")))
            .index(Index::new(format!("i{name}"), [name.clone()])),
    );
    op.bulk_insert(name.clone(), ["id", &name, "text"], [(1, 7, name.clone())]);
    op.add_column(name.clone(), Column::new("mood", Type::Enum(mood.clone())));
    op.execute(format!("UPDATE {quoted} SET text = text"));
    op.create_foreign_key(format!("f{name}"), name.clone(), "canary", ["id"], ["id"])
        .on_delete(Action::Cascade);
    op.alter_enum(mood, [name.clone(), format!("{name}3"), format!("{name}2")]);
    op.alter_column(name.clone(), "text")
        .set_comment(name.clone())
        .rename(format!("r{name}"));
    op.create_unique_constraint(format!("v{name}"), name.clone(), [format!("r{name}")]);
    op.drop_constraint(format!("v{name}"), name.clone());
    op.rename_table("canary", format!("t{name}"));
    op.rename_table(format!("t{name}"), "canary");
    let function = dialect.quote(&format!("g{name}")).unwrap_or_default();
    if database == Kind::Postgres {
        let literal = dialect.string(&name).unwrap_or_default();
        op.create_function(
            Function::new(format!("g{name}"), "")
                .returns("trigger")
                .language("plpgsql")
                .body(format!("BEGIN PERFORM {literal}; RETURN NEW; END")),
        );
    }
    op.create_view(
        View::new(format!("w{name}"), format!("SELECT {quoted} FROM {quoted}")).columns([&name]),
    );
    let trigger = Trigger::new(format!("g{name}"), name.clone()).after();
    if database == Kind::MariaDb {
        op.create_trigger(trigger.update().body("SET @nothing = 1"));
    } else {
        op.create_trigger(
            trigger
                .update_of([name.clone()])
                .execute(format!("{function}()"))
                .body("SELECT 1"),
        );
        let trigger = Object::trigger(format!("g{name}"), name.clone());
        op.comment_on(trigger, Some(&name));
    }
    op.execute(format!("UPDATE {quoted} SET {quoted} = {quoted}"));
    if database == Kind::Postgres && !quoted.is_empty() {
        op.create_sequence(format!("q{name}"));
        op.create_domain(
            Domain::new(format!("d{name}"), Type::Text)
                .check(Check::new("VALUE > ''").named(name.clone())),
        );
        op.create_policy(Policy::new(name.clone(), name.clone()));
        op.create_schema(format!("s{name}"));
        op.create_table(
            Table::new((format!("s{name}"), name.clone()))
                .column(Column::new("id", Type::Integer).primary_key())
                .index(Index::new("ix", ["id"])),
        );
        op.drop_index("ix", (format!("s{name}"), name));
    }
}

fn downgrade(op: &mut Operations) {
    let name = name();
    if op.database() == Kind::Postgres {
        op.drop_table((format!("s{name}"), name.clone()));
        op.drop_schema(format!("s{name}"));
        op.drop_policy(name.clone(), name.clone());
        op.drop_domain(format!("d{name}"));
        op.drop_sequence(format!("q{name}"));
    }
    op.drop_trigger(format!("g{name}"), name.clone());
    op.drop_view(format!("w{name}"));
    if op.database() == Kind::Postgres {
        op.drop_function(format!("g{name}"), "");
    }
    op.drop_constraint(format!("f{name}"), name.clone());
    op.drop_index(format!("i{name}"), name.clone());
    op.drop_column(name.clone(), "mood");
    op.drop_enum(format!("e{name}"));
    op.drop_table(name);
    op.drop_table("canary");
}

static FILES: &[Embedded] = &[Embedded {
    name: "1.rs",
    text: "//! Names\n//!\n//! Revision ID: aaaa\n",
    up: Some(upgrade),
    down: Some(downgrade),
}];

fn any_name() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        Just("\""),
        Just("'"),
        Just(";"),
        Just("--"),
        Just("/*"),
        Just("*/"),
        Just("$$"),
        Just("$a$"),
        Just("\\"),
        Just("`"),
        Just("["),
        Just("]"),
        Just(")"),
        Just("("),
        Just("%s"),
        Just("?"),
        Just("$1"),
        Just("\n"),
        Just("\t"),
        Just(" "),
        Just("."),
        Just("é"),
        Just("表"),
        Just("A"),
        Just("select"),
        Just("x"),
        Just("\0"),
        Just("DROP TABLE canary"),
        Just("\"; DROP TABLE canary; --"),
        Just("'; DROP TABLE canary; --"),
        Just("') OR 1=1 --"),
        Just("E'"),
        Just("\u{202e}"),
    ];
    proptest::collection::vec(fragment, 1..7).prop_map(|it| it.concat())
}

/// What the database must look like when it has taken the name.
async fn is_quoted(runner: &mut Runner, name: &str) {
    let dialect = aludel::dialect::by_kind(runner.dialect().kind()).unwrap();
    let schema = dialect
        .inspect(runner.connection(), &Scope::Schemas(Vec::new()))
        .await
        .unwrap();
    let table = schema.table(name).unwrap();
    assert!(table.has_column(name));
    assert!(table.has_column(&format!("r{name}")));
    assert!(table.has_index(&format!("i{name}")));
    // MySQL gives every primary key one name.
    let kinds = ["p", "u", "c", "f"];
    for kind in kinds
        .iter()
        .skip(usize::from(runner.dialect().kind() == Kind::MariaDb))
    {
        assert!(table.has_constraint(&format!("{kind}{name}")), "{kind}");
    }
    let mood = table.find_column("mood").unwrap().ty.written.clone();
    let values = [name.to_string(), format!("{name}3"), format!("{name}2")];
    match mood.as_enum() {
        Some(mood) => assert_eq!(mood.values, values),
        // There the type is its list of values.
        None => {
            let values = values.map(|it| dialect.string(&it).unwrap());
            let listed = format!("enum({})", values.join(",").replace('\n', "\\n"));
            assert_eq!(format!("{mood:?}"), format!("Custom({listed:?})"));
        }
    }
    if dialect.features().comments {
        assert_eq!(
            schema.table("canary").unwrap().comment.as_deref(),
            Some(name)
        );
        let column = table.find_column(name).unwrap();
        assert_eq!(column.comment.as_deref(), Some(name));
    }
    let rows = runner
        .connection()
        .fetch("SELECT id FROM canary")
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    let text = dialect.quote(&format!("r{name}")).unwrap();
    let sql = format!(
        "SELECT {text} AS text FROM {}",
        dialect.quote(name).unwrap()
    );
    let rows = runner.connection().fetch(&sql).await.unwrap();
    assert_eq!(rows[0].get::<String>("text").unwrap(), name);
}

async fn try_name(url: &str, name: &str) {
    NAME.set(name.to_string());
    let history = History::embedded(&Migrations::new("versions", FILES)).unwrap();
    let url = DbUrl::parse(url).unwrap();
    let mut runner = Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap();
    match runner.upgrade(&"head".parse().unwrap()).await {
        Ok(_) => {
            is_quoted(&mut runner, name).await;
            runner.downgrade(&"base".parse().unwrap()).await.unwrap();
        }
        Err(Error::Revision(failure)) => {
            let refused = matches!(failure.source, Error::Name { .. });
            let impossible =
                name.contains('\0') || name.len() > 61 || cannot_be_on_mysql(&runner, name);
            assert!(
                refused && impossible,
                "{name:?}: {:?} {:?}",
                failure.operation,
                failure.source
            );
        }
        Err(other) => panic!("{name:?}: {other}"),
    }
    let left = runner.connection().fetch("SELECT id FROM canary").await;
    match runner.dialect().features().transactional_ddl {
        true => assert!(left.is_err(), "everything is undone or rolled back"),
        // What was made before a refusal stays there, and is as it was made.
        false => assert!(left.is_err() || left.unwrap().len() <= 1),
    }
    runner.close().await.unwrap();
}

/// <https://dev.mysql.com/doc/refman/8.4/en/identifiers.html>
fn cannot_be_on_mysql(runner: &Runner, name: &str) -> bool {
    let server = !runner.dialect().features().transactional_ddl;
    let space = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
    server && (name.ends_with(space) || name.chars().any(|c| c > '\u{ffff}'))
}

fn try_many(url: impl Fn() -> String, cases: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for name in [
        "patients",
        "select",
        "a b",
        "\"",
        "'",
        "a\"; DROP TABLE canary; --",
        "a'; DROP TABLE canary; --",
        "表",
    ] {
        runtime.block_on(try_name(&url(), name));
    }
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    });
    runner
        .run(&any_name(), |name| {
            runtime.block_on(try_name(&url(), &name));
            Ok(())
        })
        .unwrap();
}

#[test]
fn sqlite() {
    try_many(|| "sqlite::memory:".into(), 100);
}

#[test]
fn postgres() {
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        try_many(|| database.url(), 60);
    }
}

/// Each name in a database of its own, since what was made before a refusal stays.
#[cfg(feature = "mysql")]
#[test]
fn mariadb() {
    let made = RefCell::new(Vec::new());
    if aludel_testdb::mariadb_or_skip().is_some() {
        let fresh = || {
            let database = aludel_testdb::mariadb_or_skip().unwrap();
            let url = database.url();
            made.replace(vec![database]);
            url
        };
        try_many(fresh, 60);
    }
}

/// An identifier of a revision goes into the version table, into scripts and into file names: it is refused, or stored as
/// it is.
async fn try_id(url: &str, id: &RevisionId) {
    assert!(
        !id.as_str().contains(['/', '\\', '\'', '"', '\0', '\n']),
        "{id:?}"
    );
    if id.as_str().len() > 32 {
        return;
    }
    NAME.set("x".into());
    let text = format!("//! Names\n//!\n//! Revision ID: {id}\n");
    let files = vec![Embedded {
        text: text.leak(),
        ..FILES[0]
    }];
    let history = History::embedded(&Migrations::new("versions", files.leak())).unwrap();
    let url = DbUrl::parse(url).unwrap();
    let mut runner = Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap();
    runner.upgrade(&"head".parse().unwrap()).await.unwrap();
    assert_eq!(runner.current().await.unwrap(), std::slice::from_ref(id));
    runner.downgrade(&"base".parse().unwrap()).await.unwrap();
    assert!(runner.current().await.unwrap().is_empty());
    runner.close().await.unwrap();
}

#[test]
fn revision_ids() {
    let database = aludel_testdb::postgres_or_skip();
    let urls = [
        Some("sqlite::memory:".to_string()),
        database.as_ref().map(|it| it.url()),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(150)
    };
    let taken = std::cell::Cell::new(0);
    TestRunner::new(config)
        .run(&any_name(), |name| {
            if let Ok(id) = RevisionId::new(name) {
                taken.set(taken.get() + 1);
                for url in urls.iter().flatten() {
                    runtime.block_on(try_id(url, &id));
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(taken.get() > 5, "some are taken: {}", taken.get());
}
