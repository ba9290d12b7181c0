//! Cutting a command into its words, as a shell does, without a shell: quotes and backslashes mean what they mean there, and
//! nothing is expanded.

/// The words of a command.
///
/// # Errors
/// A quote that is not closed, a backslash with nothing behind it.
pub(super) fn split(command: &str) -> Result<Vec<String>, &'static str> {
    const ESCAPED: &str = "there is nothing behind the last `\\`";
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match letter {
            letter if letter.is_whitespace() => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or("a `'` is not closed")? {
                        '\'' => break,
                        letter => word.push(letter),
                    }
                }
            }
            '"' => double_quoted(&mut letters, word.get_or_insert_default())?,
            '\\' => {
                let escaped = letters.next().ok_or(ESCAPED)?;
                word.get_or_insert_default().push(escaped);
            }
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Inside double quotes a backslash is itself, but before `"`, `\`, `$` and a backtick.
fn double_quoted(letters: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    const OPEN: &str = "a `\"` is not closed";
    loop {
        match letters.next().ok_or(OPEN)? {
            '"' => return Ok(()),
            '\\' => match letters.next().ok_or(OPEN)? {
                special @ ('"' | '\\' | '$' | '`') => word.push(special),
                other => word.extend(['\\', other]),
            },
            letter => word.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotes_and_backslashes() {
        let same = |text: &str, words: &[&str]| assert_eq!(split(text).unwrap(), words, "{text}");
        same("", &[]);
        same(
            "  rustfmt \t--edition 2024\n{path} ",
            &["rustfmt", "--edition", "2024", "{path}"],
        );
        same(
            r#"a 'b c' "d 'e'" f\ g '' h"i"'j'"#,
            &["a", "b c", "d 'e'", "f g", "", "hij"],
        );
        same(r#""a\"b\\c\n" 'a\b'"#, &["a\"b\\c\\n", "a\\b"]);
        same("a;b && $c *", &["a;b", "&&", "$c", "*"]);
        assert!(split("a 'b").is_err() && split("a \"b").is_err() && split("a \\").is_err());
    }
}
