//! What SQLite has no words for. Comments are passed over: it keeps none, and they change nothing.

use super::{NAME, Sqlite};
use crate::dialect::said::{FOR_MYSQL, Refusal, Said, first, refuse};
use crate::error::Result;
use crate::ops::{Operation, SetTableOptions};
use crate::schema::{Column, Constraint, Deferrable, Identity, Index, Table};

const FOR_POSTGRES: &str = "record it for PostgreSQL alone, by `op.database()`";

/// Refuses what would otherwise be left out.
pub(super) fn unsaid(_: &Sqlite, operation: &Operation) -> Result<()> {
    let said = Said::of(operation);
    let found = said.table.and_then(table);
    let found = found.or_else(|| said.columns.iter().find_map(column));
    let found = found.or_else(|| said.constraints.iter().find_map(constraint));
    let found = found.or_else(|| said.indexes.iter().find_map(index));
    let found = found.or_else(|| change(operation));
    refuse(NAME, operation, found)
}

fn table(table: &Table) -> Option<Refusal> {
    let options = &table.options;
    first([
        (options.unlogged, "unlogged", FOR_POSTGRES),
        (
            options.partition_by.is_some() || options.partition_of.is_some(),
            "with partitions",
            "one table, with an index on what parts it",
        ),
        (
            !options.inherits.is_empty(),
            "that inherits",
            "repeat the columns, or refer to the parent's rows",
        ),
        (
            options.method.is_some(),
            "by a method of its own",
            FOR_POSTGRES,
        ),
        (
            options.on_commit.is_some(),
            "that changes at the end of a transaction",
            "drop it, or delete its rows, at the end of the revision",
        ),
        (
            !options.parameters.is_empty(),
            "with storage parameters",
            FOR_POSTGRES,
        ),
        (
            options.tablespace.is_some(),
            "in a tablespace",
            "leave it out: a database is one file",
        ),
        (options.engine.is_some(), "with an engine", FOR_MYSQL),
        (
            options.charset.is_some(),
            "with a character set",
            "leave it out: all text of a database is in one encoding",
        ),
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
    ])
}

fn column(column: &Column) -> Option<Refusal> {
    let bounded = |it: &Identity| it.min.or(it.max).or(it.cache).is_some() || it.cycle;
    let stepped = |it: &Identity| {
        [it.start, it.increment]
            .into_iter()
            .flatten()
            .any(|it| it != 1)
    };
    first([
        (
            column.identity.as_ref().is_some_and(bounded),
            "numbered within bounds",
            "a check, and the numbers from 1",
        ),
        (
            column.identity.as_ref().is_some_and(stepped),
            "numbered otherwise than from 1 by one",
            "`identity()`; a first row with another number lets it go on from there",
        ),
        (
            column.identity.as_ref().is_some_and(|it| it.always),
            "numbered always",
            "`identity()`: a number that is given is taken",
        ),
        (
            column.charset.is_some(),
            "with a character set",
            "leave it out: all text of a database is in one encoding",
        ),
        (
            column.on_update.is_some(),
            "with ON UPDATE",
            "a trigger AFTER UPDATE that sets the column",
        ),
        (
            column.invisible,
            "invisible",
            "leave it visible, and name the columns where it must not come along, or select from a view",
        ),
    ])
}

fn constraint(constraint: &Constraint) -> Option<Refusal> {
    const NOT_VALID: &str = "repair the rows before: here a constraint holds for all of them";
    const INCLUDE: &str = "leave the included columns out, or create an index on all of them";
    match constraint {
        Constraint::PrimaryKey(it) => first([
            (
                it.deferrable != Deferrable::No,
                "deferrable",
                "leave it immediate: only foreign keys can be deferred",
            ),
            (!it.include.is_empty(), "with included columns", INCLUDE),
        ]),
        Constraint::Unique(it) => first([
            (
                it.deferrable != Deferrable::No,
                "deferrable",
                "leave it immediate: only foreign keys can be deferred",
            ),
            (!it.include.is_empty(), "with included columns", INCLUDE),
        ]),
        Constraint::ForeignKey(it) => first([(it.not_valid, "NOT VALID", NOT_VALID)]),
        Constraint::Check(it) => first([
            (it.not_valid, "NOT VALID", NOT_VALID),
            (
                it.not_enforced,
                "NOT ENFORCED",
                "leave the check out: here one that is kept is held",
            ),
            (
                it.no_inherit,
                "NO INHERIT",
                "leave it out: no table inherits",
            ),
        ]),
        // It is refused where it would be spelled.
        Constraint::Exclude(_) => None,
    }
}

fn index(index: &Index) -> Option<Refusal> {
    let parts = || index.parts.iter();
    first([
        (
            index
                .method
                .as_ref()
                .is_some_and(|it| !it.eq_ignore_ascii_case("btree")),
            "by a method of its own",
            "leave the method out: every index is a B-tree",
        ),
        (
            !index.include.is_empty(),
            "with included columns",
            "add the columns to its keys, unless it is unique",
        ),
        (
            index.nulls_not_distinct,
            "that takes two NULLs for equal",
            "index coalesce(column, '')",
        ),
        (
            parts().any(|it| it.opclass.is_some()),
            "by an operator class",
            "a collation",
        ),
        (
            parts().any(|it| it.nulls.is_some()),
            "with NULLs in a place of their own",
            "leave NULLS FIRST or LAST out",
        ),
        (
            parts().any(|it| it.length.is_some()),
            "on the beginning of a value",
            "index the expression `substr(column, 1, length)`",
        ),
        (
            index.class.is_some() || index.parser.is_some(),
            "of another kind than a B-tree",
            "a virtual table: `CREATE VIRTUAL TABLE .. USING fts5`, or `rtree`",
        ),
        (
            index.invisible,
            "that no query uses",
            "leave `invisible` out, or the index",
        ),
        (
            !index.parameters.is_empty(),
            "with storage parameters",
            FOR_POSTGRES,
        ),
        (
            index.tablespace.is_some(),
            "in a tablespace",
            "leave it out: a database is one file",
        ),
    ])
}

/// Operations that there is nothing for.
fn change(operation: &Operation) -> Option<Refusal> {
    let found = |what: &str, instead: &'static str| Some((what.to_string(), instead));
    match operation {
        Operation::AddColumn(it) if it.column.identity.is_some() && it.primary_key.is_none() => {
            found(
                "that is numbered and no primary key",
                "say `with_primary_key`",
            )
        }
        Operation::AlterColumn(it) if it.tuning != Default::default() => {
            found("in how its values are stored", FOR_POSTGRES)
        }
        Operation::ValidateConstraint(_) => found(
            "apart from creating it",
            "leave it out: here a constraint holds for all rows from the start",
        ),
        Operation::AttachPartition(_) | Operation::DetachPartition(_) => found(
            "of a table that is one",
            "one table, with an index on what parts it; move rows with INSERT and DELETE",
        ),
        Operation::SetTableOptions(it) if is_foreign(it) => found(
            "that only other databases have",
            "record it for the database that has them, by `op.database()`",
        ),
        _ => None,
    }
}

fn is_foreign(it: &SetTableOptions) -> bool {
    it.says_postgres() || it.says_mysql() || it.tablespace.is_some()
}
