//! `schema`: the commands that show schemas, and need no revisions.

commands! {
    /// Write down a schema, as SQL or JSON
    dump::Dump,
    /// List what turns one schema into another
    diff::Diff,
}
