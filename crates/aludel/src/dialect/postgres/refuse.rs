//! What PostgreSQL has no words for. `STRICT`, `WITHOUT ROWID` and `AUTOINCREMENT` are no part of it: here every table is strict,
//! and a number that an identity has given is never given again.

use super::Postgres;
use crate::dialect::said::{FOR_MYSQL, Refusal, Said, first, refuse};
use crate::error::Result;
use crate::ops::{Operation, SetTableOptions};
use crate::schema::{Column, Constraint, Index, IndexClass, Table};
use crate::sql::Spell as _;

/// Refuses what would otherwise be left out.
pub(super) fn unsaid(dialect: &Postgres, operation: &Operation) -> Result<()> {
    let said = Said::of(operation);
    let found = said.table.and_then(table);
    let found = found.or_else(|| said.columns.iter().find_map(column));
    let constraint = |it: &Constraint| constraint(dialect, it);
    let found = found.or_else(|| said.constraints.iter().find_map(constraint));
    let found = found.or_else(|| said.indexes.iter().find_map(index));
    let found = found.or_else(|| match operation {
        Operation::SetTableOptions(it) => options(dialect, it),
        _ => None,
    });
    refuse(dialect.name(), operation, found)
}

fn table(table: &Table) -> Option<Refusal> {
    let options = &table.options;
    let found = first([
        (options.engine.is_some(), "with an engine", FOR_MYSQL),
        (options.charset.is_some(), "with a character set", FOR_MYSQL),
        (
            options.collation.is_some(),
            "with a collation",
            "say it on each column",
        ),
        (
            !options.others.is_empty(),
            "with options of another database",
            FOR_MYSQL,
        ),
        (
            options.temporary && options.unlogged,
            "temporary and unlogged",
            "leave `unlogged` out: a temporary table is not written to the log",
        ),
    ]);
    let of = options.partition_of.is_some();
    found.or_else(|| {
        first([
            (
                of && !table.columns.is_empty(),
                "as a partition with columns",
                "leave the columns out: they are the parent's",
            ),
            (
                of && !options.inherits.is_empty(),
                "as a partition that inherits",
                "leave `inherits` out",
            ),
        ])
    })
}

/// What no statement changes in a table that is there.
fn options(dialect: &Postgres, change: &SetTableOptions) -> Option<Refusal> {
    first([
        (
            change.partition_by.is_some(),
            "in how its rows are parted",
            "create another table, parted as it is to be, move the rows, drop this one, and rename that",
        ),
        (
            change.method.is_some() && dialect.major < FIRST_TO_CHANGE_METHODS,
            "in the access method of its rows",
            "create another table by that method and move the rows: only version 15 and later change it",
        ),
    ])
}

/// <https://www.postgresql.org/docs/15/release-15.html>
const FIRST_TO_CHANGE_METHODS: u32 = 15;

fn column(column: &Column) -> Option<Refusal> {
    first([
        (
            column.charset.is_some(),
            "with a character set",
            "leave it out: text is in the encoding of the database; its order is a collation's",
        ),
        (
            column.on_update.is_some(),
            "with ON UPDATE",
            "a trigger BEFORE UPDATE that sets the column",
        ),
        (
            column.invisible,
            "invisible",
            "leave it visible, and name the columns where it must not come along, or select from a view",
        ),
        (
            column.not_null_on_conflict.is_some(),
            "with a conflict clause",
            ON_CONFLICT,
        ),
    ])
}

const ON_CONFLICT: &str = "say `ON CONFLICT` in the statement that inserts";

/// SQLite's conflict clauses are no part of a definition here, and leaving them out would change what a table does.
fn constraint(dialect: &Postgres, constraint: &Constraint) -> Option<Refusal> {
    let has_clause = constraint.on_conflict().is_some();
    let not_held = matches!(constraint, Constraint::Check(it) if it.not_enforced);
    first([
        (has_clause, "with a conflict clause", ON_CONFLICT),
        (
            not_held && dialect.major < FIRST_NOT_ENFORCED,
            "that is not held",
            "leave it out: only version 18 and later keep a check without holding to it",
        ),
    ])
}

/// <https://www.postgresql.org/docs/18/release-18.html>
const FIRST_NOT_ENFORCED: u32 = 18;

const INVISIBLE: &str = "leave `invisible` out, or the index";

fn index(index: &Index) -> Option<Refusal> {
    first([
        (
            index.parts.iter().any(|it| it.length.is_some()),
            "on the beginning of a value",
            "index the expression `left(column, length)`",
        ),
        (
            index.class == Some(IndexClass::FullText),
            "as FULLTEXT",
            "`method(\"gin\")` on the expression `to_tsvector('english', column)`",
        ),
        (
            index.class == Some(IndexClass::Spatial),
            "as SPATIAL",
            "`method(\"gist\")`",
        ),
        (
            index.parser.is_some(),
            "with a parser",
            "name a text search configuration in `to_tsvector`",
        ),
        (index.invisible, "that no query uses", INVISIBLE),
    ])
}
