//! The only place that prints: answers to standard output, log lines and failures to standard error.
//!
//! Colours decorate the words `error:`, `caused by:`, `hint:` and the levels of log lines on a terminal; they never say
//! anything that the text does not.

use crate::error::{CliError, CliResult};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod account;
pub(crate) mod edited;
pub(crate) mod entries;
mod exit;
mod failure;
pub(crate) mod graph;
mod log;
pub(crate) mod revisions;
mod usage;

pub(crate) use log::start_log;
pub(crate) use usage::usage;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const INFO: Style = AnsiColor::Green.on_default();
const DIM: Style = Style::new().dimmed();

/// Prints an answer. Whoever reads may stop reading before its end, as `head` does: that is no failure.
pub(crate) fn answer(text: &str) -> CliResult<()> {
    let mut out = anstream::stdout().lock();
    let done = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match done {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::io("write to", "standard output")(error))
        }
        _ => Ok(()),
    }
}

/// Prints an answer as JSON, for programs.
pub(crate) fn json(value: &impl Serialize) -> CliResult<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| CliError::Setting {
        what: "JSON",
        message: error.to_string(),
    })?;
    answer(&format!("{text}\n"))
}

/// `Creating X ... done`, the last word once it is; nothing of it when `quiet`.
pub(crate) fn step<T>(
    quiet: bool,
    what: &str,
    work: impl FnOnce() -> CliResult<T>,
) -> CliResult<T> {
    if !quiet {
        answer(&format!("{what} ..."))?;
    }
    let done = work();
    if !quiet {
        answer(if done.is_ok() { " done\n" } else { " FAILED\n" })?;
    }
    done
}

/// Prints why a command failed, and answers the exit code of failures.
pub(crate) fn failure(error: &CliError) -> ExitCode {
    let said = failure::Said::of(error);
    let mut text = format!("{ERROR}error:{ERROR:#} {}\n", said.error);
    for detail in &said.details {
        text.push_str(&indent(detail, "  "));
    }
    for cause in &said.causes {
        text.push_str(&format!(
            "  {DIM}caused by:{DIM:#} {}\n",
            one_paragraph(cause)
        ));
    }
    for hint in &said.hints {
        text.push_str(&format!("{HINT}hint:{HINT:#} {hint}\n"));
    }
    to_stderr(&text);
    ExitCode::from(exit::code(error))
}

/// Tells something to whoever sits at the terminal, on standard error.
pub(crate) fn tell(text: &str) {
    to_stderr(text);
}

/// Says how to go back to a backup, even to those who want to hear nothing but results: it is one.
pub(crate) fn way_back(command: &str) {
    to_stderr(&format!(
        "{HINT}hint:{HINT:#} this command goes back to it: {command}\n"
    ));
}

/// Asks a question of whoever sits at the terminal, on standard error; no answer is a no.
pub(crate) fn confirm(question: &str) -> bool {
    loop {
        to_stderr(&format!("{question} [y/N] "));
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        if !matches!(read, Ok(length) if length > 0) {
            to_stderr("\n");
            return false;
        }
        match meaning(&line) {
            Some(answer) => return answer,
            None => to_stderr("Answer y for yes, n for no.\n"),
        }
    }
}

/// What an answer means, if it means anything.
fn meaning(line: &str) -> Option<bool> {
    match line.trim().to_lowercase().as_str() {
        "y" | "yes" => Some(true),
        "" | "n" | "no" => Some(false),
        _ => None,
    }
}

/// Nothing is left to be done about a standard error that cannot be written to.
fn to_stderr(text: &str) {
    let mut err = anstream::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Every line of a text behind a margin; empty lines stay empty.
pub(crate) fn indent(text: &str, margin: &str) -> String {
    let lines = text.lines().map(|line| match line.trim_end() {
        "" => "\n".to_string(),
        line => format!("{margin}{line}\n"),
    });
    lines.collect()
}

fn one_paragraph(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    lines.join("; ")
}

/// A path as people would type it here: relative if it lies in the present folder.
pub(crate) fn path(path: &Path) -> String {
    let tidy: PathBuf = path.components().collect();
    let short = std::env::current_dir().ok().and_then(|here| {
        let relative = tidy.strip_prefix(&here).ok()?;
        Some(relative.to_path_buf())
    });
    let short = short.unwrap_or(tidy);
    let short = short.strip_prefix(".").unwrap_or(&short);
    short.display().to_string()
}

/// Names for a sentence: `a`, `a and b`, `a, b and c`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_and_lists() {
        assert_eq!(indent("a\n\n b \n", "  "), "  a\n\n   b\n");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(one_paragraph("a\n  b\n"), "a; b");
    }

    #[test]
    fn answers_mean_yes_or_no_or_nothing() {
        assert_eq!(meaning(" Yes\n"), Some(true));
        assert_eq!(meaning("\n"), Some(false));
        assert_eq!(meaning("N"), Some(false));
        assert_eq!(meaning("maybe"), None);
    }

    #[test]
    fn paths_are_short_inside_the_present_folder() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(path(&here.join("a/./b")), "a/b");
        assert_eq!(path(Path::new("./a")), "a");
        assert_eq!(path(Path::new("/elsewhere/a")), "/elsewhere/a");
    }
}
