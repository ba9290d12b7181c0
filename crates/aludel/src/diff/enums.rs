//! How the values of an enum type change: what comes, comes before the columns change, and what goes, goes after.

use super::text;
use crate::ops::{AlterEnum, Operation};
use crate::schema::{Declared, Enum, QualifiedName, Schema, Table, Type};
use std::collections::BTreeSet;

/// The change that adds what is new, if anything is. Where values also go or change places, the new ones are put at the end
/// for the time being.
pub(super) fn additions(before: &Enum, after: &Enum, to: &Schema) -> Option<AlterEnum> {
    let added: Vec<String> = lacking(after, before);
    if added.is_empty() {
        return None;
    }
    let whole = alter(before.clone(), after.values.clone());
    let mut change = match whole.additions() {
        Some(_) => whole,
        None => alter(before.clone(), with(before, &added).values),
    };
    change.replace = to.tables.values().any(|it| uses(it, after, &added))
        || to.declared().values().any(|it| looks_for(it, &added));
    Some(change)
}

/// The change that takes away what goes, and puts the values into their order.
pub(super) fn removals(before: &Enum, after: &Enum) -> Option<AlterEnum> {
    if alter(before.clone(), after.values.clone())
        .additions()
        .is_some()
    {
        return None;
    }
    let grown = with(before, &lacking(after, before));
    Some(alter(grown, after.values.clone()))
}

/// The types that are made anew under their columns, because values go or are needed at once.
pub(super) fn remade(from: &Schema, to: &Schema, last: &Schema) -> BTreeSet<QualifiedName> {
    let changed = from.enums.values().filter(|before| {
        let Some(after) = to.enums.get(&before.name) else {
            return false;
        };
        let added = additions(before, after, last);
        removals(before, after).is_some() || added.is_some_and(|it| it.replace)
    });
    changed.map(|it| it.name.clone()).collect()
}

/// A column that is made before values go has them for the time being, as its type does.
pub(super) fn for_now(operation: &mut Operation, ty: &Enum) {
    let types: Vec<&mut Type> = match operation {
        Operation::CreateTable(it) => {
            let columns = it.table.columns.iter_mut();
            columns.map(|it| &mut it.ty.written).collect()
        }
        Operation::AddColumn(it) => vec![&mut it.column.ty.written],
        Operation::AlterColumn(it) => it.ty.iter_mut().collect(),
        _ => Vec::new(),
    };
    for it in types {
        *it = it.with_enum(ty);
    }
}

fn alter(from: Enum, values: Vec<String>) -> AlterEnum {
    AlterEnum {
        from,
        values,
        replace: false,
    }
}

/// The values of one type that the other lacks.
fn lacking(of: &Enum, other: &Enum) -> Vec<String> {
    let mut values = of.values.clone();
    values.retain(|it| !other.values.contains(it));
    values
}

fn with(ty: &Enum, added: &[String]) -> Enum {
    let mut ty = ty.clone();
    ty.values.extend_from_slice(added);
    ty
}

/// Whether a table with a column of the type has one of the values in an expression: then it is needed at once.
fn uses(table: &Table, ty: &Enum, values: &[String]) -> bool {
    let has_type = |it: &&crate::schema::Column| {
        let of = it.ty.written.as_enum();
        of.is_some_and(|of| of.name == ty.name)
    };
    table.columns.iter().any(|it| has_type(&it)) && say(&text::of_table(table), values)
}

/// Whether an object that the database reads when it is made has one of the values.
fn looks_for(object: &Declared, values: &[String]) -> bool {
    let is_read = match object {
        Declared::View(_) | Declared::Policy(_) | Declared::Domain(_) => true,
        Declared::Trigger(it) => it.when.is_some(),
        Declared::Function(it) => {
            let language = it.language.as_deref().unwrap_or("sql");
            it.sql_body || language.eq_ignore_ascii_case("sql")
        }
        _ => false,
    };
    is_read && say(&text::of_object(object), values)
}

/// Whether one of the values stands in a text.
fn say(texts: &[&str], values: &[String]) -> bool {
    let literals: Vec<String> = values
        .iter()
        .map(|it| format!("'{}'", it.replace('\'', "''")))
        .collect();
    let has = |text: &&str| literals.iter().any(|literal| text.contains(literal));
    texts.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;

    fn ty(values: &[&str]) -> Enum {
        Enum::new("mood", values.iter().copied())
    }

    #[test]
    fn what_comes_and_what_goes_are_two_changes() {
        let (before, after) = (ty(&["sad", "ok"]), ty(&["glad", "sad"]));
        let to = Schema::default();
        let first = additions(&before, &after, &to).unwrap();
        assert_eq!(
            (first.values, first.replace),
            (vec!["sad".into(), "ok".into(), "glad".into()], false)
        );
        let last = removals(&before, &after).unwrap();
        assert_eq!((last.from.values.len(), last.values), (3, after.values));
        assert!(removals(&before, &ty(&["sad", "so so", "ok"])).is_none());
        assert!(additions(&before, &ty(&["ok"]), &to).is_none());
    }

    #[test]
    fn a_value_that_is_needed_at_once_makes_the_type_anew() {
        let after = ty(&["sad", "ok", "it's"]);
        let mut to = Schema::default();
        let column = Column::new("mood", Type::Enum(after.clone())).server_default("'it''s'");
        to.add_table(Table::new("t").column(column));
        assert!(additions(&ty(&["sad", "ok"]), &after, &to).unwrap().replace);
    }
}
