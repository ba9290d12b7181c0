//! Revisions that do not go with the transactions that they are to run in.

/// Why a revision does not go with its transaction. It is found before anything is run, where it can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransactionError {
    /// A statement that would open or end a transaction, within the revision's own.
    #[error("`{statement}` would end the transaction that the revision runs in")]
    Control {
        /// The statement, shortened.
        statement: String,
    },
    /// A revision that opens transactions by itself does not end the last of them.
    #[error("the transaction that `{statement}` opens is not ended")]
    Open {
        /// The statement, shortened.
        statement: String,
    },
    /// A statement that cannot run in a transaction, where one was asked for around the whole run.
    #[error(
        "{dialect} runs `{statement}` outside a transaction only, and one was asked for around the whole run"
    )]
    Outside {
        /// The statement, shortened.
        statement: String,
        /// The dialect.
        dialect: &'static str,
    },
    /// A revision that asks for no transaction, where one was asked for around the whole run.
    #[error("it asks for no transaction, and one was asked for around the whole run")]
    NoneWanted,
    /// A step of `op.run` asks for what only a revision can have.
    #[error("`{statement}` runs outside a transaction only, and a step runs in its revision's")]
    InStep {
        /// The statement, shortened.
        statement: String,
    },
}
