//! How a table is parted: the clause in one spelling. A temporary table cannot be parted, so that the database is asked for the
//! values alone, which it keeps as the numbers that they are.

use super::{Mysql, text};
use crate::db::{Connection, DbError};
use crate::error::Result;
use crate::schema::{QualifiedName, Schema, Spelled};
use crate::sql::split::TokenKind;
use std::collections::BTreeMap;
use std::ops::Range;

/// A clause as the database echoes it.
pub(super) fn echoed(echo: String) -> Spelled<String> {
    let canonical = canonical(&echo);
    Spelled::canonical(echo, canonical)
}

/// The clause of a definition that `SHOW CREATE TABLE` tells, from what stands behind the columns. It begins a line, on MySQL
/// within a comment for other databases.
pub(super) fn of_definition(tail: &str) -> Option<String> {
    let mut at = 0;
    for line in tail.split_inclusive('\n') {
        let clause = line.trim_start();
        let clause = match clause.strip_prefix("/*!") {
            Some(rest) => rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '),
            None => clause,
        };
        if let Some(rest) = clause.strip_prefix("PARTITION BY ") {
            let start = at + line.len() - rest.len();
            let text = tail.get(start..)?.trim_end();
            return Some(
                text.strip_suffix("*/")
                    .unwrap_or(text)
                    .trim_end()
                    .to_string(),
            );
        }
        at += line.len();
    }
    None
}

/// One spelling of a clause, as far as text alone can tell. That each part is kept by the one engine of the table, and that there
/// is one part where no number is said, need not be said.
pub(super) fn canonical(clause: &str) -> String {
    let spelled = text::canonical(clause);
    let Some(tokens) = text::significant(&spelled) else {
        return spelled;
    };
    let words: Vec<&str> = tokens.iter().map(|it| it.text(&spelled)).collect();
    let mut out: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|it| !it.is_empty()) {
        at += match rest {
            ["storage", "engine", "=", "innodb", ..] => 4,
            ["engine", "=", "innodb", ..] => 3,
            ["storage", "engine", "innodb", ..] => 3,
            ["engine", "innodb", ..] => 2,
            ["partitions" | "subpartitions", "1", ..] => 2,
            ["(", "maxvalue", ")", ..] => {
                out.push("maxvalue");
                3
            }
            [word, ..] => {
                out.push(word);
                1
            }
            [] => 1,
        };
    }
    out.join(" ")
}

