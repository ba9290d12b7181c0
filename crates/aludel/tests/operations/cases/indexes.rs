//! Indexes.

use super::{Case, POSTGRES, POSTGRES_AND_SQLITE, case};
use aludel::prelude::*;

pub const CASES: &[Case] = &[
    case(
        "create_index",
        |op| {
            op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
        },
        |op| {
            op.drop_index("ix_visits_patient", "visits");
        },
    ),
    case(
        "create_index.unique_and_descending",
        |op| {
            let parts = [
                IndexPart::column("patient_id"),
                IndexPart::column("id").desc(),
            ];
            op.create_index("ix_visits_last", "visits", parts).unique();
        },
        |op| {
            op.drop_index("ix_visits_last", "visits");
        },
    ),
    case(
        "create_index.expression",
        |op| {
            op.create_index(
                "ix_patients_email",
                "patients",
                [IndexPart::expr("lower(email)")],
            );
        },
        |op| {
            op.drop_index("ix_patients_email", "patients");
        },
    )
    .on(POSTGRES_AND_SQLITE),
    case(
        "create_index.predicate",
        |op| {
            op.create_index("ix_visits_open", "visits", ["patient_id"])
                .predicate("status <> 'completed'");
        },
        |op| {
            op.drop_index("ix_visits_open", "visits");
        },
    )
    .on(POSTGRES_AND_SQLITE),
    case(
        "drop_index",
        |op| {
            op.drop_index("ix_visits_patient", "visits");
        },
        |op| {
            op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
        },
    )
    .given(|op| {
        op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
    }),
    case(
        "create_index.concurrently",
        |op| {
            drop(
                op.create_index("ix_visits_cost", "visits", ["cost"])
                    .concurrently(),
            )
        },
        |op| drop(op.drop_index("ix_visits_cost", "visits").concurrently()),
    ),
    case(
        "create_index.everything_of_PostgreSQL",
        |op| {
            op.create_index(
                "ix_visits_all",
                "visits",
                [IndexPart::column("status").opclass("text_pattern_ops")],
            )
            .unique()
            .include(["cost"])
            .nulls_not_distinct()
            .parameter("fillfactor", "70")
            .predicate("cost > 25");
        },
        |op| drop(op.drop_index("ix_visits_all", "visits")),
    )
    .on(POSTGRES),
    case(
        "create_index.fulltext",
        |op| {
            drop(
                op.create_index("ix_patients_name", "patients", ["name"])
                    .class(IndexClass::FullText),
            )
        },
        |op| drop(op.drop_index("ix_patients_name", "patients")),
    )
    .on(&["MariaDB"]),
    case(
        "create_index.length",
        |op| {
            drop(op.create_index(
                "ix_patients_name",
                "patients",
                [IndexPart::column("name").length(4)],
            ))
        },
        |op| drop(op.drop_index("ix_patients_name", "patients")),
    )
    .on(&["MariaDB"]),
    case(
        "drop_index.if_exists",
        |op| drop(op.drop_index("ix_nothing", "visits").if_exists()),
        |_| (),
    )
    .quiet(),
    case(
        "rename_index",
        |op| op.rename_index("ix_visits_cost", "visits", "ix_visits_price"),
        |op| op.rename_index("ix_visits_price", "visits", "ix_visits_cost"),
    )
    .given(|op| drop(op.create_index("ix_visits_cost", "visits", ["cost"]))),
];
