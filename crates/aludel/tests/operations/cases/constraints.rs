//! Constraints.

use super::{Case, POSTGRES, case};
use aludel::prelude::*;

fn keyless(op: &mut Operations) {
    op.create_table(
        Table::new("rooms")
            .column(Column::new("id", Type::Integer).not_null())
            .column(Column::new("name", Type::Varchar(50))),
    );
    op.bulk_insert("rooms", ["id", "name"], [(1, "north"), (2, "south")]);
}

pub const CASES: &[Case] = &[
    case(
        "create_primary_key",
        |op| {
            op.create_primary_key("pk_rooms", "rooms", ["id"]);
        },
        |op| {
            op.drop_constraint("pk_rooms", "rooms");
        },
    )
    .given(keyless),
    case(
        "create_unique_constraint",
        |op| {
            op.create_unique_constraint("uq_patients_email", "patients", ["email"]);
        },
        |op| {
            op.drop_constraint("uq_patients_email", "patients");
        },
    ),
    case(
        "create_foreign_key",
        |op| {
            op.create_foreign_key("fk_visits_room", "visits", "patients", ["cost"], ["id"])
                .on_delete(Action::SetNull);
        },
        |op| {
            op.drop_constraint("fk_visits_room", "visits");
        },
    )
    .given(|op| {
        op.execute("UPDATE visits SET cost = NULL");
    }),
    case(
        "create_check_constraint",
        |op| {
            op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0");
        },
        |op| {
            op.drop_constraint("ck_visits_cost", "visits");
        },
    ),
    case(
        "create_exclusion_constraint",
        |op| {
            op.create_exclusion_constraint(
                "ex_visits_day",
                "visits",
                [("patient_id", "="), ("visit_date", "=")],
            )
            .method("btree");
        },
        |op| {
            op.drop_constraint("ex_visits_day", "visits");
        },
    )
    .on(POSTGRES),
    case(
        "create_constraint",
        |op| {
            op.create_constraint("visits", Check::new("cost < 1000"));
        },
        |op| {
            op.drop_constraint("ck_visits_cost", "visits");
        },
    ),
    case(
        "drop_constraint",
        |op| {
            op.drop_constraint("ck_visits_cost", "visits");
        },
        |op| {
            op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0");
        },
    )
    .given(|op| {
        op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0");
    }),
    case(
        "drop_unnamed_constraint",
        |op| {
            op.drop_unnamed_constraint("rooms", Check::new("beds > 0"));
        },
        |op| {
            op.drop_table("rooms");
            unnamed(op);
        },
    )
    .given(unnamed)
    .on(&["SQLite"]),
    case(
        "create_foreign_key.not_valid",
        |op| {
            op.create_foreign_key("fk_visits_cost", "visits", "patients", ["cost"], ["id"])
                .not_valid();
        },
        |op| drop(op.drop_constraint("fk_visits_cost", "visits")),
    )
    .on(POSTGRES),
    case(
        "create_unique_constraint.deferrable",
        |op| {
            op.create_unique_constraint("uq_patients_email", "patients", ["email"])
                .deferrable(Deferrable::Deferred);
        },
        |op| drop(op.drop_constraint("uq_patients_email", "patients")),
    )
    .on(POSTGRES),
    case(
        "validate_constraint",
        |op| op.validate_constraint("ck_visits_cost", "visits"),
        |op| {
            op.drop_constraint("ck_visits_cost", "visits");
            unchecked(op);
        },
    )
    .given(unchecked)
    .on(POSTGRES),
    case(
        "rename_constraint",
        |op| op.rename_constraint("ck_visits_cost", "visits", "ck_visits_price"),
        |op| op.rename_constraint("ck_visits_price", "visits", "ck_visits_cost"),
    )
    .given(|op| drop(op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0"))),
    case(
        "drop_constraint.if_exists",
        |op| drop(op.drop_constraint("ck_nothing", "visits").if_exists()),
        |_| (),
    )
    .quiet(),
];

/// SQLite alone lets it go unnamed.
fn unnamed(op: &mut Operations) {
    op.execute("CREATE TABLE rooms (id INTEGER PRIMARY KEY, beds INTEGER CHECK (beds > 0))");
    op.execute("INSERT INTO rooms VALUES (1, 2)");
}

fn unchecked(op: &mut Operations) {
    op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0")
        .not_valid();
}
