//! Headers that can be read, and those that cannot.

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Header, HeaderError> {
    Header::parse(text, Syntax::Sql)
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn both_syntaxes_give_the_same_header() {
    let text = "# Merge\n#\n# Revision ID: c\n# Revises: a, b\n# Branch Labels: billing\n# Depends On: d, shop\n\
                # Create Date: 2025-11-08 14:30:00\n";
    let rust = Header::parse(&text.replace('#', "//!"), Syntax::Rust).unwrap();
    let sql = parse(&text.replace('#', "--")).unwrap();
    assert_eq!(rust, sql);
    assert_eq!(rust.message, "Merge");
    assert_eq!(
        rust.down.iter().map(RevisionId::as_str).collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(
        (rust.labels, rust.depends_on),
        (vec!["billing".into()], vec!["d".into(), "shop".into()])
    );
    assert_eq!(rust.create_date.as_deref(), Some("2025-11-08 14:30:00"));
}

#[test]
fn the_message_is_kept_whole_and_its_first_paragraph_is_the_doc() {
    let header =
        parse("-- One\n-- two: three\n--\n--   indented\n--\n-- Revision ID: a\n\n-- migrate:up\n")
            .unwrap();
    assert_eq!(header.message, "One\ntwo: three\n\n  indented");
    assert_eq!(header.doc(), "One two: three");
    assert_eq!(parse("-- Revision ID: a").unwrap().message, "");
}

#[test]
fn marks_of_other_systems_are_tolerated() {
    let header =
        parse("\u{feff}-- One\r\n--\r\n-- Revision ID: a\r\n-- Revises: b\r\n\r\nSELECT 1;\r\n")
            .unwrap();
    assert_eq!((header.message.as_str(), header.id.as_str()), ("One", "a"));
    let licence = "// Copyright\n\n//! One\n//!\n//! Revision ID: a\nuse x;\n//! Revision ID: b\n";
    assert_eq!(
        Header::parse(licence, Syntax::Rust).unwrap().id.as_str(),
        "a"
    );
}

#[test]
fn errors_say_where_what_and_instead_of_what() {
    assert_eq!(
        error("SELECT 1"),
        "line 1: found `SELECT 1`, expected the header: `-- <message>`"
    );
    assert_eq!(
        error("\n\n"),
        "the file is empty, expected a header that starts with `--`"
    );
    assert_eq!(
        error("-- One\n--\n-- more"),
        "line 3: the header ends without `-- Revision ID: <id>`"
    );
    assert_eq!(
        error("-- Revision ID: a\n-- Revises: b\n-- Revision ID: c"),
        "line 3: found a second `Revision ID`, expected one; the first is in line 1"
    );
    assert_eq!(
        error("-- One\n-- Revison ID: a"),
        "line 2: found `Revison ID: a`, expected `Revision ID: `"
    );
    assert_eq!(
        error("-- Revision ID: a\n-- Revise: b"),
        "line 2: found `Revise: b`, expected `Revises: `"
    );
    assert_eq!(
        error("-- revision-id: a"),
        "line 1: found `revision-id: a`, expected `Revision ID: `"
    );
    assert!(error("-- Revision ID: a\n-- Author: me").contains("expected one of `Revision ID`"));
    assert_eq!(
        error("-- Revision ID:"),
        "line 1: `Revision ID` is empty; leave the line out instead"
    );
    assert_eq!(
        error("-- Revision ID: a\n-- Revises: b,"),
        "line 2: `Revises` is empty; leave the line out instead"
    );
    assert_eq!(
        error("-- Revision ID: a\n-- Revises: b, b"),
        "line 2: `Revises` holds `b` twice"
    );
    assert_eq!(
        error("-- Revision ID: a, b"),
        "line 1: `Revision ID` holds `a, b` where one value is expected"
    );
    assert_eq!(
        error("-- Revision ID: a-b"),
        "line 1: Character(s) '-' not allowed in revision identifier 'a-b'"
    );
    assert!(
        error("-- Revision ID: a\n-- Branch Labels: head")
            .contains("a word with a meaning of its own")
    );
    assert!(error("-- Revision ID: a\n-- Branch Labels: a-1").contains("separate or combine"));
    assert!(parse("-- Revision ID: a\n-- Branch Labels: my-branch").is_ok());
}

#[test]
fn a_message_that_would_be_read_as_keys_is_not_written() {
    let mut header = parse("-- Revision ID: a").unwrap();
    for line in ["Revision ID: b", "Revises: b", "migrate:up"] {
        header.message = format!("One\n{line}");
        assert!(
            matches!(header.write(Syntax::Sql), Err(HeaderError::Message { .. })),
            "{line}"
        );
    }
}

fn headers() -> impl Strategy<Value = Header> {
    let name = "[a-z0-9_]{1,6}x";
    let names = || proptest::collection::btree_set(name, 0..3);
    let message = "([A-Za-z0-9 .'()/-]{0,12}\n?){0,4}";
    (
        message,
        name,
        names(),
        names(),
        names(),
        proptest::option::of("[0-9: -]{1,10}1"),
    )
        .prop_map(|(message, id, down, labels, depends_on, date)| Header {
            message: trimmed(&message.lines().map(str::trim_end).collect::<Vec<_>>()),
            id: RevisionId::new(id).unwrap(),
            down: down
                .into_iter()
                .map(|id| RevisionId::new(id).unwrap())
                .collect(),
            labels: labels.into_iter().collect(),
            depends_on: depends_on.into_iter().collect(),
            create_date: date.map(|date| date.trim().to_owned()),
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(header in headers(), rust in any::<bool>(), dos in any::<bool>()) {
        let syntax = if rust { Syntax::Rust } else { Syntax::Sql };
        let mut text = header.write(syntax).unwrap();
        text.push_str("\nbody");
        if dos {
            text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        }
        prop_assert_eq!(Header::parse(&text, syntax).unwrap(), header);
    }

    #[test]
    fn no_text_makes_it_panic(text in "(--|//!)?( ?[ -~\u{e4}]{0,20}[:\n]){0,6}", rust in any::<bool>()) {
        let _ = Header::parse(&text, if rust { Syntax::Rust } else { Syntax::Sql });
    }
}
