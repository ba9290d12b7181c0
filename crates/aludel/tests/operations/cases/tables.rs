//! Tables.

use super::{Case, case};
use aludel::db::Kind;
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

fn converted(op: &mut Operations) {
    op.set_table_options("patients")
        .charset("utf8mb4")
        .collation("utf8mb4_general_ci")
        .convert()
        .option("ROW_FORMAT", "DYNAMIC");
}

/// A table in parts, where there are such, and a table that could be one.
fn log(op: &mut Operations) {
    let day = || Column::new("day", Type::Date);
    if op.database() == Kind::Postgres {
        op.create_table(Table::new("log").column(day()).partition_by("RANGE (day)"));
    }
    op.create_table(Table::new("log_2025").column(day()));
    op.bulk_insert("log_2025", ["day"], [["2025-06-01"]]);
}

const OF_2025: &str = "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')";

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
        "create_table.if_not_exists",
        |op| {
            op.create_table(rooms()).if_not_exists();
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
        "drop_table.if_exists",
        |op| {
            op.drop_table("drafts").if_exists();
        },
        |_| (),
    )
    .quiet(),
    case(
        "set_table_options",
        |op| {
            op.set_table_options("visits")
                .parameter("fillfactor", "70")
                .parameter("autovacuum_enabled", "false");
        },
        |op| {
            op.set_table_options("visits")
                .reset("fillfactor")
                .reset("autovacuum_enabled");
        },
    )
    .quiet(),
    case(
        "set_table_options.of_MySQL",
        |op| {
            op.set_table_options("patients")
                .charset("utf8mb4")
                .collation("utf8mb4_bin")
                .convert()
                .option("ROW_FORMAT", "COMPACT");
        },
        converted,
    )
    .given(|op| {
        if [Kind::Mysql, Kind::MariaDb].contains(&op.database()) {
            converted(op);
        }
    }),
    case(
        "create_table.partition",
        |op| {
            op.create_table(
                Table::new("log_2026")
                    .partition_of("log", "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"),
            );
        },
        |op| {
            op.drop_table("log_2026");
        },
    )
    .given(log)
    .quiet(),
    case(
        "attach_partition",
        |op| {
            op.attach_partition("log", "log_2025", OF_2025);
        },
        |op| {
            op.detach_partition("log", "log_2025");
        },
    )
    .given(log),
    case(
        "detach_partition",
        |op| {
            op.detach_partition("log", "log_2025");
        },
        |op| {
            op.attach_partition("log", "log_2025", OF_2025);
        },
    )
    .given(|op| {
        log(op);
        if op.database() == Kind::Postgres {
            op.attach_partition("log", "log_2025", OF_2025);
        }
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
];
