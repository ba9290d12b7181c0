//! Dropping: each kind of constraint has its own word for it, and an index that a foreign key needs cannot go without another.

use super::alter_table::one;
use super::{Mysql, alter_column, own_index};
use crate::error::Result;
use crate::ops::condition::clause;
use crate::ops::{
    DropColumn, DropConstraint, DropIndex, Op, drop_column::mentions, drop_constraint::Dropped,
};
use crate::schema::{
    Constraint, ForeignKey, Ident, Index, IndexKey, IndexPart, NamingConvention, QualifiedName,
    Schema, Table,
};
use crate::sql::{Spell, Statement};

/// Drops a constraint. Its kind is that of the table as it is.
pub(super) fn constraint(
    dialect: &Mysql,
    op: &DropConstraint,
    before: &Schema,
) -> Result<Vec<Statement>> {
    let Some(table) = dialect.known(before, &op.table) else {
        return Err(unknown(dialect, op, "the table is not known"));
    };
    let Some(found) = meant(op, table) else {
        return Err(unknown(dialect, op, "the table is not known to have it"));
    };
    let alter = format!("ALTER TABLE {}", dialect.qualified(&op.table)?);
    if let Constraint::Check(check) = found
        && check.name.is_none()
        && let Some(sql) = without_check(dialect, table, check.expr.written.as_str())?
    {
        return one(sql);
    }
    let drops = drops(dialect, op, table, found)?;
    one(format!("{alter} {}", drops.join(", ")))
}

/// Without the table there is no telling a check from a foreign key.
fn unknown(dialect: &Mysql, op: &DropConstraint, why: &str) -> crate::Error {
    dialect.unsupported(
        format!(
            "{}: {why}, and each kind is dropped in its own words",
            op.summary()
        ),
        "start the script where the constraint is created, or say it with `execute`",
    )
}

/// The constraint that is meant. A primary key keeps no name of its own: it answers to `PRIMARY`, and to what the naming
/// convention would call it.
fn meant<'t>(op: &DropConstraint, table: &'t Table) -> Option<&'t Constraint> {
    let name = match &op.constraint {
        Dropped::Unnamed(it) => return table.constraints.iter().find(|other| **other == **it),
        Dropped::Named(name) => name,
    };
    let by_name = table
        .constraints
        .iter()
        .rev()
        .find(|it| it.name() == Some(name));
    by_name.or_else(|| {
        let is_key = *name == "PRIMARY" || *name == key_name(&table.name);
        let mut keys = table.constraints.iter();
        keys.find(|it| is_key && matches!(it, Constraint::PrimaryKey(_)))
    })
}

/// What the naming convention calls the primary key of a table.
pub(super) fn key_name(table: &QualifiedName) -> Ident {
    let pattern = NamingConvention::default().primary_key;
    NamingConvention::fill(&pattern, &table.name, &[], "")
}

fn drops(
    dialect: &Mysql,
    op: &DropConstraint,
    table: &Table,
    it: &Constraint,
) -> Result<Vec<String>> {
    let name = match it.name() {
        Some(name) => dialect.quote(name)?,
        None => String::new(),
    };
    Ok(match it {
        Constraint::PrimaryKey(key) => {
            let mut parts = instead_of(dialect, table, &key.columns, Without::PrimaryKey)?;
            parts.push("DROP PRIMARY KEY".into());
            parts
        }
        _ if name.is_empty() => return Err(unknown(dialect, op, "it has no name")),
        Constraint::Unique(_) => without_index(dialect, table, it.columns(), it.name())?,
        Constraint::ForeignKey(key) => {
            let mut drops = vec![format!("DROP FOREIGN KEY {name}")];
            let stays = |it: &ForeignKey| it.name != key.name;
            drops.extend(own_index::without(dialect, table, key, stays)?);
            drops
        }
        Constraint::Check(_) | Constraint::Exclude(_) => {
            vec![format!("{} {name}", dialect.can.drop_check)]
        }
    })
}

/// A check without a name that belongs to a column goes when the column is said without it.
fn without_check(dialect: &Mysql, table: &Table, expr: &str) -> Result<Option<String>> {
    let mut checks = table.source.column_checks.iter();
    let Some((name, _)) = checks.find(|(_, it)| *it == expr) else {
        return Ok(None);
    };
    let Some(column) = table.find_column(name) else {
        return Ok(None);
    };
    let mut bare = table.clone();
    bare.source.column_checks.clear();
    alter_column::restated(dialect, &bare, name, column).map(Some)
}

/// Whether an index of these columns serves a foreign key: its first keys are the key's columns.
pub(super) fn serves(columns: &[Ident], key: &ForeignKey) -> bool {
    columns.starts_with(&key.columns)
}

/// The columns of an index, if it is on nothing else.
fn plain_columns(index: &Index) -> Option<Vec<Ident>> {
    let column = |it: &IndexPart| it.as_column().filter(|_| it.length.is_none()).cloned();
    let plain = index.class.is_none() && !index.parts.is_empty();
    index
        .parts
        .iter()
        .map(column)
        .collect::<Option<_>>()
        .filter(|_| plain)
}

/// What is looked away from.
#[derive(Clone, Copy)]
pub(super) enum Without<'i> {
    Nothing,
    Index(Option<&'i Ident>),
    PrimaryKey,
}

