//! Placeholders: `?` everywhere, `$1` where the database counts.

use super::split::{Flavor, TokenKind, tokens};
use crate::error::Result;

/// Turns each `?` that stands for an argument into `$1`, `$2`, …; `??` is a literal `?`.
///
/// # Errors
/// [`crate::Error::Step`] if the text does not read as SQL (an unterminated string).
pub fn numbered_placeholders(sql: &str, flavor: Flavor) -> Result<String> {
    let tokens = tokens(sql, flavor).map_err(|error| error.to_string())?;
    let mut out = String::with_capacity(sql.len() + 8);
    let mut number = 0;
    let mut tokens = tokens.iter().peekable();
    while let Some(token) = tokens.next() {
        let text = &sql[token.start..token.end];
        if token.kind != TokenKind::Symbol || text != "?" {
            out += text;
            continue;
        }
        let doubled = tokens
            .peek()
            .is_some_and(|next| &sql[next.start..next.end] == "?");
        if doubled {
            tokens.next();
            out.push('?');
        } else {
            number += 1;
            out += &format!("${number}");
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_question_marks_count() {
        let sql = "SELECT '?', \"?\" -- ?\n FROM t WHERE a = ? AND b ?? 'k' AND c=?";
        assert_eq!(
            numbered_placeholders(sql, Flavor::Postgres).unwrap(),
            "SELECT '?', \"?\" -- ?\n FROM t WHERE a = $1 AND b ? 'k' AND c=$2"
        );
    }
}
