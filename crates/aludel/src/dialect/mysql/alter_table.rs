//! Every operation in the words of MySQL and MariaDB; what they say in the standard way falls through.

use super::{Mysql, alter_column, ddl, drop, indexes, options, tables};
use crate::dialect::Needs;
use crate::error::Result;
use crate::ops::condition::clause;
use crate::ops::{AddColumn, AlterEnum, CommentTable, Op, Operation, RenameTable};
use crate::schema::{Constraint, Ident, Object, QualifiedName, Schema, Spelled, Table, Type};
use crate::sql::{Spell, Statement};

/// What must be known of the database to spell an operation.
pub(super) fn needs(dialect: &Mysql, operation: &Operation) -> Needs {
    let table = match operation {
        Operation::AlterColumn(it) if alter_column::needs_table(dialect, it) => &it.table,
        Operation::DropColumn(it) => &it.table,
        Operation::DropConstraint(it) => &it.table,
        Operation::DropIndex(it) => &it.table,
        Operation::CommentOn(it) => match &it.object {
            Object::Column(table, _) => table,
            // It does not say its table.
            Object::Index(_) => return Needs::Everything,
            _ => return Needs::Nothing,
        },
        Operation::RenameConstraint(it) => &it.table,
        Operation::AlterEnum(_) => return Needs::Everything,
        _ => return Needs::Nothing,
    };
    Needs::Tables(vec![table.clone()])
}

/// The statements of an operation.
pub(super) fn statements(
    dialect: &Mysql,
    operation: &Operation,
    before: &Schema,
) -> Result<Vec<Statement>> {
    let add = |table: &QualifiedName, it: Constraint| add_constraint(dialect, table, &it);
    match operation {
        Operation::CreateTable(it) => {
            one(ddl::create_table(dialect, &it.table, clause(it, dialect))?)
        }
        Operation::SetTableOptions(it) => options::set(dialect, it),
        Operation::RenameIndex(it) => tables::rename_index(dialect, it),
        Operation::RenameConstraint(it) => tables::rename_constraint(dialect, it, before),
        Operation::RenameTable(it) => rename_table(dialect, it),
        Operation::CommentTable(it) => comment_table(dialect, it),
        Operation::AddColumn(it) => add_column(dialect, it),
        Operation::AlterColumn(it) => alter_column::statements(dialect, it, before),
        Operation::DropColumn(it) => drop::column(dialect, it, before),
        Operation::CreateIndex(it) => {
            let clause = clause(it, dialect);
            one(indexes::create(dialect, &it.table, &it.index, clause)?)
        }
        Operation::DropIndex(it) => drop::index(dialect, it, before),
        Operation::CreatePrimaryKey(it) => add(&it.table, it.key.clone().into()),
        Operation::CreateUniqueConstraint(it) => add(&it.table, it.unique.clone().into()),
        Operation::CreateForeignKey(it) => add(&it.table, it.key.clone().into()),
        Operation::CreateCheckConstraint(it) => add(&it.table, it.check.clone().into()),
        Operation::CreateExclusionConstraint(it) => add(&it.table, it.exclude.clone().into()),
        Operation::DropConstraint(it) => drop::constraint(dialect, it, before),
        // An enum type lives in the columns that have it.
        Operation::CreateEnum(_) | Operation::DropEnum(_) => Ok(Vec::new()),
        Operation::AlterEnum(it) => alter_enum(dialect, it, before),
        other => other.sql(dialect),
    }
}

pub(super) fn one(sql: String) -> Result<Vec<Statement>> {
    Ok(vec![sql.into()])
}

pub(super) fn add_constraint(
    dialect: &Mysql,
    table: &QualifiedName,
    constraint: &Constraint,
) -> Result<Vec<Statement>> {
    let constraint = ddl::constraint(dialect, table, constraint)?;
    one(format!(
        "ALTER TABLE {} ADD {constraint}",
        dialect.qualified(table)?
    ))
}

/// A name without a database would mean the connection's own, and move the table there.
fn rename_table(dialect: &Mysql, op: &RenameTable) -> Result<Vec<Statement>> {
    let to = dialect.qualified(&op.table.renamed(op.to.clone()))?;
    one(format!(
        "ALTER TABLE {} RENAME TO {to}",
        dialect.qualified(&op.table)?
    ))
}

pub(super) fn comment_table(dialect: &Mysql, op: &CommentTable) -> Result<Vec<Statement>> {
    let text = dialect.string(op.comment.as_deref().unwrap_or_default())?;
    one(format!(
        "ALTER TABLE {} COMMENT {text}",
        dialect.qualified(&op.table)?
    ))
}

/// A numbered column must be a key from the moment on that it is there.
fn add_column(dialect: &Mysql, op: &AddColumn) -> Result<Vec<Statement>> {
    if op.column.identity.is_some() && op.primary_key.is_none() {
        return Err(dialect.unsupported(
            format!("{}, a numbered column that is no key yet", op.summary()),
            "say `with_primary_key`; or add it without `identity`, make it a key, and then `alter_column(..).set_identity(..)`",
        ));
    }
    let column = dialect.column(&op.column)?;
    one(format!(
        "ALTER TABLE {} ADD COLUMN {}{column}{}{}",
        dialect.qualified(&op.table)?,
        clause(op, dialect),
        tables::position(dialect, op.position.as_ref())?,
        op.key_sql(dialect)?
    ))
}

/// Every column that has the type is said again with the new values. What was inspected has no name of the type: there, columns
/// with exactly the type's values have it.
fn alter_enum(dialect: &Mysql, op: &AlterEnum, before: &Schema) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    for table in before.tables.values() {
        if table.name.schema != op.from.name.schema {
            continue;
        }
        for column in having(dialect, table, op) {
            let mut new = match table.find_column(&column) {
                Some(column) => column.clone(),
                None => continue,
            };
            new.ty = Spelled::new(Type::Enum(op.to()));
            statements.push(alter_column::restated(dialect, table, &column, &new)?.into());
        }
    }
    Ok(statements)
}

fn having(dialect: &Mysql, table: &Table, op: &AlterEnum) -> Vec<Ident> {
    let canonical = super::types::canonical(dialect, &Type::Enum(op.from.clone()));
    let has = |ty: &Type| match ty {
        Type::Enum(it) => it.name == op.from.name,
        Type::Custom(text) => super::types::canonical_text(text) == canonical,
        _ => false,
    };
    let columns = table.columns.iter().filter(|it| has(&it.ty.written));
    columns.map(|it| it.name.clone()).collect()
}
