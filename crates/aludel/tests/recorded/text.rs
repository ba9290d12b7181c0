//! SQL texts compared word by word: white space, the case of words and quotes that change nothing are passed over.

/// A word, a quoted name, a string or a sign of SQL text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word, in lower case, or a quoted name that would be the same word.
    Word(String),
    /// A quoted name that is no such word.
    Quoted(String),
    /// A string, with its quotes doubled as they stand.
    String(String),
    /// Anything else.
    Sign(char),
}

/// The tokens of a text; closing semicolons left out.
pub(crate) fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '\'' | '"' | '`' => {
                let mut inside = String::new();
                while let Some(next) = chars.next() {
                    if next == c {
                        match chars.peek() == Some(&c) {
                            true => drop(chars.next()),
                            false => break,
                        }
                    }
                    inside.push(next);
                }
                tokens.push(match c {
                    '\'' => Token::String(inside),
                    _ if is_plain(&inside) => Token::Word(inside),
                    _ => Token::Quoted(inside),
                });
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = c.to_string();
                while let Some(next) =
                    chars.next_if(|it| it.is_alphanumeric() || matches!(it, '_' | '$' | '.'))
                {
                    word.push(next);
                }
                // A point between names stands alone, one within a number does not.
                let number = word.starts_with(|it: char| it.is_ascii_digit());
                let parts: Vec<&str> = if number {
                    vec![&word]
                } else {
                    word.split('.').collect()
                };
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        tokens.push(Token::Sign('.'));
                    }
                    if !part.is_empty() {
                        tokens.push(Token::Word(part.to_lowercase()));
                    }
                }
            }
            sign => tokens.push(Token::Sign(sign)),
        }
    }
    while tokens.last() == Some(&Token::Sign(';')) {
        tokens.pop();
    }
    tokens
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether two scripts say the same.
pub(crate) fn same(one: &[String], other: &[String]) -> bool {
    let all =
        |script: &[String]| -> Vec<Vec<Token>> { script.iter().map(|it| tokens(it)).collect() };
    all(one) == all(other)
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(it) => f.write_str(it),
            Self::Quoted(it) => write!(f, "\"{it}\""),
            Self::String(it) => write!(f, "'{it}'"),
            Self::Sign(it) => write!(f, "{it}"),
        }
    }
}

/// Tokens as text.
pub(crate) fn joined(tokens: &[Token]) -> String {
    let texts: Vec<String> = tokens.iter().map(ToString::to_string).collect();
    texts.join(" ")
}
