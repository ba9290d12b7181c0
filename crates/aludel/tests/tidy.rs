//! What the compiler does not hold together: who may import whom, what library code may not do, and how large a file may be.
//!
//! The sources are read as text, with comments and string literals blanked out; what is under `#[cfg(test)]` is exempt. The
//! tests at the end try each rule on a text that breaks it.
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use source::{code, line_of, name_at, starts_a_name};

#[path = "tidy/source.rs"]
mod source;

/// Each room and the rooms it may import, itself aside. A room may only name rooms above it in this table, so that there is no
/// way round in a circle. A room that does not exist yet may be here; one that is not here may not exist.
///
/// The one exception is `error`, which every room may use: the crate's error gathers the errors of the rooms, so it names their
/// types. It holds data and does nothing, so nobody comes to depend on a room above him by it.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &["schema", "db", "revision", "ops", "history"]),
    ("schema", &["error"]),
    ("db", &["error"]),
    ("revision", &[]),
    ("sql", &["schema", "error"]),
    ("ops", &["schema", "sql", "db", "error"]),
    ("diff", &["schema", "sql", "ops", "error"]),
    ("dialect", &["schema", "sql", "ops", "db", "diff", "error"]),
    ("history", &["revision", "ops", "sql", "error"]),
    ("lint", &["schema", "ops", "sql", "error"]),
    ("model", &["schema", "error"]),
    (
        "env",
        &["history", "schema", "db", "dialect", "ops", "error"],
    ),
    (
        "autogenerate",
        &[
            "schema", "sql", "db", "revision", "ops", "diff", "dialect", "lint", "env", "error",
        ],
    ),
    (
        "run",
        &[
            "error",
            "schema",
            "db",
            "revision",
            "sql",
            "ops",
            "diff",
            "dialect",
            "history",
            "lint",
            "model",
            "env",
            "autogenerate",
        ],
    ),
    (
        "migrator",
        &[
            "error",
            "schema",
            "db",
            "revision",
            "sql",
            "ops",
            "diff",
            "dialect",
            "history",
            "lint",
            "model",
            "env",
            "autogenerate",
            "run",
        ],
    ),
];

/// Files below a room that are a room of their own.
const INNER_ROOMS: &[(&str, &str)] = &[("run/autogenerate", "autogenerate")];

/// What library code does not do, and why. A text that begins with a letter must not be part of a longer name.
const FORBIDDEN: &[(&[&str], &str)] = &[
    (
        &["print!(", "println!(", "eprint!(", "eprintln!(", "dbg!("],
        "library code does not print: return it, or use tracing",
    ),
    (
        &["process::exit", "process::abort"],
        "library code does not end the process: return an error",
    ),
    (
        &["env::var", "env::vars"],
        "library code does not read the environment: its caller passes settings",
    ),
    (
        &[
            ".unwrap()",
            ".expect(",
            "panic!(",
            "todo!(",
            "unimplemented!(",
            "unreachable!(",
        ],
        "library code does not panic: return an error",
    ),
];

/// A longer file is more than one thing.
const MOST_LINES: usize = 600;

/// Places outside the repository, in pieces so that this file is not a finding itself.
const OUTSIDE: &[&str] = &[concat!("/wo", "rk/"), concat!("../sha", "red")];

#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

#[test]
fn rooms_import_downward_only() {
    verdict(
        library()
            .iter()
            .flat_map(|(path, text)| imports(path, text))
            .collect(),
    );
}

#[test]
fn library_code_neither_prints_nor_exits_nor_panics_nor_reads_the_environment() {
    verdict(
        library()
            .iter()
            .flat_map(|(path, text)| forbidden(path, text))
            .collect(),
    );
}

#[test]
fn files_are_of_a_size_to_read() {
    let sources = files(&repository(), &|path| {
        path.extension().is_some_and(|end| end == "rs")
    });
    let in_src = |path: &str| path.starts_with("src/") || path.contains("/src/");
    verdict(
        sources
            .iter()
            .filter(|(path, _)| in_src(path))
            .flat_map(|(path, text)| too_long(path, text))
            .collect(),
    );
}

