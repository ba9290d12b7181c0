//! `#[derive(Table)]`: a struct with named fields becomes an `impl Model`.
//!
//! What can be seen in the struct is checked here; what needs types (whether a key is an integer, whether a `length` fits) is
//! left to small helpers in `aludel::__private`; what needs other tables is left to `Metadata::schema`.

mod column;
mod constraint;
pub(crate) mod former;

use crate::attrs::{Errors, Form, Grammar, Said, key, not_empty};
use column::{Column, Keys};
use constraint::{Names, PrimaryKey};
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, FieldsNamed};

const GRAMMAR: Grammar = Grammar {
    place: "`#[table(..)]`",
    texts: false,
    keys: &[
        key("name", Form::Text, "name = \"patients\""),
        key("renamed_from", Form::Text, "renamed_from = \"people\""),
        key("schema", Form::Text, "schema = \"clinic\""),
        key("comment", Form::Text, "comment = \"people under care\""),
        key(
            "index",
            Form::List,
            "index(\"patient_id\", desc(\"visit_date\"))",
        ),
        key(
            "unique",
            Form::List,
            "unique(\"patient_id\", \"visit_date\")",
        ),
        key("check", Form::List, "check(\"visit_date >= '1900-01-01'\")"),
        key("primary_key", Form::List, "primary_key(\"ward\", \"bed\")"),
        key(
            "foreign_key",
            Form::List,
            "foreign_key(columns(\"ward\", \"bed\"), references = \"beds\", referred(\"ward\", \"number\"))",
        ),
        key("strict", Form::Word, "strict"),
        key("without_rowid", Form::Word, "without_rowid"),
        key("autoincrement", Form::Word, "autoincrement"),
    ],
};

/// Expands the derive.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let mut errors = Errors::default();
    let table = match fields(input, &mut errors) {
        Some(fields) => table(input, fields, &mut errors),
        None => TokenStream::new(),
    };
    let Some(errors) = errors.into_tokens() else {
        let registration = registration(input);
        return quote! {
            #[automatically_derived]
            impl ::aludel::schema::Model for #ident {
                fn table() -> ::aludel::schema::Table {
                    #table
                }
            }
            #registration
        };
    };
    // An empty impl beside the errors keeps every use of the model from adding an error of its own.
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #errors
        #[automatically_derived]
        impl #generics ::aludel::schema::Model for #ident #arguments #bounds {
            fn table() -> ::aludel::schema::Table {
                ::aludel::schema::Table::new("")
            }
        }
    }
}

/// Whether models are registered is the library's own feature: its macro expands to the record, or to nothing.
fn registration(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    quote!(::aludel::__register! { #ident })
}

/// The named fields, or an error about what stands there instead.
fn fields<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a FieldsNamed> {
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics.params,
            "a table is one concrete type: a model takes no lifetimes, type parameters or constants",
        );
    }
    match &input.data {
        Data::Struct(it) => match &it.fields {
            Fields::Named(fields) if !fields.named.is_empty() => return Some(fields),
            Fields::Named(_) => errors.at(&input.ident, "a table needs a column: give the struct a field"),
            Fields::Unnamed(fields) => errors.at(
                fields,
                "columns need names: `#[derive(Table)]` is for structs with named fields",
            ),
            Fields::Unit => errors.at(&input.ident, "a table needs a column: give the struct a field"),
        },
        Data::Enum(it) => errors.at(
            it.enum_token,
            "`#[derive(Table)]` is for structs with named fields; an enum that is the type of a column takes `#[derive(Enum)]`",
        ),
        Data::Union(it) => errors.at(it.union_token, "`#[derive(Table)]` is for structs with named fields"),
    }
    None
}

