//! What a MariaDB server holds, by `SHOW CREATE TABLE`.

use crate::look::{Facts, Names, Now, cells, lasting};
use aludel::db::Connection;

/// The databases given, and the tables that are temporary: no list has them.
pub(crate) async fn look(
    connection: &mut Connection,
    names: &Names<'_>,
    databases: &[String],
    temporary: &[String],
) -> Facts {
    let mut facts = Vec::new();
    let mut tables: Vec<String> = temporary.to_vec();
    for database in databases {
        let sql = format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = '{}'",
            database.replace('\'', "''")
        );
        tables.extend(
            cells(connection, &sql, 1)
                .await
                .into_iter()
                .map(|row| format!("{}.{}", quoted(database), quoted(&row[0]))),
        );
    }
    tables.sort();
    tables.dedup();
    for table in tables {
        let Ok(rows) = connection
            .fetch(&format!("SHOW CREATE TABLE {table}"))
            .await
        else {
            continue;
        };
        let text: String = rows.first().map(|it| it.at(1).unwrap()).unwrap_or_default();
        facts.push(format!("table {table}"));
        facts.extend(
            lines(&text, names)
                .into_iter()
                .map(|line| format!("{table} {line}")),
        );
        facts.extend(self::rows(connection, &table).await);
    }
    facts.sort();
    facts
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The lines of a definition: columns with their place, keys and constraints by what they are, options without the next number.
fn lines(text: &str, names: &Names<'_>) -> Facts {
    let mut facts = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let line = line.trim().trim_end_matches(',');
        if line.starts_with('`') {
            // A check that stands on the column is one of the table.
            let (column, check) = match line
                .find(" CHECK (")
                .filter(|_| !line.contains(" GENERATED "))
            {
                Some(cut) => (&line[..cut], Some(&line[cut + 1..])),
                None => (line, None),
            };
            facts.push(format!("column {at} {column}"));
            facts.extend(check.map(|it| format!("CONSTRAINT ? {it}")));
        } else if line.starts_with(')') {
            let words: Vec<&str> = line
                .split(' ')
                .filter(|it| !it.starts_with("AUTO_INCREMENT="))
                .collect();
            facts.push(words.join(" "));
        } else {
            // To do nothing is what a key does by itself.
            let line = line
                .replace(" ON DELETE NO ACTION", "")
                .replace(" ON UPDATE NO ACTION", "");
            facts.push(unnamed(&line, names));
        }
    }
    facts
}

/// A key or constraint with its name only if the call gave it.
fn unnamed(line: &str, names: &Names<'_>) -> String {
    if line.starts_with("PRIMARY") {
        return line.to_owned();
    }
    let Some((head, rest)) = line.split_once('`') else {
        return line.to_owned();
    };
    let mut name = String::new();
    let mut chars = rest.char_indices().peekable();
    let mut end = rest.len();
    while let Some((at, c)) = chars.next() {
        if c == '`' && chars.next_if(|(_, it)| *it == '`').is_none() {
            end = at + 1;
            break;
        }
        name.push(c);
    }
    format!("{head}{}{}", names.known(&name), &rest[end..])
}

async fn rows(connection: &mut Connection, table: &str) -> Facts {
    let mut columns = Vec::new();
    for row in connection
        .fetch(&format!("SHOW COLUMNS FROM {table}"))
        .await
        .unwrap()
    {
        let name: String = row.at(0).unwrap();
        let ty: String = row.at(1).unwrap();
        let spatial = ["geometry", "point", "line", "polygon", "multi"]
            .iter()
            .any(|it| ty.starts_with(it));
        let bytes = ty.contains("blob") || ty.contains("binary") || ty.starts_with("bit");
        let read = match (spatial, bytes) {
            (true, _) => format!("ST_AsText({})", quoted(&name)),
            (_, true) => format!("HEX({})", quoted(&name)),
            _ => format!("QUOTE(CAST({} AS CHAR))", quoted(&name)),
        };
        columns.push(format!("COALESCE({read}, 'NULL')"));
    }
    let sql = format!(
        "SELECT CONCAT_WS(' | ', {}) FROM {table}",
        columns.join(", ")
    );
    let rows = cells(connection, &sql, 1).await;
    let now = Now::of(
        connection,
        "SELECT CAST(CURRENT_DATE AS CHAR), DATE_FORMAT(NOW(), '%H:')",
    )
    .await;
    rows.iter()
        .map(|row| format!("row {table} {}", lasting(&row[0], &now)))
        .collect()
}
