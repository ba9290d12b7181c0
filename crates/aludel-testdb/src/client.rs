//! What databases' own programs have in common: they are run, one is fed a script, and one is told a URL. Knows no database.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

/// Runs a program to its end; an error holds what it wrote.
pub(crate) fn run(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        Ok(())
    } else {
        let program = command.get_program().display();
        Err(io::Error::other(format!("{program}: {}", text(&output))))
    }
}

/// Feeds a script to a client program; answers what it wrote without the last line's end, or what it wrote when it failed.
pub(crate) fn run_script(client: &mut Command, sql: &str) -> Result<String, String> {
    client
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = client.spawn().and_then(|mut child| {
        let mut input = child
            .stdin
            .take()
            .ok_or_else(|| io::Error::other("no input"))?;
        let sql = sql.to_owned();
        // By a thread, since the client may wait for its output to be read. A script that stops early closes its input: no matter.
        let writer = std::thread::spawn(move || input.write_all(sql.as_bytes()));
        let output = child.wait_with_output()?;
        let _ = writer.join();
        Ok(output)
    });
    let program = client.get_program().display();
    let output = output.map_err(|error| format!("{program} cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(text(&output));
    }
    let rows = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(rows.strip_suffix('\n').map(str::to_owned).unwrap_or(rows))
}

/// All that a program wrote.
fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).trim().to_owned()
}

/// Escapes what has a meaning of its own in a URL.
pub(crate) fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_escaped_in_urls() {
        assert_eq!(percent("p@ss/wörd"), "p%40ss%2Fw%C3%B6rd");
    }

    #[test]
    fn a_failure_is_told_in_the_programs_own_words() {
        let mut shell = Command::new("sh");
        let error = run(shell.args(["-c", "echo no luck >&2; exit 1"])).unwrap_err();
        assert_eq!(error.to_string(), "sh: no luck");
        let said = run_script(&mut Command::new("sh"), "echo no luck >&2; exit 1");
        assert_eq!(said, Err("no luck".into()));
        let said = run_script(&mut Command::new("sh"), "echo a; echo b");
        assert_eq!(said, Ok("a\nb".into()));
    }
}
