//! Reading Rust, as far as the rules of `tidy.rs` need it: which text is code, and where a name begins and ends. Knows no rule.

/// The code of a file that is in the library: without comments, without what is in quotes, without tests. Lines stay lines.
pub fn code(text: &str) -> String {
    without_tests(&without_literals(text))
}

/// Blanks comments and the contents of string and character literals.
fn without_literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after_name = out.ends_with(is_name);
        let blank = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = (!after_name).then(|| raw_string(rest)).flatten() {
            length
        } else if c == '"' {
            quoted(rest, '"').unwrap_or(rest.len())
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        let taken = if blank == 0 { c.len_utf8() } else { blank };
        if blank == 0 {
            out.push(c);
        } else {
            // A space, so that the words on both sides stay two.
            out.push(' ');
            out.extend(rest[..taken].chars().filter(|c| *c == '\n'));
        }
        rest = &rest[taken..];
    }
    out
}

/// The length of a block comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of `r"..."`, `br#"..."#` and the like, if that is what the text begins with.
fn raw_string(text: &str) -> Option<usize> {
    let hashes_on = text.trim_start_matches(['b', 'c']).strip_prefix('r')?;
    let body = hashes_on.trim_start_matches('#');
    let end = format!("\"{}", "#".repeat(hashes_on.len() - body.len()));
    let inside = body.strip_prefix('"')?;
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(text.len() - inside.len() + length)
}

/// The length of a literal in quotes that may hold escapes, if it ends.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a character literal; 0 for a lifetime or a label.
fn character(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\'').unwrap_or(0),
        _ => 0,
    }
}

/// Blanks each item under `#[cfg(test)]`. Expects a text without literals, in which every brace is one.
fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = ["#[cfg(test)]", "#[cfg(all(test,"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        out.push_str(&rest[..at]);
        let mut depth = 0_usize;
        // The item ends with its closing brace, or with a semicolon that is in no bracket.
        let end = rest[at..].char_indices().find_map(|(offset, c)| {
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            (depth == 0 && (c == '}' || c == ';')).then_some(at + offset + 1)
        });
        let end = end.unwrap_or(rest.len());
        out.extend(rest[at..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The name that begins at `at`; empty where none does.
pub fn name_at(code: &str, at: usize) -> &str {
    let rest = &code[at..];
    &rest[..rest.find(|c: char| !is_name(c)).unwrap_or(rest.len())]
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether what is at `at` is not the tail of a longer name.
pub fn starts_a_name(code: &str, at: usize) -> bool {
    !code[..at].ends_with(is_name)
}

/// The line that `at` is in.
pub fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}