/// Whether anything else serves a foreign key.
pub(super) fn is_served(table: &Table, key: &ForeignKey, without: Without<'_>) -> bool {
    let counts = |name: Option<&Ident>| match without {
        Without::Index(but) => name != but,
        _ => true,
    };
    let by_constraint = table.constraints.iter().any(|it| match it {
        Constraint::PrimaryKey(it) => {
            !matches!(without, Without::PrimaryKey) && serves(&it.columns, key)
        }
        Constraint::Unique(it) => counts(it.name.as_ref()) && serves(&it.columns, key),
        _ => false,
    });
    let serves = |it: &Index| plain_columns(it).is_some_and(|it| serves(&it, key));
    let mut indexes = table.indexes.iter();
    by_constraint || indexes.any(|it| counts(Some(&it.name)) && serves(it))
}

/// Drops an index.
pub(super) fn index(dialect: &Mysql, op: &DropIndex, before: &Schema) -> Result<Vec<Statement>> {
    let table = dialect.qualified(&op.table)?;
    let known = dialect.known(before, &op.table);
    let columns = known.and_then(|it| columns_of(it, &op.name));
    if let (Some(known), Some(columns)) = (known, columns) {
        let drops = without_index(dialect, known, &columns, Some(&op.name))?;
        if drops.len() > 1 {
            return one(format!("ALTER TABLE {table} {}", drops.join(", ")));
        }
    }
    one(format!(
        "DROP INDEX {}{} ON {table}",
        clause(op, dialect),
        dialect.quote(&op.name)?
    ))
}

fn columns_of(table: &Table, index: &Ident) -> Option<Vec<Ident>> {
    match table.find_constraint(index) {
        Some(Constraint::Unique(it)) => Some(it.columns.clone()),
        _ => plain_columns(table.find_index(index)?),
    }
}

/// `DROP INDEX`, behind what the foreign keys need in its place.
fn without_index(
    dialect: &Mysql,
    table: &Table,
    columns: &[Ident],
    name: Option<&Ident>,
) -> Result<Vec<String>> {
    let mut parts = instead_of(dialect, table, columns, Without::Index(name))?;
    let name = name.map_or_else(|| Ok(String::new()), |it| dialect.quote(it))?;
    parts.push(format!("DROP INDEX {name}"));
    Ok(parts)
}

/// An index under the name of each foreign key that would be left without one.
fn instead_of(
    dialect: &Mysql,
    table: &Table,
    columns: &[Ident],
    without: Without<'_>,
) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    for key in table.foreign_keys() {
        if serves(columns, key) && !is_served(table, key, without) {
            parts.extend(own_index::kept(dialect, table, key)?);
        }
    }
    Ok(parts)
}

/// Drops a column, with the table's own constraints and indexes that involve it, of which the database refuses some and only
/// shortens others.
pub(super) fn column(dialect: &Mysql, op: &DropColumn, before: &Schema) -> Result<Vec<Statement>> {
    let column = dialect.quote(&op.column)?;
    let mut parts = Vec::new();
    if let Some(table) = dialect.known(before, &op.table) {
        parts = involved(dialect, table, &op.column)?;
    }
    let clause = clause(op, dialect);
    parts.push(format!("DROP COLUMN {clause}{column}"));
    one(format!(
        "ALTER TABLE {} {}",
        dialect.qualified(&op.table)?,
        parts.join(", ")
    ))
}

fn involved(dialect: &Mysql, table: &Table, column: &Ident) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    let quoted = |name: &Option<Ident>| match name {
        Some(name) => dialect.quote(name),
        None => Ok(String::new()),
    };
    for it in table
        .foreign_keys()
        .filter(|it| it.columns.contains(column))
    {
        parts.push(format!("DROP FOREIGN KEY {}", quoted(&it.name)?));
        let stays = |it: &ForeignKey| !it.columns.contains(column);
        let more = own_index::without(dialect, table, it, stays)?;
        parts.extend(
            more.into_iter()
                .filter(|it| !parts.contains(it))
                .collect::<Vec<_>>(),
        );
    }
    let of_column = |it: &str| mentions(it, column);
    for it in &table.constraints {
        match it {
            // A key, or an index, of the column alone goes with it.
            Constraint::PrimaryKey(it) if it.columns.len() > 1 && it.columns.contains(column) => {
                parts.push("DROP PRIMARY KEY".into());
            }
            Constraint::Unique(it) if it.columns.len() > 1 && it.columns.contains(column) => {
                parts.push(format!("DROP INDEX {}", quoted(&it.name)?));
            }
            Constraint::Check(it) if it.name.is_some() && of_column(it.expr.written.as_str()) => {
                parts.push(format!("{} {}", dialect.can.drop_check, quoted(&it.name)?));
            }
            _ => {}
        }
    }
    for it in &table.indexes {
        let uses = it.parts.iter().any(|part| match &part.key {
            IndexKey::Column(name) => name == column && it.parts.len() > 1,
            IndexKey::Expr(expr) => of_column(expr.written.as_str()),
        });
        if uses {
            parts.push(format!("DROP INDEX {}", dialect.quote(&it.name)?));
        }
    }
    Ok(parts)
}
