//! `edit`: opens the files of revisions in an editor.

use crate::commands::show::find;
use crate::error::{CliError, CliResult, Outcome};
use crate::session::Session;
use aludel::revision::{Symbol, Target};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Command;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An identifier or its beginning, a branch label, `head`, `heads`, `current`, `head-1`
    #[arg(allow_negative_numbers = true)]
    revision: Target,
}

/// Editors to look for where none is named.
const USUAL: &[&str] = if cfg!(windows) {
    &["code.exe", "notepad++.exe", "notepad.exe"]
} else {
    &["sensible-editor", "editor", "nano", "vim", "code"]
};

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let found = find(session, &history, &args.revision)?;
    if found.is_empty() {
        let is_current = matches!(&args.revision, Target::Point(it) if it.symbol() == Some(&Symbol::Current));
        let message = match is_current {
            true => "No current revisions".to_string(),
            false => format!("No revision files indicated by symbol '{}'", args.revision),
        };
        return Err(CliError::Refused {
            message,
            details: Vec::new(),
            hint: "`aludel history` lists the revisions",
        });
    }
    let editor = editor(session)?;
    for id in &found {
        let Some(script) = history.script(id) else {
            continue;
        };
        let path = session.here.join(&script.path);
        if !path.is_file() {
            return Err(CliError::io("open", &script.path)(io::ErrorKind::NotFound.into()));
        }
        open(&editor, &path)?;
    }
    Ok(Outcome::Done)
}

/// A program and its first arguments.
#[derive(Debug, PartialEq, Eq)]
struct Editor {
    program: OsString,
    arguments: Vec<String>,
}

fn open(editor: &Editor, path: &Path) -> CliResult<()> {
    let name = editor.program.display();
    let mut command = Command::new(&editor.program);
    let problem = match command.args(&editor.arguments).arg(path).status() {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => format!("`{name}` ended with {status}"),
        Err(error) => format!("`{name}`: {error}"),
    };
    Err(CliError::Refused {
        message: format!("Error executing editor ({problem})"),
        details: Vec::new(),
        hint: "the variables EDITOR and VISUAL name the editor; they may hold arguments too",
    })
}

/// The editor that `EDITOR` or `VISUAL` names, or one that is usual here.
fn editor(session: &Session<'_>) -> CliResult<Editor> {
    for name in ["EDITOR", "VISUAL"] {
        if let Some(value) = session.variable(name)
            && let Some(editor) = named(name, value)?
        {
            return Ok(editor);
        }
    }
    let folders = session.variable("PATH").unwrap_or_default();
    let is_there = |name: &&&str| std::env::split_paths(&folders).any(|it| is_program(&it.join(name)));
    match USUAL.iter().find(is_there) {
        Some(program) => Ok(Editor {
            program: program.into(),
            arguments: Vec::new(),
        }),
        None => Err(CliError::Refused {
            message: "No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment variables".into(),
            details: Vec::new(),
            hint: "for example EDITOR=nano",
        }),
    }
}

/// The words of a variable; a path that exists is one word, whatever blanks it holds.
fn named(name: &'static str, value: OsString) -> CliResult<Option<Editor>> {
    let words = match value.to_str() {
        Some(text) if !Path::new(text).is_file() => shlex::split(text),
        _ => {
            return Ok(Some(Editor {
                program: value,
                arguments: Vec::new(),
            }));
        }
    };
    let mut words = words
        .ok_or_else(|| CliError::Setting {
            what: name,
            message: "a quote in it is not closed".into(),
        })?
        .into_iter();
    Ok(words.next().map(|program| Editor {
        program: program.into(),
        arguments: words.collect(),
    }))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_may_have_arguments() {
        let words = |text: &str| {
            let editor = named("EDITOR", text.into()).unwrap()?;
            let program = editor.program.into_string().unwrap();
            Some([vec![program], editor.arguments].concat().join("|"))
        };
        assert_eq!(words("code --wait").as_deref(), Some("code|--wait"));
        assert_eq!(words("'/my tools/e' -a \"b c\"").as_deref(), Some("/my tools/e|-a|b c"));
        assert_eq!(words("  "), None);
        assert!(named("EDITOR", "vim 'x".into()).is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my editor");
        std::fs::write(&path, "").unwrap();
        let path = path.into_os_string().into_string().unwrap();
        assert_eq!(words(&path), Some(path));
    }
}
