//! How one column differs from its successor.

use crate::ops::AlterColumn;
use crate::schema::{Column, QualifiedName, Type};

/// The change, if there is one.
pub(super) fn alter(table: &QualifiedName, before: &Column, after: &Column) -> Option<AlterColumn> {
    let mut change = AlterColumn::new(table.clone(), after.name.clone());
    if !same_type(before, after) {
        change.ty = Some(after.ty.written.clone());
    }
    if before.nullable != after.nullable {
        change.nullable = Some(after.nullable);
    }
    if before.default != after.default {
        let default = after.default.as_ref();
        change.default = Some(default.map(|it| it.written.clone()));
    }
    if before.identity != after.identity {
        change.identity = Some(after.identity.clone());
    }
    if before.comment != after.comment {
        change.comment = Some(after.comment.clone());
    }
    (change != AlterColumn::new(table.clone(), after.name.clone())).then_some(change)
}

/// Values of an enum type are the type's own matter: a column has the type or not.
pub(super) fn same_type(before: &Column, after: &Column) -> bool {
    match (&before.ty.written, &after.ty.written) {
        (Type::Enum(before), Type::Enum(after)) => before.name == after.name,
        _ => before.ty == after.ty,
    }
}
