//! A table or a column that goes, with what it holds.

use super::Rule;
use crate::ops::Operation;
use crate::schema::Schema;

pub(super) const RULE: Rule = Rule {
    name: "data-goes",
    check: |operation, before, _| check(operation, before),
};

fn check(operation: &Operation, before: &Schema) -> Option<String> {
    match operation {
        Operation::DropTable(it) => {
            before.tables.get(&it.table)?;
            Some(format!("The rows of {} are lost", it.table))
        }
        Operation::DropColumn(it) => {
            let column = before.tables.get(&it.table)?.find_column(&it.column)?;
            // What is computed is computed again.
            let lost = column.generated.is_none();
            lost.then(|| format!("What {}.{} holds is lost", it.table, it.column))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{DropColumn, DropTable};
    use crate::schema::{Column, Table, Type};

    #[test]
    fn what_is_computed_is_no_loss() {
        let mut schema = Schema::default();
        schema.add_table(
            Table::new("t")
                .column(Column::new("a", Type::Integer))
                .column(Column::new("b", Type::Integer).generated_stored("a + 1")),
        );
        let said = |it: Operation| check(&it, &schema);
        assert_eq!(
            said(DropColumn::new("t", "a").into()).as_deref(),
            Some("What t.a holds is lost")
        );
        assert_eq!(said(DropColumn::new("t", "b").into()), None);
        assert_eq!(
            said(DropTable::new("t").into()).as_deref(),
            Some("The rows of t are lost")
        );
        assert_eq!(said(DropTable::new("made_meanwhile").into()), None);
    }
}
