//! A database's own program, run as a child.

use super::BackupError;
use crate::error::{CliError, CliResult};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// Runs a program to its end, without keeping the runtime from its other work; answers what it wrote to standard output, unless that
/// goes elsewhere. What it says though it is content is a warning.
///
/// # Errors
/// [`BackupError::NoProgram`], [`BackupError::Program`] with its own words.
pub(super) async fn run(
    mut command: Command,
    program: &'static str,
    database: &'static str,
) -> CliResult<Vec<u8>> {
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    // It ends with the run that it was started for.
    let mut command = tokio::process::Command::from(command);
    let child = match command.kill_on_drop(true).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(BackupError::NoProgram { program, database }.into());
        }
        Err(error) => return Err(CliError::io("run", program)(error)),
    };
    // The command holds the other ends of the child's streams.
    drop(command);
    let output = child.wait_with_output().await;
    let output = output.map_err(CliError::io("wait for", program))?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
    if !output.status.success() {
        let (program, status) = (program.to_string(), output.status.to_string());
        return Err(BackupError::Program {
            program,
            status,
            said,
        }
        .into());
    }
    for line in said.lines() {
        tracing::warn!(target: "aludel::backup", "{line}");
    }
    Ok(output.stdout)
}
