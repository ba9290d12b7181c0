//! A constraint or a unique index on a table that may have rows which break it.

use super::Rule;
use crate::ops::Operation;
use crate::schema::{Ident, QualifiedName, Schema};

pub(super) const RULE: Rule = Rule {
    name: "rows-must-agree",
    check,
};

fn check(operation: &Operation, before: &Schema) -> Option<String> {
    let (table, columns, fails) = match operation {
        Operation::CreatePrimaryKey(it) => (&it.table, it.key.columns.clone(), ALIKE),
        Operation::CreateUniqueConstraint(it) => (&it.table, it.unique.columns.clone(), ALIKE),
        Operation::CreateIndex(it) if it.index.unique => {
            let columns = it.index.parts.iter().filter_map(|it| it.as_column());
            (&it.table, columns.cloned().collect(), ALIKE)
        }
        Operation::CreateForeignKey(it) if !it.key.not_valid => {
            (&it.table, it.key.columns.clone(), "a row refers to nothing")
        }
        Operation::CreateCheckConstraint(it) if !it.check.not_valid => {
            (&it.table, Vec::new(), "a row does not satisfy it")
        }
        Operation::CreateExclusionConstraint(it) => {
            (&it.table, Vec::new(), "two rows exclude each other")
        }
        _ => return None,
    };
    concerns_rows(table, &columns, before)
        .then(|| format!("{}: it fails where {fails}", operation.summary()))
}

const ALIKE: &str = "two rows have the same values";

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
            Some(
                "create unique index ix on patients: it fails where two rows have the same values"
            )
        );
        assert_eq!(check(&unique("new"), &schema), None);
        let it: Operation = CreateCheckConstraint::new("patients", Check::new("true")).into();
        assert!(check(&it, &schema).is_some());
    }
}
