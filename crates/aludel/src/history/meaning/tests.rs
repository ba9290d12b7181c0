//! What leaves a checksum as it is, and what does not.

use super::*;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const FLAVORS: [Flavor; 3] = [Flavor::Sqlite, Flavor::Postgres, Flavor::Mysql];

fn rust(text: &str) -> String {
    Checksum::of(text, Syntax::Rust, Flavor::Sqlite).to_string()
}

fn sql(text: &str) -> String {
    Checksum::of(text, Syntax::Sql, Flavor::Postgres).to_string()
}

#[track_caller]
fn same(read: fn(&str) -> String, texts: &[&str]) {
    for text in texts {
        assert_eq!(read(text), read(texts[0]), "{text}");
    }
}

#[track_caller]
fn differ(read: fn(&str) -> String, texts: &[&str]) {
    for (at, text) in texts.iter().enumerate() {
        for other in &texts[..at] {
            assert_ne!(read(text), read(other), "{text} | {other}");
        }
    }
}

const FILE: &str = r#"//! Add contact
//!
//! Revision ID: abc123def456
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

/// Adds.
pub fn upgrade(op: &mut Operations) {
    op.add_column("patients", Column::new("email", Type::Varchar(32)).server_default("' '"));
    op.run("split", async |db| {
        for row in db.fetch("SELECT id,  name FROM patients").await? {
            let (first, rest): (String, Vec<u8>) = split::<'static>(&row, -1, 'c', b'\n', 1.5e3)?;
            if first != "a" && rest.len() >= 2 { continue }
        }
        Ok(())
    });
}

pub fn downgrade(op: &mut Operations) {
    op.drop_column("patients", "email");
}
"#;

/// Whoever sees this fail has changed the algorithm, and is to count up its version.
#[test]
fn the_algorithm_stays() {
    let up = "-- A\n--\n-- Revision ID: a\n\n-- migrate:up\nSELECT 'a  b';\n\n-- migrate:down\n";
    assert_eq!(
        [rust(FILE), sql(up), rust("\"open")],
        [
            "1:e16d1f4a40f5f2a2307f3dd216c9ac76bcbaf3cdcb947885547379d8010c735e",
            "1:15b97be2041af14a182929083f912d8819bad633dcef261943dddc2bd73f2cfb",
            "1:38661faf38448b478928a5c70d52878d5769ac911d7a44144513bd18ee4cd613",
        ]
    );
}

#[test]
fn the_header_and_comments_of_rust_do_not_count() {
    let other = FILE
        .replace("Add contact", "More words")
        .replace("14:30:00", "14:30:01")
        .replace("/// Adds.", "/** Adds\nmore. */\n#[doc = \"x\"]")
        .replace("    op.", "\t// why\n  op . /* how */ ");
    same(
        rust,
        &[
            FILE,
            &other,
            &FILE.replace('\n', "\r\n"),
            &format!("\u{feff}{FILE}"),
        ],
    );
    differ(
        rust,
        &[
            FILE,
            &FILE.replace("id,  name", "id, name"),
            &FILE.replace("32", "33"),
        ],
    );
}

#[test]
fn what_a_formatter_does_to_rust_does_not_count() {
    same(rust, &["f(a, b)", "f(\n    a,\n    b,\n)", "f ( a,b , )"]);
    same(rust, &["f(a)", "f(a,)"]);
    same(rust, &["vec![1]", "vec![1,]"]);
    same(rust, &["f::<A>(a)", "f::<A,>(a,)"]);
    same(rust, &["S { a }", "S { a, }"]);
    same(rust, &["f(|x| x + 1)", "f(|x| { x + 1 })"]);
    same(
        rust,
        &[
            "match x { A => 1, B => { f(); } C => 2 }",
            "match x { A => { 1 }, B => { f(); }, C => { 2 } }",
        ],
    );
    same(
        rust,
        &[
            "use a::{C, b}; use d::e; fn f() {}",
            "use d::e;\nuse a::{b, C,};\nfn f() {}",
            "use d::{e}; use a::{C, b}; fn f() {}",
        ],
    );
}

#[test]
fn what_means_something_else_in_rust_counts() {
    differ(rust, &["f((1,))", "f((1))", "f(1)", "[(1,)]", "[(1)]"]);
    differ(rust, &["|| {}", "||", "|x| { f(); }", "|x| f()"]);
    differ(rust, &["use a::b; use c;", "use a::c; use b;"]);
    differ(rust, &["return (1,)", "return (1)"]);
    differ(rust, &["-> (T,)", "-> (T)"]);
    differ(rust, &["a; b", "b; a", "a b", "ab"]);
    differ(
        rust,
        &[
            "f(\"a b\")",
            "f(\"a  b\")",
            "f(\"a\", \"b\")",
            "f(r\"a b\")",
        ],
    );
}

#[test]
fn what_does_not_read_counts_as_it_stands() {
    differ(rust, &["\"open", "\"open ", "\"Open"]);
    differ(sql, &["SELECT 1", "SELECT  1"]);
}

