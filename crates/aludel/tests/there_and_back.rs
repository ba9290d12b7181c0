//! Small databases that a random one was cut down to: each was once led from one set of models to the next, and back, and did not
//! arrive.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

#[path = "live_objects/steps.rs"]
mod steps;

use aludel::db::{Access, Connection, DbUrl};
use aludel::prelude::*;
use aludel::run::autogenerate::{Compare, Options};
use aludel::schema::{ObjectKind, PostgresType};

/// All kinds are compared, whether or not anything of one is declared.
fn options(kinds: &[ObjectKind]) -> Options {
    Options {
        kinds: kinds.iter().map(|it| (*it, Compare::On)).collect(),
        ..Options::default()
    }
}

async fn on_sqlite(models: &[Metadata]) {
    let db = aludel_testdb::sqlite();
    let kinds = [ObjectKind::Views, ObjectKind::Triggers];
    steps::steps(&db.url(), models, &options(&kinds), async |_, _| {}).await;
}

async fn on_postgres(models: &[Metadata]) {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let kinds = ObjectKind::ALL.into_iter();
    let kinds: Vec<ObjectKind> = kinds
        .filter(|it| !matches!(it, ObjectKind::Schemas | ObjectKind::Extensions))
        .collect();
    steps::steps(&db.url(), models, &options(&kinds), async |_, _| {}).await;
}

fn models(tables: impl IntoIterator<Item = Table>) -> Metadata {
    tables.into_iter().fold(Metadata::new(), Metadata::table)
}

/// A text is compared with its spaces, and a CHAR without: what looks at the column is another check.
#[tokio::test]
async fn a_check_on_a_char_that_becomes_a_text() {
    let with = |ty: Type| {
        let table = Table::new("t")
            .column(Column::new("c", ty))
            .check(Check::new("coalesce(c, '') <> 'never'").named("one"))
            .check(Check::new("c <> 'never'").named("two"));
        models([table])
    };
    let texts = [
        Type::Char(20),
        Type::Text,
        Type::Char(20),
        Type::Varchar(20),
    ];
    on_postgres(&texts.map(with)).await;
}

/// No database changes an enum type under what is computed from it, in a table that just came.
#[tokio::test]
async fn a_table_comes_with_what_is_computed_from_a_type_in_another_order() {
    let with = |values: [&str; 2], all: bool| {
        let mood = || Type::enumeration("mood", values);
        let computed = Column::new("is_sad", Type::Boolean).generated_stored("mood = 'sad'");
        let mut tables = vec![Table::new("s").column(Column::new("mood", mood()))];
        if all {
            let column = Column::new("mood", mood());
            tables.push(Table::new("t").column(column).column(computed));
        }
        models(tables)
    };
    on_postgres(&[
        with(["sad", "glad"], true),
        with(["glad", "sad"], false),
        with(["sad", "glad"], true),
    ])
    .await;
}

/// A table may have the name of a keyword, which every query has.
#[tokio::test]
async fn a_view_beside_a_table_that_is_called_select() {
    let with = |more: bool| {
        let other = Table::new("other").column(Column::new("note", Type::Text));
        let mut table = Table::new("select").column(Column::new("id", Type::Integer));
        if more {
            table = table.column(Column::new("note", Type::Text));
        }
        models([table, other]).view("notes", "SELECT note FROM other")
    };
    on_sqlite(&[with(true), with(false), with(true)]).await;
}

/// So may a column, of another table, and so is the row of a trigger called.
#[tokio::test]
async fn a_column_that_is_called_as_what_it_is_not() {
    let with = |more: bool| {
        let mut table = Table::new("note").column(Column::new("id", Type::Integer));
        if more {
            table = table
                .column(Column::new("new", Type::Text))
                .column(Column::new("text", Type::Text));
        }
        let other = Table::new("other")
            .column(Column::new("note", Type::Text))
            .column(Column::new("text", Type::Text));
        let trigger = Trigger::new("t", "note").after().insert();
        models([table, other])
            .view("notes", "SELECT text, note FROM other")
            .object(trigger.body("SELECT NEW.id"))
    };
    on_sqlite(&[with(true), with(false), with(true)]).await;
}

