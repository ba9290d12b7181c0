//! Expressions as the database echoes them: what may be said of such a text without changing what it means.

use super::pieces::{Kind, Piece, join, read};
use super::types;
use crate::schema::Expr;
use crate::sql;

/// A default as it is kept. The echo says of which type a literal is, `'a'::character varying`, which is noise where that is
/// the column's own type, and makes a change of the type look like two changes.
///
/// `column_type` is the type as the database echoes it.
pub(super) fn default(echo: &str, column_type: &str) -> String {
    let Some(pieces) = read(echo) else {
        return echo.to_string();
    };
    literal(&pieces, column_type).unwrap_or_else(|| echo.to_string())
}

/// The literal that a whole default is, if it is one of the column's own type.
pub(super) fn literal(pieces: &[Piece], column_type: &str) -> Option<String> {
    let [string, cast, ty @ ..] = pieces else {
        return None;
    };
    if string.kind != Kind::String || cast.text != "::" || ty.is_empty() {
        return None;
    }
    let cast_type = types::canonical_text(&join(ty));
    let column_type = types::canonical_text(column_type);
    let (cast_type, column_type) = (unsized_type(&cast_type)?, without_size(&column_type));
    let alike = |kind: fn(&str) -> bool| kind(&cast_type) && kind(&column_type);
    if cast_type != column_type && !alike(is_text) && !alike(is_number_type) {
        return None;
    }
    let value = string.text.trim_matches('\'');
    match is_number_type(&column_type) && is_number(value) {
        true => Some(value.to_string()),
        false => Some(string.text.clone()),
    }
}

/// The spelling of an echo by which it is compared. What is read back is not always echoed again in the same words, so that a
/// database that was dumped and restored echoes `ARRAY['a'::character varying::text]` where it was
/// `ARRAY['a'::character varying]::text[]` before. Both are the literal `'a'`, and that it is some kind of text is said by
/// what it is compared with.
pub(super) fn canonical(echo: &str) -> String {
    let Some(mut pieces) = read(echo) else {
        return echo.to_string();
    };
    let mut at = 1;
    while at < pieces.len() {
        let is_cast = pieces[at].text == "::";
        let length = text_type(&pieces[at + 1..]).filter(|_| is_cast);
        match length {
            Some(length) if is_literal(&pieces[..at], length > 2) => {
                pieces.drain(at..=at + length);
            }
            _ => at += 1,
        }
    }
    join(&pieces)
}

/// How many pieces the kind of text at the beginning has, or the array of it: more than two only for an array. `bpchar` is a kind of
/// its own: such values are compared without the spaces behind them, and what looks at a column that becomes one is made anew.
fn text_type(pieces: &[Piece]) -> Option<usize> {
    let word = |at: usize| pieces.get(at).map_or("", |it| it.text.as_str());
    let length = match (word(0), word(1)) {
        ("character", "varying") => 2,
        ("text", _) => 1,
        _ => return None,
    };
    match (word(length), word(length + 1)) {
        ("(", _) => None,
        ("[", "]") => Some(length + 2),
        _ => Some(length),
    }
}

/// Whether what stands before a cast is a string, or an array of strings.
fn is_literal(before: &[Piece], array: bool) -> bool {
    match before {
        [.., last] if !array => last.kind == Kind::String,
        [inside @ .., close] if close.text == "]" => {
            let items = inside.iter().rev();
            let open = items
                .take_while(|it| it.kind == Kind::String || it.text == ",")
                .count();
            inside.len() > open && inside[inside.len() - open - 1].text == "["
        }
        _ => false,
    }
}

/// Operators that are words, which a default takes only in parentheses: `DEFAULT … NOT NULL` would be read in two ways otherwise
/// (`b_expr`, <https://www.postgresql.org/docs/current/sql-createtable.html>).
const WORDS: &[&str] = &[
    "and", "at", "between", "collate", "ilike", "in", "is", "isnull", "like", "not", "notnull",
    "or", "overlaps", "similar",
];

/// A default as it stands behind `DEFAULT` in the definition of a column or a domain.
pub(super) fn in_definition(default: &Expr) -> String {
    let text = sql::expression(default);
    let mut depth = 0_i32;
    for piece in read(default.as_str()).unwrap_or_default() {
        match (piece.kind, piece.text.as_str()) {
            (Kind::Symbol, "(" | "[") => depth += 1,
            (Kind::Symbol, ")" | "]") => depth -= 1,
            (Kind::Word, word) if depth == 0 && WORDS.contains(&word) => {
                return format!("({text})");
            }
            _ => {}
        }
    }
    text
}

/// The text without the parentheses that enclose all of it.
pub(super) fn without_outer_parens(text: &str) -> &str {
    let mut text = text.trim();
    while is_enclosed(text) {
        text = text[1..text.len() - 1].trim();
    }
    text
}

