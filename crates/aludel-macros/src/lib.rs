//! The macros of aludel: `#[derive(Table)]`, `#[derive(Enum)]` and `migrations!`.
//!
//! They are re-exported by the crate `aludel`, and the code that they write names `::aludel`; depend on that crate, not on this one.

mod attrs;
mod enumeration;
mod migrations;
mod table;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a model.
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    table::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes an enum a column type.
#[proc_macro_derive(Enum, attributes(enumeration))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    enumeration::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Compiles the revision files of a folder into the program.
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    migrations::expand(&parse_macro_input!(input as migrations::Folder)).into()
}
