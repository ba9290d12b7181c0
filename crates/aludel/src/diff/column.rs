//! How one column differs from its successor.

use crate::ops::AlterColumn;
use crate::schema::{Column, OnConflict, QualifiedName, Type};

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
    if before.charset != after.charset {
        change.charset = Some(after.charset.clone());
    }
    if before.collation != after.collation {
        change.collation = Some(after.collation.clone());
    }
    if before.on_update != after.on_update {
        let expr = after.on_update.as_ref();
        change.on_update = Some(expr.map(|it| it.written.clone()));
    }
    if before.invisible != after.invisible {
        change.invisible = Some(after.invisible);
    }
    if keeps_conflict(before, after) != after.not_null_on_conflict {
        change.not_null_on_conflict = Some(after.not_null_on_conflict);
    }
    if before.comment != after.comment {
        change.comment = Some(after.comment.clone());
    }
    (change != AlterColumn::new(table.clone(), after.name.clone())).then_some(change)
}

/// Does not say a collation that the column has by its table.
pub(super) fn leave_to_table(column: &mut Column, collation: Option<&String>) {
    column.collation = column.collation.take().filter(|it| Some(it) != collation);
}

/// The conflict clause of `NOT NULL` that is left when the column takes NULL, or refuses it, as it is to.
fn keeps_conflict(before: &Column, after: &Column) -> Option<OnConflict> {
    before.not_null_on_conflict.filter(|_| !after.nullable)
}

/// Whether what the column holds is of another type, or comes in another order: what is made of it must be made anew.
pub(super) fn is_retyped(before: &Column, after: &Column) -> bool {
    !same_type(before, after) || is_ordered_anew(before, after)
}

/// Whether what the column holds comes in another order.
pub(super) fn is_ordered_anew(before: &Column, after: &Column) -> bool {
    before.collation != after.collation || before.charset != after.charset
}

/// Values of an enum type are the type's own matter: a column has the type or not.
pub(super) fn same_type(before: &Column, after: &Column) -> bool {
    match (&before.ty.written, &after.ty.written) {
        (Type::Enum(before), Type::Enum(after)) => before.name == after.name,
        _ => before.ty == after.ty,
    }
}
