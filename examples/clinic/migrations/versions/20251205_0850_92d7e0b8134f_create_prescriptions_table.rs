//! Create prescriptions table
//!
//! Revision ID: 92d7e0b8134f
//! Revises: c4418e6fd0b7
//! Create Date: 2025-12-05 08:50:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_table(
        Table::new("prescriptions")
            .column(Column::new("number", Type::Varchar(20)).primary_key())
            .column(Column::new("visit_id", Type::Integer))
            .column(Column::new("drug", Type::String).not_null())
            .column(Column::new("quantity", Type::String)),
    );
}

pub fn downgrade(op: &mut Operations) {
    op.drop_table("prescriptions");
}
