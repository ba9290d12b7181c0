//! `migrations!("versions")`: the revision files of a folder, compiled into the program.
//!
//! It must not know what heads a revision, nor how revisions hang together: that is found when the program runs, by the same
//! code that reads the folder itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};
use syn::LitStr;
use syn::parse::{Parse, ParseStream};

/// The folder when none is named.
const DEFAULT_FOLDER: &str = "versions";

/// The argument of the macro: nothing, or the folder.
pub(crate) struct Folder(LitStr);

impl Parse for Folder {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Self(LitStr::new(DEFAULT_FOLDER, Span::call_site())));
        }
        let folder = input.parse().map_err(|error| {
            syn::Error::new(
                error.span(),
                "`migrations!` takes the folder as a text in quotes: `migrations!(\"versions\")`",
            )
        })?;
        if !input.is_empty() {
            return Err(input.error("`migrations!` takes one folder and nothing else"));
        }
        Ok(Self(folder))
    }
}

/// A revision file.
struct File {
    name: String,
    path: PathBuf,
}

/// Expands the macro.
pub(crate) fn expand(folder: &Folder) -> TokenStream {
    files(&folder.0)
        .and_then(|files| emit(&folder.0, &files))
        .unwrap_or_else(|error| {
            // A value of the right type beside the error keeps what is done with it from adding errors of its own.
            let error = error.to_compile_error();
            quote!({ #error ::aludel::history::Migrations::new("", &[]) })
        })
}

fn emit(folder: &LitStr, files: &[File]) -> syn::Result<TokenStream> {
    let mut modules = TokenStream::new();
    let mut entries = Vec::new();
    let mut taken = BTreeSet::new();
    let mut errors: Option<syn::Error> = None;
    for file in files {
        let (name, path) = (&file.name, text(&file.path, folder)?);
        let (up, down) = if name.ends_with(".sql") {
            (quote!(None), quote!(None))
        } else {
            if let Err(error) = has_both(file, folder) {
                match &mut errors {
                    Some(first) => first.combine(error),
                    None => errors = Some(error),
                }
            }
            // Closures, because the compiler then shows the file's own line where a signature is wrong.
            let module = module(name, &mut taken);
            modules.extend(quote! {
                // A revision whose body is empty uses neither its argument nor its imports, nobody documents one, and a
                // program may ask for the same folder in two places.
                #[allow(dead_code, missing_docs, unused_imports, unused_variables, unreachable_pub)]
                #[allow(clippy::duplicate_mod, clippy::missing_docs_in_private_items)]
                #[path = #path]
                mod #module;
            });
            (
                quote!(Some(|op| #module::upgrade(op))),
                quote!(Some(|op| #module::downgrade(op))),
            )
        };
        let (up, down) = (
            quote!(::core::option::Option::#up),
            quote!(::core::option::Option::#down),
        );
        entries.push(quote! {
            ::aludel::history::Embedded {
                name: #name,
                text: ::core::include_str!(#path),
                up: #up,
                down: #down,
            }
        });
    }
    if let Some(error) = errors {
        return Err(error);
    }
    Ok(quote! {
        {
            #modules
            const FILES: &[::aludel::history::Embedded] = &[#(#entries),*];
            ::aludel::history::Migrations::new(#folder, FILES)
        }
    })
}

/// The revision files of the folder, in the order of their names.
fn files(folder: &LitStr) -> syn::Result<Vec<File>> {
    let error = |message: String| syn::Error::new(folder.span(), message);
    let root = env::var("CARGO_MANIFEST_DIR")
        .map_err(|_| error("`migrations!` needs cargo: CARGO_MANIFEST_DIR is not set".into()))?;
    let dir = Path::new(&root).join(folder.value());
    let unreadable = |cause: std::io::Error| {
        let folder = folder.value();
        error(match cause.kind() {
            std::io::ErrorKind::NotFound => {
                format!("there is no folder `{folder}` beside the Cargo.toml of this crate")
            }
            _ => format!(
                "cannot read the folder `{folder}` beside the Cargo.toml of this crate: {cause}"
            ),
        })
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if is_revision(&name) && !entry.path().is_dir() {
            files.push(File {
                name,
                path: entry.path(),
            });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The same files that the history finds when it reads the folder.
fn is_revision(name: &str) -> bool {
    let hidden = name.starts_with('.') || name == "mod.rs";
    !hidden && (name.ends_with(".rs") || name.ends_with(".sql"))
}

/// A missing or an async function is told here, with the file's name and with what to write: the compiler could only name a module that
/// nobody has written. It is enough to look for the word outside comments, since the compiler looks again.
fn has_both(file: &File, folder: &LitStr) -> syn::Result<()> {
    let name = format!("{}/{}", folder.value(), file.name);
    let text = fs::read_to_string(&file.path).map_err(|cause| {
        syn::Error::new(folder.span(), format!("cannot read `{name}`: {cause}"))
    })?;
    let code = text.lines().filter(|it| !it.trim_start().starts_with("//"));
    let words: Vec<&str> = code.flat_map(words).collect();
    for (function, empty) in [("upgrade", "do"), ("downgrade", "undo")] {
        let message = if !words.contains(&function) {
            format!(
                "`{name}` has no `{function}`: write `pub fn {function}(op: &mut Operations) {{}}`, with an empty body if there is nothing to {empty}"
            )
        } else if words.windows(3).any(|it| it == ["async", "fn", function]) {
            format!(
                "`{function}` in `{name}` is `async`, but a revision only records: write `pub fn {function}(op: &mut Operations)`, and give what awaits to `op.run(\"..\", async |db| ..)`"
            )
        } else {
            continue;
        };
        return Err(syn::Error::new(folder.span(), message));
    }
    Ok(())
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|it: char| !it.is_alphanumeric() && it != '_')
        .filter(|it| !it.is_empty())
}

/// A name for the module of a file that no other has.
fn module(file: &str, taken: &mut BTreeSet<String>) -> Ident {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let plain: String = stem
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '_' })
        .collect();
    let mut name = format!("r_{plain}");
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    format_ident!("{name}")
}

fn text<'a>(path: &'a Path, folder: &LitStr) -> syn::Result<&'a str> {
    path.to_str().ok_or_else(|| {
        syn::Error::new(
            folder.span(),
            "the path to this folder is not UTF-8, so the compiler cannot be told of it",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_both_functions_is_told_what_to_write() {
        let dir = tempfile::tempdir().unwrap();
        let problem = |text: &str| {
            let path = dir.path().join("1_a.rs");
            fs::write(&path, text).unwrap();
            let file = File {
                name: "1_a.rs".into(),
                path,
            };
            let folder = LitStr::new("versions", Span::call_site());
            has_both(&file, &folder).err().map(|it| it.to_string())
        };
        let up = "pub fn upgrade(op: &mut Operations) {}\n";
        let down = "pub fn downgrade(op: &mut Operations) {}\n";
        assert_eq!(problem(&format!("{up}{down}")), None);
        let missing = problem(&format!("//! no downgrade\n{up}")).unwrap();
        assert!(
            missing.starts_with("`versions/1_a.rs` has no `downgrade`"),
            "{missing}"
        );
        let missing = problem(&format!("// fn upgrade\n{down}")).unwrap();
        assert!(missing.contains("has no `upgrade`"), "{missing}");
        let awaits = problem(&format!("{up}{}", down.replace("fn", "async fn"))).unwrap();
        assert!(
            awaits.contains("`downgrade` in `versions/1_a.rs` is `async`"),
            "{awaits}"
        );
    }

    #[test]
    fn modules_have_names_of_their_own() {
        let mut taken = BTreeSet::new();
        let names: Vec<String> = ["1_a-b.rs", "1_a_b.rs", "1_ä b.rs"]
            .map(|it| module(it, &mut taken).to_string())
            .to_vec();
        assert_eq!(names, ["r_1_a_b", "r_1_a_b_", "r_1___b"]);
    }

    #[test]
    fn only_revisions_are_taken() {
        for name in ["1_a.rs", "1_a.sql"] {
            assert!(is_revision(name), "{name}");
        }
        for name in ["mod.rs", ".1_a.rs", "1_a.rs~", "README.md", "rs"] {
            assert!(!is_revision(name), "{name}");
        }
    }
}
