//! A column of every type becomes a column of every other type by the operations of a diff: the database takes each statement,
//! and says `USING` of none that it does not need.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::{self, Dialect, difference};
use aludel::ops::Operation;
use aludel::schema::{Column, PostgresType, Schema, Table, Type};

fn types() -> Vec<Type> {
    let mut types = vec![
        Type::Boolean,
        Type::SmallInteger,
        Type::Integer,
        Type::BigInteger,
        Type::Real,
        Type::Double,
        Type::Numeric,
        Type::Decimal(10, 2),
        Type::String,
        Type::Varchar(30),
        Type::Char(3),
        Type::Text,
        Type::Binary,
        Type::Bit(3),
        Type::Varbit(None),
        Type::Date,
        Type::Time,
        Type::TimeTz,
        Type::Timestamp,
        Type::Timestamp.precision(3),
        Type::TimestampTz,
        Type::Interval,
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        Type::Integer.array(),
        Type::Text.array(),
        Type::Date.array(),
    ];
    let with_extension = [
        PostgresType::Hstore,
        PostgresType::Citext,
        PostgresType::Ltree,
    ];
    let own = PostgresType::ALL
        .iter()
        .filter(|it| !with_extension.contains(it));
    types.extend(own.map(|it| (*it).into()));
    types
}

fn table(dialect: &dyn Dialect, ty: &Type) -> Schema {
    let mut schema = Schema::default();
    schema.add_table(Table::new("t").column(Column::new("the column", ty.clone())));
    dialect.normalize(&mut schema);
    schema
}

fn altering(dialect: &dyn Dialect, from: &Type, to: &Type) -> Vec<String> {
    let (from, to) = (table(dialect, from), table(dialect, to));
    let operations = difference(dialect, &from, &to);
    let statements = operations
        .iter()
        .flat_map(|it| dialect.statements(it, &from).unwrap());
    statements.map(|it| it.sql).collect()
}

#[tokio::test(flavor = "current_thread")]
async fn every_type_becomes_every_other() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let url = DbUrl::parse(&database.url()).unwrap();
    let mut connection = Connection::open(&url, Access::Write).await.unwrap();
    let dialect = dialect::of_connection(&mut connection).await.unwrap();
    let (mut refused, mut needless) = (Vec::new(), Vec::new());
    for from in types() {
        let creating: Vec<Operation> =
            difference(&*dialect, &Schema::default(), &table(&*dialect, &from));
        let created = dialect
            .statements(&creating[0], &Schema::default())
            .unwrap();
        for statement in &created {
            connection.execute(&statement.sql).await.unwrap();
        }
        for to in types() {
            connection.execute("BEGIN").await.unwrap();
            for sql in altering(&*dialect, &from, &to) {
                let plain = sql.split(" USING ").next().unwrap();
                if plain != sql {
                    connection.execute("SAVEPOINT plain").await.unwrap();
                    if connection.execute(plain).await.is_ok() {
                        needless.push(sql.clone());
                    }
                    connection.execute("ROLLBACK TO plain").await.unwrap();
                }
                if let Err(error) = connection.execute(&sql).await {
                    refused.push(format!("{from:?} to {to:?}: {error}"));
                    break;
                }
            }
            connection.execute("ROLLBACK").await.unwrap();
        }
        connection.execute("DROP TABLE t").await.unwrap();
    }
    assert!(refused.is_empty(), "refused:\n{}", refused.join("\n"));
    assert!(needless.is_empty(), "needless:\n{}", needless.join("\n"));
}
