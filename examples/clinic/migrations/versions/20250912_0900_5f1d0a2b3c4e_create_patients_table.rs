//! Create patients table
//!
//! Revision ID: 5f1d0a2b3c4e
//! Create Date: 2025-09-12 09:00:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_table(
        Table::new("patients")
            .column(Column::new("id", Type::Integer).identity().primary_key())
            .column(Column::new("patient_id", Type::String))
            .column(Column::new("name", Type::String))
            .column(Column::new("date_of_birth", Type::Date).not_null())
            .column(Column::new("gender", Type::String))
            .index(Index::new("ix_patients_patient_id", ["patient_id"]).unique()),
    );
}

pub fn downgrade(op: &mut Operations) {
    op.drop_table("patients");
}
