//! Indexes.

use super::{Case, case};
use aludel::prelude::*;

pub const CASES: &[Case] = &[
    case(
        "create_index",
        |op| {
            op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
        },
        |op| op.drop_index("ix_visits_patient", "visits"),
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
        |op| op.drop_index("ix_visits_last", "visits"),
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
        |op| op.drop_index("ix_patients_email", "patients"),
    ),
    case(
        "create_index.predicate",
        |op| {
            op.create_index("ix_visits_open", "visits", ["patient_id"])
                .predicate("status <> 'completed'");
        },
        |op| op.drop_index("ix_visits_open", "visits"),
    ),
    case(
        "drop_index",
        |op| op.drop_index("ix_visits_patient", "visits"),
        |op| {
            op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
        },
    )
    .given(|op| {
        op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
    }),
];
