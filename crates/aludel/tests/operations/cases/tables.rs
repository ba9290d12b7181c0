//! Tables.

use super::{Case, case};
use aludel::prelude::*;

fn rooms() -> Table {
    Table::new("rooms")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("name", Type::Varchar(50)).not_null().unique())
        .column(
            Column::new("beds", Type::Integer)
                .server_default("1")
                .check("beds > 0"),
        )
        .index(Index::on(["beds"]))
}

pub const CASES: &[Case] = &[
    case(
        "create_table",
        |op| op.create_table(rooms()),
        |op| op.drop_table("rooms"),
    ),
    case(
        "drop_table",
        |op| op.drop_table("rooms"),
        |op| op.create_table(rooms()),
    )
    .given(|op| op.create_table(rooms())),
    case(
        "rename_table",
        |op| op.rename_table("patients", "people"),
        |op| op.rename_table("people", "patients"),
    ),
    case(
        "create_table_comment",
        |op| op.create_table_comment("visits", "What a patient came for"),
        |op| op.drop_table_comment("visits"),
    ),
    case(
        "drop_table_comment",
        |op| op.drop_table_comment("visits"),
        |op| op.create_table_comment("visits", "What a patient came for"),
    )
    .given(|op| op.create_table_comment("visits", "What a patient came for")),
];
