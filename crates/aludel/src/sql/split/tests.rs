//! What ends a statement, and what does not.

use proptest::prelude::*;

use super::Flavor::{Mysql, Postgres, Sqlite};
use super::*;

fn texts(text: &str, flavor: Flavor) -> Vec<&str> {
    split(text, flavor)
        .unwrap()
        .into_iter()
        .map(|piece| piece.text)
        .collect()
}

fn whole(text: &str, flavor: Flavor) {
    assert_eq!(
        texts(&format!("{text};\nSELECT 2;"), flavor),
        [text, "SELECT 2"],
        "{flavor:?}"
    );
    assert_eq!(texts(text, flavor), [text], "{flavor:?}");
}

#[test]
fn pieces_know_their_lines_and_drop_comments() {
    let text = "-- first\nSELECT 1; /* ; */ -- ;\n\n;; -- none\n  SELECT\n 2 -- last\n";
    let pieces = split(text, Sqlite).unwrap();
    let expected = [
        Piece {
            text: "SELECT 1",
            line: 2,
        },
        Piece {
            text: "SELECT\n 2",
            line: 5,
        },
    ];
    assert_eq!(pieces, expected);
    assert!(texts("-- nothing\n/* at all */ ;", Postgres).is_empty());
    assert_eq!(
        texts("\u{feff}SELECT 1;\r\nSELECT 2", Mysql),
        ["SELECT 1", "SELECT 2"]
    );
}

