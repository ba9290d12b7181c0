//! How indexes are spelled, and what they cannot have.

use super::{Mysql, text};
use crate::error::Result;
use crate::ops::{CommentOn, Op};
use crate::schema::{
    Constraint, Expr, Ident, Index, IndexKey, IndexPart, QualifiedName, Schema, Table,
};
use crate::sql::{self, Spell};

/// The keys of an index, in parentheses.
fn parts(dialect: &Mysql, index: &Index) -> Result<String> {
    let parts: Result<Vec<String>> = index
        .parts
        .iter()
        .map(|it| part(dialect, index, it))
        .collect();
    Ok(format!("({})", parts?.join(", ")))
}

fn part(dialect: &Mysql, index: &Index, part: &IndexPart) -> Result<String> {
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("create index {} {what}", index.name), instead))
    };
    if part.opclass.is_some() {
        return refused("by an operator class", "leave `opclass` out");
    }
    if part.collation.is_some() {
        return refused("by a collation of its own", "a column of that collation");
    }
    if part.nulls.is_some() {
        return refused(
            "with NULLs in a place of their own",
            "leave NULLS FIRST or LAST out",
        );
    }
    if part.descending && !dialect.can.descending_indexes {
        return refused(
            "in descending order",
            "leave `desc` out: this version reads it without holding to it",
        );
    }
    let mut sql = match &part.key {
        IndexKey::Column(name) => dialect.quote(name)?,
        IndexKey::Expr(_) if !dialect.can.expression_indexes => {
            return refused(
                "on an expression",
                "a generated column, and an index on that",
            );
        }
        IndexKey::Expr(expr) => {
            let expr: Expr = text::bare(expr.written.as_str()).into();
            format!("({})", sql::expression(&expr))
        }
    };
    if let Some(length) = part.length {
        sql += &format!("({length})");
    }
    if part.descending {
        sql += " DESC";
    }
    Ok(sql)
}

/// Refuses what an index cannot have here.
fn refuse(dialect: &Mysql, index: &Index) -> Result<()> {
    let refused = |what: &str, instead: &str| {
        Err(dialect.unsupported(format!("create index {} {what}", index.name), instead))
    };
    let method = index.method.as_deref().unwrap_or("btree");
    if !["btree", "hash"].contains(&method.to_ascii_lowercase().as_str()) {
        return refused(
            &format!("by the method {method}"),
            "leave the method out, or say a class",
        );
    }
    if index.predicate.is_some() {
        return refused(
            "on some of the rows",
            "a generated column that is NULL in the other rows, and an index on that",
        );
    }
    if !index.include.is_empty() {
        return refused("with included columns", "add the columns to its keys");
    }
    if index.nulls_not_distinct {
        return refused(
            "that takes two NULLs for equal",
            "a generated column that replaces NULL, and an index on that",
        );
    }
    if !index.parameters.is_empty() || index.tablespace.is_some() {
        return refused("with storage parameters", "options of the table");
    }
    if index.unique && index.class.is_some() {
        return refused("of a class, and unique", "leave one of the two out");
    }
    Ok(())
}

/// What stands before `INDEX`.
fn kind(index: &Index) -> String {
    match (index.class, index.unique) {
        (Some(class), _) => format!("{} ", class.sql()),
        (None, true) => "UNIQUE ".into(),
        (None, false) => String::new(),
    }
}

/// What stands behind the keys.
fn tail(dialect: &Mysql, index: &Index) -> Result<String> {
    let mut sql = String::new();
    if let Some(method) = &index.method {
        sql += &format!(" USING {}", method.to_ascii_uppercase());
    }
    if let Some(parser) = &index.parser {
        sql += &format!(" WITH PARSER {}", dialect.quote(parser)?);
    }
    if let Some(comment) = &index.comment {
        sql += &format!(" COMMENT {}", dialect.string(comment)?);
    }
    if index.invisible {
        let Some(word) = dialect.can.invisible_index else {
            return Err(dialect.unsupported(
                format!("create index {} that no query uses", index.name),
                "leave `invisible` out, or the index: this version has none",
            ));
        };
        sql += &format!(" {word}");
    }
    Ok(sql)
}

/// `CREATE INDEX …`.
pub(super) fn create(
    dialect: &Mysql,
    table: &QualifiedName,
    index: &Index,
    clause: &str,
) -> Result<String> {
    refuse(dialect, index)?;
    Ok(format!(
        "CREATE {}INDEX {clause}{} ON {} {}{}",
        kind(index),
        dialect.quote(&index.name)?,
        dialect.qualified(table)?,
        parts(dialect, index)?,
        tail(dialect, index)?
    ))
}

/// `INDEX …`, as it stands in `CREATE TABLE`.
pub(super) fn inner(dialect: &Mysql, index: &Index) -> Result<String> {
    refuse(dialect, index)?;
    Ok(format!(
        "{}INDEX {} {}{}",
        kind(index),
        dialect.quote(&index.name)?,
        parts(dialect, index)?,
        tail(dialect, index)?
    ))
}

/// The comment of an index is a part of what it is: it is made anew. The table is the one that has an index of that name.
pub(super) fn comment(
    dialect: &Mysql,
    op: &CommentOn,
    name: &QualifiedName,
    before: &Schema,
) -> Result<String> {
    let home = name.schema.as_ref();
    let own = dialect.session.database.as_deref();
    let home = home.filter(|it| own != Some(it.as_str()));
    let tables = before
        .tables
        .values()
        .filter(|it| it.name.schema.as_ref() == home);
    let mut found = tables.filter_map(|it| Some((it, of_table(it, &name.name)?)));
    let (Some((table, mut index)), None) = (found.next(), found.next()) else {
        return Err(dialect.unsupported(
            format!("{}: not one table is known to have it", op.summary()),
            "drop the index, and create it with its `comment`",
        ));
    };
    index.comment = op.comment.clone().filter(|it| !it.is_empty());
    Ok(format!(
        "ALTER TABLE {} DROP INDEX {}, ADD {}",
        dialect.qualified(&table.name)?,
        dialect.quote(&index.name)?,
        inner(dialect, &index)?
    ))
}

/// An index of a table, by name; a unique constraint is one.
fn of_table(table: &Table, name: &Ident) -> Option<Index> {
    match table.find_constraint(name) {
        Some(Constraint::Unique(it)) => Some(Index::new(name.clone(), it.columns.clone()).unique()),
        _ => table.find_index(name).cloned(),
    }
}
