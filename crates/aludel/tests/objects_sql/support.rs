//! What operations say on each database.

use aludel::dialect::Dialect;
use aludel::dialect::mysql::Mysql;
use aludel::dialect::postgres::Postgres;
use aludel::dialect::sqlite::Sqlite;
use aludel::ops::Operations;
use aludel::prelude::*;
use aludel::schema::Schema;
use aludel::sql::split::{Flavor, split};

/// The statements of what is recorded, or why there are none.
fn said(dialect: &dyn Dialect, record: fn(&mut Operations)) -> String {
    let mut op = Operations::new(dialect.kind());
    record(&mut op);
    let mut text = Vec::new();
    for recorded in op.into_recorded() {
        match dialect.statements(&recorded.operation, &Schema::default()) {
            Ok(statements) => text.extend(statements.into_iter().map(|it| {
                assert!(it.in_transaction);
                // A script that holds it is cut at its end, and nowhere else. MySQL's own client needs a delimiter for that.
                if dialect.flavor() != Flavor::Mysql {
                    let pieces = split(&it.sql, dialect.flavor()).unwrap();
                    assert_eq!(pieces.len(), 1, "{}", it.sql);
                }
                it.sql + ";"
            })),
            Err(Error::Unsupported {
                operation,
                dialect,
                instead,
            }) => text.push(format!("{dialect} cannot {operation}: {instead}")),
            Err(error) => text.push(format!("error: {error}")),
        }
    }
    text.join("\n")
}

pub fn postgres(record: fn(&mut Operations)) -> String {
    said(&Postgres::of_version(18), record)
}

/// What the oldest version, or a server of which nothing is known, is refused.
pub fn old_postgres(record: fn(&mut Operations)) -> String {
    said(&Postgres::new(), record)
}

pub fn sqlite(record: fn(&mut Operations)) -> String {
    said(&Sqlite::new(), record)
}

pub fn mysql(record: fn(&mut Operations)) -> String {
    said(&Mysql::mysql(), record)
}

pub fn mariadb(record: fn(&mut Operations)) -> String {
    said(&Mysql::mariadb(), record)
}
