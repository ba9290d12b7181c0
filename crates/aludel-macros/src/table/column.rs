//! COLUMNS: one field of a model, and the expression that builds its `Column`.

use super::constraint::{deferrable, dotted, on};
use crate::attrs::{Errors, Form, Grammar, Key, Said, key, natural, not_empty, positive};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Field, GenericArgument, Ident, LitInt, LitStr, PathArguments, Type};

const GRAMMAR: Grammar = Grammar {
    place: "`#[column(..)]`",
    texts: false,
    keys: KEYS,
};

const KEYS: &[Key] = &[
    key("name", Form::Text, "name = \"patient_id\""),
    key("renamed_from", Form::Text, "renamed_from = \"name\""),
    key("primary_key", Form::Word, "primary_key"),
    key(
        "autoincrement",
        Form::False,
        "autoincrement = false`, since a lone integer key is numbered by itself; SQLite's AUTOINCREMENT is `#[table(autoincrement)]",
    ),
    key(
        "identity",
        Form::WordOrText,
        "identity` or `identity = \"always\"",
    ),
    key("unique", Form::Word, "unique"),
    key("index", Form::Word, "index"),
    key("nullable", Form::Word, "nullable"),
    key("not_null", Form::Word, "not_null"),
    key("length", Form::Number, "length = 32"),
    key("precision", Form::Number, "precision = 10"),
    key("scale", Form::Number, "scale = 2"),
    key("type", Form::Text, "type = \"citext\""),
    key("sql_type", Form::Code, "sql_type = Type::Text"),
    key("server_default", Form::Text, "server_default = \"now()\""),
    key("generated", Form::Text, "generated = \"a + b\""),
    key(
        "generated_virtual",
        Form::Text,
        "generated_virtual = \"a + b\"",
    ),
    key(
        "references",
        Form::Text,
        "references = \"patients.patient_id\"",
    ),
    key("on_delete", Form::Text, "on_delete = \"cascade\""),
    key("on_update", Form::Text, "on_update = \"cascade\""),
    key("deferrable", Form::Word, "deferrable"),
    key("initially_deferred", Form::Word, "initially_deferred"),
    key("check", Form::Text, "check = \"age >= 0\""),
    key("collation", Form::Text, "collation = \"C\""),
    key("charset", Form::Text, "charset = \"ascii\""),
    key(
        "server_onupdate",
        Form::Text,
        "server_onupdate = \"CURRENT_TIMESTAMP\"",
    ),
    key("invisible", Form::Word, "invisible"),
    key("comment", Form::Text, "comment = \"in centimetres\""),
    key("skip", Form::Word, "skip"),
];

/// A field that is a column.
pub(crate) struct Column {
    /// The column's name.
    pub(crate) name: String,
    /// Where the name stands: the literal, or else the field.
    pub(crate) named_at: TokenStream,
    /// The field's type, without its `Option`.
    ty: Type,
    optional: bool,
    said: Said,
}

/// What a column must know of its table.
pub(crate) struct Keys {
    /// The columns of the primary key, in order.
    pub(crate) primary: Vec<String>,
    /// The columns of foreign keys that were said on the table.
    pub(crate) foreign: Vec<String>,
}

