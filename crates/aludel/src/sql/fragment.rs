//! Fragments: the clauses that several statements share, in their standard spelling.

use super::{Spell, Statement};
use crate::error::Result;
use crate::schema::{
    Action, Column, Constraint, Deferrable, Exclude, Expr, ForeignKey, Ident, Index, IndexKey,
    IndexPart, Nulls, Table,
};
use std::collections::BTreeMap;

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
    closed(expr.as_str())
}

/// SQL text with more behind it, on a line of its own if it may end in a comment. What begins like a comment of MySQL is
/// an operator elsewhere (`data #> path`), which such a line does no harm; the common ones are told apart all the same.
pub fn closed(text: &str) -> String {
    let operators = ['>', '-', '=', '#'];
    let may_comment = |at: usize| !text[at + 1..].starts_with(operators);
    let comment = text.contains("--") || text.match_indices('#').any(|(at, _)| may_comment(at));
    match comment {
        true => format!("{text}\n"),
        false => text.to_string(),
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
            sql += &include(spell, &it.include)?;
            sql += deferrable(it.deferrable);
            sql += &conflict(it.on_conflict);
        }
        Constraint::Unique(it) => {
            sql += "UNIQUE ";
            if it.nulls_not_distinct {
                sql += "NULLS NOT DISTINCT ";
            }
            sql += &column_list(spell, &it.columns)?;
            sql += &include(spell, &it.include)?;
            sql += deferrable(it.deferrable);
            sql += &conflict(it.on_conflict);
        }
        Constraint::ForeignKey(it) => {
            sql += &format!("FOREIGN KEY {} ", column_list(spell, &it.columns)?);
            sql += &foreign_key_tail(spell, it)?;
        }
        Constraint::Check(it) => {
            sql += &format!("CHECK ({})", expression(&it.expr.written));
            if it.no_inherit {
                sql += " NO INHERIT";
            }
            if it.not_enforced {
                sql += " NOT ENFORCED";
            }
        }
        Constraint::Exclude(it) => sql += &exclude(spell, it)?,
    }
    Ok(sql)
}

fn exclude(spell: &dyn Spell, it: &Exclude) -> Result<String> {
    let mut elements = Vec::new();
    for element in &it.elements {
        elements.push(format!(
            "{} WITH {}",
            index_part(spell, &element.part)?,
            element.operator
        ));
    }
    let mut sql = "EXCLUDE ".to_string();
    if let Some(method) = &it.method {
        sql += &format!("USING {} ", spell.quote(method)?);
    }
    sql += &format!("({})", elements.join(", "));
    if let Some(predicate) = &it.predicate {
        sql += &format!(" WHERE ({})", expression(&predicate.written));
    }
    Ok(sql + deferrable(it.deferrable))
}

/// ` INCLUDE (…)`, or nothing.
fn include(spell: &dyn Spell, columns: &[Ident]) -> Result<String> {
    match columns {
        [] => Ok(String::new()),
        columns => Ok(format!(" INCLUDE {}", column_list(spell, columns)?)),
    }
}

/// ` WITH (fillfactor = 70)`, or nothing. Values are SQL text.
pub fn parameters(spell: &dyn Spell, parameters: &BTreeMap<String, String>) -> Result<String> {
    if parameters.is_empty() {
        return Ok(String::new());
    }
    let mut said = Vec::new();
    for (name, value) in parameters {
        said.push(format!("{} = {value}", parameter_name(spell, name)?));
    }
    Ok(format!(" WITH ({})", said.join(", ")))
}

/// The name of a storage parameter. One of a part of the table has a dot in it: `toast.autovacuum_enabled`.
pub fn parameter_name(spell: &dyn Spell, name: &str) -> Result<String> {
    let words: Result<Vec<String>> = name.split('.').map(|it| spell.quote(it)).collect();
    Ok(words?.join("."))
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
    let parts: Result<Vec<String>> = index.parts.iter().map(|it| index_part(spell, it)).collect();
    Ok(format!("({})", parts?.join(", ")))
}

