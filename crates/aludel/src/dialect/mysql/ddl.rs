//! How tables, columns, constraints and indexes are spelled. What cannot be said is an error, never left out.

use super::{Mysql, indexes, text, types};
use crate::error::Result;
use crate::schema::{
    Action, Column, Constraint, Deferrable, Expr, ForeignKey, IndexPart, QualifiedName, Table,
};
use crate::sql::{self, Spell};

/// The definition of a column, from its name to its comment.
pub(super) fn column(dialect: &Mysql, column: &Column) -> Result<String> {
    let name = dialect.quote(&column.name)?;
    Ok(format!("{name} {}", definition(dialect, column, None)?))
}

/// The definition behind the name; a check that the column itself has comes last (MariaDB).
pub(super) fn definition(dialect: &Mysql, column: &Column, check: Option<&str>) -> Result<String> {
    let canonical = types::canonical(dialect, &column.ty.written);
    let mut words = vec![dialect.spell_type(&column.ty.written)?];
    if let Some(charset) = &column.charset {
        words.push(format!("CHARACTER SET {}", dialect.quote(charset)?));
    }
    if let Some(collation) = &column.collation {
        words.push(format!("COLLATE {}", dialect.quote(collation)?));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored {
            "STORED"
        } else {
            "VIRTUAL"
        };
        let expr = sql::expression(&generated.expr.written);
        words.push(format!("GENERATED ALWAYS AS ({expr}) {kind}"));
    }
    if !column.nullable {
        refuse_not_null_generated(dialect, column)?;
        words.push("NOT NULL".into());
    } else if canonical.starts_with("timestamp") && column.generated.is_none() {
        // Where the server keeps the old ways of TIMESTAMP, it takes no NULL unless told so
        // (https://mariadb.com/kb/en/timestamp/).
        words.push("NULL".into());
    }
    if column.invisible {
        words.push(invisible(dialect, column)?.into());
    }
    if let Some(it) = &column.default {
        words.push(format!(
            "DEFAULT {}",
            default(dialect, column, &it.written)?
        ));
    }
    if let Some(it) = &column.on_update {
        words.push(format!(
            "ON UPDATE {}",
            types::with_digits(&it.written, &column.ty.written)
        ));
    }
    if column.identity.is_some() {
        words.push(auto_increment(dialect, column)?.into());
    }
    if let Some(comment) = &column.comment {
        words.push(format!("COMMENT {}", dialect.string(comment)?));
    }
    if let Some(check) = check {
        words.push(format!("CHECK ({check})"));
    }
    Ok(words.join(" "))
}

fn refuse_not_null_generated(dialect: &Mysql, column: &Column) -> Result<()> {
    match column.generated.is_some() && !dialect.can.not_null_generated {
        true => Err(dialect.unsupported(
            format!("refuse NULL in the generated column {}", column.name),
            "a check that the column is not NULL",
        )),
        false => Ok(()),
    }
}

fn invisible(dialect: &Mysql, column: &Column) -> Result<&'static str> {
    match dialect.can.invisible_columns {
        true => Ok("INVISIBLE"),
        false => Err(dialect.unsupported(
            format!("have the invisible column {}", column.name),
            "leave `invisible` out: this version has none",
        )),
    }
}

fn auto_increment(dialect: &Mysql, column: &Column) -> Result<&'static str> {
    let identity = column.identity.as_ref();
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("number the column {} {what}", column.name), instead))
    };
    let bounded =
        |it: &crate::schema::Identity| it.min.or(it.max).or(it.cache).is_some() || it.cycle;
    if identity.is_some_and(bounded) {
        return refused(
            "within bounds",
            "a check, and the numbers as the type holds them",
        );
    }
    if identity.is_some_and(|it| it.always) {
        return refused("always", "`identity()`: a number that is given is taken");
    }
    if identity.is_some_and(|it| it.increment.is_some_and(|it| it != 1)) {
        return refused(
            "in other steps than one",
            "the server's variable `auto_increment_increment`",
        );
    }
    Ok("AUTO_INCREMENT")
}

