//! The command that restores a backup, as it was printed, given to a shell.

use super::Project;
use std::process::{Command, Output};

/// The command that `--backup` has printed.
#[track_caller]
pub fn backed_up(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(output.status.success(), "{said}");
    let lines = said.lines();
    let mut commands =
        lines.filter_map(|it| it.strip_prefix("hint: this command goes back to it: "));
    let command = commands.next().map(str::to_string);
    assert!(command.is_some() && commands.next().is_none(), "{said}");
    command.unwrap_or_default()
}

/// Runs a line in a shell that finds `aludel`, with more variables; answers whether it succeeded, and all that it said.
pub fn sh(project: &Project, line: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let aludel = assert_cmd::cargo::cargo_bin!("aludel");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = aludel.parent().map(|it| it.to_path_buf()).into_iter();
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&path))).unwrap();
    // The hermetic environment is the one that `aludel` itself is run in.
    let hermetic = project.command(&[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(project.path());
    for (name, value) in hermetic.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell
        .env("PATH", path)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}
