//! Expressions as text alone can compare them, where the database cannot be asked: one spelling for what is certain, or as
//! good as certain, to mean the same.
//!
//! It serves between two texts that both went through it, and never decides between a text and an echo.

use super::expression;
use super::pieces::{Kind, Piece, join, read};
use super::types;

/// A default, in one spelling.
pub(super) fn default(text: &str, column_type: &str) -> String {
    let Some(pieces) = simplified(text) else {
        return text.trim().to_string();
    };
    expression::literal(&pieces, column_type).unwrap_or_else(|| join(&pieces))
}

/// A check, a predicate, a generated expression or an index key, in one spelling.
pub(super) fn condition(text: &str) -> String {
    simplified(text).map_or_else(|| text.trim().to_string(), |it| join(&it))
}

fn simplified(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = read(text)?;
    for piece in &mut pieces {
        rename(piece);
    }
    signed_numbers(&mut pieces);
    casts_as_operators(&mut pieces);
    // Each rule may make room for another; none of them makes a text longer for ever.
    for _ in 0..50 {
        let before = pieces.clone();
        drop_casts(&mut pieces);
        drop_parens(&mut pieces);
        lists_as_arrays(&mut pieces);
        between_as_comparisons(&mut pieces);
        negated_operators(&mut pieces);
        if pieces == before {
            break;
        }
    }
    Some(pieces)
}

fn rename(piece: &mut Piece) {
    let operator = match piece.text.as_str() {
        "like" => "~~",
        "ilike" => "~~*",
        "!=" => "<>",
        _ => return,
    };
    *piece = Piece::symbol(operator);
}

/// `-` and `1` as the one number that they are where nothing stands before the sign to subtract from.
fn signed_numbers(pieces: &mut Vec<Piece>) {
    let mut at = 0;
    while at + 1 < pieces.len() {
        let subtracts = at > 0
            && match pieces[at - 1].kind {
                Kind::Symbol => matches!(pieces[at - 1].text.as_str(), ")" | "]"),
                Kind::Word => !BEFORE_A_GROUP.contains(&pieces[at - 1].text.as_str()),
                Kind::Number | Kind::String => true,
            };
        if pieces[at].text == "-" && pieces[at + 1].kind == Kind::Number && !subtracts {
            pieces[at + 1].text.insert(0, '-');
            pieces.remove(at);
        }
        at += 1;
    }
}

/// `CAST(x AS t)` as `(x)::t`.
fn casts_as_operators(pieces: &mut Vec<Piece>) {
    while let Some(at) = pieces.iter().position(|it| it.text == "cast") {
        let open = at + 1;
        let close = closing(pieces, open);
        let inside = close.and_then(|close| {
            let middle = top_level(pieces, open + 1, close, "as")?;
            Some((middle, close))
        });
        let Some((middle, close)) = inside else {
            return;
        };
        let mut written = vec![Piece::symbol("(")];
        written.extend_from_slice(&pieces[open + 1..middle]);
        written.extend([Piece::symbol(")"), Piece::symbol("::")]);
        written.extend_from_slice(&pieces[middle + 1..close]);
        pieces.splice(at..=close, written);
    }
}

/// Where the parenthesis that opens at `open` closes.
fn closing(pieces: &[Piece], open: usize) -> Option<usize> {
    if !matches!(pieces.get(open)?.text.as_str(), "(" | "[") {
        return None;
    }
    let mut depth = 0;
    for (at, piece) in pieces.iter().enumerate().skip(open) {
        match piece.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Where the parenthesis that closes at `close` opens.
fn opening(pieces: &[Piece], close: usize) -> Option<usize> {
    (0..close)
        .rev()
        .find(|open| closing(pieces, *open) == Some(close))
}

fn top_level(pieces: &[Piece], from: usize, to: usize, word: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, piece) in pieces.iter().enumerate().take(to).skip(from) {
        match piece.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            text if depth == 0 && text == word => return Some(at),
            _ => {}
        }
    }
    None
}

/// Casts that the database adds by itself: text to text, and a number to a kind of number.
fn drop_casts(pieces: &mut Vec<Piece>) {
    let mut at = 1;
    while at < pieces.len() {
        let length = match pieces[at].text.as_str() {
            "::" => trivial_cast(&pieces[at - 1], &pieces[at + 1..]),
            _ => None,
        };
        match length {
            Some(length) => {
                if let Some(number) = number_in_quotes(&pieces[at - 1], &pieces[at + 1..]) {
                    pieces[at - 1] = number;
                }
                pieces.drain(at..=at + length);
            }
            None => at += 1,
        }
    }
}

