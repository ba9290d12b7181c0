//! Fragments: the clauses that several statements share, in their standard spelling.

use super::{Spell, Statement};
use crate::error::Result;
use crate::schema::{
    Action, Column, Constraint, Deferrable, Expr, ForeignKey, Ident, Index, IndexKey, Nulls, Table,
};

/// `a, b` of quoted names.
pub fn columns(spell: &dyn Spell, names: &[Ident]) -> Result<String> {
    let quoted: Result<Vec<_>> = names.iter().map(|name| spell.quote(name)).collect();
    Ok(quoted?.join(", "))
}

/// `(a, b)` of quoted names.
pub fn column_list(spell: &dyn Spell, names: &[Ident]) -> Result<String> {
    Ok(format!("({})", columns(spell, names)?))
}

/// An expression with more behind it: one that ends in a comment must not swallow that.
pub fn expression(expr: &Expr) -> String {
    match expr.as_str().contains("--") {
        true => format!("{expr}\n"),
        false => expr.to_string(),
    }
}

/// ` DEFAULT …` of a column, or nothing.
pub fn column_default(column: &Column) -> String {
    match &column.default {
        Some(default) => format!(" DEFAULT {}", expression(&default.written)),
        None => String::new(),
    }
}

/// `COMMENT ON COLUMN …`, if the column has a comment; `table` is quoted already.
pub fn column_comment(
    spell: &dyn Spell,
    table: &str,
    column: &Column,
) -> Result<Option<Statement>> {
    let Some(comment) = &column.comment else {
        return Ok(None);
    };
    let name = spell.quote(&column.name)?;
    let text = spell.string(comment)?;
    Ok(Some(
        format!("COMMENT ON COLUMN {table}.{name} IS {text}").into(),
    ))
}

/// A constraint as it stands in `CREATE TABLE` and behind `ADD`: `CONSTRAINT uq UNIQUE (a)`.
pub fn constraint(spell: &dyn Spell, constraint: &Constraint) -> Result<String> {
    let mut sql = match constraint.name() {
        Some(name) => format!("CONSTRAINT {} ", spell.quote(name)?),
        None => String::new(),
    };
    match constraint {
        Constraint::PrimaryKey(it) => {
            sql += &format!("PRIMARY KEY {}", column_list(spell, &it.columns)?);
            sql += &conflict(it.on_conflict);
        }
        Constraint::Unique(it) => {
            sql += "UNIQUE ";
            if it.nulls_not_distinct {
                sql += "NULLS NOT DISTINCT ";
            }
            sql += &column_list(spell, &it.columns)?;
            sql += deferrable(it.deferrable);
            sql += &conflict(it.on_conflict);
        }
        Constraint::ForeignKey(it) => {
            sql += &format!("FOREIGN KEY {} ", column_list(spell, &it.columns)?);
            sql += &foreign_key_tail(spell, it)?;
        }
        Constraint::Check(it) => sql += &format!("CHECK ({})", expression(&it.expr.written)),
    }
    Ok(sql)
}

/// `REFERENCES …` with its actions.
pub fn foreign_key_tail(spell: &dyn Spell, key: &ForeignKey) -> Result<String> {
    let mut sql = format!("REFERENCES {}", spell.qualified(&key.references)?);
    if !key.referred.is_empty() {
        sql += &format!(" {}", column_list(spell, &key.referred)?);
    }
    if key.match_full {
        sql += " MATCH FULL";
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != Action::NoAction {
            sql += &format!(" ON {event} {}", action.sql());
        }
    }
    sql += deferrable(key.deferrable);
    Ok(sql)
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn conflict(resolution: Option<crate::schema::OnConflict>) -> String {
    resolution.map_or_else(String::new, |it| format!(" ON CONFLICT {}", it.sql()))
}

/// The keys of an index, in parentheses.
pub fn index_parts(spell: &dyn Spell, index: &Index) -> Result<String> {
    let mut parts = Vec::new();
    for part in &index.parts {
        let mut sql = match &part.key {
            IndexKey::Column(name) => spell.quote(name)?,
            IndexKey::Expr(expr) => format!("({})", expression(&expr.written)),
        };
        if let Some(collation) = &part.collation {
            sql += &format!(" COLLATE {}", spell.quote(collation)?);
        }
        if let Some(opclass) = &part.opclass {
            sql += &format!(" {opclass}");
        }
        if part.descending {
            sql += " DESC";
        }
        sql += match part.nulls {
            Some(Nulls::First) => " NULLS FIRST",
            Some(Nulls::Last) => " NULLS LAST",
            None => "",
        };
        parts.push(sql);
    }
    Ok(format!("({})", parts.join(", ")))
}

/// `CREATE INDEX …`; `name` is the index's name as the dialect wants it there, already quoted.
pub fn create_index(spell: &dyn Spell, name: &str, table: &str, index: &Index) -> Result<String> {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql = format!("CREATE {unique}INDEX {name} ON {table}");
    if let Some(method) = &index.method {
        sql += &format!(" USING {}", spell.quote(method)?);
    }
    sql += &format!(" {}", index_parts(spell, index)?);
    if !index.include.is_empty() {
        sql += &format!(" INCLUDE {}", column_list(spell, &index.include)?);
    }
    if index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    if let Some(predicate) = &index.predicate {
        sql += &format!(" WHERE {}", predicate.written);
    }
    Ok(sql)
}

/// `CREATE TABLE …` with columns and constraints, without what follows the closing parenthesis.
pub fn create_table(spell: &dyn Spell, table: &Table) -> Result<String> {
    let mut lines = Vec::new();
    for column in &table.columns {
        lines.push(spell.column(column)?);
    }
    for it in &table.constraints {
        lines.push(constraint(spell, it)?);
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}")).collect();
    let name = spell.qualified(&table.name)?;
    Ok(match lines.is_empty() {
        true => format!("CREATE TABLE {name} ()"),
        false => format!("CREATE TABLE {name} (\n{}\n)", lines.join(",\n")),
    })
}