fn is_enclosed(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) else {
        return false;
    };
    balanced(inside)
}

/// Whether a text is one expression, as far as parentheses and semicolons tell: nothing in it can end the clause that it is
/// put into.
pub(super) fn balanced(text: &str) -> bool {
    let Some(pieces) = read(text) else {
        return false;
    };
    let mut depth = 0_i32;
    for piece in pieces.iter().filter(|it| it.kind == Kind::Symbol) {
        match piece.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            ";" => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// A type that says no size: a cast to one that does may cut the value.
fn unsized_type(canonical: &str) -> Option<String> {
    (!canonical.contains('(')).then(|| canonical.to_string())
}

fn without_size(canonical: &str) -> String {
    match (canonical.find('('), canonical.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let base = format!("{}{}", &canonical[..open], &canonical[close + 1..]);
            // The echo of a literal of type `character(3)` says `bpchar`.
            if base == "character" {
                "bpchar".into()
            } else {
                base
            }
        }
        _ => canonical.to_string(),
    }
}

fn is_text(canonical: &str) -> bool {
    matches!(canonical, "text" | "character varying" | "bpchar")
}

fn is_number_type(canonical: &str) -> bool {
    matches!(
        canonical,
        "integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision"
    )
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_the_columns_own_type() {
        for (echo, column_type, kept) in [
            ("'a'::character varying", "character varying(3)", "'a'"),
            ("'a'::text", "character varying", "'a'"),
            ("'a'::bpchar", "character(3)", "'a'"),
            ("'-1'::integer", "integer", "-1"),
            ("'-1'::integer", "bigint", "-1"),
            ("'-1'::integer", "text", "'-1'::integer"),
            ("'-1.5'::numeric", "numeric(10,2)", "-1.5"),
            ("'{}'::jsonb", "jsonb", "'{}'"),
            ("'{a}'::text[]", "text[]", "'{a}'"),
            (
                "'00:00:00'::time without time zone",
                "time without time zone",
                "'00:00:00'",
            ),
            (
                "'planned'::billing.visit_status",
                "billing.visit_status",
                "'planned'",
            ),
            (
                "'a'::character varying(1)",
                "text",
                "'a'::character varying(1)",
            ),
            ("'NaN'::double precision", "double precision", "'NaN'"),
            ("lower('A'::text)", "text", "lower('A'::text)"),
            (
                "('a'::text || 'b'::text)",
                "text",
                "('a'::text || 'b'::text)",
            ),
        ] {
            assert_eq!(default(echo, column_type), kept, "{echo}");
        }
    }

    #[test]
    fn kinds_of_text_are_not_said_of_literals() {
        let one = "a::text = ANY (ARRAY['x'::character varying, 'y'::character varying]::text[])";
        let other =
            "a::text = ANY (ARRAY['x'::character varying::text, 'y'::character varying::text])";
        assert_eq!(canonical(one), canonical(other));
        assert_eq!(canonical(one), "a :: text = any ( array [ 'x' , 'y' ] )");
        assert_ne!(
            canonical("a::text = 'x '::text"),
            canonical("a = 'x '::bpchar")
        );
        assert_ne!(canonical("a = 'x'::text"), canonical("a = 'x'::bpchar"));
        assert_ne!(canonical("'x'::character varying(1)"), canonical("'x'"));
        assert_ne!(canonical("ARRAY[a]::text[]"), canonical("ARRAY[a]"));
        // The echo keeps which of its names a function was called by.
        assert_ne!(canonical("now()"), canonical("CURRENT_TIMESTAMP"));
    }

    #[test]
    fn operators_that_are_words_stand_in_parentheses() {
        for (default, said) in [
            ("now() AT TIME ZONE 'utc'", "(now() AT TIME ZONE 'utc')"),
            ("(now() AT TIME ZONE 'utc')", "(now() AT TIME ZONE 'utc')"),
            ("1 IN (1, 2)", "(1 IN (1, 2))"),
            ("'not at'", "'not at'"),
            ("\"and\"() + 1", "\"and\"() + 1"),
        ] {
            assert_eq!(in_definition(&default.into()), said);
        }
    }

    #[test]
    fn parentheses() {
        assert_eq!(without_outer_parens("((a || b))"), "a || b");
        assert_eq!(without_outer_parens("(a) || (b)"), "(a) || (b)");
        assert_eq!(without_outer_parens("(a || ')')"), "a || ')'");
        assert!(balanced("a IN (1, 2) -- )"));
        assert!(!balanced("1); DROP TABLE t; --"));
        assert!(!balanced("a) OR (b"));
        assert!(!balanced("'open"));
    }
}
