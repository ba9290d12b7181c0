//! Gives Rust text the form that `rustfmt` would give it, where there is one.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The text as `rustfmt` has it; as it is, if there is no `rustfmt` or it cannot read the text.
pub(crate) fn rustfmt(text: String) -> String {
    formatted(&text).unwrap_or(text)
}

fn formatted(text: &str) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // `rustfmt` reads all of its input before it writes, so that neither side waits for the other.
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let formatted = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !formatted.trim().is_empty()).then_some(formatted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_formatted_stays_as_it_is() {
        assert_eq!(rustfmt("fn {".into()), "fn {");
    }
}
