//! Enum types.

use super::{Case, POSTGRES_AND_SQLITE, case};
use aludel::prelude::*;

fn mood() -> Enum {
    Enum::new("mood", ["sad", "happy"])
}

fn moody(op: &mut Operations) {
    op.create_enum(mood());
    op.add_column("patients", Column::new("mood", Type::Enum(mood())));
    op.execute("UPDATE patients SET mood = 'sad' WHERE id = 1");
}

pub const CASES: &[Case] = &[
    case(
        "create_enum",
        |op| {
            op.create_enum(mood());
        },
        |op| {
            op.drop_enum("mood");
        },
    ),
    case(
        "drop_enum",
        |op| {
            op.drop_enum("mood");
        },
        |op| {
            op.create_enum(mood());
        },
    )
    .given(|op| {
        op.create_enum(mood());
    }),
    case(
        "alter_enum",
        |op| {
            op.alter_enum(mood(), ["sad", "calm", "happy"]);
        },
        |op| {
            op.alter_enum(
                Enum::new("mood", ["sad", "calm", "happy"]),
                ["sad", "happy"],
            );
        },
    )
    .given(moody),
    case(
        "alter_enum.reorder",
        |op| {
            op.alter_enum(mood(), ["happy", "sad"]);
        },
        |op| {
            op.alter_enum(Enum::new("mood", ["happy", "sad"]), ["sad", "happy"]);
        },
    )
    .given(moody),
    case(
        "rename_enum_value",
        |op| op.rename_enum_value("mood", "sad", "blue"),
        |op| op.rename_enum_value("mood", "blue", "sad"),
    )
    .given(moody)
    .on(POSTGRES_AND_SQLITE),
    case(
        "rename_enum",
        |op| op.rename_enum("mood", "temper"),
        |op| op.rename_enum("temper", "mood"),
    )
    .given(moody),
];
