//! A table as a struct, or by the builder.

use super::attributes::{Attributes, doc};
use super::{Item, Work, constraints, fields};
use crate::ops::code;
use crate::schema::{Table, TableOptions};
use heck::ToSnakeCase;

/// What is said of a table.
pub(super) struct Model {
    /// The struct, if it is one.
    pub(super) item: Option<Item>,
    /// How the metadata has it.
    pub(super) said: TableSaid,
}

/// How the metadata has a table.
pub(super) enum TableSaid {
    /// A struct says all of it.
    Struct(String),
    /// A struct, and calls of the builder.
    Extended(String, Vec<String>),
    /// The builder alone, and why.
    Built(String, &'static str),
}

pub(super) fn model(work: &mut Work<'_>, table: &Table) -> Model {
    let mut spread = constraints::spread(table);
    let options = options(&mut spread.table, &table.options);
    if let Some(reason) = fields::refusal(table) {
        return Model {
            item: None,
            said: TableSaid::Built(code::table(table), reason),
        };
    }
    let ident = work.names.structs.get(&table.name).cloned();
    let ident = ident.unwrap_or_default();
    let mut said = Attributes::default();
    if ident.to_snake_case() != *table.name.name {
        said.text("name", &table.name.name);
    }
    if let Some(schema) = &table.name.schema {
        said.text("schema", schema);
    }
    if let Some(comment) = table.comment.as_deref().filter(|it| !it.trim().is_empty()) {
        said.text("comment", comment);
    }
    let (fields, uses) = fields::fields(work, table, &mut spread);
    said.extend(std::mem::take(&mut spread.table));
    let code = format!(
        "{}#[derive(Debug, Clone, Table)]\n{}pub struct {ident} {{\n{fields}}}\n",
        doc(table.comment.as_deref(), ""),
        said.spell("table", "")
    );
    let mut calls = options;
    calls.append(&mut spread.calls);
    Model {
        item: Some(Item {
            module: work
                .names
                .modules
                .get(&table.name)
                .cloned()
                .unwrap_or_default(),
            ident: ident.clone(),
            code,
            uses,
        }),
        said: match calls.is_empty() {
            true => TableSaid::Struct(ident),
            false => TableSaid::Extended(ident, calls),
        },
    }
}

/// What is said of the options of a table: words of the derive, and calls for the others.
fn options(said: &mut Attributes, options: &TableOptions) -> Vec<String> {
    for (set, word) in [
        (options.strict, "strict"),
        (options.without_rowid, "without_rowid"),
        (options.autoincrement, "autoincrement"),
    ] {
        if set {
            said.word(word);
        }
    }
    let mut others = Table::new("t");
    others.options = TableOptions {
        strict: false,
        without_rowid: false,
        autoincrement: false,
        ..options.clone()
    };
    let calls = code::table(&others);
    let calls = calls.strip_prefix("Table::new(\"t\")").unwrap_or_default();
    match calls.trim() {
        "" => Vec::new(),
        calls => vec![calls.to_string()],
    }
}
