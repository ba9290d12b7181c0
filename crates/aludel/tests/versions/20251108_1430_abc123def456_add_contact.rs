//! Add patient contact information
//!
//! Revision ID: abc123def456
//! Revises: 5f1d0a2b3c4e
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.add_column("patients", Column::new("email", Type::String));
    let unused = 1;
}

pub fn downgrade(op: &mut Operations) {
    op.drop_column("patients", "email");
}

pub fn never_called() {}
