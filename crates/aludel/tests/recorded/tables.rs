//! Neutral tables as tables of this library.

use crate::nouns::{conflict, name, numbers_by_itself, qualified};
use crate::reader::{Reader, flag, list, plain, strings, text};
use aludel::schema::{Enum, Table};
use serde_json::Value;

impl Reader<'_> {
    /// A table, and the enum types that are created before it.
    pub(crate) fn table(&self, json: &Value) -> (Table, Vec<Enum>) {
        let table_name = qualified(text(json, "schema"), &name(&json["name"]));
        let mut table = Table::new(table_name.clone());
        let mut enums = Vec::new();
        let keys = key_columns(json);
        let numbered = numbered_key(json, &keys);
        let mut beside = Vec::new();
        for column in list(&json["columns"]) {
            let named = name(&column["name"]);
            let mut said = self.column(&table_name, column, numbered.as_ref() == Some(&named));
            if keys.contains(&named) {
                said.column.nullable = false;
            }
            table.columns.push(said.column);
            beside.extend(said.constraints);
            beside.extend(said.of_type.map(Into::into));
            table.indexes.extend(said.index);
            enums.extend(said.creates.filter(|it| !enums.contains(it)));
        }
        let constraints = list(&json["constraints"]);
        if !keys.is_empty() {
            let said = constraints
                .iter()
                .find(|it| text(it, "kind") == Some("primary_key"));
            let mut key = self.primary_key(&table_name, keys, said.unwrap_or(&Value::Null));
            for column in list(&json["columns"]) {
                let word = self
                    .option(column, "on_conflict_primary_key")
                    .and_then(Value::as_str);
                key.on_conflict = key.on_conflict.or(word.map(conflict));
            }
            table.constraints.push(key.into());
        }
        for constraint in constraints {
            if text(constraint, "kind") != Some("primary_key") {
                table
                    .constraints
                    .push(self.constraint(&table_name, constraint));
            }
        }
        table.constraints.extend(beside);
        for index in list(&json["indexes"]) {
            table.indexes.push(self.index(&table_name, index));
        }
        table.comment = text(json, "comment").map(str::to_owned);
        (self.with_options(table, json), enums)
    }

    fn with_options(&self, mut table: Table, json: &Value) -> Table {
        let prefixes = strings(&json["prefixes"]);
        table.options.temporary = prefixes
            .iter()
            .any(|it| it.eq_ignore_ascii_case("TEMPORARY") || it.eq_ignore_ascii_case("TEMP"));
        table.options.unlogged = prefixes
            .iter()
            .any(|it| it.eq_ignore_ascii_case("UNLOGGED"));
        let prefix = format!("{}_", self.dialect);
        for (key, value) in json
            .get("options")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let Some(key) = key.strip_prefix(&prefix) else {
                continue;
            };
            let set = *value == Value::Bool(true);
            let said = plain(value);
            table = match (self.dialect, key) {
                ("sqlite", "autoincrement") if set => table.autoincrement(),
                ("sqlite", "with_rowid") if !set => table.without_rowid(),
                ("sqlite", "strict") if set => table.strict(),
                ("postgresql", "inherits") => {
                    parents(value).into_iter().fold(table, Table::inherits)
                }
                ("postgresql", "using") => table.method(said),
                ("postgresql", "on_commit") => table.on_commit(said.replace('_', " ")),
                ("postgresql", "tablespace") => table.tablespace(said),
                ("postgresql", "with") => {
                    let pairs = value.as_object().into_iter().flatten();
                    pairs.fold(table, |table, (key, value)| {
                        table.parameter(key, plain(value))
                    })
                }
                ("mysql" | "mariadb", "engine") => table.engine(said),
                ("mysql" | "mariadb", "charset" | "default_charset") => table.charset(said),
                ("mysql" | "mariadb", "collate" | "default_collate") => table.collation(said),
                ("mysql" | "mariadb", "partitions") => table,
                (_, "partition_by") => match self.option(json, "partitions") {
                    Some(number) => {
                        table.partition_by(format!("{said} PARTITIONS {}", plain(number)))
                    }
                    None => table.partition_by(said),
                },
                ("mysql" | "mariadb", key) => table.option(key.to_uppercase(), said),
                // A flag that is off says nothing.
                ("sqlite", "autoincrement" | "with_rowid" | "strict") => table,
                (_, key) => self.unsaid(key, table),
            };
        }
        table
    }
}

fn parents(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        many => strings(many),
    }
}

/// The columns of the primary key, said on the columns or as a constraint.
pub(crate) fn key_columns(table: &Value) -> Vec<String> {
    let constraints = list(&table["constraints"]).iter();
    let mut said = constraints.filter(|it| text(it, "kind") == Some("primary_key"));
    if let Some(key) = said.next() {
        return strings(&key["columns"]);
    }
    let columns = list(&table["columns"]).iter();
    let keys = columns.filter(|it| flag(it, "primary_key"));
    keys.map(|it| name(&it["name"])).collect()
}

/// The key that SQLAlchemy has the database number: a single integer that is no foreign key and has no default, or the one that
/// says so. The primary key must be said on the column: a constraint beside it makes no such key.
fn numbered_key(table: &Value, keys: &[String]) -> Option<String> {
    let columns = list(&table["columns"]).iter();
    let of_key: Vec<&Value> = columns
        .filter(|it| keys.contains(&name(&it["name"])))
        .collect();
    let said = of_key
        .iter()
        .find(|it| it.get("autoincrement") == Some(&Value::Bool(true)));
    let sole = match of_key[..] {
        [one] if numbers_by_itself(one) => Some(one),
        _ => None,
    };
    said.copied().or(sole).map(|it| name(&it["name"]))
}