impl Column {
    /// Reads a field; `None` if it is skipped.
    pub(crate) fn read(field: &Field, ident: &Ident, errors: &mut Errors) -> Option<Self> {
        let said = Said::read(&field.attrs, "column", &GRAMMAR, errors);
        if said.has("skip") {
            if let Some(other) = said.other_than("skip") {
                errors.at(
                    other,
                    "a skipped field is no column, so nothing else can be said of it",
                );
            }
            return None;
        }
        check(&said, errors);
        let (name, named_at) = match said.text("name") {
            Some(text) => (
                errors.ok(not_empty(text)).unwrap_or_default(),
                quote!(#text),
            ),
            None => (ident.unraw().to_string(), quote!(#ident)),
        };
        let (ty, optional) = match inner_of_option(&field.ty) {
            Some(inner) => (inner.clone(), true),
            None => (field.ty.clone(), false),
        };
        Some(Self {
            name,
            named_at,
            ty,
            optional,
            said,
        })
    }

    /// The word `primary_key`, if it was said.
    pub(crate) fn key_word(&self) -> Option<&Ident> {
        self.said.word("primary_key")
    }

    /// The name that the column had before, if that is said.
    pub(crate) fn former(&self) -> Option<&LitStr> {
        self.said.text("renamed_from")
    }

    /// The expression that builds the column.
    pub(crate) fn emit(&self, keys: &Keys, errors: &mut Errors) -> TokenStream {
        let in_key = keys.primary.contains(&self.name);
        self.check_against(in_key, errors);
        let name = &self.name;
        let ty = self.ty(errors);
        let mut code = quote!(::aludel::schema::Column::new(#name, #ty));
        if self.said.has("primary_key") {
            code.extend(quote!(.primary_key()));
        } else if in_key
            || self.said.has("not_null")
            || !(self.optional || self.said.has("nullable"))
        {
            code.extend(quote!(.not_null()));
        }
        for (word, method) in [("unique", quote!(.unique())), ("index", quote!(.index()))] {
            if self.said.has(word) {
                code.extend(method);
            }
        }
        self.emit_value(&mut code, errors);
        self.emit_reference(&mut code, errors);
        self.emit_texts(&mut code, errors);
        if self.is_numbered(keys) {
            code = quote!(::aludel::__private::numbered(#code));
        }
        code
    }

    /// A lone key is numbered by the database unless its value comes from somewhere else; whether it is an integer is asked
    /// at run time, of the `Type`, because only that sees through aliases and newtypes.
    fn is_numbered(&self, keys: &Keys) -> bool {
        let from_elsewhere = [
            "autoincrement",
            "identity",
            "server_default",
            "references",
            "generated",
            "generated_virtual",
        ];
        keys.primary == [self.name.as_str()]
            && !from_elsewhere.iter().any(|it| self.said.has(it))
            && !keys.foreign.contains(&self.name)
    }

    fn check_against(&self, in_key: bool, errors: &mut Errors) {
        if let Some(word) = self.said.word("nullable").filter(|_| in_key) {
            errors.at(word, "a column of the primary key is never NULL");
        }
        if let Some(word) = self.said.word("autoincrement").filter(|_| !in_key) {
            errors.at(word, "only an integer primary key is numbered by itself, and this column is no primary key");
        }
    }

    fn ty(&self, errors: &mut Errors) -> TokenStream {
        if let Some(text) = self.said.text("type") {
            let name = errors.ok(not_empty(text)).unwrap_or_default();
            return quote!(::aludel::schema::Type::custom(#name));
        }
        if let Some(code) = self.said.code("sql_type") {
            return quote!(::aludel::__private::ty(#code));
        }
        let ty = &self.ty;
        if let Some(length) = self.said.number("length") {
            let value = errors.ok(positive(length)).unwrap_or(1);
            return quote_spanned!(length.span()=> ::aludel::__private::varchar::<#ty>(#value));
        }
        match (self.said.number("precision"), self.said.number("scale")) {
            (Some(precision), Some(scale)) => decimal(ty, precision, scale, errors),
            (Some(precision), None) => {
                let digits = errors.ok(natural(precision)).unwrap_or(1);
                quote_spanned!(precision.span()=> ::aludel::__private::precise::<#ty>(#digits))
            }
            (None, _) => quote_spanned!(ty.span()=> <#ty as ::aludel::schema::SqlType>::sql_type()),
        }
    }

    fn emit_value(&self, code: &mut TokenStream, errors: &mut Errors) {
        match (self.said.word("identity"), self.said.text("identity")) {
            (None, _) => {}
            (Some(_), None) => code.extend(quote!(.identity())),
            (Some(_), Some(text)) if text.value() == "always" => {
                code.extend(quote!(.identity_always()))
            }
            (Some(_), Some(text)) => errors.at(
                text,
                "`identity` is written `identity` or `identity = \"always\"`",
            ),
        }
        for (word, method) in [
            ("server_default", quote!(server_default)),
            ("generated", quote!(generated_stored)),
            ("generated_virtual", quote!(generated_virtual)),
        ] {
            self.emit_text(word, method, code, errors);
        }
    }

    fn emit_texts(&self, code: &mut TokenStream, errors: &mut Errors) {
        if self.said.has("invisible") {
            code.extend(quote!(.invisible()));
        }
        for (word, method) in [
            ("check", quote!(check)),
            ("collation", quote!(collation)),
            ("charset", quote!(charset)),
            ("server_onupdate", quote!(server_onupdate)),
            ("comment", quote!(comment)),
            ("renamed_from", quote!(renamed_from)),
        ] {
            self.emit_text(word, method, code, errors);
        }
    }

    fn emit_text(
        &self,
        word: &str,
        method: TokenStream,
        code: &mut TokenStream,
        errors: &mut Errors,
    ) {
        if let Some(text) = self.said.text(word).and_then(|it| errors.ok(not_empty(it))) {
            code.extend(quote!(.#method(#text)));
        }
    }

    fn emit_reference(&self, code: &mut TokenStream, errors: &mut Errors) {
        let Some(target) = self.said.text("references") else {
            return;
        };
        let Some((table, column)) = errors.ok(referred_column(target)) else {
            return;
        };
        code.extend(quote!(.references(#table, #column)));
        code.extend(on(&self.said, errors));
        code.extend(deferrable(&self.said));
    }
}

fn decimal(ty: &Type, precision: &LitInt, scale: &LitInt, errors: &mut Errors) -> TokenStream {
    let digits = errors.ok(positive(precision)).unwrap_or(1);
    let after = errors.ok(natural(scale)).unwrap_or(0);
    if after > digits {
        errors.at(
            scale,
            format!("the scale counts digits after the point, at most the {digits} of `precision`"),
        );
    }
    quote_spanned!(precision.span()=> ::aludel::__private::decimal::<#ty>(#digits, #after))
}

/// What contradicts itself within one attribute, whatever the table is.
fn check(said: &Said, errors: &mut Errors) {
    let pairs = [
        ("nullable", "not_null"),
        ("type", "sql_type"),
        ("generated", "generated_virtual"),
        ("generated", "server_default"),
        ("generated_virtual", "server_default"),
        ("identity", "server_default"),
        ("identity", "generated"),
        ("identity", "generated_virtual"),
        ("identity", "nullable"),
        ("identity", "autoincrement"),
        ("length", "precision"),
    ];
    for (one, other) in pairs {
        if let (Some(_), Some(word)) = (said.word(one), said.word(other)) {
            errors.at(word, format!("`{one}` and `{other}` contradict each other"));
        }
    }
    for whole in ["type", "sql_type"] {
        for part in ["length", "precision", "scale"] {
            if let (Some(_), Some(word)) = (said.word(whole), said.word(part)) {
                errors.at(
                    word,
                    format!("`{whole}` names the whole type: write the {part} into it"),
                );
            }
        }
    }
    for (dependent, on) in [
        ("on_delete", "references"),
        ("on_update", "references"),
        ("deferrable", "references"),
        ("initially_deferred", "references"),
        ("scale", "precision"),
    ] {
        if let Some(word) = said.word(dependent).filter(|_| !said.has(on)) {
            errors.at(word, format!("`{dependent}` needs `{on}` beside it"));
        }
    }
}

/// `table.column` or `schema.table.column`, as the arguments of `Column::references`.
fn referred_column(target: &LitStr) -> syn::Result<(TokenStream, String)> {
    let parts = dotted(target).filter(|it| it.len() == 2 || it.len() == 3);
    match parts.as_deref() {
        Some([table, column]) => Ok((quote!(#table), column.clone())),
        Some([schema, table, column]) => Ok((quote!((#schema, #table)), column.clone())),
        _ => Err(syn::Error::new(
            target.span(),
            "a reference is `table.column` or `schema.table.column`",
        )),
    }
}

/// `T` of `Option<T>`. Only the spelling is looked at, since a derive knows no types.
fn inner_of_option(ty: &Type) -> Option<&Type> {
    let path = match ty {
        // What a `macro_rules!` captured as `$ty` comes in an invisible group.
        Type::Group(group) => return inner_of_option(&group.elem),
        Type::Paren(paren) => return inner_of_option(&paren.elem),
        Type::Path(it) if it.qself.is_none() => &it.path,
        _ => return None,
    };
    let words: Vec<String> = path
        .segments
        .iter()
        .map(|it| it.ident.to_string())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if !matches!(
        words[..],
        ["Option"] | ["option", "Option"] | ["std" | "core", "option", "Option"]
    ) {
        return None;
    }
    match &path.segments.last()?.arguments {
        PathArguments::AngleBracketed(args) if args.args.len() == 1 => match args.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_is_known_by_its_spellings() {
        for text in [
            "Option<i32>",
            "std::option::Option<i32>",
            "::core::option::Option<i32>",
        ] {
            let ty: Type = syn::parse_str(text).unwrap();
            assert!(inner_of_option(&ty).is_some(), "{text}");
        }
        for text in [
            "my::Option<i32>",
            "Vec<Option<i32>>",
            "Option",
            "Option<A, B>",
        ] {
            let ty: Type = syn::parse_str(text).unwrap();
            assert!(inner_of_option(&ty).is_none(), "{text}");
        }
    }
}
