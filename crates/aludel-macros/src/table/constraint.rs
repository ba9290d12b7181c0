//! CONSTRAINTS AND INDEXES that are said on the struct: `index(..)`, `unique(..)`, `check(..)`, `primary_key(..)`,
//! `foreign_key(..)`. Each becomes one method call on the table that is being built.

use crate::attrs::{Errors, Form, Grammar, Item, Said, key, not_empty};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Lit, LitStr};

const INDEX: Grammar = Grammar {
    place: "`index(..)`",
    texts: true,
    keys: &[
        key("expr", Form::Text, "expr = \"lower(email)\""),
        key("asc", Form::List, "asc(\"visit_date\", nulls_first)"),
        key("desc", Form::List, "desc(\"visit_date\")"),
        key("name", Form::Text, "name = \"ix_visits_open\""),
        key("unique", Form::Word, "unique"),
        key("method", Form::Text, "method = \"gin\""),
        key(
            "predicate",
            Form::Text,
            "predicate = \"status <> 'completed'\"",
        ),
        key("include", Form::List, "include(\"status\")"),
        key("nulls_not_distinct", Form::Word, "nulls_not_distinct"),
    ],
};

const PART: Grammar = Grammar {
    place: "`asc(..)` or `desc(..)`",
    texts: true,
    keys: &[
        key("expr", Form::Text, "expr = \"lower(email)\""),
        key("nulls_first", Form::Word, "nulls_first"),
        key("nulls_last", Form::Word, "nulls_last"),
        key("collation", Form::Text, "collation = \"C\""),
        key("opclass", Form::Text, "opclass = \"text_pattern_ops\""),
    ],
};

const UNIQUE: Grammar = Grammar {
    place: "`unique(..)`",
    texts: true,
    keys: &[
        key("name", Form::Text, "name = \"uq_visits_slot\""),
        key("deferrable", Form::Word, "deferrable"),
        key("initially_deferred", Form::Word, "initially_deferred"),
        key("nulls_not_distinct", Form::Word, "nulls_not_distinct"),
    ],
};

const CHECK: Grammar = Grammar {
    place: "`check(..)`",
    texts: true,
    keys: &[key("name", Form::Text, "name = \"ck_visits_date\"")],
};

const PRIMARY_KEY: Grammar = Grammar {
    place: "`primary_key(..)`",
    texts: true,
    keys: &[key("name", Form::Text, "name = \"pk_visits\"")],
};

const FOREIGN_KEY: Grammar = Grammar {
    place: "`foreign_key(..)`",
    texts: false,
    keys: &[
        key("columns", Form::List, "columns(\"ward\", \"bed\")"),
        key("references", Form::Text, "references = \"beds\""),
        key("referred", Form::List, "referred(\"ward\", \"number\")"),
        key("on_delete", Form::Text, "on_delete = \"cascade\""),
        key("on_update", Form::Text, "on_update = \"cascade\""),
        key("deferrable", Form::Word, "deferrable"),
        key("initially_deferred", Form::Word, "initially_deferred"),
        key("match_full", Form::Word, "match_full"),
        key("name", Form::Text, "name = \"fk_visits_beds\""),
    ],
};

const COLUMNS: Grammar = Grammar {
    place: "a list of columns",
    texts: true,
    keys: &[],
};

/// The names of a table's columns, to check against what is said of them.
pub(crate) struct Names<'a>(pub(crate) Vec<&'a str>);

impl Names<'_> {
    fn check(&self, column: &LitStr, errors: &mut Errors) {
        if self.0.contains(&column.value().as_str()) {
            return;
        }
        let names: Vec<String> = self.0.iter().map(|it| format!("`{it}`")).collect();
        errors.at(
            column,
            format!(
                "there is no column `{}`; the columns are {}",
                column.value(),
                names.join(", ")
            ),
        );
    }

    /// The columns, each known, none twice, at least one.
    fn all(&self, word: &Ident, columns: &[LitStr], errors: &mut Errors) {
        if columns.is_empty() {
            errors.at(
                word,
                format!(
                    "`{word}` needs a column: `{word}(\"{}\")`",
                    self.0.first().unwrap_or(&"a")
                ),
            );
        }
        for (at, column) in columns.iter().enumerate() {
            self.check(column, errors);
            if columns[..at].iter().any(|it| it.value() == column.value()) {
                errors.at(
                    column,
                    format!("the column `{}` is said twice", column.value()),
                );
            }
        }
    }
}

/// A primary key that is said on the struct.
pub(crate) struct PrimaryKey {
    /// Where.
    pub(crate) word: Ident,
    /// Its columns, in order.
    pub(crate) columns: Vec<String>,
    said: Said,
}

impl PrimaryKey {
    pub(crate) fn read(
        word: Ident,
        items: Vec<Item>,
        names: &Names<'_>,
        errors: &mut Errors,
    ) -> Self {
        let said = Said::check(items, &PRIMARY_KEY, errors);
        let columns = said.texts();
        names.all(&word, &columns, errors);
        Self {
            word,
            columns: columns.iter().map(LitStr::value).collect(),
            said,
        }
    }

