//! Add a status to visits
//!
//! In three steps, so that rows that are there get a value before one is demanded.
//!
//! Revision ID: c4418e6fd0b7
//! Revises: 7be20c51aa93
//! Create Date: 2025-11-22 10:05:00

use aludel::prelude::*;

fn visit_status() -> Enum {
    Enum::new("visit_status", ["planned", "completed", "cancelled"])
}

pub fn upgrade(op: &mut Operations) {
    op.create_enum(visit_status());
    op.add_column("visits", Column::new("status", Type::Enum(visit_status())));
    op.execute("UPDATE visits SET status = 'completed' WHERE status IS NULL");
    op.alter_column("visits", "status")
        .set_not_null()
        .set_default("'completed'");
}

pub fn downgrade(op: &mut Operations) {
    op.drop_column("visits", "status");
    op.drop_enum("visit_status");
}