#[test]
fn quotes_hide_semicolons() {
    for flavor in [Sqlite, Postgres, Mysql] {
        whole("SELECT 'a;''b;'", flavor);
        whole("SELECT \"a;\"\";\"", flavor);
    }
    whole("SELECT `a;``;`", Sqlite);
    whole("SELECT `a;``;`", Mysql);
    whole("SELECT [a;b]", Sqlite);
    whole(r"SELECT 'it\';s'", Mysql);
    whole(r#"SELECT "it\";s""#, Mysql);
    whole(r"SELECT E'it\';s', 1", Postgres);
    // Without the E, a backslash is a character like any other.
    assert_eq!(
        texts(r"SELECT 'a\'; SELECT 2", Postgres),
        [r"SELECT 'a\'", "SELECT 2"]
    );
    assert_eq!(
        texts(r"SELECT 'a\'; SELECT 2", Sqlite),
        [r"SELECT 'a\'", "SELECT 2"]
    );
}

#[test]
fn comments_hide_semicolons() {
    whole("SELECT /* a; /* b; */ c; */ 1", Postgres);
    assert_eq!(
        texts("SELECT /* /* ; */ 1; SELECT 2", Sqlite),
        ["SELECT /* /* ; */ 1", "SELECT 2"]
    );
    whole("SELECT 1 # a;\n + 1", Mysql);
    whole("SELECT 5--2", Mysql);
    assert_eq!(
        texts("SELECT 1 --;\n; SELECT 2", Postgres),
        ["SELECT 1", "SELECT 2"]
    );
    // MySQL executes this one.
    assert_eq!(
        texts("/*!50000 SELECT 1; */;", Mysql),
        ["/*!50000 SELECT 1; */"]
    );
    assert!(texts("/*!50000 SELECT 1; */;", Postgres).is_empty());
}

#[test]
fn dollar_quotes_hide_semicolons() {
    whole("DO $$ BEGIN; END $$", Postgres);
    whole("DO $a$ ; $$ ; $b$ ; $a$", Postgres);
    whole("SELECT a$b$c, $1, 2", Postgres);
    assert_eq!(
        texts("SELECT $1; SELECT $2", Postgres),
        ["SELECT $1", "SELECT $2"]
    );
}

#[test]
fn bodies_hide_semicolons() {
    whole(
        "CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC\n\
         SELECT CASE WHEN a > 1 THEN 1 END; SELECT 2;\nEND",
        Postgres,
    );
    whole(
        "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b)",
        Postgres,
    );
    whole(
        "CREATE TEMP TRIGGER t AFTER UPDATE ON a WHEN CASE WHEN new.end THEN 1 END BEGIN\n\
         UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM c; END",
        Sqlite,
    );
    whole(
        "CREATE DEFINER = 'a'@'b' PROCEDURE p()\nl: BEGIN\n\
         IF a THEN SELECT IF(1, 2, 3); ELSEIF b THEN SELECT 1; END IF;\n\
         CASE a WHEN 1 THEN SELECT CASE 1 WHEN 1 THEN 2 END; END CASE;\n\
         WHILE a DO SELECT REPEAT('a', 2); END WHILE; x: LOOP LEAVE x; END LOOP;\n\
         REPEAT SELECT 1; UNTIL a END REPEAT;\nEND l",
        Mysql,
    );
    whole(
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF new.a THEN SET new.b = 1; END IF",
        Mysql,
    );
    whole(
        "CREATE PROCEDURE p(a int) IF a THEN SELECT 1; END IF",
        Mysql,
    );
    whole(
        "CREATE TRIGGER IF NOT EXISTS t BEFORE INSERT ON a FOR EACH ROW SET new.b = 1",
        Mysql,
    );
    whole(
        "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN IF(1, 2, 3)",
        Mysql,
    );
    whole("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END", Mysql);
}

#[test]
fn transactions_and_tables_are_no_bodies() {
    for flavor in [Sqlite, Postgres, Mysql] {
        assert_eq!(
            texts("BEGIN; SELECT 1; END; COMMIT", flavor),
            ["BEGIN", "SELECT 1", "END", "COMMIT"]
        );
        let text = "CREATE TABLE t (a int, begin int); CREATE VIEW v AS SELECT 1";
        assert_eq!(texts(text, flavor).len(), 2);
    }
    assert_eq!(texts("DROP TRIGGER t; SELECT 1", Sqlite).len(), 2);
    let text = "CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f(); SELECT 1";
    assert_eq!(texts(text, Postgres).len(), 2);
}

#[test]
fn delimiters_are_obeyed() {
    let text = "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nSELECT 2 //\ndelimiter ;\n\
                SELECT 3; SELECT 4";
    let pieces = split(text, Mysql).unwrap();
    let lines: Vec<(usize, &str)> = pieces
        .iter()
        .map(|piece| (piece.line, piece.text))
        .collect();
    let first = (2, "CREATE PROCEDURE p() BEGIN SELECT 1; END");
    assert_eq!(
        lines,
        [first, (3, "SELECT 2"), (5, "SELECT 3"), (5, "SELECT 4")]
    );
    assert_eq!(texts("SELECT delimiter FROM a; SELECT 1", Mysql).len(), 2);
}

#[test]
fn errors_name_the_line() {
    let line = |text: &str, flavor| split(text, flavor).unwrap_err().to_string();
    assert_eq!(
        line("SELECT 1;\nSELECT 'a", Sqlite),
        "line 2: string is never closed"
    );
    assert_eq!(line("\n\n/* a", Sqlite), "line 3: comment is never closed");
    assert_eq!(
        line("/* /* */", Postgres),
        "line 1: comment is never closed"
    );
    assert_eq!(
        line("SELECT $a$ $b$", Postgres),
        "line 1: dollar quote is never closed"
    );
    assert_eq!(
        line("SELECT \"a", Postgres),
        "line 1: quoted name is never closed"
    );
    assert_eq!(
        line("\nCREATE TRIGGER t\nBEGIN SELECT 1;", Sqlite),
        "line 3: body is never closed"
    );
    let copy = "line 2: `\\copy` is a command of the psql client, not SQL";
    assert_eq!(line("SELECT 1;\n\\copy a from b", Postgres), copy);
    assert_eq!(
        line(".read a.sql", Sqlite),
        "line 1: `.read` is a command of the sqlite3 client, not SQL"
    );
    let copy = "SELECT 1;\nCOPY a FROM stdin;\n1\n\\.";
    assert!(line(copy, Postgres).starts_with("line 2: COPY FROM STDIN"));
}

fn flavors() -> impl Strategy<Value = Flavor> {
    prop_oneof![Just(Sqlite), Just(Postgres), Just(Mysql)]
}

fn snippets() -> impl Strategy<Value = String> {
    let special = vec![
        "'",
        "\"",
        "`",
        "[",
        "]",
        ";",
        "--",
        "/*",
        "*/",
        "$$",
        "$a$",
        "\\",
        "E'",
        "#",
        "CREATE ",
        "TRIGGER ",
        "FUNCTION ",
        "BEGIN ",
        "END",
        " CASE ",
        "IF ",
        "DELIMITER //\n",
        "//",
        "\n",
        "(",
        ")",
        "ATOMIC ",
        ".",
    ];
    let part = prop_oneof![
        "[ -~\n]{0,4}",
        "\\PC{0,3}",
        proptest::sample::select(special).prop_map(str::to_owned),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn tokens_are_the_text(text in snippets(), flavor in flavors()) {
        if let Ok(tokens) = tokens(&text, flavor) {
            let joined: String = tokens.iter().map(|token| token.text(&text)).collect();
            prop_assert_eq!(&joined, &text);
            for token in tokens {
                prop_assert!(token.start < token.end);
                prop_assert_eq!(token.line, text[..token.start].matches('\n').count() + 1);
            }
        }
    }

    #[test]
    fn pieces_are_parts_of_the_text_in_order(text in snippets(), flavor in flavors()) {
        if let Ok(pieces) = split(&text, flavor) {
            let mut at = 0;
            for piece in pieces {
                let found = text[at..].find(piece.text);
                prop_assert!(found.is_some());
                at += found.unwrap() + piece.text.len();
                prop_assert!(!piece.text.is_empty());
                prop_assert_eq!(piece.text, piece.text.trim_ascii());
                prop_assert!(piece.line <= text.matches('\n').count() + 1);
            }
        }
    }

    #[test]
    fn plain_statements_come_apart_as_they_were_put_together(
        parts in proptest::collection::vec("SELECT( ('[^'\\\\\0]{0,6}'|[a-z0-9]{1,4})){0,3}", 0..6),
        flavor in flavors(),
    ) {
        let text = parts.join(";\n");
        prop_assert_eq!(texts(&text, flavor), parts);
    }
}
