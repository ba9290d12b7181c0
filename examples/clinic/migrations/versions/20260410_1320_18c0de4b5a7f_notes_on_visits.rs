//! Notes on visits
//!
//! Some practices had added the column by hand: there it is left as it is.
//!
//! Revision ID: 18c0de4b5a7f
//! Revises: b6f81d20c9e4
//! Create Date: 2026-04-10 13:20:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.run("add notes where they are missing", async |db| {
        if !db.inspect("visits").await?.has_column("notes") {
            db.apply(|op| op.add_column("visits", Column::new("notes", Type::Text)))
                .await?;
        }
        Ok(())
    })
    // A script cannot look; it is for the practices that have no such column.
    .offline("ALTER TABLE visits ADD COLUMN notes TEXT");
}

pub fn downgrade(op: &mut Operations) {
    op.drop_column("visits", "notes");
}