    pub(crate) fn emit(&self, errors: &mut Errors) -> TokenStream {
        let columns = &self.columns;
        let named = named(&self.said, errors);
        quote!(.constraint(::aludel::schema::PrimaryKey::new([#(#columns),*]) #named))
    }
}

/// `unique(..)`
pub(crate) fn unique(
    word: &Ident,
    items: Vec<Item>,
    names: &Names<'_>,
    errors: &mut Errors,
) -> TokenStream {
    let said = Said::check(items, &UNIQUE, errors);
    let columns = said.texts();
    names.all(word, &columns, errors);
    let named = named(&said, errors);
    let deferrable = deferrable(&said);
    let nulls = said
        .has("nulls_not_distinct")
        .then(|| quote!(.nulls_not_distinct()));
    quote!(.constraint(::aludel::schema::Unique::new([#(#columns),*]) #named #deferrable #nulls))
}

/// `check(..)`
pub(crate) fn check(word: &Ident, items: Vec<Item>, errors: &mut Errors) -> TokenStream {
    let said = Said::check(items, &CHECK, errors);
    let named = named(&said, errors);
    match &said.texts()[..] {
        [expr] => match errors.ok(not_empty(expr)) {
            Some(expr) => quote!(.constraint(::aludel::schema::Check::new(#expr) #named)),
            None => quote!(),
        },
        [] => {
            errors.at(
                word,
                "`check` needs an SQL expression: `check(\"visit_date >= '1900-01-01'\")`",
            );
            quote!()
        }
        [_, second, ..] => {
            errors.at(second, "`check` takes one SQL expression; write a second `check(..)`, or join them with AND");
            quote!()
        }
    }
}

/// `foreign_key(..)`: the columns here, and the call.
pub(crate) fn foreign_key(
    word: &Ident,
    items: Vec<Item>,
    names: &Names<'_>,
    errors: &mut Errors,
) -> (Vec<String>, TokenStream) {
    let mut said = Said::check(items, &FOREIGN_KEY, errors);
    let (columns, referred) = (
        list(&mut said, "columns", errors),
        list(&mut said, "referred", errors),
    );
    let (Some((here, columns)), Some(target), Some((_, referred))) =
        (columns, said.text("references"), referred)
    else {
        errors.at(
            word,
            "a foreign key needs all of these: `foreign_key(columns(\"a\"), references = \"table\", referred(\"x\"))`",
        );
        return (Vec::new(), quote!());
    };
    names.all(&here, &columns, errors);
    if columns.len() != referred.len() {
        errors.at(
            referred.last().unwrap_or(target),
            format!(
                "{} columns here refer to {} there",
                columns.len(),
                referred.len()
            ),
        );
    }
    let table = match dotted(target).as_deref() {
        Some([table]) => quote!(#table),
        Some([schema, table]) => quote!((#schema, #table)),
        _ => {
            errors.at(
                target,
                "a table is `table` or `schema.table`; its columns go into `referred(..)`",
            );
            quote!("")
        }
    };
    let named = named(&said, errors);
    let on = on(&said, errors);
    let deferrable = deferrable(&said);
    let full = said.has("match_full").then(|| quote!(.match_full()));
    let call = quote! {
        .constraint(::aludel::schema::ForeignKey::new([#(#columns),*], #table, [#(#referred),*]) #named #on #deferrable #full)
    };
    (columns.iter().map(LitStr::value).collect(), call)
}

/// `index(..)`
pub(crate) fn index(
    word: &Ident,
    items: Vec<Item>,
    names: &Names<'_>,
    errors: &mut Errors,
) -> TokenStream {
    let (parts, rest): (Vec<Item>, Vec<Item>) = items.into_iter().partition(is_part);
    let given = !parts.is_empty();
    let parts: Vec<TokenStream> = parts
        .into_iter()
        .filter_map(|it| part(it, names, errors))
        .collect();
    let mut said = Said::check(rest, &INDEX, errors);
    if !given {
        errors.at(word, "an index needs a column or an expression: `index(\"email\")`, `index(expr = \"lower(email)\")`");
    }
    let mut code = match said.text("name").and_then(|it| errors.ok(not_empty(it))) {
        Some(name) => quote!(::aludel::schema::Index::new(#name, [#(#parts),*])),
        None => quote!(::aludel::schema::Index::on([#(#parts),*])),
    };
    for (word, method) in [
        ("unique", quote!(.unique())),
        ("nulls_not_distinct", quote!(.nulls_not_distinct())),
    ] {
        if said.has(word) {
            code.extend(method);
        }
    }
    for (word, method) in [("method", quote!(method)), ("predicate", quote!(predicate))] {
        if let Some(text) = said.text(word).and_then(|it| errors.ok(not_empty(it))) {
            code.extend(quote!(.#method(#text)));
        }
    }
    if let Some((word, columns)) = list(&mut said, "include", errors) {
        names.all(&word, &columns, errors);
        code.extend(quote!(.include([#(#columns),*])));
    }
    quote!(.index(#code))
}

/// Whether it is a key of an index, rather than something about the index.
fn is_part(item: &Item) -> bool {
    match item {
        Item::Lit(_) => true,
        Item::Value(key, _) => key == "expr",
        Item::List(key, _) => key == "asc" || key == "desc",
        Item::Word(_) => false,
    }
}

fn part(item: Item, names: &Names<'_>, errors: &mut Errors) -> Option<TokenStream> {
    let Item::List(word, items) = item else {
        return part_key(item, &INDEX, names, errors);
    };
    let (mut keys, rest): (Vec<Item>, Vec<Item>) = items.into_iter().partition(is_part);
    let said = Said::check(rest, &PART, errors);
    if keys.len() != 1 {
        errors.at(
            &word,
            format!("`{word}` is about one column or expression: `{word}(\"visit_date\")`"),
        );
        return None;
    }
    let mut code = part_key(keys.remove(0), &PART, names, errors)?;
    if word == "desc" {
        code.extend(quote!(.desc()));
    }
    if let (Some(_), Some(last)) = (said.word("nulls_first"), said.word("nulls_last")) {
        errors.at(last, "`nulls_first` and `nulls_last` contradict each other");
    }
    for (word, method) in [
        ("nulls_first", quote!(.nulls_first())),
        ("nulls_last", quote!(.nulls_last())),
    ] {
        if said.has(word) {
            code.extend(method);
        }
    }
    for (word, method) in [
        ("collation", quote!(collation)),
        ("opclass", quote!(opclass)),
    ] {
        if let Some(text) = said.text(word).and_then(|it| errors.ok(not_empty(it))) {
            code.extend(quote!(.#method(#text)));
        }
    }
    Some(code)
}

fn part_key(
    item: Item,
    grammar: &Grammar,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let items = Said::check(vec![item], grammar, errors).into_items();
    match items.first()? {
        Item::Lit(Lit::Str(column)) => {
            names.check(column, errors);
            Some(quote!(::aludel::schema::IndexPart::column(#column)))
        }
        item => {
            let sql = errors.ok(not_empty(item.text()?))?;
            Some(quote!(::aludel::schema::IndexPart::expr(#sql)))
        }
    }
}

/// The texts of `name("a", "b")`.
fn list(said: &mut Said, name: &str, errors: &mut Errors) -> Option<(Ident, Vec<LitStr>)> {
    let (word, items) = said.take_list(name)?;
    if let Some((second, _)) = said.take_list(name) {
        errors.at(second, format!("`{name}` is said twice"));
    }
    Some((word, Said::check(items, &COLUMNS, errors).texts()))
}

fn named(said: &Said, errors: &mut Errors) -> Option<TokenStream> {
    let name = errors.ok(not_empty(said.text("name")?))?;
    Some(quote!(.named(#name)))
}

/// The calls for `on_delete` and `on_update`.
pub(super) fn on(said: &Said, errors: &mut Errors) -> TokenStream {
    let mut code = quote!();
    for (word, method) in [
        ("on_delete", quote!(on_delete)),
        ("on_update", quote!(on_update)),
    ] {
        if let Some(action) = said.text(word).and_then(|it| errors.ok(action(it))) {
            code.extend(quote!(.#method(::aludel::schema::Action::#action)));
        }
    }
    code
}

/// The call for `deferrable` and `initially_deferred`; the second says the first.
pub(super) fn deferrable(said: &Said) -> Option<TokenStream> {
    if said.has("initially_deferred") {
        Some(quote!(.deferrable(::aludel::schema::Deferrable::Deferred)))
    } else if said.has("deferrable") {
        Some(quote!(.deferrable(::aludel::schema::Deferrable::Immediate)))
    } else {
        None
    }
}

fn action(text: &LitStr) -> syn::Result<TokenStream> {
    match text.value().to_ascii_lowercase().as_str() {
        "cascade" => Ok(quote!(Cascade)),
        "restrict" => Ok(quote!(Restrict)),
        "set null" => Ok(quote!(SetNull)),
        "set default" => Ok(quote!(SetDefault)),
        "no action" => Ok(quote!(NoAction)),
        _ => Err(syn::Error::new(
            text.span(),
            "an action is one of \"cascade\", \"restrict\", \"set null\", \"set default\", \"no action\"",
        )),
    }
}

/// The parts between the dots, if none is empty.
pub(super) fn dotted(text: &LitStr) -> Option<Vec<String>> {
    let parts: Vec<String> = text.value().split('.').map(str::to_string).collect();
    let empty = parts.iter().any(|it| it.trim().is_empty());
    (!empty).then_some(parts)
}
