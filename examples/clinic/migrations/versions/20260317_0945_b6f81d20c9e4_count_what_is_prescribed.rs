//! Count what is prescribed
//!
//! The quantity was text, as people typed it; from now on it is a number.
//!
//! Revision ID: b6f81d20c9e4
//! Revises: 3a5c9d0e7b61
//! Create Date: 2026-03-17 09:45:00

use aludel::db::Kind;
use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.execute("UPDATE prescriptions SET quantity = NULL WHERE trim(quantity) = ''");
    set_type(op, Type::Integer, "CAST(quantity AS INTEGER)");
}

pub fn downgrade(op: &mut Operations) {
    set_type(op, Type::String, "CAST(quantity AS VARCHAR)");
}

/// MySQL and MariaDB turn the values by themselves, and refuse what is no number.
fn set_type(op: &mut Operations, ty: Type, using: &str) {
    let converts = matches!(op.database(), Kind::Mysql | Kind::MariaDb);
    let alter = op.alter_column("prescriptions", "quantity").set_type(ty);
    if !converts {
        alter.using(using);
    }
}
