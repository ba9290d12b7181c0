//! What no valid script may do: be cut at another place than its database would cut it.
//!
//! Each script of the corpus is cut, and its pieces, one by one, must leave the same behind as the whole script in the hands of the
//! database's own client.
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use aludel::sql::split::Flavor::{self, Mysql, Postgres, Sqlite};
use aludel::sql::split::{Token, TokenKind, split, tokens};

#[path = "split/errors.rs"]
mod errors;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#[path = "split/live.rs"]
mod live;
#[path = "split/mysql.rs"]
mod mysql;
#[path = "split/postgres.rs"]
mod postgres;
#[path = "split/random.rs"]
mod random;
#[path = "split/sqlite.rs"]
mod sqlite;
#[path = "split/time.rs"]
mod time;

/// The scripts of a flavor, with `¦` where a statement ends.
fn corpus(flavor: Flavor) -> &'static [&'static str] {
    match flavor {
        Sqlite => sqlite::SCRIPTS,
        Postgres => postgres::SCRIPTS,
        Mysql => mysql::SCRIPTS,
    }
}

const FLAVORS: [Flavor; 3] = [Sqlite, Postgres, Mysql];

/// The statements of a script.
#[track_caller]
fn pieces(script: &str, flavor: Flavor) -> Vec<&str> {
    match split(script, flavor) {
        Ok(pieces) => pieces.iter().map(|piece| piece.text).collect(),
        Err(error) => panic!("{flavor:?}: {error}\nin: {script}"),
    }
}

/// The part of a text from its first to its last token that is not silent.
fn core(text: &str, flavor: Flavor) -> &str {
    let tokens = tokens(text, flavor).unwrap();
    let loud: Vec<&Token> = tokens.iter().filter(|it| !it.kind.is_silent()).collect();
    match (loud.first(), loud.last()) {
        (Some(first), Some(last)) => &text[first.start..last.end],
        _ => "",
    }
}

#[test]
fn scripts_are_cut_where_they_are_marked() {
    for flavor in FLAVORS {
        for script in corpus(flavor) {
            let parts = script.split('¦').map(|part| core(part, flavor));
            let expected: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            let text = script.replace('¦', ";");
            assert_eq!(pieces(&text, flavor), expected, "{flavor:?}: {script}");
            for piece in expected {
                assert_eq!(pieces(piece, flavor), [piece], "{flavor:?}");
            }
        }
    }
    let count: usize = FLAVORS.map(|flavor| corpus(flavor).len()).iter().sum();
    assert!(count + mysql::DELIMITED.len() >= 150, "{count}");
}

#[test]
fn delimiters_are_those_of_the_client() {
    for (script, expected) in mysql::DELIMITED {
        assert_eq!(pieces(script, Mysql), *expected, "{script}");
    }
}