#[test]
fn sections_of_sql_and_their_options_count() {
    let up = "-- A\n--\n-- Revision ID: a\n\n-- migrate:up\nSELECT 1;\n";
    same(
        sql,
        &[
            up,
            "-- Other\n--\n-- Revision ID: a\n-- Create Date: 2025\n\n-- MIGRATE: up transaction:true\n\n/* a */SELECT\t1 -- b",
            "-- A\r\n--\r\n-- Revision ID: a\r\n\r\n-- migrate:up\r\nSELECT 1;;\r\n",
        ],
    );
    differ(
        sql,
        &[
            up,
            &format!("{up}-- migrate:down\n"),
            &format!("{up}-- migrate:down\nSELECT 1"),
            &format!("{up}SELECT 1;"),
            &up.replace("up", "up transaction:false"),
            &up.replace("up", "up foreign_keys:off"),
            &up.replace("SELECT", "select"),
            &up.replace('1', "'1'"),
            &up.replace('1', "\"1\""),
        ],
    );
}

/// A token, and another one that may stand in its place.
fn sql_token() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(vec![
        ("SELECT", "select"),
        ("a", "b"),
        ("\"a  b\"", "\"a b\""),
        ("'it''s -- a'", "'it''s  -- a'"),
        ("'/* a */'", "'/* b */'"),
        ("12", "1.2"),
        // Where a parenthesis is not closed, there is no statement.
        ("(a)", "(b)"),
        ("=", "<"),
        ("-", "+"),
        (",", "."),
        (";", ","),
    ])
}

fn silence() -> impl Strategy<Value = &'static str> {
    select(vec![
        " ",
        "\n",
        "\t \n",
        " -- ; ' more\n",
        " /* ; ' more */ ",
        " --\n--\n",
    ])
}

fn file(tokens: &[&str], silences: &[&str]) -> String {
    let mut text = String::from("-- A\n--\n-- Revision ID: a\n\n-- migrate:up\n");
    for (token, silence) in tokens.iter().zip(silences) {
        text.push_str(token);
        text.push_str(silence);
    }
    text
}

/// The tokens of Rust text, those that belong together as one.
fn rust_tokens(stream: TokenStream, tokens: &mut Vec<String>) {
    let mut joint = false;
    let mut push = |text: String, joins: bool, tokens: &mut Vec<String>| {
        match tokens.last_mut().filter(|_| joint) {
            Some(last) => last.push_str(&text),
            None => tokens.push(text),
        }
        joint = joins;
    };
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    _ => ("[", "]"),
                };
                push(open.into(), false, tokens);
                rust_tokens(group.stream(), tokens);
                push(close.into(), false, tokens);
            }
            TokenTree::Punct(it) => push(it.to_string(), it.spacing() == Spacing::Joint, tokens),
            other => push(other.to_string(), false, tokens),
        }
    }
}

fn tokens_of_file() -> Vec<String> {
    let body = FILE
        .split_once("\n\n")
        .unwrap()
        .1
        .replace("/// Adds.\n", "");
    let mut tokens = Vec::new();
    rust_tokens(body.parse().unwrap(), &mut tokens);
    tokens
}

proptest! {
    #[test]
    fn silence_between_the_tokens_of_sql_does_not_count(
        tokens in prop::collection::vec(sql_token(), 1..20),
        silences in prop::collection::vec((silence(), silence()), 20),
    ) {
        let tokens: Vec<&str> = tokens.iter().map(|it| it.0).collect();
        let (first, second): (Vec<&str>, Vec<&str>) = silences.into_iter().unzip();
        for flavor in FLAVORS {
            let of = |silences: &[&str]| Checksum::of(&file(&tokens, silences), Syntax::Sql, flavor);
            prop_assert_eq!(of(&first), of(&second));
        }
    }

    #[test]
    fn each_token_of_sql_counts(
        tokens in prop::collection::vec(sql_token(), 1..20),
        at in any::<Index>(),
    ) {
        // The end of a statement that is not there is no token that anybody hears.
        let mut all = vec!["SELECT"];
        all.extend(tokens.iter().map(|it| it.0));
        let mut changed = all.clone();
        let at = at.index(tokens.len());
        changed[at + 1] = tokens[at].1;
        let ends = tokens[at].0 == ";" && [all[at], all.get(at + 2).copied().unwrap_or(";")].contains(&";");
        prop_assume!(!ends);
        for flavor in FLAVORS {
            let of = |tokens: &[&str]| Checksum::of(&file(tokens, &[" "; 30]), Syntax::Sql, flavor);
            prop_assert_ne!(of(&all), of(&changed));
        }
    }

    #[test]
    fn silence_between_the_tokens_of_rust_does_not_count(
        silences in prop::collection::vec(select(vec![" ", "\n", " // \" more\n", "/* { */", "\t /* /* */ */"]), 300),
    ) {
        let tokens = tokens_of_file();
        prop_assert!(tokens.len() < silences.len());
        let pairs = tokens.iter().zip(silences);
        let text: String = pairs.flat_map(|(token, silence)| [token.as_str(), silence]).collect();
        prop_assert_eq!(rust(&text), rust(FILE));
    }

    #[test]
    fn each_token_of_rust_counts(at in any::<Index>()) {
        let mut tokens = tokens_of_file();
        let at = at.index(tokens.len());
        let token = &tokens[at];
        let other = match token.chars().last() {
            Some('"') => format!("{} \"", &token[..token.len() - 1]),
            Some('\'') => "'d'".into(),
            Some(c) if c.is_alphanumeric() || c == '_' => format!("{token}1"),
            Some(c) if "()[]{}".contains(c) => return Ok(()),
            _ => "^".into(),
        };
        tokens[at] = other;
        prop_assert_ne!(rust(&tokens.join(" ")), rust(FILE));
    }
}