/// A default as `DEFAULT` takes it: a literal as it is, the time that it is with the column's digits, anything else in
/// parentheses.
pub(super) fn default(dialect: &Mysql, column: &Column, expr: &Expr) -> Result<String> {
    let canonical = types::canonical(dialect, &column.ty.written);
    let written = types::with_digits(expr, &column.ty.written);
    let is_clock = text::follows_clock(&written) && types::is_timestamp(&canonical);
    let no_literal = types::takes_no_literal_default(&canonical);
    let is_null = written.trim().eq_ignore_ascii_case("null");
    if is_clock || is_null || (text::is_literal(&written) && !no_literal) {
        return Ok(sql::expression(&written.as_str().into()));
    }
    if !dialect.can.expression_defaults {
        return Err(dialect.unsupported(
            format!("give the column {} a default that is computed", column.name),
            "a literal: only MySQL 8.0.13 and MariaDB 10.2.1 compute defaults",
        ));
    }
    Ok(format!(
        "({})",
        sql::expression(&text::bare(&written).into())
    ))
}

/// A constraint as it stands in `CREATE TABLE` and behind `ADD`.
pub(super) fn constraint(
    dialect: &Mysql,
    table: &QualifiedName,
    constraint: &Constraint,
) -> Result<String> {
    let named = |kind: &str| match constraint.name() {
        Some(name) => format!("{kind} {name} on {table}"),
        None => format!("{kind} on {table}"),
    };
    let refused = |kind: &str, what: &str, instead: &str| {
        Err(dialect.unsupported(format!("create {} {what}", named(kind)), instead))
    };
    const LATER: &str = "leave it immediate: every constraint is checked at once here";
    const INCLUDE: &str = "an index on all of the columns";
    match constraint {
        Constraint::PrimaryKey(it) => {
            if it.deferrable != Deferrable::No {
                return refused("primary key", "that is checked later", LATER);
            }
            if !it.include.is_empty() {
                return refused("primary key", "with included columns", INCLUDE);
            }
        }
        Constraint::Unique(it) => {
            if it.deferrable != Deferrable::No {
                return refused("unique constraint", "that is checked later", LATER);
            }
            if !it.include.is_empty() {
                return refused("unique constraint", "with included columns", INCLUDE);
            }
            if it.nulls_not_distinct {
                let instead =
                    "a generated column that replaces NULL, and a unique constraint on it";
                return refused(
                    "unique constraint",
                    "that takes two NULLs for equal",
                    instead,
                );
            }
        }
        Constraint::ForeignKey(it) => return foreign_key(dialect, table, it),
        Constraint::Check(it) => {
            if !dialect.can.checks {
                let instead = "a trigger: this version reads checks without holding to them";
                return refused("check constraint", "that is held", instead);
            }
            if it.not_valid {
                let instead = "leave `not_valid` out: the rows that are there are looked at";
                return refused("check constraint", "without a look at the rows", instead);
            }
            if it.not_enforced && !dialect.can.not_enforced {
                let instead = "leave the check out: here one that is kept is held";
                return refused("check constraint", "that is not held", instead);
            }
            if it.no_inherit {
                let instead = "leave `no_inherit` out: no table inherits here";
                return refused("check constraint", "that is not inherited", instead);
            }
        }
        Constraint::Exclude(_) => {
            let instead = "a trigger that refuses the row with SIGNAL";
            return refused("exclusion constraint", "at all", instead);
        }
    }
    sql::constraint(dialect, constraint)
}

fn foreign_key(dialect: &Mysql, table: &QualifiedName, key: &ForeignKey) -> Result<String> {
    let refused = |what: &str, instead: &str| {
        let name = key
            .name
            .as_ref()
            .map_or_else(String::new, |it| format!(" {it}"));
        Err(dialect.unsupported(
            format!("create foreign key{name} on {table} {what}"),
            instead,
        ))
    };
    let mut key = key.clone();
    if key.deferrable != Deferrable::No {
        return refused(
            "that is checked later",
            "leave it immediate, and write the parent first",
        );
    }
    if key.match_full && key.columns.len() > 1 {
        return refused(
            "that matches in full",
            "a check that the columns are all NULL, or none",
        );
    }
    if key.not_valid {
        return refused(
            "without a look at the rows",
            "leave `not_valid` out: the rows that are there are looked at",
        );
    }
    if [key.on_delete, key.on_update].contains(&Action::SetDefault) {
        return refused("with SET DEFAULT", "SET NULL: InnoDB knows no other");
    }
    if key.referred.is_empty() {
        return refused("without the columns referred to", "name the columns");
    }
    key.match_full = false;
    // A table without a database is looked for where the referencing one is, and not in the connection's.
    if key.references.schema.is_none() && table.schema.is_some() {
        match &dialect.session.database {
            Some(database) => key.references.schema = Some(database.as_str().into()),
            None => {
                return refused(
                    "to a table of no database",
                    "name the database of both tables",
                );
            }
        }
    }
    sql::constraint(dialect, &Constraint::ForeignKey(key))
}

