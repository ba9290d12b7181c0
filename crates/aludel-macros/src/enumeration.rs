//! `#[derive(Enum)]`: a Rust enum of plain variants becomes the type of a column.

use crate::attrs::{Errors, Form, Grammar, Said, key, not_empty};
use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Fields, LitStr, Variant};

const GRAMMAR: Grammar = Grammar {
    place: "`#[enumeration(..)]`",
    texts: false,
    keys: &[
        key("name", Form::Text, "name = \"visit_status\""),
        key("schema", Form::Text, "schema = \"clinic\""),
        key("renamed_from", Form::Text, "renamed_from = \"status\""),
        key("rename_all", Form::Text, "rename_all = \"kebab-case\""),
    ],
};

const VARIANT: Grammar = Grammar {
    place: "`#[enumeration(..)]` of a variant",
    texts: false,
    keys: &[key("rename", Form::Text, "rename = \"in-progress\"")],
};

/// Makes a value of a variant's name.
type Case = fn(&str) -> String;

/// The cases that `rename_all` knows, and what each makes of a variant's name.
const CASES: &[(&str, Case)] = &[
    ("snake_case", |it| it.to_snake_case()),
    ("lowercase", str::to_lowercase),
    ("UPPERCASE", str::to_uppercase),
    ("SCREAMING_SNAKE_CASE", |it| it.to_shouty_snake_case()),
    ("kebab-case", |it| it.to_kebab_case()),
    ("camelCase", |it| it.to_lower_camel_case()),
    ("PascalCase", |it| it.to_pascal_case()),
    ("none", str::to_string),
];

/// Expands the derive.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let mut errors = Errors::default();
    let ty = match variants(input, &mut errors) {
        Some(variants) => enumeration(input, variants, &mut errors),
        None => quote!(::aludel::schema::Enum::new("", [""])),
    };
    let errors = errors.into_tokens();
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #errors
        #[automatically_derived]
        impl #generics ::aludel::schema::SqlType for #ident #arguments #bounds {
            fn sql_type() -> ::aludel::schema::Type {
                ::aludel::schema::Type::Enum(#ty)
            }
        }
        #[automatically_derived]
        impl #generics ::aludel::model::ArrayItem for #ident #arguments #bounds {}
    }
}

fn variants<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a DataEnum> {
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics.params,
            "an enum type is one concrete type: it takes no lifetimes, type parameters or constants",
        );
    }
    match &input.data {
        Data::Enum(it) if !it.variants.is_empty() => return Some(it),
        Data::Enum(_) => errors.at(
            &input.ident,
            "an enum type needs a value: give the enum a variant",
        ),
        Data::Struct(it) => errors.at(
            it.struct_token,
            "`#[derive(Enum)]` is for enums; a struct that is a table takes `#[derive(Table)]`",
        ),
        Data::Union(it) => errors.at(it.union_token, "`#[derive(Enum)]` is for enums"),
    }
    None
}

fn enumeration(input: &DeriveInput, variants: &DataEnum, errors: &mut Errors) -> TokenStream {
    let said = Said::read(&input.attrs, "enumeration", &GRAMMAR, errors);
    let name = match said.text("name") {
        Some(text) => errors.ok(not_empty(text)).unwrap_or_default(),
        None => input.ident.unraw().to_string().to_snake_case(),
    };
    let case = said.text("rename_all").and_then(|it| errors.ok(case(it)));
    let case = case.unwrap_or(|it| it.to_snake_case());
    let mut values: Vec<String> = Vec::new();
    for variant in &variants.variants {
        let (value, at) = value(variant, case, errors);
        if values.contains(&value) {
            errors.push(syn::Error::new(
                at,
                format!("there are two values \"{value}\""),
            ));
        }
        values.push(value);
    }
    let schema = said
        .text("schema")
        .and_then(|it| errors.ok(not_empty(it)))
        .map(|it| quote!(.schema(#it)));
    crate::table::former::own_name("enum type", &name, &said, errors);
    let former = said
        .text("renamed_from")
        .and_then(|it| errors.ok(not_empty(it)))
        .map(|it| quote!(.renamed_from(#it)));
    quote!(::aludel::schema::Enum::new(#name, [#(#values),*]) #schema #former)
}

/// The value of a variant, and where it stands.
fn value(variant: &Variant, case: Case, errors: &mut Errors) -> (String, Span) {
    if !matches!(variant.fields, Fields::Unit) {
        errors.at(
            &variant.fields,
            "a value of an enum type carries nothing: write the variant without fields",
        );
    }
    let said = Said::read(&variant.attrs, "enumeration", &VARIANT, errors);
    match said.text("rename") {
        Some(text) => (errors.ok(not_empty(text)).unwrap_or_default(), text.span()),
        None => (
            case(&variant.ident.unraw().to_string()),
            variant.ident.span(),
        ),
    }
}

fn case(text: &LitStr) -> syn::Result<Case> {
    let known = CASES.iter().find(|(name, _)| *name == text.value());
    known.map(|(_, case)| *case).ok_or_else(|| {
        let names: Vec<String> = CASES
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        syn::Error::new(
            text.span(),
            format!("a case is one of {}", names.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_does_what_its_name_shows() {
        for (name, convert) in CASES {
            // Each name is spelled in its own case, but for those that join words or keep everything.
            let shown = convert("InProgress");
            let expected = match *name {
                "snake_case" => "in_progress",
                "lowercase" => "inprogress",
                "UPPERCASE" => "INPROGRESS",
                "SCREAMING_SNAKE_CASE" => "IN_PROGRESS",
                "kebab-case" => "in-progress",
                "camelCase" => "inProgress",
                _ => "InProgress",
            };
            assert_eq!(shown, expected, "{name}");
        }
    }
}
