//! SQL TEXT.

pub mod split;