/// `CREATE TABLE …`: everything in one statement, since nothing undoes the first of two. Indexes come before foreign keys, which
/// otherwise bring indexes of their own.
pub(super) fn create_table(dialect: &Mysql, table: &Table, clause: &str) -> Result<String> {
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("create table {} {what}", table.name), instead))
    };
    if table.columns.is_empty() {
        return refused("without a column", "give it a column");
    }
    let mut lines = Vec::new();
    for it in &table.columns {
        if it.identity.is_some() && !leads_a_key(table, &it.name) {
            return refused(
                &format!("with the numbered column {}, which leads no key", it.name),
                "make the column the primary key, or put it first in a unique constraint or an index",
            );
        }
        lines.push(column(dialect, it)?);
    }
    let is_foreign = |it: &&Constraint| matches!(it, Constraint::ForeignKey(_));
    for it in table.constraints.iter().filter(|it| !is_foreign(it)) {
        lines.push(constraint(dialect, &table.name, it)?);
    }
    for it in &table.indexes {
        lines.push(indexes::inner(dialect, it)?);
    }
    for it in table.constraints.iter().filter(is_foreign) {
        lines.push(constraint(dialect, &table.name, it)?);
    }
    let temporary = if table.options.temporary {
        "TEMPORARY "
    } else {
        ""
    };
    let name = dialect.qualified(&table.name)?;
    let lines = lines.join(",\n    ");
    let options = options(dialect, table)?;
    Ok(format!(
        "CREATE {temporary}TABLE {clause}{name} (\n    {lines}\n){options}"
    ))
}

/// Whether a column is the first of a key, as one that is numbered must be.
pub(super) fn leads_a_key(table: &Table, column: &str) -> bool {
    let constraints = table.constraints.iter().any(|it| match it {
        Constraint::PrimaryKey(_) | Constraint::Unique(_) => {
            it.columns().first().is_some_and(|it| *it == *column)
        }
        _ => false,
    });
    constraints
        || table.indexes.iter().any(|it| {
            let first = it.parts.first().and_then(IndexPart::as_column);
            first.is_some_and(|it| *it == *column)
        })
}

/// What stands behind the closing parenthesis.
fn options(dialect: &Mysql, table: &Table) -> Result<String> {
    let options = &table.options;
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("create table {} {what}", table.name), instead))
    };
    if options.strict || options.without_rowid {
        return refused(
            "with SQLite's options",
            "leave STRICT and WITHOUT ROWID out",
        );
    }
    if options.unlogged {
        return refused("that is not logged", "an engine such as MEMORY");
    }
    if !options.inherits.is_empty() {
        return refused("that inherits", "repeat the columns");
    }
    if options.partition_of.is_some() {
        return refused(
            "as a partition of another",
            "the partitions in `partition_by` of that table",
        );
    }
    if options.method.is_some() {
        return refused("by a method of its own", "`engine(name)`");
    }
    if options.on_commit.is_some() {
        return refused(
            "that changes at the end of a transaction",
            "drop it, or delete its rows, at the end of the revision",
        );
    }
    if !options.parameters.is_empty() {
        return refused(
            "with PostgreSQL's storage parameters",
            "`option(name, value)`",
        );
    }
    let mut words = Vec::new();
    let start = table
        .columns
        .iter()
        .find_map(|it| it.identity.as_ref()?.start);
    if let Some(start) = start {
        words.push(format!("AUTO_INCREMENT={start}"));
    }
    if let Some(engine) = &options.engine {
        words.push(format!("ENGINE={engine}"));
    }
    if let Some(charset) = &options.charset {
        words.push(format!("DEFAULT CHARSET={}", dialect.quote(charset)?));
    }
    if let Some(collation) = &options.collation {
        words.push(format!("COLLATE={}", dialect.quote(collation)?));
    }
    if let Some(comment) = &table.comment {
        words.push(format!("COMMENT={}", dialect.string(comment)?));
    }
    if let Some(tablespace) = &options.tablespace {
        if !dialect.can.tablespaces {
            return refused("in a tablespace", "leave it out, or say `DATA DIRECTORY`");
        }
        words.push(format!("TABLESPACE {}", dialect.quote(tablespace)?));
    }
    for (name, value) in &options.others {
        words.push(format!("{name}={value}"));
    }
    if let Some(partitions) = &options.partition_by {
        words.push(format!("PARTITION BY {}", partitions.written));
    }
    let words: String = words.iter().map(|it| format!(" {it}")).collect();
    Ok(words)
}
