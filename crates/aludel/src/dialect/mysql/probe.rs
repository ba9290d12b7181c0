//! A table of a model, made for a moment as a temporary one, and what the database says of it.

use super::{Mysql, ddl, parts, text, words};
use crate::error::Result;
use crate::schema::{Constraint, Expr, IndexKey, Table, Type};
use crate::sql::split::Token;
use crate::sql::{self, Spell};
use std::collections::BTreeMap;

/// Whether a table has anything that the database may spell otherwise.
pub(super) fn is_wanted(table: &Table) -> bool {
    let leaf = table.columns.iter().any(|it| {
        it.default.is_some()
            || it.generated.is_some()
            || it.charset.is_some()
            || it.collation.is_some()
            || matches!(it.ty.written, Type::Custom(_))
    });
    let check = |it: &Constraint| matches!(it, Constraint::Check(_));
    let expr = table
        .indexes
        .iter()
        .flat_map(|it| &it.parts)
        .any(|it| it.as_column().is_none());
    let options = table.options.charset.is_some() || table.options.collation.is_some();
    leaf || options || expr || table.constraints.iter().any(check)
}

/// The statement that makes a probe: columns, checks and expressions of the table, no key and no comment.
/// A table that says no collation has the one of its database, which may be another than the connection's.
pub(super) fn create(dialect: &Mysql, name: &str, table: &Table, usual: &str) -> Result<String> {
    // The probe has another name than the table.
    let plain = |expr: &Expr| Expr::from(text::unqualified(expr.as_str(), &table.name));
    let mut lines = Vec::new();
    for column in &table.columns {
        let mut column = column.clone();
        column.identity = None;
        column.comment = None;
        if let Some(generated) = &mut column.generated {
            generated.expr.written = plain(&generated.expr.written);
        }
        lines.push(ddl::column(dialect, &column)?);
    }
    for (number, it) in table.constraints.iter().enumerate() {
        if let Constraint::Check(check) = it {
            let expr = sql::expression(&plain(&check.expr.written));
            lines.push(format!("CONSTRAINT aludel_c{number} CHECK ({expr})"));
        }
    }
    for (at, number, expr) in expressions(table) {
        let expr: Expr = text::bare(plain(expr).as_str()).into();
        lines.push(format!(
            "INDEX k{at}_{number} (({}))",
            sql::expression(&expr)
        ));
    }
    let mut sql = format!("CREATE TEMPORARY TABLE {name} ({})", lines.join(", "));
    if let Some(charset) = &table.options.charset {
        sql += &format!(" DEFAULT CHARSET={}", dialect.quote(charset)?);
    }
    if let Some(collation) = &table.options.collation {
        sql += &format!(" COLLATE={}", dialect.quote(collation)?);
    }
    if table.options.charset.is_none() && table.options.collation.is_none() && !usual.is_empty() {
        sql += &format!(" COLLATE={}", dialect.quote(usual)?);
    }
    Ok(sql)
}

fn expressions(table: &Table) -> Vec<(usize, usize, &Expr)> {
    let mut found = Vec::new();
    for (at, index) in table.indexes.iter().enumerate() {
        for (number, part) in index.parts.iter().enumerate() {
            if let IndexKey::Expr(expr) = &part.key {
                found.push((at, number, &expr.written));
            }
        }
    }
    found
}

/// What the database says of a probe.
#[derive(Debug, Default)]
pub(super) struct Echo {
    /// By the column's name.
    pub columns: BTreeMap<String, EchoColumn>,
    /// By the names that [`create`] gave: `aludel_c2` of a check, `k0_1` of an expression of an index.
    pub expressions: BTreeMap<String, String>,
    /// The table's collation.
    pub collation: Option<String>,
    /// The table's character set, which alone is told where the collation is its own (MySQL).
    pub charset: Option<String>,
    /// How the table is parted.
    pub parts: Option<String>,
    /// The parsers of full-text indexes.
    pub parsers: BTreeMap<String, String>,
}

/// What it says of a column.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EchoColumn {
    /// The type, without its character set and collation.
    pub ty: Option<String>,
    pub default: Option<String>,
    pub generated: Option<String>,
    pub collation: Option<String>,
    /// The column's character set, which alone is told where the collation is its own (MySQL).
    pub charset: Option<String>,
    /// The column's own check.
    pub check: Option<String>,
}

/// Reads the answer of `SHOW CREATE TABLE`. None if it is of another form.
pub(super) fn read(definition: &str) -> Option<Echo> {
    let open = definition.find('(')?;
    let close = text::closing(definition, open)?;
    let mut echo = Echo::default();
    for line in text::split_commas(&definition[open + 1..close]) {
        let (name, rest) = name_and_rest(&line);
        match name {
            Some(name) => {
                echo.columns.insert(name, column(&line[rest..])?);
            }
            None => {
                echo.parsers.extend(parser(&line));
                if let Some((name, expr)) = named_expression(&line) {
                    echo.expressions.insert(name, expr);
                }
            }
        }
    }
    let tail = &definition[close + 1..];
    echo.collation = tail.split_once("COLLATE=").map(|(_, it)| word(it));
    echo.charset = tail.split_once("CHARSET=").map(|(_, it)| word(it));
    echo.parts = parts::of_definition(tail);
    Some(echo)
}

