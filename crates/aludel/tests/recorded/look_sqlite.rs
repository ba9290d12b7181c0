//! What a SQLite database holds, by its pragmas; and what pragmas do not tell, by the words of its statements.

use crate::look::{Facts, Names, Now, cells, lasting};
use crate::text::{Token, joined, tokens};
use aludel::db::Connection;

pub(crate) async fn look(connection: &mut Connection, names: &Names<'_>) -> Facts {
    let mut facts = Vec::new();
    let tables = "SELECT schema, name, type, ncol, wr, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    for row in cells(connection, tables, 6).await {
        let (schema, table) = (quoted(&row[0]), quoted(&row[1]));
        let called = format!("{}.{}", row[0], row[1]);
        facts.push(format!("table {called} {}", row[2..].join(" ")));
        for sql in [
            format!(
                "SELECT 'column', cid, name, upper(type), \"notnull\" OR (pk > 0 AND upper(type) = 'INTEGER'), dflt_value, pk, hidden FROM pragma_table_xinfo({table}, {schema})"
            ),
            format!(
                "SELECT 'foreign key', '', group_concat(\"from\", ',' ORDER BY seq), \"table\", group_concat(\"to\", ',' ORDER BY seq), upper(on_update), upper(on_delete), \
                 upper(\"match\") FROM pragma_foreign_key_list({table}, {schema}) GROUP BY id"
            ),
        ] {
            for mut row in cells(connection, &sql, 8).await {
                if row[0] == "column" {
                    row[5] = default(&row[5]);
                    if !row[5].is_empty() {
                        row[5].insert_str(0, "default=");
                    }
                    if !names.places {
                        row[1].clear();
                    }
                }
                facts.push(format!("{called} {}", row.join(" ")));
            }
        }
        facts.extend(indexes(connection, names, &row[0], &row[1]).await);
        facts.extend(words(connection, names, &row[0], &row[1]).await);
        facts.extend(rows(connection, &row[0], &row[1]).await);
    }
    facts.sort();
    facts
}

fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// Parentheses around a default, and the case of its words, say nothing.
fn default(sql: &str) -> String {
    let mut tokens = tokens(sql);
    while tokens.first() == Some(&Token::Sign('('))
        && tokens.last() == Some(&Token::Sign(')'))
        && closes_at(&tokens, 0) == tokens.len() - 1
    {
        tokens.pop();
        tokens.remove(0);
    }
    match joined(&tokens) {
        none if none == "null" => String::new(),
        some => some,
    }
}

async fn indexes(
    connection: &mut Connection,
    names: &Names<'_>,
    schema: &str,
    table: &str,
) -> Facts {
    let mut facts = Vec::new();
    let sql = format!(
        "SELECT name, \"unique\", origin, partial FROM pragma_index_list({}, {})",
        quoted(table),
        quoted(schema)
    );
    for row in cells(connection, &sql, 4).await {
        let keys = format!(
            "SELECT name, \"desc\", coll, key FROM pragma_index_xinfo({}, {}) ORDER BY seqno",
            quoted(&row[0]),
            quoted(schema)
        );
        let keys: Vec<String> = cells(connection, &keys, 4)
            .await
            .iter()
            .map(|it| it.join(" "))
            .collect();
        let text = format!(
            "SELECT sql FROM \"{}\".sqlite_schema WHERE type = 'index' AND name = {}",
            schema.replace('"', "\"\""),
            quoted(&row[0])
        );
        let text = cells(connection, &text, 1)
            .await
            .into_iter()
            .next()
            .map(|mut it| it.remove(0))
            .unwrap_or_default();
        let mut said = tokens(&text);
        // Everything behind the table: expressions and the predicate.
        let from = said
            .iter()
            .position(|it| *it == Token::Sign('('))
            .unwrap_or(said.len());
        said.drain(..from);
        let said = bare(said);
        facts.push(format!(
            "index {schema}.{table} {} {} [{}] {}",
            names.known(&row[0]),
            row[1..].join(" "),
            keys.join(", "),
            joined(&said)
        ));
    }
    facts
}

