//! What stands in `#[table(..)]`, `#[column(..)]` and in lists within them.

use crate::ops::code;

/// What stands between two parentheses, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Attributes(Vec<String>);

impl Attributes {
    /// `unique`
    pub(super) fn word(&mut self, word: &str) {
        self.0.push(word.to_string());
    }

    /// `length = 32`
    pub(super) fn value(&mut self, key: &str, value: impl std::fmt::Display) {
        self.0.push(format!("{key} = {value}"));
    }

    /// `name = "patients"`
    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.value(key, code::string(text));
    }

    /// `"patient_id"`
    pub(super) fn item(&mut self, text: &str) {
        self.0.push(code::string(text));
    }

    /// `index("patient_id")`
    pub(super) fn list(&mut self, key: &str, items: &Self) {
        self.0.push(format!("{key}({})", items.0.join(", ")));
    }

    /// Everything that others say, too.
    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether a word, or a key with a value, is said.
    pub(super) fn has(&self, word: &str) -> bool {
        let key = |it: &String| it.split(" = ").next() == Some(word);
        self.0.iter().any(key)
    }

    /// All but this word.
    pub(super) fn without(mut self, word: &str) -> Self {
        self.0.retain(|it| it != word);
        self
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `#[column(..)]` in lines of their own where one would be long, or nothing.
    pub(super) fn spell(&self, name: &str, margin: &str) -> String {
        const LONGEST: usize = 96;
        if self.is_empty() {
            return String::new();
        }
        let line = format!("{margin}#[{name}({})]\n", self.0.join(", "));
        if line.len() <= LONGEST {
            return line;
        }
        let items = self.0.iter();
        let items: String = items.map(|it| format!("{margin}    {it},\n")).collect();
        // A comma at the end is what `rustfmt` leaves out of attributes.
        let items = items.trim_end_matches(",\n");
        format!("{margin}#[{name}(\n{items}\n{margin})]\n")
    }
}

/// A comment of the database as a doc comment.
pub(super) fn doc(comment: Option<&str>, margin: &str) -> String {
    let lines = comment.unwrap_or_default().lines();
    let lines = lines.map(|line| match line.trim() {
        "" => format!("{margin}///\n"),
        line => format!("{margin}/// {line}\n"),
    });
    lines.collect()
}
