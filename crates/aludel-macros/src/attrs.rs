//! ATTRIBUTES: reads `#[column(unique, length = 32)]` against a list of what may stand there.
//!
//! A [`Grammar`] lists the keys and how each is written, so that what is allowed, what is reported and what is read cannot
//! drift apart. This room knows nothing of tables. Every error points at the token that is wrong, and says what would be
//! right; all errors of a derive are reported at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::fmt::Display;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprLit, Ident, Lit, LitInt, LitStr, Meta, Token, parenthesized, token,
};

/// The errors of one derive, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds an error.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Adds an error about this token.
    pub(crate) fn at(&mut self, token: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(token, message));
    }

    /// The value, or its error is kept and the reading goes on.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// The `compile_error!`s, if there are any.
    pub(crate) fn into_tokens(self) -> Option<TokenStream> {
        self.0.map(|it| it.to_compile_error())
    }
}

/// How a key is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `unique`
    Word,
    /// `name = "patients"`
    Text,
    /// `length = 32`
    Number,
    /// `autoincrement = false`
    False,
    /// `identity` or `identity = "always"`
    WordOrText,
    /// `sql_type = Type::Text`
    Code,
    /// `index("a", "b")`, to be read against a grammar of its own.
    List,
}

/// A key that may stand somewhere.
pub(crate) struct Key {
    /// Its word.
    pub(crate) name: &'static str,
    /// How it is written.
    pub(crate) form: Form,
    /// How it looks, for whoever wrote it otherwise.
    pub(crate) example: &'static str,
}

impl Key {
    /// What to say to whoever wrote it otherwise.
    fn written(&self) -> String {
        if self.form == Form::Word {
            return format!("`{}` stands alone, without a value", self.name);
        }
        format!("`{}` is written `{}`", self.name, self.example)
    }
}

/// A key, for tables of them.
pub(crate) const fn key(name: &'static str, form: Form, example: &'static str) -> Key {
    Key {
        name,
        form,
        example,
    }
}

/// What may stand in one pair of parentheses.
pub(crate) struct Grammar {
    /// How the place is called, with its backticks: "`#[column(..)]`".
    pub(crate) place: &'static str,
    /// Whether texts without a key may stand there.
    pub(crate) texts: bool,
    /// The keys.
    pub(crate) keys: &'static [Key],
}

/// One thing between two commas.
pub(crate) enum Item {
    /// `"a"`, or a literal that should have been a text.
    Lit(Lit),
    /// `unique`
    Word(Ident),
    /// `name = "a"`
    Value(Ident, Expr),
    /// `index("a")`
    List(Ident, Vec<Item>),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Lit) {
            return Ok(Self::Lit(input.parse()?));
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error("expected a key, or a text in quotes"));
        }
        // Any word, because `type` is a key and a keyword.
        let key = input.call(Ident::parse_any)?;
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            return Ok(Self::List(key, items(&content)?));
        }
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            return Ok(Self::Value(key, input.parse()?));
        }
        Ok(Self::Word(key))
    }
}

fn items(input: ParseStream<'_>) -> syn::Result<Vec<Item>> {
    Ok(Punctuated::<Item, Token![,]>::parse_terminated(input)?
        .into_iter()
        .collect())
}

impl Item {
    /// The key, if it has one.
    fn key(&self) -> Option<&Ident> {
        match self {
            Self::Lit(_) => None,
            Self::Word(key) | Self::Value(key, _) | Self::List(key, _) => Some(key),
        }
    }

    /// The token to point at when the value is wrong: the value, or else the key.
    fn value_error(&self, message: impl Display) -> syn::Error {
        match self {
            Self::Lit(lit) => syn::Error::new_spanned(lit, message),
            Self::Value(_, value) => syn::Error::new_spanned(value, message),
            Self::Word(key) | Self::List(key, _) => syn::Error::new_spanned(key, message),
        }
    }

    fn is(&self, form: Form) -> bool {
        match (self, form) {
            (Self::Word(_), Form::Word | Form::WordOrText) => true,
            (Self::List(..), Form::List) => true,
            (Self::Value(_, _), Form::Code) => true,
            (Self::Value(_, Expr::Lit(ExprLit { lit, .. })), form) => {
                matches!(
                    (lit, form),
                    (Lit::Str(_), Form::Text | Form::WordOrText) | (Lit::Int(_), Form::Number)
                ) || matches!((lit, form), (Lit::Bool(it), Form::False) if !it.value)
            }
            _ => false,
        }
    }

    /// The text of `key = "text"`.
    pub(crate) fn text(&self) -> Option<&LitStr> {
        match self {
            Self::Value(
                _,
                Expr::Lit(ExprLit {
                    lit: Lit::Str(it), ..
                }),
            ) => Some(it),
            _ => None,
        }
    }
}

/// What stands in one pair of parentheses, checked against its grammar.
#[derive(Default)]
pub(crate) struct Said(Vec<Item>);

impl Said {
    /// Reads every `#[name(..)]` among the attributes, as if it were one.
    pub(crate) fn read(
        attrs: &[Attribute],
        name: &str,
        grammar: &Grammar,
        errors: &mut Errors,
    ) -> Self {
        let mut all = Vec::new();
        for attr in attrs.iter().filter(|it| it.path().is_ident(name)) {
            match &attr.meta {
                Meta::List(_) => {
                    all.extend(errors.ok(attr.parse_args_with(items)).unwrap_or_default())
                }
                meta => errors.at(
                    meta,
                    format!("`{name}` needs parentheses: {}", grammar.place),
                ),
            }
        }
        Self::check(all, grammar, errors)
    }

