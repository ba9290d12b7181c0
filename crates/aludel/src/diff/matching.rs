//! What of a table stays when it becomes its successor: which constraints are the same, and which columns must be made anew.

use super::column;
use super::constraint::{is_not_valid, same_constraint, same_rule};
use super::family::Family;
use crate::ops::drop_column::mentions;
use crate::schema::{Column, Constraint, Generated, Ident, Table};

/// Whether a column that is computed like this can be made one that is not, and keeps its values.
pub(crate) type KeepsComputed<'k> = &'k dyn Fn(&Generated) -> bool;

/// Whether one that becomes strict has another name for the same type.
pub(super) fn is_renamed_type(before: &Table, after: &Table, old: &Column, new: &Column) -> bool {
    let becomes_strict = after.options.strict && !before.options.strict;
    becomes_strict && old.ty.written == new.ty.written
}

pub(super) fn is_retyped(before: &Table, after: &Table, old: &Column, new: &Column) -> bool {
    match is_renamed_type(before, after, old, new) {
        true => column::is_ordered_anew(old, new),
        false => column::is_retyped(old, new),
    }
}

/// Columns that are computed otherwise than before, or from a column whose type changes: what they hold is computed again.
pub(super) fn remade<'s>(
    before: &'s Table,
    after: &'s Table,
    keeps: KeepsComputed<'_>,
) -> Vec<&'s Ident> {
    let retyped: Vec<&Ident> = after
        .columns
        .iter()
        .filter(|new| {
            let old = before.find_column(&new.name);
            old.is_some_and(|old| is_retyped(before, after, old, new))
        })
        .map(|it| &it.name)
        .collect();
    let is_remade = |new: &&Column| {
        let Some(old) = before.find_column(&new.name) else {
            return false;
        };
        let computed_from = |it: &Column| match &it.generated {
            Some(generated) => {
                let text = generated.expr.written.as_str();
                retyped.iter().any(|name| mentions(text, name))
            }
            None => false,
        };
        (old.generated != new.generated && !loses_expression(old, new, keeps)) || computed_from(new)
    };
    after
        .columns
        .iter()
        .filter(is_remade)
        .map(|it| &it.name)
        .collect()
}

/// Whether a column stays with the values that it has, and is computed no more.
fn loses_expression(old: &Column, new: &Column, keeps: KeepsComputed<'_>) -> bool {
    new.generated.is_none() && old.generated.as_ref().is_some_and(keeps)
}

/// What became of the constraints of a table.
pub(super) struct Matched<'s> {
    pub(super) gone: Vec<&'s Constraint>,
    pub(super) come: Vec<&'s Constraint>,
    /// Those that stay, as they were, and that are to hold for the rows that were there before them.
    pub(super) unchecked: Vec<&'s Constraint>,
}

/// The constraints that went and those that came: each that stays is matched with exactly one of the other side.
///
/// The constraints of a table that this one leaves stay with it. Those of a table that it comes to are matched too; a check it
/// must have by then, a key it gets.
pub(super) fn match_constraints<'s>(
    before: &'s Table,
    after: &'s Table,
    family: &Family<'s>,
    remade: &[&Ident],
) -> Matched<'s> {
    let is_among =
        |list: &[&Constraint], it: &Constraint| list.iter().any(|of| std::ptr::eq(*of, it));
    let mut gone: Vec<&Constraint> = before.constraints.iter().collect();
    gone.extend(&family.left);
    let (mut come, mut unchecked) = (Vec::new(), Vec::new());
    let joined = family.joined.iter().copied();
    for new in after.constraints.iter().chain(joined) {
        let is_joined = is_among(&family.joined, new);
        let exact = gone.iter().position(|old| *old == new);
        let alike = exact.or_else(|| gone.iter().position(|old| same_constraint(old, new)));
        let nameless =
            |old: &&Constraint| (is_joined || is_among(&family.left, old)) && same_rule(old, new);
        let alike = alike.or_else(|| gone.iter().position(nameless));
        match alike.filter(|_| !remade.iter().any(|name| constraint_uses(new, name))) {
            Some(at) => {
                let old = gone.remove(at);
                if is_not_valid(old) && !is_not_valid(new) {
                    unchecked.push(old);
                }
            }
            None if is_joined && !matches!(new, Constraint::Check(_)) => {}
            None => come.push(new),
        }
    }
    // A key that a table had as a part of another has a name of its own, which nobody knows here.
    let is_known =
        |it: &Constraint| !is_among(&family.left, it) || matches!(it, Constraint::Check(_));
    gone.retain(|it| is_known(it) && !family.shares(it));
    Matched {
        gone,
        come,
        unchecked,
    }
}

pub(super) fn constraint_uses(constraint: &Constraint, column: &Ident) -> bool {
    match constraint {
        Constraint::Check(check) => mentions(check.expr.written.as_str(), column),
        other => other.columns().contains(column),
    }
}
