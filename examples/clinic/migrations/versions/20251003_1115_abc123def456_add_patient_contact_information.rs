//! Add patient contact information
//!
//! Revision ID: abc123def456
//! Revises: 5f1d0a2b3c4e
//! Create Date: 2025-10-03 11:15:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.add_column("patients", Column::new("email", Type::String));
    op.add_column("patients", Column::new("phone", Type::Varchar(32)));
    op.create_unique_constraint("uq_patients_email", "patients", ["email"]);
}

pub fn downgrade(op: &mut Operations) {
    op.drop_constraint("uq_patients_email", "patients");
    op.drop_column("patients", "phone");
    op.drop_column("patients", "email");
}
