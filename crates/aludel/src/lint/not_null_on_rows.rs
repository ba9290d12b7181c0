//! A new column that refuses NULL and has nothing to put into the rows that are there.

use super::Rule;
use crate::ops::Operation;
use crate::schema::Schema;

pub(super) const RULE: Rule = Rule {
    name: "not-null-on-rows",
    check: |operation, before, _| check(operation, before),
};

fn check(operation: &Operation, before: &Schema) -> Option<String> {
    let Operation::AddColumn(add) = operation else {
        return None;
    };
    let column = &add.column;
    let filled = column.nullable
        || column.default.is_some()
        || column.identity.is_some()
        || column.generated.is_some();
    if filled || !before.tables.contains_key(&add.table) {
        return None;
    }
    let table = &add.table;
    Some(format!(
        "{table}.{} is NOT NULL without a default: it fails where {table} has rows",
        column.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::AddColumn;
    use crate::schema::{Column, Table, Type};

    #[test]
    fn only_where_the_table_is_there_already() {
        let add: Operation = AddColumn::new(
            "patients",
            Column::new("first_name", Type::String).not_null(),
        )
        .into();
        let mut schema = Schema::default();
        assert_eq!(check(&add, &schema), None);
        schema.add_table(Table::new("patients"));
        assert_eq!(
            check(&add, &schema).as_deref(),
            Some(
                "patients.first_name is NOT NULL without a default: it fails where patients has rows"
            )
        );
    }
}
