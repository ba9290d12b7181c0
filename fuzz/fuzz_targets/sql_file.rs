//! Any text as a revision file: its header, and its sections with statements that stand on the lines that they name.
#![no_main]

use aludel::history::{Header, SqlScript, Syntax};
use aludel::sql::split::Flavor;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for syntax in [Syntax::Sql, Syntax::Rust] {
        if let Ok(header) = Header::parse(text, syntax)
            && let Ok(written) = header.write(syntax)
        {
            assert_eq!(Header::parse(&written, syntax).as_ref(), Ok(&header));
        }
    }
    let script = SqlScript::new(text.to_owned());
    for flavor in [Flavor::Sqlite, Flavor::Postgres, Flavor::Mysql] {
        let Ok(body) = script.body(flavor) else {
            continue;
        };
        let down = body.down.iter().flat_map(|down| &down.statements);
        for statement in body.up.statements.iter().chain(down) {
            let behind: Vec<&str> = text.split('\n').skip(statement.line - 1).collect();
            let first = statement.text.split('\n').next().unwrap_or_default();
            assert!(behind[0].contains(first), "{flavor:?}: {statement:?}");
        }
    }
});