/// How many pieces the type of a trivial cast has.
fn trivial_cast(operand: &Piece, ty: &[Piece]) -> Option<usize> {
    // The type of a string is that of what it is compared with.
    if operand.kind == Kind::String && number_in_quotes(operand, ty).is_none() {
        return type_length(ty);
    }
    let words = |count: usize| {
        let text: Vec<&str> = ty.iter().take(count).map(|it| it.text.as_str()).collect();
        text.join(" ")
    };
    let array = |count: usize| match words(count + 2).ends_with("[ ]") {
        true => count + 2,
        false => count,
    };
    let sized = |count: usize| ty.get(count).is_some_and(|it| it.text == "(");
    let text = match words(1).as_str() {
        "text" | "varchar" | "bpchar" => Some(1),
        "character" if words(2) == "character varying" => Some(2),
        _ => None,
    };
    if let Some(count) = text.filter(|count| !sized(*count)) {
        return Some(array(count));
    }
    let number = match words(1).as_str() {
        "integer" | "bigint" | "smallint" | "numeric" | "real" => 1,
        "double" if words(2) == "double precision" => 2,
        _ => return None,
    };
    let is_number = operand.kind == Kind::Number || number_in_quotes(operand, ty).is_some();
    (is_number && !sized(number) && array(number) == number).then_some(number)
}

/// How many pieces a type has that says no size.
fn type_length(ty: &[Piece]) -> Option<usize> {
    let word = |at: usize| ty.get(at).map_or("", |it| it.text.as_str());
    let mut length = match (word(0), word(1)) {
        ("double", "precision") | ("character", "varying") => 2,
        ("time" | "timestamp", "with" | "without") => 4,
        _ => 1,
    };
    while word(length) == "." {
        length += 2;
    }
    match (word(length), word(length + 1)) {
        ("(", _) => None,
        ("[", "]") => Some(length + 2),
        _ => Some(length),
    }
}

fn number_in_quotes(operand: &Piece, ty: &[Piece]) -> Option<Piece> {
    let is_number_type = ty.first().is_some_and(|it| {
        let canonical = types::canonical_text(&it.text);
        matches!(
            canonical.as_str(),
            "integer" | "bigint" | "smallint" | "numeric" | "real" | "double"
        )
    });
    let inside = operand.text.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_number = is_number_type && inside.parse::<f64>().is_ok_and(f64::is_finite);
    is_number.then(|| Piece {
        kind: Kind::Number,
        text: inside.to_string(),
    })
}

/// Words behind which a parenthesis only groups.
const BEFORE_A_GROUP: &[&str] = &[
    "and", "or", "not", "when", "then", "else", "case", "between", "is", "where",
];

fn groups(pieces: &[Piece], open: usize) -> bool {
    match open.checked_sub(1).and_then(|at| pieces.get(at)) {
        None => true,
        Some(before) if before.kind == Kind::Word => BEFORE_A_GROUP.contains(&before.text.as_str()),
        Some(before) => !matches!(before.text.as_str(), ")" | "]"),
    }
}

/// Parentheses around everything, around one thing, and twice around the same; and around what `AND` and `OR` join anyway.
fn drop_parens(pieces: &mut Vec<Piece>) {
    let mut open = 0;
    while open < pieces.len() {
        match closing(pieces, open).filter(|_| pieces[open].text == "(") {
            Some(close) if is_redundant(pieces, open, close) => {
                pieces.remove(close);
                pieces.remove(open);
            }
            _ => open += 1,
        }
    }
}

fn is_redundant(pieces: &[Piece], open: usize, close: usize) -> bool {
    let whole = open == 0 && close + 1 == pieces.len();
    let twice = open > 0
        && pieces[open - 1].text == "("
        && pieces.get(close + 1).is_some_and(|it| it.text == ")");
    if whole || twice {
        return true;
    }
    if !groups(pieces, open) {
        return false;
    }
    let inside = &pieces[open + 1..close];
    let alone = inside.len() == 1;
    let call = inside.len() > 2
        && inside[0].kind == Kind::Word
        && closing(inside, 1) == Some(inside.len() - 1);
    alone || call || is_plain_comparison(pieces, open, close)
}

/// `(a > 0)` where only `AND`, `OR` or the end stands on both sides: comparisons bind more tightly than these.
fn is_plain_comparison(pieces: &[Piece], open: usize, close: usize) -> bool {
    let joint = |piece: Option<&Piece>| {
        piece.is_none_or(|it| matches!(it.text.as_str(), "and" | "or" | "(" | ")"))
    };
    let before = open.checked_sub(1).and_then(|at| pieces.get(at));
    let inside = &pieces[open + 1..close];
    let mut words = inside.iter().filter(|it| it.kind == Kind::Word);
    joint(before)
        && joint(pieces.get(close + 1))
        && !words.any(|it| matches!(it.text.as_str(), "and" | "or" | "not" | "between" | "case"))
}

/// `IN (a, b)` as the echo has it: `= ANY (ARRAY[a, b])`.
fn lists_as_arrays(pieces: &mut Vec<Piece>) {
    let Some(at) = pieces.iter().position(|it| it.text == "in") else {
        return;
    };
    let Some(close) = closing(pieces, at + 1) else {
        return;
    };
    let negated = at > 0 && pieces[at - 1].text == "not";
    let (operator, quantor) = if negated { ("<>", "all") } else { ("=", "any") };
    let mut written = vec![
        Piece::symbol(operator),
        Piece::word(quantor),
        Piece::symbol("("),
        Piece::word("array"),
        Piece::symbol("["),
    ];
    written.extend_from_slice(&pieces[at + 2..close]);
    written.extend([Piece::symbol("]"), Piece::symbol(")")]);
    let from = if negated { at - 1 } else { at };
    pieces.splice(from..=close, written);
}

