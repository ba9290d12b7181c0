//! Which tables and views a query or a trigger reads and writes, as far as its text tells: the names that stand where SQLite looks
//! for one of these. A column that is called like a table is none.

use super::text::{names_in, significant, unquote};
use crate::sql::split::TokenKind;
use std::collections::BTreeSet;

/// Behind these comes a table, or several with commas between them.
const BEFORE: [&str; 5] = ["from", "join", "into", "update", "on"];

/// From these on come columns and values.
const AFTER: [&str; 11] = [
    "select",
    "where",
    "group",
    "order",
    "having",
    "limit",
    "set",
    "values",
    "returning",
    "using",
    "when",
];

/// The names, in small ASCII letters. Some may be those of something else; of a text that cannot be read, all are.
pub(super) fn tables(sql: &str) -> BTreeSet<String> {
    let Ok(tokens) = significant(sql) else {
        return names_in(sql)
            .iter()
            .map(|it| it.to_ascii_lowercase())
            .collect();
    };
    let text = |at: usize| tokens.get(at).map_or("", |it| &sql[it.start..it.end]);
    let mut found = BTreeSet::new();
    let mut outer = Vec::new();
    let mut here = false;
    for (at, token) in tokens.iter().enumerate() {
        let word = match token.kind {
            TokenKind::Word => text(at).to_ascii_lowercase(),
            _ => String::new(),
        };
        let before = at.checked_sub(1).map_or("", text);
        match text(at) {
            "(" => {
                outer.push(here);
                // What a table is followed by in parentheses are its columns.
                here &= BEFORE.iter().any(|it| before.eq_ignore_ascii_case(it))
                    || matches!(before, "," | "(");
            }
            ")" => here = outer.pop().unwrap_or_default(),
            ";" => here = false,
            // The columns of a trigger.
            _ if word == "of" && before.eq_ignore_ascii_case("update") => here = false,
            _ if BEFORE.contains(&word.as_str()) => here = true,
            _ if AFTER.contains(&word.as_str()) => here = false,
            name => {
                let is_place = here || text(at + 1) == "." || before.eq_ignore_ascii_case("in");
                let is_name = matches!(
                    token.kind,
                    TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String
                );
                if is_place && is_name {
                    found.extend(unquote(name).map(|it| it.to_ascii_lowercase()));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::tables;

    #[test]
    fn what_is_read_and_what_is_only_called_so() {
        for (sql, reads, other) in [
            (
                "CREATE VIEW v AS SELECT a, t FROM \"B\" AS x, [c] WHERE d > 1",
                "b c",
                "a t d",
            ),
            (
                "CREATE VIEW v AS SELECT f(a, b) FROM (SELECT t, u FROM c), d ORDER BY e, g",
                "c d",
                "a b t u e g",
            ),
            (
                "CREATE VIEW v AS SELECT a FROM (b JOIN c USING (d, e))",
                "b c",
                "a d e",
            ),
            (
                "CREATE VIEW v AS SELECT a FROM t LEFT JOIN main.u ON x = y",
                "t u",
                "a",
            ),
            (
                "CREATE VIEW v AS SELECT a, (SELECT max(b) FROM c), d FROM e",
                "c e",
                "a b d",
            ),
            (
                "CREATE VIEW v AS WITH a AS (SELECT b FROM c) SELECT d FROM a",
                "a c",
                "b d",
            ),
            (
                "CREATE VIEW v AS SELECT t.a FROM 't' WHERE b IN u AND c IN (SELECT d FROM w)",
                "t u w",
                "a b c d",
            ),
            (
                "CREATE TRIGGER r AFTER UPDATE OF a, b ON t WHEN NEW.c > 1 BEGIN INSERT INTO u (d, e) VALUES (f, g); \
              UPDATE w SET h = i, j = k WHERE l = 1; DELETE FROM x WHERE m = 1; END",
                "t u w x",
                "a b d e f g h i j k l m",
            ),
        ] {
            let found = tables(sql);
            for name in reads.split(' ') {
                assert!(found.contains(name), "{name} in {sql}: {found:?}");
            }
            for name in other.split(' ') {
                assert!(!found.contains(name), "{name} in {sql}: {found:?}");
            }
        }
    }
}
