//! Values of an enum type that go, though rows may hold them.

use super::Rule;
use crate::ops::Operation;
use crate::schema::Schema;

pub(super) const RULE: Rule = Rule {
    name: "values-go",
    check: |operation, before, _| check(operation, before),
};

fn check(operation: &Operation, _: &Schema) -> Option<String> {
    let Operation::AlterEnum(alter) = operation else {
        return None;
    };
    let gone = alter
        .from
        .values
        .iter()
        .filter(|it| !alter.values.contains(it));
    let gone: Vec<String> = gone.map(|it| format!("'{it}'")).collect();
    (!gone.is_empty()).then(|| {
        format!(
            "Enum type {} loses {}: it fails where a row holds {}",
            alter.from.name,
            gone.join(", "),
            if gone.len() == 1 { "it" } else { "one of them" }
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::AlterEnum;
    use crate::schema::Enum;

    #[test]
    fn values_that_come_are_no_risk() {
        let alter = |values: &[&str]| -> Operation {
            AlterEnum {
                from: Enum::new("mood", ["sad", "ok"]),
                values: values.iter().map(ToString::to_string).collect(),
                replace: false,
            }
            .into()
        };
        let schema = Schema::default();
        assert_eq!(check(&alter(&["sad", "ok", "glad"]), &schema), None);
        assert_eq!(
            check(&alter(&["ok"]), &schema).as_deref(),
            Some("Enum type mood loses 'sad': it fails where a row holds it")
        );
    }
}
