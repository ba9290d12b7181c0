//! Types on real databases: each is created, echoed and read back as what it was; autogenerate then finds nothing; it becomes
//! text and itself again, and keeps its values.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::{Dialect, Needs, Scope, of_connection};
use aludel::history::{Embedded, History, Migrations};
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run::autogenerate::{Draft, Options};
use aludel::run::{self, Runner};
use aludel::schema::Schema;
use std::cell::RefCell;

#[path = "types_live/mariadb.rs"]
mod mariadb;
#[path = "types_live/postgres.rs"]
mod postgres;
#[path = "types_live/sqlite.rs"]
mod sqlite;

thread_local! {
    /// What the revision records: a plain function, whose operations are made as we go.
    static UP: RefCell<Vec<Operation>> = const { RefCell::new(Vec::new()) };
}

static NONE: &[Embedded] = &[];
static ONE: &[Embedded] = &[Embedded {
    name: "1.rs",
    text: "//! A\n//!\n//! Revision ID: aaaa\n",
    up: Some(|op| UP.take().into_iter().for_each(|it| op.record(it))),
    down: Some(|_| {}),
}];

/// A database, and what is done with it.
struct Live {
    url: DbUrl,
    connection: Connection,
    dialect: Box<dyn Dialect>,
}

impl Live {
    async fn open(url: &str) -> Self {
        let url = DbUrl::parse(url).unwrap();
        let mut connection = Connection::open(&url, Access::Write).await.unwrap();
        let dialect = of_connection(&mut connection).await.unwrap();
        Self {
            url,
            connection,
            dialect,
        }
    }

    async fn runner(&self, files: &'static [Embedded]) -> Runner {
        let history = History::embedded(&Migrations::new("versions", files)).unwrap();
        Runner::connect(&self.url, Access::Write, history, run::Options::default())
            .await
            .unwrap()
    }

    async fn draft(&self, files: &'static [Embedded], models: &Metadata) -> Draft {
        let mut runner = self.runner(files).await;
        runner
            .autogenerate(models, &Options::default())
            .await
            .unwrap()
    }

    /// Creates what the models say, by a revision that autogenerate writes.
    async fn create(&self, models: &Metadata) {
        UP.set(self.draft(NONE, models).await.up);
        let mut runner = self.runner(ONE).await;
        if let Err(error) = runner.upgrade(&"head".parse().unwrap()).await {
            panic!("{error:#?}");
        }
    }

    /// What a second look finds.
    async fn left(&self, models: &Metadata) -> Vec<String> {
        self.draft(ONE, models).await.detected().to_vec()
    }

    async fn inspect(&mut self) -> Schema {
        let scope = Scope::Schemas(Vec::new());
        self.dialect
            .inspect(&mut self.connection, &scope)
            .await
            .unwrap()
    }

    async fn execute(&mut self, sql: &str) {
        if let Err(error) = self.connection.execute(sql).await {
            panic!("{error}\nin: {sql}");
        }
    }

    async fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows = self.connection.fetch(sql).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }

    /// Runs what a revision records, as a runner does.
    async fn change(&mut self, record: impl FnOnce(&mut Operations)) {
        let mut op = Operations::new(self.dialect.kind());
        record(&mut op);
        for recorded in op.into_recorded() {
            let scope = match self.dialect.needs(&recorded.operation) {
                Needs::Nothing => Scope::Tables(Vec::new()),
                Needs::Tables(tables) => Scope::Tables(tables),
                Needs::Everything => Scope::Everything,
            };
            let before = self
                .dialect
                .inspect(&mut self.connection, &scope)
                .await
                .unwrap();
            let statements = self.dialect.statements(&recorded.operation, &before);
            for statement in statements.unwrap_or_else(|error| panic!("{error:?}")) {
                self.execute(&statement.sql).await;
            }
        }
    }
}

/// One type of a corpus: what is declared, what the database echoes of it, a value.
struct Row {
    ty: Type,
    echo: &'static str,
    value: &'static str,
}

fn row(ty: impl Into<Type>, echo: &'static str, value: &'static str) -> Row {
    Row {
        ty: ty.into(),
        echo,
        value,
    }
}

fn table_name(number: usize) -> String {
    format!("t{number:03}")
}

/// A table for each type, which is that of its first column.
fn models(rows: &[Row], complete: impl Fn(Table) -> Table) -> Metadata {
    let mut metadata = Metadata::new();
    for (number, row) in rows.iter().enumerate() {
        let column = Column::new("c", row.ty.clone());
        metadata = metadata.table(complete(Table::new(table_name(number)).column(column)));
    }
    metadata
}

/// Keys without a sign, numbered and referred to, and defaults of every kind of type.
fn keys_and_defaults() -> Metadata {
    let mut metadata = Metadata::new();
    let keys = [
        ("tiny", Type::TinyInteger),
        ("byte", u8::sql_type()),
        ("small", u16::sql_type()),
        ("plain", u32::sql_type()),
    ];
    for (name, ty) in keys {
        let of = format!("of_{name}");
        metadata = metadata
            .table(Table::new(name).column(Column::new("id", ty.clone()).identity().primary_key()))
            .table(Table::new(of).column(Column::new("a", ty).not_null().references(name, "id")));
    }
    let big = Column::new("id", u64::sql_type()).primary_key();
    let defaults = [
        (Type::Integer.unsigned(), "7"),
        (Type::BigInteger.unsigned(), "7"),
        (Type::TinyInteger, "-7"),
        (Type::Timestamp.precision(3), "CURRENT_TIMESTAMP"),
        (Type::Timestamp.precision(3), "'2024-02-29 12:30:00'"),
        (Type::Time.precision(0), "'12:30:00'"),
        (Type::TimeTz, "'12:30:00+00'"),
        (Type::FixedBinary(4), "'abcd'"),
        (Type::Decimal(20, 5), "0.5"),
    ];
    let mut table =
        Table::new("defaults").column(Column::new("id", Type::Integer).identity().primary_key());
    for (number, (ty, default)) in defaults.into_iter().enumerate() {
        table = table.column(
            Column::new(format!("c{number}"), ty)
                .not_null()
                .server_default(default),
        );
    }
    metadata.table(Table::new("big").column(big)).table(table)
}

/// Creates the models, and adds rows that take what the database gives.
async fn keys_and_defaults_stay(live: &mut Live, models: &Metadata) {
    live.create(models).await;
    assert_eq!(live.left(models).await, Vec::<String>::new());
    for table in ["tiny", "byte", "small", "plain", "defaults"] {
        live.execute(&format!("INSERT INTO {table} DEFAULT VALUES"))
            .await;
    }
    live.execute("INSERT INTO of_plain VALUES (1)").await;
    live.execute("INSERT INTO big VALUES (7)").await;
}
