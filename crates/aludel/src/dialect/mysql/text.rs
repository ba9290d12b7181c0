//! SQL text as MySQL and MariaDB read it: where a parenthesis closes, what is a literal, and expressions in one canonical
//! spelling. This file knows no table.

use crate::schema::QualifiedName;
use crate::sql::split::{Flavor, Token, TokenKind, tokens};

/// The tokens that mean something: no white space, no comments. None if the text does not even read as tokens.
pub(super) fn significant(sql: &str) -> Option<Vec<Token>> {
    let all = tokens(sql, Flavor::Mysql).ok()?;
    Some(all.into_iter().filter(|it| !it.kind.is_silent()).collect())
}

/// Where the parenthesis that opens at a byte closes.
pub(super) fn closing(sql: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for token in significant(sql)? {
        if token.start < open {
            continue;
        }
        match token.text(sql) {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(token.start);
        }
    }
    None
}

/// The parts between commas that stand in no parentheses.
pub(super) fn split_commas(sql: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for token in significant(sql).unwrap_or_default() {
        match token.text(sql) {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                parts.push(sql[start..token.start].trim().to_string());
                start = token.end;
            }
            _ => {}
        }
    }
    let last = sql[start..].trim();
    if !last.is_empty() {
        parts.push(last.to_string());
    }
    parts
}

/// The text without parentheses around all of it.
pub(super) fn bare(sql: &str) -> &str {
    let mut sql = sql.trim();
    while sql.starts_with('(') && closing(sql, 0) == Some(sql.len() - 1) {
        sql = sql[1..sql.len() - 1].trim();
    }
    sql
}

/// Whether a text is one literal: a string, a number with or without a sign, a word such as NULL.
pub(super) fn is_literal(sql: &str) -> bool {
    let Some(tokens) = significant(sql) else {
        return false;
    };
    let words: Vec<&str> = tokens.iter().map(|it| it.text(sql)).collect();
    let kinds: Vec<TokenKind> = tokens.iter().map(|it| it.kind).collect();
    let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match (words.as_slice(), kinds.as_slice()) {
        ([_], [TokenKind::String | TokenKind::Number]) => true,
        ([word], _) => {
            let word = word.to_ascii_lowercase();
            matches!(word.as_str(), "null" | "true" | "false") || word.starts_with("0x")
        }
        (["-" | "+", it], _) => number(it),
        (["-" | "+", ".", it] | [".", it], _) => number(it),
        // An introducer, or a literal of bits or bytes: _utf8mb4'a', b'101', x'00'.
        ([word, _], [_, TokenKind::String]) => {
            word.starts_with('_') || ["b", "B", "x", "X", "n", "N"].contains(word)
        }
        _ => false,
    }
}

/// Whether a text is one of the names of the time that it is, without digits of its own.
pub(super) fn is_clock(sql: &str) -> bool {
    let names = [
        "current_timestamp()",
        "current_timestamp",
        "now()",
        "localtime",
        "localtime()",
        "localtimestamp",
        "localtimestamp()",
    ];
    let text: String = bare(sql).to_ascii_lowercase().split_whitespace().collect();
    names.contains(&text.as_str())
}

/// Whether a text is the time that it is, with digits or without: the one expression that always was a default.
pub(super) fn follows_clock(sql: &str) -> bool {
    let text: String = bare(sql).split_whitespace().collect();
    let digits = text.strip_suffix(')').and_then(|it| it.split_once('('));
    match digits {
        Some((name, digits)) if digits.parse::<u8>().is_ok() => is_clock(&format!("{name}()")),
        _ => is_clock(sql),
    }
}

/// An expression of a table without the table's name before its columns. The database keeps that name as it was written.
pub(super) fn unqualified(sql: &str, table: &QualifiedName) -> String {
    let tokens = significant(sql).unwrap_or_default();
    let is = |at: usize, name: &str| {
        tokens.get(at).is_some_and(|it| {
            let named = matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent);
            let source = it.text(sql);
            let inside = source.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
            named && inside.unwrap_or(source).replace("``", "`") == name
        })
    };
    let dot = |at: usize| tokens.get(at).is_some_and(|it| it.text(sql) == ".");
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < tokens.len() {
        let bare = at == 0 || !dot(at - 1);
        let schema = table.schema.as_deref();
        let with_schema = schema.is_some_and(|it| is(at, it)) && dot(at + 1);
        let first = if with_schema { at + 2 } else { at };
        if bare && is(first, &table.name) && dot(first + 1) {
            out += &sql[copied..tokens[at].start];
            copied = tokens[first + 1].end;
            at = first + 2;
        } else {
            at += 1;
        }
    }
    out + &sql[copied..]
}

/// The text that a string literal stands for.
pub(super) fn value(literal: &str) -> Option<String> {
    let quote = literal
        .chars()
        .next()
        .filter(|it| matches!(it, '\'' | '"'))?;
    let inside = literal.get(1..)?.strip_suffix(quote)?;
    let mut out = String::new();
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(match chars.next()? {
                '0' => '\0',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'Z' => '\u{1a}',
                other => other,
            }),
            c if c == quote => {
                chars.next();
                out.push(quote);
            }
            c => out.push(c),
        }
    }
    Some(out)
}

