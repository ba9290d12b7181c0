//! A constraint or a unique index on a table that may have rows which break it.

use super::Rule;
use crate::ops::Operation;
use crate::schema::{Ident, QualifiedName, Schema};

pub(super) const RULE: Rule = Rule {
    name: "rows-must-agree",
    check: |operation, before, _| check(operation, before),
};

fn check(operation: &Operation, before: &Schema) -> Option<String> {
    let unique = |table: &QualifiedName, columns: Vec<Ident>| {
        let names: Vec<&str> = columns.iter().map(Ident::as_str).collect();
        let said = format!(
            "{table}({}) becomes unique: it fails where two rows have the same values",
            names.join(", ")
        );
        concerns_rows(table, &columns, before).then_some(said)
    };
    match operation {
        Operation::CreatePrimaryKey(it) => unique(&it.table, it.key.columns.clone()),
        Operation::CreateUniqueConstraint(it) => unique(&it.table, it.unique.columns.clone()),
        Operation::CreateIndex(it) if it.index.unique => {
            let columns = it.index.parts.iter().filter_map(|it| it.as_column());
            unique(&it.table, columns.cloned().collect())
        }
        Operation::CreateForeignKey(it) if !it.key.not_valid => {
            let (table, key) = (&it.table, &it.key);
            concerns_rows(table, &key.columns, before).then(|| {
                format!(
                    "{table} comes to reference {}: it fails where a row refers to nothing",
                    key.references
                )
            })
        }
        Operation::CreateCheckConstraint(it) if !it.check.not_valid => {
            concerns_rows(&it.table, &[], before).then(|| {
                let name = it.check.name.as_ref().map_or("a check", Ident::as_str);
                format!(
                    "{name} is checked on {}: it fails where a row breaks it",
                    it.table
                )
            })
        }
        Operation::CreateExclusionConstraint(it) => {
            concerns_rows(&it.table, &[], before).then(|| {
                format!(
                    "rows of {} come to exclude each other: it fails where two do",
                    it.table
                )
            })
        }
        _ => None,
    }
}

/// Columns that are new hold nothing that could be alike or refer to nothing.
fn concerns_rows(table: &QualifiedName, columns: &[Ident], before: &Schema) -> bool {
    let Some(table) = before.tables.get(table) else {
        return false;
    };
    columns.is_empty() || columns.iter().any(|it| table.has_column(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{CreateCheckConstraint, CreateIndex};
    use crate::schema::{Check, Column, Index, Table, Type};

    #[test]
    fn only_where_rows_may_be() {
        let unique = |column: &str| -> Operation {
            CreateIndex::new("patients", Index::new("ix", [column]).unique()).into()
        };
        let mut schema = Schema::default();
        assert_eq!(check(&unique("email"), &schema), None);
        schema.add_table(Table::new("patients").column(Column::new("email", Type::Text)));
        assert_eq!(
            check(&unique("email"), &schema).as_deref(),
            Some("patients(email) becomes unique: it fails where two rows have the same values")
        );
        assert_eq!(check(&unique("new"), &schema), None);
        let it: Operation = CreateCheckConstraint::new("patients", Check::new("true")).into();
        assert!(check(&it, &schema).is_some());
    }
}
