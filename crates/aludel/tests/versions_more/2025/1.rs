//! A folder below
//!
//! Revision ID: 100000000002
//! Revises: 900000000001

use aludel::prelude::*;

pub fn upgrade(_op: &mut Operations) {}

pub fn downgrade(_op: &mut Operations) {}