/// Keys without the word for the usual order and parentheses around the whole of them.
fn bare(mut tokens: Vec<Token>) -> Vec<Token> {
    tokens.retain(|it| *it != Token::Word("asc".into()));
    let mut at = 1;
    while at < tokens.len() {
        let opens = |at: usize| matches!(tokens.get(at), Some(Token::Sign('(')));
        let parts = |at: usize| matches!(tokens.get(at), Some(Token::Sign('(' | ',' | ')')));
        let end = closes_at(&tokens, at);
        if opens(at) && parts(at - 1) && parts(end + 1) {
            tokens.remove(end);
            tokens.remove(at);
        } else {
            at += 1;
        }
    }
    tokens
}

/// Checks, collations, generated expressions, conflict clauses and the names of constraints.
async fn words(connection: &mut Connection, names: &Names<'_>, schema: &str, table: &str) -> Facts {
    let catalog = if schema == "temp" {
        "temp.sqlite_temp_schema".to_owned()
    } else {
        format!("\"{}\".sqlite_schema", schema.replace('"', "\"\""))
    };
    let sql = format!(
        "SELECT sql FROM {catalog} WHERE type = 'table' AND name = {}",
        quoted(table)
    );
    let text = cells(connection, &sql, 1)
        .await
        .into_iter()
        .next()
        .map(|mut it| it.remove(0))
        .unwrap_or_default();
    let tokens = tokens(&text);
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    let mut facts = Vec::new();
    let mut named = String::new();
    for at in 0..tokens.len() {
        let fact = match word(at) {
            "constraint" => {
                named = match &tokens[at + 1] {
                    Token::Word(name) | Token::Quoted(name) => name.clone(),
                    other => other.to_string(),
                };
                format!("constraint {} {}", names.known(&named), word(at + 2))
            }
            "check" | "as" if tokens.get(at + 1) == Some(&Token::Sign('(')) => {
                let name = if at >= 2 && word(at - 2) == "constraint" {
                    names.known(&named)
                } else {
                    "?"
                };
                let end = closes_at(&tokens, at + 1);
                format!("{} {name} {}", word(at), joined(&tokens[at + 1..=end]))
            }
            "collate" => format!("collate {}", word(at + 1)),
            "autoincrement" => "autoincrement".into(),
            "conflict" => format!("conflict {}", word(at + 1)),
            // All others are looked at at once.
            "deferrable" if word(at + 2) == "deferred" => "deferred".into(),
            _ => continue,
        };
        // A name that nobody gave says nothing.
        if !fact.starts_with("constraint ?") {
            facts.push(format!("words {schema}.{table} {fact}"));
        }
    }
    facts
}

/// Where a group ends that begins there.
fn closes_at(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len() - 1
}

async fn rows(connection: &mut Connection, schema: &str, table: &str) -> Facts {
    let sql = format!(
        "SELECT name FROM pragma_table_xinfo({}, {})",
        quoted(table),
        quoted(schema)
    );
    let columns = cells(connection, &sql, 1).await.into_iter();
    let columns: Vec<String> = columns
        .map(|it| format!("quote(\"{}\")", it[0].replace('"', "\"\"")))
        .collect();
    let from = format!(
        "\"{}\".\"{}\"",
        schema.replace('"', "\"\""),
        table.replace('"', "\"\"")
    );
    let sql = format!("SELECT {} FROM {from}", columns.join(" || ' | ' || "));
    let rows = cells(connection, &sql, 1).await;
    let now = Now::of(connection, "SELECT date(), strftime('%H:')").await;
    rows.iter()
        .map(|row| format!("row {schema}.{table} {}", lasting(&row[0], &now)))
        .collect()
}
