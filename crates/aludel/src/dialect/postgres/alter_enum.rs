//! Another list of values for an enum type, where values go or change places: the type is made anew.
//!
//! Its columns are led over by their text, and what names the type in an expression is dropped before and made again behind.

use super::{Postgres, alter_column, loose};
use crate::error::{Error, Result};
use crate::ops::{AlterEnum, CreateIndex, Op};
use crate::schema::{Column, Constraint, Index, IndexKey, Schema, Table, Type};
use crate::sql::{self, Spell, Statement};

/// The statements that make the type anew. `before` holds all tables.
pub(super) fn rebuild(
    dialect: &Postgres,
    op: &AlterEnum,
    before: &Schema,
) -> Result<Vec<Statement>> {
    let to = op.to();
    let name = dialect.qualified(&to.name)?;
    let old = dialect.quote(&interim(&to.name.name))?;
    let old_name = match &to.name.schema {
        Some(schema) => format!("{}.{old}", dialect.quote(schema)?),
        None => old.clone(),
    };
    let values: Result<Vec<String>> = to.values.iter().map(|it| dialect.string(it)).collect();
    let mut first = Vec::new();
    let mut last = Vec::new();
    let mut columns = Vec::new();
    for table in before.tables.values() {
        let own = |it: &&Column| has_type(it, op) && !is_inherited(it, table, before);
        let users: Vec<&Column> = table.columns.iter().filter(own).collect();
        if users.is_empty() {
            continue;
        }
        refuse_generated(table, &users, op)?;
        set_aside(dialect, table, &users, op, &mut first, &mut last)?;
        columns.push(lead_over(dialect, table, &users)?);
    }
    let mut sql = first;
    sql.push(format!("ALTER TYPE {name} RENAME TO {old}"));
    sql.push(format!(
        "CREATE TYPE {name} AS ENUM ({})",
        values?.join(", ")
    ));
    sql.extend(columns);
    sql.push(format!("DROP TYPE {old_name}"));
    sql.extend(last);
    Ok(sql.into_iter().map(Statement::from).collect())
}

/// Whether a column changes with the one of a table that this one inherits from, or is a part of.
fn is_inherited(column: &Column, table: &Table, before: &Schema) -> bool {
    let options = &table.options;
    let whole = options.partition_of.iter().map(|it| &it.parent);
    let mut parents = whole
        .chain(&options.inherits)
        .filter_map(|it| before.tables.get(it));
    parents.any(|it| it.has_column(&column.name))
}

/// The name of the old type in the meantime, within what is kept of a name.
fn interim(name: &str) -> String {
    let mut kept = name;
    while kept.len() > super::LONGEST_NAME - "aludel_old_".len() {
        let mut chars = kept.chars();
        chars.next_back();
        kept = chars.as_str();
    }
    format!("aludel_old_{kept}")
}

fn has_type(column: &Column, op: &AlterEnum) -> bool {
    let ty = column.ty.written.as_enum();
    ty.is_some_and(|it| it.name == op.from.name)
}

/// Whether an expression depends on the type, by its name or by a column that has it.
fn depends(text: &str, users: &[&Column], op: &AlterEnum) -> bool {
    loose::names(text, &op.from.name.name) || users.iter().any(|it| loose::names(text, &it.name))
}

fn refuse_generated(table: &Table, users: &[&Column], op: &AlterEnum) -> Result<()> {
    let computed = table.columns.iter().find(|it| {
        let generated = it.generated.as_ref();
        generated.is_some_and(|it| depends(it.expr.written.as_str(), users, op))
    });
    match computed {
        Some(column) => Err(Error::Rebuild {
            table: table.name.clone(),
            reason: format!(
                "the generated column `{}` depends on the type `{}`: drop it before, and add it again behind",
                column.name, op.from.name
            ),
        }),
        None => Ok(()),
    }
}

/// What stands in the way of a column's new type goes before, and comes back behind: checks and indexes whose expressions
/// compare the column with values of the old type, and foreign keys, which refer to a column that has its turn earlier or later.
fn set_aside(
    dialect: &Postgres,
    table: &Table,
    users: &[&Column],
    op: &AlterEnum,
    first: &mut Vec<String>,
    last: &mut Vec<String>,
) -> Result<()> {
    let name = dialect.qualified(&table.name)?;
    for constraint in &table.constraints {
        let stands_in_the_way = match constraint {
            Constraint::Check(check) => depends(check.expr.written.as_str(), users, op),
            Constraint::ForeignKey(key) => users.iter().any(|it| key.columns.contains(&it.name)),
            _ => false,
        };
        if !stands_in_the_way {
            continue;
        }
        let Some(constraint_name) = constraint.name() else {
            return Err(Error::Rebuild {
                table: table.name.clone(),
                reason: format!(
                    "a constraint without a name depends on the type `{}`",
                    op.from.name
                ),
            });
        };
        let quoted = dialect.quote(constraint_name)?;
        first.push(format!("ALTER TABLE {name} DROP CONSTRAINT {quoted}"));
        let again = sql::constraint(dialect, constraint)?;
        let not_valid = if is_not_valid(constraint) {
            " NOT VALID"
        } else {
            ""
        };
        last.push(format!("ALTER TABLE {name} ADD {again}{not_valid}"));
    }
    for index in table
        .indexes
        .iter()
        .filter(|it| index_depends(it, users, op))
    {
        let quoted = dialect.index_name(&table.name, &index.name)?;
        first.push(format!("DROP INDEX {quoted}"));
        let again = CreateIndex::new(table.name.clone(), index.clone());
        last.extend(again.sql(dialect)?.into_iter().map(|it| it.sql));
    }
    Ok(())
}

/// Whether the rows that are there were never held to it.
fn is_not_valid(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::Check(check) => check.not_valid,
        Constraint::ForeignKey(key) => key.not_valid,
        _ => false,
    }
}

fn index_depends(index: &Index, users: &[&Column], op: &AlterEnum) -> bool {
    let predicate = index.predicate.iter();
    let keys = index.parts.iter().filter_map(|part| match &part.key {
        IndexKey::Expr(expr) => Some(expr),
        IndexKey::Column(_) => None,
    });
    let mut texts = predicate.chain(keys);
    texts.any(|it| depends(it.written.as_str(), users, op))
}

/// All columns of a table in one statement, so that it is rewritten once.
fn lead_over(dialect: &Postgres, table: &Table, users: &[&Column]) -> Result<String> {
    let mut actions = Vec::new();
    for column in users {
        let quoted = dialect.quote(&column.name)?;
        let alter = format!("ALTER COLUMN {quoted}");
        let default = column.default.as_ref();
        if default.is_some() {
            actions.push(format!("{alter} DROP DEFAULT"));
        }
        let ty = dialect.spell_type(&column.ty.written)?;
        let text = if matches!(column.ty.written, Type::Array(_)) {
            "text[]"
        } else {
            "text"
        };
        actions.push(format!("{alter} TYPE {ty} USING {quoted}::{text}::{ty}"));
        if let Some(default) = default {
            let default = alter_column::portable(default.written.as_str(), Some(column));
            actions.push(format!("{alter} SET DEFAULT {default}"));
        }
    }
    let name = dialect.qualified(&table.name)?;
    Ok(format!("ALTER TABLE {name} {}", actions.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interim_name_is_kept_whole() {
        assert_eq!(interim("status"), "aludel_old_status");
        assert!(interim(&"ü".repeat(31)).len() <= 63);
    }
}