/// A table may have the name of its own column, too.
#[tokio::test]
async fn a_column_that_is_called_as_its_table() {
    let with = |more: bool| {
        let table = Table::new("Note").column(Column::new("id", Type::Integer));
        let models = models([match more {
            true => table.column(Column::new("note", Type::Text).server_default("'x'")),
            false => table,
        }]);
        models.view("ids", "SELECT id FROM Note")
    };
    on_sqlite(&[with(true), with(false), with(true)]).await;
}

/// Rows that live by their key need one at any time.
#[tokio::test]
async fn a_table_without_rowids_gets_another_key() {
    let with = |key: &str| {
        let table = Table::new("t")
            .column(Column::new("a", Type::Text).not_null())
            .column(Column::new("b", Type::Text).not_null())
            .constraint(PrimaryKey::new([key]));
        models([table.without_rowid()])
    };
    on_sqlite(&[with("a"), with("b"), with("a")]).await;
}

/// Aria computes nothing that an index is on.
#[tokio::test]
async fn an_engine_comes_when_the_table_fits_it() {
    let Some(db) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    let with = |aria: bool| {
        let mut table = Table::new("t").column(Column::new("a", Type::Integer));
        table = match aria {
            true => table.engine("Aria"),
            false => table
                .column(Column::new("b", Type::Integer).generated_virtual("a + 1"))
                .index(Index::new("ix", ["b"])),
        };
        models([table])
    };
    let models = [with(true), with(false), with(true)];
    steps::steps(&db.url(), &models, &options(&[]), async |_, _| {}).await;
}

/// A function with other arguments is another one, and nothing lets go of the first by itself.
#[tokio::test]
async fn a_function_changes_under_what_calls_it() {
    let with = |argument: &str, returns: &str| {
        let next = Function::new("next_one", argument).returns(returns);
        let next = next
            .language("sql")
            .attribute("IMMUTABLE")
            .body("SELECT $1 + 1");
        let table = Table::new("t")
            .column(Column::new("a", Type::BigInteger).server_default("next_one(7)"))
            .column(Column::new("b", Type::BigInteger).generated_stored("next_one(a)"))
            .check(Check::new("next_one(a) > 0").named("ck"))
            .index(Index::new("ix", [IndexPart::expr("next_one(a)")]));
        models([table]).object(next).view("v", "SELECT b FROM t")
    };
    on_postgres(&[
        with("a bigint", "bigint"),
        with("b bigint", "bigint"),
        with("b bigint, c integer DEFAULT 1", "bigint"),
        with("b bigint", "bigint"),
    ])
    .await;
}

/// What is below a domain cannot be changed while a column has it.
#[tokio::test]
async fn a_domain_changes_under_its_columns() {
    let with = |ty: Type| {
        let table = Table::new("t")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("a", Type::custom("amount")).server_default("1"))
            .index(Index::new("ix", ["a"]));
        models([table])
            .object(Domain::new("amount", ty).check(Check::new("VALUE > 0").named("positive")))
            .view("v", "SELECT a FROM t")
    };
    let types = [
        Type::Integer,
        Type::BigInteger,
        Type::Decimal(8, 2),
        Type::Integer,
    ];
    on_postgres(&types.map(with)).await;
}

/// A new value is safe to use only later, unless its type is new as a whole.
#[tokio::test]
async fn a_view_looks_for_a_value_that_comes_with_it() {
    let with = |glad: bool| {
        let values = ["sad", "so so", "glad"];
        let mood = Type::enumeration("mood", values[..2 + usize::from(glad)].iter().copied());
        let table = Table::new("t").column(Column::new("mood", mood));
        match glad {
            true => models([table]).view("v", "SELECT mood FROM t WHERE mood = 'glad'"),
            false => models([table]),
        }
    };
    on_postgres(&[with(false), with(true), with(false)]).await;
}