/// Gives the clauses of a model the values that the database has for their expressions. False if it refused them.
pub(super) async fn evaluate(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &mut Schema,
) -> Result<bool> {
    let mut asked = Vec::new();
    for table in schema.tables.values() {
        let by = table.options.partition_by.as_ref();
        let Some(clause) = by.map(|it| it.written.as_str()) else {
            continue;
        };
        for range in expressions(clause) {
            asked.push((table.name.clone(), range.clone(), clause[range].to_string()));
        }
    }
    if asked.is_empty() || !dialect.session.backslash_escapes {
        return Ok(asked.is_empty());
    }
    let values: Vec<String> = asked
        .iter()
        .map(|it| format!("CAST(({}) AS CHAR)", it.2))
        .collect();
    let rows = match connection
        .fetch(&format!("SELECT {}", values.join(", ")))
        .await
    {
        Ok(rows) => rows,
        Err(DbError::Statement { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let Some(row) = rows.first() else {
        return Ok(false);
    };
    let mut clauses: BTreeMap<QualifiedName, String> = BTreeMap::new();
    // From the last one to the first, so that the places of the others stay.
    for (at, (table, range, _)) in asked.into_iter().enumerate().rev() {
        let value: Option<String> = row.at(at)?;
        let written = schema.tables.get(&table);
        let written = written.and_then(|it| it.options.partition_by.as_ref());
        let (Some(value), Some(written)) = (value, written) else {
            continue;
        };
        let clause = clauses
            .entry(table)
            .or_insert_with(|| written.written.clone());
        clause.replace_range(range, &value);
    }
    for (table, clause) in clauses {
        let by = schema.tables.get_mut(&table);
        if let Some(by) = by.and_then(|it| it.options.partition_by.as_mut()) {
            by.canonical = Some(canonical(&clause));
        }
    }
    Ok(true)
}

/// Where values stand that are expressions. Those of `COLUMNS` are of any type, and are kept as they are written.
fn expressions(clause: &str) -> Vec<Range<usize>> {
    let Some(tokens) = text::significant(clause) else {
        return Vec::new();
    };
    let word = |at: usize| {
        let token = tokens.get(at);
        token.map_or_else(String::new, |it| it.text(clause).to_ascii_lowercase())
    };
    if word(1) == "columns" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let open = match (
            word(at).as_str(),
            word(at + 1).as_str(),
            word(at + 2).as_str(),
        ) {
            ("values", "less", "than") => at + 3,
            ("values", "in", _) => at + 2,
            _ => continue,
        };
        let Some(open) = tokens.get(open).filter(|it| it.text(clause) == "(") else {
            continue;
        };
        let Some(close) = text::closing(clause, open.start) else {
            continue;
        };
        let mut start = open.end;
        for part in text::split_commas(&clause[open.end..close]) {
            let Some(offset) = clause
                .get(start..close)
                .and_then(|it| it.find(part.as_str()))
            else {
                break;
            };
            let range = start + offset..start + offset + part.len();
            start = range.end;
            if is_expression(&part) {
                found.push(range);
            }
        }
    }
    found
}

fn is_expression(value: &str) -> bool {
    let tokens = text::significant(value).unwrap_or_default();
    let calls = tokens
        .iter()
        .any(|it| it.kind == TokenKind::Word && !is_word(it.text(value)));
    calls || !text::is_literal(value) && tokens.len() > 1
}

/// The words that stand for themselves.
fn is_word(text: &str) -> bool {
    ["maxvalue", "null"]
        .iter()
        .any(|it| text.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        let echo = "RANGE (to_days(`d`))\n(PARTITION `p0` VALUES LESS THAN (739251) ENGINE = InnoDB,\n \
            PARTITION `p1` VALUES LESS THAN MAXVALUE COMMENT = 'x y' ENGINE = InnoDB)";
        let said = "range(TO_DAYS(d)) (partition p0 values less than (739251), \
            partition p1 values less than (maxvalue) comment='x y')";
        assert_eq!(canonical(echo), canonical(said));
        assert_eq!(
            canonical("HASH (`id`)\nPARTITIONS 4"),
            canonical("hash(id) partitions 4")
        );
        assert_ne!(
            canonical("HASH (id) PARTITIONS 4"),
            canonical("HASH (id) PARTITIONS 5")
        );
        let columns =
            "RANGE  COLUMNS(`d`)\n(PARTITION `a` VALUES LESS THAN (MAXVALUE) ENGINE = InnoDB)";
        let said = "RANGE COLUMNS (d) (PARTITION a VALUES LESS THAN (MAXVALUE))";
        assert_eq!(canonical(columns), canonical(said));
    }

    #[test]
    fn the_clause_of_a_definition() {
        let mariadb =
            ") ENGINE=InnoDB COMMENT='PARTITION BY'\n PARTITION BY HASH (`id`)\nPARTITIONS 4";
        assert_eq!(of_definition(mariadb).unwrap(), "HASH (`id`)\nPARTITIONS 4");
        let mysql = ") ENGINE=InnoDB\n/*!50100 PARTITION BY HASH (`id`)\nPARTITIONS 4 */";
        assert_eq!(of_definition(mysql).unwrap(), "HASH (`id`)\nPARTITIONS 4");
        assert_eq!(of_definition(") ENGINE=InnoDB"), None);
    }

    #[test]
    fn expressions_among_values() {
        let clause = "RANGE (id) (PARTITION a VALUES LESS THAN (to_days('2024-01-01')), PARTITION b VALUES LESS THAN (-5), \
            PARTITION c VALUES LESS THAN (1 + 2), PARTITION d VALUES LESS THAN (MAXVALUE))";
        let texts: Vec<&str> = expressions(clause)
            .into_iter()
            .map(|it| &clause[it])
            .collect();
        assert_eq!(texts, ["to_days('2024-01-01')", "1 + 2"]);
        let list = "LIST (id) (PARTITION a VALUES IN (1, NULL, year('2024-01-01')))";
        let texts: Vec<&str> = expressions(list).into_iter().map(|it| &list[it]).collect();
        assert_eq!(texts, ["year('2024-01-01')"]);
        assert!(expressions("RANGE COLUMNS (d) (PARTITION a VALUES LESS THAN (now()))").is_empty());
    }
}