/// The expression that builds the table.
fn table(input: &DeriveInput, fields: &FieldsNamed, errors: &mut Errors) -> TokenStream {
    let mut said = Said::read(&input.attrs, "table", &GRAMMAR, errors);
    let columns: Vec<Column> = fields
        .named
        .iter()
        .filter_map(|field| Column::read(field, field.ident.as_ref()?, errors))
        .collect();
    if columns.is_empty() {
        errors.at(
            &input.ident,
            "a table needs a column: every field is skipped",
        );
    }
    twice(&columns, errors);
    former::columns(&columns, errors);

    let names = Names(columns.iter().map(|it| it.name.as_str()).collect());
    let primary = primary_key(&mut said, &columns, &names, errors);
    let (foreign, constraints) = constraints(&mut said, &names, errors);
    let keys = Keys {
        primary: match &primary {
            Some(key) => key.columns.clone(),
            None => columns
                .iter()
                .filter(|it| it.key_word().is_some())
                .map(|it| it.name.clone())
                .collect(),
        },
        foreign,
    };
    let mut code = head(input, &said, errors);
    for column in &columns {
        let column = column.emit(&keys, errors);
        code.extend(quote!(.column(#column)));
    }
    code.extend(primary.map(|it| it.emit(errors)));
    code.extend(constraints);
    code
}

/// `Table::new(..)` with what is about the table as a whole.
fn head(input: &DeriveInput, said: &Said, errors: &mut Errors) -> TokenStream {
    let name = match said.text("name") {
        Some(text) => errors.ok(not_empty(text)).unwrap_or_default(),
        None => input.ident.unraw().to_string().to_snake_case(),
    };
    let mut code = quote!(::aludel::schema::Table::new(#name));
    former::table(&name, said, errors);
    for (word, method) in [
        ("schema", quote!(schema)),
        ("comment", quote!(comment)),
        ("renamed_from", quote!(renamed_from)),
    ] {
        if let Some(text) = said.text(word).and_then(|it| errors.ok(not_empty(it))) {
            code.extend(quote!(.#method(#text)));
        }
    }
    for (word, method) in [
        ("strict", quote!(.strict())),
        ("without_rowid", quote!(.without_rowid())),
        ("autoincrement", quote!(.autoincrement())),
    ] {
        if said.has(word) {
            code.extend(method);
        }
    }
    code
}

/// Two columns of one name.
fn twice(columns: &[Column], errors: &mut Errors) {
    for (at, column) in columns.iter().enumerate() {
        if columns[..at].iter().any(|it| it.name == column.name) {
            errors.push(syn::Error::new(
                column.named_at.span(),
                format!("there are two columns `{}`", column.name),
            ));
        }
    }
}

/// The primary key that is said on the struct, if one is.
fn primary_key(
    said: &mut Said,
    columns: &[Column],
    names: &Names<'_>,
    errors: &mut Errors,
) -> Option<PrimaryKey> {
    let (word, items) = said.take_list("primary_key")?;
    let key = PrimaryKey::read(word, items, names, errors);
    if let Some((second, _)) = said.take_list("primary_key") {
        errors.at(
            second,
            "a table has one primary key; several columns are `primary_key(\"a\", \"b\")`",
        );
    }
    for other in columns.iter().filter_map(Column::key_word) {
        errors.at(
            other,
            format!(
                "the primary key is said on the struct already, as `{}(..)`: say it in one place",
                key.word
            ),
        );
    }
    Some(key)
}

/// The other constraints and indexes, each kind in the order in which it was written; and the columns of the foreign keys.
fn constraints(
    said: &mut Said,
    names: &Names<'_>,
    errors: &mut Errors,
) -> (Vec<String>, TokenStream) {
    let mut code = TokenStream::new();
    let mut foreign = Vec::new();
    while let Some((word, items)) = said.take_list("unique") {
        code.extend(constraint::unique(&word, items, names, errors));
    }
    while let Some((word, items)) = said.take_list("foreign_key") {
        let (columns, call) = constraint::foreign_key(&word, items, names, errors);
        foreign.extend(columns);
        code.extend(call);
    }
    while let Some((word, items)) = said.take_list("check") {
        code.extend(constraint::check(&word, items, errors));
    }
    while let Some((word, items)) = said.take_list("index") {
        code.extend(constraint::index(&word, items, names, errors));
    }
    (foreign, code)
}
