//! Rows and their values: `bulk_insert` and updates.

use crate::calls::table_of;
use crate::nouns;
use crate::vector::{Reader, list, plain, text};
use aludel::ops::Operations;
use aludel::sql::Literal;
use serde_json::Value;

/// Each run of rows that give the same columns is one call, as SQLAlchemy leaves out what a row does not give.
pub(crate) fn insert(reader: &Reader<'_>, args: &Value, ops: &mut Operations) {
    let columns: Vec<&Value> = list(&args["table"]["columns"]).iter().collect();
    for row in list(&args["rows"]) {
        let given: Vec<&&Value> = columns
            .iter()
            .filter(|it| row.get(nouns::name(&it["name"])).is_some())
            .collect();
        let names: Vec<String> = given.iter().map(|it| nouns::name(&it["name"])).collect();
        let values: Vec<Literal> = given
            .iter()
            .map(|it| literal(reader, &it["type"], &row[nouns::name(&it["name"])]))
            .collect();
        ops.bulk_insert(table_of(args), names, [values]);
    }
}

/// The same rows as statements that this library has no part in.
pub(crate) fn by_hand(reader: &Reader<'_>, args: &Value) -> Vec<String> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut statements = Vec::new();
    for row in list(&args["rows"]) {
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (column, value) in row.as_object().into_iter().flatten() {
            columns.push(reader.spell.quote(column).unwrap());
            values.push(match (value.get("json"), text(value, "bytes")) {
                (Some(json), _) => quoted(&json.to_string()),
                (_, Some(hex)) if reader.is("postgresql") => format!("'\\x{hex}'"),
                (_, Some(hex)) => format!("x'{hex}'"),
                _ if value.get("seconds").is_some() => reader
                    .spell
                    .literal(&literal(reader, &Value::Null, value))
                    .unwrap(),
                _ => quoted(&plain(value)),
            });
        }
        let table = reader.spell.qualified(&table_of(args)).unwrap();
        statements.push(format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            columns.join(", "),
            values.join(", ")
        ));
    }
    statements
}

/// An `UPDATE` made of expressions, as SQL text.
pub(crate) fn update(reader: &Reader<'_>, args: &Value) -> String {
    let spell = &reader.spell;
    let pairs = |key: &str| -> Vec<String> {
        let pairs = args[key].as_object().into_iter().flatten();
        pairs
            .map(|(column, value)| {
                let columns = list(&args["table"]["columns"]).iter();
                let ty = columns
                    .filter(|it| nouns::name(&it["name"]) == *column)
                    .map(|it| &it["type"])
                    .next();
                let value = literal(reader, ty.unwrap_or(&Value::Null), value);
                let column = spell.quote(column).unwrap();
                format!("{column} = {}", spell.literal(&value).unwrap())
            })
            .collect()
    };
    let table = spell.qualified(&table_of(args)).unwrap();
    let set = pairs("values").join(", ");
    match pairs("where") {
        wheres if wheres.is_empty() => format!("UPDATE {table} SET {set}"),
        wheres => format!("UPDATE {table} SET {set} WHERE {}", wheres.join(" AND ")),
    }
}

/// A value, in the form in which SQLAlchemy's type stores it.
fn literal(reader: &Reader<'_>, ty: &Value, json: &Value) -> Literal {
    let lite = reader.is("sqlite");
    match json {
        Value::Null => Literal::Null,
        Value::Bool(it) => Literal::Bool(*it),
        Value::Number(it) => match it.as_i64() {
            Some(whole) => Literal::Integer(whole),
            None => Literal::Float(it.as_f64().unwrap_or_default()),
        },
        Value::String(it) => Literal::Text(it.clone()),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|it| {
                    reader
                        .spell
                        .literal(&literal(reader, &ty["item"], it))
                        .unwrap()
                })
                .collect();
            Literal::Sql(format!("ARRAY[{}]", items.join(", ")).into())
        }
        Value::Object(_) => {
            if let Some(inline) = json.get("inline_literal") {
                return literal(reader, ty, inline);
            }
            if let Some(value) = json.get("json") {
                return Literal::Text(value.to_string());
            }
            if let Some(seconds) = json.get("seconds").and_then(Value::as_f64) {
                return interval(reader, seconds);
            }
            if let Some(hex) = text(json, "bytes") {
                return Literal::Bytes(bytes(hex));
            }
            if let Some(digits) = json.get("decimal") {
                return Literal::Sql(plain(digits).into());
            }
            if let Some(uuid) = text(json, "uuid") {
                // As thirty-two digits where it is no type of its own.
                let native = text(ty, "type") != Some("Uuid")
                    || reader.is("postgresql")
                    || reader.is("mariadb");
                return Literal::Text(if native {
                    uuid.into()
                } else {
                    uuid.replace('-', "")
                });
            }
            let moment = text(json, "datetime").or_else(|| text(json, "time"));
            match moment {
                Some(it) if lite && !it.contains('.') => {
                    Literal::Text(format!("{}.000000", it.replace('T', " ")))
                }
                Some(it) => Literal::Text(it.replace('T', " ")),
                None => Literal::Text(text(json, "date").unwrap_or_default().into()),
            }
        }
    }
}

fn interval(reader: &Reader<'_>, seconds: f64) -> Literal {
    match reader.is("postgresql") {
        true => Literal::Sql(format!("make_interval(secs=>{seconds})").into()),
        // A moment that long after the epoch.
        false => {
            let whole = seconds as i64;
            let (days, rest) = (whole / 86400, whole % 86400);
            let fraction = if reader.is("sqlite") { ".000000" } else { "" };
            let time = format!(
                "{:02}:{:02}:{:02}{fraction}",
                rest / 3600,
                rest / 60 % 60,
                rest % 60
            );
            Literal::Text(format!("1970-01-{:02} {time}", days + 1))
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .filter_map(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok())
        .collect()
}
