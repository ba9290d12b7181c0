//! Partitions.

use super::{Case, POSTGRES, case};
use aludel::db::Kind;
use aludel::prelude::*;

const YEAR: &str = "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')";

fn bills(op: &mut Operations) {
    // MySQL wants each partition of a range at once, and they are no tables of their own there.
    let by = match op.database() {
        Kind::Postgres => "RANGE (day)",
        _ => "HASH (id) PARTITIONS 2",
    };
    op.create_table(
        Table::new("bills")
            .column(Column::new("id", Type::Integer).not_null())
            .column(Column::new("day", Type::Date).not_null())
            .partition_by(by),
    );
}

fn attached(op: &mut Operations) {
    bills(op);
    op.create_table(Table::new("bills_2026").partition_of("bills", YEAR));
    op.bulk_insert("bills", ["id", "day"], [(1, "2026-05-01")]);
}

pub const CASES: &[Case] = &[
    case(
        "create_table.partition",
        |op| drop(op.create_table(Table::new("bills_2026").partition_of("bills", YEAR))),
        |op| drop(op.drop_table("bills_2026")),
    )
    .given(bills)
    .on(POSTGRES),
    case(
        "detach_partition",
        |op| drop(op.detach_partition("bills", "bills_2026")),
        |op| op.attach_partition("bills", "bills_2026", YEAR),
    )
    .given(attached)
    .on(POSTGRES),
    case(
        "detach_partition.concurrently",
        |op| drop(op.detach_partition("bills", "bills_2026").concurrently()),
        |op| {
            // What PostgreSQL leaves behind in place of the bound.
            op.execute("ALTER TABLE bills_2026 DROP CONSTRAINT bills_2026_day_check");
            op.attach_partition("bills", "bills_2026", YEAR);
        },
    )
    .given(attached)
    .on(POSTGRES),
    case(
        "attach_partition",
        |op| op.attach_partition("bills", "bills_2026", YEAR),
        |op| drop(op.detach_partition("bills", "bills_2026")),
    )
    .given(|op| {
        attached(op);
        op.detach_partition("bills", "bills_2026");
    })
    .on(POSTGRES),
];
