//! `migrations!("versions")`: the revision files of a folder, or of several, compiled into the program.
//!
//! It must not know what heads a revision, nor how revisions hang together: that is found when the program runs, by the same
//! code that reads the folder itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

/// The folder when none is named.
const DEFAULT_FOLDER: &str = "versions";

/// What is put behind a folder to mean those below it as well.
const BELOW: &str = "/**";

/// The arguments of the macro: none, or folders.
pub(crate) struct Folders(Vec<LitStr>);

impl Parse for Folders {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Self(vec![LitStr::new(DEFAULT_FOLDER, Span::call_site())]));
        }
        let folders =
            Punctuated::<LitStr, Token![,]>::parse_terminated(input).map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "`migrations!` takes folders as texts in quotes: `migrations!(\"versions\")`",
                )
            })?;
        Ok(Self(folders.into_iter().collect()))
    }
}

/// A revision file.
struct File {
    /// With the folders that lead to it.
    name: String,
    path: PathBuf,
    /// The argument that it was found by, to point at.
    folder: LitStr,
}

/// Expands the macro.
pub(crate) fn expand(folders: &Folders) -> TokenStream {
    files(&folders.0)
        .and_then(|files| emit(&folders.0, &files))
        .unwrap_or_else(|error| {
            // A value of the right type beside the error keeps what is done with it from adding errors of its own.
            let error = error.to_compile_error();
            quote!({ #error ::aludel::history::Migrations::new("", &[]) })
        })
}

fn emit(folders: &[LitStr], files: &[File]) -> syn::Result<TokenStream> {
    // One folder is what most have: its files go by their names alone.
    let only = match folders {
        [one] if !one.value().ends_with(BELOW) => Some(one),
        _ => None,
    };
    let mut modules = TokenStream::new();
    let mut entries = Vec::new();
    let mut taken = BTreeSet::new();
    let mut errors: Option<syn::Error> = None;
    for file in files {
        let path = text(file)?;
        let last = file.name.rsplit('/').next().unwrap_or(&file.name);
        let name = only.map_or(file.name.as_str(), |_| last);
        let (up, down) = if name.ends_with(".sql") {
            (quote!(None), quote!(None))
        } else {
            if let Err(error) = has_both(file) {
                match &mut errors {
                    Some(first) => first.combine(error),
                    None => errors = Some(error),
                }
            }
            // Closures, because the compiler then shows the file's own line where a signature is wrong.
            let module = module(last, &mut taken);
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
    let migrations = match only {
        Some(folder) => quote!(::aludel::history::Migrations::new(#folder, FILES)),
        None => quote!(::aludel::history::Migrations::of_folders(FILES)),
    };
    Ok(quote! {
        {
            #modules
            const FILES: &[::aludel::history::Embedded] = &[#(#entries),*];
            #migrations
        }
    })
}

/// The revision files of the folders, in the order in which the history finds them: folder by folder as they were named, the
/// files of each by their names, then those of the folders below it. A file that two ways lead to is taken once.
fn files(folders: &[LitStr]) -> syn::Result<Vec<File>> {
    let error = |message: &str| Err(syn::Error::new(Span::call_site(), message));
    let Ok(root) = env::var("CARGO_MANIFEST_DIR") else {
        return error("`migrations!` needs cargo: CARGO_MANIFEST_DIR is not set");
    };
    let mut files = Vec::new();
    for folder in folders {
        let written = folder.value();
        let (name, below) = match written.strip_suffix(BELOW) {
            Some(name) => (name, true),
            None => (written.as_str(), false),
        };
        search(
            folder,
            name,
            &Path::new(&root).join(name),
            below,
            &mut files,
        )?;
    }
    let mut seen = BTreeSet::new();
    files.retain(|file: &File| {
        let real = file.path.canonicalize();
        seen.insert(real.unwrap_or_else(|_| file.path.clone()))
    });
    Ok(files)
}

fn search(
    folder: &LitStr,
    name: &str,
    path: &Path,
    below: bool,
    files: &mut Vec<File>,
) -> syn::Result<()> {
    let error = |message: String| syn::Error::new(folder.span(), message);
    let unreadable = |cause: std::io::Error| {
        error(match cause.kind() {
            std::io::ErrorKind::NotFound => {
                format!("there is no folder `{name}` beside the Cargo.toml of this crate")
            }
            _ => format!(
                "cannot read the folder `{name}` beside the Cargo.toml of this crate: {cause}"
            ),
        })
    };
    let (mut found, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(last) = entry.file_name().into_string() else {
            continue;
        };
        // Links to folders are not followed: they can lead in circles.
        if entry.file_type().is_ok_and(|it| it.is_dir()) {
            if below && !last.starts_with('.') {
                folders.push(last);
            }
        } else if is_revision(&last) && !entry.path().is_dir() {
            found.push(last);
        }
    }
    found.sort();
    folders.sort();
    files.extend(found.into_iter().map(|last| File {
        name: format!("{name}/{last}"),
        path: path.join(&last),
        folder: folder.clone(),
    }));
    for last in folders {
        search(
            folder,
            &format!("{name}/{last}"),
            &path.join(&last),
            below,
            files,
        )?;
    }
    Ok(())
}

/// The same files that the history finds when it reads the folder.
fn is_revision(name: &str) -> bool {
    let hidden = name.starts_with('.') || name == "mod.rs";
    !hidden && (name.ends_with(".rs") || name.ends_with(".sql"))
}

/// A missing or an async function is told here, with the file's name and with what to write: the compiler could only name a module that
/// nobody has written. It is enough to look for the word outside comments, since the compiler looks again.
fn has_both(file: &File) -> syn::Result<()> {
    let (name, folder) = (&file.name, &file.folder);
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

fn text(file: &File) -> syn::Result<&str> {
    file.path.to_str().ok_or_else(|| {
        syn::Error::new(
            file.folder.span(),
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
                name: "versions/1_a.rs".into(),
                path,
                folder: LitStr::new("versions", Span::call_site()),
            };
            has_both(&file).err().map(|it| it.to_string())
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
