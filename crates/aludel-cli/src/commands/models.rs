//! `models`: the commands about models.

commands! {
    /// Write Rust models of the tables that a database has
    generate::Generate,
}
