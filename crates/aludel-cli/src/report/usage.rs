//! Arguments that make no sense: one `error:` line, how the command is used, and a hint.

use super::{ERROR, HINT};
use clap::error::ErrorKind;
use std::process::ExitCode;

/// Prints what the parser of arguments has to say, be it the help that was asked for, and answers the exit code.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return match super::answer(&error.render().ansi().to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => super::failure(&error),
        };
    }
    super::to_stderr(&text(error));
    ExitCode::from(2)
}

/// The parser's text, put into our order.
fn text(error: &clap::Error) -> String {
    let said = Said::read(&error.render().to_string(), error.kind());
    let mut text = format!("{ERROR}error:{ERROR:#} {}\n", said.error);
    for line in said.usage {
        text.push_str(&line);
        text.push('\n');
    }
    for hint in said.hints {
        text.push_str(&format!("{HINT}hint:{HINT:#} {hint}\n"));
    }
    text
}

#[derive(Debug, PartialEq, Eq)]
struct Said {
    error: String,
    usage: Vec<String>,
    hints: Vec<String>,
}

impl Said {
    fn read(rendered: &str, kind: ErrorKind) -> Self {
        let mut paragraphs = rendered.split("\n\n").map(str::trim_end);
        let first = paragraphs.next().unwrap_or_default();
        let lines: Vec<&str> = first.lines().map(str::trim).collect();
        let mut said = Self {
            error: lines.join(" ").trim_start_matches("error: ").to_string(),
            usage: Vec::new(),
            hints: Vec::new(),
        };
        if matches!(kind, ErrorKind::MissingSubcommand) {
            said.error = "a command is missing".into();
        }
        for paragraph in paragraphs {
            if paragraph.starts_with("Usage:") {
                said.usage = paragraph.lines().map(str::to_string).collect();
            } else if !paragraph.starts_with("For more information") {
                for line in paragraph.lines() {
                    let tip = line.trim();
                    said.hints
                        .push(tip.strip_prefix("tip: ").unwrap_or(tip).to_string());
                }
            }
        }
        if said.hints.is_empty() {
            said.hints.push("`--help` says more".into());
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parsers_text_becomes_one_error_line() {
        let said = Said::read(
            "error: unexpected argument '--sqll' found\n\n  tip: a similar argument exists: '--sql'\n\n\
             Usage: aludel upgrade --sql <TARGET>\n\nFor more information, try '--help'.\n",
            ErrorKind::UnknownArgument,
        );
        assert_eq!(said.error, "unexpected argument '--sqll' found");
        assert_eq!(said.usage, ["Usage: aludel upgrade --sql <TARGET>"]);
        assert_eq!(said.hints, ["a similar argument exists: '--sql'"]);
        let said = Said::read(
            "error: the following required arguments were not provided:\n  <TARGET>\n\nUsage: x\n",
            ErrorKind::MissingRequiredArgument,
        );
        assert_eq!(
            said.error,
            "the following required arguments were not provided: <TARGET>"
        );
    }
}