    /// Keeps what fits the grammar, reports the rest. What may stand once and stands twice is reported too; lists repeat.
    pub(crate) fn check(all: Vec<Item>, grammar: &Grammar, errors: &mut Errors) -> Self {
        let mut kept: Vec<Item> = Vec::new();
        for item in all {
            match (&item, item.key()) {
                (Item::Lit(Lit::Str(_)), _) if grammar.texts => kept.push(item),
                (_, None) => errors.push(
                    item.value_error(format!("this cannot stand here; {}", grammar.allowed())),
                ),
                (_, Some(word)) => {
                    let Some(key) = grammar.keys.iter().find(|it| word == it.name) else {
                        errors.at(word, grammar.unknown(word));
                        continue;
                    };
                    if !item.is(key.form) {
                        errors.push(item.value_error(key.written()));
                    } else if key.form != Form::List && kept.iter().any(|it| it.key() == Some(word))
                    {
                        errors.at(word, format!("`{word}` is said twice"));
                    } else {
                        kept.push(item);
                    }
                }
            }
        }
        Self(kept)
    }

    /// Everything, in the order in which it was written.
    pub(crate) fn into_items(self) -> Vec<Item> {
        self.0
    }

    /// The first key, whichever it is, that is not this one.
    pub(crate) fn other_than(&self, name: &str) -> Option<&Ident> {
        self.0.iter().filter_map(Item::key).find(|it| *it != name)
    }

    fn find(&self, name: &str) -> Option<&Item> {
        self.0
            .iter()
            .find(|it| it.key().is_some_and(|key| key == name))
    }

    /// The word, if it was said with or without a value.
    pub(crate) fn word(&self, name: &str) -> Option<&Ident> {
        self.find(name)?.key()
    }

    /// Whether it was said.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The text of `name = "text"`.
    pub(crate) fn text(&self, name: &str) -> Option<&LitStr> {
        self.find(name)?.text()
    }

    /// The number of `name = 32`.
    pub(crate) fn number(&self, name: &str) -> Option<&LitInt> {
        match self.find(name)? {
            Item::Value(
                _,
                Expr::Lit(ExprLit {
                    lit: Lit::Int(it), ..
                }),
            ) => Some(it),
            _ => None,
        }
    }

    /// The code of `name = code`.
    pub(crate) fn code(&self, name: &str) -> Option<&Expr> {
        match self.find(name)? {
            Item::Value(_, code) => Some(code),
            _ => None,
        }
    }

    /// The texts without a key.
    pub(crate) fn texts(&self) -> Vec<LitStr> {
        let texts = self.0.iter().filter_map(|it| match it {
            Item::Lit(Lit::Str(it)) => Some(it.clone()),
            _ => None,
        });
        texts.collect()
    }

    /// Takes the lists of that name out, to be read against their own grammar.
    pub(crate) fn take_list(&mut self, name: &str) -> Option<(Ident, Vec<Item>)> {
        let at = self
            .0
            .iter()
            .position(|it| matches!(it, Item::List(key, _) if key == name))?;
        match self.0.remove(at) {
            Item::List(key, items) => Some((key, items)),
            _ => None,
        }
    }
}

impl Grammar {
    fn allowed(&self) -> String {
        let names: Vec<String> = self
            .keys
            .iter()
            .map(|it| format!("`{}`", it.name))
            .collect();
        let texts = if self.texts { "texts in quotes, " } else { "" };
        format!("{} takes {texts}{}", self.place, names.join(", "))
    }

    fn unknown(&self, word: &Ident) -> String {
        let word = word.to_string();
        let near = self
            .keys
            .iter()
            .map(|it| (distance(&word, it.name), it.name))
            .min()
            .filter(|(steps, name)| *steps * 2 <= name.len());
        let guess = near.map_or(String::new(), |(_, name)| {
            format!(" (did you mean `{name}`?)")
        });
        format!("unknown key `{word}`{guess}; {}", self.allowed())
    }
}

/// How many letters must be put in, left out or changed to come from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

/// A text that may not be empty.
pub(crate) fn not_empty(text: &LitStr) -> syn::Result<String> {
    let value = text.value();
    if value.trim().is_empty() {
        return Err(syn::Error::new(text.span(), "this text may not be empty"));
    }
    Ok(value)
}

/// A number from 1 up.
pub(crate) fn positive(number: &LitInt) -> syn::Result<u32> {
    match number.base10_parse::<u32>() {
        Ok(0) => Err(syn::Error::new(number.span(), "this must be 1 or more")),
        Ok(it) => Ok(it),
        Err(_) => Err(out_of_range(number.span())),
    }
}

/// A number from 0 up.
pub(crate) fn natural(number: &LitInt) -> syn::Result<u32> {
    number
        .base10_parse::<u32>()
        .map_err(|_| out_of_range(number.span()))
}

fn out_of_range(span: Span) -> syn::Error {
    syn::Error::new(span, "this must be a whole number below 4294967296")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("lenght", "length"), 2);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
