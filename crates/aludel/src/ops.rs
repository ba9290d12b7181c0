//! VERBS: operations and their recorder.

/// Records operations.
#[derive(Debug, Default)]
pub struct Operations;
