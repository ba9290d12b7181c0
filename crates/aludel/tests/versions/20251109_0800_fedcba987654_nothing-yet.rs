//! Nothing yet
//!
//! Revision ID: fedcba987654
//! Revises: abc123def456
//! Create Date: 2025-11-09 08:00:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {}

pub fn downgrade(op: &mut Operations) {}
