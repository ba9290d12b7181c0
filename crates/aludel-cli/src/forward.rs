//! Runs the user's program: the standalone binary knows no models and no compiled revisions, so what needs them is handed on
//! with the command line verbatim. It knows cargo, and no command.

use crate::error::{CliError, CliResult};
use crate::session::Session;
use serde::Deserialize;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set for the user's program, so that a program without revisions does not hand the command on in turn, for ever.
pub(crate) const GUARD: &str = "ALUDEL_FORWARDED";

/// Builds the program of a folder and gives the command line to it.
///
/// # Errors
/// [`CliError::Build`] if it does not compile; what cargo said is on standard error by then.
pub(crate) fn forward(session: &Session<'_>, folder: &Path) -> CliResult {
    if session.is_forwarded() {
        return Err(CliError::Recursion {
            path: folder.to_path_buf(),
        });
    }
    let program = build(session, folder)?;
    let mut command = Command::new(&program);
    command.args(session.argv.iter().skip(1)).env(GUARD, "1");
    run(command, &program)
}

/// This process becomes the program, so that signals and the exit code are its own.
#[cfg(unix)]
fn run(mut command: Command, program: &Path) -> CliResult {
    use std::os::unix::process::CommandExt as _;
    Err(CliError::io("run", program)(command.exec()))
}

#[cfg(not(unix))]
fn run(mut command: Command, program: &Path) -> CliResult {
    let status = command.status().map_err(CliError::io("run", program))?;
    let code = status.code().and_then(|it| u8::try_from(it).ok());
    Ok(crate::error::Outcome::Passed(code.unwrap_or(1)))
}

/// Builds the program and answers where it is.
fn build(session: &Session<'_>, folder: &Path) -> CliResult<PathBuf> {
    let manifest = folder.join("Cargo.toml");
    let cargo = session.cargo();
    let mut command = Command::new(&cargo);
    command
        .args([
            "build",
            "--message-format=json-render-diagnostics",
            "--manifest-path",
        ])
        .arg(&manifest)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    if session.globals.quiet || !(session.globals.verbose || std::io::stderr().is_terminal()) {
        command.arg("--quiet");
    }
    let output = command
        .output()
        .map_err(CliError::io("run", PathBuf::from(&cargo)))?;
    if !output.status.success() {
        return Err(CliError::Build {
            path: folder.to_path_buf(),
        });
    }
    let whole = manifest.canonicalize().unwrap_or_else(|_| manifest.clone());
    let found = programs(&String::from_utf8_lossy(&output.stdout), &whole);
    match found.as_slice() {
        [(_, program)] => Ok(program.clone()),
        _ => Err(CliError::Program {
            path: manifest,
            found: found.into_iter().map(|(name, _)| name).collect(),
        }),
    }
}

/// What cargo says of one thing that it built, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Message {
    #[serde(default)]
    manifest_path: PathBuf,
    executable: Option<PathBuf>,
    target: Option<BuildTarget>,
}

#[derive(Debug, Deserialize)]
struct BuildTarget {
    name: String,
    kind: Vec<String>,
}

/// The programs of one package among the messages of cargo, by name.
fn programs(messages: &str, manifest: &Path) -> Vec<(String, PathBuf)> {
    let read = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let found = read.filter_map(|message| {
        let target = message.target?;
        let is_ours = target.kind.iter().any(|it| it == "bin") && message.manifest_path == manifest;
        let program = message.executable.filter(|_| is_ours)?;
        Some((target.name, program))
    });
    // Cargo tells of them in the order in which they are done.
    let mut found: Vec<_> = found.collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_the_messages() {
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/p/lib/Cargo.toml","target":{"kind":["lib"],"name":"lib"},"executable":null}
{"reason":"compiler-artifact","manifest_path":"/p/m/Cargo.toml","target":{"kind":["custom-build"],"name":"build-script-build"},"executable":null}
{"reason":"build-script-executed","package_id":"x"}
no json
{"reason":"compiler-artifact","manifest_path":"/p/m/Cargo.toml","target":{"kind":["bin"],"name":"m"},"executable":"/p/target/debug/m"}
{"reason":"build-finished","success":true}"#;
        let found = programs(messages, Path::new("/p/m/Cargo.toml"));
        assert_eq!(
            found,
            [("m".to_string(), PathBuf::from("/p/target/debug/m"))]
        );
        assert!(programs(messages, Path::new("/p/other/Cargo.toml")).is_empty());
    }
}