/// `x BETWEEN a AND b` as the echo has it: `x >= a AND x <= b`.
fn between_as_comparisons(pieces: &mut Vec<Piece>) {
    let Some(at) = pieces.iter().position(|it| it.text == "between") else {
        return;
    };
    if at == 0 || pieces[at - 1].text == "not" {
        return;
    }
    let start = operand_start(pieces, at);
    let Some(and) = top_level(pieces, at + 1, pieces.len(), "and") else {
        return;
    };
    let operand = pieces[start..at].to_vec();
    let mut written = operand.clone();
    written.push(Piece::symbol(">="));
    written.extend_from_slice(&pieces[at + 1..and]);
    written.push(Piece::word("and"));
    written.extend(operand);
    written.push(Piece::symbol("<="));
    pieces.splice(start..=and, written);
}

/// Where the operand that ends before `end` starts: a word or literal, a call, a group, with what is bound to it by dots.
fn operand_start(pieces: &[Piece], end: usize) -> usize {
    let mut start = end - 1;
    if matches!(pieces[start].text.as_str(), ")" | "]") {
        start = opening(pieces, start).unwrap_or(start);
        if start > 0 && !groups(pieces, start) {
            start -= 1;
        }
    }
    while start >= 2 && pieces[start - 1].text == "." {
        start -= 2;
    }
    start
}

fn negated_operators(pieces: &mut Vec<Piece>) {
    let negated = pieces
        .windows(2)
        .position(|pair| pair[0].text == "not" && matches!(pair[1].text.as_str(), "~~" | "~~*"));
    if let Some(at) = negated {
        let operator = format!("!{}", pieces[at + 1].text);
        pieces.splice(at..=at + 1, [Piece::symbol(&operator)]);
    }
}

/// Whether a text names this, as a word of its own that is no string; a text that cannot be read may.
pub(super) fn names(text: &str, name: &str) -> bool {
    let name = super::words::quote(name);
    match read(text) {
        Some(pieces) => pieces
            .iter()
            .any(|it| it.kind == Kind::Word && it.text == name),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_and_what_is_echoed() {
        for (written, echo) in [
            ("price>0", "price > 0::numeric"),
            ("price > 0", "(price > (0)::numeric)"),
            (
                "status IN ('a', 'b')",
                "status::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
            ),
            (
                "status IN ('a','b')",
                "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            ),
            ("status NOT IN ('a')", "status <> ALL (ARRAY['a'::text])"),
            ("a BETWEEN 1 AND 3", "a >= 1 AND a <= 3"),
            ("(a BETWEEN 1 AND 3) OR b", "((a >= 1) AND (a <= 3)) OR b"),
            (
                "lower(a) between 'x' and 'y'",
                "lower(a) >= 'x'::text AND lower(a) <= 'y'::text",
            ),
            ("name LIKE 'a%'", "name::text ~~ 'a%'::text"),
            ("name NOT LIKE 'a%'", "name !~~ 'a%'::text"),
            (
                "status <> 'y' OR day > '2020-01-01'",
                "status <> 'y'::clinic.status OR day > '2020-01-01'::timestamp without time zone",
            ),
            ("a != -1", "a <> '-1'::integer"),
            ("\"a\" IS NOT NULL", "a IS NOT NULL"),
            ("CAST(a AS date) > now()", "a::date > now()"),
            ("a > 1 AND b > 2", "((a > 1) AND (b > 2))"),
        ] {
            assert_eq!(condition(written), condition(echo), "{written}");
            assert_eq!(
                condition(&condition(written)),
                condition(written),
                "{written}"
            );
        }
    }

    #[test]
    fn what_differs_stays_different() {
        for (one, other) in [
            ("(a OR b) AND c", "a OR (b AND c)"),
            ("NOT (a > 1)", "a > 1"),
            ("a::date", "a::timestamp"),
            ("a = 'A'", "a = 'a'"),
            ("(a + b) * c", "a + b * c"),
            ("coalesce((a), b)", "coalesce(b, a)"),
            ("\"A\" > 0", "a > 0"),
        ] {
            assert_ne!(condition(one), condition(other), "{one}");
        }
    }

    #[test]
    fn defaults() {
        for (written, echo, ty) in [
            ("'a'", "'a'::character varying", "character varying"),
            ("now()", "now()", "timestamp with time zone"),
            (
                "current_timestamp",
                "CURRENT_TIMESTAMP",
                "timestamp with time zone",
            ),
            ("'{}'", "'{}'::jsonb", "jsonb"),
            ("(1)", "1", "integer"),
            ("TRUE", "true", "boolean"),
        ] {
            assert_eq!(default(written, ty), default(echo, ty), "{written}");
        }
    }
}
