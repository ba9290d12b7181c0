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
    before.objects.views.get(name)?;
    Some(format!(
        "The view {name} is made anew: what was granted on it has to be granted again"
    ))
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
    }
}
