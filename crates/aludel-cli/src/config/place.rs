//! Places in a configuration file: their lines, the variables that stand there, and what the TOML reader says of them.

use super::Lookup;
use super::near::nearest;
use crate::error::{CliError, CliResult};
use std::path::Path;
use toml::Spanned;

/// The file that is being read, to tell places in it.
pub(super) struct Place<'t> {
    pub(super) path: &'t Path,
    pub(super) text: &'t str,
}

impl Place<'_> {
    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        1 + before.filter(|it| **it == b'\n').count()
    }

    /// A failure at a byte.
    pub(super) fn error(&self, at: usize, message: String) -> CliError {
        CliError::Config {
            path: self.path.to_path_buf(),
            line: self.line(at),
            message,
            meant: None,
        }
    }

    /// Puts values in the place of `${NAME}`; `$${` is a `${` that stays.
    pub(super) fn fill(
        &self,
        value: &Spanned<String>,
        url: bool,
        lookup: Lookup<'_>,
    ) -> CliResult<String> {
        let mut filled = String::new();
        let mut rest = value.get_ref().as_str();
        while let Some(at) = rest.find("${") {
            let (before, after) = rest.split_at(at);
            let after = &after[2..];
            if let Some(before) = before.strip_suffix('$') {
                filled.push_str(before);
                filled.push_str("${");
                rest = after;
                continue;
            }
            filled.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                let message = "`${` without its `}` (write `$${` for the characters themselves)";
                return Err(self.error(value.span().start, message.into()));
            };
            if !is_name(name) {
                let message = format!(
                    "`${{{}}}` is not the name of a variable",
                    name.escape_debug()
                );
                return Err(self.error(value.span().start, message));
            }
            let found = lookup(name)?.ok_or_else(|| CliError::Variable {
                name: name.to_string(),
                path: self.path.to_path_buf(),
                line: self.line(value.span().start),
                url,
            })?;
            filled.push_str(&found);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(fits) && name.starts_with(|c: char| !c.is_ascii_digit())
}

/// What the TOML reader said, with the line, and the key that may have been meant.
pub(super) fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> CliError {
    let place = Place { path, text };
    let at = error.span().map_or(0, |span| span.start);
    // The reader's own list of what is expected is kept out of the first line, which is long enough without.
    let (said, expected) = error
        .message()
        .split_once(", expected")
        .unwrap_or((error.message(), ""));
    let unknown = said.strip_prefix("unknown field `");
    let meant = unknown.and_then(|it| {
        let name = it.trim_end_matches('`');
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        nearest(name, &known).map(|it| format!("`{it}`"))
    });
    let message = match unknown {
        Some(name) => format!("there is no key `{name}"),
        // Rust's own words for a number mean nothing to whoever writes this file.
        None => error
            .message()
            .replace('\n', ", ")
            .replace("expected usize", "expected a whole number above 0"),
    };
    CliError::Config {
        path: path.to_path_buf(),
        line: place.line(at),
        message,
        meant,
    }
}
