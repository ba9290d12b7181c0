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
    /// A table that a query reads.
    Source {
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
            Self::Column { from, to }
            | Self::Table { from, to }
            | Self::Source { from, to }
            | Self::Type { from, to } => (from, to),
        }
    }
}

/// How a database writes names.
#[derive(Clone, Copy)]
pub struct Names<'q> {
    /// Whose way of writing SQL its texts follow.
    pub flavor: Flavor,
    /// Spells a name as the database does, in quotes where it needs them.
    pub quote: &'q dyn Fn(&str) -> String,
}

impl Names<'_> {
    /// The text with the new name. A name of a column is none where something is called or cast to, a name of a table only before a
    /// dot, one of a source also where a query names what it reads, a name of a type only behind a cast. Text that cannot be read stays as it is.
    ///
    /// ```
    /// use aludel::sql::split::Flavor;
    /// use aludel::sql::{NewName, Names};
    ///
    /// let names = Names { flavor: Flavor::Postgres, quote: &str::to_string };
    /// let name = NewName::Column { from: "name", to: "full_name" };
    /// let text = names.follow("name <> 'name' AND length(name) > 1", name);
    /// assert_eq!(text, "full_name <> 'name' AND length(full_name) > 1");
    /// ```
    pub fn follow(&self, text: &str, name: NewName<'_>) -> String {
        let Ok(all) = tokens(text, self.flavor) else {
            return text.to_string();
        };
        let told: Vec<&Token> = all.iter().filter(|it| !it.kind.is_silent()).collect();
        let (from, to) = name.names();
        // Where MySQL quotes names, it quotes all of them, and words such as `day` are none.
        let only_quoted = self.flavor == Flavor::Mysql && text.contains('`');
        let mut out = String::new();
        let mut done = 0;
        for (at, token) in told.iter().enumerate() {
            if only_quoted && token.kind == TokenKind::Word {
                continue;
            }
            let word = token.text(text);
            let before = at.checked_sub(1).and_then(|it| told.get(it));
            let around = Around {
                before: before.map_or("", |it| it.text(text)),
                after: told.get(at + 1).map_or("", |it| it.text(text)),
            };
            if !is_name(token.kind, word, from, self.flavor) || !around.fits(token.kind, name) {
                continue;
            }
            out.push_str(&text[done..token.start]);
            match word.starts_with('`') {
                true => out.push_str(&format!("`{}`", to.replace('`', "``"))),
                false => out.push_str(&(self.quote)(to)),
            }
            done = token.end;
        }
        out.push_str(&text[done..]);
        out
    }

    /// Whether two texts say the same in the same words, whatever the quotes and the case of their names.
    pub fn same(&self, a: &str, b: &str) -> bool {
        let words = |text: &str| {
            let told = tokens(text, self.flavor).ok()?.into_iter();
            let told = told.filter(|it| !it.kind.is_silent());
            let words = told.map(|it| match it.kind {
                TokenKind::Word => it.text(text).to_lowercase(),
                TokenKind::QuotedIdent => unquoted(it.text(text)).to_lowercase(),
                _ => it.text(text).to_string(),
            });
            Some(words.collect::<Vec<_>>())
        };
        match (words(a), words(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        }
    }
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
            NewName::Source { .. } => {
                let before = |word: &&str| self.before.eq_ignore_ascii_case(word);
                self.after == "." || [".", "from", "join", "only"].iter().any(before)
            }
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
        let names = |flavor| Names {
            flavor,
            quote: &quote,
        };
        let pg = |text: &str, from, to| names(Flavor::Postgres).follow(text, column(from, to));
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
        let mysql = |text: &str| names(Flavor::Mysql).follow(text, column("a`b", "c`d"));
        assert_eq!(mysql("`a``b` > 0 and 'a`b'"), "`c``d` > 0 and 'a`b'");
        let day = |text: &str| names(Flavor::Mysql).follow(text, column("day", "since"));
        assert_eq!(
            day("`day` + interval 1 day < now()"),
            "`since` + interval 1 day < now()"
        );
        assert_eq!(day("day > 1"), "since > 1");
        let sqlite = |text: &str| names(Flavor::Sqlite).follow(text, column("a", "b c"));
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
        let names = |flavor| Names {
            flavor,
            quote: &quote,
        };
        let text = names(Flavor::Sqlite).follow("patients.patients > 0", table);
        assert_eq!(text, "people.patients > 0");
        let ty = NewName::Type {
            from: "mood",
            to: "temper",
        };
        let text = names(Flavor::Postgres).follow("mood = 'mood'::mood", ty);
        assert_eq!(text, "mood = 'mood'::temper");
    }

    #[test]
    fn quotes_and_case_of_names_make_no_difference() {
        let names = Names {
            flavor: Flavor::Sqlite,
            quote: &quote,
        };
        assert!(names.same("\"New Name\" > 'A'", "[new name] >'A'"));
        assert!(!names.same("\"New Name\" > 'A'", "[new name] > 'a'"));
        assert!(!names.same("a > 1", "a > 2"));
    }
}