/// One key of an index.
fn index_part(spell: &dyn Spell, part: &IndexPart) -> Result<String> {
    let mut sql = match &part.key {
        IndexKey::Column(name) => spell.quote(name)?,
        IndexKey::Expr(expr) => format!("({})", expression(&expr.written)),
    };
    if let Some(length) = part.length {
        sql += &format!("({length})");
    }
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
    Ok(sql)
}

/// `CREATE INDEX …`; `name` is the index's name as the dialect wants it there, already quoted.
pub fn create_index(spell: &dyn Spell, name: &str, table: &str, index: &Index) -> Result<String> {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql = format!("CREATE {unique}INDEX {name} ON {table}");
    if let Some(method) = &index.method {
        sql += &format!(" USING {}", spell.quote(method)?);
    }
    sql += &format!(" {}", index_parts(spell, index)?);
    sql += &include(spell, &index.include)?;
    if index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    sql += &parameters(spell, &index.parameters)?;
    if let Some(tablespace) = &index.tablespace {
        sql += &format!(" TABLESPACE {}", spell.quote(tablespace)?);
    }
    if let Some(predicate) = &index.predicate {
        sql += &format!(" WHERE {}", predicate.written);
    }
    Ok(sql)
}

/// `COMMENT ON INDEX …`, if the index has a comment; `name` is as it stands alone, quoted already.
pub fn index_comment(spell: &dyn Spell, name: &str, index: &Index) -> Result<Option<Statement>> {
    let Some(comment) = &index.comment else {
        return Ok(None);
    };
    let text = spell.string(comment)?;
    Ok(Some(format!("COMMENT ON INDEX {name} IS {text}").into()))
}

/// `CREATE TABLE …` with all that stands before its name and behind its parenthesis; `clause` is `IF NOT EXISTS `, or nothing.
pub fn create_table_with_options(spell: &dyn Spell, table: &Table, clause: &str) -> Result<String> {
    let options = &table.options;
    let kind = match (options.temporary, options.unlogged) {
        (true, _) => "TEMPORARY ",
        (_, true) => "UNLOGGED ",
        _ => "",
    };
    let name = spell.qualified(&table.name)?;
    let mut sql = format!("CREATE {kind}TABLE {clause}{name}");
    let lines = table_lines(spell, table)?;
    match &options.partition_of {
        Some(of) => {
            sql += &format!(" PARTITION OF {}", spell.qualified(&of.parent)?);
            if !lines.is_empty() {
                sql += &format!(" {}", in_parentheses(&lines));
            }
            sql += &format!(" {}", of.bound.written);
        }
        None => sql += &format!(" {}", in_parentheses(&lines)),
    }
    if !options.inherits.is_empty() {
        let parents: Result<Vec<_>> = options
            .inherits
            .iter()
            .map(|it| spell.qualified(it))
            .collect();
        sql += &format!(" INHERITS ({})", parents?.join(", "));
    }
    if let Some(by) = &options.partition_by {
        sql += &format!(" PARTITION BY {}", by.written);
    }
    if let Some(method) = &options.method {
        sql += &format!(" USING {}", spell.quote(method)?);
    }
    sql += &parameters(spell, &options.parameters)?;
    if let Some(end) = &options.on_commit {
        sql += &format!(" ON COMMIT {end}");
    }
    if let Some(tablespace) = &options.tablespace {
        sql += &format!(" TABLESPACE {}", spell.quote(tablespace)?);
    }
    Ok(sql)
}

/// `CREATE TABLE …` with columns and constraints, without what follows the closing parenthesis.
pub fn create_table(spell: &dyn Spell, table: &Table) -> Result<String> {
    let name = spell.qualified(&table.name)?;
    let lines = in_parentheses(&table_lines(spell, table)?);
    Ok(format!("CREATE TABLE {name} {lines}"))
}

/// The columns and constraints of a table.
fn table_lines(spell: &dyn Spell, table: &Table) -> Result<Vec<String>> {
    let columns = table.columns.iter().map(|it| spell.column(it));
    let constraints = table.constraints.iter().map(|it| constraint(spell, it));
    columns.chain(constraints).collect()
}

fn in_parentheses(lines: &[String]) -> String {
    match lines {
        [] => "()".into(),
        lines => format!("(\n    {}\n)", lines.join(",\n    ")),
    }
}
