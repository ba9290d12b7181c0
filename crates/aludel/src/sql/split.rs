//! The statement splitter.
