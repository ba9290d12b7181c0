//! FORMER NAMES: `renamed_from`, and what cannot be meant by it.

use super::column::Column;
use crate::attrs::{Errors, Said};
use syn::LitStr;

/// Whether the name that a table had before can be one.
pub(crate) fn table(name: &str, said: &Said, errors: &mut Errors) {
    own_name("table", name, said, errors);
    let (Some(former), Some(schema)) = (said.text("renamed_from"), said.text("schema")) else {
        return;
    };
    if former.value().starts_with(&format!("{}.", schema.value())) {
        errors.at(
            former,
            "a table is renamed within its schema: write its old name without the schema",
        );
    }
}

/// What is called by its own name was not renamed.
pub(crate) fn own_name(kind: &str, name: &str, said: &Said, errors: &mut Errors) {
    if let Some(former) = said.text("renamed_from") {
        check(kind, name, former, errors);
    }
}

fn check(kind: &str, name: &str, former: &LitStr, errors: &mut Errors) {
    if former.value() == name {
        errors.at(
            former,
            format!("this is the name that the {kind} has: write the one that it had before"),
        );
    }
}

/// Whether the names that columns had before can be theirs: one column was one column.
pub(crate) fn columns(columns: &[Column], errors: &mut Errors) {
    for (at, column) in columns.iter().enumerate() {
        let Some(former) = column.former() else {
            continue;
        };
        check("column", &column.name, former, errors);
        let value = former.value();
        let same = |it: &Column| it.former().is_some_and(|it| it.value() == value);
        if let Some(other) = columns[..at].iter().find(|it| same(it)) {
            let message = format!(
                "one column cannot become two: `{}` was `{value}` already",
                other.name
            );
            errors.at(former, message);
        }
    }
}