/// The text with names in backticks that stand in double quotes.
pub(super) fn in_backticks(sql: &str) -> String {
    let mut out = String::new();
    let mut end = 0;
    for token in significant(sql).unwrap_or_default() {
        let source = token.text(sql);
        if let Some(name) = source.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            out += &sql[end..token.start];
            out += &format!("`{}`", name.replace("\"\"", "\"").replace('`', "``"));
            end = token.end;
        }
    }
    out + &sql[end..]
}

/// The bytes of a literal in hexadecimal digits, if it is a string or is written in such digits.
pub(super) fn hex(literal: &str) -> Option<String> {
    if let Some(value) = value(literal) {
        return Some(value.bytes().map(|byte| format!("{byte:02x}")).collect());
    }
    let lower = literal.to_ascii_lowercase();
    let quoted = lower
        .strip_prefix("x'")
        .and_then(|it| it.strip_suffix('\''));
    quoted
        .or_else(|| lower.strip_prefix("0x"))
        .map(str::to_string)
}

/// Text as a literal. A quote is doubled, so that the literal ends where it should whatever `sql_mode` is; what a backslash
/// means depends on `NO_BACKSLASH_ESCAPES`
/// (<https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sqlmode_no_backslash_escapes>). The client drops a carriage return at
/// the end of a script's line.
pub(super) fn literal(text: &str, backslash_escapes: bool) -> String {
    let text = match backslash_escapes {
        true => text.replace('\\', "\\\\").replace('\r', "\\r"),
        false => text.to_string(),
    };
    format!("'{}'", text.replace('\'', "''"))
}

/// An expression in one spelling: lower case, one space between tokens, names without needless quotes, one way to write what
/// has several.
pub(super) fn canonical(sql: &str) -> String {
    let sql = bare(sql);
    if follows_clock(sql) {
        return clock(sql);
    }
    let Some(tokens) = significant(sql) else {
        return sql.to_string();
    };
    let mut pieces: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let source = token.text(sql);
        let next = tokens.get(at + 1);
        let introduces =
            source.starts_with('_') && next.is_some_and(|it| it.kind == TokenKind::String);
        match token.kind {
            TokenKind::Word if introduces => {}
            TokenKind::Word => pieces.push(source.to_lowercase()),
            TokenKind::QuotedIdent => pieces.push(unquoted(source)),
            TokenKind::String => {
                pieces.push(value(source).map_or_else(|| source.into(), |it| literal(&it, true)));
            }
            _ if source == "=" && pieces.last().is_some_and(|it| it == "!") => {
                pieces.pop();
                pieces.extend(["<".to_string(), ">".to_string()]);
            }
            _ => pieces.push(source.to_lowercase()),
        }
    }
    pieces.join(" ")
}

fn unquoted(source: &str) -> String {
    let inside = source.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
    let inside = inside.unwrap_or(source).replace("``", "`").to_lowercase();
    match inside
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '$')
    {
        true => inside,
        false => format!("`{}`", inside.replace('`', "``")),
    }
}

fn clock(sql: &str) -> String {
    let digits: String = sql.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "" | "0" => "current_timestamp".into(),
        digits => format!("current_timestamp({digits})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for it in [
            "'a'",
            "-1",
            "1.5",
            "NULL",
            "true",
            "b'1'",
            "x'00'",
            "_utf8mb4'a'",
            "+.5",
        ] {
            assert!(is_literal(it), "{it}");
        }
        for it in ["(1)", "1 + 2", "uuid()", "a", "'a' 'b'", ""] {
            assert!(!is_literal(it), "{it}");
        }
    }

    #[test]
    fn the_clock_has_many_names() {
        for it in [
            "NOW()",
            "CURRENT_TIMESTAMP",
            "(current_timestamp ( ))",
            "localtime",
        ] {
            assert!(is_clock(it) && follows_clock(it), "{it}");
        }
        assert!(follows_clock("now(6)") && !is_clock("now(6)"));
        assert!(!follows_clock("curdate()"));
        assert_eq!(canonical("NOW(3)"), "current_timestamp(3)");
    }

    #[test]
    fn a_table_does_not_name_itself() {
        let plain = |sql: &str| unqualified(sql, &("other", "my t").into());
        assert_eq!(plain("`my t`.a > other.`my t`.`b`"), "a > `b`");
        assert_eq!(plain("x.`my t`.a > 0"), "x.`my t`.a > 0");
        assert_eq!(plain("'`my t`.a' || `my t`"), "'`my t`.a' || `my t`");
        assert_eq!(unqualified("t.a + u.a", &"t".into()), "a + u.a");
    }

    #[test]
    fn one_spelling() {
        assert_eq!(canonical("((`A` != _utf8mb4'x'))"), canonical("a<>'x'"));
        assert_eq!(bare("(a) or (b)"), "(a) or (b)");
        assert_eq!(canonical("'it\\'s'"), canonical("'it''s'"));
        assert_eq!(split_commas("'a,b', f(1,2), c"), ["'a,b'", "f(1,2)", "c"]);
    }
}
