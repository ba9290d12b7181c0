//! Indexes.

use super::{Case, case};
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
    ),
    case(
        "create_index.predicate",
        |op| {
            op.create_index("ix_visits_open", "visits", ["patient_id"])
                .predicate("status <> 'completed'");
        },
        |op| {
            op.drop_index("ix_visits_open", "visits");
        },
    ),
    case(
        "create_index.if_not_exists",
        |op| {
            op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"])
                .if_not_exists();
        },
        |op| {
            op.drop_index("ix_visits_patient", "visits").if_exists();
        },
    ),
    case(
        "rename_index",
        |op| {
            op.rename_index("ix_visits", "visits", "ix_visits_patient");
        },
        |op| {
            op.rename_index("ix_visits_patient", "visits", "ix_visits");
        },
    )
    .given(|op| {
        op.create_index("ix_visits", "visits", ["patient_id", "visit_date"]);
    }),
    case(
        "drop_index.if_exists",
        |op| {
            op.drop_index("ix_gone", "visits").if_exists();
        },
        |_| (),
    )
    .quiet(),
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
];