#[test]
fn nothing_names_a_place_outside_the_repository() {
    verdict(
        files(&repository(), &|_| true)
            .iter()
            .flat_map(|(path, text)| outside(path, text))
            .collect(),
    );
}

#[track_caller]
fn verdict(findings: Vec<Finding>) {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

// The rules, each on one file.

/// Imports that the table does not allow. `path` is relative to `src`.
fn imports(path: &str, text: &str) -> Vec<Finding> {
    // The front door may show everything.
    if path == "lib.rs" {
        return Vec::new();
    }
    let finding = |line, rule| Finding {
        file: format!("src/{path}"),
        line,
        rule,
    };
    let room = room_of(path);
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![finding(
            1,
            format!(
                "the room `{room}` is not in the table of tests/tidy.rs: say what it may import"
            ),
        )];
    };
    let code = code(text);
    let mut findings = Vec::new();
    for (at, _) in code
        .match_indices("crate::")
        .filter(|(at, _)| starts_a_name(&code, *at))
    {
        for (at, target) in targets(&code, at + "crate::".len()) {
            let line = line_of(&code, at);
            if target != room && !allowed.contains(&target.as_str()) {
                let known = ROOMS.iter().any(|(name, _)| *name == target);
                let hint = if known {
                    ""
                } else {
                    ", which is no room of the table in tests/tidy.rs"
                };
                findings.push(finding(
                    line,
                    format!("`{room}` may not import `{target}`{hint}"),
                ));
            }
        }
    }
    findings
}

/// What library code must not do. `path` is relative to `src`.
fn forbidden(path: &str, text: &str) -> Vec<Finding> {
    let code = code(text);
    let mut findings = Vec::new();
    for (needles, rule) in FORBIDDEN {
        for needle in *needles {
            let begins_with_name = needle.starts_with(|c: char| c.is_alphabetic());
            for (at, _) in code.match_indices(needle) {
                // `env::vars` is found by its own name, not by the beginning that it shares with `env::var`.
                let ends =
                    needle.ends_with(['(', ')']) || !code[at + needle.len()..].starts_with('s');
                if ends && (!begins_with_name || starts_a_name(&code, at)) {
                    let rule = format!("`{needle}`: {rule}");
                    findings.push(Finding {
                        file: format!("src/{path}"),
                        line: line_of(&code, at),
                        rule,
                    });
                }
            }
        }
    }
    findings
}

fn too_long(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    let rule = format!("{lines} lines; a file has at most {MOST_LINES}");
    (lines > MOST_LINES).then(|| Finding {
        file: path.into(),
        line: MOST_LINES + 1,
        rule,
    })
}

fn outside(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(line, text)| {
            OUTSIDE
                .iter()
                .filter(|place| text.contains(**place))
                .map(move |place| (line, place))
        })
        .map(|(line, place)| Finding {
            file: path.into(),
            line: line + 1,
            rule: format!("names a place outside the repository: {place}"),
        })
        .collect()
}

// Which room a path leads to.

/// The room of a file: its first folder, or its name.
fn room_of(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let inner = INNER_ROOMS
        .iter()
        .find(|(place, _)| stem == *place || stem.starts_with(&format!("{place}/")));
    inner.map_or_else(|| stem.split('/').next().unwrap_or(stem), |(_, room)| room)
}

