//! The words of a `.rs` revision: its tokens, without documentation and without what a formatter adds, takes away or moves.
//!
//! A formatter puts commas behind the last of several, puts blocks around what is long, and sorts `use`. Where two texts differ in
//! that alone, they have the same words here; that they then mean the same to the compiler is what these rules must hold.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token, or what is between two delimiters.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tree {
    Word(String),
    Group(Delimiter, Vec<Tree>),
}

/// None if the text is no Rust.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let stream: TokenStream = text.parse().ok()?;
    let mut words = Vec::new();
    flatten(&tidy(stream), &mut words);
    Some(words)
}

fn flatten(trees: &[Tree], words: &mut Vec<String>) {
    for tree in trees {
        match tree {
            Tree::Word(word) => words.push(word.clone()),
            Tree::Group(delimiter, inside) => {
                let (open, close) = match delimiter {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.into());
                flatten(inside, words);
                words.push(close.into());
            }
        }
    }
}

fn tidy(stream: TokenStream) -> Vec<Tree> {
    let trees: Vec<Tree> = stream.into_iter().map(tree).collect();
    let trees = without_documentation(trees);
    let trees = unwrapped(trees);
    sorted_uses(without_last_commas(trees))
}

fn tree(token: TokenTree) -> Tree {
    match token {
        TokenTree::Group(group) => Tree::Group(group.delimiter(), tidy(group.stream())),
        other => Tree::Word(other.to_string()),
    }
}

impl Tree {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(it) if it == word)
    }

    /// What stands in braces.
    fn braces(&self) -> Option<&[Tree]> {
        match self {
            Self::Group(Delimiter::Brace, inside) => Some(inside),
            _ => None,
        }
    }
}

/// `/// text` reaches us as `#[doc = "text"]`, and `//! text` as `#![doc = "text"]`.
fn without_documentation(trees: Vec<Tree>) -> Vec<Tree> {
    let mut kept: Vec<Tree> = Vec::new();
    for tree in trees {
        if !is_documentation(&tree) {
            kept.push(tree);
            continue;
        }
        match kept.as_slice() {
            [.., hash, bang] if hash.is("#") && bang.is("!") => kept.truncate(kept.len() - 2),
            [.., hash] if hash.is("#") => kept.truncate(kept.len() - 1),
            _ => kept.push(tree),
        }
    }
    kept
}

fn is_documentation(tree: &Tree) -> bool {
    match tree {
        Tree::Group(Delimiter::Bracket, inside) => {
            matches!(inside.as_slice(), [doc, equals, ..] if doc.is("doc") && equals.is("="))
        }
        _ => false,
    }
}

/// Takes the braces off the one expression of a closure or of an arm of a `match`, and gives each arm the comma that a block may go
/// without.
fn unwrapped(trees: Vec<Tree>) -> Vec<Tree> {
    let mut kept: Vec<Tree> = Vec::new();
    let mut trees = trees.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let arm = matches!(kept.as_slice(), [.., a, b] if a.is("=") && b.is(">"));
        let closure = kept.last().is_some_and(|it| it.is("|"));
        match tree.braces() {
            Some(inside) if arm || closure => {
                match is_one_expression(inside) {
                    true => kept.extend(inside.iter().cloned()),
                    false => kept.push(tree),
                }
                if arm {
                    trees.next_if(|it| it.is(","));
                    kept.push(Tree::Word(",".into()));
                }
            }
            _ => kept.push(tree),
        }
    }
    kept
}

fn is_one_expression(inside: &[Tree]) -> bool {
    !inside.is_empty() && !inside.iter().any(|it| it.is(";"))
}

/// Takes out the comma behind the last of several. `(1,)` stays: it is a tuple, and `(1)` is none.
fn without_last_commas(trees: Vec<Tree>) -> Vec<Tree> {
    let mut kept: Vec<Tree> = Vec::new();
    for tree in trees {
        let tree = match tree {
            Tree::Group(delimiter, mut inside) if inside.last().is_some_and(|it| it.is(",")) => {
                let several = inside.iter().filter(|it| it.is(",")).count() > 1;
                let tuple = delimiter == Delimiter::Parenthesis && !several && !is_called(&kept);
                if !tuple {
                    inside.pop();
                }
                Tree::Group(delimiter, inside)
            }
            tree => tree,
        };
        if tree.is(">") && kept.last().is_some_and(|it| it.is(",")) {
            kept.pop();
        }
        kept.push(tree);
    }
    kept
}

/// Behind these words, parentheses are no arguments.
const KEYWORDS: [&str; 16] = [
    "as", "await", "box", "break", "const", "dyn", "else", "for", "if", "in", "let", "match",
    "mut", "return", "where", "while",
];

/// Whether parentheses that come next hold arguments: of a function, a macro, a tuple struct.
fn is_called(before: &[Tree]) -> bool {
    match before {
        [.., a, b] if b.is(">") => !a.is("-") && !a.is("="),
        [.., Tree::Word(word)] => {
            let name = word.starts_with(|it: char| it.is_alphabetic() || it == '_');
            word == "!" || (name && !KEYWORDS.contains(&word.as_str()))
        }
        [.., Tree::Group(..)] => true,
        [] => false,
    }
}

/// Sorts each run of `use`, and what each of them names.
fn sorted_uses(trees: Vec<Tree>) -> Vec<Tree> {
    let mut kept: Vec<Tree> = Vec::new();
    let mut rest = trees.as_slice();
    while let [first, behind @ ..] = rest {
        let mut run: Vec<Vec<Tree>> = Vec::new();
        while let Some(length) = use_length(rest) {
            run.push(sorted_names(&rest[..length]));
            rest = &rest[length..];
        }
        if run.is_empty() {
            kept.push(first.clone());
            rest = behind;
        }
        run.sort_by_cached_key(|it| text(it));
        kept.extend(run.into_iter().flatten());
    }
    kept
}

/// How long the `use` is that the trees begin with, its semicolon included.
fn use_length(trees: &[Tree]) -> Option<usize> {
    trees.first().filter(|it| it.is("use"))?;
    trees.iter().position(|it| it.is(";")).map(|at| at + 1)
}

/// `{b, a}` as `{a, b}`, and `{a}` as `a`.
fn sorted_names(trees: &[Tree]) -> Vec<Tree> {
    let mut kept = Vec::new();
    for tree in trees {
        let Some(inside) = tree.braces() else {
            kept.push(tree.clone());
            continue;
        };
        let names = inside.split(|it| it.is(","));
        let mut names: Vec<Vec<Tree>> = names.map(sorted_names).collect();
        names.sort_by_cached_key(|it| text(it));
        match names.as_slice() {
            [one] if !one.iter().any(|it| it.is("self")) => kept.extend(one.iter().cloned()),
            _ => {
                let comma = Tree::Word(",".into());
                let names = names.join(&comma);
                kept.push(Tree::Group(Delimiter::Brace, names));
            }
        }
    }
    kept
}

fn text(trees: &[Tree]) -> String {
    let mut words = Vec::new();
    flatten(trees, &mut words);
    words.join(" ")
}
