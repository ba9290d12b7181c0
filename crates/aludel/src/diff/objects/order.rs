//! The order of objects of one kind among themselves: what another's text names comes before it.

use crate::diff::text;
use crate::ops::drop_column::mentions;
use crate::schema::{Declared, Object};

/// Each object after those that its text names; as they were given where that leaves a choice, and where a circle leaves none.
pub(super) fn needed_first(objects: Vec<&Declared>) -> Vec<&Declared> {
    let names: Vec<String> = objects.iter().map(|it| last_name(it)).collect();
    let needs: Vec<Vec<usize>> = objects
        .iter()
        .enumerate()
        .map(|(at, it)| {
            let texts = text::of_object(it);
            let named =
                |other: &usize| *other != at && texts.iter().any(|it| mentions(it, &names[*other]));
            (0..objects.len()).filter(named).collect()
        })
        .collect();
    let mut done = vec![false; objects.len()];
    let mut order = Vec::new();
    for start in 0..objects.len() {
        let mut stack = vec![(start, false)];
        while let Some((at, needs_done)) = stack.pop() {
            if needs_done {
                order.push(objects[at]);
            } else if !std::mem::replace(&mut done[at], true) {
                stack.push((at, true));
                let open = needs[at].iter().rev().filter(|it| !done[**it]);
                stack.extend(open.map(|it| (*it, false)));
            }
        }
    }
    order
}

fn last_name(object: &Declared) -> String {
    match object.object() {
        Some(Object::Trigger(_, name) | Object::Policy(_, name)) => name.to_string(),
        Some(it) => it
            .qualified()
            .map_or_else(String::new, |it| it.name.to_string()),
        None => String::new(),
    }
}
