//! A column that is to refuse NULL, though rows may hold one.

use super::Rule;
use crate::ops::Operation;
use crate::schema::Schema;

pub(super) const RULE: Rule = Rule {
    name: "set-not-null",
    check: |operation, before, _| check(operation, before),
};

fn check(operation: &Operation, _: &Schema) -> Option<String> {
    match operation {
        Operation::AlterColumn(alter) if alter.nullable == Some(false) => Some(format!(
            "{}.{} becomes NOT NULL: it fails where a row holds NULL",
            alter.table, alter.column
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::AlterColumn;

    #[test]
    fn setting_is_risky_and_dropping_is_not() {
        let mut alter = AlterColumn::new("visits", "status");
        alter.nullable = Some(true);
        assert_eq!(check(&alter.clone().into(), &Schema::default()), None);
        alter.nullable = Some(false);
        assert!(check(&alter.into(), &Schema::default()).is_some());
    }
}