/// A materialized view keeps the indexes that somebody gave it.
#[tokio::test]
async fn a_materialized_view_is_made_anew_with_its_indexes() {
    let Some(db) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let with = |ty: Type| {
        let table = Table::new("t").column(Column::new("a", ty));
        models([table]).materialized_view("v", "SELECT a, 1 AS one FROM t")
    };
    let types = [Type::Integer, Type::BigInteger, Type::Text];
    let url = DbUrl::parse(&db.url()).unwrap();
    let mut connection = Connection::open(&url, Access::Write).await.unwrap();
    steps::steps(&db.url(), &types.map(with), &options(&[]), async |at, _| {
        if at == 0 {
            for sql in [
                "CREATE UNIQUE INDEX \"the one\" ON v (a, one)",
                "CREATE INDEX two ON v (one)",
            ] {
                connection.execute(sql).await.unwrap();
            }
        }
        let found = connection
            .fetch("SELECT indexname::text FROM pg_indexes WHERE tablename = 'v' ORDER BY 1")
            .await
            .unwrap();
        let found: Vec<String> = found.iter().map(|it| it.at(0).unwrap()).collect();
        assert_eq!(found, ["the one", "two"], "{at}");
    })
    .await;
    let found = connection
        .fetch("SELECT 1 FROM pg_indexes WHERE tablename = 'v'")
        .await;
    assert_eq!(found.unwrap().len(), 2);
}

/// A foreign key of a table to itself has its ground in an index, beside a constraint that is none.
#[tokio::test]
async fn a_key_that_is_checked_later_is_no_ground() {
    let table = Table::new("t")
        .column(Column::new("a", Type::Integer))
        .column(Column::new("b", Type::Integer))
        .constraint(Unique::new(["a"]).deferrable(Deferrable::Immediate))
        .foreign_key(ForeignKey::new(["b"], "t", ["a"]))
        .index(Index::new("ix", ["a"]).unique());
    let other = Table::new("other").column(Column::new("id", Type::Integer));
    let models = [
        models([other.clone()]),
        models([table, other.clone()]),
        models([other]),
    ];
    on_postgres(&models).await;
}

/// A trigger goes with its table, but not while a type changes under both.
#[tokio::test]
async fn a_table_goes_after_its_type_has_changed() {
    let with = |values: &[&str], all: bool| {
        let mood = Type::enumeration("mood", values.iter().copied());
        let last = Type::enumeration("mood", values.iter().copied());
        let stays = Table::new("s").column(Column::new("mood", last));
        if !all {
            let column = stays.columns[0].clone().server_default("'glad'");
            return models([Table::new("s").column(column)]);
        }
        let touch = Function::new("touch", "").returns("trigger");
        let touch = touch.language("plpgsql").body("BEGIN RETURN NEW; END");
        let trigger = Trigger::new("touch", "t").after().update_of(["mood"]);
        models([Table::new("t").column(Column::new("mood", mood)), stays])
            .object(touch)
            .object(trigger.execute("touch()"))
    };
    on_postgres(&[
        with(&["sad"], true),
        with(&["sad", "glad"], false),
        with(&["sad"], true),
    ])
    .await;
}

/// A table goes after a type that is made anew for another, with what it computes from it.
#[tokio::test]
async fn a_table_goes_with_what_is_computed_from_a_type_that_grows() {
    let with = |values: &[&str], all: bool| {
        let mood = || Column::new("mood", Type::enumeration("mood", values.iter().copied()));
        match all {
            true => {
                let computed =
                    Column::new("is_sad", Type::Boolean).generated_stored("mood = 'sad'");
                models([
                    Table::new("t").column(mood()).column(computed),
                    Table::new("s").column(mood()),
                ])
            }
            false => models([Table::new("s").column(mood().server_default("'glad'"))]),
        }
    };
    on_postgres(&[
        with(&["sad"], true),
        with(&["sad", "glad"], false),
        with(&["sad"], true),
    ])
    .await;
}

/// The values of a domain are those of the type below it.
#[tokio::test]
async fn a_column_of_a_domain_becomes_what_no_cast_leads_to() {
    let with = |ty: Type| {
        let table = Table::new("t").column(Column::new("a", ty));
        models([table]).object(Domain::new("the word", Type::Text))
    };
    let domain = || Type::custom("\"the word\"");
    let address: Type = PostgresType::Cidr.into();
    on_postgres(&[domain(), address, domain(), Type::Date, domain()].map(with)).await;
}
