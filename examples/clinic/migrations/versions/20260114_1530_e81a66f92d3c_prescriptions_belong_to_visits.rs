//! Prescriptions belong to visits
//!
//! Revision ID: e81a66f92d3c
//! Revises: 92d7e0b8134f
//! Create Date: 2026-01-14 15:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.execute(
        "UPDATE prescriptions SET visit_id = NULL \
         WHERE visit_id NOT IN (SELECT id FROM visits)",
    );
    op.create_foreign_key(
        "fk_prescriptions_visit_id_visits",
        "prescriptions",
        "visits",
        ["visit_id"],
        ["id"],
    )
    .on_delete(Action::Cascade);
}

pub fn downgrade(op: &mut Operations) {
    op.drop_constraint("fk_prescriptions_visit_id_visits", "prescriptions");
}
