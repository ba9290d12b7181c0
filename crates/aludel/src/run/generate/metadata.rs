//! The function `metadata()`, which gathers the models and declares what is beside them.

use super::layout;
use super::structs::TableSaid;
use crate::ops::code;
use crate::schema::{Declared, Schema};
use std::collections::BTreeSet;

pub(super) fn function(schema: &Schema, tables: &[TableSaid], unsaid: &mut Vec<String>) -> String {
    let mut plain = Vec::new();
    let mut built = Vec::new();
    let mut calls = Vec::new();
    for table in tables {
        match table {
            TableSaid::Struct(ident) => plain.push(ident.as_str()),
            TableSaid::Extended(ident, more) => {
                calls.push(("table", format!("{ident}::table(){}", more.concat())));
            }
            TableSaid::Built(code, reason) => {
                built.push((*reason, code.as_str()));
            }
        }
    }
    calls.extend(objects(schema));
    for object in schema.objects.comments.keys() {
        unsaid.push(format!("the comment of {object}"));
    }
    let mut out = String::from("/// Everything that is declared here.\n");
    if !unsaid.is_empty() {
        out += "// The database has these, and models cannot say them:\n";
        for line in unsaid.iter() {
            out += &format!("// - {}\n", one_line(line));
        }
    }
    let list = match plain.len() {
        0 => "Metadata::new()".to_string(),
        _ => format!("metadata![{}]", plain.join(", ")),
    };
    out += &format!("pub fn metadata() -> Metadata {{\n    {list}");
    let margin = 8;
    for (reason, code) in built {
        let call = layout::call("table", code, margin);
        out += &format!("\n        // No struct: {reason}.\n{call}");
    }
    for (name, argument) in calls {
        out += &format!("\n{}", layout::call(name, &argument, margin));
    }
    out + "\n}\n"
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is declared beside the tables, in an order in which it can be made. A schema is there because something is in it.
fn objects(schema: &Schema) -> Vec<(&'static str, String)> {
    let columns = schema.tables.values().flat_map(|it| &it.columns);
    let used: BTreeSet<_> = columns
        .filter_map(|it| it.ty.written.as_enum())
        .map(|it| &it.name)
        .collect();
    let enums = schema.enums.values().filter(|it| !used.contains(&it.name));
    let mut calls: Vec<(&'static str, String)> =
        enums.map(|it| ("object", code::enumeration(it))).collect();
    let inhabited = super::super::snapshot::named_schemas(schema);
    for object in schema.declared().values() {
        let code = match object {
            Declared::Schema(it) if inhabited.contains(it) => continue,
            Declared::Schema(it) => {
                calls.push(("schema_named", code::string(it)));
                continue;
            }
            Declared::Extension(it) => match code::extension(it) {
                text if text.starts_with("Extension::") => text,
                text => format!("Extension::new({text})"),
            },
            Declared::Sequence(it) => match code::sequence(it) {
                text if text.starts_with("Sequence::") => text,
                text => format!("Sequence::new({text})"),
            },
            Declared::Domain(it) => code::domain(it),
            Declared::Function(it) if it.procedure => {
                code::function(it).replacen("Function::new(", "Function::procedure(", 1)
            }
            Declared::Function(it) => code::function(it),
            Declared::View(it) if it.materialized => {
                code::view(it).replacen("View::new(", "View::materialized(", 1)
            }
            Declared::View(it) => code::view(it),
            Declared::Trigger(it) => code::trigger(it),
            Declared::Policy(it) => code::policy(it),
            Declared::Enum(_) | Declared::RowSecurity(..) => continue,
        };
        calls.push(("object", code));
    }
    for (table, security) in &schema.objects.row_security {
        let name = code::name(table);
        if security.enabled {
            calls.push(("row_security", format!("{name}, {}", security.forced)));
        } else if security.forced {
            let forced = "aludel::schema::RowSecurity { enabled: false, forced: true }";
            calls.push((
                "object",
                format!("aludel::schema::Declared::RowSecurity({name}.into(), {forced})"),
            ));
        }
    }
    calls
}
