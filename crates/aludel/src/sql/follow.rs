//! SQL text after something that it names was renamed, as far as names can be told in it without knowing what they mean.

use super::split::{Flavor, Token, TokenKind, tokens};

/// What has got another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewName<'n> {
    /// A column of the table that the text belongs to.
    Column {
        /// As it was.
        from: &'n str,
        /// As it is.
        to: &'n str,
    },
    /// The table that the text belongs to.
    Table {
        /// As it was.
        from: &'n str,
        /// As it is.
        to: &'n str,
    },
    /// A type.
    Type {
        /// As it was.
        from: &'n str,
        /// As it is.
        to: &'n str,
    },
}

impl<'n> NewName<'n> {
    fn names(self) -> (&'n str, &'n str) {
        match self {
            Self::Column { from, to } | Self::Table { from, to } | Self::Type { from, to } => {
                (from, to)
            }
        }
    }
}

/// The text with the new name. `quote` spells a name as the database does, in quotes where it needs them. A name of a column is none
/// where something is called or cast to, a name of a table only before a dot, a name of a type only behind a cast. Text that
/// cannot be read stays as it is.
///
/// ```
/// use aludel::sql::split::Flavor;
/// use aludel::sql::{NewName, follow};
///
/// let name = NewName::Column { from: "name", to: "full_name" };
/// let text = follow("name <> 'name' AND length(name) > 1", Flavor::Postgres, name, &str::to_string);
/// assert_eq!(text, "full_name <> 'name' AND length(full_name) > 1");
/// ```
pub fn follow(
    text: &str,
    flavor: Flavor,
    name: NewName<'_>,
    quote: &dyn Fn(&str) -> String,
) -> String {
    let Ok(all) = tokens(text, flavor) else {
        return text.to_string();
    };
    let told: Vec<&Token> = all.iter().filter(|it| !it.kind.is_silent()).collect();
    let (from, to) = name.names();
    // Where MySQL quotes names, it quotes all of them, and words such as `day` are none.
    let only_quoted = flavor == Flavor::Mysql && text.contains('`');
    let mut out = String::new();
    let mut done = 0;
    for (at, token) in told.iter().enumerate() {
        let word = token.text(text);
        let around = Around {
            before: at
                .checked_sub(1)
                .and_then(|it| told.get(it))
                .map_or("", |it| it.text(text)),
            after: told.get(at + 1).map_or("", |it| it.text(text)),
        };
        if only_quoted && token.kind == TokenKind::Word {
            continue;
        }
        if !is_name(token.kind, word, from, flavor) || !around.fits(token.kind, name) {
            continue;
        }
        out.push_str(&text[done..token.start]);
        match word.starts_with('`') {
            true => out.push_str(&format!("`{}`", to.replace('`', "``"))),
            false => out.push_str(&quote(to)),
        }
        done = token.end;
    }
    out.push_str(&text[done..]);
    out
}

/// The tokens beside a name.
struct Around<'t> {
    before: &'t str,
    after: &'t str,
}

impl Around<'_> {
    /// A cast may come as one token, or as two colons.
    fn is_cast(&self) -> bool {
        self.before.ends_with(':')
    }

    fn fits(&self, kind: TokenKind, name: NewName<'_>) -> bool {
        match name {
            NewName::Column { .. } => {
                let called = kind == TokenKind::Word && self.after == "(";
                !called && !self.is_cast() && self.after != "."
            }
            NewName::Table { .. } => self.after == ".",
            NewName::Type { .. } => self.is_cast() || self.before == ".",
        }
    }
}

/// Whether a token is this name, quoted or not.
fn is_name(kind: TokenKind, word: &str, name: &str, flavor: Flavor) -> bool {
    match kind {
        // PostgreSQL folds what has no quotes; the others do not care about case.
        TokenKind::Word if flavor == Flavor::Postgres => word.to_lowercase() == name,
        TokenKind::Word => word.to_lowercase() == name.to_lowercase(),
        TokenKind::QuotedIdent => {
            let bare = unquoted(word);
            match flavor {
                Flavor::Postgres => bare == name,
                _ => bare.to_lowercase() == name.to_lowercase(),
            }
        }
        _ => false,
    }
}

fn unquoted(word: &str) -> String {
    let mut letters = word.chars();
    let close = match letters.next() {
        Some('[') => ']',
        Some(quote) => quote,
        None => return String::new(),
    };
    letters.next_back();
    let doubled = [close; 2].iter().collect::<String>();
    letters.as_str().replace(&doubled, &close.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(name: &str) -> String {
        super::super::quote_if_needed(name, |it| it == "order")
    }

    #[test]
    fn columns_are_told_from_types_functions_and_strings() {
        let column = |from, to| NewName::Column { from, to };
        let pg = |text: &str, from, to| follow(text, Flavor::Postgres, column(from, to), &quote);
        assert_eq!(
            pg("((text)::text <> ''::text)", "text", "note"),
            "((note)::text <> ''::text)"
        );
        assert_eq!(
            pg(
                "(\"Full Name\" IS NOT NULL) -- Full Name",
                "Full Name",
                "order"
            ),
            "(\"order\" IS NOT NULL) -- Full Name"
        );
        assert_eq!(
            pg("lower(lower) || E'lower' || t.lower", "lower", "Low er"),
            "lower(\"Low er\") || E'lower' || t.\"Low er\""
        );
        let mysql = |text: &str| follow(text, Flavor::Mysql, column("a`b", "c`d"), &quote);
        assert_eq!(mysql("`a``b` > 0 and 'a`b'"), "`c``d` > 0 and 'a`b'");
        let day = |text: &str| follow(text, Flavor::Mysql, column("day", "since"), &quote);
        assert_eq!(
            day("`day` + interval 1 day < now()"),
            "`since` + interval 1 day < now()"
        );
        assert_eq!(day("day > 1"), "since > 1");
        let sqlite = |text: &str| follow(text, Flavor::Sqlite, column("a", "b c"), &quote);
        assert_eq!(
            sqlite("[A] + \"a\" + a(a)"),
            "\"b c\" + \"b c\" + a(\"b c\")"
        );
        assert_eq!(sqlite("a = 'unclosed"), "a = 'unclosed");
    }

    #[test]
    fn tables_stand_before_dots_and_types_behind_casts() {
        let table = NewName::Table {
            from: "patients",
            to: "people",
        };
        let text = follow("patients.patients > 0", Flavor::Sqlite, table, &quote);
        assert_eq!(text, "people.patients > 0");
        let ty = NewName::Type {
            from: "mood",
            to: "temper",
        };
        let text = follow("mood = 'mood'::mood", Flavor::Postgres, ty, &quote);
        assert_eq!(text, "mood = 'mood'::temper");
    }
}