/// The rooms that the path after `crate::` leads to, more than one for a group; each with its place.
fn targets(code: &str, at: usize) -> Vec<(usize, String)> {
    let rest = &code[at..];
    let at = at + (rest.len() - rest.trim_start().len());
    let Some(group) = code[at..].strip_prefix('{') else {
        return target(code, at).into_iter().collect();
    };
    let mut found = Vec::new();
    let (mut depth, mut begin) = (1, at + 1);
    for (offset, c) in group.char_indices() {
        let here = at + 1 + offset;
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            let part = &code[begin..here];
            found.extend(target(code, begin + (part.len() - part.trim_start().len())));
            begin = here + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// The room that the path beginning at `at` leads to.
fn target(code: &str, at: usize) -> Option<(usize, String)> {
    let name = name_at(code, at);
    let rest = &code[at + name.len()..];
    // A macro is exported to the root of its crate, wherever it is written.
    if name.is_empty() || rest.starts_with('!') {
        return None;
    }
    let deeper = rest
        .strip_prefix("::")
        .map(|rest| format!("{name}/{}", name_at(rest, 0)));
    let inner = INNER_ROOMS
        .iter()
        .find(|(place, _)| deeper.as_deref() == Some(*place));
    // What the root re-exports of the errors is as good as the errors' room; everything else is named by its room.
    let room = match name {
        "Error" | "Result" => "error",
        _ => inner.map_or(name, |(_, room)| room),
    };
    Some((at, room.to_owned()))
}

// Finding the files.

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The library's files, relative to `src`. A file named `tests.rs`, or in a folder of that name, is a test module.
fn library() -> Vec<(String, String)> {
    let sources = files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &|path| path.extension().is_some_and(|end| end == "rs"),
    );
    let is_test = |path: &str| {
        path.split('/')
            .any(|part| part == "tests" || part == "tests.rs")
    };
    sources
        .into_iter()
        .filter(|(path, _)| !is_test(path))
        .collect()
}

/// The files below a folder that are of interest, with their texts, in the order of their names; nothing that is built or git's.
fn files(folder: &Path, interesting: &dyn Fn(&Path) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default();
            let kind = fs::symlink_metadata(&path).unwrap();
            if name == ".git" || path.join("CACHEDIR.TAG").exists() || kind.is_symlink() {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if interesting(&path) {
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                found.push((
                    path.strip_prefix(folder)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                    text,
                ));
            }
        }
    }
    found.sort();
    found
}

// The rules can find something.

