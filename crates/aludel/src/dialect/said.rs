//! The nouns that an operation brings, for a dialect to refuse what it cannot say of them: nothing is left out in silence.

use crate::error::{Error, Result};
use crate::ops::{AlterColumn, Operation};
use crate::schema::{Column, Constraint, Expr, Index, OnConflict, Table, Type};
use std::borrow::Cow;

/// What an operation brings.
#[derive(Debug, Default)]
pub(crate) struct Said<'o> {
    pub table: Option<&'o Table>,
    pub columns: Cow<'o, [Column]>,
    pub constraints: Vec<Constraint>,
    pub indexes: &'o [Index],
}

impl<'o> Said<'o> {
    /// The nouns of an operation.
    pub fn of(operation: &'o Operation) -> Self {
        use std::slice::from_ref;
        let constraint = |it: Constraint| Self {
            constraints: vec![it],
            ..Self::default()
        };
        match operation {
            Operation::CreateTable(it) => Self {
                table: Some(&it.table),
                columns: Cow::from(&it.table.columns),
                constraints: it.table.constraints.clone(),
                indexes: &it.table.indexes,
            },
            Operation::AddColumn(it) => Self {
                columns: from_ref(&it.column).into(),
                constraints: it.primary_key.iter().map(|it| it.clone().into()).collect(),
                ..Self::default()
            },
            Operation::AlterColumn(it) => Self {
                columns: vec![changed(it)].into(),
                ..Self::default()
            },
            Operation::CreateIndex(it) => Self {
                indexes: from_ref(&it.index),
                ..Self::default()
            },
            Operation::CreatePrimaryKey(it) => constraint(it.key.clone().into()),
            Operation::CreateUniqueConstraint(it) => constraint(it.unique.clone().into()),
            Operation::CreateForeignKey(it) => constraint(it.key.clone().into()),
            Operation::CreateCheckConstraint(it) => constraint(it.check.clone().into()),
            Operation::CreateExclusionConstraint(it) => constraint(it.exclude.clone().into()),
            _ => Self::default(),
        }
    }
}

/// A column that says no more than a change does of what only some databases have.
fn changed(alter: &AlterColumn) -> Column {
    let mut column = Column::new(alter.column.clone(), Type::Text);
    column.charset = alter.charset.clone().map(Option::unwrap_or_default);
    let expr = |it: Option<Expr>| it.unwrap_or_else(|| "NULL".into()).into();
    column.on_update = alter.on_update.clone().map(expr);
    column.invisible = alter.invisible.is_some();
    let resolution = |it: Option<_>| it.unwrap_or(OnConflict::Abort);
    column.not_null_on_conflict = alter.not_null_on_conflict.map(resolution);
    column
}

/// What cannot be said, as words behind the operation's summary, and what to do instead.
pub(crate) type Refusal = (String, &'static str);

/// What to do about an option that one database alone has.
pub(crate) const FOR_MYSQL: &str = "record it for MySQL and MariaDB alone, by `op.database()`";

/// The first of these that is said.
pub(crate) fn first<const N: usize>(list: [(bool, &str, &'static str); N]) -> Option<Refusal> {
    let said = list.into_iter().find(|it| it.0);
    said.map(|(_, what, instead)| (what.to_string(), instead))
}

/// The error of a refusal.
pub(crate) fn refuse(
    dialect: &'static str,
    operation: &Operation,
    found: Option<Refusal>,
) -> Result<()> {
    match found {
        Some((what, instead)) => Err(Error::Unsupported {
            operation: format!("{} {what}", operation.summary()),
            dialect,
            instead: instead.into(),
        }),
        None => Ok(()),
    }
}
