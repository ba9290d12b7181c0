//! Count what is prescribed
//!
//! The quantity was text, as people typed it; from now on it is a number.
//!
//! Revision ID: b6f81d20c9e4
//! Revises: 3a5c9d0e7b61
//! Create Date: 2026-03-17 09:45:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.alter_column("prescriptions", "quantity")
        .set_type(Type::Integer)
        .using("CAST(nullif(trim(quantity), '') AS INTEGER)");
}

pub fn downgrade(op: &mut Operations) {
    op.alter_column("prescriptions", "quantity")
        .set_type(Type::String)
        .using("CAST(quantity AS VARCHAR)");
}
