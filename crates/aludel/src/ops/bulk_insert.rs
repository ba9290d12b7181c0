//! Inserts rows.

use super::{Op, Operations, code};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{self, Literal, Spell, Statement};

/// Inserts rows into a table.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkInsert {
    /// The table.
    pub table: QualifiedName,
    /// The columns that are given.
    pub columns: Vec<Ident>,
    /// The rows, each with a value for each column.
    pub rows: Vec<Vec<Literal>>,
}

/// Rows in one statement: few enough for every database's limits, many enough to be fast.
const ROWS_AT_ONCE: usize = 500;

impl Op for BulkInsert {
    fn summary(&self) -> String {
        format!("insert {} row(s) into {}", self.rows.len(), self.table)
    }

    /// Rows are no part of a schema.
    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let table = super::table_mut(self, schema, &self.table)?;
        super::need_columns(self, table, &self.columns)
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let columns = sql::column_list(spell, &self.columns)?;
        let mut statements = Vec::new();
        for rows in self.rows.chunks(ROWS_AT_ONCE) {
            let mut values = Vec::new();
            for row in rows {
                if row.len() != self.columns.len() {
                    let reason = format!(
                        "a row has {} value(s) for {} column(s)",
                        row.len(),
                        self.columns.len()
                    );
                    return Err(super::misfit(self, reason));
                }
                let row: Result<Vec<String>> = row.iter().map(|it| spell.literal(it)).collect();
                values.push(format!("({})", row?.join(", ")));
            }
            let values = values.join(",\n    ");
            statements.push(format!("INSERT INTO {table} {columns} VALUES\n    {values}").into());
        }
        Ok(statements)
    }

    fn rust(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let row: Vec<String> = row.iter().map(literal).collect();
                format!("vec![{}]", row.join(", "))
            })
            .collect();
        format!(
            "op.bulk_insert({}, {}, vec![{}]);",
            code::name(&self.table),
            code::idents(&self.columns),
            rows.join(", ")
        )
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Null => "Literal::Null".into(),
        Literal::Bool(it) => format!("{it}.into()"),
        Literal::Integer(it) => format!("{it}i64.into()"),
        Literal::Float(it) => format!("{it:?}f64.into()"),
        Literal::Text(it) => format!("{}.into()", code::string(it)),
        Literal::Bytes(it) => format!("Literal::Bytes(vec!{it:?})"),
        Literal::Sql(it) => format!("Literal::Sql({}.into())", code::string(it.as_str())),
    }
}

/// One row of [`Operations::bulk_insert`]: a tuple, an array or a vector of values.
pub trait IntoRow {
    /// The values, in the order of the columns.
    fn into_row(self) -> Vec<Literal>;
}

impl<T: Into<Literal>> IntoRow for Vec<T> {
    fn into_row(self) -> Vec<Literal> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<Literal>, const N: usize> IntoRow for [T; N] {
    fn into_row(self) -> Vec<Literal> {
        self.into_iter().map(Into::into).collect()
    }
}

macro_rules! tuples {
    ($(($($value:ident)+))+) => {$(
        impl<$($value: Into<Literal>),+> IntoRow for ($($value,)+) {
            fn into_row(self) -> Vec<Literal> {
                #[allow(non_snake_case)]
                let ($($value,)+) = self;
                vec![$($value.into(),)+]
            }
        }
    )+};
}
tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

impl Operations {
    /// Inserts rows; no row at all is fine.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.bulk_insert("roles", ["id", "name"], [(1, "doctor"), (2, "nurse")]);
    /// ```
    #[doc = include_str!("sql/bulk_insert.md")]
    #[track_caller]
    pub fn bulk_insert(
        &mut self,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = impl Into<Ident>>,
        rows: impl IntoIterator<Item = impl IntoRow>,
    ) {
        self.record(BulkInsert {
            table: table.into(),
            columns: columns.into_iter().map(Into::into).collect(),
            rows: rows.into_iter().map(IntoRow::into_row).collect(),
        });
    }
}
