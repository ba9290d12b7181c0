//! Exit codes of failures, for scripts: each failure that asks for another way on has one of its own.

use crate::error::CliError;
use aludel::{Error, SideError};

/// Refused, or failed.
const FAILED: u8 = 1;
/// The command line makes no sense.
const USAGE: u8 = 2;
/// Another runner was at work for too long.
const LOCKED: u8 = 6;

/// The exit code of a failure.
pub(super) fn code(error: &CliError) -> u8 {
    match error {
        CliError::Signal { code, .. } => *code,
        CliError::Usage { .. } => USAGE,
        CliError::Aludel(error) => of_library(error),
        _ => FAILED,
    }
}

fn of_library(error: &Error) -> u8 {
    match error {
        Error::Side(SideError::NoKind { .. }) => USAGE,
        Error::Locked { .. } => LOCKED,
        _ => FAILED,
    }
}
