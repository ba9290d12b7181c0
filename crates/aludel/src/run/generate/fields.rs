//! Columns as fields of a struct.

use super::Work;
use super::attributes::{Attributes, doc};
use super::constraints::Spread;
use super::names::field_name;
use super::types::{self, Said};
use crate::schema::{Column, Identity, Table, Type};
use std::collections::BTreeSet;

/// Why a derive cannot say a table, if it cannot.
pub(super) fn refusal(table: &Table) -> Option<&'static str> {
    if table.columns.is_empty() {
        return Some("a struct needs a field");
    }
    if table.columns.iter().any(|it| it.name.trim().is_empty()) {
        return Some("a name is only white space");
    }
    for column in &table.columns {
        let plain = [Identity::BY_DEFAULT, Identity::ALWAYS];
        if column
            .identity
            .as_ref()
            .is_some_and(|it| !plain.contains(it))
        {
            return Some("an identity has options");
        }
        if column.not_null_on_conflict.is_some() {
            return Some("a NOT NULL has a conflict clause");
        }
        if column.nullable && column.identity.is_some() {
            return Some("a numbered column takes NULL");
        }
    }
    None
}

/// The fields of a struct, and the enums that they have.
pub(super) fn fields(
    work: &mut Work<'_>,
    table: &Table,
    spread: &mut Spread,
) -> (String, BTreeSet<String>) {
    let mut taken = BTreeSet::new();
    let mut uses = BTreeSet::new();
    let mut code = String::new();
    for column in &table.columns {
        let (field, is_same) = field_name(&column.name, &mut taken);
        let (rust, said) = types::field(work, table, column);
        let mut attributes = Attributes::default();
        let of_table = spread.fields.remove(&column.name).unwrap_or_default();
        if of_table.has("primary_key") {
            attributes.word("primary_key");
        }
        if !is_same {
            attributes.text("name", &column.name);
        }
        said.add(&mut attributes);
        numbers(&mut attributes, column, spread, &said);
        values(&mut attributes, column);
        attributes.extend(of_table.without("primary_key"));
        let ty = match column.nullable && !spread.key.contains(&column.name) {
            true => format!("Option<{}>", rust.text),
            false => rust.text,
        };
        uses.extend(rust.of_enum);
        code += &doc(column.comment.as_deref(), "    ");
        code += &attributes.spell("column", "    ");
        code += &format!("    pub {field}: {ty},\n");
    }
    (code, uses)
}

impl Said {
    fn add(&self, attributes: &mut Attributes) {
        match self {
            Self::Nothing => {}
            Self::Length(length) => attributes.value("length", length),
            Self::Precision(digits) => attributes.value("precision", digits),
            Self::Decimal(all, after) => {
                attributes.value("precision", all);
                if *after > 0 {
                    attributes.value("scale", after);
                }
            }
            Self::Type(code) => attributes.value("sql_type", code),
            Self::Name(name) => attributes.text("type", name),
        }
    }
}

/// How the column is numbered, where the derive would not take it for granted.
fn numbers(attributes: &mut Attributes, column: &Column, spread: &Spread, said: &Said) {
    let ty = &column.ty.written;
    let is_integer =
        ty.is_integer() && *ty != Type::BigInteger.unsigned() && !matches!(said, Said::Name(_));
    let is_elsewhere = column.default.is_some()
        || column.generated.is_some()
        || spread.referring.contains(&column.name)
        || spread.foreign.contains(&column.name);
    let is_lone = spread.key.len() == 1 && spread.key[0] == column.name;
    let is_numbered = is_lone && is_integer && !is_elsewhere;
    match &column.identity {
        Some(it) if it.always => attributes.text("identity", "always"),
        Some(_) if !is_numbered => attributes.word("identity"),
        None if is_numbered => attributes.value("autoincrement", false),
        _ => {}
    }
}

fn values(attributes: &mut Attributes, column: &Column) {
    let texts = [
        (
            "server_default",
            column.default.as_ref().map(|it| it.written.as_str()),
        ),
        (
            "server_onupdate",
            column.on_update.as_ref().map(|it| it.written.as_str()),
        ),
        ("charset", column.charset.as_deref()),
        ("collation", column.collation.as_deref()),
        ("comment", column.comment.as_deref()),
    ];
    if let Some(generated) = &column.generated {
        let word = match generated.stored {
            true => "generated",
            false => "generated_virtual",
        };
        attributes.text(word, generated.expr.written.as_str());
    }
    for (word, text) in texts {
        if let Some(text) = text {
            attributes.text(word, text);
        }
    }
    if column.invisible {
        attributes.word("invisible");
    }
}