/// The name and the parser of a full-text index. The parser stands in a comment for other databases.
fn parser(line: &str) -> Option<(String, String)> {
    let rest = line.trim_start().strip_prefix("FULLTEXT ")?;
    let tokens = text::significant(rest)?;
    let name = tokens.iter().find(|it| it.text(rest).starts_with('`'))?;
    let parser = &rest[rest.rfind(" WITH PARSER `")? + " WITH PARSER ".len()..];
    let end = parser[1..].find('`')? + 2;
    Some((
        words::unquoted(name.text(rest)),
        words::unquoted(&parser[..end]),
    ))
}

fn word(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_string()
}

/// The column's name and where the rest begins, if the line begins with a quoted name.
fn name_and_rest(line: &str) -> (Option<String>, usize) {
    let first = text::significant(line).and_then(|it| it.into_iter().next());
    match first.filter(|it| it.text(line).starts_with('`')) {
        Some(token) => (Some(words::unquoted(token.text(line))), token.end),
        None => (None, 0),
    }
}

/// The name and the expression of a check or of an index.
fn named_expression(line: &str) -> Option<(String, String)> {
    let tokens = text::significant(line)?;
    let name = tokens.iter().find(|it| it.text(line).starts_with('`'))?;
    let open = tokens.iter().find(|it| it.text(line) == "(")?.start;
    let name = words::unquoted(name.text(line));
    let close = text::closing(line, open)?;
    Some((name, text::bare(&line[open + 1..close]).to_string()))
}

/// The words behind which a type ends.
const END_TYPES: [&str; 12] = [
    "character",
    "collate",
    "not",
    "null",
    "default",
    "generated",
    "as",
    "check",
    "invisible",
    "auto_increment",
    "comment",
    "on",
];

/// The words behind which a default ends.
const ENDS: [&str; 6] = [
    "on",
    "comment",
    "check",
    "invisible",
    "auto_increment",
    "not",
];

fn column(rest: &str) -> Option<EchoColumn> {
    let mut found = EchoColumn::default();
    let tokens = text::significant(rest)?;
    let ends_type = |token: &&Token| {
        let word = token.text(rest).to_ascii_lowercase();
        END_TYPES.contains(&word.as_str()) || word.starts_with("/*")
    };
    let end = tokens
        .iter()
        .find(ends_type)
        .map_or(rest.len(), |it| it.start);
    found.ty = Some(rest[..end].trim().to_string());
    let mut depth = 0;
    let mut default: Option<(usize, usize)> = None;
    let mut open = false;
    for (at, token) in tokens.iter().enumerate() {
        let word = token.text(rest).to_ascii_lowercase();
        let next = tokens.get(at + 1);
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if depth > 0 => {}
            "default" => {
                open = true;
                default = next.map(|it| (it.start, it.start));
                continue;
            }
            "collate" if !open => {
                found.collation = next.map(|it| words::unquoted(it.text(rest)));
            }
            "set" if !open && at > 0 && found.charset.is_none() => {
                found.charset = next.map(|it| words::unquoted(it.text(rest)));
            }
            "as" if !open => {
                let start = next?.start;
                let end = text::closing(rest, start)?;
                found.generated = Some(text::bare(&rest[start + 1..end]).to_string());
            }
            "check" if next.is_some_and(|it| it.text(rest) == "(") => {
                open = false;
                let start = next?.start;
                let end = text::closing(rest, start)?;
                found.check = Some(text::bare(&rest[start + 1..end]).to_string());
            }
            word if ENDS.contains(&word) || word.starts_with("/*") => open = false,
            _ => {}
        }
        if open {
            default = default.map(|(start, _)| (start, token.end));
        }
    }
    found.default = default.map(|(start, end)| rest[start..end].to_string());
    found.default = found.default.filter(|it| it != "NULL");
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_show_create_table_says() {
        let text = "CREATE TEMPORARY TABLE `p` (\n  `id` bigint(20) NOT NULL DEFAULT (1 + 2),\n  \
            `s` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'a, ''b)' COMMENT 'DEFAULT 1',\n  \
            `t``s` timestamp NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),\n  \
            `g` int(11) GENERATED ALWAYS AS (`id` * 2) VIRTUAL,\n  `n` int(11) DEFAULT NULL CHECK (`n` > 0),\n  \
            CONSTRAINT `c1` CHECK (`id` in (1,2) or `s` like 'a%'),\n  KEY `k0_0` ((lower(`s`)))\n) \
            ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci";
        let echo = read(text).unwrap();
        let default = |name: &str| echo.columns[name].default.as_deref();
        assert_eq!(default("id"), Some("(1 + 2)"));
        assert_eq!(default("s"), Some("'a, ''b)'"));
        assert_eq!(default("t`s"), Some("current_timestamp()"));
        let ty = |name: &str| echo.columns[name].ty.as_deref();
        assert_eq!(ty("id"), Some("bigint(20)"));
        assert_eq!(ty("s"), Some("varchar(20)"));
        assert_eq!(ty("g"), Some("int(11)"));
        assert_eq!(default("n"), None);
        assert_eq!(echo.columns["g"].generated.as_deref(), Some("`id` * 2"));
        assert_eq!(echo.columns["s"].collation.as_deref(), Some("utf8mb4_bin"));
        assert_eq!(echo.expressions["c1"], "`id` in (1,2) or `s` like 'a%'");
        assert_eq!(echo.expressions["k0_0"], "lower(`s`)");
        assert_eq!(echo.collation.as_deref(), Some("utf8mb4_general_ci"));
    }
}
