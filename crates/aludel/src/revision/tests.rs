//! Drawn graphs.
