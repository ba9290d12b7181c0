//! A generated revision compiles as it is, and says what was meant: the operations of a revision that is compiled in here are
//! written as Rust again, and give the same file, byte for byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use aludel::db::Kind;
use aludel::history::{Header, NewRevision, Syntax, Template};
use aludel::ops::{Operation, Operations};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

#[path = "generated/all_operations.rs"]
mod revision;

const TEXT: &str = include_str!("generated/all_operations.rs");

fn recorded(record: fn(&mut Operations)) -> Vec<Operation> {
    let mut op = Operations::new(Kind::Postgres);
    record(&mut op);
    let recorded = op.into_recorded().into_iter();
    recorded.map(|it| it.operation).collect()
}

fn written(record: fn(&mut Operations)) -> String {
    let lines: Vec<String> = recorded(record).iter().map(|it| it.rust()).collect();
    lines.join("\n")
}

fn rustfmt(text: &str) -> String {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt comes with the toolchain that builds this test");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "rustfmt refused:\n{text}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_was_recorded_is_written_as_it_stood() {
    let header = Header::parse(TEXT, Syntax::Rust).unwrap();
    let revision = NewRevision {
        id: header.id,
        message: header.message,
        down: header.down,
        labels: header.labels,
        depends_on: header.depends_on,
        syntax: Syntax::Rust,
        upgrades: written(revision::upgrade),
        downgrades: written(revision::downgrade),
        up_options: String::new(),
        down_options: String::new(),
    };
    let now = "2025-11-08T14:30:00Z".parse().unwrap();
    let rendered = Template::default().render(&revision, now).unwrap();
    let again = rustfmt(&rendered.text);
    let differing = again.lines().zip(TEXT.lines()).find(|(a, b)| a != b);
    assert_eq!(differing, None);
    assert_eq!(again.len(), TEXT.len());
}

/// Whoever adds an operation adds it to the revision above.
#[test]
fn every_operation_is_among_them() {
    let name = |it: &Operation| {
        let debug = format!("{it:?}");
        debug.split('(').next().unwrap_or_default().to_string()
    };
    let mut seen: BTreeSet<String> = recorded(revision::upgrade).iter().map(name).collect();
    seen.extend(recorded(revision::downgrade).iter().map(name));
    let listed = include_str!("../src/ops.rs");
    let list = listed.split("operations! {").nth(1).unwrap();
    let list = list.split('}').next().unwrap();
    for line in list.lines().filter(|it| it.contains("::")) {
        let operation = line
            .split("::")
            .nth(1)
            .unwrap()
            .trim()
            .trim_end_matches(',');
        // Code cannot be written again, and autogenerate never makes any.
        if operation != "Run" {
            assert!(seen.contains(operation), "{operation}");
        }
    }
}
