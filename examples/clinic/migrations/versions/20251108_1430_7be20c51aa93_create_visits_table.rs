//! Create visits table
//!
//! Revision ID: 7be20c51aa93
//! Revises: 0d94f3a7c215
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_table(
        Table::new("visits")
            .column(Column::new("id", Type::Integer).identity().primary_key())
            .column(
                Column::new("patient_id", Type::String)
                    .references("patients", "patient_id")
                    .on_delete(Action::Cascade),
            )
            .column(Column::new("visit_date", Type::Date).not_null())
            .column(Column::new("vital_signs", Type::Json))
            .check(Check::new("visit_date >= '1900-01-01'")),
    );
}

pub fn downgrade(op: &mut Operations) {
    op.drop_table("visits");
}
