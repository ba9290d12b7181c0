//! An object that is dropped and created again, and loses what was granted on it.

use super::Rule;
use crate::ops::Operation;
use crate::schema::Schema;

pub(super) const RULE: Rule = Rule {
    name: "made-anew",
    check: |operation, before, _| check(operation, before),
};

fn check(operation: &Operation, before: &Schema) -> Option<String> {
    let Operation::CreateView(create) = operation else {
        return None;
    };
    let name = &create.view.name;
    let was = before.objects.views.get(name)?;
    let lost = was.indexes.0.keys();
    let lost: Vec<&str> = lost
        .filter(|it| !create.view.indexes.0.contains_key(*it))
        .map(|it| it.as_str())
        .collect();
    Some(match lost.is_empty() {
        true => {
            format!("The view {name} is made anew: what was granted on it has to be granted again")
        }
        false => format!(
            "The view {name} is made anew: what was granted on it has to be granted again, and its indexes created ({})",
            lost.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{CreateView, IfThere};
    use crate::schema::{Declared, View};

    #[test]
    fn only_one_that_was_there() {
        let view = View::new("v", "SELECT 1");
        let create: Operation = CreateView {
            view: view.clone(),
            if_there: IfThere::Fail,
        }
        .into();
        let mut schema = Schema::default();
        assert_eq!(check(&create, &schema), None);
        Declared::from(view).put(&mut schema);
        assert!(check(&create, &schema).is_some());
        let mut indexed = View::materialized("v", "SELECT 2 AS a");
        indexed
            .indexes
            .0
            .insert("ix".into(), "CREATE INDEX ix ON v (a)".into());
        let mut schema = Schema::default();
        Declared::from(indexed).put(&mut schema);
        let said = check(&create, &schema).unwrap();
        assert!(said.ends_with("and its indexes created (ix)"), "{said}");
    }
}
