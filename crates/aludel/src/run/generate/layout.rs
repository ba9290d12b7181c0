//! Lines of a chain of calls. `rustfmt` leaves a chain as it is that has a text longer than a line, and SQL mostly is, so that the
//! lines are broken here as it would break them.

/// The longest line.
const WIDTH: usize = 100;

/// A call with one argument, in one line where that has room: `.object(View::new(..))`.
pub(super) fn call(name: &str, argument: &str, margin: usize) -> String {
    let pad = " ".repeat(margin);
    let line = format!("{pad}.{name}({argument})");
    if fits(&line) {
        return line;
    }
    format!(
        "{pad}.{name}(\n{},\n{pad})",
        expression(argument, margin + 4)
    )
}

/// A chain of calls, one below the other where it is long.
pub(super) fn expression(code: &str, margin: usize) -> String {
    let pad = " ".repeat(margin);
    let links = links(code);
    let line = format!("{pad}{}", links.concat());
    if fits(&line) {
        return line;
    }
    let Some((first, rest)) = links.split_first() else {
        return line;
    };
    let mut out = format!("{pad}{}", arguments(first, margin));
    for link in rest {
        out += &format!("\n{pad}    {}", arguments(link, margin + 4));
    }
    out
}

/// A call with its arguments, one below the other where they are long.
fn arguments(call: &str, margin: usize) -> String {
    let pad = " ".repeat(margin);
    let whole = format!("{pad}{call}");
    let open = call.find('(').filter(|_| call.ends_with(')'));
    let (Some(open), false) = (open, fits(&whole)) else {
        return call.to_string();
    };
    let inside = &call[open + 1..call.len() - 1];
    let parts = cut(inside, |text| text.starts_with(','));
    let parts: Vec<&str> = parts
        .iter()
        .map(|it| it.trim_start_matches(',').trim())
        .filter(|it| !it.is_empty())
        .collect();
    // A text alone is no longer in a line of its own.
    if parts.is_empty() || (parts.len() == 1 && inside.trim_end().ends_with(['"', '#'])) {
        return call.to_string();
    }
    let lines = parts
        .iter()
        .map(|it| format!("{},\n", expression(it, margin + 4)));
    format!("{}(\n{}{pad})", &call[..open], lines.collect::<String>())
}

fn fits(text: &str) -> bool {
    !text.contains('\n') && text.chars().count() <= WIDTH
}

/// `A::new(..)`, `.b(..)`, `.c()`.
fn links(code: &str) -> Vec<String> {
    let is_link = |text: &str| {
        let mut chars = text.chars();
        chars.next() == Some('.') && chars.next().is_some_and(|it| it.is_ascii_lowercase())
    };
    let parts = cut(code, is_link);
    parts.iter().map(|it| it.trim().to_string()).collect()
}

/// Cuts code where a condition holds for the rest of it, outside of parentheses and texts.
fn cut(code: &str, is_end: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at, mut depth) = (0, 0, 0usize);
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        if let Some(length) = literal(rest, &code[..at]) {
            at += length;
            continue;
        }
        if depth == 0 && at > start && is_end(rest) {
            parts.push(&code[start..at]);
            start = at;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += c.len_utf8();
    }
    parts.push(&code[start..]);
    parts
}

/// How long the text is that begins here, if one does.
fn literal(rest: &str, before: &str) -> Option<usize> {
    let in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if let Some(raw) = rest.strip_prefix('r').filter(|_| !in_word) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(inside) = raw[hashes..].strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            return Some(1 + hashes + 1 + inside.find(&end)? + end.len());
        }
    }
    let inside = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '"' if !escaped => return Some(at + 2),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_cut_outside_of_its_texts() {
        let code = r##"View::new("a.b(", r#"x".y("#).columns(["c", "d.e()"]).with_no_data()"##;
        assert_eq!(
            links(code),
            [
                r##"View::new("a.b(", r#"x".y("#)"##,
                r#".columns(["c", "d.e()"])"#,
                ".with_no_data()"
            ]
        );
        assert_eq!(
            links("Table::new(\"t\")\n.column(a.b())"),
            ["Table::new(\"t\")", ".column(a.b())"]
        );
    }

    #[test]
    fn long_chains_are_broken_as_people_break_them() {
        assert_eq!(
            call("object", "View::new(\"a\", \"b\")", 4),
            "    .object(View::new(\"a\", \"b\"))"
        );
        let long = "x".repeat(90);
        let code = format!("View::new(\"a\", \"{long}\").columns([\"c\"])");
        assert_eq!(
            call("object", &code, 4),
            format!(
                "    .object(\n        View::new(\n            \"a\",\n            \"{long}\",\n        )\n            .columns([\"c\"]),\n    )"
            )
        );
        let body = format!("Trigger::new(\"a\", \"t\").body(\"{long}\")");
        assert_eq!(
            expression(&body, 0),
            format!("Trigger::new(\"a\", \"t\")\n    .body(\"{long}\")")
        );
    }
}
