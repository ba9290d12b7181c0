//! Tables.

use super::{Case, POSTGRES, case};
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
        |op| {
            op.create_table(rooms());
        },
        |op| {
            op.drop_table("rooms");
        },
    ),
    case(
        "drop_table",
        |op| {
            op.drop_table("rooms");
        },
        |op| {
            op.create_table(rooms());
        },
    )
    .given(|op| {
        op.create_table(rooms());
    }),
    case(
        "rename_table",
        |op| {
            op.rename_table("patients", "people");
        },
        |op| {
            op.rename_table("people", "patients");
        },
    ),
    case(
        "create_table_comment",
        |op| {
            op.create_table_comment("visits", "What a patient came for");
        },
        |op| {
            op.drop_table_comment("visits");
        },
    ),
    case(
        "drop_table_comment",
        |op| {
            op.drop_table_comment("visits");
        },
        |op| {
            op.create_table_comment("visits", "What a patient came for");
        },
    )
    .given(|op| {
        op.create_table_comment("visits", "What a patient came for");
    }),
    case(
        "create_table.if_not_exists",
        |op| drop(op.create_table(rooms()).if_not_exists()),
        |op| drop(op.drop_table("rooms")),
    ),
    case(
        "create_table.options_of_PostgreSQL",
        |op| {
            op.create_table(
                Table::new("log")
                    .column(Column::new("id", Type::Integer).primary_key())
                    .unlogged()
                    .parameter("fillfactor", "70"),
            );
        },
        |op| drop(op.drop_table("log")),
    )
    .on(POSTGRES),
    case(
        "create_table.options_of_MySQL",
        |op| {
            op.create_table(
                Table::new("log")
                    .column(Column::new("id", Type::Integer).primary_key())
                    .engine("InnoDB")
                    .charset("utf8mb4")
                    .option("ROW_FORMAT", "DYNAMIC"),
            );
        },
        |op| drop(op.drop_table("log")),
    )
    .on(&["MariaDB"]),
    case(
        "drop_table.if_exists",
        |op| drop(op.drop_table("nothing").if_exists()),
        |_| (),
    )
    .quiet(),
    case(
        "set_table_options",
        |op| {
            drop(
                op.set_table_options("visits")
                    .parameter("fillfactor", "70")
                    .unlogged(),
            )
        },
        |op| drop(op.set_table_options("visits").reset("fillfactor").logged()),
    )
    .on(POSTGRES),
    case(
        "set_table_options.charset",
        |op| drop(op.set_table_options("log").charset("latin1").convert()),
        |op| drop(op.set_table_options("log").charset("utf8mb4").convert()),
    )
    .given(|op| {
        op.create_table(
            Table::new("log")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("what", Type::Varchar(20)))
                .charset("utf8mb4"),
        );
    })
    .on(&["MariaDB"]),
];