#[track_caller]
fn found(findings: impl IntoIterator<Item = Finding>, expected: &[&str]) {
    let lines: Vec<String> = findings
        .into_iter()
        .map(|finding| finding.to_string())
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn the_table_leads_downward() {
    for (at, (room, allowed)) in ROOMS
        .iter()
        .enumerate()
        .filter(|(_, (room, _))| *room != "error")
    {
        for target in *allowed {
            assert!(
                ROOMS[..at].iter().any(|(name, _)| name == target),
                "`{room}` imports `{target}`, which is not above it in the table"
            );
        }
    }
}

#[test]
fn an_import_upward_is_found() {
    let upward = "use crate::schema::Table;\nuse crate::ops::Operation;\n";
    found(
        imports("schema/table.rs", upward),
        &["src/schema/table.rs:2: `schema` may not import `ops`"],
    );
    found(imports("ops/add.rs", upward), &[]);
    let inline = "fn f() {\n    crate\n::run::go(); x(crate::run::go)\n}";
    found(
        imports("db.rs", inline),
        &["src/db.rs:3: `db` may not import `run`"],
    );
    found(
        imports("revision.rs", "fn f() -> crate::Result<()> {}"),
        &["src/revision.rs:1: `revision` may not import `error`"],
    );
}

#[test]
fn an_import_in_a_group_is_found() {
    let group = "pub(crate) use crate::{\n    error::{Error, Kind},\n    schema::{self, table::{Table, run}},\n    run,\n};\n";
    found(
        imports("sql.rs", group),
        &["src/sql.rs:4: `sql` may not import `run`"],
    );
    found(
        imports("revision/map.rs", "use crate::{ops, sql::{a, b}};"),
        &[
            "src/revision/map.rs:1: `revision` may not import `ops`",
            "src/revision/map.rs:1: `revision` may not import `sql`",
        ],
    );
}

#[test]
fn an_unknown_room_is_found() {
    let table = "the room `cellar` is not in the table of tests/tidy.rs: say what it may import";
    found(
        imports("cellar.rs", ""),
        &[&format!("src/cellar.rs:1: {table}")],
    );
    found(
        imports("cellar/wine.rs", ""),
        &[&format!("src/cellar/wine.rs:1: {table}")],
    );
    let through_the_front_door =
        "`diff` may not import `Operations`, which is no room of the table in tests/tidy.rs";
    found(
        imports("diff.rs", "use crate::Operations;"),
        &[&format!("src/diff.rs:1: {through_the_front_door}")],
    );
}

#[test]
fn autogenerate_is_a_room_of_its_own() {
    found(
        imports(
            "run.rs",
            "use crate::run::autogenerate::go; use crate::history;",
        ),
        &[],
    );
    found(
        imports("run/autogenerate.rs", "use crate::history;"),
        &["src/run/autogenerate.rs:1: `autogenerate` may not import `history`"],
    );
    found(
        imports("dialect.rs", "use crate::run::{autogenerate::x};"),
        &["src/dialect.rs:1: `dialect` may not import `run`"],
    );
}

#[test]
fn comments_strings_and_tests_are_no_code() {
    let text = r####"
//! let x = y.unwrap();
/* panic!("x) /* .unwrap() */ .unwrap() */
const A: &str = "use crate::run; \" panic!()"; // .unwrap()
const B: &str = r#"dbg!(" ".unwrap())"#;
const C: char = '"';
const D: (char, &'static str) = ('\'', "todo!()");
macro_rules! m { () => { $crate::ops::x!() } }
#[cfg(test)]
use crate::run;
#[cfg(test)]
#[allow(clippy::all)]
mod tests {
    fn f() { if true { crate::run::go().unwrap() } println!("}}") }
}
fn after<'a>(x: &'a str) { crate::run::go() }
"####;
    found(
        imports("schema.rs", text),
        &[
            "src/schema.rs:8: `schema` may not import `ops`",
            "src/schema.rs:16: `schema` may not import `run`",
        ],
    );
    found(forbidden("schema.rs", text), &[]);
}

#[test]
fn what_a_library_must_not_do_is_found() {
    let lines = [
        "println!(\"x\")",
        "eprint!(\"x\")",
        "dbg!(x)",
        "std::process::exit(1)",
        "std::env::var(\"X\")",
        "env::vars()",
        "x.unwrap()",
        "x.expect(\"y\")",
        "panic!()",
        "todo!()",
        "unreachable!()",
        "unimplemented!()",
    ];
    for line in lines {
        let findings = forbidden("db.rs", &format!("fn f() {{\n    {line}\n}}"));
        assert!(
            matches!(&findings[..], [Finding { line: 2, .. }]),
            "{line}: {findings:?}"
        );
    }
    for line in [
        "x.unwrap_or(1)",
        "x.expect_err(1)",
        "my_print!(x)",
        "writeln!(f)",
        "env!(\"X\")",
        "assert!(x)",
    ] {
        found(forbidden("db.rs", line), &[]);
    }
    found(
        forbidden("db.rs", "a\n.unwrap()"),
        &["src/db.rs:2: `.unwrap()`: library code does not panic: return an error"],
    );
}

#[test]
fn a_long_file_is_found() {
    assert_eq!(too_long("a.rs", &"x\n".repeat(MOST_LINES)), None);
    found(
        too_long("a.rs", &"x\n".repeat(MOST_LINES + 1)),
        &["a.rs:601: 601 lines; a file has at most 600"],
    );
}

#[test]
fn a_place_outside_is_found() {
    for place in OUTSIDE {
        let findings = outside("a.md", &format!("see\n{place} there"));
        found(
            findings,
            &[&format!(
                "a.md:2: names a place outside the repository: {place}"
            )],
        );
    }
}
